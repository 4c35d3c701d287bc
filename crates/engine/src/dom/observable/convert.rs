//! [Convert to an Observable](https://wicg.github.io/observable/#observable-convert-to-an-observable).

use boa_engine::object::builtins::JsPromise;
use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, Finalize, JsData, JsError, JsObject, JsResult, JsSymbol, JsValue, NativeFunction,
    Trace, js_string,
};

use super::operation::thrown;
use super::subscribing::{Captured, ObservableData, observable};
use super::subscription::{complete, error_of, next, signal_of};
use crate::boa::errors;
use crate::dom::aborting;
use crate::script::{realm, report_exception};
use crate::webidl::platform;

fn type_error<T>(message: &'static str) -> JsResult<T> {
    Err(errors::type_error(message))
}

/// [GetMethod](https://tc39.es/ecma262/#sec-getmethod)
fn method(object: &JsObject, key: PropertyKey, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let value = object.get(key, cx)?;
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    match value.as_callable() {
        Some(method) => Ok(Some(method)),
        None => type_error("The method that makes an iterator is not a function."),
    }
}

/// Converts a value to an observable.
pub(super) fn from(value: &JsValue, cx: &mut Context) -> JsResult<JsObject> {
    // 1. Only objects can be converted.
    let Some(object) = value.as_object() else {
        return type_error("The value cannot be converted to an Observable.");
    };
    // 2. Return an observable itself.
    let is_observable = platform::with(&object, |_: &ObservableData| Some(())).is_some();
    if is_observable {
        return Ok(object);
    }
    let captured = Captured {
        source: Some(object.clone()),
        ..Captured::default()
    };
    // 3. From async iterable.
    if method(&object, JsSymbol::async_iterator().into(), cx)?.is_some() {
        return Ok(observable(iterate_async, captured, cx));
    }
    // 4. From iterable.
    if method(&object, JsSymbol::iterator().into(), cx)?.is_some() {
        return Ok(observable(iterate, captured, cx));
    }
    // 5. From promise.
    if JsPromise::from_object(object).is_ok() {
        return Ok(observable(react, captured, cx));
    }
    // 6. Refuse any other value.
    type_error("The value cannot be converted to an Observable.")
}

/// Whether the signal of a subscriber is aborted.
fn is_aborted(subscriber: &JsObject) -> bool {
    signal_of(subscriber).is_some_and(|signal| aborting::is_aborted(&signal))
}

fn fail(cx: &mut Context, subscriber: &JsObject, error: JsError) {
    let error = thrown(error, cx);
    error_of(subscriber, &error, cx);
}

/// [GetIterator](https://tc39.es/ecma262/#sec-getiterator): the iterator and its `next`.
fn iterator_of(
    object: &JsObject,
    key: PropertyKey,
    cx: &mut Context,
) -> JsResult<(JsObject, JsValue)> {
    let Some(method) = method(object, key, cx)? else {
        return type_error("The value is not iterable.");
    };
    let iterator = method.call(&object.clone().into(), &[], cx)?;
    let Some(iterator) = iterator.as_object() else {
        return type_error("The iterator is not an object.");
    };
    let next = iterator.get(js_string!("next"), cx)?;
    Ok((iterator, next))
}

/// An iterator that is closed when its subscription ends early.
#[derive(Clone, Trace, Finalize, JsData)]
#[boa_gc(unsafe_no_drop)]
struct Closing {
    iterator: JsObject,
    #[unsafe_ignore_trace]
    done: bool,
    #[unsafe_ignore_trace]
    close: Close,
}

/// Closes an iterator, with the reason of the abort.
type Close = fn(&JsObject, &JsValue, &mut Context);

/// Closes an iterator when the signal of the subscriber is aborted, unless it has ended by then.
fn close_on_abort(subscriber: &JsObject, iterator: &JsObject, close: Close) -> JsObject {
    let closing = Closing {
        iterator: iterator.clone(),
        done: false,
        close,
    };
    let record = JsObject::from_proto_and_data(None, closing);
    let steps = |cx: &mut Context, record: &JsObject, reason: &JsValue| {
        let closing = record.downcast_ref::<Closing>();
        let closing = closing.map(|closing| closing.clone());
        if let Some(closing) = closing.filter(|closing| !closing.done) {
            (closing.close)(&closing.iterator, reason, cx);
        }
    };
    if let Some(signal) = signal_of(subscriber) {
        aborting::run_on_abort(&signal, steps, record.clone());
    }
    record
}

/// Calls the method `return` of an iterator, if it has one.
fn call_return(
    iterator: &JsObject,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<Option<JsValue>> {
    let Some(method) = method(iterator, js_string!("return").into(), cx)? else {
        return Ok(None);
    };
    let this = iterator.clone().into();
    method
        .call(&this, std::slice::from_ref(reason), cx)
        .map(Some)
}

fn check_returned(result: &JsValue) -> JsResult<()> {
    match result.is_object() {
        true => Ok(()),
        false => type_error("The return() of an iterator did not return an Object."),
    }
}

/// [IteratorClose](https://tc39.es/ecma262/#sec-iteratorclose)
// IMPLEMENTATION-DEFINED: an exception is reported. In Chromium `abort()` throws it.
fn close_iterator(iterator: &JsObject, reason: &JsValue, cx: &mut Context) {
    let closed = call_return(iterator, reason, cx)
        .and_then(|result| result.as_ref().map_or(Ok(()), check_returned));
    if let Err(error) = closed {
        let window = realm::current_window(cx);
        report_exception(cx, window, error);
    }
}

/// [Close](https://webidl.spec.whatwg.org/#async-iterator-close) an async iterator. Its exception becomes an
/// unhandled rejection.
fn close_async_iterator(iterator: &JsObject, reason: &JsValue, cx: &mut Context) {
    let promise = match call_return(iterator, reason, cx) {
        Ok(None) => return,
        Ok(Some(result)) => JsPromise::resolve(result, cx),
        Err(error) if error.as_engine().is_none() => JsPromise::reject(error, cx),
        Err(_) => return,
    };
    let Ok(promise) = promise else { return };
    let check = NativeFunction::from_copy_closure(|_, args, _| {
        let result = args.first().cloned().unwrap_or_default();
        check_returned(&result).map(|()| JsValue::undefined())
    });
    let check = check.to_js_function(cx.realm());
    // Only a promise that script has changed could make this fail.
    let _derived = promise.then(Some(check), None, cx);
}

/// The iterator has ended by itself.
fn is_done(record: &JsObject) {
    if let Some(mut closing) = record.downcast_mut::<Closing>() {
        closing.done = true;
    }
}

fn call_next(iterator: &JsObject, next: &JsValue, cx: &mut Context) -> JsResult<JsValue> {
    match next.as_callable() {
        Some(next) => next.call(&iterator.clone().into(), &[], cx),
        None => type_error("The iterator has no function 'next'."),
    }
}

/// The value of an iterator result; `None` at the end.
fn result_value(result: &JsValue, cx: &mut Context) -> JsResult<Option<JsValue>> {
    let Some(result) = result.as_object() else {
        return type_error("The iterator result is not an object.");
    };
    if result.get(js_string!("done"), cx)?.to_boolean() {
        return Ok(None);
    }
    result.get(js_string!("value"), cx).map(Some)
}

/// The subscribe callback of an iterable.
fn iterate(cx: &mut Context, subscriber: &JsObject, captured: &Captured) {
    let Some(source) = &captured.source else {
        return;
    };
    // 1. to 3. Get the iterator.
    if is_aborted(subscriber) {
        return;
    }
    let (iterator, next_method) = match iterator_of(source, JsSymbol::iterator().into(), cx) {
        Ok(made) => made,
        Err(error) => return fail(cx, subscriber, error),
    };
    if is_aborted(subscriber) {
        return;
    }
    // 4. Close it when the signal is aborted.
    let record = close_on_abort(subscriber, &iterator, close_iterator);
    // 5. Emit its values.
    loop {
        let step = call_next(&iterator, &next_method, cx);
        match step.and_then(|result| result_value(&result, cx)) {
            Ok(Some(value)) => next(subscriber, &value, cx),
            Ok(None) => {
                is_done(&record);
                return complete(subscriber, cx);
            }
            Err(error) => {
                is_done(&record);
                return fail(cx, subscriber, error);
            }
        }
        if is_aborted(subscriber) {
            return;
        }
    }
}

/// One turn of an async iteration.
#[derive(Clone, Trace, Finalize)]
struct Iteration {
    subscriber: JsObject,
    iterator: JsObject,
    next: JsValue,
    record: JsObject,
}

/// The subscribe callback of an async iterable.
fn iterate_async(cx: &mut Context, subscriber: &JsObject, captured: &Captured) {
    let Some(source) = &captured.source else {
        return;
    };
    if is_aborted(subscriber) {
        return;
    }
    let (iterator, next) = match iterator_of(source, JsSymbol::async_iterator().into(), cx) {
        Ok(made) => made,
        Err(error) => return fail(cx, subscriber, error),
    };
    if is_aborted(subscriber) {
        return;
    }
    let record = close_on_abort(subscriber, &iterator, close_async_iterator);
    let iteration = Iteration {
        subscriber: subscriber.clone(),
        iterator,
        next,
        record,
    };
    step_async(cx, &iteration);
}

/// The next algorithm of an async iterable.
fn step_async(cx: &mut Context, iteration: &Iteration) {
    // 1. An aborted subscription requests nothing.
    if is_aborted(&iteration.subscriber) {
        return;
    }
    // 2. Request the next result.
    let promise = match call_next(&iteration.iterator, &iteration.next, cx) {
        Ok(result) => JsPromise::resolve(result, cx),
        Err(error) if error.as_engine().is_none() => {
            is_done(&iteration.record);
            JsPromise::reject(error, cx)
        }
        Err(_) => return,
    };
    let Ok(promise) = promise else { return };
    // 3. React to it.
    let fulfilled = NativeFunction::from_copy_closure_with_captures(
        |_, args, iteration: &Iteration, cx| {
            let result = args.first().cloned().unwrap_or_default();
            let subscriber = &iteration.subscriber;
            match result_value(&result, cx) {
                Ok(Some(value)) => {
                    next(subscriber, &value, cx);
                    step_async(cx, iteration);
                }
                Ok(None) => {
                    is_done(&iteration.record);
                    complete(subscriber, cx);
                }
                Err(error) => {
                    is_done(&iteration.record);
                    fail(cx, subscriber, error);
                }
            }
            Ok(JsValue::undefined())
        },
        iteration.clone(),
    );
    let rejected = rejecting(iteration.subscriber.clone());
    let fulfilled = fulfilled.to_js_function(cx.realm());
    let rejected = rejected.to_js_function(cx.realm());
    // Only a promise that script has changed could make this fail.
    let _derived = promise.then(Some(fulfilled), Some(rejected), cx);
}

/// A function that passes a rejection on.
fn rejecting(subscriber: JsObject) -> NativeFunction {
    NativeFunction::from_copy_closure_with_captures(
        |_, args, subscriber: &JsObject, cx| {
            let reason = args.first().cloned().unwrap_or_default();
            error_of(subscriber, &reason, cx);
            Ok(JsValue::undefined())
        },
        subscriber,
    )
}

/// The subscribe callback of a promise.
fn react(cx: &mut Context, subscriber: &JsObject, captured: &Captured) {
    let Some(source) = &captured.source else {
        return;
    };
    let Ok(promise) = JsPromise::from_object(source.clone()) else {
        return;
    };
    let fulfilled = NativeFunction::from_copy_closure_with_captures(
        |_, args, subscriber: &JsObject, cx| {
            let value = args.first().cloned().unwrap_or_default();
            next(subscriber, &value, cx);
            complete(subscriber, cx);
            Ok(JsValue::undefined())
        },
        subscriber.clone(),
    );
    let rejected = rejecting(subscriber.clone());
    let fulfilled = fulfilled.to_js_function(cx.realm());
    let rejected = rejected.to_js_function(cx.realm());
    // Only a promise that script has changed could make this fail.
    let _derived = promise.then(Some(fulfilled), Some(rejected), cx);
}
