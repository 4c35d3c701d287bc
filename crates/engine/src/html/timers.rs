//! Timers and microtasks
//! ([HTML, timers](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers)).

use std::rc::Rc;
use std::time::Duration;

use boa_engine::{Context, JsObject, JsString, JsValue};
use framepost_event_loop::{
    Arena, EventLoop, GlobalId, KeyMap, TimerId, TimerKind, TimerTask, new_key_type,
};

use super::window_or_worker_global_scope;
use crate::boa::slots::Slot;
use crate::boa::source_text;
use crate::boa::sources::{self, Kind};
use crate::output::{OriginKind, TaskOrigin};
use crate::script::callback::{self, Callback};
use crate::script::realm::{self, in_realm};
use crate::script::{
    EngineTask, TaskKind, can_run_script, origins, prepare_to_run_script, queue_a_microtask,
    report_script_exception, state, task_log, with_contexts, with_loop,
};

/// The callbacks of the pending timers.
static TIMERS: Slot<KeyMap<TimerId, TimerHandler>> = Slot::new();

/// The waiting callbacks of `queueMicrotask()`.
static MICROTASKS: Slot<Arena<MicrotaskId, Callback>> = Slot::new();

new_key_type! {
    /// Names a callback that waits in the microtask queue.
    pub struct MicrotaskId: "microtask callback";
}

/// The callback of a timer.
#[derive(Clone)]
struct TimerHandler {
    action: TimerAction,
    arguments: Vec<JsValue>,
    /// The place where it was set.
    origin: Option<Box<origins::Position>>,
}

/// A function or a text to evaluate.
#[derive(Clone)]
enum TimerAction {
    Function(Callback),
    Source(JsString),
}

/// [Timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps)
pub(crate) fn timer_initialization_steps(
    global: GlobalId,
    handler: window_or_worker_global_scope::TimerHandler,
    timeout: i32,
    arguments: Vec<JsValue>,
    kind: TimerKind,
    cx: &mut Context,
) -> i32 {
    // 1. to 8. The event loop keeps the timer; this module keeps its callback.
    let action = match handler {
        window_or_worker_global_scope::TimerHandler::Function(function) => {
            TimerAction::Function(Callback::new(function, cx))
        }
        window_or_worker_global_scope::TimerHandler::DomString(source) => {
            TimerAction::Source(source)
        }
    };
    let origin = origins::of_call(cx);
    let state = state(cx);
    let event_loop = &mut state.world.borrow_mut().event_loop;
    let (handle, timer) = event_loop.timer_initialization_steps(global, timeout, kind);
    if event_loop.client_of(global).is_some() {
        let handler = TimerHandler {
            action,
            arguments,
            origin,
        };
        TIMERS.with(cx, |timers| timers.insert(timer, handler));
    } else {
        // The timer of a window that is gone has a handle, but never runs.
        event_loop.clear_timer(global, handle);
    }
    handle
}

/// [`clearTimeout()` and `clearInterval()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-cleartimeout)
pub(crate) fn clear_timeout(global: GlobalId, id: i32, cx: &mut Context) {
    let timer = with_loop(cx, |event_loop| event_loop.clear_timer(global, id));
    let handler = timer.and_then(|timer| TIMERS.with(cx, |timers| timers.remove(timer)));
    drop(handler);
}

/// [`queueMicrotask()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-queuemicrotask)
pub(crate) fn queue_microtask(callback: JsObject, cx: &mut Context) {
    let callback = Callback::new(callback, cx);
    let id = MICROTASKS.with(cx, |microtasks| microtasks.insert(callback));
    queue_a_microtask(cx, EngineTask::new(&CALLBACK, id));
}

/// The microtask of a callback of `queueMicrotask()`.
static CALLBACK: TaskKind = TaskKind {
    name: "microtask callback",
    run: |ctx, id| {
        let callback = MICROTASKS.with(ctx, |microtasks| microtasks.remove(id.key()));
        if let Some(callback) = callback {
            let (this, window) = (JsValue::undefined(), callback.incumbent);
            callback::invoke_and_report(&callback, &this, &[], window, ctx);
        }
    },
};

/// Drops the callbacks of timers whose windows are gone.
pub(crate) fn forget_dropped(ctx: &Context) {
    let dropped = with_loop(ctx, EventLoop::take_dropped_timers);
    if dropped.is_empty() {
        return;
    }
    drop(TIMERS.with(ctx, |timers| {
        let dropped = dropped.into_iter();
        dropped
            .filter_map(|timer| timers.remove(timer))
            .collect::<Vec<_>>()
    }));
}

/// Returns the call that set a timer, and the time since then, if positions are recorded.
pub(crate) fn origin(
    ctx: &Context,
    global: GlobalId,
    handle: i32,
) -> Option<(TaskOrigin, Duration)> {
    let timer = with_loop(ctx, |event_loop| event_loop.timer_of(global, handle))?;
    let position = TIMERS.with(ctx, |timers| timers.get(timer)?.origin.clone())?;
    let origin = origins::of_position(ctx, OriginKind::Timer, &position);
    Some((origin, origins::age(ctx, &position)))
}

/// The number of timers with a callback.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    TIMERS.with(ctx, |timers| timers.len())
}

/// The task of a timer.
pub(crate) fn run(ctx: &mut Context, task: TimerTask) {
    let Some(fired) = with_loop(ctx, |event_loop| event_loop.begin_timer(&task)) else {
        return;
    };
    let handler = TIMERS.with(ctx, |timers| match fired.kind {
        // OPTIMIZATION: it is called for the last time, so it is moved, not copied.
        TimerKind::Timeout => timers.remove(task.timer),
        TimerKind::Interval => timers.get(task.timer).cloned(),
    });
    if let Some(TimerHandler {
        action,
        arguments,
        origin,
    }) = handler
    {
        let window = task.global;
        let has_origin = origin.is_some();
        if let Some(origin) = origin {
            origins::set_timer(ctx, Some(*origin));
            task_log::calls_timer(ctx);
        }
        match action {
            TimerAction::Function(function) => {
                let this = realm::window_value(ctx, window);
                callback::invoke_and_report(&function, &this, &arguments, Some(window), ctx);
            }
            TimerAction::Source(source) => run_source(ctx, window, &source),
        }
        if has_origin {
            origins::set_timer(ctx, None);
        }
    }
    let goes_on = with_loop(ctx, |event_loop| event_loop.finish_timer(&task));
    if !goes_on && fired.kind == TimerKind::Interval {
        let handler = TIMERS.with(ctx, |timers| timers.remove(task.timer));
        drop(handler);
    }
}

/// Runs the text of a timer that has no function.
fn run_source(ctx: &mut Context, global: GlobalId, source: &JsString) {
    let Some(record) = realm::window_record(ctx, global) else {
        return;
    };
    if !can_run_script(ctx, global) || !realm::allows_eval(ctx, Some(global)) {
        return;
    }
    let url = with_contexts(ctx, |contexts| {
        contexts.url_of_global(global).map(ToString::to_string)
    });
    let url = url.unwrap_or_default();
    prepare_to_run_script(ctx, Some(global));
    let result = in_realm(ctx, &record.realm, |ctx| {
        let text = Rc::new(source.to_std_string_lossy());
        sources::remember(ctx, &url, Kind::Script, &text);
        let path = std::path::Path::new(&url);
        source_text::parse_script_units(source, path, ctx)?.evaluate(ctx)
    });
    if let Err(error) = result {
        report_script_exception(ctx, global, error, &url);
    }
    crate::script::clean_up_after_running_script(ctx);
}
