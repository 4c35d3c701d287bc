//! What an embedder brings, and the driver that carries steps out.

use framepost_event_loop::{Agent, TaskQueues};

use crate::{ContextTask, Contexts, Effect, Steps};

/// An embedder that has browsing contexts.
pub trait Host: Agent {
    /// Gives access to the contexts and the task queues. No script runs inside `f`, so an engine
    /// may keep both behind a `RefCell` or a lock.
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R;

    /// Carries out one effect, at once and whole: scripts run and events are dispatched in here.
    fn perform(&mut self, effect: Effect);
}

/// Carries steps out to their end. A binding that changes the tree or navigates is one call of the
/// method that answers steps and one call of this.
pub fn drive<H: Host>(host: &mut H, mut steps: Steps) {
    // The access ends with each step, so that `perform` finds the state free.
    while let Some(effect) = host.with_contexts(|contexts, queues| steps.next(contexts, queues)) {
        host.perform(effect);
    }
}
