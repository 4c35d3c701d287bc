//! Requesting, granting and releasing locks
//! ([Web Locks, algorithms](https://w3c.github.io/web-locks/#algorithms)).

use std::sync::Arc;

use framepost_browsing_context::{Contexts, StorageKey};
use framepost_event_loop::{GlobalId, TaskSource};

use super::options::{LockError, LockOptions};
use crate::accounting::TraceRecord;
use crate::identity::{LockMode, LockStage};
use crate::state::locks::{
    Claim, Lock, LockId, LockRequestId, LockTask, LockTaskKind, Request, RequestStage,
};
use crate::state::{Messaging, MessagingTask, Queues};

/// The [web locks tasks source](https://w3c.github.io/web-locks/#web-locks-tasks-source).
pub const WEB_LOCKS_TASK_SOURCE: TaskSource = TaskSource::Other("web locks");

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockEvent {
    /// Call the callback with this lock. Release it when the returned promise is settled; then settle the promise of
    /// the request in the same way.
    Granted {
        /// The lock.
        lock: LockId,
    },
    /// Call the callback with null, and settle the promise of the request as the returned promise is settled.
    NotAvailable,
    /// Reject the promise of the request with an `AbortError`: its lock was stolen.
    Stolen,
}

impl Messaging {
    /// [Obtain a lock manager](https://w3c.github.io/web-locks/#obtain-a-lock-manager), by its key.
    pub(super) fn lock_manager_of(
        contexts: &Contexts,
        client: GlobalId,
    ) -> Result<StorageKey, LockError> {
        if !contexts.is_in_a_fully_active_document(client) {
            return Err(LockError::NotActive);
        }
        // 1. to 3. An opaque origin is failure.
        contexts
            .obtain_a_storage_key(client)
            .ok_or(LockError::OpaqueOrigin)
    }

    /// [`request()`](https://w3c.github.io/web-locks/#dom-lockmanager-request) of a window or a worker. The caller
    /// checks whether the signal is aborted.
    ///
    /// # Errors
    /// Fails for the reasons of [`LockError`].
    pub fn request_lock(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        client: GlobalId,
        name: &[u16],
        options: LockOptions,
    ) -> Result<LockRequestId, LockError> {
        // 1. to 8. Check the request.
        let key = Self::check(contexts, client, name, options)?;
        // 9. and 10. The signal and the promise are the caller's.
        // 11. and 12. Request the lock.
        let claim = Claim {
            client,
            key: Arc::new(key),
            name: name.into(),
            mode: options.mode,
        };
        Ok(self.request_a_lock(queues, &claim, options))
    }

    /// The checks of [`request_lock`](Self::request_lock) alone, for a request whose signal is aborted already.
    ///
    /// # Errors
    /// Fails for the reasons of [`LockError`].
    pub fn check_lock_request(
        contexts: &Contexts,
        client: GlobalId,
        name: &[u16],
        options: LockOptions,
    ) -> Result<(), LockError> {
        Self::check(contexts, client, name, options).map(|_| ())
    }

    /// Steps 1 to 8 of [`request()`](https://w3c.github.io/web-locks/#dom-lockmanager-request); returns the key of
    /// the lock manager.
    fn check(
        contexts: &Contexts,
        client: GlobalId,
        name: &[u16],
        options: LockOptions,
    ) -> Result<StorageKey, LockError> {
        // 1. The options have defaults.
        // 2. and 3. The document has to be fully active.
        // 4. Obtain the lock manager.
        let key = Self::lock_manager_of(contexts, client)?;
        // 5. The name may not begin with a hyphen.
        if name.first() == Some(&u16::from(b'-')) {
            return Err(LockError::Hyphen);
        }
        // 6. `steal` and `ifAvailable` exclude each other.
        if options.steal && options.if_available {
            return Err(LockError::StealIfAvailable);
        }
        // 7. Only an exclusive lock can be stolen.
        if options.steal && options.mode != LockMode::Exclusive {
            return Err(LockError::StealShared);
        }
        // 8. Only a request that waits can be aborted.
        if options.has_signal && (options.steal || options.if_available) {
            return Err(LockError::SignalWithoutWait);
        }
        Ok(key)
    }

    /// [Request a lock](https://w3c.github.io/web-locks/#request-a-lock)
    fn request_a_lock(
        &mut self,
        queues: &mut Queues<'_>,
        claim: &Claim,
        options: LockOptions,
    ) -> LockRequestId {
        // 1. Create the request.
        let id = self.locks.requests.insert(Request {
            claim: claim.clone(),
            stage: RequestStage::NotAvailable,
        });
        let of_client = self.locks.clients.entry(claim.client).or_default();
        of_client.requests.insert(id);
        // 2. The caller adds the abort algorithm to the signal.
        // 3. Nothing runs in parallel here.
        // 3.1. to 3.3. Find the queue and the held locks.
        if options.steal {
            // 3.4. Take the lock from its holders, and go first.
            let held = std::mem::take(&mut self.locks.resource(claim).held);
            for lock in held {
                self.steal(queues, lock);
            }
            let place = self.locks.resource(claim).prepend(id);
            self.set_stage(id, RequestStage::Queued(place));
        } else if options.if_available && !self.is_grantable_at_the_end(claim) {
            // 3.5.1. Without a lock, the callback is called with null.
            self.record_lock(claim, LockStage::NotAvailable);
            Self::queue_lock_task(queues, claim.client, id, LockTaskKind::NotAvailable);
            self.locks.forget_if_unused(claim);
            return id;
        } else {
            // 3.5.2. Wait at the end of the queue.
            let place = self.locks.resource(claim).append(id);
            self.set_stage(id, RequestStage::Queued(place));
        }
        // 3.6. Process the queue.
        self.process_the_lock_request_queue(queues, claim);
        let waits = |request: &Request| matches!(request.stage, RequestStage::Queued(_));
        if self.locks.requests.get(id).is_some_and(waits) {
            self.record_lock(claim, LockStage::Waiting);
        }
        // 4. Return the request.
        id
    }

    fn set_stage(&mut self, request: LockRequestId, stage: RequestStage) {
        if let Some(request) = self.locks.requests.get_mut(request) {
            request.stage = stage;
        }
    }

    /// Takes a lock that was removed from the held ones from its holder.
    fn steal(&mut self, queues: &mut Queues<'_>, id: LockId) {
        let Some(lock) = self.locks.locks.get_mut(id) else {
            return;
        };
        lock.is_stolen = true;
        let (claim, request) = (lock.claim.clone(), lock.request);
        self.record_lock(&claim, LockStage::Stolen);
        Self::queue_lock_task(queues, claim.client, request, LockTaskKind::Stolen);
    }

    /// Whether the mode of a claim allows to grant it beside the held locks
    /// ([grantable](https://w3c.github.io/web-locks/#lock-request-grantable), 8. and 9.).
    fn is_compatible(&mut self, claim: &Claim) -> bool {
        let held = &self.locks.resource(claim).held;
        match (claim.mode, held.first().copied()) {
            (_, None) => true,
            (LockMode::Exclusive, Some(_)) => false,
            // All held locks have the same mode.
            (LockMode::Shared, Some(lock)) => {
                let lock = self.locks.locks.get(lock);
                lock.is_some_and(|lock| lock.claim.mode == LockMode::Shared)
            }
        }
    }

    /// Whether a request at the end of the queue would be grantable.
    fn is_grantable_at_the_end(&mut self, claim: &Claim) -> bool {
        self.locks.resource(claim).queue.is_empty() && self.is_compatible(claim)
    }

    /// [Process the lock request queue](https://w3c.github.io/web-locks/#process-the-lock-request-queue) of a name.
    fn process_the_lock_request_queue(&mut self, queues: &mut Queues<'_>, of: &Claim) {
        // 1. and 2. Grant requests from the front, until one is not grantable.
        while let Some((&place, &id)) = self.locks.resource(of).queue.first_key_value() {
            let claim = self
                .locks
                .requests
                .get(id)
                .map(|request| request.claim.clone());
            let Some(claim) = claim else {
                self.locks.resource(of).queue.remove(&place);
                continue;
            };
            // 2.1. It has to be grantable.
            if !self.is_compatible(&claim) {
                break;
            }
            // 2.2. Remove the request from the queue.
            self.locks.resource(of).queue.remove(&place);
            // 2.3. to 2.13. Create the lock, and add it to the held ones.
            let lock = self.locks.locks.insert(Lock {
                claim: claim.clone(),
                request: id,
                is_stolen: false,
            });
            self.locks.resource(of).held.insert(lock);
            let of_client = self.locks.clients.entry(claim.client).or_default();
            of_client.locks.insert(lock);
            self.set_stage(id, RequestStage::Granted(lock));
            self.record_lock(&claim, LockStage::Held);
            // 2.14. Queue a task that calls the callback.
            Self::queue_lock_task(queues, claim.client, id, LockTaskKind::Granted(lock));
        }
        self.locks.forget_if_unused(of);
    }

    fn queue_lock_task(
        queues: &mut Queues<'_>,
        client: GlobalId,
        request: LockRequestId,
        kind: LockTaskKind,
    ) {
        let task = LockTask {
            client,
            request,
            kind,
        };
        // Without a client, its requests and locks end with its global.
        if let Some(client) = queues.client_of(client) {
            let task = MessagingTask::Lock(Box::new(task));
            queues.queue_in_parallel(WEB_LOCKS_TASK_SOURCE, Some(client), task);
        }
    }

    /// The outcome of a request, when its task runs.
    pub(crate) fn run_lock_task(&mut self, task: LockTask) -> Option<LockEvent> {
        match task.kind {
            LockTaskKind::Granted(lock) => {
                // A request that was aborted has no lock any more.
                self.locks.locks.get(lock)?;
                self.locks.take_request(task.request);
                Some(LockEvent::Granted { lock })
            }
            LockTaskKind::NotAvailable => {
                self.locks.take_request(task.request)?;
                Some(LockEvent::NotAvailable)
            }
            LockTaskKind::Stolen => Some(LockEvent::Stolen),
        }
    }

    /// [Release the lock](https://w3c.github.io/web-locks/#release-the-lock)
    pub fn release_lock(&mut self, queues: &mut Queues<'_>, lock: LockId) {
        let Some(lock) = self.take_a_lock(lock) else {
            return;
        };
        // 7. Process the queue.
        self.process_the_lock_request_queue(queues, &lock);
    }

    /// Removes a lock, and returns its claim.
    fn take_a_lock(&mut self, id: LockId) -> Option<Claim> {
        // 1. to 5. Find the lock and its queue.
        let lock = self.locks.take_lock(id)?;
        if !lock.is_stolen {
            // 6. Remove it from the held ones.
            self.locks.resource(&lock.claim).held.remove(&id);
            self.record_lock(&lock.claim, LockStage::Released);
        }
        Some(lock.claim)
    }

    /// [Abort the request](https://w3c.github.io/web-locks/#abort-the-request): its signal is aborted, and its
    /// callback was not called yet. A lock that it was granted is released.
    pub fn abort_lock_request(&mut self, queues: &mut Queues<'_>, request: LockRequestId) {
        if let Some(claim) = self.take_a_request(request) {
            // 7. Process the queue.
            self.process_the_lock_request_queue(queues, &claim);
        }
    }

    /// Removes a request, and returns its claim.
    fn take_a_request(&mut self, id: LockRequestId) -> Option<Claim> {
        let request = self.locks.take_request(id)?;
        match request.stage {
            // 1. to 6. Remove it from its queue.
            RequestStage::Queued(place) => {
                self.locks.resource(&request.claim).queue.remove(&place);
                self.record_lock(&request.claim, LockStage::Aborted);
            }
            RequestStage::Granted(lock) => {
                self.take_a_lock(lock);
            }
            RequestStage::NotAvailable => {}
        }
        Some(request.claim)
    }

    /// [Terminate remaining locks and requests](https://w3c.github.io/web-locks/#agent-integration) of a window whose
    /// document is unloaded, or of a worker that has ended.
    // SPEC-ISSUE: the standard does so for the agent, with all its windows. Browsers do so for the one window.
    pub fn terminate_remaining_locks_and_requests(
        &mut self,
        queues: &mut Queues<'_>,
        client: GlobalId,
    ) {
        let Some(of_client) = self.locks.clients.remove(&client) else {
            return;
        };
        let mut claims = Vec::new();
        // 1. Abort its requests.
        claims.extend(
            of_client
                .requests
                .into_iter()
                .filter_map(|id| self.take_a_request(id)),
        );
        // 2. Release its locks.
        claims.extend(
            of_client
                .locks
                .into_iter()
                .filter_map(|id| self.take_a_lock(id)),
        );
        for claim in claims {
            self.process_the_lock_request_queue(queues, &claim);
        }
    }

    fn record_lock(&mut self, claim: &Claim, stage: LockStage) {
        if self.accounting.trace.is_some() {
            self.accounting.record(TraceRecord::Lock {
                global: claim.client,
                name: String::from_utf16_lossy(&claim.name),
                mode: claim.mode,
                stage,
            });
        }
    }
}
