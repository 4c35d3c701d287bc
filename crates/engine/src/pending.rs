//! What keeps a page from being idle, in words.

use std::time::Duration;

use boa_engine::Context;
use framepost_browsing_context::Worker;
use framepost_event_loop::{ClientId, GlobalId, Key as _, Pending};
use framepost_messaging::MessagingTask;

use crate::html::timers;
use crate::loads;
use crate::locks::requests;
use crate::output::TaskOrigin;
use crate::script::origins::Waits;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{
    Task, origins, state, with_contexts, with_messaging, with_messaging_and_contexts,
};

/// The kind of a [`PendingWork`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PendingKind {
    /// A task or a microtask waits.
    Task,
    /// A timer, or a task that comes later, is not due yet.
    Timer,
    /// A response of the network is outstanding.
    Load,
    /// A message waits at a port that is not started.
    Message,
    /// A worker runs. It waits for messages.
    Worker,
    /// A listener or a lock request waits for something that nothing will bring about.
    Listener,
}

/// One thing that is outstanding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingWork {
    /// Its kind.
    pub kind: PendingKind,
    /// What it is, such as `a timer`.
    pub what: String,
    /// The window or worker that it belongs to.
    pub window: Option<String>,
    /// The time until it is due, on the page's clock; `None` if it has no time.
    pub due_in: Option<Duration>,
    /// The call that set the timer, sent the request or posted the message, if the page
    /// [records it](crate::PageOptions::task_origins).
    pub origin: Option<TaskOrigin>,
    /// The time since that call, on the page's clock.
    pub age: Option<Duration>,
}

impl PendingWork {
    /// Whether it would run if the page went on. A message at a port that is not started, a worker without tasks,
    /// and a listener that waits for nothing do not keep a page from being idle.
    #[must_use]
    pub fn keeps_busy(&self) -> bool {
        matches!(
            self.kind,
            PendingKind::Task | PendingKind::Timer | PendingKind::Load
        )
    }

    fn new(kind: PendingKind, what: impl Into<String>, window: Option<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            window,
            due_in: None,
            origin: None,
            age: None,
        }
    }

    fn due_in(mut self, due_in: Duration) -> Self {
        self.due_in = Some(due_in);
        self
    }

    fn with_origin(mut self, origin: Option<(TaskOrigin, Duration)>) -> Self {
        if let Some((origin, age)) = origin {
            self.origin = Some(origin);
            self.age = Some(age);
        }
        self
    }
}

/// Lists what is outstanding: tasks, timers, loads, messages at ports that are not started, workers, and listeners that wait
/// for nothing.
pub(crate) fn pending(ctx: &Context) -> Vec<PendingWork> {
    let mut found = of_event_loop(ctx);
    let loads = loads::waiting(ctx).into_iter().map(|load| {
        let window = with_contexts(ctx, |contexts| {
            let global = contexts.global_of_client(load.client?)?;
            Some(contexts.describe_global(global))
        });
        let what = format!("a load of {}", load.url);
        PendingWork::new(PendingKind::Load, what, window).with_origin(load.origin)
    });
    found.extend(loads);
    let waiting = with_messaging(ctx, |messaging, _| messaging.waiting_at_disabled_ports());
    let messages = waiting.into_iter().map(|(owner, message)| {
        let window = with_contexts(ctx, |contexts| {
            owner.map(|owner| contexts.describe_global(owner))
        });
        let what = "a message at a port that is not started";
        let origin = origins::of_message(ctx, message.id);
        PendingWork::new(PendingKind::Message, what, window).with_origin(origin)
    });
    found.extend(messages);
    found.extend(listeners(ctx));
    with_contexts(ctx, |contexts| {
        let mut workers: Vec<_> = contexts.workers().map(Worker::id).collect();
        workers.sort_unstable_by_key(|worker| worker.serial());
        for worker in workers {
            let creator = contexts.worker(worker).map(Worker::creator);
            let creator = creator.map(|creator| contexts.describe_global(creator));
            let what = contexts.describe_global(worker);
            found.push(PendingWork::new(PendingKind::Worker, what, creator));
        }
    });
    found
}

/// Lists the listeners and lock requests that wait for nothing.
fn listeners(ctx: &Context) -> Vec<PendingWork> {
    let ports = with_messaging(ctx, |messaging, _| messaging.listeners_without_peer());
    let ports = ports.into_iter().map(|(global, port)| {
        let what = "a listener at a port whose other end is closed or gone".to_owned();
        (global, what, Waits::Port(port))
    });
    let channels = with_messaging_and_contexts(ctx, |messaging, _, contexts| {
        let mut found = messaging.lonely_broadcast_channels(contexts);
        found.retain(|(_, channel)| {
            PORT_OBJECTS.with(ctx, |objects| objects.holds_channel(*channel))
        });
        let found = found.into_iter().map(|(global, channel)| {
            let name = messaging.broadcast_channel_name(channel);
            let name = String::from_utf16_lossy(name.unwrap_or_default());
            let what = format!(
                "a listener at the broadcast channel {name:?}, which no other window or worker has"
            );
            (global, what, Waits::Channel(channel))
        });
        found.collect::<Vec<_>>()
    });
    let locks = requests::waiting(ctx)
        .into_iter()
        .map(|(id, global, name)| {
            let what = format!("a request of the lock {name:?}, which is held");
            (global, what, Waits::Lock(id))
        });
    let all = ports.chain(channels).chain(locks);
    let all = all.map(|(global, what, waits)| {
        let window = with_contexts(ctx, |contexts| contexts.describe_global(global));
        let work = PendingWork::new(PendingKind::Listener, what, Some(window));
        work.with_origin(origins::of_waiting(ctx, waits))
    });
    all.collect()
}

/// Lists the tasks and timers.
fn of_event_loop(ctx: &Context) -> Vec<PendingWork> {
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
        for pending in world.event_loop.pending() {
            found.push(match pending {
                Pending::Task {
                    client,
                    task,
                    runnable,
                    ..
                } => {
                    let what = describe(task, contexts);
                    let what = match runnable {
                        true => what,
                        false => format!("{what} (its document is not active)"),
                    };
                    PendingWork::new(PendingKind::Task, what, of_client(client))
                }
                Pending::Microtasks { count } => {
                    PendingWork::new(PendingKind::Task, format!("{count} microtasks"), None)
                }
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
                    PendingWork::new(PendingKind::Timer, what, Some(of_global(global)))
                        .due_in(due.saturating_sub(now))
                }
                Pending::Delayed {
                    client, due, task, ..
                } => {
                    let what = describe(task, contexts);
                    PendingWork::new(PendingKind::Timer, what, of_client(client))
                        .due_in(due.saturating_sub(now))
                }
                // The loads are listed by the module that makes them.
                _ => continue,
            });
        }
    }
    for (place, global, handle) in timers_at {
        if let Some(work) = found.get_mut(place) {
            let timer = work.clone();
            *work = timer.with_origin(timers::origin(ctx, global, handle));
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
        Task::Fetched(_) | Task::Connection(_) => "a response of the network".to_owned(),
    }
}
