//! What a task is to this crate: data with a source, a document and a stamp.

use crate::{ClientId, EventLoop, GlobalId};

/// A [task source](https://html.spec.whatwg.org/multipage/webappapis.html#task-source):
/// tasks of one source keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TaskSource {
    /// The [DOM manipulation task source](https://html.spec.whatwg.org/multipage/webappapis.html#dom-manipulation-task-source).
    DomManipulation,
    /// The [networking task source](https://html.spec.whatwg.org/multipage/webappapis.html#networking-task-source).
    Networking,
    /// The [navigation and traversal task source](https://html.spec.whatwg.org/multipage/webappapis.html#navigation-and-traversal-task-source).
    NavigationAndTraversal,
    /// The [posted message task source](https://html.spec.whatwg.org/multipage/web-messaging.html#posted-message-task-source).
    PostedMessage,
    /// The [timer task source](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-task-source).
    Timer,
    /// The [user interaction task source](https://html.spec.whatwg.org/multipage/webappapis.html#user-interaction-task-source).
    UserInteraction,
    /// The [port message queue](https://html.spec.whatwg.org/multipage/web-messaging.html#port-message-queue)
    /// of the port with this number: each port is a source of its own.
    Port(u64),
    /// A source of the embedder's own.
    Other(&'static str),
}

/// A task in a queue or on its way to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued<T> {
    /// When it was queued, as a number that grows with every task of the loop.
    pub stamp: u64,
    /// Its task source.
    pub source: TaskSource,
    /// The document it belongs to; it runs only while that is fully active. `None`: no document.
    pub document: Option<ClientId>,
    /// What is to be done.
    pub task: T,
}

/// Why a task was dropped without being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// Its document was destroyed while it waited.
    DocumentDestroyed,
    /// Its document or window was gone before it could be queued.
    DocumentGone,
    /// The queue or the loop was emptied by the embedder.
    Removed,
}

impl core::fmt::Display for DropReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::DocumentDestroyed => "its document was destroyed",
            Self::DocumentGone => "its document is gone",
            Self::Removed => "it was removed",
        })
    }
}

/// A task that will never run, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a dropped task ends here: say so to whoever waits for it"]
pub struct Dropped<T> {
    /// The task as it was queued.
    pub queued: Queued<T>,
    /// Why it will not run.
    pub reason: DropReason,
}

/// What the loop has to offer next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// Run this task.
    Task(Queued<T>),
    /// Nothing can run now, but something is to come.
    Wait {
        /// When the next timer is due, on the loop's clock; `None` when only answers are awaited.
        until: Option<core::time::Duration>,
        /// How many loads or other outside answers are outstanding.
        outstanding: usize,
    },
    /// Nothing can run and nothing is to come.
    Idle,
}

/// An [`EventLoop`] as a higher floor sees it: it takes that floor's kind of task, `X`, and says
/// nothing of what other tasks the embedder's loop carries.
pub trait TaskQueues<X> {
    /// See [`EventLoop::create_window`].
    fn create_window(&mut self) -> GlobalId;
    /// See [`EventLoop::destroy_window`].
    fn destroy_window(&mut self, window: GlobalId);
    /// See [`EventLoop::create_document`].
    fn create_document(&mut self, window: GlobalId) -> ClientId;
    /// See [`EventLoop::set_fully_active`].
    fn set_fully_active(&mut self, document: ClientId, fully_active: bool);
    /// See [`EventLoop::is_fully_active`].
    fn is_fully_active(&self, document: ClientId) -> bool;
    /// See [`EventLoop::destroy_document`].
    fn destroy_document(&mut self, document: ClientId);
    /// See [`EventLoop::document_of`].
    fn document_of(&self, window: GlobalId) -> Option<ClientId>;
    /// See [`EventLoop::window_of`].
    fn window_of(&self, document: ClientId) -> Option<GlobalId>;
    /// See [`EventLoop::queue_task`]: `false` means that the document is gone; the task is then
    /// in the loop's list of dropped tasks.
    fn queue(&mut self, source: TaskSource, document: Option<ClientId>, task: X) -> bool;
    /// See [`EventLoop::queue_task_in_parallel`].
    fn queue_in_parallel(&mut self, source: TaskSource, document: Option<ClientId>, task: X);
    /// See [`EventLoop::queue_task_after`].
    fn queue_after(
        &mut self,
        delay: core::time::Duration,
        source: TaskSource,
        document: Option<ClientId>,
        task: X,
    );
    /// See [`EventLoop::queue_global_task`], and [`queue`](Self::queue) for the answer.
    fn queue_global(&mut self, source: TaskSource, window: GlobalId, task: X) -> bool;
    /// Drops all tasks of one source of a document without further notice: for sources that one
    /// thing has for itself, such as a port, when that ends. See [`EventLoop::remove_tasks`].
    fn discard(&mut self, source: TaskSource, document: Option<ClientId>);
    /// See [`EventLoop::is_idle_for`].
    fn is_idle_for(&self, window: GlobalId) -> bool;
    /// See [`EventLoop::now`].
    fn now(&mut self) -> core::time::Duration;
}

impl<X, T: From<X>, M> TaskQueues<X> for EventLoop<T, M> {
    fn create_window(&mut self) -> GlobalId {
        EventLoop::create_window(self)
    }
    fn destroy_window(&mut self, window: GlobalId) {
        EventLoop::destroy_window(self, window);
    }
    fn create_document(&mut self, window: GlobalId) -> ClientId {
        EventLoop::create_document(self, window)
    }
    fn set_fully_active(&mut self, document: ClientId, fully_active: bool) {
        EventLoop::set_fully_active(self, document, fully_active);
    }
    fn is_fully_active(&self, document: ClientId) -> bool {
        EventLoop::is_fully_active(self, document)
    }
    fn destroy_document(&mut self, document: ClientId) {
        EventLoop::destroy_document(self, document);
    }
    fn document_of(&self, window: GlobalId) -> Option<ClientId> {
        EventLoop::document_of(self, window)
    }
    fn window_of(&self, document: ClientId) -> Option<GlobalId> {
        EventLoop::window_of(self, document)
    }
    fn queue(&mut self, source: TaskSource, document: Option<ClientId>, task: X) -> bool {
        let queued = self.queue_task(source, document, task);
        self.keep_dropped(queued)
    }
    fn queue_in_parallel(&mut self, source: TaskSource, document: Option<ClientId>, task: X) {
        self.queue_task_in_parallel(source, document, task);
    }
    fn queue_after(
        &mut self,
        delay: core::time::Duration,
        source: TaskSource,
        document: Option<ClientId>,
        task: X,
    ) {
        self.queue_task_after(delay, source, document, task);
    }
    fn queue_global(&mut self, source: TaskSource, window: GlobalId, task: X) -> bool {
        let queued = self.queue_global_task(source, window, task);
        self.keep_dropped(queued)
    }
    fn discard(&mut self, source: TaskSource, document: Option<ClientId>) {
        drop(self.remove_tasks(document, source, |_| true));
    }
    fn is_idle_for(&self, window: GlobalId) -> bool {
        EventLoop::is_idle_for(self, window)
    }
    fn now(&mut self) -> core::time::Duration {
        EventLoop::now(self)
    }
}
