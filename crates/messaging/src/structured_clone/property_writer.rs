//! Writes properties, for heaps that run no script.

use std::fmt;
use std::hash::Hash;

use super::bigint::BigInt;
use super::error::CloneError;
use super::memory::{Keys, Known, Shapes};
use super::units::CodeUnits;
use super::wire::{Writer, tags};

/// Writes the properties of one object: a key, its value, the next key, and so on.
///
/// Two common kinds of objects have shorter forms. Before its first property, a plain object may
/// write its [`shape`](Self::shape), and an Array its [`elements`](Self::elements).
pub struct PropertyWriter<'a, K, S> {
    pub(super) writer: &'a mut Writer,
    pub(super) names: &'a mut Keys<K>,
    pub(super) shapes: &'a mut Shapes<S>,
    pub(super) form: &'a mut Form,
    // How many objects have a number, and the limit.
    pub(super) count: &'a mut usize,
    pub(super) limit: usize,
}

/// The form in which the properties of an object are written. A heap gets it from
/// [`PropertyWriter::leaf`] and gives it to [`PropertyWriter::within`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Form {
    /// A plain object of which nothing is written yet.
    Object,
    /// An Array of this length of which nothing is written yet.
    Array(u32),
    /// Each property with its key. The next index needs no key.
    Keyed {
        /// The index after the last one.
        next_index: u32,
    },
    /// Only values: the keys are written, or are indices.
    Values,
}

impl Form {
    /// Begins the general form, unless another form has begun.
    #[inline]
    pub(super) fn open(&mut self, writer: &mut Writer) {
        match *self {
            Self::Object => writer.byte(tags::OBJECT),
            Self::Array(length) => {
                writer.byte(tags::ARRAY);
                writer.varint(u64::from(length));
            }
            Self::Keyed { .. } | Self::Values => return,
        }
        *self = Self::Keyed { next_index: 0 };
    }
}

impl<K: Clone + Eq + Hash, S: Clone + AsRef<[K]>> PropertyWriter<'_, K, S> {
    /// Begins a plain object with exactly these property names, in this order. All their values
    /// follow. `units` returns the code units of a name.
    #[inline]
    pub fn shape(&mut self, shape: &S, units: fn(&K) -> CodeUnits<'_>) -> Result<(), CloneError> {
        if !matches!(self.form, Form::Object) {
            return Ok(());
        }
        if let Some(number) = self.shapes.expected(shape) {
            self.writer.byte(tags::SHAPED);
            self.writer.varint(u64::from(number));
            *self.form = Form::Values;
            return Ok(());
        }
        self.look_up_shape(shape, units)
    }

    fn look_up_shape(
        &mut self,
        shape: &S,
        units: fn(&K) -> CodeUnits<'_>,
    ) -> Result<(), CloneError> {
        let names = shape.as_ref();
        match self.shapes.look_up(shape, self.names) {
            Known::Yes(number) => {
                self.writer.byte(tags::SHAPED);
                self.writer.varint(u64::from(number));
            }
            Known::No if self.shapes.has_room_for(names.len()) => {
                self.writer.byte(tags::NEW_SHAPE);
                self.writer.varint(names.len() as u64);
                for name in names {
                    self.key(name, units)?;
                }
                self.shapes.insert(shape, self.names);
            }
            Known::No => return Ok(()),
        }
        *self.form = Form::Values;
        Ok(())
    }

    /// Begins an Array of this length without holes and further properties. All its values follow.
    #[inline]
    pub fn elements(&mut self, length: u32) {
        if matches!(*self.form, Form::Array(own) if own == length) {
            self.writer.byte(tags::LIST);
            self.writer.varint(u64::from(length));
            *self.form = Form::Values;
        }
    }

    /// Begins a value that is a plain object, or an Array of this length, with primitives only and
    /// with no other reference to it. Write its properties to [`within`](Self::within), then call
    /// [`end`](Self::end) there.
    #[inline]
    pub fn leaf(&mut self, length: Option<u32>) -> Result<Form, CloneError> {
        if *self.count >= self.limit {
            return Err(CloneError::TooManyObjects { limit: self.limit });
        }
        *self.count += 1;
        Ok(length.map_or(Form::Object, Form::Array))
    }

    /// The writer for the properties of a [`leaf`](Self::leaf).
    #[inline]
    pub fn within<'b>(&'b mut self, leaf: &'b mut Form) -> PropertyWriter<'b, K, S> {
        PropertyWriter {
            writer: self.writer,
            names: self.names,
            shapes: self.shapes,
            form: leaf,
            count: self.count,
            limit: self.limit,
        }
    }

    /// Ends a [`leaf`](Self::leaf).
    #[inline]
    pub fn end(&mut self) {
        self.form.open(self.writer);
        if let Form::Keyed { .. } = self.form {
            self.writer.byte(tags::END);
        }
    }

    /// Whether keys have to be written: not after a shape or elements.
    #[inline]
    pub fn wants_keys(&self) -> bool {
        !matches!(self.form, Form::Values)
    }

    /// Writes a key that is an array index.
    #[inline]
    pub fn index(&mut self, index: u32) {
        if let Form::Values = self.form {
            return;
        }
        self.form.open(self.writer);
        if let Form::Keyed { next_index } = self.form {
            if index != *next_index {
                self.writer.byte(tags::INDEX);
                self.writer.varint(u64::from(index));
            }
            *next_index = index.saturating_add(1);
        }
    }

    /// Writes a key that is a name. `units` returns its code units, if they are needed.
    #[inline]
    pub fn name<'k>(
        &mut self,
        name: &'k K,
        units: impl FnOnce(&'k K) -> CodeUnits<'k>,
    ) -> Result<(), CloneError> {
        if let Form::Values = self.form {
            return Ok(());
        }
        self.form.open(self.writer);
        self.key(name, units)
    }

    #[inline]
    fn key<'k>(
        &mut self,
        name: &'k K,
        units: impl FnOnce(&'k K) -> CodeUnits<'k>,
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

    /// Writes `undefined`.
    #[inline]
    pub fn undefined(&mut self) {
        self.writer.byte(tags::UNDEFINED);
    }

    /// Writes `null`.
    #[inline]
    pub fn null(&mut self) {
        self.writer.byte(tags::NULL);
    }

    /// Writes a boolean.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.writer
            .byte(if value { tags::TRUE } else { tags::FALSE });
    }

    /// Writes a number.
    #[inline]
    pub fn number(&mut self, value: f64) {
        self.writer.number(value);
    }

    /// Writes a BigInt.
    pub fn big_int(&mut self, value: &BigInt) -> Result<(), CloneError> {
        self.writer.byte(tags::BIG_INT);
        self.writer.big_int(value)
    }

    /// Writes a short string: the first `length` of these bytes.
    #[inline]
    pub(crate) fn short_latin1<const N: usize>(&mut self, bytes: &[u8; N], length: u8) {
        self.writer.short_latin1(bytes, length);
    }

    /// Writes a string.
    #[inline]
    pub fn string(&mut self, value: CodeUnits<'_>) -> Result<(), CloneError> {
        self.writer.string(value)
    }
}

impl<K, S> fmt::Debug for PropertyWriter<'_, K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PropertyWriter")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
