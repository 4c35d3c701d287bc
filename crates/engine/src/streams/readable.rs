//! Working with readable streams
//! ([Streams, readable stream abstract operations](https://streams.spec.whatwg.org/#rs-all-abstract-ops)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsResult, JsValue};

use super::byob_reader::{self, ReadIntoRequest};
use super::default_reader::{self, ReadRequest};
use super::promises::{react, rejected_with, resolved};
use super::readable_stream::{Controller, Readable, ReadableState, Reader};
use super::{byte_controller, default_controller};
use crate::boa::recursion;

/// [ReadableStreamCancel](https://streams.spec.whatwg.org/#readable-stream-cancel)
pub(crate) fn readable_stream_cancel(
    stream: &Readable,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. The stream is disturbed.
    stream.with(|data| data.disturbed = true);
    match stream.state() {
        // 2. Nothing is left to cancel.
        ReadableState::Closed => return resolved(cx),
        // 3. An error stays.
        ReadableState::Errored(error) => return rejected_with(&error, cx),
        ReadableState::Readable => {}
    }
    // 4. Close it.
    readable_stream_close(stream, cx)?;
    // 5. and 6. The requests of a BYOB reader end without a view.
    if let Some(Reader::Byob(reader)) = stream.reader() {
        let requests = reader.with(|data| std::mem::take(&mut data.read_into_requests));
        for request in requests {
            request.close(&JsValue::undefined(), cx)?;
        }
    }
    // 7. Cancel the source.
    let canceled = match stream.controller() {
        Some(Controller::Default(controller)) => {
            default_controller::cancel_steps(&controller, reason, cx)?
        }
        Some(Controller::Byte(controller)) => {
            byte_controller::cancel_steps(&controller, reason, cx)?
        }
        None => resolved(cx)?,
    };
    // 8. The result has no value.
    react(
        &canceled,
        (),
        Some(|_, (), _| Ok(JsValue::undefined())),
        None,
        cx,
    )
}

/// [ReadableStreamClose](https://streams.spec.whatwg.org/#readable-stream-close)
pub(super) fn readable_stream_close(stream: &Readable, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. The stream is closed.
    stream.with(|data| data.state = ReadableState::Closed);
    // 3. and 4. Without a reader, nobody waits.
    let Some(reader) = stream.reader() else {
        return Ok(());
    };
    // 5. Resolve the reader's closed promise.
    reader.closed().resolve(&JsValue::undefined(), cx)?;
    // 6. The requests of a default reader end.
    if let Reader::Default(reader) = reader {
        let requests = reader.with(|data| std::mem::take(&mut data.read_requests));
        // A request may be that of a branch, which is closed in turn.
        recursion::enter(cx, |cx| {
            requests.iter().try_for_each(|request| request.close(cx))
        })?;
    }
    Ok(())
}

/// [ReadableStreamError](https://streams.spec.whatwg.org/#readable-stream-error)
pub(super) fn readable_stream_error(
    stream: &Readable,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. The stream is errored.
    stream.with(|data| data.state = ReadableState::Errored(error.clone()));
    // 4. and 5. Without a reader, nobody waits.
    let Some(reader) = stream.reader() else {
        return Ok(());
    };
    // 6. and 7. Reject the reader's closed promise.
    reader.closed().reject_handled(error, cx)?;
    // 8. and 9. Its requests fail.
    match reader {
        Reader::Default(reader) => default_reader::error_read_requests(&reader, error, cx),
        Reader::Byob(reader) => byob_reader::error_read_into_requests(&reader, error, cx),
    }
}

/// [ReadableStreamAddReadRequest](https://streams.spec.whatwg.org/#readable-stream-add-read-request)
pub(super) fn add_read_request(stream: &Readable, request: ReadRequest) {
    // 1. to 3. Append it to the reader's requests.
    if let Some(Reader::Default(reader)) = stream.reader() {
        reader.with(|data| data.read_requests.push_back(request));
    }
}

/// [ReadableStreamAddReadIntoRequest](https://streams.spec.whatwg.org/#readable-stream-add-read-into-request)
pub(super) fn add_read_into_request(stream: &Readable, request: ReadIntoRequest) {
    // 1. to 3. Append it to the reader's requests.
    if let Some(Reader::Byob(reader)) = stream.reader() {
        reader.with(|data| data.read_into_requests.push_back(request));
    }
}

/// [ReadableStreamFulfillReadRequest](https://streams.spec.whatwg.org/#readable-stream-fulfill-read-request)
pub(super) fn fulfill_read_request(
    stream: &Readable,
    chunk: &JsValue,
    done: bool,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 5. Take the first request of the reader.
    let Some(Reader::Default(reader)) = stream.reader() else {
        return Ok(());
    };
    let request = reader.with(|data| data.read_requests.pop_front());
    match request {
        // 6. End it, or 7. give it the chunk.
        Some(request) if done => request.close(cx),
        Some(request) => request.chunk(chunk, cx),
        None => Ok(()),
    }
}

/// [ReadableStreamFulfillReadIntoRequest](https://streams.spec.whatwg.org/#readable-stream-fulfill-read-into-request)
pub(super) fn fulfill_read_into_request(
    stream: &Readable,
    chunk: &JsValue,
    done: bool,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 5. Take the first request of the reader.
    let Some(Reader::Byob(reader)) = stream.reader() else {
        return Ok(());
    };
    let request = reader.with(|data| data.read_into_requests.pop_front());
    match request {
        // 6. End it, or 7. give it the view.
        Some(request) if done => request.close(chunk, cx),
        Some(request) => request.chunk(chunk, cx),
        None => Ok(()),
    }
}

/// [ReadableStreamGetNumReadRequests](https://streams.spec.whatwg.org/#readable-stream-get-num-read-requests); 0 without
/// a default reader.
pub(super) fn num_read_requests(stream: &Readable) -> usize {
    match stream.reader() {
        Some(Reader::Default(reader)) => reader.with(|data| data.read_requests.len()),
        _ => 0,
    }
}

/// [ReadableStreamGetNumReadIntoRequests](https://streams.spec.whatwg.org/#readable-stream-get-num-read-into-requests);
/// 0 without a BYOB reader.
pub(super) fn num_read_into_requests(stream: &Readable) -> usize {
    match stream.reader() {
        Some(Reader::Byob(reader)) => reader.with(|data| data.read_into_requests.len()),
        _ => 0,
    }
}

/// [ReadableStreamHasDefaultReader](https://streams.spec.whatwg.org/#readable-stream-has-default-reader)
pub(super) fn has_default_reader(stream: &Readable) -> bool {
    matches!(stream.reader(), Some(Reader::Default(_)))
}

/// [ReadableStreamHasBYOBReader](https://streams.spec.whatwg.org/#readable-stream-has-byob-reader)
pub(super) fn has_byob_reader(stream: &Readable) -> bool {
    matches!(stream.reader(), Some(Reader::Byob(_)))
}
