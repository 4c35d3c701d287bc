//! The data of `Storage` objects, and the errors of their methods.

use std::sync::Arc;

use framepost_browsing_context::{NavigableId, StorageKey};
use framepost_event_loop::GlobalId;
use thiserror::Error;

use super::text::StorageText;
use crate::identity::StorageKind;

/// The data of a `Storage` object: the area and the window that it belongs to. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    pub(super) kind: StorageKind,
    pub(super) key: Arc<StorageKey>,
    /// The top-level traversable of the window. Session storage belongs to it.
    pub(super) traversable: NavigableId,
    pub(super) window: GlobalId,
}

impl Storage {
    /// Whether it is local or session storage.
    #[must_use]
    pub fn kind(&self) -> StorageKind {
        self.kind
    }

    /// The storage key of its area.
    #[must_use]
    pub fn key(&self) -> &StorageKey {
        &self.key
    }

    /// Its window. Changes through this object fire no event there.
    #[must_use]
    pub fn window(&self) -> GlobalId {
        self.window
    }
}

/// Why storage cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The window has an opaque origin, or is gone.
    #[error("a document with an opaque origin has no storage")]
    Refused,
    /// The area would be larger than its quota.
    #[error("setting {key:?} needs {requested} bytes, but the quota is {quota} bytes")]
    QuotaExceeded {
        /// The key.
        key: StorageText,
        /// The quota of the area, in bytes.
        quota: usize,
        /// The size that the area would have, in bytes.
        requested: usize,
    },
}

impl StorageError {
    /// The name of the [`DOMException`](https://webidl.spec.whatwg.org/#idl-DOMException) that script sees.
    #[must_use]
    pub fn dom_exception_name(&self) -> &'static str {
        match self {
            Self::Refused => "SecurityError",
            Self::QuotaExceeded { .. } => "QuotaExceededError",
        }
    }
}
