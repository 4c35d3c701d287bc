//! Reads the values of objects with known keys, for heaps that create such objects themselves.

use std::fmt;

use super::bigint::BigInt;
use super::error::CloneError;
use super::units::CodeUnits;
use super::wire::{Reader, tags};

/// Reads the primitive values of one object, up to the first value that is an object.
pub struct ValueReader<'a, 'm> {
    // OPTIMIZATION: a copy of the deserializer's reader, which can stay in registers.
    pub(super) reader: Reader<'m>,
    // For strings that are not Latin-1.
    pub(super) buffer: &'a mut Vec<u16>,
    // How many values of the object are left.
    pub(super) left: usize,
}

/// A primitive value.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive<'a> {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A BigInt.
    BigInt(BigInt),
    /// A string.
    String(CodeUnits<'a>),
}

impl ValueReader<'_, '_> {
    /// Reads the next value; `None` if it is an object, or if no value is left.
    ///
    /// Return an error from [`Heap::fill`](super::Heap::fill).
    #[inline(always)]
    pub fn next_primitive(&mut self) -> Result<Option<Primitive<'_>>, CloneError> {
        if self.left == 0 {
            return Ok(None);
        }
        let start = self.reader;
        let tag = self.reader.byte()?;
        let primitive = match tag {
            tags::SHORT_INTEGER.. => Primitive::Number(f64::from(tag - tags::SHORT_INTEGER)),
            tags::SHORT_LATIN1..tags::SHORT_INTEGER => {
                let length = tag - tags::SHORT_LATIN1;
                Primitive::String(CodeUnits::Latin1(self.reader.short(length)?))
            }
            tags::INTEGER => Primitive::Number(f64::from(self.reader.integer()?)),
            tags::NUMBER => Primitive::Number(self.reader.float()?),
            tags::LIST | tags::SHAPED => {
                self.reader = start;
                return Ok(None);
            }
            tags::UNDEFINED => Primitive::Undefined,
            tags::NULL => Primitive::Null,
            tags::FALSE => Primitive::Boolean(false),
            tags::TRUE => Primitive::Boolean(true),
            tags::LATIN1 | tags::UTF16 => {
                self.left -= 1;
                let mut reader = self.reader;
                let string = reader.string_after(tag, self.buffer)?;
                self.reader = reader;
                return Ok(string.map(Primitive::String));
            }
            tags::BIG_INT => {
                let mut reader = self.reader;
                let value = reader.big_int()?;
                self.reader = reader;
                Primitive::BigInt(value)
            }
            _ => {
                self.reader = start;
                return Ok(None);
            }
        };
        self.left -= 1;
        Ok(Some(primitive))
    }
}

impl fmt::Debug for ValueReader<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueReader")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
