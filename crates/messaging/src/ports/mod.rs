//! Message ports ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).
//!
//! This module contains the algorithms of ports. It knows no values and fires no events.
//!
//! # The life of a port
//!
//! A channel has two *halves*. Each half has a port message queue and knows its peer. At any time
//! it is in one of two places: an owner (a global, or Rust code) has it under a [`PortId`], or it
//! is in transit as a [`Half`], usually inside a message. A post appends to the queue of the peer,
//! wherever the peer is. So no message is ever forwarded, flushed or reordered.
//!
//! - *Created*: owned, disabled, entangled.
//! - *Enabled*, by `start()` or by setting `onmessage`: each waiting message gets a token, which
//!   is a task without a message, in the owner's event loop. From then on each arriving message
//!   brings its own token. A token that runs takes the first message of the queue.
//! - *Detached*, by a transfer: the `PortId` is gone and its tokens are stale. The queue stays with
//!   the half. *Attached* at the receiver: the half has a new `PortId`, which is disabled.
//! - *Ended*: the owner closed the port, its object was collected, the owner is gone, the message
//!   that carried it was dropped, or nothing can reach it any more. The messages in its queue are
//!   dropped with a reason. The peer is no longer entangled and gets a *mark*: `close` will fire
//!   there, after the last message if its queue is enabled, at once if it is not. The mark moves
//!   with the half.
//!
//! "Enabled" belongs to the `PortId`, because a transfer ends it. "Entangled" belongs to the half,
//! because a transfer keeps it.
//!
//! # Unreachable rings
//!
//! A message holds each half in transit. The message may wait in the queue of another half in
//! transit, and so on: a chain that ends at an owner, a task or the embedder. A post can close such
//! a chain into a ring, which nothing can reach: it puts a message that carries a half into the
//! queue of a half further down the chain. The post detects the ring by following the chain upwards, and
//! drops the message.
//!
//! # A rejected design
//!
//! A reference-counted channel with its own lock, shared by both halves. Rings could leak, and with
//! two threads posting at once no check could prevent them.

mod close;
mod garbage_collection;
mod host_port;
mod post_message;
mod queue;
mod reference_counts;
#[cfg(test)]
mod tests;
mod transfer;

pub use crate::half::Half;
pub use crate::identity::{HalfId, Owner, PortId};
pub use crate::state::{HalfLocation, PortTask, PortTaskKind, ReachabilityChange};
pub use garbage_collection::Retainer;
pub use host_port::HostReceived;
pub use post_message::message_port_post_message_steps;
pub(crate) use queue::Taken;
pub use reference_counts::{PortReferences, ReferenceChange};
pub use transfer::{ForeignHalf, PortDetached};
