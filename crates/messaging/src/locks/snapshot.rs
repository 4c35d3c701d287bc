//! Snapshots of a lock manager.

use std::sync::Arc;

use framepost_browsing_context::Contexts;
use framepost_event_loop::GlobalId;

use super::options::LockError;
use crate::identity::LockMode;
use crate::state::Messaging;
use crate::state::locks::Claim;

/// [LockInfo](https://w3c.github.io/web-locks/#dictdef-lockinfo)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockInfo {
    /// The name, in code units.
    pub name: Arc<[u16]>,
    /// The mode.
    pub mode: LockMode,
    /// The window or worker.
    pub client: GlobalId,
}

/// [LockManagerSnapshot](https://w3c.github.io/web-locks/#dictdef-lockmanagersnapshot)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockSnapshot {
    /// The held locks, in the order of their grants.
    pub held: Vec<LockInfo>,
    /// The requests that wait, name by name in the order of their first requests.
    pub pending: Vec<LockInfo>,
}

impl From<&Claim> for LockInfo {
    fn from(claim: &Claim) -> Self {
        Self {
            name: Arc::clone(&claim.name),
            mode: claim.mode,
            client: claim.client,
        }
    }
}

impl Messaging {
    /// [`query()`](https://w3c.github.io/web-locks/#dom-lockmanager-query): the locks and requests of the storage key
    /// of a window or worker.
    ///
    /// # Errors
    /// Fails if the document is not fully active, or if the origin is opaque.
    pub fn query_locks(
        &self,
        contexts: &Contexts,
        client: GlobalId,
    ) -> Result<LockSnapshot, LockError> {
        // 1. and 2. The document has to be fully active.
        // 3. and 4. Obtain the lock manager.
        let key = Self::lock_manager_of(contexts, client)?;
        let Some(manager) = self.locks.manager(&key) else {
            return Ok(LockSnapshot::default());
        };
        // 5. and 6. Take the snapshot
        // ([snapshot the lock state](https://w3c.github.io/web-locks/#snapshot-the-lock-state)).
        let held = manager.values().flat_map(|resource| &resource.held);
        let mut held: Vec<_> = held.copied().collect();
        held.sort_unstable();
        let held = held
            .into_iter()
            .filter_map(|lock| self.locks.locks.get(lock));
        let mut queues: Vec<_> = manager.values().map(|resource| &resource.queue).collect();
        queues.sort_by_key(|queue| queue.values().min().copied());
        let pending = queues.into_iter().flat_map(|queue| queue.values());
        let pending = pending.filter_map(|request| self.locks.requests.get(*request));
        Ok(LockSnapshot {
            held: held.map(|lock| LockInfo::from(&lock.claim)).collect(),
            pending: pending
                .map(|request| LockInfo::from(&request.claim))
                .collect(),
        })
    }
}
