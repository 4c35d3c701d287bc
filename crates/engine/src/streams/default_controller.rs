//! `ReadableStreamDefaultController`
//! ([Streams, the ReadableStreamDefaultController class](https://streams.spec.whatwg.org/#rs-default-controller-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsError, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::default_reader::ReadRequest;
use super::handle::{Handle, Interfaced};
use super::interfaces::READABLE_STREAM_DEFAULT_CONTROLLER;
use super::promises::{resolved_with, thrown, upon};
use super::queue::QueueWithSizes;
use super::readable::{
    add_read_request, fulfill_read_request, num_read_requests, readable_stream_close,
    readable_stream_error,
};
use super::readable_stream::{Controller, Readable, ReadableState};
use super::strategies::SizeAlgorithm;
use crate::boa::errors::type_error;
use crate::webidl::Interface;

/// A default controller of a readable stream.
pub(crate) type DefaultController = Handle<DefaultControllerData>;

/// The state of a default controller.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DefaultControllerData {
    stream: Readable,
    queue: QueueWithSizes,
    started: bool,
    close_requested: bool,
    pull_again: bool,
    pulling: bool,
    high_water_mark: f64,
    algorithms: Algorithms,
}

/// The algorithms of a controller, which end with the stream.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Algorithms {
    pull: Algorithm,
    cancel: Algorithm,
    size: SizeAlgorithm,
}

impl Interfaced for DefaultControllerData {
    fn interface() -> &'static Interface {
        &READABLE_STREAM_DEFAULT_CONTROLLER
    }
}

impl DefaultController {
    fn stream(&self) -> Readable {
        self.with(|data| data.stream.clone())
    }

    fn algorithms(&self) -> Algorithms {
        self.with(|data| data.algorithms.clone())
    }
}

/// [SetUpReadableStreamDefaultController](https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller)
pub(crate) fn set_up(
    stream: &Readable,
    start: &Algorithm,
    pull: Algorithm,
    cancel: Algorithm,
    high_water_mark: f64,
    size: SizeAlgorithm,
    cx: &mut Context,
) -> JsResult<DefaultController> {
    // 1. to 8. The controller belongs to the stream.
    let controller = DefaultController::new(DefaultControllerData {
        stream: stream.clone(),
        queue: QueueWithSizes::default(),
        started: false,
        close_requested: false,
        pull_again: false,
        pulling: false,
        high_water_mark,
        algorithms: Algorithms { pull, cancel, size },
    });
    stream.with(|data| data.controller = Some(Controller::Default(controller.clone())));
    // 9. and 10. Start the source.
    let started = start.call_with(Vec::new(), &controller, cx)?;
    let started = resolved_with(&started, cx)?;
    // 11. Then pull. 12. A failure is an error of the stream.
    upon(
        &started,
        controller.clone(),
        |cx, controller, _| {
            controller.with(|data| data.started = true);
            call_pull_if_needed(controller, cx)
        },
        |cx, controller, error| readable_stream_default_controller_error(controller, error, cx),
        cx,
    )?;
    Ok(controller)
}

/// [desiredSize](https://streams.spec.whatwg.org/#rs-default-controller-desired-size)
pub(super) fn desired_size(controller: &DefaultController) -> Option<f64> {
    get_desired_size(controller)
}

/// [close()](https://streams.spec.whatwg.org/#rs-default-controller-close)
pub(super) fn close(controller: &DefaultController, cx: &mut Context) -> JsResult<()> {
    // 1. A stream is closed once.
    if !can_close_or_enqueue(controller) {
        return Err(type_error(
            "The stream is not readable, or it is being closed.",
        ));
    }
    // 2. Close it.
    readable_stream_default_controller_close(controller, cx)
}

/// [enqueue()](https://streams.spec.whatwg.org/#rs-default-controller-enqueue)
pub(super) fn enqueue(
    controller: &DefaultController,
    chunk: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. A closed stream takes no chunk.
    if !can_close_or_enqueue(controller) {
        return Err(type_error(
            "The stream is not readable, or it is being closed.",
        ));
    }
    // 2. Enqueue it.
    readable_stream_default_controller_enqueue(controller, &chunk.unwrap_or_default(), cx)
}

/// [error()](https://streams.spec.whatwg.org/#rs-default-controller-error)
pub(super) fn error(
    controller: &DefaultController,
    error: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Error the stream.
    readable_stream_default_controller_error(controller, &error.unwrap_or_default(), cx)
}

/// [[[CancelSteps]]](https://streams.spec.whatwg.org/#rs-default-controller-private-cancel)
pub(super) fn cancel_steps(
    controller: &DefaultController,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. Drop the queue.
    let dropped = controller.with(|data| data.queue.reset_queue());
    drop(dropped);
    // 2. Cancel the source.
    let algorithm = controller.algorithms().cancel;
    let result = algorithm.promise(std::slice::from_ref(reason), cx);
    // 3. and 4. Clear the algorithms, and return the promise.
    clear_algorithms(controller);
    result
}

/// [[[PullSteps]]](https://streams.spec.whatwg.org/#rs-default-controller-private-pull)
pub(super) fn pull_steps(
    controller: &DefaultController,
    request: ReadRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Take the stream.
    let stream = controller.stream();
    let chunk = controller.with(|data| data.queue.dequeue_value());
    if let Some(chunk) = chunk {
        // 2.1. and 2.2. The last chunk of a stream that is being closed closes it.
        let ends = controller.with(|data| data.close_requested && data.queue.is_empty());
        if ends {
            clear_algorithms(controller);
            readable_stream_close(&stream, cx)?;
        } else {
            // 2.3. Otherwise there is room for another one.
            call_pull_if_needed(controller, cx)?;
        }
        // 2.4. Give the request the chunk.
        return request.chunk(&chunk.unwrap_or_default(), cx);
    }
    // 3. The request waits for the next chunk.
    add_read_request(&stream, request);
    call_pull_if_needed(controller, cx)
}

/// [[[ReleaseSteps]]](https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultcontroller-releasesteps)
pub(super) fn release_steps(_: &DefaultController) {
    // 1. There is nothing to do.
}

/// [ReadableStreamDefaultControllerCallPullIfNeeded](https://streams.spec.whatwg.org/#readable-stream-default-controller-call-pull-if-needed)
fn call_pull_if_needed(controller: &DefaultController, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Check that a chunk is wanted.
    if !should_call_pull(controller) {
        return Ok(());
    }
    // 3. One pull at a time. 4. and 5. A pull begins.
    let is_pulling = controller.with(|data| match data.pulling {
        true => {
            data.pull_again = true;
            true
        }
        false => {
            data.pulling = true;
            false
        }
    });
    if is_pulling {
        return Ok(());
    }
    // 6. Call the source.
    let algorithm = controller.algorithms().pull;
    let pulled = algorithm.promise_with(Vec::new(), controller, cx)?;
    // 7. Then pull again if a pull was requested meanwhile. 8. A failure is an error of the stream.
    upon(
        &pulled,
        controller.clone(),
        |cx, controller, _| {
            let again = controller.with(|data| {
                data.pulling = false;
                std::mem::take(&mut data.pull_again)
            });
            match again {
                true => call_pull_if_needed(controller, cx),
                false => Ok(()),
            }
        },
        |cx, controller, error| readable_stream_default_controller_error(controller, error, cx),
        cx,
    )
}

/// [ReadableStreamDefaultControllerShouldCallPull](https://streams.spec.whatwg.org/#readable-stream-default-controller-should-call-pull)
fn should_call_pull(controller: &DefaultController) -> bool {
    // 1. to 3. The stream is started, and not being closed.
    if !can_close_or_enqueue(controller) || !controller.with(|data| data.started) {
        return false;
    }
    // 4. A reader waits, or 5. to 7. there is room in the queue.
    num_read_requests(&controller.stream()) > 0
        || get_desired_size(controller).is_some_and(|size| size > 0.0)
}

/// [ReadableStreamDefaultControllerClearAlgorithms](https://streams.spec.whatwg.org/#readable-stream-default-controller-clear-algorithms)
fn clear_algorithms(controller: &DefaultController) {
    // 1. to 3. The source can be collected.
    let none = Algorithms {
        pull: Algorithm::Nothing,
        cancel: Algorithm::Nothing,
        size: SizeAlgorithm::default(),
    };
    drop(controller.with(|data| std::mem::replace(&mut data.algorithms, none)));
}

/// [ReadableStreamDefaultControllerClose](https://streams.spec.whatwg.org/#readable-stream-default-controller-close)
pub(crate) fn readable_stream_default_controller_close(
    controller: &DefaultController,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. A stream is closed once.
    if !can_close_or_enqueue(controller) {
        return Ok(());
    }
    // 2. and 3. No more chunks come.
    let is_empty = controller.with(|data| {
        data.close_requested = true;
        data.queue.is_empty()
    });
    // 4. Without waiting chunks, it is closed now.
    if is_empty {
        clear_algorithms(controller);
        readable_stream_close(&controller.stream(), cx)?;
    }
    Ok(())
}

/// [ReadableStreamDefaultControllerEnqueue](https://streams.spec.whatwg.org/#readable-stream-default-controller-enqueue)
pub(crate) fn readable_stream_default_controller_enqueue(
    controller: &DefaultController,
    chunk: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. A closed stream takes no chunk.
    if !can_close_or_enqueue(controller) {
        return Ok(());
    }
    // 2. Take the stream.
    let stream = controller.stream();
    if num_read_requests(&stream) > 0 {
        // 3. A waiting reader gets the chunk.
        fulfill_read_request(&stream, chunk, false, cx)?;
    } else {
        // 4.1. to 4.5. Otherwise it is queued with its size. A failure is an error of the stream.
        let size = controller.algorithms().size.size(chunk, cx);
        let enqueued = size.and_then(|size| {
            let chunk = Some(chunk.clone());
            controller.with(|data| data.queue.enqueue_value_with_size(chunk, size))
        });
        if let Err(error) = enqueued {
            let error = thrown(error, cx)?;
            readable_stream_default_controller_error(controller, &error, cx)?;
            return Err(JsError::from_opaque(error));
        }
    }
    // 5. Pull the next one.
    call_pull_if_needed(controller, cx)
}

/// [ReadableStreamDefaultControllerError](https://streams.spec.whatwg.org/#readable-stream-default-controller-error)
pub(crate) fn readable_stream_default_controller_error(
    controller: &DefaultController,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Only a readable stream fails.
    let stream = controller.stream();
    if !stream.is_readable() {
        return Ok(());
    }
    // 3. and 4. Drop the queue and the algorithms.
    let dropped = controller.with(|data| data.queue.reset_queue());
    drop(dropped);
    clear_algorithms(controller);
    // 5. Error the stream.
    readable_stream_error(&stream, error, cx)
}

/// [ReadableStreamDefaultControllerGetDesiredSize](https://streams.spec.whatwg.org/#readable-stream-default-controller-get-desired-size)
pub(crate) fn get_desired_size(controller: &DefaultController) -> Option<f64> {
    match controller.stream().state() {
        // 2. An error has no size.
        ReadableState::Errored(_) => None,
        // 3. A closed stream wants nothing.
        ReadableState::Closed => Some(0.0),
        // 4. The mark, less the queue.
        ReadableState::Readable => {
            Some(controller.with(|data| data.high_water_mark - data.queue.total_size()))
        }
    }
}

/// [ReadableStreamDefaultControllerHasBackpressure](https://streams.spec.whatwg.org/#rs-default-controller-has-backpressure)
pub(crate) fn has_backpressure(controller: &DefaultController) -> bool {
    // 1. and 2. There is backpressure while no pull is due.
    !should_call_pull(controller)
}

/// [ReadableStreamDefaultControllerCanCloseOrEnqueue](https://streams.spec.whatwg.org/#readable-stream-default-controller-can-close-or-enqueue)
pub(crate) fn can_close_or_enqueue(controller: &DefaultController) -> bool {
    // 1. to 3. The stream is readable, and not being closed.
    !controller.with(|data| data.close_requested) && controller.stream().is_readable()
}
