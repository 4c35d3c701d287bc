//! Where a heap that runs no script writes properties itself.

use std::hash::Hash;

use super::bigint::BigInt;
use super::error::CloneError;
use super::memory::{Keys, Known};
use super::units::Units;
use super::wire::{Writer, tags};

/// Takes the properties of one object: a key, then its value, then the next key.
pub struct PropertyOut<'a, K> {
    pub(super) writer: &'a mut Writer,
    pub(super) names: &'a mut Keys<K>,
    pub(super) next_index: &'a mut u32,
}

impl<K: Clone + Eq + Hash> PropertyOut<'_, K> {
    /// A key that is an array index.
    #[inline]
    pub fn index(&mut self, index: u32) {
        if index != *self.next_index {
            self.writer.byte(tags::INDEX);
            self.writer.varint(u64::from(index));
        }
        *self.next_index = index.saturating_add(1);
    }

    /// A key that is a name; `units` gives its code units, if they are needed.
    #[inline]
    pub fn name<'k>(
        &mut self,
        name: &'k K,
        units: impl FnOnce(&'k K) -> Units<'k>,
    ) -> Result<(), CloneError> {
        match self.names.number(name) {
            Known::Yes(number) => self.writer.key(number),
            Known::No => {
                self.writer.byte(tags::NEW_KEY);
                self.writer.string(units(name))?;
            }
        }
        Ok(())
    }

    /// The value `undefined`.
    #[inline]
    pub fn undefined(&mut self) {
        self.writer.byte(tags::UNDEFINED);
    }

    /// The value `null`.
    #[inline]
    pub fn null(&mut self) {
        self.writer.byte(tags::NULL);
    }

    /// A boolean.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.writer
            .byte(if value { tags::TRUE } else { tags::FALSE });
    }

    /// A number.
    #[inline]
    pub fn number(&mut self, value: f64) {
        self.writer.number(value);
    }

    /// A BigInt.
    pub fn big_int(&mut self, value: &BigInt) -> Result<(), CloneError> {
        self.writer.byte(tags::BIG_INT);
        self.writer.big_int(value)
    }

    /// A string.
    #[inline]
    pub fn string(&mut self, value: Units<'_>) -> Result<(), CloneError> {
        self.writer.string(value)
    }
}
