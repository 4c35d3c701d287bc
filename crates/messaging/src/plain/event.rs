//! The events and the errors of a world.

use framepost_browsing_context::{Diagnostic, EventTarget, FiredEvent, NavigableId};
use thiserror::Error;

use crate::error::MessagingError;
use crate::identity::{MessageTarget, PortId};
use crate::structured_clone::CloneError;
use crate::value::Value;

/// An event that a browser would fire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// An event of a document or frame, such as `load`.
    Frame {
        /// The target of the event.
        target: EventTarget,
        /// The event.
        event: FiredEvent,
    },
    /// A `message` event.
    Message {
        /// The target of the event.
        target: MessageTarget,
        /// The event's `data`.
        data: Value,
        /// The event's `origin`; empty if the target is a port.
        origin: String,
        /// The event's `source`: the page or frame whose script posted the message.
        source: Option<NavigableId>,
        /// The event's `ports`.
        ports: Vec<PortId>,
    },
    /// A `messageerror` event.
    MessageError {
        /// The target of the event.
        target: MessageTarget,
        /// The event's `origin`; empty if the target is a port.
        origin: String,
        /// The event's `source`: the page or frame whose script posted the message.
        source: Option<NavigableId>,
    },
    /// Not an event: the outcome of a lock request.
    #[cfg(feature = "locks")]
    Lock {
        /// The request.
        request: crate::locks::LockRequestId,
        /// The outcome.
        event: crate::locks::LockEvent,
    },
    /// A `storage` event.
    #[cfg(feature = "storage")]
    Storage {
        /// The window at which it is fired.
        target: framepost_event_loop::GlobalId,
        /// The area that has changed.
        kind: crate::storage::StorageKind,
        /// The change.
        change: std::sync::Arc<crate::storage::StorageChange>,
    },
    /// A `close` event at a port whose peer was closed or destroyed.
    Close {
        /// The target of the event.
        port: PortId,
    },
    /// Not an event: a port of [`Owner::Host`](crate::ports::Owner::Host) has something to receive.
    Host {
        /// The port.
        port: PortId,
    },
    /// Not an event: a diagnostic for the user.
    Report(Diagnostic),
}

/// Why a method of [`World`](super::World) failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The value cannot be serialized, or the transfer list is invalid.
    #[error(transparent)]
    Clone(#[from] CloneError),
    /// The message cannot be posted.
    #[error(transparent)]
    Messaging(#[from] MessagingError),
    /// The page or frame gets no lock.
    #[cfg(feature = "locks")]
    #[error(transparent)]
    Lock(#[from] crate::locks::LockError),
    /// The page or frame has no storage, or not enough.
    #[cfg(feature = "storage")]
    #[error(transparent)]
    Storage(#[from] crate::storage::StorageError),
    /// The page or frame was destroyed.
    #[error("{0} is gone")]
    NavigableDestroyed(NavigableId),
    /// The URL is invalid.
    #[error("invalid url {0:?}")]
    InvalidUrl(String),
}
