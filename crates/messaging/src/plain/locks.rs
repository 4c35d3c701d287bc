//! The locks of a world.

use framepost_browsing_context::NavigableId;

use super::{Error, World};
use crate::locks::{LockId, LockOptions, LockRequestId, LockSnapshot};

impl World {
    /// Runs `navigator.locks.request(name, options, callback)` in a page or frame. The outcome is an
    /// [`Event::Lock`](super::Event::Lock).
    ///
    /// # Errors
    /// Fails where `request` rejects its promise at once, or if the page or frame is gone.
    pub fn request_lock(
        &mut self,
        navigable: NavigableId,
        name: &str,
        options: LockOptions,
    ) -> Result<LockRequestId, Error> {
        let window = self.window(navigable)?;
        let name: Vec<u16> = name.encode_utf16().collect();
        let (queues, contexts) = (&mut self.state.event_loop, &self.state.contexts);
        let requested = self
            .state
            .messaging
            .request_lock(queues, contexts, window, &name, options);
        Ok(requested?)
    }

    /// Releases a lock, as when the promise of a callback is settled.
    pub fn release_lock(&mut self, lock: LockId) {
        self.state
            .messaging
            .release_lock(&mut self.state.event_loop, lock);
    }

    /// Runs `navigator.locks.query()` in a page or frame.
    ///
    /// # Errors
    /// Fails if the page or frame is gone, or if its origin is opaque.
    pub fn query_locks(&self, navigable: NavigableId) -> Result<LockSnapshot, Error> {
        let window = self.window(navigable)?;
        Ok(self
            .state
            .messaging
            .query_locks(&self.state.contexts, window)?)
    }
}
