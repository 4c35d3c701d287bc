//! The state of messaging, and its tasks.
//!
//! This module contains no algorithms. Higher modules add the algorithms as methods of [`Messaging`].

mod agent;
mod channels;
#[cfg(feature = "locks")]
pub(crate) mod locks;
mod port_table;
#[cfg(feature = "storage")]
pub(crate) mod storage;
mod tasks;
mod workers;

use std::time::Duration;

use framepost_event_loop::{GlobalId, TaskQueues};

use crate::accounting::{
    Accounting, Cause, Counters, DroppedMessage, Endpoint, Load, MessageInfo, QueueLimits, Trace,
    TraceEvent, TraceRecord,
};

pub use agent::{MessagingState, State, Task};
pub(crate) use channels::Channels;
pub(crate) use port_table::PortTable;
pub use port_table::{HalfLocation, ReachabilityChange};
pub(crate) use tasks::TargetOrigin;
pub use tasks::{BroadcastTask, MessagingTask, PortTask, PortTaskKind, PostedMessage};
pub use workers::WorkerPorts;
pub(crate) use workers::Workers;

/// The interface of the event loop for messaging.
pub type Queues<'a> = dyn TaskQueues<MessagingTask> + 'a;

/// All ports, broadcast channels, storage areas and locks of one agent, and the account of their messages.
///
/// It holds no values, runs no tasks and makes no callbacks. Methods that may queue tasks take the
/// event loop's [`Queues`] as their first argument.
#[derive(Debug, Default)]
pub struct Messaging {
    pub(crate) table: PortTable,
    pub(crate) channels: Channels,
    pub(crate) accounting: Accounting,
    pub(crate) workers: Workers,
    #[cfg(feature = "locks")]
    pub(crate) locks: locks::LockManagers,
    #[cfg(feature = "storage")]
    pub(crate) storage: storage::StorageAreas,
}

impl Messaging {
    /// Creates a state without ports, limits or trace.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts all messages so far: posted, delivered, dropped.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.accounting.counters
    }

    /// Whether a message that this global posted to a window or a broadcast channel still waits.
    ///
    /// The event of such a message has the global's WindowProxy as its `source`, even if the
    /// window and its navigable are gone by then: keep the WindowProxy until this is false.
    #[must_use]
    pub fn has_undelivered_from(&self, global: GlobalId) -> bool {
        self.accounting.in_tasks.any_from(global)
    }

    /// Takes the messages that were dropped since the last call, in the order of the drops.
    #[must_use]
    pub fn take_dropped(&mut self) -> Vec<DroppedMessage> {
        std::mem::take(&mut self.accounting.dropped)
    }

    /// Whether [`take_dropped`](Self::take_dropped) would return any.
    #[must_use]
    pub fn has_dropped(&self) -> bool {
        !self.accounting.dropped.is_empty()
    }

    /// Sets the limits on messages that wait, for posts from now on.
    pub fn set_limits(&mut self, limits: QueueLimits) {
        self.accounting.limits = limits;
    }

    /// Switches the trace on or off. Switching it off discards what was recorded.
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

    /// Records a request of the embedder in the trace, if it is on, so that the trace shows it beside the messages. This
    /// crate makes no requests itself.
    pub fn record_request(&mut self, global: Option<GlobalId>, request: String, answer: String) {
        if let Some(trace) = &mut self.accounting.trace {
            trace.push(TraceRecord::Request {
                global,
                request,
                answer,
            });
        }
    }

    /// Sets the time and the cause of everything that is recorded from now on. Call it before each
    /// use of the ports, or at least at the beginning of each task.
    pub fn set_trace_context(&mut self, at: Duration, cause: Cause) {
        if let Some(trace) = &mut self.accounting.trace {
            trace.at = at;
            trace.cause = cause;
        }
    }

    /// Takes the events recorded since the last call; none if the trace is off.
    #[must_use]
    pub fn take_trace(&mut self) -> Vec<TraceEvent> {
        self.accounting
            .trace
            .as_mut()
            .map(|trace| std::mem::take(&mut trace.events))
            .unwrap_or_default()
    }

    /// Subtracts a message from the counts: it waited in a task of a window or a broadcast channel, and
    /// no longer does.
    pub(crate) fn message_left_task(&mut self, info: &MessageInfo) {
        let global = match info.to {
            Endpoint::Window(global) | Endpoint::BroadcastChannel { global, .. } => global,
            #[cfg(feature = "storage")]
            Endpoint::Storage { global, .. } => global,
            _ => return,
        };
        let load = Load {
            messages: 1,
            bytes: info.bytes,
        };
        self.accounting.in_tasks.leave(info);
        self.accounting.loads.take(global, load);
    }
}
