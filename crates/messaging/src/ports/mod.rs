//! Message ports ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)):
//! the table of all ends of channels, and nothing of values or events.
//!
//! # The life of a port
//!
//! A channel is two *halves*. A half has the port message queue, and knows its peer. It is at any
//! time in one of two places: owned, under a [`PortId`], by a window or by Rust code; or in
//! transit, a [`Half`] that somebody holds, mostly a message. Nothing else moves: a post appends to
//! the queue of the peer, wherever that is, and so there is nothing to forward, to flush or to put
//! in order again.
//!
//! - *Created*: owned, disabled, entangled.
//! - *Enabled* (`start()`, or `onmessage` is set): for each waiting message one token, a task that
//!   holds no message, enters the owner's loop; from now on each message brings its token along. A
//!   token that runs takes the first message of the queue.
//! - *Detached* (it is transferred): the `PortId` is gone, and by that all its tokens are stale.
//!   The queue stays with the half. *Attached* at the receiver: a new `PortId`, disabled.
//! - *Ended*: its owner closed it, collected it or went away itself; or the message that carried it
//!   was dropped; or nobody can reach it any more. What waited in its queue is dropped with a
//!   reason, and the peer, no longer entangled, is *marked*: `close` is to fire there, behind the
//!   last message if its queue is enabled, at once if it is not. The mark travels with the half.
//!
//! Enabled belongs to the `PortId`, for it ends with a transfer; entangled belongs to the half, for
//! it does not.
//!
//! # Out of reach
//!
//! A half in transit is held by one message, and that message may wait in the queue of another
//! half in transit, and so on: a chain, whose end is an owner, a task or the embedder. Only a post
//! can bend such a chain into a ring, which nobody would ever reach again: one that puts into the
//! queue of a half in transit a message that carries a half further up the chain. The post finds
//! it by walking up, and drops the message.
//!
//! The rejected design: a reference-counted channel with a lock of its own, shared by its halves.
//! Rings could then leak, and with two threads posting at once no walk could rule them out.

mod close;
mod half;
mod lifetime;
mod post_message;
mod queue;
mod table;
#[cfg(test)]
mod tests;
mod transfer;

pub use half::{Half, HalfId};
pub use lifetime::{Keeper, LifetimeChange, Whereabouts};
pub use post_message::message_port_post_message_steps;
pub(crate) use queue::Taken;
pub use queue::{PortTask, PortTaskKind};
pub(crate) use table::Table;
pub use table::{Owner, PortId};
pub use transfer::{ForeignHalf, Gone};
