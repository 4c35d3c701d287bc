//! Asynchronous iteration ([Streams, asynchronous iteration](https://streams.spec.whatwg.org/#rs-asynciterator), and
//! [Web IDL, asynchronous iterable declarations](https://webidl.spec.whatwg.org/#js-asynchronous-iterable)).

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsPromise;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsError, JsObject, JsResult, JsSymbol, JsValue, Trace, js_string,
};

use super::default_reader::{
    self, DefaultReader, ReadRequestSteps, readable_stream_default_reader_read,
    readable_stream_default_reader_release,
};
use super::handle::Handle;
use super::interfaces::ReadableStreamIteratorOptions;
use super::promises::{Deferred, object_of, react, rejected_with_error, resolved, resolved_with};
use super::readable::readable_stream_cancel;
use super::readable_stream::Readable;
use crate::boa::functions::function;
use crate::boa::properties::{CONFIGURABLE, ORDINARY, data_property};
use crate::webidl::Interface;
use crate::webidl::platform::{self, PlatformObject};
use crate::webidl::realm::singleton;

/// The class string of the iterators.
const CLASS: &str = "ReadableStream AsyncIterator";

/// Not a Web IDL interface. The brand check of iterator objects uses it.
static ITERATOR: Interface = Interface::new(CLASS);

/// An iterator.
type Iterator = Handle<IteratorData>;

/// The state of an iterator.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct IteratorData {
    reader: DefaultReader,
    prevent_cancel: bool,
    ongoing: Option<JsPromise>,
    finished: bool,
}

/// [values()](https://streams.spec.whatwg.org/#rs-asynciterator), with the
/// [asynchronous iterator initialization steps](https://streams.spec.whatwg.org/#rs-asynciterator-prototype-init)
pub(super) fn values(
    stream: &Readable,
    options: &ReadableStreamIteratorOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. to 4. Acquire a reader.
    let reader = default_reader::acquire(stream, cx)?;
    let iterator = Iterator::new(IteratorData {
        reader,
        prevent_cancel: options.prevent_cancel,
        ongoing: None,
        finished: false,
    });
    let realm = cx.realm().clone();
    let prototype = singleton(cx, &realm, CLASS, create_prototype);
    Ok(PlatformObject::create(iterator, &ITERATOR, prototype, cx))
}

/// [Asynchronous iterator prototype object](https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object)
fn create_prototype(cx: &mut Context, realm: &Realm) -> JsObject {
    let parent = cx
        .intrinsics()
        .objects()
        .iterator_prototypes()
        .async_iterator();
    let prototype = JsObject::with_object_proto(cx.intrinsics());
    prototype.set_prototype(Some(parent));
    let next = function(realm, "next", 0, |this, _, cx| {
        let promise = match receiver(this) {
            Ok(iterator) => next(&iterator, cx)?,
            Err(error) => rejected_with_error(error, cx)?,
        };
        Ok(object_of(&promise).into())
    });
    prototype.insert_property(js_string!("next"), data_property(next, ORDINARY));
    let end = function(realm, "return", 1, |this, args, cx| {
        let value = args.first().cloned().unwrap_or_default();
        let promise = match receiver(this) {
            Ok(iterator) => end(&iterator, &value, cx)?,
            Err(error) => rejected_with_error(error, cx)?,
        };
        Ok(object_of(&promise).into())
    });
    prototype.insert_property(js_string!("return"), data_property(end, ORDINARY));
    let tag = data_property(js_string!(CLASS), CONFIGURABLE);
    prototype.insert_property(JsSymbol::to_string_tag(), tag);
    prototype
}

fn receiver(this: &JsValue) -> JsResult<Iterator> {
    let object = this.as_object();
    object
        .and_then(|object| platform::with(&object, |handle: &Iterator| Some(handle.clone())))
        .ok_or_else(platform::illegal_invocation)
}

/// The [next method](https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object) of an iterator.
fn next(iterator: &Iterator, cx: &mut Context) -> JsResult<JsPromise> {
    // 9. and 10. One call comes after the other.
    let promise = match iterator.with(|data| data.ongoing.clone()) {
        Some(ongoing) => {
            let settled = |cx: &mut Context, iterator: &Iterator, _: &JsValue| {
                Ok(object_of(&next_steps(iterator, cx)?).into())
            };
            react(&ongoing, iterator.clone(), Some(settled), Some(settled), cx)?
        }
        None => next_steps(iterator, cx)?,
    };
    iterator.with(|data| data.ongoing = Some(promise.clone()));
    // 11. Return the promise.
    Ok(promise)
}

/// Step 8: the steps of a call.
fn next_steps(iterator: &Iterator, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 3. Nothing comes after the end.
    if iterator.with(|data| data.finished) {
        let result = create_iter_result_object(JsValue::undefined(), true, cx);
        return resolved_with(&result, cx);
    }
    // 4. Get the next result ([steps](https://streams.spec.whatwg.org/#rs-asynciterator-prototype-next)).
    let reader = iterator.with(|data| data.reader.clone());
    let deferred = Deferred::new(cx);
    let promise = deferred.promise.clone();
    let request = Box::new(NextRequest {
        deferred,
        reader: reader.clone(),
    });
    readable_stream_default_reader_read(&reader, request, cx)?;
    // 5. to 10. The promise for the result.
    react(
        &promise,
        iterator.clone(),
        Some(|cx, iterator, result| {
            let is_end = result
                .as_object()
                .map(|result| result.get(js_string!("done"), cx))
                .transpose()?
                .is_some_and(|done| done.to_boolean());
            iterator.with(|data| {
                data.ongoing = None;
                data.finished |= is_end;
            });
            Ok(result.clone())
        }),
        Some(|_, iterator, reason| {
            iterator.with(|data| {
                data.ongoing = None;
                data.finished = true;
            });
            Err(JsError::from_opaque(reason.clone()))
        }),
        cx,
    )
}

/// The read request of an iterator.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct NextRequest {
    deferred: Deferred,
    reader: DefaultReader,
}

impl ReadRequestSteps for NextRequest {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. Resolve the promise.
        self.deferred.chunk(chunk, cx)
    }

    fn close(&self, cx: &mut Context) -> JsResult<()> {
        // 1. Release the reader. 2. Resolve the promise with the end.
        readable_stream_default_reader_release(&self.reader, cx)?;
        self.deferred.close(cx)
    }

    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. Release the reader. 2. Reject the promise.
        readable_stream_default_reader_release(&self.reader, cx)?;
        self.deferred.reject(error, cx)
    }
}

/// The [return method](https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object) of an iterator.
fn end(iterator: &Iterator, value: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 9. and 10. One call comes after the other.
    let promise = match iterator.with(|data| data.ongoing.clone()) {
        Some(ongoing) => {
            let settled =
                |cx: &mut Context, (iterator, value): &(Iterator, JsValue), _: &JsValue| {
                    Ok(object_of(&return_steps(iterator, value, cx)?).into())
                };
            let captured = (iterator.clone(), value.clone());
            react(&ongoing, captured, Some(settled), Some(settled), cx)?
        }
        None => return_steps(iterator, value, cx)?,
    };
    iterator.with(|data| data.ongoing = Some(promise.clone()));
    // 11. to 13. The result is the end, with the value.
    react(
        &promise,
        value.clone(),
        Some(|cx, value, _| Ok(create_iter_result_object(value.clone(), true, cx))),
        None,
        cx,
    )
}

/// Step 8: the steps of a call, with the
/// [asynchronous iterator return algorithm](https://streams.spec.whatwg.org/#rs-asynciterator-prototype-return)
fn return_steps(iterator: &Iterator, value: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 3. An iterator ends once.
    let (was_finished, reader, prevent_cancel) = iterator.with(|data| {
        let was_finished = std::mem::replace(&mut data.finished, true);
        (was_finished, data.reader.clone(), data.prevent_cancel)
    });
    let stream = reader.with(|data| data.generic.stream.clone());
    let Some(stream) = stream.filter(|_| !was_finished) else {
        return resolved(cx);
    };
    // The algorithm, 1. to 3. and 5. Release the reader.
    let canceled = match prevent_cancel {
        // 4. Cancel the stream.
        false => readable_stream_cancel(&stream, value, cx)?,
        // 6. The result has no value.
        true => resolved(cx)?,
    };
    readable_stream_default_reader_release(&reader, cx)?;
    Ok(canceled)
}
