//! The tasks of locks, as data.

use framepost_event_loop::GlobalId;

use super::table::{LockId, LockRequestId};

/// A task that continues a lock request in its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockTask {
    /// The window or worker of the request.
    pub client: GlobalId,
    /// The request.
    pub request: LockRequestId,
    pub(crate) kind: LockTaskKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockTaskKind {
    Granted(LockId),
    NotAvailable,
    Stolen,
}
