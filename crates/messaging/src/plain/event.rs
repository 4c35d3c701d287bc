//! What comes out of a world, and what goes wrong in it.

use framepost_browsing_context::{Diagnostic, EventTarget, FiredEvent, NavigableId};
use thiserror::Error;

use crate::error::MessagingError;
use crate::identity::{MessageTarget, PortId};
use crate::structured_clone::CloneError;
use crate::value::Value;

/// An event, as it would have been fired.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// `load` and other events of documents and frames.
    Frame {
        /// At what.
        target: EventTarget,
        /// Which event.
        event: FiredEvent,
    },
    /// `message`.
    Message {
        /// At what.
        target: MessageTarget,
        /// `data`.
        data: Value,
        /// `origin`; empty for a port.
        origin: String,
        /// `source`: the page or frame whose script posted it.
        source: Option<NavigableId>,
        /// `ports`.
        ports: Vec<PortId>,
    },
    /// `messageerror`.
    MessageError {
        /// At what.
        target: MessageTarget,
        /// `origin`; empty for a port.
        origin: String,
        /// `source`: the page or frame whose script posted it.
        source: Option<NavigableId>,
    },
    /// `close`, at a port whose peer is gone.
    Close {
        /// At which port.
        port: PortId,
    },
    /// Not an event: a port of [`Owner::Host`](crate::ports::Owner::Host) has something to receive.
    Host {
        /// Which port.
        port: PortId,
    },
    /// Not an event: something that a person may want to know.
    Report(Diagnostic),
}

/// What a method of [`World`](super::World) refuses.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that cannot be serialized, or a transfer list that is none.
    #[error(transparent)]
    Clone(#[from] CloneError),
    /// A message that cannot be posted.
    #[error(transparent)]
    Messaging(#[from] MessagingError),
    /// A page or frame that is gone.
    #[error("{0} is gone")]
    NavigableGone(NavigableId),
    /// A URL that is none.
    #[error("invalid url {0:?}")]
    InvalidUrl(String),
}
