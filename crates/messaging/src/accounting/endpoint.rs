//! Who posted a message and whom it is for, as far as a trace can say.

use std::fmt;

use framepost_event_loop::GlobalId;

use super::MessageId;
use crate::broadcast_channel::BroadcastId;
use crate::ports::HalfId;

/// One side of a message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// A window, by its `postMessage`.
    Window(GlobalId),
    /// One end of a channel.
    Port {
        /// Which end.
        half: HalfId,
        /// The window that owned it when the message was posted; none for a port in transit and
        /// for one that Rust code owns.
        window: Option<GlobalId>,
    },
    /// A broadcast channel.
    BroadcastChannel {
        /// Which one.
        channel: BroadcastId,
        /// The window that it is in.
        window: GlobalId,
    },
    /// Nobody: a message posted on a port that is not entangled.
    Nobody,
    /// Rust code, without a port.
    Host,
}

impl Endpoint {
    /// The window that this is, or is in.
    #[must_use]
    pub fn window(&self) -> Option<GlobalId> {
        match *self {
            Self::Window(window) | Self::BroadcastChannel { window, .. } => Some(window),
            Self::Port { window, .. } => window,
            Self::Nobody | Self::Host => None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(window) => write!(f, "{window}"),
            Self::Port { half, window: None } => write!(f, "{half}"),
            Self::Port {
                half,
                window: Some(window),
            } => write!(f, "{half} of {window}"),
            Self::BroadcastChannel { channel, window } => write!(f, "{channel} of {window}"),
            Self::Nobody => f.write_str("nobody"),
            Self::Host => f.write_str("the host"),
        }
    }
}

/// What is known of a message besides its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageInfo {
    /// Its number.
    pub id: MessageId,
    /// The size of its serialized form. Moved and shared memory does not count.
    pub bytes: usize,
    /// Who posted it.
    pub from: Endpoint,
    /// Whom it was posted to. A port that is transferred takes the message along.
    pub to: Endpoint,
}
