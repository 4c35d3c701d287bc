//! The reasons why an event loop is not idle.

use std::time::Duration;

use crate::{ClientId, GlobalId, TaskSource, TimerKind};

crate::new_key_type! {
    /// Names an answer from outside that the loop waits for, such as a load.
    pub struct OutstandingId: "outstanding";
}

/// One thing that keeps an event loop from being idle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pending<'a, T> {
    /// A task waits.
    Task {
        /// Its stamp; `u64::MAX` for a task that was queued in parallel and waits for the running task.
        stamp: u64,
        /// Its source.
        source: TaskSource,
        /// Its client.
        client: Option<ClientId>,
        /// Whether it can run now. It cannot while its client is not fully active.
        runnable: bool,
        /// The task.
        task: &'a T,
    },
    /// Microtasks wait for a checkpoint.
    Microtasks {
        /// Their number.
        count: usize,
    },
    /// A timer is not due yet.
    Timer {
        /// The global that set it.
        global: GlobalId,
        /// The handle that script has for it.
        handle: i32,
        /// When it is due, on the loop's clock.
        due: Duration,
        /// Whether it is a timeout or an interval.
        kind: TimerKind,
    },
    /// A delayed task is not due yet.
    Delayed {
        /// Its source.
        source: TaskSource,
        /// Its client.
        client: Option<ClientId>,
        /// When it is due, on the loop's clock.
        due: Duration,
        /// The task.
        task: &'a T,
    },
    /// An answer from outside is outstanding.
    Outstanding {
        /// The global that requested it.
        global: Option<GlobalId>,
        /// Its kind, such as "load".
        what: &'static str,
        /// Details, such as a URL.
        detail: &'a str,
    },
}

#[derive(Debug)]
pub(crate) struct Outstanding {
    pub(crate) global: Option<GlobalId>,
    pub(crate) what: &'static str,
    pub(crate) detail: String,
}
