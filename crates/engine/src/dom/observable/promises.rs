//! The operators that return promises
//! ([Promise-returning operators](https://wicg.github.io/observable/#promise-returning-operators)).

use boa_engine::object::builtins::{JsArray, JsPromise};
use boa_engine::{Context, JsNativeError, JsObject, JsValue};

use super::SubscribeOptions;
use super::operation::{Operation, OperationData, Steps, thrown};
use super::subscribing::subscribe;
use super::subscription::Observer;
use crate::dom::aborting::{self, SignalData};
use crate::script::callback::Callback;

/// Resolves or rejects the promise of an operation.
fn settle(cx: &mut Context, operation: &Operation, resolves: bool, value: &JsValue) {
    let function = operation.read(|data| match resolves {
        true => data.resolve.clone(),
        false => data.reject.clone(),
    });
    if let Some(function) = function {
        // The resolving functions of a promise do not throw.
        let _nothing = function.call(&JsValue::undefined(), std::slice::from_ref(value), cx);
    }
}

fn resolve(cx: &mut Context, operation: &Operation, value: &JsValue) {
    settle(cx, operation, true, value);
}

fn reject(cx: &mut Context, operation: &Operation, reason: &JsValue) {
    settle(cx, operation, false, reason);
}

/// Ends the subscription of an operation.
fn end(cx: &mut Context, operation: &Operation, reason: Option<&JsValue>) {
    let signal = operation.read(|data| data.signal.clone());
    if let Some(signal) = signal {
        let reason = aborting::reason_or_default(reason.cloned(), cx);
        aborting::signal_abort(cx, &signal, &reason);
    }
}

/// The steps of an operator that returns a promise. An error of the source rejects the promise.
struct PromiseSteps {
    steps: Steps,
    /// Whether the operator may end its subscription.
    ends: bool,
}

impl PromiseSteps {
    const fn new(
        next: fn(&mut Context, &Operation, &JsValue),
        complete: fn(&mut Context, &Operation),
    ) -> Self {
        let steps = Steps {
            next,
            error: reject,
            complete,
        };
        Self { steps, ends: true }
    }

    /// The steps of an operator that reads its source to the end.
    const fn to_the_end(
        next: fn(&mut Context, &Operation, &JsValue),
        complete: fn(&mut Context, &Operation),
    ) -> Self {
        let Self { steps, .. } = Self::new(next, complete);
        Self { steps, ends: false }
    }
}

/// Subscribes with these steps, and returns the promise.
fn run(
    source: &JsObject,
    steps: &'static PromiseSteps,
    callback: Option<JsObject>,
    initial: Option<JsValue>,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    let (promise, functions) = JsPromise::new_pending(cx);
    let promise = JsObject::from(promise);
    // An operator that may end the subscription has a signal of its own.
    let (own, signal) = match steps.ends {
        true => {
            let own = aborting::create(SignalData::default(), cx);
            let mut signals = vec![own.clone()];
            signals.extend(options.signal.clone());
            let signal = aborting::create_a_dependent_abort_signal(&signals, aborting::create, cx);
            (Some(own), Some(signal))
        }
        false => (None, options.signal.clone()),
    };
    let reject_function = JsObject::from(functions.reject.clone());
    let operation = Operation::new(OperationData {
        callback: callback.map(|callback| Callback::new(callback, cx)),
        value: initial,
        signal: own,
        resolve: Some(functions.resolve),
        reject: Some(functions.reject),
        ..OperationData::default()
    });
    if let Some(signal) = &signal {
        // An aborted signal rejects the promise.
        if let Some(reason) = aborting::reason(signal) {
            reject(cx, &operation, &reason);
            return promise;
        }
        let on_abort = |cx: &mut Context, function: &JsObject, reason: &JsValue| {
            // The resolving function of a promise does not throw.
            let _nothing = function.call(&JsValue::undefined(), std::slice::from_ref(reason), cx);
        };
        aborting::run_on_abort(signal, on_abort, reject_function);
    }
    subscribe(
        source,
        Observer::Native(&steps.steps, operation),
        signal.as_ref(),
        cx,
    );
    promise
}

/// Calls the callback. An exception rejects the promise.
fn called(cx: &mut Context, operation: &Operation, args: &[JsValue]) -> Option<JsValue> {
    match operation.call(cx, args) {
        Ok(result) => Some(result),
        Err(error) => {
            let error = thrown(error, cx);
            reject(cx, operation, &error);
            end(cx, operation, Some(&error));
            None
        }
    }
}

/// Calls the callback with a value and its index.
fn visited(cx: &mut Context, operation: &Operation, value: &JsValue) -> Option<JsValue> {
    let index = operation.count();
    called(cx, operation, &[value.clone(), index.into()])
}

/// Resolves the promise with `result` and ends the subscription, if the predicate returns `passes` for a
/// value.
fn settle_if(
    cx: &mut Context,
    operation: &Operation,
    value: &JsValue,
    passes: bool,
    result: &JsValue,
) {
    if let Some(passed) = visited(cx, operation, value)
        && passed.to_boolean() == passes
    {
        resolve(cx, operation, result);
        end(cx, operation, None);
    }
}

fn range_error(cx: &mut Context, operation: &Operation) {
    let error = JsNativeError::range().with_message("The observable has emitted no value.");
    let error = JsValue::from(error.into_opaque(cx));
    reject(cx, operation, &error);
}

/// [`toArray()`](https://wicg.github.io/observable/#dom-observable-toarray)
pub(super) fn to_array(
    source: &JsObject,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::to_the_end(
        |_, operation, value| operation.write(|data| data.queue.push(value.clone())),
        |cx, operation| {
            let values = operation.write(|data| std::mem::take(&mut data.queue));
            let array = JsArray::from_iter(values, cx);
            resolve(cx, operation, &array.into());
        },
    );
    run(source, &STEPS, None, None, options, cx)
}

/// [`forEach()`](https://wicg.github.io/observable/#dom-observable-foreach)
pub(super) fn for_each(
    source: &JsObject,
    callback: JsObject,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            visited(cx, operation, value);
        },
        |cx, operation| resolve(cx, operation, &JsValue::undefined()),
    );
    run(source, &STEPS, Some(callback), None, options, cx)
}

/// [`every()`](https://wicg.github.io/observable/#dom-observable-every)
pub(super) fn every(
    source: &JsObject,
    predicate: JsObject,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            settle_if(cx, operation, value, false, &false.into());
        },
        |cx, operation| resolve(cx, operation, &true.into()),
    );
    run(source, &STEPS, Some(predicate), None, options, cx)
}

/// [`first()`](https://wicg.github.io/observable/#dom-observable-first)
pub(super) fn first(source: &JsObject, options: &SubscribeOptions, cx: &mut Context) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            resolve(cx, operation, value);
            end(cx, operation, None);
        },
        range_error,
    );
    run(source, &STEPS, None, None, options, cx)
}

/// [`last()`](https://wicg.github.io/observable/#dom-observable-last)
pub(super) fn last(source: &JsObject, options: &SubscribeOptions, cx: &mut Context) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::to_the_end(
        |_, operation, value| operation.write(|data| data.value = Some(value.clone())),
        |cx, operation| match operation.write(|data| data.value.take()) {
            Some(value) => resolve(cx, operation, &value),
            None => range_error(cx, operation),
        },
    );
    run(source, &STEPS, None, None, options, cx)
}

/// [`find()`](https://wicg.github.io/observable/#dom-observable-find)
pub(super) fn find(
    source: &JsObject,
    predicate: JsObject,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            settle_if(cx, operation, value, true, value);
        },
        |cx, operation| resolve(cx, operation, &JsValue::undefined()),
    );
    run(source, &STEPS, Some(predicate), None, options, cx)
}

/// [`some()`](https://wicg.github.io/observable/#dom-observable-some)
pub(super) fn some(
    source: &JsObject,
    predicate: JsObject,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            settle_if(cx, operation, value, true, &true.into());
        },
        |cx, operation| resolve(cx, operation, &false.into()),
    );
    run(source, &STEPS, Some(predicate), None, options, cx)
}

/// [`reduce()`](https://wicg.github.io/observable/#dom-observable-reduce)
pub(super) fn reduce(
    source: &JsObject,
    reducer: JsObject,
    initial: Option<JsValue>,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsObject {
    static STEPS: PromiseSteps = PromiseSteps::new(
        |cx, operation, value| {
            let index = operation.count();
            let Some(accumulator) = operation.read(|data| data.value.clone()) else {
                operation.write(|data| data.value = Some(value.clone()));
                return;
            };
            let args = [accumulator, value.clone(), index.into()];
            if let Some(result) = called(cx, operation, &args) {
                operation.write(|data| data.value = Some(result));
            }
        },
        |cx, operation| match operation.write(|data| data.value.take()) {
            Some(value) => resolve(cx, operation, &value),
            None => {
                let error = JsNativeError::typ()
                    .with_message("The observable is empty, and there is no initial value.");
                let error = JsValue::from(error.into_opaque(cx));
                reject(cx, operation, &error);
            }
        },
    );
    run(source, &STEPS, Some(reducer), initial, options, cx)
}
