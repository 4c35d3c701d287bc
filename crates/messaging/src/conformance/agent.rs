//! The agent of a host.

use framepost_browsing_context::{ContextTask, Contexts, Effect, EffectHost};
use framepost_event_loop::{Agent, EventLoop, Queued, TaskQueues};

/// The agent of a host `H`, if another type implements [`EffectHost`] for the same state.
pub trait AgentOf<H> {
    /// The agent.
    type Agent<'a>: EffectHost
    where
        H: 'a;

    /// Borrows the agent.
    fn agent<'a>(host: &'a mut H) -> Self::Agent<'a>
    where
        H: 'a;
}

/// A host that is its own agent.
#[derive(Debug)]
pub(super) enum Itself {}

impl<H: EffectHost> AgentOf<H> for Itself {
    type Agent<'a>
        = ByReference<'a, H>
    where
        H: 'a;

    fn agent<'a>(host: &'a mut H) -> ByReference<'a, H>
    where
        H: 'a,
    {
        ByReference(host)
    }
}

/// An agent by reference.
#[derive(Debug)]
pub(super) struct ByReference<'a, H>(&'a mut H);

impl<H: Agent> Agent for ByReference<'_, H> {
    type Task = H::Task;
    type Microtask = H::Microtask;

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<H::Task, H::Microtask>) -> R) -> R {
        self.0.with_loop(f)
    }

    fn run_task(&mut self, queued: Queued<H::Task>) {
        self.0.run_task(queued);
    }

    fn run_microtask(&mut self, microtask: H::Microtask) {
        self.0.run_microtask(microtask);
    }

    fn run_engine_jobs(&mut self) -> bool {
        self.0.run_engine_jobs()
    }

    fn after_checkpoint(&mut self) {
        self.0.after_checkpoint();
    }
}

impl<H: EffectHost> EffectHost for ByReference<'_, H> {
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R {
        self.0.with_contexts(f)
    }

    fn perform(&mut self, effect: Effect) {
        self.0.perform(effect);
    }
}
