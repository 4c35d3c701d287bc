//! The tasks of messaging, as data.

use std::sync::Arc;

use framepost_browsing_context::{NavigableId, Origin, SerializedOrigin};
use framepost_event_loop::GlobalId;

use crate::accounting::{Envelope, Payload};
use crate::identity::{BroadcastChannelId, PortId};
use crate::structured_clone::{Message, Serialized};

impl Payload for Message {
    #[inline]
    fn bytes(&self) -> usize {
        self.serialized.bytes().len()
    }
}

impl Payload for Arc<Serialized> {
    fn bytes(&self) -> usize {
        Serialized::bytes(self).len()
    }
}

/// A task of messaging. The embedder's task type implements `From` for it, and
/// [`run_messaging_task`](crate::run_messaging_task) runs it.
#[derive(Debug)]
#[non_exhaustive]
pub enum MessagingTask {
    /// Delivers a message to a window.
    PostedMessage(Box<PostedMessage>),
    /// Lets a port take the first message of its queue.
    Port(PortTask),
    /// Delivers a message to one broadcast channel.
    Broadcast(Box<BroadcastTask>),
    /// Continues a lock request.
    #[cfg(feature = "locks")]
    Lock(Box<super::locks::LockTask>),
    /// Fires `storage` at a window.
    #[cfg(feature = "storage")]
    Storage(Box<super::storage::StorageEventTask>),
}

/// A token: it lets a port take one message from its queue, or fire `close`.
///
/// The message itself is not in the task, so that the messages of a transferred port move with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortTask {
    /// The port. Once it has been transferred or closed, the token is stale and does nothing.
    pub port: PortId,
    /// The action of the port.
    pub kind: PortTaskKind,
}

/// The action of a [`PortTask`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortTaskKind {
    /// Take the first message of the queue.
    Message,
    /// Fire `close`.
    Close,
}

/// A message on its way to a window.
#[derive(Debug)]
pub struct PostedMessage {
    pub(crate) target: GlobalId,
    pub(crate) target_origin: TargetOrigin,
    /// The sender's origin, serialized.
    pub(crate) origin: SerializedOrigin,
    pub(crate) source: Option<NavigableId>,
    pub(crate) envelope: Envelope<Message>,
}

/// The origin that a sender requires of its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetOrigin {
    /// `*`.
    Any,
    /// This origin.
    Same(Origin),
    /// The opaque origin of a URL, which equals no other origin.
    None,
}

/// A message on its way to one broadcast channel.
#[derive(Debug)]
pub struct BroadcastTask {
    pub(crate) target: BroadcastChannelId,
    /// The sender's origin, serialized.
    pub(crate) origin: SerializedOrigin,
    /// The value, which all destinations share.
    pub(crate) envelope: Envelope<Arc<Serialized>>,
}
