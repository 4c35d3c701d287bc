//! The trait of an embedder, and the driver that performs steps.

use framepost_event_loop::{Agent, TaskQueues};

use crate::Contexts;
use crate::steps::{ContextTask, Effect, Steps};

/// An embedder that has browsing contexts.
pub trait EffectHost: Agent {
    /// Gives access to the contexts and the task queues. No script runs inside `f`, so an engine
    /// may keep both behind a `RefCell` or a lock.
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R;

    /// Performs one effect completely. This method runs scripts and dispatches events.
    fn perform(&mut self, effect: Effect);
}

/// Performs steps to their end. A binding that changes a tree or navigates calls the method that returns the steps,
/// and then this function.
pub fn drive<H: EffectHost>(host: &mut H, mut steps: Steps) {
    // The access ends with each step, so `perform` may get access again.
    while let Some(effect) = host.with_contexts(|contexts, queues| steps.next(contexts, queues)) {
        host.perform(effect);
    }
}
