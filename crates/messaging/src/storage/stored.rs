//! Local storage as a list, so that an embedder can keep it.

use framepost_browsing_context::StorageKey;

use super::StorageText;
use crate::state::Messaging;
use crate::state::storage::Area;

/// An area of local storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredArea {
    /// The storage key.
    pub key: StorageKey,
    /// The keys and values, in their order.
    pub items: Vec<(StorageText, StorageText)>,
}

impl Messaging {
    /// The areas of local storage that are not empty, in the order of their keys.
    #[must_use]
    pub fn stored_areas(&self) -> Vec<StoredArea> {
        let areas = self.storage.local.iter();
        let filled = areas.filter(|(_, area)| !area.is_empty());
        let stored = filled.map(|(key, area)| StoredArea {
            key: key.clone(),
            items: area.items().cloned().collect(),
        });
        stored.collect()
    }

    /// Replaces an area of local storage. No event is fired.
    pub fn restore_area(&mut self, stored: StoredArea) {
        let mut area = Area::default();
        for (key, value) in stored.items {
            area.set(key, value);
        }
        self.storage.local.insert(stored.key, area);
    }
}
