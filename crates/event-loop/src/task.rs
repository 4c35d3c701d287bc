//! Tasks: data with a source, a client and a stamp.

use crate::key::{AgentId, ClientId, GlobalId};
use crate::scheduler::SchedulerQueueId;

/// A [task source](https://html.spec.whatwg.org/multipage/webappapis.html#task-source).
/// Tasks of one source keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TaskSource {
    /// The [DOM manipulation task source](https://html.spec.whatwg.org/multipage/webappapis.html#dom-manipulation-task-source).
    DomManipulation,
    /// The tasks at the end of loading a document: `DOMContentLoaded`, `load`, and `load` at
    /// the element that contains it.
    ///
    /// In the standard they belong to the DOM manipulation task source. Browsers run no other
    /// tasks between them.
    EndOfLoading,
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
    /// of the port with this number. Each port is a source.
    Port(u64),
    /// The [rendering task source](https://html.spec.whatwg.org/multipage/webappapis.html#rendering-task-source).
    Rendering,
    /// The [idle-task task source](https://w3c.github.io/requestidlecallback/#start-an-idle-period-algorithm).
    Idle,
    /// A [scheduler task queue](https://wicg.github.io/scheduling-apis/#scheduler-task-queue). Its
    /// priority decides when its tasks run.
    Scheduler(SchedulerQueueId),
    /// A source of the embedder.
    Other(&'static str),
}

impl TaskSource {
    /// The source that the standard gives to these tasks. Tasks of one such source keep their order in
    /// every legal order.
    #[must_use]
    pub fn of_the_standard(self) -> Self {
        match self {
            Self::EndOfLoading => Self::DomManipulation,
            other => other,
        }
    }

    /// A number for the source in the names of tasks. It is the same in all runs: all ports have one number.
    pub(crate) fn code(self) -> u64 {
        match self {
            Self::DomManipulation => 1,
            Self::EndOfLoading => 2,
            Self::Networking => 3,
            Self::NavigationAndTraversal => 4,
            Self::PostedMessage => 5,
            Self::Timer => 6,
            Self::UserInteraction => 7,
            Self::Port(_) => 8,
            Self::Rendering => 9,
            Self::Idle => 10,
            Self::Scheduler(_) => 11,
            // FNV-1a.
            Self::Other(name) => name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            }),
        }
    }
}

/// A task in a queue, or taken out of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued<T> {
    /// The number of the task. It grows with each task of the loop.
    pub stamp: u64,
    /// The task source.
    pub source: TaskSource,
    /// The client that the task belongs to. The task runs only while the client is fully active. A
    /// task without a client always runs.
    pub client: Option<ClientId>,
    /// The embedder's data.
    pub task: T,
}

/// The reason why a task was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// Its client was destroyed while it waited.
    ClientDestroyed,
    /// Its client or global did not exist any more when it was queued.
    NoClient,
    /// The embedder removed it.
    Removed,
}

impl core::fmt::Display for DropReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::ClientDestroyed => "its document was destroyed",
            Self::NoClient => "its document is gone",
            Self::Removed => "it was removed",
        })
    }
}

/// A task that will not run, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a dropped task ends here: inform the code that waits for it"]
pub struct Dropped<T> {
    /// The task.
    pub queued: Queued<T>,
    /// The reason.
    pub reason: DropReason,
}

/// The next step of the loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextTask<T> {
    /// Run this task.
    Task(Queued<T>),
    /// Wait: nothing can run now, but something is outstanding.
    Wait {
        /// The time of the next timer, on the loop's clock; `None` if there is no timer.
        until: Option<core::time::Duration>,
        /// The number of outstanding answers, such as loads.
        outstanding: usize,
    },
    /// Stop: nothing can run, and nothing is outstanding.
    Idle,
}

/// The interface of an [`EventLoop`](crate::EventLoop) for a library: it takes the library's type of task, `X`,
/// for any task type of the embedder.
pub trait TaskQueues<X> {
    /// See [`EventLoop::create_global`](crate::EventLoop::create_global).
    fn create_global(&mut self) -> GlobalId;
    /// See [`EventLoop::destroy_global`](crate::EventLoop::destroy_global).
    fn destroy_global(&mut self, global: GlobalId);
    /// See [`EventLoop::create_client`](crate::EventLoop::create_client).
    fn create_client(&mut self, global: GlobalId) -> ClientId;
    /// See [`EventLoop::set_fully_active`](crate::EventLoop::set_fully_active).
    fn set_fully_active(&mut self, client: ClientId, fully_active: bool);
    /// See [`EventLoop::set_agent`](crate::EventLoop::set_agent).
    fn set_agent(&mut self, client: ClientId, agent: AgentId);
    /// See [`EventLoop::is_fully_active`](crate::EventLoop::is_fully_active).
    fn is_fully_active(&self, client: ClientId) -> bool;
    /// See [`EventLoop::destroy_client`](crate::EventLoop::destroy_client).
    fn destroy_client(&mut self, client: ClientId);
    /// See [`EventLoop::client_of`](crate::EventLoop::client_of).
    fn client_of(&self, global: GlobalId) -> Option<ClientId>;
    /// See [`EventLoop::global_of`](crate::EventLoop::global_of).
    fn global_of(&self, client: ClientId) -> Option<GlobalId>;
    /// See [`EventLoop::queue_task`](crate::EventLoop::queue_task). Returns false if the client is gone; the task is then in the
    /// loop's list of dropped tasks.
    fn queue(&mut self, source: TaskSource, client: Option<ClientId>, task: X) -> bool;
    /// See [`EventLoop::queue_task_in_parallel`](crate::EventLoop::queue_task_in_parallel).
    fn queue_in_parallel(&mut self, source: TaskSource, client: Option<ClientId>, task: X);
    /// See [`EventLoop::queue_task_after`](crate::EventLoop::queue_task_after).
    fn queue_after(
        &mut self,
        delay: core::time::Duration,
        source: TaskSource,
        client: Option<ClientId>,
        task: X,
    );
    /// See [`EventLoop::queue_global_task`](crate::EventLoop::queue_global_task), and [`queue`](Self::queue) for the result.
    fn queue_global(&mut self, source: TaskSource, global: GlobalId, task: X) -> bool;
    /// Drops all tasks of one source and client, without adding them to the list of dropped tasks.
    /// It is for sources with one user that ends, such as a port. See [`EventLoop::remove_tasks`](crate::EventLoop::remove_tasks).
    fn discard(&mut self, source: TaskSource, client: Option<ClientId>);
    /// See [`EventLoop::is_idle_for`](crate::EventLoop::is_idle_for).
    fn is_idle_for(&self, global: GlobalId) -> bool;
    /// See [`EventLoop::now`](crate::EventLoop::now).
    fn now(&mut self) -> core::time::Duration;
}
