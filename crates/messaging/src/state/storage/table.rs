//! All storage areas of an agent.

use std::collections::BTreeMap;

use framepost_browsing_context::{NavigableId, StorageKey};

use super::area::Area;
use super::object::Storage;
use crate::identity::StorageKind;

/// The default quota of a storage area, in bytes of two for each code unit: that of Chromium.
pub(crate) const QUOTA: usize = 10 << 20;

type Shed = BTreeMap<StorageKey, Area>;

/// The storage areas.
#[derive(Debug)]
pub(crate) struct StorageAreas {
    pub(crate) local: Shed,
    /// The [storage sheds](https://storage.spec.whatwg.org/#storage-shed) of top-level traversables.
    pub(crate) session: BTreeMap<NavigableId, Shed>,
    /// The quota of each area, in bytes.
    pub(crate) quota: usize,
}

impl Default for StorageAreas {
    fn default() -> Self {
        Self {
            local: Shed::new(),
            session: BTreeMap::new(),
            quota: QUOTA,
        }
    }
}

impl StorageAreas {
    /// The area of a `Storage` object; `None` while it is empty.
    pub(crate) fn area(&self, storage: &Storage) -> Option<&Area> {
        let shed = match storage.kind {
            StorageKind::Local => &self.local,
            StorageKind::Session => self.session.get(&storage.traversable)?,
        };
        shed.get(&*storage.key)
    }

    /// The area of a `Storage` object, to change.
    pub(crate) fn area_mut(&mut self, storage: &Storage) -> &mut Area {
        let shed = match storage.kind {
            StorageKind::Local => &mut self.local,
            StorageKind::Session => self.session.entry(storage.traversable).or_default(),
        };
        shed.entry((*storage.key).clone()).or_default()
    }

    /// Removes the area of a `Storage` object. Returns whether it had items.
    pub(crate) fn remove(&mut self, storage: &Storage) -> bool {
        let shed = match storage.kind {
            StorageKind::Local => Some(&mut self.local),
            StorageKind::Session => self.session.get_mut(&storage.traversable),
        };
        let removed = shed.and_then(|shed| shed.remove(&*storage.key));
        removed.is_some_and(|area| !area.is_empty())
    }
}
