//! The names of everything that sends or receives messages.
//!
//! The whole crate uses them, so this module uses no other.

#[cfg(feature = "locks")]
mod lock_words;

use framepost_event_loop::{GlobalId, new_key_type};

#[cfg(feature = "locks")]
pub use lock_words::{LockMode, LockStage};

new_key_type! {
    /// Names one end of a channel for as long as it exists, with any owner.
    /// A [`PortId`] names the same end between two transfers.
    pub struct HalfId: "half";

    /// Names a port for as long as one owner has it. A script engine's `MessagePort` object holds
    /// one. A transfer or a close ends the name for good: the object is then
    /// [detached](https://html.spec.whatwg.org/multipage/structured-data.html#detached).
    pub struct PortId: "port";

    /// Names a broadcast channel, from its creation until its global ends or its object is
    /// collected.
    pub struct BroadcastChannelId: "broadcast-channel";
}

/// Which of the two areas of a storage key.
#[cfg(feature = "storage")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StorageKind {
    /// `localStorage`: all windows of the storage key share it.
    Local,
    /// `sessionStorage`: the windows of the storage key in one top-level traversable share it.
    Session,
}

#[cfg(feature = "storage")]
impl std::fmt::Display for StorageKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Local => "local storage",
            Self::Session => "session storage",
        })
    }
}

/// The owner of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Owner {
    /// A window or the global scope of a worker. Its realm receives the messages, in tasks of its
    /// event-loop client.
    Global(GlobalId),
    /// Rust code. It receives the messages as data, announced by tasks without a client.
    Host,
}

impl Owner {
    /// The global, if a global is the owner.
    #[must_use]
    pub fn global(self) -> Option<GlobalId> {
        match self {
            Self::Global(global) => Some(global),
            Self::Host => None,
        }
    }
}

/// The object at which an event is fired: the
/// [message event target](https://html.spec.whatwg.org/multipage/web-messaging.html#message-event-target)
/// of a port, a window, or a broadcast channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageTarget {
    /// A window, or the global scope of a worker.
    Global(GlobalId),
    /// The `Worker` object of a dedicated worker.
    Worker(GlobalId),
    /// A `MessagePort` object.
    Port(PortId),
    /// A `BroadcastChannel` object.
    BroadcastChannel(BroadcastChannelId),
}
