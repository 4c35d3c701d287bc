//! Shared workers
//! ([HTML, shared workers and the SharedWorker interface](https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface)).

use framepost_event_loop::{GlobalId, TaskQueues};
use url::Url;

use super::{Stage, WorkerKind, WorkerOptions};
use crate::{ContextTask, Contexts, Steps};

/// What the making of a `SharedWorker` comes to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Connected {
    /// There was none: this one has been made, and these steps begin to fetch its script.
    New(GlobalId, Steps),
    /// There is one already.
    Existing(GlobalId),
    /// There is one, made with other options: `error` is to be fired at the object.
    Mismatch,
}

impl Contexts {
    /// The [`SharedWorker()` constructor](https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker),
    /// step 11: finds the worker of this URL and name for the creator's origin, or makes it. `None`
    /// when the creator is gone.
    pub fn connect_to_a_shared_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<Connected> {
        let owner = self.document_of_global(creator)?;
        queues.client_of(creator)?;
        let origin = self.origin_of_window(creator)?.clone();
        let secure = self.is_secure_context(creator);
        let found = self.workers.values_mut().find(|worker| {
            worker.kind == WorkerKind::Shared
                && !worker.closing
                && worker.stage != Stage::Failed
                && worker.constructor_origin.same_origin(&origin)
                && worker.constructor_url == url
                && worker.options.name == options.name
        });
        if let Some(worker) = found {
            let fits = worker.options.worker_type == options.worker_type
                && worker.options.credentials == options.credentials
                && worker.secure_context == secure;
            if !fits {
                return Some(Connected::Mismatch);
            }
            worker.owners.insert(owner);
            return Some(Connected::Existing(worker.id));
        }
        let (worker, steps) =
            self.run_a_worker(queues, WorkerKind::Shared, creator, url, options)?;
        Some(Connected::New(worker, steps))
    }
}
