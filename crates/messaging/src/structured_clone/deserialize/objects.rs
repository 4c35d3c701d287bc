//! Errors and platform objects.

use super::{Deserializer, Frame, Result};
use crate::structured_clone::class::{NativeErrorKind, NewObject};
use crate::structured_clone::heap::Heap;
use crate::structured_clone::platform::StateReader;

impl<H: Heap> Deserializer<'_, '_, H> {
    /// Step 21: an error.
    pub(super) fn error(&mut self) -> Result<Option<H::Value>, H> {
        // 21.1. to 21.7. The name says which prototype it has.
        let kind = usize::from(self.reader.byte()?);
        let parts = self.reader.byte()?;
        let Some(&kind) = NativeErrorKind::ALL.get(kind).filter(|_| parts < 8) else {
            return Err(self.reader.malformed("an error expected").into());
        };
        // 21.8. and 21.10. The message, if there is one.
        let message = if parts & 1 != 0 {
            Some(self.string()?)
        } else {
            None
        };
        // 21.12. The stack.
        let stack = if parts & 2 != 0 {
            Some(self.string()?)
        } else {
            None
        };
        // 21.9. and 21.11. Create it, with its message.
        let object = self.create(NewObject::Error {
            kind,
            message,
            stack,
        })?;
        // 21.13. The accompanying data, if there is any.
        if parts & 4 == 0 {
            return self.object_value(object).map(Some);
        }
        self.frames.push(Frame::Cause(object));
        Ok(None)
    }

    /// Steps 22 and 24.4: a platform object.
    pub(super) fn platform_object(&mut self) -> Result<Option<H::Value>, H> {
        // 22.1. Read the name of the interface.
        let interface = self.reader.blob()?;
        let Ok(interface) = std::str::from_utf8(interface) else {
            return Err(self
                .reader
                .malformed("the name of an interface expected")
                .into());
        };
        let mut reader = self.reader.part()?;
        // 22.2. The heap refuses an interface that is not exposed.
        // 22.3. and 24.4.1. Otherwise it creates the object and performs the deserialization steps.
        let object = self.heap.deserialization_steps(
            interface,
            self.realm,
            &mut StateReader {
                reader: &mut reader,
                shared: self.shared,
                buffer: &mut self.buffer,
            },
        )?;
        if !reader.is_at_end() {
            return Err(reader
                .malformed("the end of the object's state expected")
                .into());
        }
        let object = self.remember(object)?;
        self.frames.push(Frame::Platform(object));
        Ok(None)
    }
}
