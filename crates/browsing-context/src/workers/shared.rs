//! Shared workers
//! ([HTML, shared workers and the SharedWorker interface](https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface)).

use framepost_event_loop::{GlobalId, TaskQueues};
use url::Url;

use super::options::{WorkerKind, WorkerOptions};
use super::table::Stage;
use crate::Contexts;
use crate::steps::{ContextTask, Steps};

/// The worker that a new `SharedWorker` object connects to.
#[derive(Debug)]
#[non_exhaustive]
pub enum SharedWorkerConnection {
    /// A new worker. The steps begin to fetch its script.
    New(GlobalId, Steps),
    /// An existing worker.
    Existing(GlobalId),
    /// None: the existing worker has other options. Fire `error` at the object.
    Mismatch,
}

impl Contexts {
    /// Step 11 of the [`SharedWorker()` constructor](https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker):
    /// the steps that find the worker of this URL and name for the creator's storage key, or run a new one. `None`
    /// when the creator is gone.
    pub fn connect_to_a_shared_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<SharedWorkerConnection> {
        let owner = self.client_of_global(creator)?;
        // A creator that is closing cannot own a worker.
        queues.client_of(creator)?;
        let storage_key = self.storage_key(creator)?;
        let secure = self.is_secure_context(creator);
        // 11.1. No worker is found yet.
        // 11.2. Find one of the same constructor storage key, constructor URL and name.
        // 11.3. No communication is disallowed.
        let found = self.workers.workers.values_mut().find(|worker| {
            worker.kind == WorkerKind::Shared
                && !worker.closing
                && worker.stage != Stage::Failed
                && worker.constructor_storage_key == storage_key
                && worker.constructor_url == url
                && worker.options.name == options.name
        });
        if let Some(worker) = found {
            // 11.4. Its type, its credentials mode and its extended lifetime have to be the same.
            // 11.5.1. to 11.5.3. Its secure context has to be the same.
            let fits = worker.options.worker_type == options.worker_type
                && worker.options.credentials == options.credentials
                && worker.options.extended_lifetime == options.extended_lifetime
                && worker.secure_context == secure;
            if !fits {
                return Some(SharedWorkerConnection::Mismatch);
            }
            // 11.5.8. Add the creator to its owner set. The caller does the rest (11.5.4. to 11.5.7.).
            worker.owners.insert(owner);
            return Some(SharedWorkerConnection::Existing(worker.id));
        }
        // 11.6. Otherwise run a new worker.
        let (worker, steps) =
            self.run_a_worker(queues, WorkerKind::Shared, creator, url, options)?;
        Some(SharedWorkerConnection::New(worker, steps))
    }
}
