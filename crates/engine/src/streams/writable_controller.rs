//! `WritableStreamDefaultController`
//! ([Streams, the WritableStreamDefaultController class](https://streams.spec.whatwg.org/#ws-default-controller-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::handle::{Handle, Interfaced};
use super::interfaces::WRITABLE_STREAM_DEFAULT_CONTROLLER;
use super::promises::{resolved_with, thrown, upon};
use super::queue::QueueWithSizes;
use super::strategies::SizeAlgorithm;
use super::writable::{
    close_queued_or_in_flight, deal_with_rejection, finish_in_flight_close,
    finish_in_flight_close_with_error, finish_in_flight_write, finish_in_flight_write_with_error,
    mark_close_request_in_flight, mark_first_write_request_in_flight, update_backpressure,
    writable_stream_finish_erroring, writable_stream_start_erroring,
};
use super::writable_stream::{Writable, WritableState};
use crate::dom::aborting::{self, SignalData};
use crate::webidl::Interface;

/// A controller of a writable stream.
pub(crate) type WritableController = Handle<WritableControllerData>;

/// The state of a controller.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct WritableControllerData {
    stream: Writable,
    queue: QueueWithSizes,
    started: bool,
    high_water_mark: f64,
    algorithms: SinkAlgorithms,
    /// The signal of the abort controller, once script has seen it.
    signal: Option<JsObject>,
    /// The reason of the abort controller's abort.
    aborted: Option<JsValue>,
}

/// The algorithms of a sink, which end with the stream.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SinkAlgorithms {
    pub(crate) write: Algorithm,
    pub(crate) close: Algorithm,
    pub(crate) abort: Algorithm,
    pub(crate) size: SizeAlgorithm,
}

impl Interfaced for WritableControllerData {
    fn interface() -> &'static Interface {
        &WRITABLE_STREAM_DEFAULT_CONTROLLER
    }
}

impl WritableController {
    fn stream(&self) -> Writable {
        self.with(|data| data.stream.clone())
    }

    fn algorithms(&self) -> SinkAlgorithms {
        self.with(|data| data.algorithms.clone())
    }

    /// Whether the sink is started.
    pub(super) fn is_started(&self) -> bool {
        self.with(|data| data.started)
    }
}

/// [SetUpWritableStreamDefaultController](https://streams.spec.whatwg.org/#set-up-writable-stream-default-controller)
pub(super) fn set_up(
    stream: &Writable,
    start: &Algorithm,
    algorithms: SinkAlgorithms,
    high_water_mark: f64,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 13. The controller and the stream refer to each other.
    let controller = WritableController::new(WritableControllerData {
        stream: stream.clone(),
        queue: QueueWithSizes::default(),
        started: false,
        high_water_mark,
        algorithms,
        signal: None,
        aborted: None,
    });
    stream.with(|data| data.controller = Some(controller.clone()));
    // 14. and 15. The stream may have no room at all.
    update_backpressure(stream, get_backpressure(&controller), cx)?;
    // 16. and 17. Start the sink.
    let started = start.call_with(Vec::new(), &controller, cx)?;
    let started = resolved_with(&started, cx)?;
    // 18. Then write. 19. A failure is an error of the stream.
    upon(
        &started,
        controller,
        |cx, controller, _| {
            controller.with(|data| data.started = true);
            advance_queue_if_needed(controller, cx)
        },
        |cx, controller, error| {
            controller.with(|data| data.started = true);
            deal_with_rejection(&controller.stream(), error, cx)
        },
        cx,
    )
}

/// [signal](https://streams.spec.whatwg.org/#ws-default-controller-signal)
pub(super) fn signal(controller: &WritableController, cx: &mut Context) -> JsObject {
    // The signal is created when script first sees it.
    if let Some(signal) = controller.with(|data| data.signal.clone()) {
        return signal;
    }
    let signal = aborting::create(SignalData::default(), cx);
    if let Some(reason) = controller.with(|data| data.aborted.clone()) {
        aborting::signal_abort(cx, &signal, &reason);
    }
    controller.with(|data| data.signal = Some(signal.clone()));
    signal
}

/// [Signals abort](https://dom.spec.whatwg.org/#abortcontroller-signal-abort) on the abort controller.
pub(super) fn signal_abort(controller: &WritableController, reason: &JsValue, cx: &mut Context) {
    let given = Some(reason.clone()).filter(|reason| !reason.is_undefined());
    let reason = aborting::reason_or_default(given, cx);
    let signal = controller.with(|data| {
        if data.aborted.is_none() {
            data.aborted = Some(reason.clone());
        }
        data.signal.clone()
    });
    if let Some(signal) = signal {
        aborting::signal_abort(cx, &signal, &reason);
    }
}

/// [error()](https://streams.spec.whatwg.org/#ws-default-controller-error)
pub(super) fn error(
    controller: &WritableController,
    error: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Only a writable stream fails. 3. Error it.
    error_if_needed(controller, &error.unwrap_or_default(), cx)
}

/// [[[AbortSteps]]](https://streams.spec.whatwg.org/#ws-default-controller-private-abort)
pub(super) fn abort_steps(
    controller: &WritableController,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. Abort the sink.
    let algorithm = controller.algorithms().abort;
    let result = algorithm.promise(std::slice::from_ref(reason), cx);
    // 2. and 3. Clear the algorithms, and return the promise.
    clear_algorithms(controller);
    result
}

/// [[[ErrorSteps]]](https://streams.spec.whatwg.org/#ws-default-controller-private-error)
pub(super) fn error_steps(controller: &WritableController) {
    // 1. Drop the queue.
    drop(controller.with(|data| data.queue.reset_queue()));
}

/// [WritableStreamDefaultControllerAdvanceQueueIfNeeded](https://streams.spec.whatwg.org/#writable-stream-default-controller-advance-queue-if-needed)
fn advance_queue_if_needed(controller: &WritableController, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. The sink has to be started. 3. One write at a time.
    let stream = controller.stream();
    let is_writing = stream.with(|data| data.in_flight_write_request.is_some());
    if !controller.is_started() || is_writing {
        return Ok(());
    }
    // 4. to 6. A stream that fails ends now.
    if stream.state() == WritableState::Erroring {
        return writable_stream_finish_erroring(&stream, cx);
    }
    // 7. to 10. Process the first item.
    match controller.with(|data| data.queue.peek_queue_value()) {
        None => Ok(()),
        Some(None) => process_close(controller, cx),
        Some(Some(chunk)) => process_write(controller, chunk, cx),
    }
}

/// [WritableStreamDefaultControllerClearAlgorithms](https://streams.spec.whatwg.org/#writable-stream-default-controller-clear-algorithms)
fn clear_algorithms(controller: &WritableController) {
    // 1. to 4. The sink can be collected.
    let none = SinkAlgorithms {
        write: Algorithm::Nothing,
        close: Algorithm::Nothing,
        abort: Algorithm::Nothing,
        size: SizeAlgorithm::default(),
    };
    drop(controller.with(|data| std::mem::replace(&mut data.algorithms, none)));
}

/// [WritableStreamDefaultControllerClose](https://streams.spec.whatwg.org/#writable-stream-default-controller-close)
pub(super) fn writable_stream_default_controller_close(
    controller: &WritableController,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Append the close sentinel.
    controller.with(|data| data.queue.enqueue_value_with_size(None, 0.0))?;
    // 2. Continue.
    advance_queue_if_needed(controller, cx)
}

/// [WritableStreamDefaultControllerErrorIfNeeded](https://streams.spec.whatwg.org/#writable-stream-default-controller-error-if-needed)
pub(crate) fn error_if_needed(
    controller: &WritableController,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Error a stream that is writable.
    let stream = controller.stream();
    if stream.state() == WritableState::Writable {
        // [WritableStreamDefaultControllerError](https://streams.spec.whatwg.org/#writable-stream-default-controller-error)
        clear_algorithms(controller);
        writable_stream_start_erroring(&stream, error, cx)?;
    }
    Ok(())
}

/// [WritableStreamDefaultControllerGetBackpressure](https://streams.spec.whatwg.org/#writable-stream-default-controller-get-backpressure)
fn get_backpressure(controller: &WritableController) -> bool {
    // 1. and 2. There is no room.
    get_desired_size(controller) <= 0.0
}

/// [WritableStreamDefaultControllerGetChunkSize](https://streams.spec.whatwg.org/#writable-stream-default-controller-get-chunk-size)
pub(super) fn get_chunk_size(
    controller: &WritableController,
    chunk: &JsValue,
    cx: &mut Context,
) -> JsResult<f64> {
    // 1. to 3. Call the size algorithm.
    match controller.algorithms().size.size(chunk, cx) {
        Ok(size) => Ok(size),
        // 2. A failure is an error of the stream.
        Err(error) => {
            let error = thrown(error, cx)?;
            error_if_needed(controller, &error, cx)?;
            Ok(1.0)
        }
    }
}

/// [WritableStreamDefaultControllerGetDesiredSize](https://streams.spec.whatwg.org/#writable-stream-default-controller-get-desired-size)
pub(super) fn get_desired_size(controller: &WritableController) -> f64 {
    // 1. The mark, less the queue.
    controller.with(|data| data.high_water_mark - data.queue.total_size())
}

/// [WritableStreamDefaultControllerProcessClose](https://streams.spec.whatwg.org/#writable-stream-default-controller-process-close)
fn process_close(controller: &WritableController, cx: &mut Context) -> JsResult<()> {
    // 1. to 4. The request is in flight.
    let stream = controller.stream();
    mark_close_request_in_flight(&stream);
    controller.with(|data| data.queue.dequeue_value());
    // 5. Close the sink. 6. Clear the algorithms.
    let algorithm = controller.algorithms().close;
    let closed = algorithm.promise(&[], cx)?;
    clear_algorithms(controller);
    // 7. and 8. The request ends with it.
    upon(
        &closed,
        stream,
        |cx, stream, _| finish_in_flight_close(stream, cx),
        |cx, stream, reason| finish_in_flight_close_with_error(stream, reason, cx),
        cx,
    )
}

/// [WritableStreamDefaultControllerProcessWrite](https://streams.spec.whatwg.org/#writable-stream-default-controller-process-write)
fn process_write(
    controller: &WritableController,
    chunk: JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. The first request is in flight.
    mark_first_write_request_in_flight(&controller.stream());
    // 3. Write the chunk.
    let algorithm = controller.algorithms().write;
    let written = algorithm.promise_with(vec![chunk], controller, cx)?;
    // 4. and 5. The request ends with it.
    upon(
        &written,
        controller.clone(),
        |cx, controller, _| {
            let stream = controller.stream();
            finish_in_flight_write(&stream, cx)?;
            let state = stream.state();
            let chunk = controller.with(|data| data.queue.dequeue_value());
            drop(chunk);
            if !close_queued_or_in_flight(&stream) && state == WritableState::Writable {
                update_backpressure(&stream, get_backpressure(controller), cx)?;
            }
            advance_queue_if_needed(controller, cx)
        },
        |cx, controller, reason| {
            let stream = controller.stream();
            if stream.state() == WritableState::Writable {
                clear_algorithms(controller);
            }
            finish_in_flight_write_with_error(&stream, reason, cx)
        },
        cx,
    )
}

/// [WritableStreamDefaultControllerWrite](https://streams.spec.whatwg.org/#writable-stream-default-controller-write)
pub(super) fn writable_stream_default_controller_write(
    controller: &WritableController,
    chunk: &JsValue,
    size: f64,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Append the chunk. A bad size is an error of the stream.
    let chunk = Some(chunk.clone());
    let enqueued = controller.with(|data| data.queue.enqueue_value_with_size(chunk, size));
    if let Err(error) = enqueued {
        let error = thrown(error, cx)?;
        return error_if_needed(controller, &error, cx);
    }
    // 3. and 4. There may be no more room.
    let stream = controller.stream();
    if !close_queued_or_in_flight(&stream) && stream.state() == WritableState::Writable {
        update_backpressure(&stream, get_backpressure(controller), cx)?;
    }
    // 5. Continue.
    advance_queue_if_needed(controller, cx)
}
