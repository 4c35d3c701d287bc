//! The trait of an embedder, and the driver that performs steps.

use framepost_event_loop::{Agent, EventLoop, LoopState, TaskQueues, TimerTask};

use crate::Contexts;
use crate::steps::{ContextTask, Diagnostic, Effect, Steps};

/// State that contains browsing contexts. [`State`] is one; the messaging crate has one with ports.
pub trait ContextState: LoopState {
    /// The contexts, and the task queues of the loop.
    fn contexts(&mut self) -> (&mut Contexts, &mut dyn TaskQueues<ContextTask>);
}

/// The state of an embedder that has browsing contexts and no messages.
#[derive(Debug)]
pub struct State<T, M> {
    /// The event loop.
    pub event_loop: EventLoop<T, M>,
    /// The browsing contexts.
    pub contexts: Contexts,
}

impl<T, M> Default for State<T, M> {
    fn default() -> Self {
        Self {
            event_loop: EventLoop::default(),
            contexts: Contexts::default(),
        }
    }
}

impl<T: From<TimerTask>, M> LoopState for State<T, M> {
    type Task = T;
    type Microtask = M;

    fn event_loop(&mut self) -> &mut EventLoop<T, M> {
        &mut self.event_loop
    }
}

impl<T: From<TimerTask> + From<ContextTask>, M> ContextState for State<T, M> {
    fn contexts(&mut self) -> (&mut Contexts, &mut dyn TaskQueues<ContextTask>) {
        (&mut self.contexts, &mut self.event_loop)
    }
}

/// An embedder that has browsing contexts.
pub trait EffectHost: Agent<State: ContextState> {
    /// Gives access to the contexts and the task queues. No script runs inside `f`.
    #[inline]
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R {
        self.with_state(|state| {
            let (contexts, queues) = state.contexts();
            f(contexts, queues)
        })
    }

    /// Performs one effect completely. This method runs scripts and dispatches events. It passes the effects that it
    /// does not know to [`ignore`](Self::ignore).
    fn perform(&mut self, effect: Effect);

    /// Ignores an effect. In debug builds, the user learns what goes wrong
    /// ([`if_ignored`](Effect::if_ignored)): this performs an [`Effect::Report`].
    fn ignore(&mut self, effect: &Effect) {
        if let Some(what) = effect.if_ignored().filter(|_| cfg!(debug_assertions)) {
            self.perform(Effect::Report(Diagnostic::EffectIgnored { what }));
        }
    }
}

/// Performs steps to their end. A binding that changes a tree or navigates calls the method that returns the steps,
/// and then this function.
pub fn drive<H: EffectHost>(host: &mut H, mut steps: Steps) {
    // The access ends with each step, so `perform` may get access again.
    while let Some(effect) = host.with_contexts(|contexts, queues| steps.next(contexts, queues)) {
        host.perform(effect);
    }
}
