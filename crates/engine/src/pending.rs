//! What keeps a page from being idle, in words.

use std::time::Duration;

use boa_engine::Context;
use framepost_event_loop::{ClientId, GlobalId, Pending};
use framepost_messaging::MessagingTask;

use crate::html::timers;
use crate::output::TaskOrigin;
use crate::script::{Task, state};

/// One thing that is outstanding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingWork {
    /// What it is, such as `a timer`.
    pub what: String,
    /// The window or worker that it belongs to.
    pub window: Option<String>,
    /// The time until it is due, on the page's clock; `None` if it has no time.
    pub due_in: Option<Duration>,
    /// The call that set it, if it is a timer and the page [records it](crate::PageOptions::task_origins).
    pub origin: Option<TaskOrigin>,
}

/// Lists what is outstanding: tasks, timers, loads, and messages at ports that are not started.
pub(crate) fn pending(ctx: &Context) -> Vec<PendingWork> {
    let mut timers_at = Vec::new();
    let mut found = Vec::new();
    {
        let state = state(ctx);
        let world = &*state.world.borrow();
        let contexts = &world.contexts;
        let now = world.event_loop.peek_now();
        let of_global = |global: GlobalId| contexts.describe_global(global);
        let of_client = |client: Option<ClientId>| {
            let global = client.and_then(|client| contexts.global_of_client(client));
            global.map(of_global)
        };
        let mut message_tasks = 0;
        for pending in world.event_loop.pending() {
            let (what, window, due) = match pending {
                Pending::Task {
                    client,
                    task,
                    runnable,
                    ..
                } => {
                    message_tasks += u64::from(matches!(task, Task::Messaging(_)));
                    let what = describe(task, contexts);
                    let what = match runnable {
                        true => what,
                        false => format!("{what} (its document is not active)"),
                    };
                    (what, of_client(client), None)
                }
                Pending::Microtasks { count } => (format!("{count} microtasks"), None, None),
                Pending::Timer {
                    global,
                    handle,
                    due,
                    kind,
                } => {
                    timers_at.push((found.len(), global, handle));
                    let what = match kind {
                        framepost_event_loop::TimerKind::Timeout => "a timer",
                        framepost_event_loop::TimerKind::Interval => "an interval",
                    };
                    (what.to_owned(), Some(of_global(global)), Some(due))
                }
                Pending::Delayed {
                    client, due, task, ..
                } => (describe(task, contexts), of_client(client), Some(due)),
                Pending::Outstanding {
                    global,
                    what,
                    detail,
                } => (format!("a {what} of {detail}"), global.map(of_global), None),
                _ => continue,
            };
            found.push(PendingWork {
                what,
                window,
                due_in: due.map(|due| due.saturating_sub(now)),
                origin: None,
            });
        }
        let waiting = world.messaging.counters().pending();
        if let Some(waiting @ 1..) = waiting.checked_sub(message_tasks) {
            found.push(PendingWork {
                what: match waiting {
                    1 => "a message at a port that is not started".to_owned(),
                    _ => format!("{waiting} messages at ports that are not started"),
                },
                window: None,
                due_in: None,
                origin: None,
            });
        }
    }
    for (place, global, handle) in timers_at {
        if let Some(work) = found.get_mut(place) {
            work.origin = timers::origin(ctx, global, handle);
        }
    }
    found
}

fn describe(task: &Task, contexts: &framepost_browsing_context::Contexts) -> String {
    match task {
        Task::Context(task) => contexts.describe_task(task),
        Task::Messaging(MessagingTask::Port(_)) => "a message to a port".to_owned(),
        Task::Messaging(_) => "a message".to_owned(),
        Task::Timer(_) => "a timer".to_owned(),
        Task::Engine(task) => format!("the task \"{}\"", task.name()),
        Task::Fetched(_) => "a response of the network".to_owned(),
    }
}
