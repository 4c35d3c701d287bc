//! The state that all of messaging shares, and who may ask what of it.

use std::time::Duration;

use framepost_event_loop::{GlobalId, TaskQueues};

use crate::accounting::{
    Accounting, Cause, Counters, DropReason, DroppedMessage, QueueLimits, Trace, TraceEvent,
};
use crate::broadcast_channel::Channels;
use crate::ports::Table;
use crate::task::MessagingTask;
use crate::workers::Workers;

/// The event loop as messaging sees it.
pub type Queues<'a> = dyn TaskQueues<MessagingTask> + 'a;

/// All ports and broadcast channels of one agent, and the account of their messages.
///
/// It holds no values, runs nothing and calls nobody back. Methods that may queue tasks take the
/// loop's [`Queues`].
#[derive(Debug, Default)]
pub struct Messaging {
    pub(crate) table: Table,
    pub(crate) channels: Channels,
    pub(crate) accounting: Accounting,
    pub(crate) workers: Workers,
}

impl Messaging {
    /// Without ports, limits or trace.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many messages there were, and what became of them.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.accounting.counters
    }

    /// Whether a message that this window has posted to a window or a broadcast channel waits to be
    /// delivered. Such a message names the window's WindowProxy as its source, also when the window
    /// and its navigable are gone.
    #[must_use]
    pub fn is_awaited_from(&self, window: GlobalId) -> bool {
        self.accounting.in_tasks.any_from(window)
    }

    /// The messages that were dropped since this was last called, in that order.
    #[must_use]
    pub fn take_dropped(&mut self) -> Vec<DroppedMessage> {
        std::mem::take(&mut self.accounting.dropped)
    }

    /// Bounds what may wait from now on.
    pub fn set_limits(&mut self, limits: QueueLimits) {
        self.accounting.limits = limits;
    }

    /// Switches the trace on or off. Off, nothing is recorded and what was is thrown away.
    pub fn set_trace(&mut self, on: bool) {
        match (on, &self.accounting.trace) {
            (true, None) => self.accounting.trace = Some(Trace::default()),
            (false, Some(_)) => self.accounting.trace = None,
            _ => {}
        }
    }

    /// Whether the trace is on.
    #[must_use]
    pub fn is_tracing(&self) -> bool {
        self.accounting.trace.is_some()
    }

    /// Says when, and on whose account, all that happens which happens from now on. Whoever traces
    /// says so before each use of the ports, or at least at the beginning of each task.
    pub fn set_trace_context(&mut self, at: Duration, cause: Cause) {
        if let Some(trace) = &mut self.accounting.trace {
            trace.at = at;
            trace.cause = cause;
        }
    }

    /// What happened since this was last called, if the trace is on.
    #[must_use]
    pub fn take_trace(&mut self) -> Vec<TraceEvent> {
        self.accounting
            .trace
            .as_mut()
            .map(|trace| std::mem::take(&mut trace.events))
            .unwrap_or_default()
    }

    /// To be told of each of messaging's tasks that the loop drops: a message ends here; a port's
    /// token is queued again if its window has another document by now.
    pub fn task_dropped(&mut self, task: MessagingTask, queues: &mut Queues<'_>) {
        let workers = &self.workers;
        let reason = |window| match queues.client_of(window) {
            Some(_) => DropReason::DocumentNotActive,
            None if workers.is_one(window) => DropReason::WorkerGone,
            None => DropReason::WindowGone,
        };
        match task {
            MessagingTask::PostedMessage(posted) => {
                let (info, reason) = (*posted.envelope.info(), reason(posted.target));
                self.leave_window(&info);
                self.accounting.discard(posted.envelope, reason);
            }
            MessagingTask::Broadcast(broadcast) => {
                let info = *broadcast.envelope.info();
                let reason = info.to.window().map_or(DropReason::WindowGone, reason);
                self.leave_window(&info);
                self.accounting.discard(broadcast.envelope, reason);
            }
            MessagingTask::Port(token) => self.token_dropped(token, queues),
        }
        self.settle(queues);
    }
}
