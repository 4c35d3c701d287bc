//! The tasks of messaging, as data.

use crate::broadcast_channel::BroadcastTask;
use crate::ports::PortTask;
use crate::window_post_message::PostedMessage;

/// A task of messaging. An embedder's task type takes it in by `From`, and
/// [`run_messaging_task`](crate::run_messaging_task) runs it.
#[derive(Debug)]
#[non_exhaustive]
pub enum MessagingTask {
    /// A message to a window.
    PostedMessage(Box<PostedMessage>),
    /// A port may take a message from its queue.
    Port(PortTask),
    /// A message to one broadcast channel.
    Broadcast(Box<BroadcastTask>),
}
