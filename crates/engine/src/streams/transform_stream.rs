//! `TransformStream` ([Streams, the TransformStream class](https://streams.spec.whatwg.org/#ts-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::default_controller::{
    readable_stream_default_controller_close, readable_stream_default_controller_error,
};
use super::handle::{Handle, Interfaced};
use super::interfaces::{Given, TRANSFORM_STREAM, Transformer};
use super::promises::{Deferred, object_of, react, resolved, upon};
use super::readable_stream::{
    Controller, Readable, ReadableData, ReadableState, create_readable_stream,
};
use super::strategies::{QueuingStrategy, SizeAlgorithm};
use super::transform_controller::{
    self, TransformAlgorithms, TransformController, clear_algorithms, perform_transform,
};
use super::writable::error_if_needed;
use super::writable_stream::{Writable, WritableData, WritableState, create_writable_stream};
use crate::boa::errors::range_error;
use crate::webidl::{Interface, NewTarget};

/// A transform stream.
pub(crate) type Transform = Handle<TransformData>;

/// The state of a transform stream.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct TransformData {
    backpressure: bool,
    backpressure_change: Option<Deferred>,
    controller: Option<TransformController>,
    readable: Readable,
    writable: Writable,
    pub(crate) detached: bool,
}

impl Interfaced for TransformData {
    fn interface() -> &'static Interface {
        &TRANSFORM_STREAM
    }
}

impl Transform {
    /// The readable side.
    pub(crate) fn readable(&self) -> Readable {
        self.with(|data| data.readable.clone())
    }

    /// The writable side.
    pub(crate) fn writable(&self) -> Writable {
        self.with(|data| data.writable.clone())
    }

    /// Whether there is backpressure.
    pub(super) fn backpressure(&self) -> bool {
        self.with(|data| data.backpressure)
    }

    pub(super) fn set_controller(&self, controller: TransformController) {
        self.with(|data| data.controller = Some(controller));
    }

    /// The controller.
    pub(crate) fn controller(&self) -> Option<TransformController> {
        self.with(|data| data.controller.clone())
    }

    /// A transform stream of two streams that were transferred.
    pub(crate) fn of(readable: Readable, writable: Writable) -> Self {
        Self::new(TransformData {
            backpressure: false,
            backpressure_change: None,
            controller: None,
            readable,
            writable,
            detached: false,
        })
    }
}

/// [The constructor](https://streams.spec.whatwg.org/#ts-constructor)
pub(super) fn construct(
    target: &NewTarget,
    transformer: Option<&JsObject>,
    writable_strategy: &QueuingStrategy,
    readable_strategy: &QueuingStrategy,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Convert the transformer.
    let Given {
        dictionary: transformer,
        this,
    } = Given::<Transformer>::new(transformer, cx)?;
    // 3. and 4. There are no types yet.
    if transformer.readable_type.is_some() || transformer.writable_type.is_some() {
        return Err(range_error("A transformer has no types."));
    }
    // 5. to 8. Take the strategies.
    let readable_mark = readable_strategy.extract_high_water_mark(0.0)?;
    let readable_size = readable_strategy.extract_size_algorithm(cx);
    let writable_mark = writable_strategy.extract_high_water_mark(1.0)?;
    let writable_size = writable_strategy.extract_size_algorithm(cx);
    // 9. The streams start with a promise.
    let started = Deferred::new(cx);
    // 10. Initialize the stream.
    let writable = (writable_mark, writable_size);
    let stream = initialize(&started, writable, (readable_mark, readable_size), cx)?;
    let object = stream.construct(target, cx)?;
    // 11. Set up the controller.
    let algorithms = TransformAlgorithms {
        transform: transformer
            .transform
            .map(|given| Algorithm::of(Some(given), &this, cx)),
        flush: Algorithm::of(transformer.flush, &this, cx),
        cancel: Algorithm::of(transformer.cancel, &this, cx),
    };
    let controller = transform_controller::set_up(&stream, algorithms);
    // 12. and 13. Start the transformer.
    let start = Algorithm::of(transformer.start, &this, cx);
    let result = start.call_with(Vec::new(), &controller, cx)?;
    started.resolve(&result, cx)?;
    Ok(object)
}

/// [Set up](https://streams.spec.whatwg.org/#transformstream-set-up) a transform stream of the engine.
pub(crate) fn create(algorithms: TransformAlgorithms, cx: &mut Context) -> JsResult<Transform> {
    // 1. to 6. The marks are 1 and 0, and all chunks have the size 1.
    let started = Deferred::resolved(cx)?;
    let writable = (1.0, SizeAlgorithm::default());
    let readable = (0.0, SizeAlgorithm::default());
    // 7. and 8. Initialize the stream.
    let stream = initialize(&started, writable, readable, cx)?;
    // 9. and 10. Set up the controller.
    transform_controller::set_up(&stream, algorithms);
    Ok(stream)
}

/// [InitializeTransformStream](https://streams.spec.whatwg.org/#initialize-transform-stream)
fn initialize(
    started: &Deferred,
    (writable_mark, writable_size): (f64, SizeAlgorithm),
    (readable_mark, readable_size): (f64, SizeAlgorithm),
    cx: &mut Context,
) -> JsResult<Transform> {
    // The streams refer to the transform stream, so it comes first.
    let stream = Transform::of(
        Readable::new(ReadableData::default()),
        Writable::new(WritableData::default()),
    );
    // 9. to 11. There is backpressure, and no controller yet.
    set_backpressure(&stream, true, cx)?;
    // 1. Both start with the promise.
    let start = Algorithm::native(started.clone(), |_, started, _| {
        Ok(object_of(&started.promise).into())
    });
    // 2. to 5. Create the writable side.
    let writable = create_writable_stream(
        &start,
        Algorithm::native(stream.clone(), |cx, stream, args| {
            let chunk = args.first().cloned().unwrap_or_default();
            sink_write(stream, &chunk, cx).map(JsValue::from)
        }),
        Algorithm::native(stream.clone(), |cx, stream, _| {
            sink_close(stream, cx).map(JsValue::from)
        }),
        Algorithm::native(stream.clone(), |cx, stream, args| {
            let reason = args.first().cloned().unwrap_or_default();
            sink_abort(stream, &reason, cx).map(JsValue::from)
        }),
        writable_mark,
        writable_size,
        cx,
    )?;
    stream.with(|data| data.writable = writable);
    // 6. to 8. Create the readable side.
    let readable = create_readable_stream(
        &start,
        Algorithm::native(stream.clone(), |cx, stream, _| {
            source_pull(stream, cx).map(JsValue::from)
        }),
        Algorithm::native(stream.clone(), |cx, stream, args| {
            let reason = args.first().cloned().unwrap_or_default();
            source_cancel(stream, &reason, cx).map(JsValue::from)
        }),
        readable_mark,
        readable_size,
        cx,
    )?;
    stream.with(|data| data.readable = readable);
    Ok(stream)
}

/// Errors the readable side.
fn error_readable(stream: &Transform, error: &JsValue, cx: &mut Context) -> JsResult<()> {
    match stream.readable().controller() {
        Some(Controller::Default(controller)) => {
            readable_stream_default_controller_error(&controller, error, cx)
        }
        _ => Ok(()),
    }
}

/// [TransformStreamError](https://streams.spec.whatwg.org/#transform-stream-error)
pub(super) fn transform_stream_error(
    stream: &Transform,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Both sides fail.
    error_readable(stream, error, cx)?;
    error_writable_and_unblock_write(stream, error, cx)
}

/// [TransformStreamErrorWritableAndUnblockWrite](https://streams.spec.whatwg.org/#transform-stream-error-writable-and-unblock-write)
pub(super) fn error_writable_and_unblock_write(
    stream: &Transform,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Clear the algorithms.
    if let Some(controller) = stream.controller() {
        clear_algorithms(&controller);
    }
    // 2. Error the writable side.
    error_if_needed(&stream.writable(), error, cx)?;
    // 3. A write that waits fails.
    unblock_write(stream, cx)
}

/// [TransformStreamSetBackpressure](https://streams.spec.whatwg.org/#transform-stream-set-backpressure)
pub(super) fn set_backpressure(
    stream: &Transform,
    backpressure: bool,
    cx: &mut Context,
) -> JsResult<()> {
    // 2. Those that wait for a change continue.
    if let Some(change) = stream.with(|data| data.backpressure_change.take()) {
        change.resolve(&JsValue::undefined(), cx)?;
    }
    // 3. and 4. Store it.
    let change = Deferred::new(cx);
    stream.with(|data| {
        data.backpressure_change = Some(change);
        data.backpressure = backpressure;
    });
    Ok(())
}

/// [TransformStreamUnblockWrite](https://streams.spec.whatwg.org/#transformstreamunblockwrite)
fn unblock_write(stream: &Transform, cx: &mut Context) -> JsResult<()> {
    // 1. A write waits for room.
    match stream.backpressure() {
        true => set_backpressure(stream, false, cx),
        false => Ok(()),
    }
}

/// The promise for the next change of backpressure.
fn backpressure_change(stream: &Transform, cx: &mut Context) -> JsResult<JsPromise> {
    match stream.with(|data| data.backpressure_change.clone()) {
        Some(change) => Ok(change.promise),
        None => resolved(cx),
    }
}

/// [TransformStreamDefaultSinkWriteAlgorithm](https://streams.spec.whatwg.org/#transform-stream-default-sink-write-algorithm)
fn sink_write(stream: &Transform, chunk: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. and 2. Take the controller.
    let Some(controller) = stream.controller() else {
        return resolved(cx);
    };
    // 4. With room, transform the chunk now.
    if !stream.backpressure() {
        return perform_transform(&controller, chunk, cx);
    }
    // 3. Wait for room. The stream may fail meanwhile.
    let change = backpressure_change(stream, cx)?;
    react(
        &change,
        (stream.clone(), chunk.clone(), controller),
        Some(|cx, (stream, chunk, controller), _| {
            let writable = stream.writable();
            if writable.state() == WritableState::Erroring {
                return Err(boa_engine::JsError::from_opaque(writable.stored_error()));
            }
            Ok(object_of(&perform_transform(controller, chunk, cx)?).into())
        }),
        None,
        cx,
    )
}

/// Begins to finish, unless that was done. Steps 1 to 4 of the algorithms that end a transform stream.
fn begin_to_finish(
    stream: &Transform,
    cx: &mut Context,
) -> JsResult<Result<(TransformController, Deferred), JsPromise>> {
    let Some(controller) = stream.controller() else {
        return Ok(Err(resolved(cx)?));
    };
    if let Some(finish) = controller.finish() {
        return Ok(Err(finish.promise));
    }
    let finish = Deferred::new(cx);
    controller.set_finish(finish.clone());
    Ok(Ok((controller, finish)))
}

/// [TransformStreamDefaultSinkAbortAlgorithm](https://streams.spec.whatwg.org/#transform-stream-default-sink-abort-algorithm)
fn sink_abort(stream: &Transform, reason: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 4. A stream finishes once.
    let (controller, finish) = match begin_to_finish(stream, cx)? {
        Ok(begun) => begun,
        Err(promise) => return Ok(promise),
    };
    // 5. and 6. Cancel the transformer.
    let algorithm = controller.algorithms().cancel;
    let canceled = algorithm.promise(std::slice::from_ref(reason), cx)?;
    clear_algorithms(&controller);
    // 7. Then the readable side fails.
    let promise = finish.promise.clone();
    upon(
        &canceled,
        (stream.clone(), finish, reason.clone()),
        |cx, (stream, finish, reason), _| {
            if let ReadableState::Errored(error) = stream.readable().state() {
                return finish.reject(&error, cx);
            }
            error_readable(stream, reason, cx)?;
            finish.resolve(&JsValue::undefined(), cx)
        },
        |cx, (stream, finish, _), error| {
            error_readable(stream, error, cx)?;
            finish.reject(error, cx)
        },
        cx,
    )?;
    // 8. Return the promise.
    Ok(promise)
}

/// [TransformStreamDefaultSinkCloseAlgorithm](https://streams.spec.whatwg.org/#transform-stream-default-sink-close-algorithm)
fn sink_close(stream: &Transform, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 4. A stream finishes once.
    let (controller, finish) = match begin_to_finish(stream, cx)? {
        Ok(begun) => begun,
        Err(promise) => return Ok(promise),
    };
    // 5. and 6. Flush the transformer.
    let algorithm = controller.algorithms().flush;
    let flushed = algorithm.promise_with(Vec::new(), &controller, cx)?;
    clear_algorithms(&controller);
    // 7. Then the readable side is closed.
    let promise = finish.promise.clone();
    upon(
        &flushed,
        (stream.clone(), finish),
        |cx, (stream, finish), _| {
            let readable = stream.readable();
            if let ReadableState::Errored(error) = readable.state() {
                return finish.reject(&error, cx);
            }
            if let Some(Controller::Default(controller)) = readable.controller() {
                readable_stream_default_controller_close(&controller, cx)?;
            }
            finish.resolve(&JsValue::undefined(), cx)
        },
        |cx, (stream, finish), error| {
            error_readable(stream, error, cx)?;
            finish.reject(error, cx)
        },
        cx,
    )?;
    // 8. Return the promise.
    Ok(promise)
}

/// [TransformStreamDefaultSourceCancelAlgorithm](https://streams.spec.whatwg.org/#transform-stream-default-source-cancel)
fn source_cancel(stream: &Transform, reason: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 4. A stream finishes once.
    let (controller, finish) = match begin_to_finish(stream, cx)? {
        Ok(begun) => begun,
        Err(promise) => return Ok(promise),
    };
    // 5. and 6. Cancel the transformer.
    let algorithm = controller.algorithms().cancel;
    let canceled = algorithm.promise(std::slice::from_ref(reason), cx)?;
    clear_algorithms(&controller);
    // 7. Then the writable side fails.
    let promise = finish.promise.clone();
    upon(
        &canceled,
        (stream.clone(), finish, reason.clone()),
        |cx, (stream, finish, reason), _| {
            let writable = stream.writable();
            if writable.state() == WritableState::Errored {
                return finish.reject(&writable.stored_error(), cx);
            }
            error_if_needed(&writable, reason, cx)?;
            unblock_write(stream, cx)?;
            finish.resolve(&JsValue::undefined(), cx)
        },
        |cx, (stream, finish, _), error| {
            error_if_needed(&stream.writable(), error, cx)?;
            unblock_write(stream, cx)?;
            finish.reject(error, cx)
        },
        cx,
    )?;
    // 8. Return the promise.
    Ok(promise)
}

/// [TransformStreamDefaultSourcePullAlgorithm](https://streams.spec.whatwg.org/#transform-stream-default-source-pull)
fn source_pull(stream: &Transform, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. to 3. There is room.
    set_backpressure(stream, false, cx)?;
    // 4. The source waits until there is none.
    backpressure_change(stream, cx)
}
