//! A message with its number, on its way to exactly one end.

use std::sync::Arc;

use super::route::Route;
use super::{DropReport, MessageId, MessageInfo};

/// The contents of an envelope.
pub(crate) trait Payload {
    /// The size of the message that limits and traces count. It does not change.
    fn bytes(&self) -> usize;
}

/// A message between its post and its end.
///
/// Invariant: an envelope is either opened, and its opener accounts for the message's end, or it is
/// dropped, and then leaves a report.
pub(crate) struct Envelope<M: Payload> {
    id: MessageId,
    route: Arc<Route>,
    /// `None` only after it was opened.
    message: Option<M>,
}

impl<M: Payload> Envelope<M> {
    pub(super) fn new(id: MessageId, route: Arc<Route>, message: M) -> Self {
        Self {
            id,
            route,
            message: Some(message),
        }
    }

    pub(crate) fn id(&self) -> MessageId {
        self.id
    }

    pub(crate) fn bytes(&self) -> usize {
        self.message.as_ref().map_or(0, M::bytes)
    }

    pub(crate) fn info(&self) -> MessageInfo {
        MessageInfo {
            id: self.id,
            bytes: self.bytes(),
            from: self.route.from,
            to: self.route.to,
        }
    }

    pub(crate) fn message(&self) -> Option<&M> {
        self.message.as_ref()
    }

    /// Takes the message out. The caller then reports its end to
    /// [`Accounting`](super::Accounting).
    pub(crate) fn open(mut self) -> (MessageInfo, Option<M>) {
        (self.info(), self.message.take())
    }
}

impl<M: Payload> Drop for Envelope<M> {
    fn drop(&mut self) {
        if self.message.is_some() {
            let report = DropReport::Message(self.info());
            self.route.drop_reports.push(report);
        }
    }
}

impl<M: Payload> std::fmt::Debug for Envelope<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let MessageInfo {
            id,
            bytes,
            from,
            to,
        } = self.info();
        write!(f, "{id} ({bytes} bytes) from {from} to {to}")
    }
}
