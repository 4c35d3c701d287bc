//! The account of messages: each has a number and exactly one end. It is delivered, or dropped for
//! a reason.
//!
//! The algorithms report each end. A message that is dropped as a value reports its own end. The embedder takes
//! the list of drops, and the trace if it has requested one. There are no observers to call, so nothing can re-enter.

mod drop_reports;
mod endpoint;
mod envelope;
mod in_tasks;
mod limits;
mod per_global;
mod reason;
mod route;
mod trace;

pub(crate) use drop_reports::{DropReport, DropReports};
pub use endpoint::{Endpoint, MessageInfo};
pub(crate) use envelope::{Envelope, Payload};
pub(crate) use in_tasks::InTasks;
pub use limits::QueueLimits;
pub(crate) use limits::{Load, Loads};
pub use reason::MessageDropReason;
pub(crate) use trace::Trace;
pub use trace::{Cause, TraceEvent, TraceRecord};

use std::fmt;
use std::sync::Arc;

use crate::identity::HalfId;
use route::Routes;

/// The number of a message: unique within one [`Messaging`](crate::Messaging), growing in the order
/// of posting.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(u64);

impl MessageId {
    /// The plain number; the first message has 1.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message#{}", self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The result of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posted {
    /// The message's number.
    pub id: MessageId,
    /// Why the message was dropped at once; `None` if it waits for delivery.
    pub dropped: Option<MessageDropReason>,
}

/// A message that was dropped, and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedMessage {
    /// The message.
    pub message: MessageInfo,
    /// The reason.
    pub reason: MessageDropReason,
}

impl fmt::Display for DroppedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MessageInfo { id, from, to, .. } = self.message;
        write!(f, "{id} from {from} to {to} was dropped: {}", self.reason)
    }
}

/// Counts of messages. Always `posted = delivered + dropped + pending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Posted messages. A broadcast counts once for each destination.
    pub posted: u64,
    /// Delivered messages.
    pub delivered: u64,
    /// Dropped messages.
    pub dropped: u64,
}

impl Counters {
    /// Messages that still wait for delivery.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.posted - self.delivered - self.dropped
    }
}

/// Numbers messages and records their ends.
#[derive(Debug, Default)]
pub(crate) struct Accounting {
    pub(crate) drop_reports: Arc<DropReports>,
    pub(crate) counters: Counters,
    pub(crate) dropped: Vec<DroppedMessage>,
    pub(crate) trace: Option<Trace>,
    pub(crate) limits: QueueLimits,
    pub(crate) loads: Loads,
    pub(crate) in_tasks: InTasks,
    routes: Routes,
}

impl Accounting {
    /// Numbers a message. `ports` are the halves in it.
    pub(crate) fn post<M: Payload>(
        &mut self,
        message: M,
        from: Endpoint,
        to: Endpoint,
        ports: &[HalfId],
    ) -> Envelope<M> {
        self.counters.posted += 1;
        let id = MessageId(self.counters.posted);
        let route = self.routes.between(from, to, &self.drop_reports);
        let envelope = Envelope::new(id, route, message);
        if let Some(trace) = &mut self.trace {
            trace.push(TraceRecord::Posted {
                message: envelope.info(),
                ports: ports.to_vec(),
            });
        }
        envelope
    }

    pub(crate) fn delivered(&mut self, message: MessageInfo) {
        self.counters.delivered += 1;
        self.record(TraceRecord::Delivered { message });
    }

    pub(crate) fn dropped(&mut self, message: MessageInfo, reason: MessageDropReason) {
        self.counters.dropped += 1;
        self.dropped.push(DroppedMessage { message, reason });
        self.record(TraceRecord::Dropped { message, reason });
    }

    /// Drops a message that will not be delivered. The halves in it leave their own reports.
    pub(crate) fn discard<M: Payload>(&mut self, envelope: Envelope<M>, reason: MessageDropReason) {
        let (info, message) = envelope.open();
        self.dropped(info, reason);
        drop(message);
    }

    pub(crate) fn record(&mut self, record: TraceRecord) {
        if let Some(trace) = &mut self.trace {
            trace.push(record);
        }
    }
}
