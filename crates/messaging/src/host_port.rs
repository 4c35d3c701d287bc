//! Ports that Rust code owns: one end of a channel into a page.
//!
//! A [`PortId`] of [`Owner::Host`] has no realm: messages go in and come out serialized, and
//! whoever holds them chooses a heap for them, such as [`HostHeap`](crate::HostHeap). Nothing is lost
//! when nobody receives: the messages wait in the port's queue.

use crate::accounting::{MessageInfo, Posted};
use crate::messaging::{Messaging, Queues};
use crate::ports::{Gone, Owner, PortId};
use crate::structured_clone::Message;

/// What a port of Rust code received.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostReceived {
    /// A message.
    Message {
        /// What is known of it.
        info: MessageInfo,
        /// Its content.
        message: Message,
    },
    /// The other end is gone, and nothing more will come.
    Close,
}

impl Messaging {
    /// Posts a message that is serialized already: the last step of the
    /// [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
    ///
    /// # Errors
    /// The port is detached. The message ends here, and with it what it carried.
    pub fn post(
        &mut self,
        port: PortId,
        message: Message,
        queues: &mut Queues<'_>,
    ) -> Result<Posted, Gone> {
        let half = self.table.half_of(port).ok_or(Gone(port))?;
        let target = self.table.peer_of(port);
        Ok(self.add_to_port_message_queue(Some(half), target, message, queues))
    }

    /// Takes the first message that waits at a port of Rust code; `None` if there is nothing, or
    /// the port is not Rust code's. The port need not be started: that only says whether its
    /// messages are announced by tasks, as [`Delivery::Host`](crate::Delivery::Host).
    pub fn host_receive(&mut self, port: PortId, queues: &mut Queues<'_>) -> Option<HostReceived> {
        self.settle(queues);
        if self.owner(port) != Some(Owner::Host) {
            return None;
        }
        let half = self.table.half_of(port)?;
        if let Some((info, message)) = self.pop(half, None) {
            self.accounting.delivered(info);
            return Some(HostReceived::Message { info, message });
        }
        let state = self.table.halves.get_mut(half)?;
        std::mem::take(&mut state.closing).then_some(HostReceived::Close)
    }
}
