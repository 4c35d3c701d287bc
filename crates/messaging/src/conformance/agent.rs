//! The agent of a host.

use framepost_browsing_context::{Effect, EffectHost};
use framepost_event_loop::{Agent, HasState, MicrotaskOf, Queued, TaskOf};

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

impl<H: HasState> HasState for ByReference<'_, H> {
    type State = H::State;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut H::State) -> R) -> R {
        self.0.with_state(f)
    }
}

impl<H: Agent> Agent for ByReference<'_, H> {
    fn run_task(&mut self, queued: Queued<TaskOf<H>>) {
        self.0.run_task(queued);
    }

    fn run_microtask(&mut self, microtask: MicrotaskOf<H>) {
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
    fn perform(&mut self, effect: Effect) {
        self.0.perform(effect);
    }
}
