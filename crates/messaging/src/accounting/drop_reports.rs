//! The reports of dropped values about their end.
//!
//! A half in transit or an undelivered message can be dropped anywhere: in a task that the loop
//! dropped, in a queue that ends with its port, in the embedder's variables, on another thread.
//! `Drop` cannot return anything, and it must not touch the port table, which may be what is
//! dropping the value. So it leaves a report here, and the next use of the table reads the reports.
//! This also makes dropping iterative: a message with ports whose queues hold messages with ports,
//! and so on, is dropped report by report.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::MessageInfo;
use crate::identity::HalfId;

/// A value that was dropped.
#[derive(Debug)]
pub(crate) enum DropReport {
    /// A half in transit.
    Half(HalfId),
    /// A message that was dropped without a reason.
    Message(MessageInfo),
}

/// The reports of one [`Messaging`](crate::Messaging).
#[derive(Debug, Default)]
pub(crate) struct DropReports {
    /// Whether there may be a report. OPTIMIZATION: most uses of the ports need no lock.
    used: AtomicBool,
    reports: Mutex<Vec<DropReport>>,
}

impl DropReports {
    pub(crate) fn push(&self, report: DropReport) {
        self.reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(report);
        self.used.store(true, Ordering::Release);
    }

    /// Whether there may be a report.
    #[inline]
    pub(crate) fn may_have_some(&self) -> bool {
        self.used.load(Ordering::Acquire)
    }

    /// Takes all reports, oldest first.
    pub(crate) fn take_all(&self) -> Vec<DropReport> {
        if !self.may_have_some() {
            return Vec::new();
        }
        self.used.store(false, Ordering::Release);
        std::mem::take(&mut *self.reports.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
