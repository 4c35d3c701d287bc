//! The [scheduling state](https://wicg.github.io/scheduling-apis/#scheduling-state) of the running
//! task: the state that `scheduler.yield()` inherits. Promise jobs keep it.

use boa_engine::{Context, Finalize, JsObject, Trace};
use framepost_event_loop::TaskPriority;

use crate::boa::slots::Slot;

/// The source of a task's priority.
#[derive(Clone, Trace, Finalize)]
pub(crate) enum PrioritySource {
    /// A fixed priority.
    Fixed(#[unsafe_ignore_trace] TaskPriority),
    /// The priority of a `TaskSignal`.
    Signal(JsObject),
}

/// A [scheduling state](https://wicg.github.io/scheduling-apis/#scheduling-state).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SchedulingState {
    /// The [abort source](https://wicg.github.io/scheduling-apis/#scheduling-state-abort-source).
    pub(crate) abort_source: Option<JsObject>,
    /// The [priority source](https://wicg.github.io/scheduling-apis/#scheduling-state-priority-source).
    pub(crate) priority_source: PrioritySource,
}

/// The [current scheduling state](https://wicg.github.io/scheduling-apis/#event-loop-current-scheduling-state).
static CURRENT: Slot<Option<SchedulingState>> = Slot::new();

/// The current scheduling state of the event loop.
pub(crate) fn current(ctx: &Context) -> Option<SchedulingState> {
    CURRENT.with(ctx, |current| current.clone())
}

/// Runs `f` with this scheduling state.
pub(crate) fn with<R>(
    ctx: &mut Context,
    state: Option<SchedulingState>,
    f: impl FnOnce(&mut Context) -> R,
) -> R {
    if state.is_none() && CURRENT.with(ctx, |current| current.is_none()) {
        return f(ctx);
    }
    let before = CURRENT.with(ctx, |current| std::mem::replace(current, state));
    let result = f(ctx);
    let ended = CURRENT.with(ctx, |current| std::mem::replace(current, before));
    drop(ended);
    result
}
