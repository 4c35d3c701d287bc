//! Priorities of scheduled tasks
//! ([prioritized task scheduling](https://wicg.github.io/scheduling-apis/)).

use crate::ClientId;

crate::new_key_type! {
    /// Names a [scheduler task queue](https://wicg.github.io/scheduling-apis/#scheduler-task-queue).
    pub struct SchedulerQueueId: "scheduler task queue";
}

/// A [task priority](https://wicg.github.io/scheduling-apis/#enumdef-taskpriority).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TaskPriority {
    /// `user-blocking`: before all other tasks.
    UserBlocking,
    /// `user-visible`, the default: as other tasks.
    #[default]
    UserVisible,
    /// `background`: after all other tasks.
    Background,
}

/// The contents of a scheduler task queue
/// ([is continuation](https://wicg.github.io/scheduling-apis/#scheduler-task-queue)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchedulerQueueKind {
    /// Continuations, which run before tasks of the same priority.
    Continuations,
    /// Tasks.
    Tasks,
}

/// The rank of a task queue among the others. A lower rank runs first; within a rank, the policy
/// decides.
// IMPLEMENTATION-DEFINED: the order between scheduled tasks and all others. As in browsers, `user-blocking`
// tasks run before them, `background` tasks after them, and `user-visible` tasks in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u8);

impl Rank {
    /// The rank of the tasks at the end of loading.
    // IMPLEMENTATION-DEFINED: browsers let nothing in between.
    pub(crate) const END_OF_LOADING: Self = Self(0);
    /// The rank of all other tasks that no scheduler queued.
    pub(crate) const OTHER: Self = Self(4);

    /// The [effective priority](https://wicg.github.io/scheduling-apis/#scheduler-task-queue-effective-priority)
    /// of a scheduler task queue: a continuation runs before a task of the same priority.
    pub(crate) fn new(priority: TaskPriority, kind: SchedulerQueueKind) -> Self {
        let task = match priority {
            TaskPriority::UserBlocking => 2,
            TaskPriority::UserVisible => 4,
            TaskPriority::Background => 6,
        };
        Self(task - u8::from(kind == SchedulerQueueKind::Continuations))
    }
}

/// The state of a scheduler task queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchedulerQueue {
    pub(crate) client: Option<ClientId>,
    pub(crate) priority: TaskPriority,
    pub(crate) kind: SchedulerQueueKind,
}

impl SchedulerQueue {
    pub(crate) fn rank(self) -> Rank {
        Rank::new(self.priority, self.kind)
    }
}
