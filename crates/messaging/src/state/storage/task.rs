//! The tasks of `storage` events, as data.

use std::sync::Arc;

use framepost_event_loop::GlobalId;

use super::text::StorageText;
use crate::accounting::{Envelope, Payload};
use crate::identity::StorageKind;

/// A change of a storage area: the data of a `StorageEvent`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageChange {
    /// The key; `None` if the area was cleared.
    pub key: Option<StorageText>,
    /// The value before.
    pub old_value: Option<StorageText>,
    /// The value since.
    pub new_value: Option<StorageText>,
    /// The URL of the document that made the change.
    pub url: Arc<str>,
}

impl StorageChange {
    /// The bytes of its strings.
    pub(crate) fn bytes(&self) -> usize {
        let all = [&self.key, &self.old_value, &self.new_value];
        all.into_iter().flatten().map(StorageText::bytes).sum()
    }
}

impl Payload for Arc<StorageChange> {
    fn bytes(&self) -> usize {
        StorageChange::bytes(self)
    }
}

/// A `storage` event on its way to a window.
#[derive(Debug)]
pub struct StorageEventTask {
    pub(crate) target: GlobalId,
    pub(crate) kind: StorageKind,
    pub(crate) envelope: Envelope<Arc<StorageChange>>,
}
