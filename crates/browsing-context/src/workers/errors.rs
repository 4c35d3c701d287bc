//! What goes wrong in a worker and nobody there handles
//! ([HTML, runtime script errors](https://html.spec.whatwg.org/multipage/webappapis.html#runtime-script-errors)).

use framepost_event_loop::{GlobalId, TaskQueues, TaskSource};

use crate::{ContextTask, Contexts};

use super::WorkerKind;

/// What is told of an exception to those who did not see it thrown: no value of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// What was thrown, in words.
    pub message: String,
    /// The URL of the script.
    pub filename: String,
    /// The line, from 1; 0 when unknown.
    pub lineno: u32,
    /// The column, from 1; 0 when unknown.
    pub colno: u32,
}

impl Contexts {
    /// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception),
    /// the last step, for an exception that a dedicated worker has not handled: its `Worker` object
    /// hears of it in a task. `false`: nobody does, and it is for the embedder to tell.
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
        let Some(document) = queues.client_of(held.creator) else {
            return false;
        };
        let task = ContextTask::WorkerError {
            worker,
            owner: held.creator,
            report: Box::new(report),
        };
        queues.queue(TaskSource::DomManipulation, Some(document), task)
    }
}
