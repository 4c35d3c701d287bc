//! Messages between two heaps: bytes, and parts that cannot be bytes.
//!
//! [`Serialized`] is the result of [StructuredSerialize][serialize]. Any heap can deserialize it,
//! any number of times. [`Message`] adds the transferred objects, so it is received once. Both are
//! `Send`: nothing in them belongs to a heap.
//!
//! [serialize]: https://html.spec.whatwg.org/multipage/structured-data.html#structuredserialize

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::bytes::Bytes;
use crate::half::Half;
use crate::identity::HalfId;

/// The bytes that a transfer moved out of a heap's `ArrayBuffer`.
///
/// A heap of the same kind takes the block without a copy, with [`take_block`]. Another heap reads
/// its bytes.
pub trait ByteBlock: Any + Send {
    /// All bytes of the block.
    fn bytes(&self) -> &[u8];
}

impl ByteBlock for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// Converts the block to a `T`, or gives it back.
pub fn take_block<T: ByteBlock>(block: Box<dyn ByteBlock>) -> Result<T, Box<dyn ByteBlock>> {
    if !(&*block as &dyn Any).is::<T>() {
        return Err(block);
    }
    let any: Box<dyn Any> = block;
    match any.downcast::<T>() {
        Ok(block) => Ok(*block),
        // Not reached: the type was checked above.
        Err(_) => Err(Box::new(Vec::<u8>::new())),
    }
}

/// Data that a message refers to instead of copying it: shared memory, a blob's bytes.
pub type SharedData = Arc<dyn Any + Send + Sync>;

/// The number of an agent cluster. Memory is shared only between agents with equal numbers.
///
/// The embedder assigns the numbers. They have to be unique over all threads that exchange messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentCluster(pub u64);

/// A serialized value, which is a Record in the specification.
#[derive(Clone, Default)]
pub struct Serialized {
    bytes: Bytes,
    // OPTIMIZATION: few messages have any, and a queued message should take little memory.
    shared: Option<Box<Shared>>,
}

/// What a serialized value refers to.
#[derive(Clone)]
struct Shared {
    data: Vec<SharedData>,
    // The agent cluster of the shared memory, if there is any.
    agent_cluster: Option<AgentCluster>,
}

impl Serialized {
    /// Wraps bytes in the wire form, for example from storage or another process.
    ///
    /// This checks nothing. Deserialization checks everything.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            ..Self::default()
        }
    }

    pub(super) fn new(
        bytes: Bytes,
        data: Vec<SharedData>,
        agent_cluster: Option<AgentCluster>,
    ) -> Self {
        let shared = (!data.is_empty()).then(|| {
            Box::new(Shared {
                data,
                agent_cluster,
            })
        });
        Self { bytes, shared }
    }

    pub(super) fn agent_cluster(&self) -> Option<AgentCluster> {
        self.shared.as_ref()?.agent_cluster
    }

    /// The bytes in the wire form.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// The data that the bytes refer to by number. If there is any, the bytes alone are not the
    /// value.
    #[must_use]
    pub fn shared(&self) -> &[SharedData] {
        self.shared.as_ref().map_or(&[], |shared| &shared.data)
    }
}

impl fmt::Debug for Serialized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serialized")
            .field("bytes", &self.bytes().len())
            .field("shared", &self.shared().len())
            .finish_non_exhaustive()
    }
}

/// A transfer data holder: a transferred object in a message.
#[non_exhaustive]
pub enum TransferDataHolder {
    /// One end of a channel.
    Port(Half),
    /// The memory of an `ArrayBuffer`.
    Block {
        /// The bytes.
        block: Box<dyn ByteBlock>,
        /// The maximum length of a resizable buffer; `None` for a fixed length.
        max_byte_length: Option<u64>,
    },
    /// A platform object that consists of ends of channels, such as a transferred stream.
    Ports {
        /// The name of its interface.
        interface: &'static str,
        /// The ends.
        halves: Vec<Half>,
    },
    /// A platform object of the embedder: the name of its interface, and its data.
    Platform(&'static str, Box<dyn Any + Send>),
}

impl TransferDataHolder {
    /// The interface of the object.
    #[must_use]
    pub fn interface(&self) -> &'static str {
        match self {
            Self::Port(_) => "MessagePort",
            Self::Block { .. } => "ArrayBuffer",
            Self::Ports { interface, .. } => interface,
            Self::Platform(interface, _) => interface,
        }
    }
}

impl fmt::Debug for TransferDataHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(half) => write!(f, "Port({})", half.id()),
            Self::Block { block, .. } => write!(f, "Block({} bytes)", block.bytes().len()),
            Self::Ports { interface, halves } => {
                write!(f, "{interface}(")?;
                for (index, half) in halves.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", half.id())?;
                }
                f.write_str(")")
            }
            Self::Platform(interface, _) => write!(f, "Platform({interface})"),
        }
    }
}

/// The transfer data holders of a message, as a slice.
// OPTIMIZATION: few messages have any, and a queued message should take little memory.
#[derive(Debug, Default)]
#[allow(clippy::box_collection, reason = "a vector takes three words")]
pub struct TransferDataHolders(Option<Box<Vec<TransferDataHolder>>>);

impl TransferDataHolders {
    /// Adds a holder behind the others.
    pub fn push(&mut self, holder: TransferDataHolder) {
        self.0.get_or_insert_default().push(holder);
    }
}

impl From<Vec<TransferDataHolder>> for TransferDataHolders {
    fn from(holders: Vec<TransferDataHolder>) -> Self {
        Self((!holders.is_empty()).then(|| Box::new(holders)))
    }
}

impl FromIterator<TransferDataHolder> for TransferDataHolders {
    fn from_iter<I: IntoIterator<Item = TransferDataHolder>>(holders: I) -> Self {
        Vec::from_iter(holders).into()
    }
}

impl IntoIterator for TransferDataHolders {
    type Item = TransferDataHolder;
    type IntoIter = std::vec::IntoIter<TransferDataHolder>;

    fn into_iter(self) -> Self::IntoIter {
        let holders = self.0.map(|holders| *holders);
        holders.unwrap_or_default().into_iter()
    }
}

impl Deref for TransferDataHolders {
    type Target = [TransferDataHolder];

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().map_or(&[], |holders| holders)
    }
}

impl DerefMut for TransferDataHolders {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_mut().map_or(&mut [], |holders| holders)
    }
}

/// A message: a serialized value and the transferred objects.
#[derive(Debug, Default)]
pub struct Message {
    /// The value.
    pub serialized: Serialized,
    /// The transferred objects, in the order of the transfer list.
    pub transfer_data_holders: TransferDataHolders,
}

impl Message {
    /// The ends of channels in the message.
    pub fn halves(&self) -> impl Iterator<Item = HalfId> + '_ {
        let holders = self.transfer_data_holders.iter();
        let halves = holders.flat_map(|holder| match holder {
            TransferDataHolder::Port(half) => std::slice::from_ref(half),
            TransferDataHolder::Ports { halves, .. } => halves.as_slice(),
            _ => &[],
        });
        halves.map(Half::id)
    }

    /// The ends of channels in the message, as a list.
    #[inline]
    pub(crate) fn carried(&self) -> Vec<HalfId> {
        // OPTIMIZATION: few messages have any, and a filter of nothing takes as many instructions as all of this.
        match self.transfer_data_holders.is_empty() {
            true => Vec::new(),
            false => self.halves().collect(),
        }
    }
}

impl From<Serialized> for Message {
    fn from(serialized: Serialized) -> Self {
        Self {
            serialized,
            transfer_data_holders: TransferDataHolders::default(),
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
    fn message_is_send() {
        fn check<T: Send>() {}
        check::<Message>();
        fn check_sync<T: Send + Sync>() {}
        check_sync::<Serialized>();
    }

    #[test]
    fn data_block_converts_only_to_its_own_type() {
        let block = take_block::<Vec<u8>>(Box::new(Other)).err();
        assert_eq!(block.map(|block| block.bytes().to_vec()), Some(vec![1, 2]));
        let bytes = vec![1, 2, 3];
        let address = bytes.as_ptr();
        let taken = take_block::<Vec<u8>>(Box::new(bytes)).ok();
        assert_eq!(taken.map(|bytes| bytes.as_ptr()), Some(address));
    }
}
