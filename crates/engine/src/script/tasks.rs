//! The tasks of an agent's event loop: data, printable, and never a closure.
//!
//! This module does not know who queues tasks. A family of interfaces declares a [`TaskKind`] for
//! each of its tasks and keeps what the task acts on in a slot of its own, under the id that the
//! task carries.

use std::fmt;

use boa_engine::Context;
use framepost_browsing_context::ContextTask;
use framepost_event_loop::{EventLoop, GlobalId, Key, TaskSource, TimerTask};
use framepost_messaging::MessagingTask;

use super::state::with_loop;
use crate::http::Fetched;

/// A task of the engine's event loop.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum Task {
    /// A task of the documents and navigables.
    Context(ContextTask),
    /// A task of the messages and ports.
    Messaging(MessagingTask),
    /// A timer that is due.
    Timer(TimerTask),
    /// A task of the engine's own.
    Engine(EngineTask),
    /// An answer from the network.
    Fetched(Box<Fetched>),
}

/// The event loop of an agent. A [microtask](https://html.spec.whatwg.org/multipage/webappapis.html#microtask)
/// is a task in the microtask queue.
pub(crate) type AgentLoop = EventLoop<Task, EngineTask>;

/// What the tasks or microtasks of one kind do.
pub(crate) struct TaskKind {
    /// What they are called, for who prints them.
    pub(crate) name: &'static str,
    /// Runs one: finds by the id what it acts on.
    pub(crate) run: fn(&mut Context, TaskId),
}

/// A task, or a microtask, of the engine's own.
#[derive(Clone, Copy)]
pub(crate) struct EngineTask {
    kind: &'static TaskKind,
    id: TaskId,
}

impl EngineTask {
    /// A task of this kind, for what has this id.
    pub(crate) fn new(kind: &'static TaskKind, id: impl Into<TaskId>) -> Self {
        let id = id.into();
        Self { kind, id }
    }

    /// Runs it.
    pub(crate) fn run(self, ctx: &mut Context) {
        (self.kind.run)(ctx, self.id);
    }
}

impl fmt::Debug for EngineTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.kind.name, self.id.serial)
    }
}

/// Names what a task acts on: a key of an arena of the family that queues it, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskId {
    serial: u64,
    index: u32,
}

impl TaskId {
    /// The id of the one task of its kind.
    pub(crate) const ONLY: Self = Self::number(0);

    /// A number that the family has given.
    pub(crate) const fn number(number: u64) -> Self {
        Self {
            serial: number,
            index: 0,
        }
    }

    /// The key that it was made from.
    pub(crate) fn key<K: Key>(self) -> K {
        K::from_parts(self.index, self.serial)
    }

    /// The number that it was made from.
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

/// [Queue a global task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-global-task).
/// `false`: the global has no document any more, and the task was dropped.
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

/// [Queue a microtask](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-microtask).
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
    fn ids_give_their_keys_back() {
        let key = GlobalId::from_parts(4, 9);
        assert_eq!(TaskId::from(key).key::<GlobalId>(), key);
    }
}
