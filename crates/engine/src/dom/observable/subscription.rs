//! The life of a subscription: emitting, closing, and the observers of a subscriber
//! ([Observable, the Subscriber interface](https://wicg.github.io/observable/#subscriber-api)).

use boa_engine::{Context, Finalize, JsError, JsObject, JsValue, Trace};
use framepost_event_loop::GlobalId;

use super::operation::{Operation, Steps, report};
use crate::dom::aborting;
use crate::script::callback::{Callback, is_left};
use crate::script::report_exception;
use crate::webidl::platform;

/// An [internal observer](https://wicg.github.io/observable/#internal-observer).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) enum Observer {
    /// Callbacks of script.
    Script {
        next: Option<Callback>,
        error: Option<Callback>,
        complete: Option<Callback>,
    },
    /// The steps of an operator.
    Native(#[unsafe_ignore_trace] &'static Steps, Operation),
}

/// The data of a `Subscriber`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SubscriberData {
    #[unsafe_ignore_trace]
    pub(super) active: bool,
    /// The [internal observers](https://wicg.github.io/observable/#subscriber-internal-observers), each with a
    /// number.
    observers: Vec<(u32, Observer)>,
    last_observer: u32,
    teardowns: Vec<Callback>,
    /// The signal of the [subscription controller](https://wicg.github.io/observable/#subscriber-subscription-controller).
    pub(super) signal: JsObject,
    #[unsafe_ignore_trace]
    global: Option<GlobalId>,
}

impl SubscriberData {
    pub(super) fn new(signal: JsObject, global: Option<GlobalId>) -> Self {
        Self {
            active: true,
            observers: Vec::new(),
            last_observer: 0,
            teardowns: Vec::new(),
            signal,
            global,
        }
    }
}

fn read<R>(subscriber: &JsObject, read: impl FnOnce(&SubscriberData) -> R) -> Option<R> {
    platform::with(subscriber, |data: &SubscriberData| Some(read(data)))
}

fn write<R>(subscriber: &JsObject, write: impl FnOnce(&mut SubscriberData) -> R) -> Option<R> {
    platform::with_mut(subscriber, |data: &mut SubscriberData| Some(write(data)))
}

pub(super) fn is_active(subscriber: &JsObject) -> bool {
    read(subscriber, |data| data.active) == Some(true)
}

/// The signal of a subscriber.
pub(super) fn signal_of(subscriber: &JsObject) -> Option<JsObject> {
    read(subscriber, |data| data.signal.clone())
}

/// Whether a global is a window whose document is not fully active, or a worker that has ended.
pub(super) fn is_inactive(global: Option<GlobalId>, cx: &Context) -> bool {
    global.is_some_and(|global| is_left(cx, global))
}

fn global_is_inactive(subscriber: &JsObject, cx: &Context) -> bool {
    is_inactive(read(subscriber, |data| data.global).flatten(), cx)
}

/// A copy of the observers: their steps may change the list.
fn observers(subscriber: &JsObject) -> Vec<Observer> {
    let held = read(subscriber, |data| data.observers.clone());
    let held = held.unwrap_or_default().into_iter();
    held.map(|(_, observer)| observer).collect()
}

/// [`next()`](https://wicg.github.io/observable/#dom-subscriber-next)
pub(super) fn next(subscriber: &JsObject, value: &JsValue, cx: &mut Context) {
    // 1. and 2. An inactive subscriber, or one of an inactive document, emits nothing.
    if !is_active(subscriber) || global_is_inactive(subscriber, cx) {
        return;
    }
    // 3. and 4. Run the next steps of each observer.
    for observer in observers(subscriber) {
        match observer {
            Observer::Script { next, .. } => {
                if let Some(next) = next {
                    report(cx, &next, std::slice::from_ref(value));
                }
            }
            Observer::Native(steps, operation) => (steps.next)(cx, &operation, value),
        }
    }
}

/// [`error()`](https://wicg.github.io/observable/#dom-subscriber-error)
pub(super) fn error_of(subscriber: &JsObject, error: &JsValue, cx: &mut Context) {
    // 1. An inactive subscriber reports the exception.
    let global = read(subscriber, |data| data.global).flatten();
    if !is_active(subscriber) {
        return report_exception(cx, global, JsError::from_opaque(error.clone()));
    }
    // 2. In a document that is not fully active, return.
    if is_inactive(global, cx) {
        return;
    }
    // 3. Close the subscription.
    let observers = observers(subscriber);
    close(subscriber, Some(error), cx);
    // 4. and 5. Run the error steps of each observer.
    for observer in observers {
        match observer {
            Observer::Script {
                error: Some(callback),
                ..
            } => report(cx, &callback, std::slice::from_ref(error)),
            Observer::Script { .. } => {
                report_exception(cx, global, JsError::from_opaque(error.clone()));
            }
            Observer::Native(steps, operation) => (steps.error)(cx, &operation, error),
        }
    }
}

/// [`complete()`](https://wicg.github.io/observable/#dom-subscriber-complete)
pub(super) fn complete(subscriber: &JsObject, cx: &mut Context) {
    // 1. and 2. An inactive subscriber, or one of an inactive document, does nothing.
    if !is_active(subscriber) || global_is_inactive(subscriber, cx) {
        return;
    }
    // 3. Close the subscription.
    let observers = observers(subscriber);
    close(subscriber, None, cx);
    // 4. and 5. Run the complete steps of each observer.
    for observer in observers {
        match observer {
            Observer::Script { complete, .. } => {
                if let Some(complete) = complete {
                    report(cx, &complete, &[]);
                }
            }
            Observer::Native(steps, operation) => (steps.complete)(cx, &operation),
        }
    }
}

/// [`addTeardown()`](https://wicg.github.io/observable/#dom-subscriber-addteardown)
pub(super) fn add_teardown(subscriber: &JsObject, teardown: JsObject, cx: &mut Context) {
    let teardown = Callback::new(teardown, cx);
    // 1. In a document that is not fully active, return.
    if global_is_inactive(subscriber, cx) {
        return;
    }
    // 2. An active subscriber keeps it.
    if is_active(subscriber) {
        write(subscriber, |data| data.teardowns.push(teardown));
    } else {
        // 3. Otherwise it is invoked at once.
        report(cx, &teardown, &[]);
    }
}

/// [Close a subscription](https://wicg.github.io/observable/#close-a-subscription)
pub(super) fn close(subscriber: &JsObject, reason: Option<&JsValue>, cx: &mut Context) {
    // 1. and 2. It is closed only once.
    let was_active = write(subscriber, |data| {
        std::mem::replace(&mut data.active, false)
    });
    if was_active != Some(true) {
        return;
    }
    // 3. Abort the signal of the subscriber.
    if let Some(signal) = signal_of(subscriber) {
        let reason = reason.cloned();
        let reason = aborting::reason_or_default(reason, cx);
        aborting::signal_abort(cx, &signal, &reason);
    }
    // 4. Invoke the teardown callbacks, the last one first.
    let teardowns = write(subscriber, |data| std::mem::take(&mut data.teardowns));
    for teardown in teardowns.unwrap_or_default().iter().rev() {
        if global_is_inactive(subscriber, cx) {
            return;
        }
        report(cx, teardown, &[]);
    }
}

pub(super) fn add_observer(subscriber: &JsObject, observer: Observer) -> u32 {
    let number = write(subscriber, |data| {
        data.last_observer += 1;
        data.observers.push((data.last_observer, observer));
        data.last_observer
    });
    number.unwrap_or_default()
}

/// Removes an observer, and closes a subscriber that has no other.
pub(super) fn remove_observer(
    subscriber: &JsObject,
    observer: u32,
    reason: &JsValue,
    cx: &mut Context,
) {
    // 1. A closed subscriber has no observers to remove.
    if !is_active(subscriber) {
        return;
    }
    // 2. Remove the observer.
    let is_empty = write(subscriber, |data| {
        data.observers.retain(|(number, _)| *number != observer);
        data.observers.is_empty()
    });
    // 3. Close the subscriber if there is no other.
    if is_empty == Some(true) {
        close(subscriber, Some(reason), cx);
    }
}
