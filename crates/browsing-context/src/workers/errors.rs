//! Exceptions that a worker does not handle
//! ([HTML, runtime script errors](https://html.spec.whatwg.org/multipage/webappapis.html#runtime-script-errors)).

use framepost_event_loop::{GlobalId, TaskQueues, TaskSource};

use super::options::WorkerKind;
use crate::Contexts;
use crate::steps::{ContextTask, ErrorReport};

impl Contexts {
    /// The last step of [report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception)
    /// for an exception that a dedicated worker does not handle: queues a task to fire `error` at its
    /// `Worker` object. Returns whether the task is queued; if not, the embedder reports the
    /// exception itself.
    pub fn report_to_the_owner(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        worker: GlobalId,
        report: ErrorReport,
    ) -> bool {
        let Some(held) = self.worker(worker) else {
            return false;
        };
        if held.kind != WorkerKind::Dedicated {
            return false;
        }
        let owner = held.creator;
        let Some(client) = queues.client_of(owner) else {
            return false;
        };
        let task = ContextTask::WorkerError {
            worker,
            owner,
            report: Box::new(report),
        };
        queues.queue(TaskSource::DomManipulation, Some(client), task)
    }
}
