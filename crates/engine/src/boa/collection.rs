//! Collecting garbage more often than is needed.
//!
//! Boa collects when so much was allocated since it last did. Who holds something too loosely is
//! found out by that one time in a thousand. A page that is collected after each task shows it
//! every time, and all that hangs on collection (`WeakRef`, `FinalizationRegistry`, the `close` of
//! a port whose peer is forgotten) happens at a moment that one can name.

#[cfg(test)]
use std::cell::Cell;

use boa_engine::Context;

use super::slots::Slot;

/// Whether the agent collects after each task.
static AFTER_EACH_TASK: Slot<bool> = Slot::new();

/// Collects after each task from now on.
pub(crate) fn after_each_task(ctx: &Context) {
    AFTER_EACH_TASK.set(ctx, true);
}

/// A task has ended, with the microtasks that it has led to.
pub(crate) fn task_ended(ctx: &Context) {
    if AFTER_EACH_TASK.with(ctx, |after| *after) {
        boa_gc::force_collect();
        // The first collection runs finalizers, which drop more.
        boa_gc::force_collect();
    }
}

#[cfg(test)]
thread_local! {
    static AT_EACH_CALL: Cell<bool> = const { Cell::new(false) };
}

/// Collects at each call of a binding on this thread from now on.
#[cfg(test)]
pub(crate) fn at_each_call(collect: bool) {
    AT_EACH_CALL.set(collect);
}

/// Script has called a binding, or a value is about to be cloned: here a test may collect.
#[inline]
pub(crate) fn may_collect() {
    #[cfg(test)]
    if AT_EACH_CALL.get() {
        boa_gc::force_collect();
    }
}
