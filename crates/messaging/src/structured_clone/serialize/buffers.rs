//! Buffers and their views.

use super::{Met, Result, Serializer};
use crate::structured_clone::class::{Class, ViewInfo};
use crate::structured_clone::error::{CloneError, Failure};
use crate::structured_clone::heap::{Heap, Transferability};
use crate::structured_clone::wire::tags;

impl<H: Heap> Serializer<'_, H> {
    /// Step 13: a buffer.
    pub(super) fn buffer(&mut self, new: &Met<'_, H::Object>, class: &Class<H>) -> Result<(), H> {
        let info = match class {
            Class::ArrayBuffer(info) => info,
            // 13.1. Shared memory.
            Class::SharedArrayBuffer => return self.shared_buffer(new),
            // Only a wrong heap gives a view something else than a buffer.
            _ => return Err(CloneError::OutOfBoundsView.into()),
        };
        // 13.2.1. A detached buffer throws.
        if info.detached {
            return Err(CloneError::DetachedBuffer.into());
        }
        // 13.2.2. and 13.2.3. There has to be room for its bytes.
        self.writer.check(info.byte_length)?;
        // 13.2.5. A resizable buffer has a maximum.
        if let Some(max_byte_length) = info.max_byte_length {
            self.begin(new, tags::RESIZABLE_ARRAY_BUFFER)?
                .varint(max_byte_length);
        } else {
            // 13.2.6. Any other has none.
            self.begin(new, tags::ARRAY_BUFFER)?;
        }
        // 13.2.4. Copy the bytes.
        self.writer.varint(info.byte_length);
        let before = self.writer.bytes.len() as u64;
        self.heap
            .array_buffer_bytes(new.object, &mut self.writer.bytes)
            .map_err(Failure::Heap)?;
        if self.writer.bytes.len() as u64 - before != info.byte_length {
            return Err(CloneError::DetachedBuffer.into());
        }
        Ok(())
    }

    /// Step 13.1: shared memory.
    fn shared_buffer(&mut self, new: &Met<'_, H::Object>) -> Result<(), H> {
        // 13.1.1. The current realm has to be cross-origin isolated.
        let Some(agent_cluster) = self.heap.current_agent_cluster() else {
            return Err(CloneError::SharedMemoryNotAllowed.into());
        };
        // 13.1.2. Shared memory cannot be stored.
        if self.for_storage {
            return Err(CloneError::SharedMemoryInStorage.into());
        }
        // 13.1.3. and 13.1.4. Share the memory, which knows whether it can grow.
        let memory = self.heap.shared_memory(new.object).map_err(Failure::Heap)?;
        let number = self.shared.len() as u64;
        self.begin(new, tags::SHARED_ARRAY_BUFFER)?.varint(number);
        self.shared.push(memory);
        self.agent_cluster = Some(agent_cluster);
        Ok(())
    }

    /// Step 14: a view.
    // IMPLEMENTATION-DEFINED: what the view is (14.5. and 14.6.) is written before its buffer.
    pub(super) fn view(
        &mut self,
        new: &Met<'_, H::Object>,
        view: &ViewInfo<H::Object>,
    ) -> Result<(), H> {
        // 14.1. A view out of bounds throws.
        if view.out_of_bounds {
            return Err(match self.heap.transferability(&view.buffer) {
                Transferability::ArrayBuffer { detached: true } => CloneError::DetachedBuffer,
                _ => CloneError::OutOfBoundsView,
            }
            .into());
        }
        // 14.5. A DataView. 14.6. A typed array.
        self.writer.byte(tags::VIEW);
        self.writer.byte(view.kind as u8);
        self.writer.varint(view.byte_offset);
        // 0 tracks the buffer's length.
        self.writer
            .varint(view.length.map_or(0, |length| length.saturating_add(1)));
        // 14.2. Take the buffer.
        // 14.3. Serialize it.
        let shared = self.heap.may_be_shared(&view.buffer);
        if !shared || !self.reference(&view.buffer) {
            let class = self.heap.class(&view.buffer).map_err(Failure::Heap)?;
            let object = &view.buffer;
            // 14.4. It is a buffer, or `buffer` throws.
            self.buffer(&Met { object, shared }, &class)?;
        }
        // The buffer has the lower number, because a reader creates it first.
        self.remember(new)
    }
}
