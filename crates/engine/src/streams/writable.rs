//! Working with writable streams
//! ([Streams, writable stream abstract operations](https://streams.spec.whatwg.org/#ws-all-abstract-ops)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsResult, JsValue};

use super::promises::{Deferred, rejected_with_error, resolved, upon};
use super::writable_controller::{
    self, abort_steps, error_steps, signal_abort, writable_stream_default_controller_close,
};
use super::writable_stream::{PendingAbort, Writable, WritableState};
use super::writer::ensure_ready_promise_rejected;
use crate::boa::errors::type_error;

/// [WritableStreamAbort](https://streams.spec.whatwg.org/#writable-stream-abort)
pub(crate) fn writable_stream_abort(
    stream: &Writable,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    let is_over = || {
        matches!(
            stream.state(),
            WritableState::Closed | WritableState::Errored
        )
    };
    // 1. Nothing is left to abort.
    if is_over() {
        return resolved(cx);
    }
    // 2. Abort the signal of the sink.
    if let Some(controller) = stream.controller() {
        signal_abort(&controller, reason, cx);
    }
    // 3. and 4. Script may have run.
    if is_over() {
        return resolved(cx);
    }
    // 5. and 6. An abort is under way.
    let pending = stream.with(|data| data.pending_abort_request.clone());
    if let Some(pending) = pending {
        return Ok(pending.promise.promise);
    }
    // 7. and 8. The reason of an earlier error stays.
    let was_already_erroring = stream.state() == WritableState::Erroring;
    let reason = match was_already_erroring {
        true => JsValue::undefined(),
        false => reason.clone(),
    };
    // 9. and 10. Remember the request.
    let promise = Deferred::new(cx);
    let pending = PendingAbort {
        promise: promise.clone(),
        reason: reason.clone(),
        was_already_erroring,
    };
    stream.with(|data| data.pending_abort_request = Some(pending));
    // 11. Start to fail.
    if !was_already_erroring {
        writable_stream_start_erroring(stream, &reason, cx)?;
    }
    // 12. Return the promise.
    Ok(promise.promise)
}

/// [WritableStreamClose](https://streams.spec.whatwg.org/#writable-stream-close)
pub(crate) fn writable_stream_close(stream: &Writable, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. and 2. Only an open stream is closed.
    let state = stream.state();
    if matches!(state, WritableState::Closed | WritableState::Errored) {
        let error = type_error("The stream is closed or errored.");
        return rejected_with_error(error, cx);
    }
    // 3. to 6. Remember the request.
    let promise = Deferred::new(cx);
    stream.with(|data| data.close_request = Some(promise.clone()));
    // 7. and 8. A writer that waits for room need not wait.
    if let Some(writer) = stream.writer()
        && stream.with(|data| data.backpressure)
        && state == WritableState::Writable
    {
        writer.ready_promise().resolve(&JsValue::undefined(), cx)?;
    }
    // 9. Close the controller.
    if let Some(controller) = stream.controller() {
        writable_stream_default_controller_close(&controller, cx)?;
    }
    // 10. Return the promise.
    Ok(promise.promise)
}

/// [WritableStreamAddWriteRequest](https://streams.spec.whatwg.org/#writable-stream-add-write-request)
pub(super) fn add_write_request(stream: &Writable, cx: &mut Context) -> JsPromise {
    // 1. to 5. Remember a promise, and return it.
    let promise = Deferred::new(cx);
    stream.with(|data| data.write_requests.push_back(promise.clone()));
    promise.promise
}

/// [WritableStreamCloseQueuedOrInFlight](https://streams.spec.whatwg.org/#writable-stream-close-queued-or-in-flight)
pub(super) fn close_queued_or_in_flight(stream: &Writable) -> bool {
    // 1. and 2. There is a request to close it.
    stream.with(|data| data.close_request.is_some() || data.in_flight_close_request.is_some())
}

/// [WritableStreamDealWithRejection](https://streams.spec.whatwg.org/#writable-stream-deal-with-rejection)
pub(super) fn deal_with_rejection(
    stream: &Writable,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    match stream.state() {
        // 1. and 2. Start to fail.
        WritableState::Writable => writable_stream_start_erroring(stream, error, cx),
        // 3. and 4. Finish to fail.
        _ => writable_stream_finish_erroring(stream, cx),
    }
}

/// [WritableStreamStartErroring](https://streams.spec.whatwg.org/#writable-stream-start-erroring)
pub(super) fn writable_stream_start_erroring(
    stream: &Writable,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 6. Store the error.
    stream.with(|data| {
        data.state = WritableState::Erroring;
        data.stored_error = reason.clone();
    });
    // 7. and 8. Nobody waits for room.
    if let Some(writer) = stream.writer() {
        ensure_ready_promise_rejected(&writer, reason, cx)?;
    }
    // 9. Without an operation of the sink, it is over.
    let is_started = stream
        .controller()
        .is_some_and(|controller| controller.is_started());
    if !has_operation_marked_in_flight(stream) && is_started {
        writable_stream_finish_erroring(stream, cx)?;
    }
    Ok(())
}

/// [WritableStreamFinishErroring](https://streams.spec.whatwg.org/#writable-stream-finish-erroring)
pub(super) fn writable_stream_finish_erroring(stream: &Writable, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. The stream is errored.
    stream.with(|data| data.state = WritableState::Errored);
    // 4. Drop the queue.
    let controller = stream.controller();
    if let Some(controller) = &controller {
        error_steps(controller);
    }
    // 5. to 7. All writes fail.
    let error = stream.stored_error();
    let requests = stream.with(|data| std::mem::take(&mut data.write_requests));
    for request in requests {
        request.reject(&error, cx)?;
    }
    // 8. Without an abort, that is all. 9. and 10. Take the abort.
    let Some(abort) = stream.with(|data| data.pending_abort_request.take()) else {
        return reject_close_and_closed_promise_if_needed(stream, cx);
    };
    // 11. It came after the error.
    if abort.was_already_erroring {
        abort.promise.reject(&error, cx)?;
        return reject_close_and_closed_promise_if_needed(stream, cx);
    }
    // 12. Abort the sink.
    let Some(controller) = controller else {
        return Ok(());
    };
    let aborted = abort_steps(&controller, &abort.reason, cx)?;
    // 13. and 14. The abort ends with it.
    upon(
        &aborted,
        (stream.clone(), abort.promise),
        |cx, (stream, promise), _| {
            promise.resolve(&JsValue::undefined(), cx)?;
            reject_close_and_closed_promise_if_needed(stream, cx)
        },
        |cx, (stream, promise), reason| {
            promise.reject(reason, cx)?;
            reject_close_and_closed_promise_if_needed(stream, cx)
        },
        cx,
    )
}

/// [WritableStreamFinishInFlightWrite](https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-write)
pub(super) fn finish_in_flight_write(stream: &Writable, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. The write has succeeded.
    match stream.with(|data| data.in_flight_write_request.take()) {
        Some(request) => request.resolve(&JsValue::undefined(), cx),
        None => Ok(()),
    }
}

/// [WritableStreamFinishInFlightWriteWithError](https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-write-with-error)
pub(super) fn finish_in_flight_write_with_error(
    stream: &Writable,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. The write has failed.
    if let Some(request) = stream.with(|data| data.in_flight_write_request.take()) {
        request.reject(error, cx)?;
    }
    // 5. So has the stream.
    deal_with_rejection(stream, error, cx)
}

/// [WritableStreamFinishInFlightClose](https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close)
pub(super) fn finish_in_flight_close(stream: &Writable, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. The request has succeeded.
    if let Some(request) = stream.with(|data| data.in_flight_close_request.take()) {
        request.resolve(&JsValue::undefined(), cx)?;
    }
    // 4. to 6. An error no longer counts, and an abort has succeeded.
    if stream.state() == WritableState::Erroring {
        let abort = stream.with(|data| {
            data.stored_error = JsValue::undefined();
            data.pending_abort_request.take()
        });
        if let Some(abort) = abort {
            abort.promise.resolve(&JsValue::undefined(), cx)?;
        }
    }
    // 7. The stream is closed.
    stream.with(|data| data.state = WritableState::Closed);
    // 8. to 11. Tell the writer.
    match stream.writer() {
        Some(writer) => writer.closed_promise().resolve(&JsValue::undefined(), cx),
        None => Ok(()),
    }
}

/// [WritableStreamFinishInFlightCloseWithError](https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close-with-error)
pub(super) fn finish_in_flight_close_with_error(
    stream: &Writable,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. The request has failed.
    if let Some(request) = stream.with(|data| data.in_flight_close_request.take()) {
        request.reject(error, cx)?;
    }
    // 5. So has an abort.
    if let Some(abort) = stream.with(|data| data.pending_abort_request.take()) {
        abort.promise.reject(error, cx)?;
    }
    // 6. So has the stream.
    deal_with_rejection(stream, error, cx)
}

/// [WritableStreamHasOperationMarkedInFlight](https://streams.spec.whatwg.org/#writable-stream-has-operation-marked-in-flight)
fn has_operation_marked_in_flight(stream: &Writable) -> bool {
    // 1. and 2. The sink is writing or closing.
    stream.with(|data| {
        data.in_flight_write_request.is_some() || data.in_flight_close_request.is_some()
    })
}

/// [WritableStreamMarkCloseRequestInFlight](https://streams.spec.whatwg.org/#writable-stream-mark-close-request-in-flight)
pub(super) fn mark_close_request_in_flight(stream: &Writable) {
    // 1. to 4. The request is in flight.
    stream.with(|data| data.in_flight_close_request = data.close_request.take());
}

/// [WritableStreamMarkFirstWriteRequestInFlight](https://streams.spec.whatwg.org/#writable-stream-mark-first-write-request-in-flight)
pub(super) fn mark_first_write_request_in_flight(stream: &Writable) {
    // 1. to 5. The first request is in flight.
    stream.with(|data| data.in_flight_write_request = data.write_requests.pop_front());
}

/// [WritableStreamRejectCloseAndClosedPromiseIfNeeded](https://streams.spec.whatwg.org/#writable-stream-reject-close-and-closed-promise-if-needed)
fn reject_close_and_closed_promise_if_needed(stream: &Writable, cx: &mut Context) -> JsResult<()> {
    let error = stream.stored_error();
    // 1. and 2. A request to close it fails.
    if let Some(request) = stream.with(|data| data.close_request.take()) {
        request.reject(&error, cx)?;
    }
    // 3. and 4. Tell the writer.
    match stream.writer() {
        Some(writer) => writer.closed_promise().reject_handled(&error, cx),
        None => Ok(()),
    }
}

/// [WritableStreamUpdateBackpressure](https://streams.spec.whatwg.org/#writable-stream-update-backpressure)
pub(super) fn update_backpressure(
    stream: &Writable,
    backpressure: bool,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. A writer learns of a change.
    if let Some(writer) = stream.writer()
        && stream.with(|data| data.backpressure) != backpressure
    {
        match backpressure {
            true => writer.set_ready_promise(Deferred::new(cx)),
            false => writer.ready_promise().resolve(&JsValue::undefined(), cx)?,
        }
    }
    // 5. Store it.
    stream.with(|data| data.backpressure = backpressure);
    Ok(())
}

/// Errors a stream if it is writable.
pub(crate) fn error_if_needed(
    stream: &Writable,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    match stream.controller() {
        Some(controller) => writable_controller::error_if_needed(&controller, error, cx),
        None => Ok(()),
    }
}
