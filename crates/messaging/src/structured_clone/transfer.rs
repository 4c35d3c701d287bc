//! [StructuredSerializeWithTransfer](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer)
//! and [StructuredDeserializeWithTransfer](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserializewithtransfer).

use super::class::{Class, NewObject};
use super::deserialize::{deserialize, deserialize_primitive};
use super::error::{CloneError, Failure};
use super::heap::{Heap, Transferability};
use super::memory::Memory;
use super::message::{Message, TransferDataHolder};
use super::serialize::{serialize_primitive, structured_serialize_internal};

type Result<T, H> = std::result::Result<T, Failure<<H as Heap>::Error>>;

/// [StructuredSerializeWithTransfer](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer)
///
/// If it fails, nothing is transferred.
pub fn structured_serialize_with_transfer<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    transfer_list: &[H::Object],
) -> std::result::Result<Message, H::Error> {
    serialize(heap, value, transfer_list).map_err(|failure| failure.into_error(heap))
}

fn serialize<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    transfer_list: &[H::Object],
) -> Result<Message, H> {
    if transfer_list.is_empty()
        && let Some(serialized) = serialize_primitive(heap, value)?
    {
        return Ok(Message::from(serialized));
    }
    // 1.
    let mut memory = Memory::default();
    let limits = heap.limits();
    // 2. Check the list before any script runs.
    for (index, transferable) in transfer_list.iter().enumerate() {
        // 2.1, 2.2.
        if heap.transferability(transferable) == Transferability::No {
            return Err(CloneError::NotTransferable(index).into());
        }
        let number = u32::try_from(index)
            .ok()
            .filter(|_| index < limits.objects)
            .ok_or(CloneError::TooManyObjects {
                limit: limits.objects,
            })?;
        // 2.3, 2.4.
        if memory.get(transferable).is_some() {
            return Err(CloneError::DuplicateTransfer(index).into());
        }
        memory.insert(transferable.clone(), number);
    }
    // 3. Serialize the value. This may run script.
    let serialized = structured_serialize_internal(heap, value, false, memory)?;
    // 5.1, 5.2. Script may have detached an entry.
    // SPEC-ISSUE: https://github.com/whatwg/html/pull/3557: the standard checks and detaches one
    // entry after the other, so a detached entry leaves those before it detached. Here, as in
    // Chromium, all entries are checked before any is detached.
    for (index, transferable) in transfer_list.iter().enumerate() {
        match heap.transferability(transferable) {
            Transferability::ArrayBuffer { detached: false }
            | Transferability::Platform { detached: false } => {}
            _ => return Err(CloneError::DetachedTransfer(index).into()),
        }
    }
    // 4, 5.3 - 5.6. Move each entry into a data holder.
    let mut transfer_data_holders = Vec::with_capacity(transfer_list.len());
    for transferable in transfer_list {
        transfer_data_holders.push(match heap.class(transferable).map_err(Failure::Heap)? {
            Class::ArrayBuffer(info) => TransferDataHolder::Block {
                block: heap
                    .detach_array_buffer(transferable)
                    .map_err(Failure::Heap)?,
                max_byte_length: info.max_byte_length,
            },
            _ => heap.transfer_steps(transferable)?,
        });
    }
    Ok(Message {
        serialized,
        transfer_data_holders,
    })
}

/// The result of [`structured_deserialize_with_transfer`].
#[derive(Clone, Debug, PartialEq)]
pub struct Received<V, O> {
    /// `[[Deserialized]]`: the value.
    pub deserialized: V,
    /// `[[TransferredValues]]`: the transferred objects, in the order of the transfer list.
    pub transferred_values: Vec<O>,
}

/// [StructuredDeserializeWithTransfer](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserializewithtransfer)
///
/// A message is received once. If that fails, the transferred objects end: the caller frees those
/// that the heap has already received, and this function drops the others.
pub fn structured_deserialize_with_transfer<H: Heap>(
    heap: &mut H,
    message: Message,
    realm: &H::Realm,
) -> std::result::Result<Received<H::Value, H::Object>, H::Error> {
    receive(heap, message, realm).map_err(|failure| failure.into_error(heap))
}

fn receive<H: Heap>(
    heap: &mut H,
    message: Message,
    realm: &H::Realm,
) -> Result<Received<H::Value, H::Object>, H> {
    if message.transfer_data_holders.is_empty()
        && let Some(deserialized) = deserialize_primitive(heap, &message.serialized)?
    {
        return Ok(Received {
            deserialized,
            transferred_values: Vec::new(),
        });
    }
    // 2, 3. Receive each data holder.
    let mut transferred_values = Vec::with_capacity(message.transfer_data_holders.len());
    for holder in message.transfer_data_holders {
        transferred_values.push(match holder {
            TransferDataHolder::Block {
                block,
                max_byte_length,
            } => heap.create(
                realm,
                NewObject::MovedArrayBuffer {
                    block,
                    max_byte_length,
                },
            )?,
            holder => heap.transfer_receiving_steps(realm, holder)?,
        });
    }
    // 4. Deserialize the value, in which references to the transferred objects resolve to them.
    let memory = transferred_values.clone();
    Ok(Received {
        deserialized: deserialize(heap, &message.serialized, realm, memory)?,
        transferred_values,
    })
}
