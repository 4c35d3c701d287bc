//! One end of a channel, on its own: what a transfer moves.

use std::fmt;
use std::sync::Arc;

use framepost_event_loop::new_key_type;

use crate::accounting::{Bin, Thrown};

new_key_type! {
    /// Names one end of a channel for as long as it exists, however often it changes owners.
    /// A [`PortId`](crate::PortId) names what an owner holds of it between two transfers.
    pub struct HalfId: "half";
}

/// A port in transit: one end of a channel that nobody owns for the moment.
///
/// It is made by [`Messaging::detach`](crate::Messaging::detach) alone, cannot be copied, and
/// ends in [`Messaging::attach`](crate::Messaging::attach). The port message queue stays with it
/// on the way: the other end may go on posting. A half that is dropped instead closes the
/// channel, and with it goes all that waits in its queue, the next time that the ports are used.
pub struct Half {
    id: HalfId,
    /// Where its end is reported; `None` only between `arrive` and `drop`.
    bin: Option<Arc<Bin>>,
}

impl Half {
    pub(crate) fn new(id: HalfId, bin: Arc<Bin>) -> Self {
        Self { id, bin: Some(bin) }
    }

    /// Which end of which channel this is.
    #[must_use]
    pub fn id(&self) -> HalfId {
        self.id
    }

    pub(crate) fn belongs_to(&self, bin: &Arc<Bin>) -> bool {
        self.bin.as_ref().is_some_and(|own| Arc::ptr_eq(own, bin))
    }

    /// Ends the transit without closing the channel.
    pub(crate) fn arrive(mut self) -> HalfId {
        self.bin = None;
        self.id
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if let Some(bin) = &self.bin {
            bin.throw(Thrown::Half(self.id));
        }
    }
}

impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Half({})", self.id)
    }
}
