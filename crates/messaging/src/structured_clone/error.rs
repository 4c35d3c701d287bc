//! The errors of structured clone.

use thiserror::Error;

use super::heap::Heap;

/// Why a value could not be serialized, or a message not be deserialized.
///
/// For script, each of these is a `"DataCloneError"` `DOMException`. A [`Heap`] makes the exception
/// in one place, [`Heap::data_clone_error`]. Exceptions that script throws during serialization, for
/// example in a getter, reach the caller unchanged.
///
/// [`Heap`]: super::Heap
/// [`Heap::data_clone_error`]: super::Heap::data_clone_error
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloneError {
    /// The value cannot be serialized: a function, a symbol, a proxy, … The text is the heap's
    /// description of it.
    #[error("{0} could not be cloned")]
    NotCloneable(String),
    /// The value is a platform object that is not serializable.
    #[error("{0} object could not be cloned")]
    NotSerializable(String),
    /// The value contains a detached `ArrayBuffer` or a view of one.
    #[error("an ArrayBuffer is detached and could not be cloned")]
    DetachedBuffer,
    /// The value contains a view beyond the end of its buffer.
    #[error("an array buffer view is out of the bounds of its buffer and could not be cloned")]
    OutOfBoundsView,
    /// The value contains shared memory, and the current realm may not share memory.
    #[error("a SharedArrayBuffer could not be cloned without cross-origin isolation")]
    SharedMemoryNotAllowed,
    /// The value contains shared memory, which cannot be stored.
    #[error("a SharedArrayBuffer could not be cloned for storage")]
    SharedMemoryInStorage,
    /// Shared memory arrived outside its agent cluster.
    #[error("a SharedArrayBuffer could not be deserialized outside of its agent cluster")]
    OtherAgentCluster,
    /// An entry of the transfer list is not transferable.
    #[error("value at index {0} does not have a transferable type")]
    NotTransferable(usize),
    /// An entry of the transfer list is a duplicate.
    #[error("value at index {0} of the transfer list is a duplicate of an earlier one")]
    DuplicateTransfer(usize),
    /// An entry of the transfer list is detached.
    #[error("value at index {0} of the transfer list is already detached")]
    DetachedTransfer(usize),
    /// The interface is unknown or not exposed in the target realm.
    #[error("{0} is not exposed in the target realm")]
    NotExposed(String),
    /// A platform object contains a value, and its interface has none.
    #[error("a platform object contains a value that its interface does not support")]
    UnexpectedSubValue,
    /// The receiving heap could not allocate the memory.
    #[error("{0} bytes could not be allocated for an array buffer")]
    OutOfMemory(u64),
    /// The message has more bytes than [`CloneLimits::bytes`](super::CloneLimits::bytes).
    #[error("the message exceeds the limit of {limit} bytes")]
    TooManyBytes {
        /// The limit that was set.
        limit: usize,
    },
    /// The message has more objects than [`CloneLimits::objects`](super::CloneLimits::objects).
    #[error("the message exceeds the limit of {limit} objects")]
    TooManyObjects {
        /// The limit that was set.
        limit: usize,
    },
    /// The bytes are not a message: cut off, damaged, or of another version.
    #[error("malformed message at byte {offset}: {what}")]
    Malformed {
        /// The offset at which reading stopped.
        offset: usize,
        /// What was expected there.
        what: &'static str,
    },
}

/// Limits on one message, in both directions. Exceeding a limit is a [`CloneError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloneLimits {
    /// The most bytes of the wire form. Transferred and shared memory does not count.
    pub bytes: usize,
    /// The most objects in a message. A transferred object counts as one.
    pub objects: usize,
}

impl CloneLimits {
    /// The default limits: 1 GiB, and 2³¹ objects.
    pub const DEFAULT: Self = Self {
        bytes: 1 << 30,
        objects: 1 << 31,
    };

    /// Sets the most bytes.
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets the most objects.
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

/// The error of a step: an error of structured clone, or an error of the heap.
///
/// The steps of platform objects return it, so that `?` works for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// An error that becomes the heap's `"DataCloneError"`.
    Clone(CloneError),
    /// The heap's own error, which reaches the caller unchanged.
    Heap(E),
}

impl<E> Failure<E> {
    /// The heap's error. This is the only place that converts a [`CloneError`].
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
