//! One end of a channel as a value: what a transfer moves.

use std::fmt;
use std::sync::Arc;

use crate::accounting::{DropReport, DropReports};
use crate::identity::HalfId;

/// A port in transit: one end of a channel that has no owner at the moment.
///
/// Only [`Messaging::detach`](crate::Messaging::detach) makes one, and
/// [`Messaging::attach`](crate::Messaging::attach) consumes it. It cannot be copied. Its port
/// message queue stays with it, so the other end may go on posting. Dropping it closes the channel
/// and drops the messages in its queue the next time that the ports are used.
pub struct Half {
    id: HalfId,
    /// Reports a drop. `None` only between `arrive` and `drop`.
    drop_reports: Option<Arc<DropReports>>,
}

impl Half {
    pub(crate) fn new(id: HalfId, drop_reports: Arc<DropReports>) -> Self {
        Self {
            id,
            drop_reports: Some(drop_reports),
        }
    }

    /// The name of this end of its channel.
    #[must_use]
    pub fn id(&self) -> HalfId {
        self.id
    }

    pub(crate) fn belongs_to(&self, drop_reports: &Arc<DropReports>) -> bool {
        self.drop_reports
            .as_ref()
            .is_some_and(|own| Arc::ptr_eq(own, drop_reports))
    }

    /// Ends the transit without closing the channel.
    pub(crate) fn arrive(mut self) -> HalfId {
        self.drop_reports = None;
        self.id
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if let Some(drop_reports) = &self.drop_reports {
            drop_reports.push(DropReport::Half(self.id));
        }
    }
}

impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Half({})", self.id)
    }
}
