//! What can be wrong with a value, a transfer list or a message, as one typed error.

use thiserror::Error;

use super::heap::Heap;

/// Why a value could not be serialized, or a message not be deserialized.
///
/// Every one of these is a `"DataCloneError"` `DOMException` to script. A [`Heap`] makes that
/// exception in one place, [`Heap::data_clone_error`]. What script itself throws while it is
/// serialized (from a getter, say) never becomes one of these: it passes through unchanged.
///
/// [`Heap`]: super::Heap
/// [`Heap::data_clone_error`]: super::Heap::data_clone_error
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloneError {
    /// The value is of a kind that has no serialization: a function, a symbol, a proxy, …
    /// The text is the heap's own words for it.
    #[error("{0} could not be cloned")]
    NotCloneable(String),
    /// A platform object's interface that is not serializable.
    #[error("{0} object could not be cloned")]
    NotSerializable(String),
    /// A detached `ArrayBuffer`, or a view of one, was part of the value.
    #[error("an ArrayBuffer is detached and could not be cloned")]
    DetachedBuffer,
    /// A view whose buffer has shrunk below it was part of the value.
    #[error("an array buffer view is out of the bounds of its buffer and could not be cloned")]
    OutOfBoundsView,
    /// Shared memory where the current realm may not share memory.
    #[error("a SharedArrayBuffer could not be cloned without cross-origin isolation")]
    SharedMemoryNotAllowed,
    /// Shared memory that was to be written to storage.
    #[error("a SharedArrayBuffer could not be cloned for storage")]
    SharedMemoryInStorage,
    /// Shared memory that arrived outside of the agent cluster it was sent from.
    #[error("a SharedArrayBuffer could not be deserialized outside of its agent cluster")]
    OtherAgentCluster,
    /// An entry of the transfer list that is not transferable.
    #[error("value at index {0} does not have a transferable type")]
    NotTransferable(usize),
    /// An entry of the transfer list that an earlier entry names already.
    #[error("value at index {0} of the transfer list is a duplicate of an earlier one")]
    DuplicateTransfer(usize),
    /// An entry of the transfer list that is detached.
    #[error("value at index {0} of the transfer list is already detached")]
    DetachedTransfer(usize),
    /// An interface that is not exposed (or not known) where the message arrived.
    #[error("{0} is not exposed in the target realm")]
    NotExposed(String),
    /// A value inside a platform object whose interface has none.
    #[error("a platform object holds a value that its interface has no place for")]
    UnexpectedSubValue,
    /// Memory that the receiving heap could not take over or allocate.
    #[error("{0} bytes could not be allocated for an array buffer")]
    OutOfMemory(u64),
    /// A message or value of more bytes than [`CloneLimits::bytes`](super::CloneLimits::bytes).
    #[error("the message exceeds the limit of {limit} bytes")]
    TooManyBytes {
        /// The limit that was set.
        limit: usize,
    },
    /// A message or value of more objects than [`CloneLimits::objects`](super::CloneLimits::objects).
    #[error("the message exceeds the limit of {limit} objects")]
    TooManyObjects {
        /// The limit that was set.
        limit: usize,
    },
    /// Bytes that are not a message: cut off, damaged, or of another version.
    #[error("malformed message at byte {offset}: {what}")]
    Malformed {
        /// Where the reading stopped.
        offset: usize,
        /// What was expected there.
        what: &'static str,
    },
}

/// How much one message may hold. Exceeding a limit is a [`CloneError`], both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloneLimits {
    /// The most bytes that a message's wire form may have. Moved and shared blocks do not count.
    pub bytes: usize,
    /// The most objects that a message may hold; a transferred object counts as one.
    pub objects: usize,
}

impl CloneLimits {
    /// The limits that hold unless others are set: 1 GiB, and 2³¹ objects.
    pub const DEFAULT: Self = Self {
        bytes: 1 << 30,
        objects: 1 << 31,
    };

    /// These limits with another number of bytes.
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// These limits with another number of objects.
    #[must_use]
    pub const fn with_objects(mut self, objects: usize) -> Self {
        self.objects = objects;
        self
    }
}

impl Default for CloneLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How a step of an algorithm failed: for a reason of structured clone, or in the heap.
///
/// The steps of platform objects return it, so that `?` works on both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// Becomes the heap's `"DataCloneError"`.
    Clone(CloneError),
    /// The heap's own error; it reaches the caller unchanged.
    Heap(E),
}

impl<E> Failure<E> {
    /// The heap's error; here, and only here, a [`CloneError`] becomes one.
    pub(super) fn into_error<H: Heap<Error = E>>(self, heap: &mut H) -> E {
        match self {
            Self::Clone(error) => heap.data_clone_error(error),
            Self::Heap(error) => error,
        }
    }
}

impl<E> From<CloneError> for Failure<E> {
    fn from(error: CloneError) -> Self {
        Self::Clone(error)
    }
}
