//! The tasks that an agent ran, in words.
//!
//! Nothing is recorded unless the embedder requests it (see [`record`]). The n-th note belongs to the n-th task of the
//! event loop's record.

use std::sync::atomic::{AtomicBool, Ordering};

use boa_engine::Context;
use framepost_event_loop::{ClientId, Queued};
use framepost_messaging::MessagingTask;
use framepost_messaging::accounting::{Endpoint, MessageInfo};

use super::origins::{self, Position};
use super::state::with_contexts;
use super::tasks::Task;
use crate::boa::slots::Slot;
use crate::output::{Level, OriginKind, Output, TaskNote, TaskOrigin};

#[derive(Default)]
struct TaskLog {
    is_recording: bool,
    notes: Vec<TaskNote>,
}

static TASK_LOG: Slot<TaskLog> = Slot::new();

/// Whether any agent of the process records its tasks.
static ANY_RECORDS: AtomicBool = AtomicBool::new(false);

/// Records tasks from now on.
pub(crate) fn record(ctx: &Context) {
    ANY_RECORDS.store(true, Ordering::Relaxed);
    TASK_LOG.with(ctx, |log| log.is_recording = true);
}

#[inline]
fn is_recording(ctx: &Context) -> bool {
    ANY_RECORDS.load(Ordering::Relaxed) && TASK_LOG.with(ctx, |log| log.is_recording)
}

/// Takes the notes since the last call.
pub(crate) fn take(ctx: &Context) -> Vec<TaskNote> {
    TASK_LOG.with(ctx, |log| std::mem::take(&mut log.notes))
}

/// A task begins.
#[inline]
pub(crate) fn begins(ctx: &Context, queued: &Queued<Task>) {
    if is_recording(ctx) {
        add(ctx, queued);
    }
}

#[cold]
fn add(ctx: &Context, queued: &Queued<Task>) {
    let (what, window, lane) = with_contexts(ctx, |contexts| {
        let what = match &queued.task {
            Task::Context(task) => contexts.describe_task(task),
            Task::Messaging(MessagingTask::Port(_)) => "a message to a port".to_owned(),
            Task::Messaging(MessagingTask::Lock(_)) => "the outcome of a lock request".to_owned(),
            Task::Messaging(_) => "a message".to_owned(),
            Task::Timer(_) => "a timer".to_owned(),
            Task::Engine(task) => format!("the task \"{}\"", task.name()),
            Task::Fetched(_) | Task::Connection(_) => "a response of the network".to_owned(),
        };
        let global = |client: ClientId| contexts.global_of_client(client);
        let is_named = matches!(queued.task, Task::Context(_));
        let window = queued.client.filter(|_| !is_named).and_then(global);
        let lane = queued.client.and_then(global);
        (
            what,
            window.map(|window| contexts.describe_global(window)),
            lane.map(|lane| contexts.describe_global(lane)),
        )
    });
    let note = TaskNote {
        what,
        is_delivery: matches!(queued.task, Task::Messaging(_)),
        window,
        origin: None,
        lane,
        output: Vec::new(),
    };
    TASK_LOG.with(ctx, |log| log.notes.push(note));
}

/// The running task has printed something.
#[inline]
pub(super) fn prints(ctx: &Context, output: &Output) {
    if is_recording(ctx) {
        add_output(ctx, output);
    }
}

#[cold]
fn add_output(ctx: &Context, output: &Output) {
    let line = match output {
        Output::Console(message) => match message.level {
            Level::Warn => format!("warning: {}", message.text),
            Level::Error => format!("error: {}", message.text),
            _ => message.text.clone(),
        },
        Output::Error(error) => error.to_string(),
        Output::Diagnostic(text) | Output::Limit(text) => text.clone(),
        Output::Dropped(dropped) => {
            let is_unknown = TASK_LOG.with(ctx, |log| {
                let note = log.notes.last();
                note.is_some_and(|note| note.is_delivery && note.what.starts_with("a message"))
            });
            // The task of the message drops it instead.
            if is_unknown {
                let origin = origins::of_message(ctx, dropped.message.id);
                describe(ctx, &dropped.message, origin.map(|(origin, _)| origin));
            }
            format!("a message was dropped: {}", dropped.reason)
        }
    };
    TASK_LOG.with(ctx, |log| {
        if let Some(note) = log.notes.last_mut() {
            note.output.push(line);
        }
    });
}

/// The running task delivers a message.
#[inline]
pub(crate) fn delivers(ctx: &Context, info: &MessageInfo) {
    if is_recording(ctx) {
        add_message(ctx, info);
    }
}

#[cold]
fn add_message(ctx: &Context, info: &MessageInfo) {
    let origin = origins::current(ctx);
    describe(ctx, info, origin);
}

/// Says which message the running task is about.
fn describe(ctx: &Context, info: &MessageInfo, origin: Option<TaskOrigin>) {
    let sender = with_contexts(ctx, |contexts| {
        let sender = info.from.global();
        sender.map(|sender| contexts.describe_global(sender))
    });
    let kind = match info.to {
        Endpoint::Port { .. } => "the message over a port",
        Endpoint::BroadcastChannel { .. } => "the broadcast message",
        Endpoint::Storage { .. } => "the storage event",
        _ => "the message",
    };
    TASK_LOG.with(ctx, |log| {
        if let Some(note) = log.notes.last_mut() {
            note.what = match sender {
                Some(sender) => format!("{kind} from {sender}"),
                None => kind.to_owned(),
            };
            note.origin = origin;
        }
    });
}

/// The running task passes the response to a request on, which the script at `sent_at` has sent.
#[inline]
pub(crate) fn passes_on_response(
    ctx: &Context,
    url: impl FnOnce() -> String,
    sent_at: Option<&Position>,
) {
    if is_recording(ctx) {
        let origin =
            sent_at.map(|position| origins::of_position(ctx, OriginKind::Request, position));
        let what = format!("the response for {}", url());
        TASK_LOG.with(ctx, |log| {
            if let Some(note) = log.notes.last_mut() {
                note.what = what;
                // The origin says more than the window.
                note.window = note.window.take().filter(|_| origin.is_none());
                note.origin = origin;
            }
        });
    }
}

/// The running task calls a timer.
#[inline]
pub(crate) fn calls_timer(ctx: &Context) {
    if is_recording(ctx) {
        let origin = origins::current(ctx);
        TASK_LOG.with(ctx, |log| {
            if let Some(note) = log.notes.last_mut() {
                note.origin = origin;
            }
        });
    }
}
