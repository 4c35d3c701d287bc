//! Extra garbage collections, for tests.
//!
//! Boa collects after a certain amount of allocation, so a missing root shows up in one run of a
//! thousand. With a collection after each task it shows up every time. And everything that depends
//! on a collection (`WeakRef`, `FinalizationRegistry`, the `close` event of a port whose peer is
//! unreachable) happens at a known moment.

#[cfg(test)]
use std::cell::Cell;

use boa_engine::Context;

use super::slots::Slot;

/// Whether the agent collects after each task.
static AFTER_EACH_TASK: Slot<bool> = Slot::new();

/// Makes the agent collect after each task.
pub(crate) fn after_each_task(ctx: &Context) {
    AFTER_EACH_TASK.set(ctx, true);
}

/// Collects after a task and its microtasks, if [`after_each_task`] was called.
pub(crate) fn task_ended(ctx: &Context) {
    if AFTER_EACH_TASK.with(ctx, |after| *after) {
        boa_gc::force_collect();
        // The first collection runs finalizers, which make more objects unreachable.
        boa_gc::force_collect();
    }
}

#[cfg(test)]
thread_local! {
    static AT_EACH_CALL: Cell<bool> = const { Cell::new(false) };
}

/// Sets whether each call of a binding on this thread collects.
#[cfg(test)]
pub(crate) fn at_each_call(collect: bool) {
    AT_EACH_CALL.set(collect);
}

/// Marks a point at which a test may collect: a call of a binding, or the clone of a value.
///
/// A stress build, with `--cfg framepost_stress`, always collects here.
#[inline]
pub(crate) fn may_collect() {
    #[cfg(framepost_stress)]
    boa_gc::force_collect();
    #[cfg(test)]
    if AT_EACH_CALL.get() {
        boa_gc::force_collect();
    }
}
