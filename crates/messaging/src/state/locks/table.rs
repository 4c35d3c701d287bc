//! All lock managers of an agent, as data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use framepost_browsing_context::StorageKey;
use framepost_event_loop::{Arena, FxHashMap, GlobalId, new_key_type};

use crate::identity::LockMode;

new_key_type! {
    /// Names a lock request, from `request()` until its callback is called or it ends without.
    pub struct LockRequestId: "lock-request";

    /// Names a lock, from its grant until its release.
    pub struct LockId: "lock";
}

/// What a request asks for, or what a lock locks.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) client: GlobalId,
    pub(crate) key: Arc<StorageKey>,
    pub(crate) name: Arc<[u16]>,
    pub(crate) mode: LockMode,
}

/// A [lock request](https://w3c.github.io/web-locks/#lock-request).
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) claim: Claim,
    pub(crate) stage: RequestStage,
}

/// The state of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestStage {
    /// It waits at this place of its queue.
    Queued(i64),
    /// It has this lock, and a task will call its callback.
    Granted(LockId),
    /// A task will call its callback without a lock.
    NotAvailable,
}

/// A [lock](https://w3c.github.io/web-locks/#lock-concept).
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) claim: Claim,
    pub(crate) request: LockRequestId,
    /// Whether another request has stolen it: it is no longer held.
    pub(crate) is_stolen: bool,
}

/// The locks and requests of one name.
#[derive(Debug, Default)]
pub(crate) struct Resource {
    pub(crate) held: BTreeSet<LockId>,
    /// The [lock request queue](https://w3c.github.io/web-locks/#lock-request-queue). A request that steals gets the
    /// first place.
    pub(crate) queue: BTreeMap<i64, LockRequestId>,
}

impl Resource {
    pub(crate) fn append(&mut self, request: LockRequestId) -> i64 {
        let last = self.queue.last_key_value();
        let place = last.map_or(0, |(place, _)| place.saturating_add(1));
        self.queue.insert(place, request);
        place
    }

    pub(crate) fn prepend(&mut self, request: LockRequestId) -> i64 {
        let first = self.queue.first_key_value();
        let place = first.map_or(0, |(place, _)| place.saturating_sub(1));
        self.queue.insert(place, request);
        place
    }
}

/// The requests and locks of a client.
#[derive(Debug, Default)]
pub(crate) struct OfClient {
    pub(crate) requests: BTreeSet<LockRequestId>,
    pub(crate) locks: BTreeSet<LockId>,
}

type Manager = BTreeMap<Arc<[u16]>, Resource>;

/// The [lock managers](https://w3c.github.io/web-locks/#lock-manager): one for each storage key.
#[derive(Debug, Default)]
pub(crate) struct LockManagers {
    pub(crate) requests: Arena<LockRequestId, Request>,
    pub(crate) locks: Arena<LockId, Lock>,
    managers: BTreeMap<Arc<StorageKey>, Manager>,
    /// Looked up, never iterated.
    pub(crate) clients: FxHashMap<GlobalId, OfClient>,
}

impl LockManagers {
    pub(crate) fn manager(&self, key: &StorageKey) -> Option<&Manager> {
        self.managers.get(key)
    }

    pub(crate) fn resource(&mut self, claim: &Claim) -> &mut Resource {
        let manager = self.managers.entry(Arc::clone(&claim.key)).or_default();
        manager.entry(Arc::clone(&claim.name)).or_default()
    }

    /// Removes the resource of a claim if nobody holds or wants it.
    pub(crate) fn forget_if_unused(&mut self, claim: &Claim) {
        let Some(manager) = self.managers.get_mut(&claim.key) else {
            return;
        };
        let unused = |held: &Resource| held.held.is_empty() && held.queue.is_empty();
        if manager.get(&claim.name).is_some_and(unused) {
            manager.remove(&claim.name);
            if manager.is_empty() {
                self.managers.remove(&claim.key);
            }
        }
    }

    /// Removes a request from the table.
    pub(crate) fn take_request(&mut self, id: LockRequestId) -> Option<Request> {
        let request = self.requests.remove(id)?;
        let client = request.claim.client;
        if let Some(of_client) = self.clients.get_mut(&client) {
            of_client.requests.remove(&id);
        }
        self.forget_client_if_unused(client);
        Some(request)
    }

    /// Removes a lock from the table.
    pub(crate) fn take_lock(&mut self, id: LockId) -> Option<Lock> {
        let lock = self.locks.remove(id)?;
        let client = lock.claim.client;
        if let Some(of_client) = self.clients.get_mut(&client) {
            of_client.locks.remove(&id);
        }
        self.forget_client_if_unused(client);
        Some(lock)
    }

    fn forget_client_if_unused(&mut self, client: GlobalId) {
        let unused = |held: &OfClient| held.requests.is_empty() && held.locks.is_empty();
        if self.clients.get(&client).is_some_and(unused) {
            self.clients.remove(&client);
        }
    }

    /// Whether nothing is left.
    #[cfg(all(test, feature = "plain"))]
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.locks.is_empty()
            && self.managers.is_empty()
            && self.clients.is_empty()
    }
}
