//! `TransformStreamDefaultController`
//! ([Streams, the TransformStreamDefaultController class](https://streams.spec.whatwg.org/#ts-default-controller-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsError, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::default_controller::{
    self, DefaultController, can_close_or_enqueue, has_backpressure,
    readable_stream_default_controller_close, readable_stream_default_controller_enqueue,
};
use super::handle::{Handle, Interfaced};
use super::interfaces::TRANSFORM_STREAM_DEFAULT_CONTROLLER;
use super::promises::{Deferred, react, rejected_with_error, resolved, thrown};
use super::readable_stream::{Controller, ReadableState};
use super::transform_stream::{
    Transform, error_writable_and_unblock_write, set_backpressure, transform_stream_error,
};
use crate::boa::errors::type_error;
use crate::webidl::Interface;

/// A controller of a transform stream.
pub(crate) type TransformController = Handle<TransformControllerData>;

/// The state of a controller.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct TransformControllerData {
    stream: Transform,
    algorithms: TransformAlgorithms,
    finish: Option<Deferred>,
}

/// The algorithms of a transformer, which end with the stream.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct TransformAlgorithms {
    /// `None` passes the chunks on.
    pub(crate) transform: Option<Algorithm>,
    pub(crate) flush: Algorithm,
    pub(crate) cancel: Algorithm,
}

impl Interfaced for TransformControllerData {
    fn interface() -> &'static Interface {
        &TRANSFORM_STREAM_DEFAULT_CONTROLLER
    }
}

impl TransformController {
    fn stream(&self) -> Transform {
        self.with(|data| data.stream.clone())
    }

    pub(super) fn algorithms(&self) -> TransformAlgorithms {
        self.with(|data| data.algorithms.clone())
    }

    /// The promise for the end of the stream, once it has begun.
    pub(super) fn finish(&self) -> Option<Deferred> {
        self.with(|data| data.finish.clone())
    }

    pub(super) fn set_finish(&self, finish: Deferred) {
        self.with(|data| data.finish = Some(finish));
    }

    fn readable_controller(&self) -> JsResult<DefaultController> {
        match self.stream().readable().controller() {
            Some(Controller::Default(controller)) => Ok(controller),
            _ => Err(type_error("The transform stream has no readable side.")),
        }
    }
}

/// [SetUpTransformStreamDefaultController](https://streams.spec.whatwg.org/#set-up-transform-stream-default-controller)
pub(super) fn set_up(stream: &Transform, algorithms: TransformAlgorithms) -> TransformController {
    // 1. to 7. The controller and the stream refer to each other.
    let controller = TransformController::new(TransformControllerData {
        stream: stream.clone(),
        algorithms,
        finish: None,
    });
    stream.set_controller(controller.clone());
    controller
}

/// [desiredSize](https://streams.spec.whatwg.org/#ts-default-controller-desired-size)
pub(super) fn desired_size(controller: &TransformController) -> JsResult<Option<f64>> {
    // 1. and 2. That of the readable side.
    let readable = controller.readable_controller()?;
    Ok(default_controller::get_desired_size(&readable))
}

/// [enqueue()](https://streams.spec.whatwg.org/#ts-default-controller-enqueue)
pub(super) fn enqueue(
    controller: &TransformController,
    chunk: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Enqueue it.
    transform_stream_default_controller_enqueue(controller, &chunk.unwrap_or_default(), cx)
}

/// [error()](https://streams.spec.whatwg.org/#ts-default-controller-error)
pub(super) fn error(
    controller: &TransformController,
    reason: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Error both sides.
    transform_stream_error(&controller.stream(), &reason.unwrap_or_default(), cx)
}

/// [terminate()](https://streams.spec.whatwg.org/#ts-default-controller-terminate), by
/// [TransformStreamDefaultControllerTerminate](https://streams.spec.whatwg.org/#transform-stream-default-controller-terminate)
pub(super) fn terminate(controller: &TransformController, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. Close the readable side.
    readable_stream_default_controller_close(&controller.readable_controller()?, cx)?;
    // 4. and 5. Error the writable side.
    let error = thrown(type_error("The transform stream was terminated."), cx)?;
    error_writable_and_unblock_write(&controller.stream(), &error, cx)
}

/// [TransformStreamDefaultControllerClearAlgorithms](https://streams.spec.whatwg.org/#transform-stream-default-controller-clear-algorithms)
pub(super) fn clear_algorithms(controller: &TransformController) {
    // 1. to 3. The transformer can be collected.
    let none = TransformAlgorithms {
        transform: Some(Algorithm::Nothing),
        flush: Algorithm::Nothing,
        cancel: Algorithm::Nothing,
    };
    drop(controller.with(|data| std::mem::replace(&mut data.algorithms, none)));
}

/// [TransformStreamDefaultControllerEnqueue](https://streams.spec.whatwg.org/#transform-stream-default-controller-enqueue)
pub(crate) fn transform_stream_default_controller_enqueue(
    controller: &TransformController,
    chunk: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. The readable side takes chunks.
    let stream = controller.stream();
    let readable = controller.readable_controller()?;
    if !can_close_or_enqueue(&readable) {
        return Err(type_error("The readable side takes no more chunks."));
    }
    // 4. and 5. Enqueue it. A failure is an error of the writable side.
    if let Err(error) = readable_stream_default_controller_enqueue(&readable, chunk, cx) {
        let error = thrown(error, cx)?;
        error_writable_and_unblock_write(&stream, &error, cx)?;
        return Err(match stream.readable().state() {
            ReadableState::Errored(stored) => JsError::from_opaque(stored),
            _ => JsError::from_opaque(error),
        });
    }
    // 6. and 7. There may be no more room.
    if has_backpressure(&readable) && !stream.backpressure() {
        set_backpressure(&stream, true, cx)?;
    }
    Ok(())
}

/// [TransformStreamDefaultControllerPerformTransform](https://streams.spec.whatwg.org/#transform-stream-default-controller-perform-transform)
pub(super) fn perform_transform(
    controller: &TransformController,
    chunk: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. Transform the chunk.
    let transformed = match controller.algorithms().transform {
        Some(algorithm) => algorithm.promise_with(vec![chunk.clone()], controller, cx)?,
        None => match transform_stream_default_controller_enqueue(controller, chunk, cx) {
            Ok(()) => resolved(cx)?,
            Err(error) => rejected_with_error(error, cx)?,
        },
    };
    // 2. A failure is an error of both sides.
    react(
        &transformed,
        controller.clone(),
        None,
        Some(|cx, controller, error| {
            transform_stream_error(&controller.stream(), error, cx)?;
            Err(JsError::from_opaque(error.clone()))
        }),
        cx,
    )
}
