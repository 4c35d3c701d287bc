//! What happened, as data: the embedder drains it and adds the time.

use framepost_event_loop::WindowId;

use super::{DropReason, MessageInfo};
use crate::ports::{HalfId, Owner, PortId};

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
        window: WindowId,
    },
}
