//! The state of platform objects in messages: a writer and a reader.

use std::fmt;

use super::error::CloneError;
use super::message::SharedData;
use super::units::CodeUnits;
use super::wire::{Reader, Writer};

/// Writes the state of a platform object, for its serialization steps.
pub struct StateWriter<'a, V> {
    pub(super) writer: &'a mut Writer,
    pub(super) shared: &'a mut Vec<SharedData>,
    pub(super) sub_values: &'a mut Vec<V>,
    pub(super) for_storage: bool,
}

impl<V> StateWriter<'_, V> {
    /// Whether the value is serialized for storage (StructuredSerializeForStorage).
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

    /// Adds shared data, which is beside the bytes and can be received any number of times.
    pub fn shared(&mut self, shared: SharedData) {
        self.writer.varint(self.shared.len() as u64);
        self.shared.push(shared);
    }

    /// Sub-serializes `value`. Sub-values are serialized after the steps, in the order of these
    /// calls; [`Heap::sub_deserialized`](super::Heap::sub_deserialized) receives them.
    pub fn sub_serialize(&mut self, value: V) {
        self.sub_values.push(value);
    }
}

/// Reads the state that a [`StateWriter`] wrote, for the deserialization steps.
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

    /// Reads a reference to shared data.
    pub fn shared(&mut self) -> Result<&'m SharedData, CloneError> {
        let number = self.reader.varint()?;
        usize::try_from(number)
            .ok()
            .and_then(|number| self.shared.get(number))
            .ok_or_else(|| self.reader.malformed("shared data expected"))
    }

    /// The error for a state that the steps cannot read.
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
