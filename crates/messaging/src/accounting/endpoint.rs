//! The sender and the receiver of a message.

use std::fmt;

use framepost_event_loop::GlobalId;

use super::MessageId;
#[cfg(feature = "storage")]
use crate::identity::StorageKind;
use crate::identity::{BroadcastChannelId, HalfId};

/// The sender or the receiver of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// A window, by its `postMessage()`.
    Window(GlobalId),
    /// One end of a channel.
    Port {
        /// The end.
        half: HalfId,
        /// The global that owned it when the message was posted; `None` for a port in transit and
        /// for a port of Rust code.
        global: Option<GlobalId>,
    },
    /// A broadcast channel.
    BroadcastChannel {
        /// The channel.
        channel: BroadcastChannelId,
        /// The global that it belongs to.
        global: GlobalId,
    },
    /// A storage area as a window sees it: the messages are `storage` events.
    #[cfg(feature = "storage")]
    Storage {
        /// The area.
        kind: StorageKind,
        /// The window.
        global: GlobalId,
    },
    /// No receiver: the message was posted on a port that is not entangled.
    Nobody,
    /// Rust code without a port.
    Host,
}

impl Endpoint {
    /// The global that this is, or belongs to.
    #[must_use]
    pub fn global(&self) -> Option<GlobalId> {
        match *self {
            Self::Window(global) | Self::BroadcastChannel { global, .. } => Some(global),
            #[cfg(feature = "storage")]
            Self::Storage { global, .. } => Some(global),
            Self::Port { global, .. } => global,
            Self::Nobody | Self::Host => None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(global) => write!(f, "{global}"),
            Self::Port { half, global: None } => write!(f, "{half}"),
            Self::Port {
                half,
                global: Some(global),
            } => write!(f, "{half} of {global}"),
            Self::BroadcastChannel { channel, global } => write!(f, "{channel} of {global}"),
            #[cfg(feature = "storage")]
            Self::Storage { kind, global } => write!(f, "{kind} of {global}"),
            Self::Nobody => f.write_str("nobody"),
            Self::Host => f.write_str("the host"),
        }
    }
}

/// A message without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageInfo {
    /// Its number.
    pub id: MessageId,
    /// The size of its serialized form. Transferred and shared memory does not count.
    pub bytes: usize,
    /// The sender.
    pub from: Endpoint,
    /// The receiver at the time of the post. A port that is transferred takes the message along.
    pub to: Endpoint,
}
