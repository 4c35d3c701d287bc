//! A message with its number, on its way to exactly one end.

use std::sync::Arc;

use super::{DropReport, DropReports, MessageInfo};

/// A message between its post and its end.
///
/// Invariant: an envelope is either opened, and its opener accounts for the message's end, or it is
/// dropped, and then leaves a report.
pub(crate) struct Envelope<M> {
    info: MessageInfo,
    /// `None` only after it was opened.
    message: Option<M>,
    drop_reports: Arc<DropReports>,
}

impl<M> Envelope<M> {
    pub(super) fn new(info: MessageInfo, message: M, drop_reports: Arc<DropReports>) -> Self {
        Self {
            info,
            message: Some(message),
            drop_reports,
        }
    }

    pub(crate) fn info(&self) -> &MessageInfo {
        &self.info
    }

    pub(crate) fn message(&self) -> Option<&M> {
        self.message.as_ref()
    }

    /// Takes the message out. The caller then reports its end to
    /// [`Accounting`](super::Accounting).
    pub(crate) fn open(mut self) -> (MessageInfo, Option<M>) {
        (self.info, self.message.take())
    }
}

impl<M> Drop for Envelope<M> {
    fn drop(&mut self) {
        if self.message.take().is_some() {
            self.drop_reports.push(DropReport::Message(self.info));
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
