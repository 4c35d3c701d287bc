//! `ReadableStreamBYOBReader`
//! ([Streams, the ReadableStreamBYOBReader class](https://streams.spec.whatwg.org/#byob-reader-class)).

use std::collections::VecDeque;

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::buffers::View;
use super::byte_controller_pull_into;
use super::handle::{Handle, Interfaced};
use super::interfaces::{READABLE_STREAM_BYOB_READER, ReadableStreamBYOBReaderReadOptions};
use super::promises::{Deferred, rejected_with_error, thrown};
use super::readable_stream::{Controller, Readable, ReadableState, Reader};
use super::reader_generic::{self, Generic, released};
use crate::boa::errors::{range_error, type_error};
use crate::webidl::{Interface, NewTarget};

/// A BYOB reader.
pub(crate) type ByobReader = Handle<ByobReaderData>;

/// The state of a BYOB reader.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ByobReaderData {
    pub(super) generic: Generic,
    pub(super) read_into_requests: VecDeque<ReadIntoRequest>,
}

impl Interfaced for ByobReaderData {
    fn interface() -> &'static Interface {
        &READABLE_STREAM_BYOB_READER
    }
}

/// The steps of a [read-into request](https://streams.spec.whatwg.org/#read-into-request).
pub(crate) trait ReadIntoRequestSteps: Trace {
    /// The [chunk steps](https://streams.spec.whatwg.org/#read-into-request-chunk-steps).
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()>;
    /// The [close steps](https://streams.spec.whatwg.org/#read-into-request-close-steps), with a view or undefined.
    fn close(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()>;
    /// The [error steps](https://streams.spec.whatwg.org/#read-into-request-error-steps).
    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()>;
}

/// A [read-into request](https://streams.spec.whatwg.org/#read-into-request).
pub(crate) type ReadIntoRequest = Box<dyn ReadIntoRequestSteps>;

/// The request of `read()`.
impl ReadIntoRequestSteps for Deferred {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        let result = create_iter_result_object(chunk.clone(), false, cx);
        self.resolve(&result, cx)
    }

    fn close(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        let result = create_iter_result_object(chunk.clone(), true, cx);
        self.resolve(&result, cx)
    }

    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()> {
        self.reject(error, cx)
    }
}

/// [SetUpReadableStreamBYOBReader](https://streams.spec.whatwg.org/#set-up-readable-stream-byob-reader)
pub(super) fn acquire(stream: &Readable, cx: &mut Context) -> JsResult<ByobReader> {
    // 1. A stream has one reader.
    if stream.is_locked() {
        return Err(type_error("The stream is already locked to a reader."));
    }
    // 2. Only a byte stream has a BYOB reader.
    if !matches!(stream.controller(), Some(Controller::Byte(_))) {
        return Err(type_error("The stream is not a byte stream."));
    }
    // 3. and 4. Initialize the reader.
    let mut made = None;
    reader_generic::initialize(
        stream,
        |generic| {
            let reader = ByobReader::new(ByobReaderData {
                generic,
                read_into_requests: VecDeque::new(),
            });
            made = Some(reader.clone());
            Reader::Byob(reader)
        },
        cx,
    )?;
    made.ok_or_else(released)
}

/// [The constructor](https://streams.spec.whatwg.org/#byob-reader-constructor)
pub(super) fn construct(
    target: &NewTarget,
    stream: &Readable,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Set it up.
    acquire(stream, cx)?.construct(target, cx)
}

/// [read()](https://streams.spec.whatwg.org/#byob-reader-read)
pub(super) fn read(
    reader: &ByobReader,
    view: &View,
    options: &ReadableStreamBYOBReaderReadOptions,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. to 6. Check the view and the smallest length.
    if let Err(error) = check(reader, view, options.min) {
        return rejected_with_error(error, cx);
    }
    // 7. and 8. The request settles a promise.
    let deferred = Deferred::new(cx);
    let promise = deferred.promise.clone();
    // 9. and 10. Read, and return the promise.
    readable_stream_byob_reader_read(reader, view, options.min, Box::new(deferred), cx)?;
    Ok(promise)
}

fn check(reader: &ByobReader, view: &View, min: f64) -> JsResult<()> {
    // 3. Neither the view nor its buffer is empty. 1. and 2. A detached buffer is.
    if view.is_detached() {
        return Err(type_error("The buffer of the view is detached."));
    }
    if view.byte_length == 0 {
        return Err(type_error("The view is empty."));
    }
    if view.buffer_length() == 0 {
        return Err(type_error("The buffer of the view is empty."));
    }
    // 4. The smallest length is not zero.
    if min == 0.0 {
        return Err(type_error("The option 'min' cannot be 0."));
    }
    // 5. and 6. It is no larger than the view.
    let length = view.byte_length / view.kind.element_size();
    if min > length as f64 {
        let message = format!("The option 'min' ({min}) is larger than the view ({length}).");
        return Err(range_error(message));
    }
    // 7. A released reader reads nothing.
    match reader.with(|data| data.generic.stream.is_some()) {
        true => Ok(()),
        false => Err(released()),
    }
}

/// [ReadableStreamBYOBReaderRead](https://streams.spec.whatwg.org/#readable-stream-byob-reader-read)
pub(super) fn readable_stream_byob_reader_read(
    reader: &ByobReader,
    view: &View,
    min: f64,
    request: ReadIntoRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the stream.
    let Some(stream) = reader.with(|data| data.generic.stream.clone()) else {
        return Err(released());
    };
    // 3. The stream is disturbed.
    stream.with(|data| data.disturbed = true);
    match (stream.state(), stream.controller()) {
        // 4. The stream has failed.
        (ReadableState::Errored(error), _) => request.error(&error, cx),
        // 5. The controller answers the request.
        (_, Some(Controller::Byte(controller))) => {
            byte_controller_pull_into::pull_into(&controller, view, min, request, cx)
        }
        _ => Ok(()),
    }
}

/// [releaseLock()](https://streams.spec.whatwg.org/#byob-reader-release-lock)
pub(super) fn release_lock(reader: &ByobReader, cx: &mut Context) -> JsResult<()> {
    // 1. A released reader does nothing. 2. Release it.
    match reader.with(|data| data.generic.stream.is_none()) {
        true => Ok(()),
        false => readable_stream_byob_reader_release(reader, cx),
    }
}

/// [ReadableStreamBYOBReaderRelease](https://streams.spec.whatwg.org/#abstract-opdef-readablestreambyobreaderrelease)
pub(super) fn readable_stream_byob_reader_release(
    reader: &ByobReader,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Release the stream.
    reader_generic::release(&Reader::Byob(reader.clone()), cx)?;
    // 2. and 3. The waiting requests fail.
    let error = thrown(released(), cx)?;
    error_read_into_requests(reader, &error, cx)
}

/// [ReadableStreamBYOBReaderErrorReadIntoRequests](https://streams.spec.whatwg.org/#abstract-opdef-readablestreambyobreadererrorreadintorequests)
pub(super) fn error_read_into_requests(
    reader: &ByobReader,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the requests.
    let requests = reader.with(|data| std::mem::take(&mut data.read_into_requests));
    // 3. Perform the error steps of each.
    for request in requests {
        request.error(error, cx)?;
    }
    Ok(())
}
