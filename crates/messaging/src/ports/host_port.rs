//! Ports that Rust code owns.
//!
//! A port of [`Owner::Host`] has no realm. Messages are posted and received in serialized form; the caller
//! chooses a heap for them, such as [`HostHeap`](crate::value::HostHeap). Messages wait in the
//! port's queue until they are received.

use crate::accounting::{Envelope, MessageInfo, Posted};
use crate::identity::{Owner, PortId};
use crate::ports::PortDetached;
use crate::state::{Messaging, Queues};
use crate::structured_clone::Message;

/// What a port of Rust code received.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostReceived {
    /// A message.
    Message {
        /// Its number, size, sender and receiver.
        info: MessageInfo,
        /// Its content.
        message: Message,
    },
    /// The other end is gone. No more messages will arrive.
    Close,
}

impl Messaging {
    /// Posts a serialized message: the last step of the
    /// [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
    ///
    /// # Errors
    /// The port is detached. The message is dropped, and the ports that it carries end.
    pub fn post(
        &mut self,
        queues: &mut Queues<'_>,
        port: PortId,
        message: Message,
    ) -> Result<Posted, PortDetached> {
        let half = self.table.half_of(port).ok_or(PortDetached(port))?;
        let target = self.table.peer_of(port);
        Ok(self.add_to_port_message_queue(queues, Some(half), target, message))
    }

    /// Takes the first message that waits at a port of Rust code. The result is `None` if no message
    /// waits, or if the port does not belong to Rust code.
    ///
    /// This works whether or not the port is started. A started port also announces its messages
    /// by tasks: see [`Delivery::Host`](crate::Delivery::Host).
    pub fn host_receive(&mut self, queues: &mut Queues<'_>, port: PortId) -> Option<HostReceived> {
        self.process_drops(queues);
        if self.owner(port) != Some(Owner::Host) {
            return None;
        }
        let half = self.table.half_of(port)?;
        let popped = self.pop(half, None).map(Envelope::open);
        if let Some((info, Some(message))) = popped {
            self.accounting.delivered(info);
            return Some(HostReceived::Message { info, message });
        }
        let state = self.table.halves.get_mut(half)?;
        std::mem::take(&mut state.closing).then_some(HostReceived::Close)
    }
}
