//! Tasks of an agent's event loop: plain data that can be printed, never a closure.
//!
//! This module does not depend on the code that queues tasks. A family of interfaces declares one [`TaskKind`] for
//! each of its tasks. It keeps the data of a task in a slot of its own, under the task's id.

use std::fmt;

use boa_engine::Context;
use framepost_browsing_context::ContextTask;
use framepost_event_loop::{EventLoop, GlobalId, Key, TaskSource, TimerTask};
use framepost_messaging::MessagingTask;

use super::state::with_loop;
use crate::http::{Fetched, News};

/// A task of the engine's event loop.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum Task {
    /// A task of the documents and navigables.
    Context(ContextTask),
    /// A task of messaging.
    Messaging(MessagingTask),
    /// A timer that is due.
    Timer(TimerTask),
    /// A task that a module of the engine declares.
    Engine(EngineTask),
    /// A response from the network.
    Fetched(Box<Fetched>),
    /// What has happened on an open connection.
    Connection(Box<News>),
}

/// The event loop of an agent. A [microtask](https://html.spec.whatwg.org/multipage/webappapis.html#microtask)
/// is a task in the microtask queue.
pub(crate) type AgentLoop = EventLoop<Task, EngineTask>;

/// The name and function of the tasks or microtasks of one kind.
pub(crate) struct TaskKind {
    /// The name that traces and debug output print.
    pub(crate) name: &'static str,
    /// Runs a task; the id finds its data.
    pub(crate) run: fn(&mut Context, TaskId),
}

/// A task or a microtask that a module of the engine declares.
#[derive(Clone, Copy)]
pub(crate) struct EngineTask {
    kind: &'static TaskKind,
    id: TaskId,
}

impl EngineTask {
    /// Creates a task of this kind for the data with this id.
    pub(crate) fn new(kind: &'static TaskKind, id: impl Into<TaskId>) -> Self {
        let id = id.into();
        Self { kind, id }
    }

    /// Returns the name of its kind.
    pub(crate) fn name(self) -> &'static str {
        self.kind.name
    }

    /// Runs the task.
    pub(crate) fn run(self, ctx: &mut Context) {
        (self.kind.run)(ctx, self.id);
    }
}

impl fmt::Debug for EngineTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.kind.name, self.id.serial)
    }
}

/// Names a task's data: a key of the arena of the family that queues it, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskId {
    serial: u64,
    index: u32,
}

impl TaskId {
    /// The id of a kind with one task.
    pub(crate) const ONLY: Self = Self::number(0);

    /// Creates an id from a number that the family chose.
    pub(crate) const fn number(number: u64) -> Self {
        Self {
            serial: number,
            index: 0,
        }
    }

    /// Returns the key from which the id was created.
    pub(crate) fn key<K: Key>(self) -> K {
        K::from_parts(self.index, self.serial)
    }

    /// Returns the number from which the id was created.
    pub(crate) fn as_number(self) -> u64 {
        self.serial
    }
}

impl<K: Key> From<K> for TaskId {
    fn from(key: K) -> Self {
        Self {
            serial: key.serial(),
            index: key.index(),
        }
    }
}

impl From<ContextTask> for Task {
    fn from(task: ContextTask) -> Self {
        Self::Context(task)
    }
}

impl From<MessagingTask> for Task {
    fn from(task: MessagingTask) -> Self {
        Self::Messaging(task)
    }
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

impl From<EngineTask> for Task {
    fn from(task: EngineTask) -> Self {
        Self::Engine(task)
    }
}

/// [Queue a global task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-global-task)
///
/// Returns `false` and drops the task if the global has no document.
pub(crate) fn queue_a_global_task(
    ctx: &Context,
    source: TaskSource,
    global: GlobalId,
    task: EngineTask,
) -> bool {
    with_loop(ctx, |event_loop| {
        event_loop.queue_global_task(source, global, task).is_ok()
    })
}

/// [Queue a microtask](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-microtask)
pub(crate) fn queue_a_microtask(ctx: &Context, microtask: EngineTask) {
    with_loop(ctx, |event_loop| event_loop.queue_microtask(microtask));
}

#[cfg(test)]
mod tests {
    use super::*;

    static KIND: TaskKind = TaskKind {
        name: "close the door",
        run: |_, _| {},
    };

    #[test]
    fn tasks_print_their_kind_and_id() {
        let task = Task::from(EngineTask::new(&KIND, TaskId::number(3)));
        assert_eq!(format!("{task:?}"), "Engine(close the door#3)");
    }

    #[test]
    fn tasks_take_little_memory_in_a_queue() {
        assert!(size_of::<Task>() <= 48, "{}", size_of::<Task>());
    }

    #[test]
    fn task_ids_return_their_keys() {
        let key = GlobalId::from_parts(4, 9);
        assert_eq!(TaskId::from(key).key::<GlobalId>(), key);
    }
}
