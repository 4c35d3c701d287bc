//! Rejected promises without a handler
//! ([HTML, unhandled promise rejections](https://html.spec.whatwg.org/multipage/webappapis.html#unhandled-promise-rejections)).

use std::collections::VecDeque;

use boa_engine::builtins::promise::{OperationType, PromiseState};
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsObject, JsValue};
use framepost_event_loop::{GlobalId, TaskSource};

use crate::boa::slots::Slot;
use crate::html::error_events::fire_rejection;
use crate::output::TaskOrigin;
use crate::script::error_place::Place;
use crate::script::{EngineTask, TaskId, TaskKind, muted_scripts, origins, queue_a_global_task};

/// The agent's rejected promises without a handler.
static REJECTIONS: Slot<Rejections> = Slot::new();

/// The rejected promises of an agent that have, or had, no handler.
#[derive(Default)]
pub(crate) struct Rejections {
    /// HTML's about-to-be-notified rejected promises lists, of all globals in order of rejection.
    about_to_be_notified: Vec<(GlobalId, JsPromise)>,
    /// The promises of the queued notification tasks, with the tasks' numbers.
    being_notified: Vec<(u64, GlobalId, JsPromise)>,
    /// Where promises were rejected with values that have no place of their own.
    places: VecDeque<(JsPromise, Place)>,
    last_notification: u64,
    /// The origins of the tasks that rejected the promises, by the numbers of the notification tasks.
    origins: Vec<(u64, TaskOrigin)>,
    /// HTML's outstanding rejected promises weak set.
    ///
    /// IMPLEMENTATION-DEFINED: the set refers to its promises strongly, so it is limited to
    /// [`MOST_OUTSTANDING`] and drops the oldest first.
    outstanding: Vec<(GlobalId, JsPromise)>,
    handled: Vec<(GlobalId, JsPromise)>,
    /// The promise whose `unhandledrejection` is being fired, and whether it has got a handler.
    current: Option<(JsObject, bool)>,
}

const MOST_OUTSTANDING: usize = 256;

/// [HostPromiseRejectionTracker](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation)
pub(crate) fn track(ctx: &mut Context, promise: JsPromise, operation: OperationType) {
    // Script never sees the promises with which Boa loads modules.
    if crate::host::modules::are_loading(ctx) {
        return;
    }
    // 1. Find the running script.
    // 2. A classic script with muted errors reports no rejections.
    if muted_scripts::is_running(ctx) {
        return;
    }
    // 3. The settings are the current ones.
    // NOT YET: 4. Those of the running script come first.
    // 5. Find their global.
    let current = crate::script::realm::current_window(ctx);
    let Some(window) = current.or_else(|| crate::script::realm::incumbent(ctx)) else {
        return;
    };
    match operation {
        // 6. A promise was rejected: it is about to be notified.
        OperationType::Reject => {
            keep_place(ctx, &promise);
            REJECTIONS.with(ctx, |rejections| {
                rejections.about_to_be_notified.push((window, promise));
            });
        }
        // 7. A promise has got a handler.
        // OPTIMIZATION: a list is kept for the task that notifies, and for the promise of the event that is
        // fired. So a promise knows at once that it is handled.
        OperationType::Handle => {
            let object: JsObject = promise.clone().into();
            let newly_handled = REJECTIONS.with(ctx, |rejections| {
                let is_it =
                    |other: &JsPromise| JsObject::equals(&JsObject::from(other.clone()), &object);
                if let Some((current, handled)) = &mut rejections.current
                    && JsObject::equals(current, &object)
                {
                    *handled = true;
                    return None;
                }
                // 7.1. If it is about to be notified, it no longer is.
                let list = &mut rejections.about_to_be_notified;
                if let Some(at) = list.iter().position(|(_, other)| is_it(other)) {
                    list.remove(at);
                    return None;
                }
                let list = &mut rejections.being_notified;
                if let Some(at) = list.iter().position(|(_, _, other)| is_it(other)) {
                    list.remove(at);
                    return None;
                }
                // 7.2. If it is not outstanding, nothing happens.
                let outstanding = rejections.outstanding.iter();
                let at = outstanding.clone().position(|(_, other)| is_it(other))?;
                // 7.3. It no longer is outstanding.
                let (window, promise) = rejections.outstanding.remove(at);
                rejections.handled.push((window, promise));
                Some(window)
            });
            // 7.4. Queue a task that fires rejectionhandled.
            if let Some(window) = newly_handled {
                queue(ctx, window, EngineTask::new(&REJECTION_HANDLED, window));
            }
        }
    }
}

/// Keeps the place at which a promise is rejected with a value that is not an object.
fn keep_place(ctx: &Context, promise: &JsPromise) {
    if !matches!(promise.state(), PromiseState::Rejected(reason) if !reason.is_object()) {
        return;
    }
    let Some(place) = origins::reached_if_recording(ctx) else {
        return;
    };
    drop(REJECTIONS.with(ctx, |rejections| {
        let places = &mut rejections.places;
        places.push_back((promise.clone(), place));
        (places.len() > MOST_OUTSTANDING).then(|| places.pop_front())
    }));
}

fn take_place(ctx: &Context, promise: &JsObject) -> Option<Place> {
    REJECTIONS.with(ctx, |rejections| {
        let places = &mut rejections.places;
        let is_it = |(other, _): &(JsPromise, Place)| {
            JsObject::equals(&JsObject::from(other.clone()), promise)
        };
        let at = places.iter().position(is_it)?;
        Some(places.remove(at)?.1)
    })
}

fn queue(ctx: &Context, global: GlobalId, task: EngineTask) {
    // A global without a document gets no notification.
    queue_a_global_task(ctx, TaskSource::DomManipulation, global, task);
}

/// [Notify about rejected promises](https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises)
///
/// For all globals: empties the list and queues the notification task.
pub(crate) fn queue_notifications(ctx: &mut Context) {
    loop {
        let next = REJECTIONS.with(ctx, |rejections| {
            // 2. If the list is empty, nothing happens.
            let window = rejections.about_to_be_notified.first()?.0;
            rejections.last_notification += 1;
            let number = rejections.last_notification;
            // 1. and 3. Take the promises out of the list.
            let of_window = take(&mut rejections.about_to_be_notified, window);
            let numbered = of_window
                .into_iter()
                .map(|promise| (number, window, promise));
            rejections.being_notified.extend(numbered);
            Some((window, number))
        });
        let Some((window, number)) = next else { return };
        if let Some(origin) = origins::current(ctx) {
            REJECTIONS.with(ctx, |rejections| rejections.origins.push((number, origin)));
        }
        // 4. Queue the task.
        let task = EngineTask::new(&NOTIFY, TaskId::number(number));
        queue(ctx, window, task);
    }
}

fn take(list: &mut Vec<(GlobalId, JsPromise)>, global: GlobalId) -> Vec<JsPromise> {
    list.extract_if(.., |(owner, _)| *owner == global)
        .map(|(_, promise)| promise)
        .collect()
}

/// The notification task: fires `unhandledrejection` for the promises with its number.
static NOTIFY: TaskKind = TaskKind {
    name: "notify about rejected promises",
    run: |ctx, id| notify(ctx, id.as_number()),
};

fn notify(ctx: &mut Context, number: u64) {
    let origin = REJECTIONS.with(ctx, |rejections| {
        let is_it = |(of, _): &mut (u64, TaskOrigin)| *of == number;
        rejections.origins.extract_if(.., is_it).next()
    });
    let origin = origin.map(|(_, origin)| origin);
    // 4.1. For each promise of the list. (4.1.1.: `track` has removed those that are handled.)
    loop {
        let next = REJECTIONS.with(ctx, |rejections| {
            let list = &mut rejections.being_notified;
            let at = list.iter().position(|(of, ..)| *of == number)?;
            let (_, window, promise) = list.remove(at);
            let object: JsObject = promise.clone().into();
            rejections.current = Some((object, false));
            Some((window, promise))
        });
        let Some((window, promise)) = next else {
            return;
        };
        if let PromiseState::Rejected(reason) = promise.state() {
            notify_of(ctx, window, promise, &reason, origin.clone());
        }
    }
}

fn notify_of(
    ctx: &mut Context,
    global: GlobalId,
    promise: JsPromise,
    reason: &JsValue,
    origin: Option<TaskOrigin>,
) {
    let object: JsObject = promise.clone().into();
    let place = take_place(ctx, &object);
    // 4.1.2. Fire unhandledrejection.
    let not_canceled = fire_rejection(ctx, global, "unhandledrejection", &object, reason, true);
    let current = REJECTIONS.with(ctx, |rejections| rejections.current.take());
    let handled = current.is_some_and(|(_, handled)| handled);
    if handled {
        return;
    }
    // 4.1.3. If it was not canceled, report the reason.
    // IMPLEMENTATION-DEFINED: not if the promise has got a handler meanwhile.
    if not_canceled {
        crate::host::report::report_rejection(ctx, global, reason, origin, place);
    }
    // 4.1.4. If it still has no handler, it is outstanding.
    drop(REJECTIONS.with(ctx, |rejections| {
        let outstanding = &mut rejections.outstanding;
        outstanding.push((global, promise));
        (outstanding.len() > MOST_OUTSTANDING).then(|| outstanding.remove(0))
    }));
}

/// Fires `rejectionhandled` for a promise that got a handler late. Each promise has its own task,
/// in the order in which they got their handlers.
static REJECTION_HANDLED: TaskKind = TaskKind {
    name: "fire rejectionhandled",
    run: |ctx, id| notify_handled(ctx, id.key()),
};

fn notify_handled(ctx: &mut Context, global: GlobalId) {
    let next = REJECTIONS.with(ctx, |rejections| {
        let handled = &mut rejections.handled;
        let at = handled.iter().position(|(owner, _)| *owner == global)?;
        Some(handled.remove(at).1)
    });
    let Some(promise) = next else { return };
    let reason = match promise.state() {
        PromiseState::Rejected(reason) => reason,
        _ => JsValue::undefined(),
    };
    let object: JsObject = promise.into();
    fire_rejection(ctx, global, "rejectionhandled", &object, &reason, false);
}

/// Removes the promises of a discarded window or an ended worker.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(REJECTIONS.with(ctx, |rejections| {
        let lists = [
            &mut rejections.about_to_be_notified,
            &mut rejections.outstanding,
            &mut rejections.handled,
        ];
        lists.map(|list| take(list, global))
    }));
}
