//! The trace of messages and ports, as data. The embedder sets the time and the cause, and takes the
//! events.

use std::time::Duration;

use framepost_event_loop::GlobalId;

use super::{MessageDropReason, MessageId, MessageInfo};
use crate::identity::{HalfId, Owner, PortId};

/// The cause of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The global whose script is running; `None` for the event loop and the embedder.
    pub global: Option<GlobalId>,
    /// The message whose event is being handled.
    pub message: Option<MessageId>,
}

impl Cause {
    /// Sets the global whose script is running.
    #[must_use]
    pub fn with_global(mut self, global: Option<GlobalId>) -> Self {
        self.global = global;
        self
    }

    /// Sets the message whose event is being handled.
    #[must_use]
    pub fn with_message(mut self, message: Option<MessageId>) -> Self {
        self.message = message;
        self
    }
}

/// One event of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceEvent {
    /// The time, as last set by
    /// [`Messaging::set_trace_context`](crate::Messaging::set_trace_context).
    pub at: Duration,
    /// The cause, set in the same place.
    pub cause: Cause,
    /// What happened.
    pub record: TraceRecord,
}

/// The trace while it is on.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) at: Duration,
    pub(crate) cause: Cause,
    pub(crate) events: Vec<TraceEvent>,
}

impl Trace {
    pub(crate) fn push(&mut self, record: TraceRecord) {
        self.events.push(TraceEvent {
            at: self.at,
            cause: self.cause,
            record,
        });
    }
}

/// What happened to a message or a port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceRecord {
    /// A message was posted.
    Posted {
        /// The message.
        message: MessageInfo,
        /// The ends of channels in it.
        ports: Vec<HalfId>,
    },
    /// A message was delivered.
    Delivered {
        /// The message.
        message: MessageInfo,
    },
    /// A message was dropped.
    Dropped {
        /// The message.
        message: MessageInfo,
        /// The reason.
        reason: MessageDropReason,
    },
    /// A channel was created.
    Created {
        /// Its two ends.
        halves: (HalfId, HalfId),
    },
    /// A port left its owner.
    Detached {
        /// The end of a channel that the port named.
        half: HalfId,
        /// The port.
        port: PortId,
        /// The owner that it left.
        owner: Owner,
    },
    /// A port arrived at an owner.
    Attached {
        /// The end of a channel that the port names.
        half: HalfId,
        /// The port.
        port: PortId,
        /// The new owner.
        owner: Owner,
        /// How many messages wait in its queue.
        waiting: usize,
    },
    /// A port's queue was enabled.
    Started {
        /// The end of a channel that the port names.
        half: HalfId,
    },
    /// An end of a channel ended. Its peer, if it had one, gets a `close` event.
    Closed {
        /// The end.
        half: HalfId,
        /// Its peer.
        peer: Option<HalfId>,
        /// The reason. The messages in its queue are dropped for the same reason.
        reason: MessageDropReason,
    },
    /// A lock was requested, held or released.
    #[cfg(feature = "locks")]
    Lock {
        /// The window or worker that requested it.
        global: GlobalId,
        /// Its name.
        name: String,
        /// Its mode.
        mode: crate::identity::LockMode,
        /// What happened to it.
        stage: crate::identity::LockStage,
    },
    /// A request of the embedder was answered, or failed.
    Request {
        /// The window or worker that made it; `None` for the user.
        global: Option<GlobalId>,
        /// Its method and its URL.
        request: String,
        /// The status and the size of the response, or the error.
        answer: String,
    },
    /// A window was discarded or a worker ended; its ports and broadcast channels were closed.
    GlobalDestroyed {
        /// The window or worker.
        global: GlobalId,
    },
}
