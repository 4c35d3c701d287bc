//! The operators that return observables
//! ([Observable-returning operators](https://wicg.github.io/observable/#observable-returning-operators)).

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::convert;
use super::operation::{
    Operation, OperationData, PASS, Steps, call, operation_object, operation_of, pass_complete,
    pass_error, pass_next, report, thrown,
};
use super::subscribing::{
    Captured, Given, Inspector, SubscribeSteps, given, member, observable, subscribe,
    subscribe_natively,
};
use super::subscription::{Observer, add_teardown, complete, error_of, is_active, next, signal_of};
use crate::dom::aborting::{self, SignalData};
use crate::script::callback::Callback;
use crate::webidl::exception;

/// An observable of an operator with a callback.
fn with_callback(
    source: &JsObject,
    callback: JsObject,
    steps: SubscribeSteps,
    cx: &mut Context,
) -> JsObject {
    let captured = Captured {
        source: Some(source.clone()),
        callback: Some(Callback::new(callback, cx)),
        ..Captured::default()
    };
    observable(steps, captured, cx)
}

/// An operation with the callback of its operator.
fn operation(subscriber: &JsObject, captured: &Captured) -> Operation {
    Operation::new(OperationData {
        subscriber: Some(subscriber.clone()),
        callback: captured.callback.clone(),
        inspector: captured.inspector.clone(),
        index: captured.amount,
        ..OperationData::default()
    })
}

/// Subscribes to the source of an operator with a callback.
fn subscribe_to_source(
    cx: &mut Context,
    subscriber: &JsObject,
    captured: &Captured,
    steps: &'static Steps,
) {
    let operation = operation(subscriber, captured);
    subscribe_natively(captured.source.as_ref(), steps, operation, subscriber, cx);
}

/// Calls the operation's callback with a value and its index. Passes an exception on as an error.
fn mapped(cx: &mut Context, operation: &Operation, value: &JsValue) -> Option<(JsObject, JsValue)> {
    let subscriber = operation.subscriber()?;
    let index = operation.count();
    match operation.call(cx, &[value.clone(), index.into()]) {
        Ok(result) => Some((subscriber, result)),
        Err(error) => {
            let error = thrown(error, cx);
            error_of(&subscriber, &error, cx);
            None
        }
    }
}

/// [`takeUntil()`](https://wicg.github.io/observable/#dom-observable-takeuntil)
pub(super) fn take_until(
    source: &JsObject,
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<JsObject> {
    static NOTIFIER: Steps = Steps {
        next: |cx, operation, _| pass_complete(cx, operation),
        error: |cx, operation, _| pass_complete(cx, operation),
        complete: |_, _| (),
    };
    let notifier = convert::from(value, cx)?;
    let captured = Captured {
        source: Some(source.clone()),
        other: Some(notifier),
        ..Captured::default()
    };
    Ok(observable(
        |cx, subscriber, captured| {
            let notifier = captured.other.as_ref();
            subscribe_natively(
                notifier,
                &NOTIFIER,
                Operation::of(subscriber),
                subscriber,
                cx,
            );
            if is_active(subscriber) {
                let source = captured.source.as_ref();
                subscribe_natively(source, &PASS, Operation::of(subscriber), subscriber, cx);
            }
        },
        captured,
        cx,
    ))
}

/// [`map()`](https://wicg.github.io/observable/#dom-observable-map)
pub(super) fn map(source: &JsObject, mapper: JsObject, cx: &mut Context) -> JsObject {
    static MAP: Steps = Steps {
        next: |cx, operation, value| {
            if let Some((subscriber, result)) = mapped(cx, operation, value) {
                next(&subscriber, &result, cx);
            }
        },
        ..PASS_ON
    };
    let steps: SubscribeSteps =
        |cx, subscriber, captured| subscribe_to_source(cx, subscriber, captured, &MAP);
    with_callback(source, mapper, steps, cx)
}

/// The parts of [`PASS`], for tables that replace some of them.
const PASS_ON: Steps = Steps {
    next: pass_next,
    error: pass_error,
    complete: pass_complete,
};

/// [`filter()`](https://wicg.github.io/observable/#dom-observable-filter)
pub(super) fn filter(source: &JsObject, predicate: JsObject, cx: &mut Context) -> JsObject {
    static FILTER: Steps = Steps {
        next: |cx, operation, value| {
            if let Some((subscriber, result)) = mapped(cx, operation, value)
                && result.to_boolean()
            {
                next(&subscriber, value, cx);
            }
        },
        ..PASS_ON
    };
    let steps: SubscribeSteps =
        |cx, subscriber, captured| subscribe_to_source(cx, subscriber, captured, &FILTER);
    with_callback(source, predicate, steps, cx)
}

/// [`take()`](https://wicg.github.io/observable/#dom-observable-take)
pub(super) fn take(source: &JsObject, amount: f64, cx: &mut Context) -> JsObject {
    static TAKE: Steps = Steps {
        next: |cx, operation, value| {
            let Some(subscriber) = operation.subscriber() else {
                return;
            };
            next(&subscriber, value, cx);
            let remaining = operation.write(|data| {
                data.index -= 1.0;
                data.index
            });
            if remaining == 0.0 {
                complete(&subscriber, cx);
            }
        },
        ..PASS_ON
    };
    let captured = Captured {
        source: Some(source.clone()),
        amount,
        ..Captured::default()
    };
    observable(
        |cx, subscriber, captured| {
            if captured.amount == 0.0 {
                return complete(subscriber, cx);
            }
            let operation = operation(subscriber, captured);
            subscribe_natively(captured.source.as_ref(), &TAKE, operation, subscriber, cx);
        },
        captured,
        cx,
    )
}

/// [`drop()`](https://wicg.github.io/observable/#dom-observable-drop)
pub(super) fn drop_first(source: &JsObject, amount: f64, cx: &mut Context) -> JsObject {
    static DROP: Steps = Steps {
        next: |cx, operation, value| {
            let remaining = operation.read(|data| data.index);
            if remaining > 0.0 {
                operation.write(|data| data.index -= 1.0);
            } else {
                pass_next(cx, operation, value);
            }
        },
        ..PASS_ON
    };
    let captured = Captured {
        source: Some(source.clone()),
        amount,
        ..Captured::default()
    };
    observable(
        |cx, subscriber, captured| {
            let operation = operation(subscriber, captured);
            subscribe_natively(captured.source.as_ref(), &DROP, operation, subscriber, cx);
        },
        captured,
        cx,
    )
}

/// The observable that the mapper returns for a value. Passes an exception on as an error.
fn inner(cx: &mut Context, operation: &Operation, value: &JsValue) -> Option<(JsObject, JsObject)> {
    let (subscriber, result) = mapped(cx, operation, value)?;
    match convert::from(&result, cx) {
        Ok(inner) => Some((subscriber, inner)),
        Err(error) => {
            let error = thrown(error, cx);
            error_of(&subscriber, &error, cx);
            None
        }
    }
}

/// [`flatMap()`](https://wicg.github.io/observable/#dom-observable-flatmap)
pub(super) fn flat_map(source: &JsObject, mapper: JsObject, cx: &mut Context) -> JsObject {
    static OUTER: Steps = Steps {
        next: |cx, operation, value| {
            let waits = operation.write(|data| {
                if data.inner_active {
                    data.queue.push(value.clone());
                }
                std::mem::replace(&mut data.inner_active, true)
            });
            if !waits {
                process(cx, operation, value);
            }
        },
        error: pass_error,
        complete: |cx, operation| {
            let is_over = operation.write(|data| {
                data.outer_completed = true;
                !data.inner_active && data.queue.is_empty()
            });
            if is_over {
                pass_complete(cx, operation);
            }
        },
    };
    static INNER: Steps = Steps {
        next: pass_next,
        error: pass_error,
        complete: |cx, operation| {
            let next = operation.write(|data| {
                let waits = !data.queue.is_empty();
                data.inner_active = waits;
                waits.then(|| data.queue.remove(0))
            });
            match next {
                Some(value) => process(cx, operation, &value),
                None if operation.read(|data| data.outer_completed) => pass_complete(cx, operation),
                None => {}
            }
        },
    };
    /// [Flatmap process next value steps](https://wicg.github.io/observable/#flatmap-process-next-value-steps)
    fn process(cx: &mut Context, operation: &Operation, value: &JsValue) {
        if let Some((subscriber, inner)) = inner(cx, operation, value) {
            subscribe_natively(Some(&inner), &INNER, operation.clone(), &subscriber, cx);
        }
    }
    let steps: SubscribeSteps =
        |cx, subscriber, captured| subscribe_to_source(cx, subscriber, captured, &OUTER);
    with_callback(source, mapper, steps, cx)
}

/// [`switchMap()`](https://wicg.github.io/observable/#dom-observable-switchmap)
pub(super) fn switch_map(source: &JsObject, mapper: JsObject, cx: &mut Context) -> JsObject {
    static OUTER: Steps = Steps {
        next: |cx, operation, value| {
            let old = operation.write(|data| data.signal.take());
            if let Some(old) = old {
                let reason =
                    exception::create("AbortError", "signal is aborted without reason", cx);
                aborting::signal_abort(cx, &old, &reason.into());
            }
            let signal = aborting::create(SignalData::default(), cx);
            operation.write(|data| data.signal = Some(signal.clone()));
            // The switchmap process next value steps.
            let Some((subscriber, inner)) = inner(cx, operation, value) else {
                return;
            };
            let signals: Vec<JsObject> = [Some(signal), signal_of(&subscriber)]
                .into_iter()
                .flatten()
                .collect();
            let signal = aborting::create_a_dependent_abort_signal(&signals, aborting::create, cx);
            let observer = Observer::Native(&INNER, operation.clone());
            subscribe(&inner, observer, Some(&signal), cx);
        },
        error: pass_error,
        complete: |cx, operation| {
            let is_over = operation.write(|data| {
                data.outer_completed = true;
                data.signal.is_none()
            });
            if is_over {
                pass_complete(cx, operation);
            }
        },
    };
    static INNER: Steps = Steps {
        next: pass_next,
        error: pass_error,
        complete: |cx, operation| {
            let is_over = operation.write(|data| {
                if !data.outer_completed {
                    data.signal = None;
                }
                data.outer_completed
            });
            if is_over {
                pass_complete(cx, operation);
            }
        },
    };
    let steps: SubscribeSteps =
        |cx, subscriber, captured| subscribe_to_source(cx, subscriber, captured, &OUTER);
    with_callback(source, mapper, steps, cx)
}

/// [`inspect()`](https://wicg.github.io/observable/#dom-observable-inspect)
pub(super) fn inspect(
    source: &JsObject,
    inspector: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let inspector = match given(inspector, cx)? {
        Given::Function(next) => Inspector {
            next: Some(next),
            ..Inspector::default()
        },
        Given::Members(None) => Inspector::default(),
        Given::Members(Some(object)) => {
            let abort = member(&object, "abort", cx)?;
            let complete = member(&object, "complete", cx)?;
            let error = member(&object, "error", cx)?;
            let next = member(&object, "next", cx)?;
            let subscribe = member(&object, "subscribe", cx)?;
            Inspector {
                next,
                error,
                complete,
                subscribe,
                abort,
            }
        }
    };
    let captured = Captured {
        source: Some(source.clone()),
        inspector: Some(inspector),
        ..Captured::default()
    };
    Ok(observable(inspect_subscription, captured, cx))
}

/// Calls a callback of an inspector. Passes an exception on as an error, and returns whether there was none.
fn inspected(
    cx: &mut Context,
    operation: &Operation,
    callback: Option<Callback>,
    args: &[JsValue],
) -> bool {
    let Some(callback) = callback else {
        return true;
    };
    match call(cx, &callback, args) {
        Ok(_) => true,
        Err(error) => {
            // The callback of the abort is no longer called.
            ignore_abort(operation);
            let error = thrown(error, cx);
            pass_error(cx, operation, &error);
            false
        }
    }
}

fn ignore_abort(operation: &Operation) {
    operation.write(|data| {
        if let Some(inspector) = &mut data.inspector {
            inspector.abort = None;
        }
    });
}

fn callback_of(
    operation: &Operation,
    choose: fn(&Inspector) -> &Option<Callback>,
) -> Option<Callback> {
    operation.read(|data| {
        data.inspector
            .as_ref()
            .and_then(|held| choose(held).clone())
    })
}

fn inspect_subscription(cx: &mut Context, subscriber: &JsObject, captured: &Captured) {
    static INSPECT: Steps = Steps {
        next: |cx, operation, value| {
            let callback = callback_of(operation, |held| &held.next);
            if inspected(cx, operation, callback, std::slice::from_ref(value)) {
                pass_next(cx, operation, value);
            }
        },
        error: |cx, operation, error| {
            ignore_abort(operation);
            let callback = callback_of(operation, |held| &held.error);
            if inspected(cx, operation, callback, std::slice::from_ref(error)) {
                pass_error(cx, operation, error);
            }
        },
        complete: |cx, operation| {
            ignore_abort(operation);
            let callback = callback_of(operation, |held| &held.complete);
            if inspected(cx, operation, callback, &[]) {
                pass_complete(cx, operation);
            }
        },
    };
    let operation = operation(subscriber, captured);
    // Report the subscription.
    let callback = callback_of(&operation, |held| &held.subscribe);
    if !inspected(cx, &operation, callback, &[]) {
        return;
    }
    // Report the consumer's abort.
    if callback_of(&operation, |held| &held.abort).is_some()
        && let Some(signal) = signal_of(subscriber)
    {
        let steps = |cx: &mut Context, object: &JsObject, reason: &JsValue| {
            let operation = operation_of(object);
            let callback = operation.and_then(|held| callback_of(&held, |held| &held.abort));
            if let Some(callback) = callback {
                report(cx, &callback, std::slice::from_ref(reason));
            }
        };
        let object = operation_object(&operation);
        aborting::run_on_abort(&signal, steps, object);
    }
    subscribe_natively(
        captured.source.as_ref(),
        &INSPECT,
        operation,
        subscriber,
        cx,
    );
}

/// [`catch()`](https://wicg.github.io/observable/#dom-observable-catch)
pub(super) fn catch(source: &JsObject, callback: JsObject, cx: &mut Context) -> JsObject {
    static CATCH: Steps = Steps {
        error: |cx, operation, error| {
            let Some(subscriber) = operation.subscriber() else {
                return;
            };
            let result = operation.call(cx, std::slice::from_ref(error));
            match result.and_then(|result| convert::from(&result, cx)) {
                Ok(inner) => {
                    let operation = Operation::of(&subscriber);
                    subscribe_natively(Some(&inner), &PASS, operation, &subscriber, cx);
                }
                Err(error) => {
                    let error = thrown(error, cx);
                    error_of(&subscriber, &error, cx);
                }
            }
        },
        ..PASS_ON
    };
    let steps: SubscribeSteps =
        |cx, subscriber, captured| subscribe_to_source(cx, subscriber, captured, &CATCH);
    with_callback(source, callback, steps, cx)
}

/// [`finally()`](https://wicg.github.io/observable/#dom-observable-finally)
pub(super) fn finally(source: &JsObject, callback: JsObject, cx: &mut Context) -> JsObject {
    let steps = |cx: &mut Context, subscriber: &JsObject, captured: &Captured| {
        if let Some(callback) = &captured.callback {
            add_teardown(subscriber, callback.object.clone(), cx);
        }
        let operation = Operation::of(subscriber);
        subscribe_natively(captured.source.as_ref(), &PASS, operation, subscriber, cx);
    };
    with_callback(source, callback, steps, cx)
}
