//! The data of `Storage` objects.

use std::sync::Arc;

use framepost_browsing_context::{NavigableId, StorageKey};
use framepost_event_loop::GlobalId;

use crate::identity::StorageKind;

/// The data of a `Storage` object: the area and the window that it belongs to. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    pub(crate) kind: StorageKind,
    pub(crate) key: Arc<StorageKey>,
    /// The top-level traversable of the window. Session storage belongs to it.
    pub(crate) traversable: NavigableId,
    pub(crate) window: GlobalId,
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
