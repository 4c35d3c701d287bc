//! A message together with its number, on its way to exactly one end.

use std::sync::Arc;

use super::{Bin, MessageInfo, Thrown};

/// What carries a message from its post to its end.
///
/// Invariant: an envelope is either opened (and whoever opened it says how it ended) or dropped
/// (and then the bin is told).
pub(crate) struct Envelope<M> {
    info: MessageInfo,
    /// `None` only once it has been opened.
    message: Option<M>,
    bin: Arc<Bin>,
}

impl<M> Envelope<M> {
    pub(super) fn new(info: MessageInfo, message: M, bin: Arc<Bin>) -> Self {
        Self {
            info,
            message: Some(message),
            bin,
        }
    }

    pub(crate) fn info(&self) -> &MessageInfo {
        &self.info
    }

    pub(crate) fn message(&self) -> Option<&M> {
        self.message.as_ref()
    }

    /// Takes the message out. Its end has to be told to
    /// [`Accounting`](super::Accounting) from now on.
    pub(crate) fn open(mut self) -> (MessageInfo, Option<M>) {
        (self.info, self.message.take())
    }
}

impl<M> Drop for Envelope<M> {
    fn drop(&mut self) {
        if self.message.take().is_some() {
            self.bin.throw(Thrown::Message(self.info));
        }
    }
}

impl<M> std::fmt::Debug for Envelope<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} ({} bytes) from {} to {}",
            self.info.id, self.info.bytes, self.info.from, self.info.to
        )
    }
}
