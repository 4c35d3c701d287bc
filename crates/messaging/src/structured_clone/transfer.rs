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
    serialize_any(heap, value, transfer_list)
}

/// [`structured_serialize_with_transfer`] for a value that [`structured_serialize_plain`] has left.
///
/// [`structured_serialize_plain`]: super::structured_serialize_plain
pub(crate) fn structured_serialize_rest<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    transfer_list: &[H::Object],
) -> std::result::Result<Message, H::Error> {
    serialize_any(heap, value, transfer_list).map_err(|failure| failure.into_error(heap))
}

fn serialize_any<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    transfer_list: &[H::Object],
) -> Result<Message, H> {
    // 1. Memory has the entries of the list, so that the value refers to them.
    let mut memory = Memory::default();
    let limits = heap.limits();
    // 2. Check the list before any script runs.
    for (index, transferable) in transfer_list.iter().enumerate() {
        // 2.1. Each entry is transferable.
        // 2.2. Shared memory is not.
        if heap.transferability(transferable) == Transferability::No {
            return Err(CloneError::NotTransferable(index).into());
        }
        let number = u32::try_from(index)
            .ok()
            .filter(|_| index < limits.objects)
            .ok_or(CloneError::TooManyObjects {
                limit: limits.objects,
            })?;
        // 2.3. No entry is there twice.
        if memory.get(transferable).is_some() {
            return Err(CloneError::DuplicateTransfer(index).into());
        }
        // 2.4. Enter it in memory.
        memory.insert(transferable.clone(), number);
    }
    // 3. Serialize the value. This may run script.
    let serialized = structured_serialize_internal(heap, value, false, memory)?;
    // 5. For each entry: script may have detached it. The list of data holders (4.) is created afterwards.
    // SPEC-ISSUE: https://github.com/whatwg/html/pull/3557: the standard checks and detaches one
    // entry after the other, so a detached entry leaves those before it detached. Here, as in
    // Chromium, all entries are checked before any is detached.
    for (index, transferable) in transfer_list.iter().enumerate() {
        match heap.transferability(transferable) {
            // 5.1. It is a buffer that is not detached,
            Transferability::ArrayBuffer { detached: false }
            // 5.2. or a platform object that is not.
            | Transferability::Platform { detached: false } => {}
            _ => return Err(CloneError::DetachedTransfer(index).into()),
        }
    }
    // 4. There are no data holders so far.
    let mut transfer_data_holders = Vec::with_capacity(transfer_list.len());
    for transferable in transfer_list {
        // 5.3. and 5.6. Append a data holder for the entry.
        transfer_data_holders.push(match heap.class(transferable).map_err(Failure::Heap)? {
            // 5.4. Move the block of a buffer into it, and detach the buffer.
            Class::ArrayBuffer(info) => TransferDataHolder::Block {
                block: heap
                    .detach_array_buffer(transferable)
                    .map_err(Failure::Heap)?,
                max_byte_length: info.max_byte_length,
            },
            // 5.5. Perform the transfer steps of any other object, which detach it.
            _ => heap.transfer_steps(transferable)?,
        });
    }
    // 6. Return both.
    Ok(Message {
        serialized,
        transfer_data_holders: transfer_data_holders.into(),
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
    // 2. There are no transferred values so far.
    let mut transferred_values = Vec::with_capacity(message.transfer_data_holders.len());
    // 3. For each data holder:
    for holder in message.transfer_data_holders {
        // 3.1. and 3.6. Append the value that it becomes.
        transferred_values.push(match holder {
            // 3.2. A buffer. 3.3. A resizable buffer has a maximum.
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
            // 3.4. Perform the transfer-receiving steps of any other object, if its interface is exposed
            // (3.4.2.).
            holder => heap.transfer_receiving_steps(realm, holder)?,
        });
    }
    // 1. and 3.5. Memory has the transferred values, so that the value refers to them. It is copied from them when all
    // are there.
    let memory = transferred_values.clone();
    // 4. Deserialize the value.
    let deserialized = deserialize(heap, &message.serialized, realm, memory)?;
    // 5. Return both.
    Ok(Received {
        deserialized,
        transferred_values,
    })
}
