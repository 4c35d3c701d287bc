//! The storage keys of windows and workers
//! ([Storage, storage keys](https://storage.spec.whatwg.org/#storage-keys)).

use framepost_event_loop::GlobalId;

use crate::Contexts;
use crate::origin::{Site, StorageKey};
use crate::workers::table::Worker;

impl Contexts {
    /// [Obtain a storage key for non-storage purposes](https://storage.spec.whatwg.org/#obtain-a-storage-key-for-non-storage-purposes)
    /// of a window or a worker; `None` once it is gone. Its origin may be opaque.
    #[must_use]
    pub fn storage_key(&self, global: GlobalId) -> Option<StorageKey> {
        let Some(window) = self.window(global) else {
            return self
                .worker(global)
                .map(|worker: &Worker| worker.storage_key().clone());
        };
        let origin = self.document(window.document())?.origin();
        let site = Site::of(origin);
        let (mut top_level_site, mut is_cross_site) = (site.clone(), false);
        for ancestor in self
            .inclusive_ancestor_navigables(window.navigable())
            .skip(1)
        {
            let document = self.active_document(ancestor);
            let Some(document) = document.and_then(|document| self.document(document)) else {
                continue;
            };
            // OPTIMIZATION: most frames are of the origin around them.
            top_level_site = match document.origin().same_origin(origin) {
                true => site.clone(),
                false => Site::of(document.origin()),
            };
            is_cross_site |= top_level_site != site;
        }
        Some(StorageKey::new(origin, top_level_site, is_cross_site))
    }

    /// [Obtain a storage key](https://storage.spec.whatwg.org/#obtain-a-storage-key) of a window or a worker. `None`
    /// is failure: its origin is opaque, or it is gone.
    #[must_use]
    pub fn obtain_a_storage_key(&self, global: GlobalId) -> Option<StorageKey> {
        // 1. Find the key. 2. An opaque origin is failure.
        self.storage_key(global).filter(|key| !key.is_opaque())
    }
}
