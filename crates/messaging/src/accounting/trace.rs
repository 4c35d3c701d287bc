//! What happened, as data: the embedder says when and for whom, and drains it.

use std::time::Duration;

use framepost_event_loop::GlobalId;

use super::{DropReason, MessageId, MessageInfo};
use crate::ports::{HalfId, Owner, PortId};

/// On whose account something happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The window whose script is running; none: the event loop or the embedder.
    pub window: Option<GlobalId>,
    /// The message whose event is being handled.
    pub message: Option<MessageId>,
}

/// A thing that happened, with its time and its cause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceEvent {
    /// When: what [`Messaging::set_trace_context`](crate::Messaging::set_trace_context) last said.
    pub at: Duration,
    /// Who brought it about, said in the same place.
    pub cause: Cause,
    /// What.
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

/// One thing that happened to a message or a port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceRecord {
    /// A message was posted.
    Posted {
        /// The message.
        message: MessageInfo,
        /// The ends of channels that it carries.
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
        /// Why.
        reason: DropReason,
    },
    /// A channel was created.
    Created {
        /// Its two ends.
        halves: (HalfId, HalfId),
    },
    /// A port left its owner.
    Detached {
        /// The end of a channel that it was.
        half: HalfId,
        /// The name that its owner had for it.
        port: PortId,
        /// Whose it was.
        owner: Owner,
    },
    /// A port came to an owner.
    Attached {
        /// The end of a channel that it is.
        half: HalfId,
        /// The name that its owner has for it.
        port: PortId,
        /// Whose it is now.
        owner: Owner,
        /// How many messages it brought along.
        waiting: usize,
    },
    /// A port's queue was enabled.
    Started {
        /// The end of a channel that it is.
        half: HalfId,
    },
    /// An end of a channel ended; its other end, if it had one, is told by a `close` event.
    Closed {
        /// Which end.
        half: HalfId,
        /// The other end.
        peer: Option<HalfId>,
        /// Why: what the messages that waited there were dropped for.
        reason: DropReason,
    },
    /// The ports and broadcast channels of a window were closed with it.
    WindowGone {
        /// Which window.
        window: GlobalId,
    },
}
