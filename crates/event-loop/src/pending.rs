//! What is outstanding, and who asked for it: the answer to "why is it not idle?".

use std::time::Duration;

use crate::{ClientId, GlobalId, TaskSource, TimerKind};

crate::new_key_type! {
    /// Names something that the loop waits for and that comes from outside, such as a load.
    pub struct OutstandingId: "outstanding";
}

/// One thing that keeps an event loop from being idle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pending<'a, T> {
    /// A task waits to be run.
    Task {
        /// Its stamp; `u64::MAX` while it waits for the running task to end.
        stamp: u64,
        /// Its source.
        source: TaskSource,
        /// Its document.
        client: Option<ClientId>,
        /// Whether it could run now; it cannot while its document is not fully active.
        runnable: bool,
        /// The task.
        task: &'a T,
    },
    /// Microtasks wait for a checkpoint.
    Microtasks {
        /// How many.
        count: usize,
    },
    /// A timer waits for its time.
    Timer {
        /// Who set it.
        global: GlobalId,
        /// The handle that script got for it.
        handle: i32,
        /// When it is due, on the loop's clock.
        due: Duration,
        /// Whether it is a timeout or an interval.
        kind: TimerKind,
    },
    /// A task waits for its time.
    Delayed {
        /// Its source.
        source: TaskSource,
        /// Its document.
        client: Option<ClientId>,
        /// When it is due, on the loop's clock.
        due: Duration,
        /// The task.
        task: &'a T,
    },
    /// An answer from outside is awaited.
    Outstanding {
        /// Who asked.
        global: Option<GlobalId>,
        /// What for: "load", say.
        what: &'static str,
        /// More about it: a URL, say.
        detail: &'a str,
    },
}

#[derive(Debug)]
pub(crate) struct Outstanding {
    pub(crate) global: Option<GlobalId>,
    pub(crate) what: &'static str,
    pub(crate) detail: String,
}
