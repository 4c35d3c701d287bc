//! Timers and microtasks
//! ([HTML, timers](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers)).

use std::collections::HashMap;

use boa_engine::{Context, JsObject, JsResult, JsValue, Script, Source};
use framepost_event_loop::{
    Arena, EventLoop, GlobalId, TimerId, TimerKind, TimerTask, new_key_type,
};

use crate::boa::slots::Slot;
use crate::script::callback;
use crate::script::callback::Callback;
use crate::script::realm;
use crate::script::realm::in_realm;
use crate::script::{
    EngineTask, TaskKind, prepare_to_run_script, queue_a_microtask, report_script_exception, state,
    with_contexts, with_loop,
};
use crate::webidl::Member;
use crate::webidl::convert::{argument, callback_function, long, optional};
use crate::webidl::platform;

/// What the pending timers call.
static TIMERS: Slot<HashMap<TimerId, TimerHandler>> = Slot::new();

/// The callbacks of `queueMicrotask()` that wait.
static MICROTASKS: Slot<Arena<MicrotaskId, Callback>> = Slot::new();

new_key_type! {
    /// Names a callback that waits in the microtask queue.
    pub struct MicrotaskId: "microtask callback";
}

/// What a timer calls.
struct TimerHandler {
    action: TimerAction,
    arguments: Vec<JsValue>,
}

/// A function or a text to evaluate.
#[derive(Clone)]
enum TimerAction {
    Function(Callback),
    Source(boa_engine::JsString),
}

/// The members of `WindowOrWorkerGlobalScope` about timers and microtasks.
pub(crate) const MEMBERS: &[Member] = &[
    Member::Operation("setTimeout", 1, |this, args, ctx| {
        set(this, args, TimerKind::Timeout, ctx)
    }),
    Member::Operation("setInterval", 1, |this, args, ctx| {
        set(this, args, TimerKind::Interval, ctx)
    }),
    Member::Operation("clearTimeout", 0, clear),
    Member::Operation("clearInterval", 0, clear),
    Member::Operation("queueMicrotask", 1, queue_microtask),
];

/// [Timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps)
fn set(this: &JsObject, args: &[JsValue], kind: TimerKind, ctx: &mut Context) -> JsResult<JsValue> {
    let handler = argument(args, 0);
    let action = match handler.as_callable() {
        Some(function) => TimerAction::Function(Callback::new(function, ctx)),
        None => TimerAction::Source(handler.to_string(ctx)?),
    };
    let timeout = optional(args, 1).map_or(Ok(0), |value| long(value, ctx))?;
    let arguments = args.get(2..).unwrap_or_default().to_vec();
    let window = platform::window(this)?;
    let handle = {
        let state = state(ctx);
        let event_loop = &mut state.world.borrow_mut().event_loop;
        let (handle, timer) = event_loop.timer_initialization_steps(window, timeout, kind);
        if event_loop.client_of(window).is_some() {
            let handler = TimerHandler { action, arguments };
            TIMERS.with(ctx, |timers| timers.insert(timer, handler));
        } else {
            // A window that is gone has a handle for its timer, which never comes to anything.
            event_loop.clear_timer(window, handle);
        }
        handle
    };
    Ok(handle.into())
}

fn clear(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let handle = optional(args, 0).map_or(Ok(0), |value| long(value, ctx))?;
    let window = platform::window(this)?;
    let timer = with_loop(ctx, |event_loop| event_loop.clear_timer(window, handle));
    let handler = timer.and_then(|timer| TIMERS.with(ctx, |timers| timers.remove(&timer)));
    drop(handler);
    Ok(JsValue::undefined())
}

/// [`queueMicrotask()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-queuemicrotask)
fn queue_microtask(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let function = callback_function(&argument(args, 0), "parameter 1")?;
    let callback = Callback::new(function, ctx);
    let id = MICROTASKS.with(ctx, |microtasks| microtasks.insert(callback));
    queue_a_microtask(ctx, EngineTask::new(&CALLBACK, id));
    Ok(JsValue::undefined())
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

/// Forgets what timers call that went with their windows.
pub(crate) fn forget_dropped(ctx: &Context) {
    let dropped = with_loop(ctx, EventLoop::take_dropped_timers);
    let forgotten: Vec<_> = TIMERS.with(ctx, |timers| {
        let dropped = dropped.into_iter();
        dropped.filter_map(|timer| timers.remove(&timer)).collect()
    });
    drop(forgotten);
}

/// How many timers have something to call.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    TIMERS.with(ctx, |timers| timers.len())
}

/// The task of a timer.
pub(crate) fn run(ctx: &mut Context, task: TimerTask) {
    if with_loop(ctx, |event_loop| event_loop.begin_timer(&task)).is_none() {
        return;
    }
    let handler = TIMERS.with(ctx, |timers| {
        let handler = timers.get(&task.timer)?;
        Some((handler.action.clone(), handler.arguments.clone()))
    });
    if let Some((action, arguments)) = handler {
        let window = task.global;
        match action {
            TimerAction::Function(function) => {
                let this = realm::window_value(ctx, window);
                callback::invoke_and_report(&function, &this, &arguments, Some(window), ctx);
            }
            TimerAction::Source(source) => run_source(ctx, window, &source),
        }
    }
    if !with_loop(ctx, |event_loop| event_loop.finish_timer(&task)) {
        let handler = TIMERS.with(ctx, |timers| timers.remove(&task.timer));
        drop(handler);
    }
}

/// Runs the text that a timer was given instead of a function.
fn run_source(ctx: &mut Context, window: GlobalId, source: &boa_engine::JsString) {
    let Some(record) = realm::window_record(ctx, window) else {
        return;
    };
    let url = with_contexts(ctx, |contexts| {
        contexts.url_of_global(window).map(ToString::to_string)
    });
    let url = url.unwrap_or_default();
    prepare_to_run_script(ctx, Some(window));
    let units = source.to_vec();
    let result = in_realm(ctx, &record.realm, |ctx| {
        crate::boa::nesting::check(units.iter().copied())?;
        let path = std::path::Path::new(&url);
        Script::parse(Source::from_utf16(&units).with_path(path), None, ctx)?.evaluate(ctx)
    });
    if let Err(error) = result {
        report_script_exception(ctx, window, error, &url);
    }
    crate::script::clean_up_after_running_script(ctx);
}
