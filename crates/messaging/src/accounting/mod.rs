//! Every message has a number and exactly one end: delivered, or dropped for a stated reason.
//!
//! What ends a message tells [`Accounting`] so; what is dropped without a word is found by the
//! [`Bin`]. The embedder drains the list of drops, and of trace records if it asked for them: there
//! are no observers to call, so nothing can re-enter.

mod bin;
mod endpoint;
mod envelope;
mod in_tasks;
mod limits;
mod reason;
mod trace;

pub(crate) use bin::{Bin, Thrown};
pub use endpoint::{Endpoint, MessageInfo};
pub(crate) use envelope::Envelope;
pub(crate) use in_tasks::InTasks;
pub use limits::QueueLimits;
pub(crate) use limits::{Load, Loads};
pub use reason::DropReason;
pub(crate) use trace::Trace;
pub use trace::{Cause, TraceEvent, TraceRecord};

use std::fmt;
use std::sync::Arc;

use crate::ports::HalfId;

/// The number of a message: unique among all that one [`Messaging`](crate::Messaging) carries,
/// growing in the order of posting.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(u64);

impl MessageId {
    /// The bare number, from 1.
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

/// What became of a message when it was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posted {
    /// Its number.
    pub id: MessageId,
    /// Why it was dropped at once; `None`: it waits to be delivered.
    pub dropped: Option<DropReason>,
}

/// A message that will not be delivered, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedMessage {
    /// Which message.
    pub message: MessageInfo,
    /// Why.
    pub reason: DropReason,
}

impl fmt::Display for DroppedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MessageInfo { id, from, to, .. } = self.message;
        write!(f, "{id} from {from} to {to} was dropped: {}", self.reason)
    }
}

/// How many messages there were. `posted = delivered + dropped + pending`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// All that were posted. A broadcast counts once for each channel that is to hear it.
    pub posted: u64,
    /// Those that were delivered.
    pub delivered: u64,
    /// Those that were dropped.
    pub dropped: u64,
}

impl Counters {
    /// Those that still wait where an owner can reach them.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.posted - self.delivered - self.dropped
    }
}

/// Gives out the numbers and hears of the ends.
#[derive(Debug, Default)]
pub(crate) struct Accounting {
    pub(crate) bin: Arc<Bin>,
    pub(crate) counters: Counters,
    pub(crate) dropped: Vec<DroppedMessage>,
    pub(crate) trace: Option<Trace>,
    pub(crate) limits: QueueLimits,
    pub(crate) loads: Loads,
    pub(crate) in_tasks: InTasks,
}

impl Accounting {
    /// Numbers a message. `ports` are the halves that it carries.
    pub(crate) fn post<M>(
        &mut self,
        message: M,
        bytes: usize,
        from: Endpoint,
        to: Endpoint,
        ports: &[HalfId],
    ) -> Envelope<M> {
        self.counters.posted += 1;
        let info = MessageInfo {
            id: MessageId(self.counters.posted),
            bytes,
            from,
            to,
        };
        if let Some(trace) = &mut self.trace {
            trace.push(TraceRecord::Posted {
                message: info,
                ports: ports.to_vec(),
            });
        }
        Envelope::new(info, message, Arc::clone(&self.bin))
    }

    pub(crate) fn delivered(&mut self, message: MessageInfo) {
        self.counters.delivered += 1;
        self.record(TraceRecord::Delivered { message });
    }

    pub(crate) fn dropped(&mut self, message: MessageInfo, reason: DropReason) {
        self.counters.dropped += 1;
        self.dropped.push(DroppedMessage { message, reason });
        self.record(TraceRecord::Dropped { message, reason });
    }

    /// Ends a message that will not be delivered. What it carries goes into the bin.
    pub(crate) fn discard<M>(&mut self, envelope: Envelope<M>, reason: DropReason) {
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
