//! When Boa collects garbage: seldom in a small heap, and at known moments in tests.
//!
//! Boa collects after a certain amount of allocation, so a missing root shows up in one run of a
//! thousand. With a collection after each task it shows up every time. And everything that depends
//! on a collection (`WeakRef`, `FinalizationRegistry`, the `close` event of a port whose peer is
//! unreachable) happens at a known moment.

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use boa_engine::{Context, Finalize, Trace};
use boa_gc::Gc;

use super::slots::Slot;

/// The size of a [`Block`]: Boa copies it, and does so fast up to this size.
const BLOCK: usize = 3 << 10;

/// How many blocks are allocated: three MiB.
const BLOCKS: usize = 1 << 10;

/// Memory that nobody uses.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct Block(#[allow(dead_code, reason = "only its size matters")] MaybeUninit<[u8; BLOCK]>);

thread_local! {
    static IS_SELDOM: Cell<bool> = const { Cell::new(false) };
}

/// Lets Boa collect on this thread when the heap has grown to 4 MiB, not to 1 MiB.
///
/// OPTIMIZATION: a page keeps a good half of a MiB alive from its start, which each collection visits four
/// times. When Boa collected at one MiB, this was 30 % of the instructions of an `await`, and 13 % of those of a
/// small object's message. A page with much garbage takes up to eight MiB more.
///
/// Boa has no setting for it. But if a collection leaves more than 70 % of the limit, the limit grows to ten
/// sevenths of what is left. So this allocates three MiB, which it neither writes nor keeps.
pub fn collect_seldom() {
    if IS_SELDOM.replace(true) {
        return;
    }
    let blocks: Vec<Gc<Block>> = (0..BLOCKS)
        .map(|_| Gc::new(Block(MaybeUninit::uninit())))
        .collect();
    // Each allocation looks at the limit.
    let last = Gc::new(());
    drop((blocks, last));
    boa_gc::force_collect();
}

thread_local! {
    static FINALIZERS_RUN: Cell<u64> = const { Cell::new(0) };
}

/// A finalizer has left something to account for after the task.
pub fn finalizer_runs() {
    FINALIZERS_RUN.set(FINALIZERS_RUN.get().wrapping_add(1));
}

/// The number of finalizers on this thread that have left something to account for.
///
/// OPTIMIZATION: while it stays the same, the end of a task looks for nothing that was collected.
pub fn finalizers_run() -> u64 {
    FINALIZERS_RUN.get()
}

/// The bytes of received buffers after which a collection is due.
const RECEIVED: usize = 8 << 20;

thread_local! {
    static BYTES_RECEIVED: Cell<usize> = const { Cell::new(0) };
}

/// Counts the memory of a buffer that a message brings, and collects when many have come.
///
/// Boa does not count what a buffer allocates outside its heap. A page that receives large buffers, one after another,
/// would keep thousands of them until a few MiB of small objects cause a collection.
pub fn buffer_received(bytes: usize) {
    let received = BYTES_RECEIVED.get().saturating_add(bytes);
    BYTES_RECEIVED.set(received);
    if received >= RECEIVED {
        BYTES_RECEIVED.set(0);
        boa_gc::force_collect();
    }
}

/// Whether the agent collects after each task.
static AFTER_EACH_TASK: Slot<bool> = Slot::new();

/// Whether any agent of the process does.
static ANY_COLLECTS: AtomicBool = AtomicBool::new(false);

/// Makes the agent collect after each task.
pub fn after_each_task(ctx: &Context) {
    ANY_COLLECTS.store(true, Ordering::Relaxed);
    AFTER_EACH_TASK.set(ctx, true);
}

/// Whether [`after_each_task`] was called.
#[must_use]
pub fn is_after_each_task(ctx: &Context) -> bool {
    ANY_COLLECTS.load(Ordering::Relaxed) && AFTER_EACH_TASK.with(ctx, |after| *after)
}

/// Collects after a task and its microtasks, if [`after_each_task`] was called.
pub fn task_ended(ctx: &Context) {
    if is_after_each_task(ctx) {
        boa_gc::force_collect();
        // The first collection runs finalizers, which make more objects unreachable.
        boa_gc::force_collect();
    }
}

#[cfg(debug_assertions)]
thread_local! {
    static AT_EACH_CALL: Cell<bool> = const { Cell::new(false) };
}

/// Sets whether each call of a binding on this thread collects, for tests.
///
/// OPTIMIZATION: only builds with debug assertions have this, because a call of a binding should not look for it.
#[cfg(debug_assertions)]
pub fn at_each_call(collect: bool) {
    AT_EACH_CALL.set(collect);
}

/// Marks a point at which a test may collect: a call of a binding, or the clone of a value.
///
/// A stress build, with `--cfg framepost_stress`, always collects here.
#[inline]
pub fn may_collect() {
    #[cfg(framepost_stress)]
    boa_gc::force_collect();
    #[cfg(debug_assertions)]
    if AT_EACH_CALL.get() {
        boa_gc::force_collect();
    }
}
