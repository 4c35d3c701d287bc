//! What the serialization and deserialization steps of platform objects write to and read from.

use std::fmt;

use super::error::CloneError;
use super::message::SharedData;
use super::units::CodeUnits;
use super::wire::{Reader, Writer};

/// Where the serialization steps of a platform object write its state, in an order of their own.
pub struct StateWriter<'a, V> {
    pub(super) writer: &'a mut Writer,
    pub(super) shared: &'a mut Vec<SharedData>,
    pub(super) sub_values: &'a mut Vec<V>,
    pub(super) for_storage: bool,
}

impl<V> StateWriter<'_, V> {
    /// Whether the value is to be stored (StructuredSerializeForStorage).
    #[must_use]
    pub fn for_storage(&self) -> bool {
        self.for_storage
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: u64) {
        self.writer.varint(value);
    }

    /// Writes a number.
    pub fn number(&mut self, value: f64) {
        self.writer.float(value);
    }

    /// Writes a string.
    pub fn string(&mut self, units: CodeUnits<'_>) -> Result<(), CloneError> {
        self.writer.string(units)
    }

    /// Writes an ASCII string.
    pub fn text(&mut self, text: &str) -> Result<(), CloneError> {
        debug_assert!(text.is_ascii());
        self.writer.string(CodeUnits::Latin1(text.as_bytes()))
    }

    /// Writes bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), CloneError> {
        self.writer.blob(bytes)
    }

    /// Adds something that travels beside the bytes, and may be received any number of times.
    pub fn shared(&mut self, shared: SharedData) {
        self.writer.varint(self.shared.len() as u64);
        self.shared.push(shared);
    }

    /// Sub-serializes `value`: it is serialized once the steps are done, in the order of these
    /// calls, and given back by [`Heap::sub_deserialized`](super::Heap::sub_deserialized).
    pub fn sub_serialize(&mut self, value: V) {
        self.sub_values.push(value);
    }
}

/// Where the deserialization steps of a platform object read what was written to [`StateWriter`].
pub struct StateReader<'a, 'm> {
    pub(super) reader: &'a mut Reader<'m>,
    pub(super) shared: &'m [SharedData],
    pub(super) buffer: &'a mut Vec<u16>,
}

impl<'m> StateReader<'_, 'm> {
    /// Reads an integer.
    pub fn integer(&mut self) -> Result<u64, CloneError> {
        self.reader.varint()
    }

    /// Reads a number.
    pub fn number(&mut self) -> Result<f64, CloneError> {
        self.reader.float()
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<CodeUnits<'_>, CloneError> {
        self.reader.string(self.buffer)
    }

    /// Reads bytes.
    pub fn bytes(&mut self) -> Result<&'m [u8], CloneError> {
        self.reader.blob()
    }

    /// Reads a reference to what travels beside the bytes.
    pub fn shared(&mut self) -> Result<&'m SharedData, CloneError> {
        let number = self.reader.varint()?;
        usize::try_from(number)
            .ok()
            .and_then(|number| self.shared.get(number))
            .ok_or_else(|| {
                self.reader
                    .malformed("something that came with the message expected")
            })
    }

    /// The error for steps that do not understand what they read.
    #[must_use]
    pub fn malformed(&self, what: &'static str) -> CloneError {
        self.reader.malformed(what)
    }
}

impl<V> fmt::Debug for StateWriter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateWriter")
            .field("bytes", &self.writer.bytes.len())
            .field("shared", &self.shared.len())
            .field("sub_values", &self.sub_values.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StateReader<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateReader")
            .field("left", &self.reader.left())
            .finish_non_exhaustive()
    }
}
