//! When work runs: idle callbacks, and tasks with priorities.

use boa_engine::Context;

pub(crate) mod idle_callbacks;
pub(crate) mod scheduler;
pub(crate) mod task_signal;

/// Drops what waits for globals that are gone.
pub(crate) fn forget_dropped(cx: &Context) {
    idle_callbacks::forget_dropped(cx);
    scheduler::forget_dropped(cx);
}
