//! The state of the three crates in one value, and a type of task.

use std::convert::Infallible;

use framepost_browsing_context::{ContextState, ContextTask, Contexts};
use framepost_event_loop::{EventLoop, LoopState, TaskQueues, TimerTask};

use super::{Messaging, MessagingTask, Queues};

/// State that contains ports and channels. [`State`] is one.
pub trait MessagingState {
    /// The ports and channels, the task queues of the loop, and the browsing contexts.
    fn messaging(&mut self) -> (&mut Messaging, &mut Queues<'_>, &Contexts);
}

/// The state of an agent: all that the three crates keep. An embedder implements
/// [`HasState`](framepost_event_loop::HasState) with it.
///
/// An embedder with a type of its own implements [`LoopState`], [`ContextState`] and [`MessagingState`] for that.
#[derive(Debug)]
pub struct State<T = Task, M = ()> {
    /// The event loop.
    pub event_loop: EventLoop<T, M>,
    /// The browsing contexts.
    pub contexts: Contexts,
    /// The ports and channels.
    pub messaging: Messaging,
}

impl<T, M> State<T, M> {
    /// A state without anything, and this event loop.
    #[must_use]
    pub fn new(event_loop: EventLoop<T, M>) -> Self {
        Self {
            event_loop,
            contexts: Contexts::new(),
            messaging: Messaging::new(),
        }
    }
}

impl<T, M> Default for State<T, M> {
    fn default() -> Self {
        Self::new(EventLoop::default())
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

impl<T: From<MessagingTask>, M> MessagingState for State<T, M> {
    fn messaging(&mut self) -> (&mut Messaging, &mut Queues<'_>, &Contexts) {
        (&mut self.messaging, &mut self.event_loop, &self.contexts)
    }
}

/// A task of an embedder: one variant for each crate that queues tasks, and the embedder's own tasks.
///
/// An embedder without tasks of its own needs no arm for [`Own`](Self::Own).
#[derive(Debug)]
#[allow(
    clippy::exhaustive_enums,
    reason = "an embedder matches all variants, and no other crate queues tasks"
)]
pub enum Task<O = Infallible> {
    /// A task of the browsing contexts: drive [`Contexts::run_task`].
    Context(ContextTask),
    /// A task of the ports and channels, for [`run_messaging_task`](crate::run_messaging_task).
    Messaging(MessagingTask),
    /// A timer that is due: call [`EventLoop::begin_timer`].
    Timer(TimerTask),
    /// A task of the embedder.
    Own(O),
}

impl<O> From<ContextTask> for Task<O> {
    fn from(task: ContextTask) -> Self {
        Self::Context(task)
    }
}

impl<O> From<MessagingTask> for Task<O> {
    fn from(task: MessagingTask) -> Self {
        Self::Messaging(task)
    }
}

impl<O> From<TimerTask> for Task<O> {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

/// Gives another task back, for [`State::housekeep`].
impl<O> TryFrom<Task<O>> for MessagingTask {
    type Error = Task<O>;

    fn try_from(task: Task<O>) -> Result<Self, Task<O>> {
        match task {
            Task::Messaging(task) => Ok(task),
            other => Err(other),
        }
    }
}
