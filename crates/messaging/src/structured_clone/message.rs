//! What is under way between two heaps: bytes, and what cannot be bytes.
//!
//! [`Serialized`] is what [StructuredSerialize][serialize] gives: it may be deserialized any number
//! of times, by any heap. [`Message`] adds what was transferred, which moves and so is received
//! once. Both are `Send`: nothing in them belongs to a heap.
//!
//! [serialize]: https://html.spec.whatwg.org/multipage/structured-data.html#structuredserialize

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::half::Half;
use crate::identity::HalfId;

/// A block of bytes that was moved out of a heap's `ArrayBuffer`.
///
/// A receiver of the same kind of heap takes it back without a copy, by [`take_block`]; any other
/// reads its bytes.
pub trait ByteBlock: Any + Send {
    /// All bytes of the block.
    fn bytes(&self) -> &[u8];
}

impl ByteBlock for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// The block itself, if it is a `T`; otherwise it is given back.
pub fn take_block<T: ByteBlock>(block: Box<dyn ByteBlock>) -> Result<T, Box<dyn ByteBlock>> {
    if !(&*block as &dyn Any).is::<T>() {
        return Err(block);
    }
    let any: Box<dyn Any> = block;
    match any.downcast::<T>() {
        Ok(block) => Ok(*block),
        // Not reached: the type was asked for above. An empty block keeps this total.
        Err(_) => Err(Box::new(Vec::<u8>::new())),
    }
}

/// Something that a message refers to rather than holds: shared memory, a blob's bytes.
pub type SharedData = Arc<dyn Any + Send + Sync>;

/// The number of an agent cluster: memory is shared only between agents of equal numbers.
///
/// The embedder hands the numbers out; they have to differ over all threads that exchange messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentCluster(pub u64);

/// A serialized value: what a Record of StructuredSerialize is in the specification.
#[derive(Clone, Default)]
pub struct Serialized {
    pub(crate) bytes: Vec<u8>,
    pub(crate) shared: Vec<SharedData>,
    // Where its shared memory comes from; none if it has none.
    pub(crate) agent_cluster: Option<AgentCluster>,
}

impl Serialized {
    /// Takes bytes in the wire form, as they come from storage or another process.
    ///
    /// Nothing is checked here: whoever deserializes them checks everything.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// The bytes in the wire form.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the bytes refer to by number. If it is not empty, the bytes alone are not the value.
    #[must_use]
    pub fn shared(&self) -> &[SharedData] {
        &self.shared
    }
}

impl fmt::Debug for Serialized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serialized")
            .field("bytes", &self.bytes.len())
            .field("shared", &self.shared.len())
            .finish_non_exhaustive()
    }
}

/// A transfer data holder: something that moves with a message.
#[non_exhaustive]
pub enum TransferDataHolder {
    /// One end of a channel.
    Port(Half),
    /// The memory of an `ArrayBuffer`.
    Block {
        /// The bytes.
        block: Box<dyn ByteBlock>,
        /// How far a resizable buffer may grow; none for one of fixed length.
        max_byte_length: Option<u64>,
    },
    /// A platform object that the embedder transfers by itself: the interface's name, and data.
    Platform(&'static str, Box<dyn Any + Send>),
}

impl TransferDataHolder {
    /// The interface of the object that moved.
    #[must_use]
    pub fn interface(&self) -> &'static str {
        match self {
            Self::Port(_) => "MessagePort",
            Self::Block { .. } => "ArrayBuffer",
            Self::Platform(interface, _) => interface,
        }
    }
}

impl fmt::Debug for TransferDataHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(half) => write!(f, "Port({})", half.id()),
            Self::Block { block, .. } => write!(f, "Block({} bytes)", block.bytes().len()),
            Self::Platform(interface, _) => write!(f, "Platform({interface})"),
        }
    }
}

/// A message: a serialized value together with what was transferred.
#[derive(Debug, Default)]
pub struct Message {
    /// The value.
    pub serialized: Serialized,
    /// What was transferred, in the order of the transfer list.
    pub transfer_data_holders: Vec<TransferDataHolder>,
}

impl Message {
    /// The halves of channels that it carries.
    pub fn halves(&self) -> impl Iterator<Item = HalfId> + '_ {
        let holders = self.transfer_data_holders.iter();
        holders.filter_map(|holder| match holder {
            TransferDataHolder::Port(half) => Some(half.id()),
            _ => None,
        })
    }
}

impl From<Serialized> for Message {
    fn from(serialized: Serialized) -> Self {
        Self {
            serialized,
            transfer_data_holders: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Other;
    impl ByteBlock for Other {
        fn bytes(&self) -> &[u8] {
            &[1, 2]
        }
    }

    #[test]
    fn a_message_is_send() {
        fn check<T: Send>() {}
        check::<Message>();
        fn check_sync<T: Send + Sync>() {}
        check_sync::<Serialized>();
    }

    #[test]
    fn a_block_is_taken_back_only_as_what_it_is() {
        let block = take_block::<Vec<u8>>(Box::new(Other)).err();
        assert_eq!(block.map(|block| block.bytes().to_vec()), Some(vec![1, 2]));
        let bytes = vec![1, 2, 3];
        let address = bytes.as_ptr();
        let taken = take_block::<Vec<u8>>(Box::new(bytes)).ok();
        assert_eq!(taken.map(|bytes| bytes.as_ptr()), Some(address));
    }
}
