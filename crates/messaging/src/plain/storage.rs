//! Local and session storage of a world.

use framepost_browsing_context::NavigableId;

use super::{Error, World};
use crate::storage::{Storage, StorageKind, StorageText};

impl World {
    /// `localStorage` or `sessionStorage` of a page or frame.
    ///
    /// # Errors
    /// Fails if the page or frame is gone, or if its origin is opaque.
    pub fn storage(&self, navigable: NavigableId, kind: StorageKind) -> Result<Storage, Error> {
        let window = self.window(navigable)?;
        let obtained = Storage::of_window(&self.state.contexts, window, kind);
        Ok(obtained?)
    }

    /// Runs `storage.getItem(key)`.
    pub fn storage_item(
        &self,
        storage: &Storage,
        key: impl Into<StorageText>,
    ) -> Option<StorageText> {
        self.state
            .messaging
            .storage_item(storage, &key.into())
            .cloned()
    }

    /// Runs `storage.setItem(key, value)`.
    ///
    /// # Errors
    /// Fails if the area would be larger than its quota.
    pub fn set_storage_item(
        &mut self,
        storage: &Storage,
        key: impl Into<StorageText>,
        value: impl Into<StorageText>,
    ) -> Result<(), Error> {
        let (key, value) = (key.into(), value.into());
        let (queues, contexts) = (&mut self.state.event_loop, &self.state.contexts);
        let set = self
            .state
            .messaging
            .set_storage_item(queues, contexts, storage, key, value);
        Ok(set?)
    }

    /// Runs `storage.removeItem(key)`.
    pub fn remove_storage_item(&mut self, storage: &Storage, key: impl Into<StorageText>) {
        let (queues, contexts) = (&mut self.state.event_loop, &self.state.contexts);
        self.state
            .messaging
            .remove_storage_item(queues, contexts, storage, key.into());
    }

    /// Runs `storage.clear()`.
    pub fn clear_storage(&mut self, storage: &Storage) {
        let (queues, contexts) = (&mut self.state.event_loop, &self.state.contexts);
        self.state
            .messaging
            .clear_storage(queues, contexts, storage);
    }
}
