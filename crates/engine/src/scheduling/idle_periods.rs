//! Idle periods ([requestIdleCallback, processing](https://w3c.github.io/requestidlecallback/#processing)).

use std::collections::BTreeMap;
use std::time::Duration;

use boa_engine::{Context, JsObject};
use framepost_event_loop::{Arena, EventLoop, GlobalId, TaskSource, new_key_type};

use super::idle_callbacks::{DeadlineData, IDLE_DEADLINE, IdleRequestOptions};
use crate::boa::slots::Slot;
use crate::script::callback::{self, Callback};
use crate::script::{EngineTask, TaskId, TaskKind, queue_a_global_task, realm, time, with_loop};
use crate::webidl;

/// The waiting callbacks, by global and handle.
static CALLBACKS: Slot<BTreeMap<(GlobalId, u32), Callback>> = Slot::new();

/// The timeouts of idle callbacks: the global and the handle of each.
static TIMEOUTS: Slot<Arena<IdleTimeoutId, (GlobalId, u32)>> = Slot::new();

new_key_type! {
    /// Names the timeout of an idle callback.
    struct IdleTimeoutId: "idle timeout";
}

/// [`requestIdleCallback()`](https://w3c.github.io/requestidlecallback/#the-requestidlecallback-method)
pub(super) fn request_idle_callback(
    window: GlobalId,
    callback: JsObject,
    options: &IdleRequestOptions,
    cx: &mut Context,
) -> u32 {
    // 1. to 5. Add the callback to the window's list, under the next handle.
    let callback = Callback::new(callback, cx);
    let (handle, client) = with_loop(cx, |event_loop| {
        event_loop.request_idle_period(|| start_an_idle_period().into());
        (
            event_loop.request_idle_callback(window),
            event_loop.client_of(window),
        )
    });
    // The callback of a window that is gone is never called.
    if client.is_some() {
        CALLBACKS.with(cx, |callbacks| callbacks.insert((window, handle), callback));
    }
    // 6. A positive timeout runs the callback even if the loop is busy.
    if let Some(timeout) = options.timeout.filter(|timeout| *timeout > 0) {
        let id = TIMEOUTS.with(cx, |timeouts| timeouts.insert((window, handle)));
        let task = EngineTask::new(&INVOKE_IDLE_CALLBACK_TIMEOUT, id);
        let delay = Duration::from_millis(timeout.into());
        with_loop(cx, |event_loop| {
            event_loop.queue_task_after(delay, TaskSource::Idle, client, task);
        });
    }
    // 7. Return the handle.
    handle
}

/// [`cancelIdleCallback()`](https://w3c.github.io/requestidlecallback/#the-cancelidlecallback-method)
pub(super) fn cancel_idle_callback(window: GlobalId, handle: u32, cx: &mut Context) {
    with_loop(cx, |event_loop| {
        event_loop.remove_idle_callback(window, handle)
    });
    drop(take(window, handle, cx));
}

fn take(window: GlobalId, handle: u32, cx: &Context) -> Option<Callback> {
    CALLBACKS.with(cx, |callbacks| callbacks.remove(&(window, handle)))
}

fn start_an_idle_period() -> EngineTask {
    EngineTask::new(&START_AN_IDLE_PERIOD, TaskId::ONLY)
}

/// [Start an idle period](https://w3c.github.io/requestidlecallback/#start-an-idle-period-algorithm)
static START_AN_IDLE_PERIOD: TaskKind = TaskKind {
    name: "start an idle period",
    run: |cx, _| {
        // 1. to 4. The event loop chose the time and the deadline.
        // 5. and 6. The requested callbacks become runnable.
        for window in with_loop(cx, EventLoop::start_an_idle_period) {
            // 7. Queue a task that invokes them.
            queue_invocation(window, cx);
        }
    },
};

/// The task of [invoke idle callbacks](https://w3c.github.io/requestidlecallback/#invoke-idle-callbacks-algorithm).
static INVOKE_IDLE_CALLBACKS: TaskKind = TaskKind {
    name: "invoke idle callbacks",
    run: |cx, id| invoke_idle_callbacks(id.key(), cx),
};

fn queue_invocation(window: GlobalId, cx: &Context) {
    let task = EngineTask::new(&INVOKE_IDLE_CALLBACKS, window);
    queue_a_global_task(cx, TaskSource::Idle, window, task);
}

/// [Invoke idle callbacks](https://w3c.github.io/requestidlecallback/#invoke-idle-callbacks-algorithm)
fn invoke_idle_callbacks(window: GlobalId, cx: &mut Context) {
    // 1. and 2. The time and the deadline.
    let (now, deadline) = with_loop(cx, |event_loop| {
        (event_loop.peek_now(), event_loop.idle_deadline())
    });
    // 3. While the period lasts, run the next callback, then queue this task again.
    if now < deadline {
        let handle = with_loop(cx, |event_loop| event_loop.take_idle_callback(window));
        if let Some(callback) = handle.and_then(|handle| take(window, handle, cx)) {
            invoke(
                window,
                &callback,
                DeadlineData {
                    time: deadline,
                    did_timeout: false,
                },
                cx,
            );
        }
    }
    let more = with_loop(cx, |event_loop| {
        event_loop.has_runnable_idle_callback(window)
    });
    if more && now < deadline {
        queue_invocation(window, cx);
    } else if more {
        // The others wait for the next period.
        with_loop(cx, |event_loop| {
            event_loop.request_idle_period(|| start_an_idle_period().into());
        });
    }
}

/// [Invoke idle callback timeout](https://w3c.github.io/requestidlecallback/#invoke-idle-callback-timeout-algorithm)
static INVOKE_IDLE_CALLBACK_TIMEOUT: TaskKind = TaskKind {
    name: "invoke idle callback timeout",
    run: |cx, id| {
        let of = TIMEOUTS.with(cx, |timeouts| timeouts.remove(id.key()));
        // 1. The callback may have run, or been cancelled.
        let Some((window, handle)) = of else { return };
        with_loop(cx, |event_loop| {
            event_loop.remove_idle_callback(window, handle)
        });
        if let Some(callback) = take(window, handle, cx) {
            // 2. The deadline is now.
            let time = with_loop(cx, EventLoop::now);
            invoke(
                window,
                &callback,
                DeadlineData {
                    time,
                    did_timeout: true,
                },
                cx,
            );
        }
    },
};

fn invoke(window: GlobalId, callback: &Callback, deadline: DeadlineData, cx: &mut Context) {
    let Some(record) = realm::window_record(cx, window) else {
        return;
    };
    let deadline = webidl::create_object(&record.realm, &IDLE_DEADLINE, deadline, cx);
    let this = realm::window_value(cx, window);
    callback::invoke_and_report(callback, &this, &[deadline.into()], Some(window), cx);
}

/// [`timeRemaining()`](https://w3c.github.io/requestidlecallback/#the-timeremaining-method)
pub(super) fn time_remaining(deadline: &DeadlineData, cx: &mut Context) -> f64 {
    // 1. and 2. Not less than zero.
    let now = with_loop(cx, EventLoop::now);
    time::coarsen(deadline.time.saturating_sub(now))
}

/// Drops the callbacks of windows that are gone.
pub(super) fn forget_dropped(cx: &Context) {
    let forgotten: Vec<_> = CALLBACKS.with(cx, |callbacks| {
        if callbacks.is_empty() {
            return Vec::new();
        }
        let gone = |window| with_loop(cx, |event_loop| event_loop.client_of(window)).is_none();
        callbacks
            .extract_if(.., |(window, _), _| gone(*window))
            .collect()
    });
    drop(forgotten);
}
