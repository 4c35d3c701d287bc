//! The locks and the requests for them, and their tasks, as data.

mod table;
mod task;

pub(crate) use table::{Claim, Lock, LockManagers, Request, RequestStage};
pub use table::{LockId, LockRequestId};
pub use task::LockTask;
pub(crate) use task::LockTaskKind;
