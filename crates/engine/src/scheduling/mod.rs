//! Scheduling: idle callbacks, and tasks with priorities.

use boa_engine::Context;

pub(crate) mod idle_callbacks;
pub(crate) mod idle_periods;
pub(crate) mod scheduled_tasks;
pub(crate) mod scheduler;
pub(crate) mod task_priorities;
pub(crate) mod task_signal;

/// Drops the callbacks and tasks of globals that are gone.
pub(crate) fn forget_dropped(cx: &Context) {
    idle_periods::forget_dropped(cx);
    scheduled_tasks::forget_dropped(cx);
}
