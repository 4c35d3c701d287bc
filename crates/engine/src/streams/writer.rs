//! `WritableStreamDefaultWriter`
//! ([Streams, the WritableStreamDefaultWriter class](https://streams.spec.whatwg.org/#default-writer-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::handle::{Handle, Interfaced};
use super::interfaces::WRITABLE_STREAM_DEFAULT_WRITER;
use super::promises::{Deferred, object_of, rejected_with, rejected_with_error, resolved, thrown};
use super::writable::{
    add_write_request, close_queued_or_in_flight, writable_stream_abort, writable_stream_close,
};
use super::writable_controller::{
    get_chunk_size, get_desired_size, writable_stream_default_controller_write,
};
use super::writable_stream::{Writable, WritableState};
use crate::boa::errors::type_error;
use crate::webidl::{Interface, NewTarget};

/// A writer.
pub(crate) type Writer = Handle<WriterData>;

/// The state of a writer.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct WriterData {
    stream: Option<Writable>,
    closed: Deferred,
    ready: Deferred,
}

impl Interfaced for WriterData {
    fn interface() -> &'static Interface {
        &WRITABLE_STREAM_DEFAULT_WRITER
    }
}

impl Writer {
    /// The stream, until the writer is released.
    pub(super) fn stream(&self) -> Option<Writable> {
        self.with(|data| data.stream.clone())
    }

    pub(super) fn closed_promise(&self) -> Deferred {
        self.with(|data| data.closed.clone())
    }

    pub(super) fn ready_promise(&self) -> Deferred {
        self.with(|data| data.ready.clone())
    }

    pub(super) fn set_ready_promise(&self, ready: Deferred) {
        drop(self.with(|data| std::mem::replace(&mut data.ready, ready)));
    }
}

/// [SetUpWritableStreamDefaultWriter](https://streams.spec.whatwg.org/#set-up-writable-stream-default-writer)
pub(crate) fn acquire(stream: &Writable, cx: &mut Context) -> JsResult<Writer> {
    // 1. A stream has one writer.
    if stream.is_locked() {
        return Err(type_error("The stream is already locked to a writer."));
    }
    let error = stream.stored_error();
    let (ready, closed) = match stream.state() {
        // 5. An open stream may have backpressure.
        WritableState::Writable => {
            let waits = !close_queued_or_in_flight(stream) && stream.with(|data| data.backpressure);
            let ready = match waits {
                true => Deferred::new(cx),
                false => Deferred::resolved(cx)?,
            };
            (ready, Deferred::new(cx))
        }
        // 6. An erroring stream is not ready.
        WritableState::Erroring => (Deferred::rejected(&error, cx)?, Deferred::new(cx)),
        // 7. A closed stream is ready and closed.
        WritableState::Closed => (Deferred::resolved(cx)?, Deferred::resolved(cx)?),
        // 8. An errored stream is neither.
        WritableState::Errored => (
            Deferred::rejected(&error, cx)?,
            Deferred::rejected(&error, cx)?,
        ),
    };
    // 2. to 4. The writer and the stream refer to each other.
    let writer = Writer::new(WriterData {
        stream: Some(stream.clone()),
        closed,
        ready,
    });
    stream.with(|data| data.writer = Some(writer.clone()));
    Ok(writer)
}

/// [The constructor](https://streams.spec.whatwg.org/#default-writer-constructor)
pub(super) fn construct(
    target: &NewTarget,
    stream: &Writable,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Set it up.
    acquire(stream, cx)?.construct(target, cx)
}

fn released() -> boa_engine::JsError {
    type_error("The writer has been released.")
}

/// [closed](https://streams.spec.whatwg.org/#default-writer-closed)
pub(super) fn closed(writer: &Writer) -> JsObject {
    object_of(&writer.closed_promise().promise)
}

/// [ready](https://streams.spec.whatwg.org/#default-writer-ready)
pub(super) fn ready(writer: &Writer) -> JsObject {
    object_of(&writer.ready_promise().promise)
}

/// [desiredSize](https://streams.spec.whatwg.org/#default-writer-desired-size), by
/// [WritableStreamDefaultWriterGetDesiredSize](https://streams.spec.whatwg.org/#writable-stream-default-writer-get-desired-size)
pub(super) fn desired_size(writer: &Writer) -> JsResult<Option<f64>> {
    // 1. A released writer throws.
    let stream = writer.stream().ok_or_else(released)?;
    Ok(match stream.state() {
        // An error has no size.
        WritableState::Errored | WritableState::Erroring => None,
        // A closed stream wants nothing.
        WritableState::Closed => Some(0.0),
        // 2. Ask the controller.
        WritableState::Writable => stream.controller().map(|held| get_desired_size(&held)),
    })
}

/// [abort()](https://streams.spec.whatwg.org/#default-writer-abort)
pub(super) fn abort(
    writer: &Writer,
    reason: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    match writer.stream() {
        // 1. A released writer rejects.
        None => rejected_with_error(released(), cx),
        // 2. Abort the stream.
        Some(stream) => writable_stream_abort(&stream, &reason.unwrap_or_default(), cx),
    }
}

/// [close()](https://streams.spec.whatwg.org/#default-writer-close)
pub(super) fn close(writer: &Writer, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. and 2. A released writer rejects.
    let Some(stream) = writer.stream() else {
        return rejected_with_error(released(), cx);
    };
    // 3. A stream is closed once.
    if close_queued_or_in_flight(&stream) {
        return rejected_with_error(type_error("The stream is already being closed."), cx);
    }
    // 4. Close it.
    writable_stream_close(&stream, cx)
}

/// [releaseLock()](https://streams.spec.whatwg.org/#default-writer-release-lock)
pub(super) fn release_lock(writer: &Writer, cx: &mut Context) -> JsResult<()> {
    // 1. to 4. Release it.
    writable_stream_default_writer_release(writer, cx)
}

/// [write()](https://streams.spec.whatwg.org/#default-writer-write)
pub(super) fn write(
    writer: &Writer,
    chunk: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. A released writer rejects. 2. Write the chunk.
    writable_stream_default_writer_write(writer, &chunk.unwrap_or_default(), cx)
}

/// [WritableStreamDefaultWriterCloseWithErrorPropagation](https://streams.spec.whatwg.org/#writable-stream-default-writer-close-with-error-propagation)
pub(super) fn close_with_error_propagation(
    writer: &Writer,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. and 2. Take the stream.
    let Some(stream) = writer.stream() else {
        return rejected_with_error(released(), cx);
    };
    // 3. and 4. It is closed, or will be.
    if close_queued_or_in_flight(&stream) || stream.state() == WritableState::Closed {
        return resolved(cx);
    }
    // 5. Its error is the result.
    if stream.state() == WritableState::Errored {
        return rejected_with(&stream.stored_error(), cx);
    }
    // 6. and 7. Close it.
    writable_stream_close(&stream, cx)
}

/// [WritableStreamDefaultWriterEnsureReadyPromiseRejected](https://streams.spec.whatwg.org/#writable-stream-default-writer-ensure-ready-promise-rejected)
pub(super) fn ensure_ready_promise_rejected(
    writer: &Writer,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    let ready = writer.ready_promise();
    // 1. to 3. Reject the promise, or replace it.
    if ready.is_pending() {
        return ready.reject_handled(error, cx);
    }
    writer.set_ready_promise(Deferred::rejected(error, cx)?);
    Ok(())
}

/// [WritableStreamDefaultWriterEnsureClosedPromiseRejected](https://streams.spec.whatwg.org/#writable-stream-default-writer-ensure-closed-promise-rejected)
fn ensure_closed_promise_rejected(
    writer: &Writer,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    let closed = writer.closed_promise();
    // 1. to 3. Reject the promise, or replace it.
    if closed.is_pending() {
        return closed.reject_handled(error, cx);
    }
    let closed = Deferred::rejected(error, cx)?;
    drop(writer.with(|data| std::mem::replace(&mut data.closed, closed)));
    Ok(())
}

/// [WritableStreamDefaultWriterRelease](https://streams.spec.whatwg.org/#writable-stream-default-writer-release)
pub(crate) fn writable_stream_default_writer_release(
    writer: &Writer,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. Take the stream.
    let Some(stream) = writer.stream() else {
        return Ok(());
    };
    // 4. to 6. The promises are rejected.
    let error = thrown(released(), cx)?;
    ensure_ready_promise_rejected(writer, &error, cx)?;
    ensure_closed_promise_rejected(writer, &error, cx)?;
    // 7. and 8. They no longer refer to each other.
    stream.with(|data| data.writer = None);
    writer.with(|data| data.stream = None);
    Ok(())
}

/// [WritableStreamDefaultWriterWrite](https://streams.spec.whatwg.org/#writable-stream-default-writer-write)
pub(crate) fn writable_stream_default_writer_write(
    writer: &Writer,
    chunk: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. to 3. Take the stream.
    let Some(stream) = writer.stream() else {
        return rejected_with_error(released(), cx);
    };
    let Some(controller) = stream.controller() else {
        return rejected_with_error(released(), cx);
    };
    // 4. Get the size, which may run script.
    let size = get_chunk_size(&controller, chunk, cx)?;
    // 5. The writer may be released.
    if !writer.stream().is_some_and(|held| held.is(&stream)) {
        return rejected_with_error(released(), cx);
    }
    let state = stream.state();
    // 6. and 7. An errored stream takes no chunk,
    if state == WritableState::Errored {
        return rejected_with(&stream.stored_error(), cx);
    }
    // 8. nor does one that is closed or being closed,
    if close_queued_or_in_flight(&stream) || state == WritableState::Closed {
        return rejected_with_error(type_error("The stream is closed or being closed."), cx);
    }
    // 9. nor one that fails.
    if state == WritableState::Erroring {
        return rejected_with(&stream.stored_error(), cx);
    }
    // 10. and 11. Write it.
    let promise = add_write_request(&stream, cx);
    writable_stream_default_controller_write(&controller, chunk, size, cx)?;
    // 12. and 13. Return the promise.
    Ok(promise)
}
