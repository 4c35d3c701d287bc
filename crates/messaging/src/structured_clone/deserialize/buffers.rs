//! Buffers and their views.

use super::{Deserializer, Result};
use crate::structured_clone::class::{Class, NewObject, ViewInfo, ViewKind};
use crate::structured_clone::error::{CloneError, Failure};
use crate::structured_clone::heap::Heap;
use crate::structured_clone::wire::tags;

impl<H: Heap> Deserializer<'_, '_, H> {
    /// Reads the buffer that begins with `tag` (steps 12 to 15).
    pub(super) fn buffer(&mut self, tag: u8) -> Result<H::Object, H> {
        match tag {
            // 2. A buffer in memory, of a view.
            tags::REFERENCE => self.referenced(),
            // 14. An ArrayBuffer.
            tags::ARRAY_BUFFER => {
                let bytes = self.reader.blob()?;
                self.create(NewObject::ArrayBuffer {
                    bytes,
                    max_byte_length: None,
                })
            }
            // 15. A resizable ArrayBuffer.
            tags::RESIZABLE_ARRAY_BUFFER => {
                let max_byte_length = self.reader.varint()?;
                let bytes = self.reader.blob()?;
                if max_byte_length < bytes.len() as u64 {
                    return Err(self.reader.malformed("a larger maximum expected").into());
                }
                self.create(NewObject::ArrayBuffer {
                    bytes,
                    max_byte_length: Some(max_byte_length),
                })
            }
            // 12. A SharedArrayBuffer. 13. One that can grow.
            tags::SHARED_ARRAY_BUFFER => {
                let number = self.reader.varint32()? as usize;
                let Some(memory) = self.shared.get(number) else {
                    return Err(self.reader.malformed("shared memory expected").into());
                };
                // 12.1. and 13.1. Memory is shared only within an agent cluster.
                let here = self.heap.agent_cluster_of(self.realm);
                if here.is_none() || here != self.agent_cluster {
                    return Err(CloneError::OtherAgentCluster.into());
                }
                // 12.2. and 13.2. Create the object over the same memory.
                self.create(NewObject::SharedArrayBuffer(memory.clone()))
            }
            _ => Err(self.reader.malformed("a value expected").into()),
        }
    }

    /// Step 16: a view.
    pub(super) fn view<'a>(&mut self) -> Result<NewObject<'a, H>, H> {
        let kind = usize::from(self.reader.byte()?);
        let Some(&kind) = ViewKind::ALL.get(kind) else {
            return Err(self.reader.malformed("the kind of a view expected").into());
        };
        let byte_offset = self.reader.varint()?;
        let length = self.reader.varint()?.checked_sub(1);
        // 16.1. Deserialize the buffer.
        let tag = self.reader.byte()?;
        let buffer = self.buffer(tag)?;

        let end = length
            .unwrap_or(0)
            .checked_mul(kind.element_size())
            .and_then(|bytes| bytes.checked_add(byte_offset));
        let fits = match self.heap.class(&buffer).map_err(Failure::Heap)? {
            // Script may have shrunk the buffer after the view was serialized.
            Class::ArrayBuffer(info) => match info.max_byte_length {
                Some(most) => end.is_some_and(|end| end <= most),
                None => length.is_some() && end.is_some_and(|end| end <= info.byte_length),
            },
            // Only the heap knows the length of shared memory.
            Class::SharedArrayBuffer => end.is_some(),
            _ => false,
        };
        if !fits || byte_offset % kind.element_size() != 0 {
            return Err(self
                .reader
                .malformed("a view within its buffer expected")
                .into());
        }
        // 16.2. A DataView. 16.3. A typed array.
        Ok(NewObject::View(ViewInfo {
            kind,
            buffer,
            byte_offset,
            length,
            out_of_bounds: false,
        }))
    }
}
