//! Workers ([HTML, web workers](https://html.spec.whatwg.org/multipage/workers.html)): their creation, their owners,
//! their scripts and their end.
//!
//! The standard gives each worker an agent with an event loop of its own. In this crate, one loop serves all workers,
//! so that they share a clock and an order. A worker's global scope has a [`GlobalId`], like every global object. Its
//! own event loop has a [`ClientId`], which owns its tasks and is always fully active.
//!
//! This module knows no ports and no `Worker` objects.

mod end;
mod errors;
mod import;
pub(crate) mod options;
mod run;
mod shared;
pub(crate) mod table;

use framepost_event_loop::TaskQueues;

pub use import::ImportedScript;
pub use shared::SharedWorkerConnection;

use crate::Contexts;
use crate::steps::{ContextTask, Effect, Next, WorkerAction};

impl Contexts {
    pub(crate) fn run_worker_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: WorkerAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            WorkerAction::FetchScript(worker) => {
                return self.fetch_a_classic_worker_script(queues, worker);
            }
            WorkerAction::FetchModule(worker) => {
                return self.fetch_the_module_graph_of_a_worker(queues, worker, next);
            }
            WorkerAction::Loaded(worker, answer) => {
                return self.worker_script_is_loaded(queues, worker, *answer, next);
            }
            WorkerAction::GraphReady(worker, outcome) => {
                return self.worker_graph_is_ready(queues, worker, outcome, next);
            }
            WorkerAction::HasRun(worker) => return self.worker_has_run(worker),
            WorkerAction::Failed(worker, diagnostic) => {
                return Some(self.worker_failed(queues, worker, diagnostic));
            }
            WorkerAction::End(worker) => self.end_a_worker(queues, worker, next),
            WorkerAction::Forget(worker) => {
                self.workers.workers.remove(&worker);
            }
        }
        None
    }
}
