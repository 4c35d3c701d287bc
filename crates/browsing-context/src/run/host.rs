//! The trait of an embedder, and the driver that carries steps out.

use framepost_event_loop::{Agent, TaskQueues};

use crate::Contexts;
use crate::steps::{ContextTask, Effect, Steps};

/// An embedder that has browsing contexts.
pub trait Host: Agent {
    /// Gives access to the contexts and the task queues. No script runs inside `f`, so an engine
    /// may keep both behind a `RefCell` or a lock.
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R;

    /// Carries out one effect completely. Scripts run and events are dispatched in here.
    fn perform(&mut self, effect: Effect);
}

/// Carries steps out to their end. A binding that changes a tree or navigates calls the method that
/// returns the steps, and then this.
pub fn drive<H: Host>(host: &mut H, mut steps: Steps) {
    // The access ends with each step, so `perform` may ask for it again.
    while let Some(effect) = host.with_contexts(|contexts, queues| steps.next(contexts, queues)) {
        host.perform(effect);
    }
}
