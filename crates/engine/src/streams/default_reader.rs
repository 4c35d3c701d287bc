//! `ReadableStreamDefaultReader`
//! ([Streams, the ReadableStreamDefaultReader class](https://streams.spec.whatwg.org/#default-reader-class)).

use std::collections::VecDeque;

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::handle::{Handle, Interfaced};
use super::interfaces::READABLE_STREAM_DEFAULT_READER;
use super::promises::{Deferred, rejected_with_error, thrown};
use super::readable_stream::{Controller, Readable, ReadableState, Reader};
use super::reader_generic::{self, Generic, released};
use super::{byte_controller, default_controller};
use crate::boa::errors::type_error;
use crate::webidl::{Interface, NewTarget};

/// A default reader.
pub(crate) type DefaultReader = Handle<DefaultReaderData>;

/// The state of a default reader.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DefaultReaderData {
    pub(super) generic: Generic,
    pub(super) read_requests: VecDeque<ReadRequest>,
}

impl Interfaced for DefaultReaderData {
    fn interface() -> &'static Interface {
        &READABLE_STREAM_DEFAULT_READER
    }
}

/// The steps of a [read request](https://streams.spec.whatwg.org/#read-request).
pub(crate) trait ReadRequestSteps: Trace {
    /// The [chunk steps](https://streams.spec.whatwg.org/#read-request-chunk-steps).
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()>;
    /// The [close steps](https://streams.spec.whatwg.org/#read-request-close-steps).
    fn close(&self, cx: &mut Context) -> JsResult<()>;
    /// The [error steps](https://streams.spec.whatwg.org/#read-request-error-steps).
    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()>;
}

/// A [read request](https://streams.spec.whatwg.org/#read-request).
pub(crate) type ReadRequest = Box<dyn ReadRequestSteps>;

/// The request of `read()`.
impl ReadRequestSteps for Deferred {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        let result = create_iter_result_object(chunk.clone(), false, cx);
        self.resolve(&result, cx)
    }

    fn close(&self, cx: &mut Context) -> JsResult<()> {
        let result = create_iter_result_object(JsValue::undefined(), true, cx);
        self.resolve(&result, cx)
    }

    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()> {
        self.reject(error, cx)
    }
}

/// [SetUpReadableStreamDefaultReader](https://streams.spec.whatwg.org/#set-up-readable-stream-default-reader)
pub(crate) fn acquire(stream: &Readable, cx: &mut Context) -> JsResult<DefaultReader> {
    // 1. A stream has one reader.
    if stream.is_locked() {
        return Err(type_error("The stream is already locked to a reader."));
    }
    // 2. and 3. Initialize the reader.
    let mut made = None;
    reader_generic::initialize(
        stream,
        |generic| {
            let reader = DefaultReader::new(DefaultReaderData {
                generic,
                read_requests: VecDeque::new(),
            });
            made = Some(reader.clone());
            Reader::Default(reader)
        },
        cx,
    )?;
    made.ok_or_else(released)
}

/// [The constructor](https://streams.spec.whatwg.org/#default-reader-constructor)
pub(super) fn construct(
    target: &NewTarget,
    stream: &Readable,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Set it up.
    acquire(stream, cx)?.construct(target, cx)
}

/// [read()](https://streams.spec.whatwg.org/#default-reader-read)
pub(crate) fn read(reader: &DefaultReader, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. A released reader rejects.
    if reader.with(|data| data.generic.stream.is_none()) {
        return rejected_with_error(released(), cx);
    }
    // 2. and 3. The request settles a promise.
    let deferred = Deferred::new(cx);
    let promise = deferred.promise.clone();
    // 4. and 5. Read, and return the promise.
    readable_stream_default_reader_read(reader, Box::new(deferred), cx)?;
    Ok(promise)
}

/// [ReadableStreamDefaultReaderRead](https://streams.spec.whatwg.org/#readable-stream-default-reader-read)
pub(crate) fn readable_stream_default_reader_read(
    reader: &DefaultReader,
    request: ReadRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the stream.
    let Some(stream) = reader.with(|data| data.generic.stream.clone()) else {
        return Err(released());
    };
    // 3. The stream is disturbed.
    stream.with(|data| data.disturbed = true);
    match stream.state() {
        // 4. The stream has ended.
        ReadableState::Closed => request.close(cx),
        // 5. The stream has failed.
        ReadableState::Errored(error) => request.error(&error, cx),
        // 6. The controller answers the request.
        ReadableState::Readable => match stream.controller() {
            Some(Controller::Default(controller)) => {
                default_controller::pull_steps(&controller, request, cx)
            }
            Some(Controller::Byte(controller)) => {
                byte_controller::pull_steps(&controller, request, cx)
            }
            None => Ok(()),
        },
    }
}

/// [releaseLock()](https://streams.spec.whatwg.org/#default-reader-release-lock)
pub(super) fn release_lock(reader: &DefaultReader, cx: &mut Context) -> JsResult<()> {
    // 1. A released reader does nothing. 2. Release it.
    match reader.with(|data| data.generic.stream.is_none()) {
        true => Ok(()),
        false => readable_stream_default_reader_release(reader, cx),
    }
}

/// [ReadableStreamDefaultReaderRelease](https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreaderrelease)
pub(crate) fn readable_stream_default_reader_release(
    reader: &DefaultReader,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Release the stream.
    reader_generic::release(&Reader::Default(reader.clone()), cx)?;
    // 2. and 3. The waiting requests fail.
    let error = thrown(released(), cx)?;
    error_read_requests(reader, &error, cx)
}

/// [ReadableStreamDefaultReaderErrorReadRequests](https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreadererrorreadrequests)
pub(super) fn error_read_requests(
    reader: &DefaultReader,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the requests.
    let requests = reader.with(|data| std::mem::take(&mut data.read_requests));
    // 3. Perform the error steps of each.
    for request in requests {
        request.error(error, cx)?;
    }
    Ok(())
}
