//! Streams from iterables
//! ([Streams, ReadableStreamFromIterable](https://streams.spec.whatwg.org/#readable-stream-from-iterable)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, Finalize, JsError, JsObject, JsResult, JsSymbol, JsValue, Trace, js_string,
};
use boa_gc::{Gc, GcRefCell};

use super::algorithm::Algorithm;
use super::default_controller::{
    readable_stream_default_controller_close, readable_stream_default_controller_enqueue,
};
use super::promises::{object_of, react, resolved_with};
use super::readable_stream::{Controller, Readable, create_readable_stream};
use super::strategies::SizeAlgorithm;
use crate::boa::errors::type_error;

/// An iterator of either kind, and the stream of its values.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Iteration {
    iterator: JsObject,
    next: JsValue,
    is_sync: bool,
    stream: Gc<GcRefCell<Option<Readable>>>,
}

/// [GetMethod](https://tc39.es/ecma262/#sec-getmethod)
fn get_method(
    object: &JsObject,
    key: impl Into<PropertyKey>,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    let value = object.get(key, cx)?;
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    let callable = value.as_callable();
    callable
        .map(Some)
        .ok_or_else(|| type_error("The method of the iterable is not a function."))
}

/// [GetIterator](https://tc39.es/ecma262/#sec-getiterator), with the hint async.
fn get_iterator(iterable: &JsValue, cx: &mut Context) -> JsResult<Iteration> {
    let object = iterable
        .to_object(cx)
        .map_err(|_| type_error("The value is not iterable."))?;
    let (method, is_sync) = match get_method(&object, JsSymbol::async_iterator(), cx)? {
        Some(method) => (Some(method), false),
        None => (get_method(&object, JsSymbol::iterator(), cx)?, true),
    };
    let method = method.ok_or_else(|| type_error("The value is not iterable."))?;
    let iterator = method.call(iterable, &[], cx)?.as_object();
    let iterator = iterator.ok_or_else(|| type_error("The iterator is not an object."))?;
    let next = iterator.get(js_string!("next"), cx)?;
    Ok(Iteration {
        iterator,
        next,
        is_sync,
        stream: Gc::new(GcRefCell::new(None)),
    })
}

/// [ReadableStreamFromIterable](https://streams.spec.whatwg.org/#readable-stream-from-iterable)
pub(super) fn readable_stream_from_iterable(
    iterable: &JsValue,
    cx: &mut Context,
) -> JsResult<Readable> {
    // 1. and 2. Get the iterator.
    let iteration = get_iterator(iterable, cx)?;
    // 3. to 6. Create the stream.
    let stream = create_readable_stream(
        &Algorithm::Nothing,
        Algorithm::native(iteration.clone(), |cx, iteration, _| pull(iteration, cx)),
        Algorithm::native(iteration.clone(), |cx, iteration, args| {
            cancel(iteration, &args.first().cloned().unwrap_or_default(), cx)
        }),
        0.0,
        SizeAlgorithm::default(),
        cx,
    )?;
    *iteration.stream.borrow_mut() = Some(stream.clone());
    // 7. Return it.
    Ok(stream)
}

/// Step 4: the pull algorithm.
fn pull(iteration: &Iteration, cx: &mut Context) -> JsResult<JsValue> {
    // 1. and 2. Call `next`.
    let next = iteration.next.as_callable();
    let next = next.ok_or_else(|| type_error("The iterator has no function 'next'."))?;
    let result = next.call(&iteration.iterator.clone().into(), &[], cx)?;
    let promise = match iteration.is_sync {
        // 3. Wait for the result.
        false => resolved_with(&result, cx)?,
        true => sync_result(iteration, &result, cx)?,
    };
    // 4. Enqueue the value.
    let pulled = react(
        &promise,
        iteration.clone(),
        Some(|cx, iteration, result| {
            let (done, value) = unpack(result, cx)?;
            let stream = iteration.stream.borrow().clone();
            if let Some(Controller::Default(controller)) =
                stream.and_then(|stream| stream.controller())
            {
                match done {
                    true => readable_stream_default_controller_close(&controller, cx)?,
                    false => readable_stream_default_controller_enqueue(
                        &controller,
                        &value.get(js_string!("value"), cx)?,
                        cx,
                    )?,
                }
            }
            Ok(JsValue::undefined())
        }),
        None,
        cx,
    )?;
    Ok(object_of(&pulled).into())
}

/// Whether an iterator result is the end, and the result.
fn unpack(result: &JsValue, cx: &mut Context) -> JsResult<(bool, JsObject)> {
    let object = result.as_object();
    let object = object.ok_or_else(|| type_error("The iterator result is not an object."))?;
    let done = object.get(js_string!("done"), cx)?.to_boolean();
    Ok((done, object))
}

/// [AsyncFromSyncIteratorContinuation](https://tc39.es/ecma262/#sec-asyncfromsynciteratorcontinuation)
fn sync_result(iteration: &Iteration, result: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 5. Take the result.
    let (done, object) = unpack(result, cx)?;
    let value = object.get(js_string!("value"), cx)?;
    // 6. to 8. Wait for the value.
    let promise = resolved_with(&value, cx)?;
    // 9. to 15. A rejected value closes the iterator.
    react(
        &promise,
        (iteration.clone(), done),
        Some(|cx, (_, done), value| {
            Ok(boa_engine::builtins::iterable::create_iter_result_object(
                value.clone(),
                *done,
                cx,
            ))
        }),
        Some(|cx, (iteration, done), error| {
            if !*done
                && let Ok(Some(method)) = get_method(&iteration.iterator, js_string!("return"), cx)
            {
                // The error of the value counts, not one of the iterator.
                let _closed = method.call(&iteration.iterator.clone().into(), &[], cx);
            }
            Err(JsError::from_opaque(error.clone()))
        }),
        cx,
    )
}

/// Step 5: the cancel algorithm.
fn cancel(iteration: &Iteration, reason: &JsValue, cx: &mut Context) -> JsResult<JsValue> {
    // 1. to 3. Get the method `return`.
    let Some(method) = get_method(&iteration.iterator, js_string!("return"), cx)? else {
        // 4. Without one, there is nothing to do.
        return Ok(JsValue::undefined());
    };
    // 5. and 6. Call it.
    let this = iteration.iterator.clone().into();
    let result = method.call(&this, std::slice::from_ref(reason), cx)?;
    let promise = match iteration.is_sync {
        // 7. Wait for the result.
        false => resolved_with(&result, cx)?,
        true => sync_result(iteration, &result, cx)?,
    };
    // 8. It has to be an object.
    let checked = react(
        &promise,
        (),
        Some(|_, (), result| match result.is_object() {
            true => Ok(JsValue::undefined()),
            false => Err(type_error("The iterator result is not an object.")),
        }),
        None,
        cx,
    )?;
    Ok(object_of(&checked).into())
}
