//! Transform streams of the engine
//! ([Streams, generic transform streams](https://streams.spec.whatwg.org/#generic-transform-stream)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};

use super::algorithm::Algorithm;
use super::promises::{promise_of, rejected_with_error};
use super::readable_stream::Readable;
use super::transform_controller::{
    TransformAlgorithms, TransformController, transform_stream_default_controller_enqueue,
};
use super::transform_stream::{Transform, create};
use super::writable_stream::Writable;
use crate::webidl::{buffer_source, interface, platform};

/// The transform stream of an object with the mixin, beside the object's own data.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct GenericTransform(pub(super) Transform);

/// Data that has a transform stream.
pub(super) trait HasTransform {
    /// The transform stream.
    fn transform(&self) -> &Transform;
}

impl HasTransform for GenericTransform {
    fn transform(&self) -> &Transform {
        &self.0
    }
}

interface! {
    /// The sides of the transform stream.
    interface mixin GenericTransformStream {
        readonly attribute ReadableStream readable = |object, _| readable(object);
        readonly attribute WritableStream writable = |object, _| writable(object);
    }
}

fn transform_of(object: &JsObject) -> JsResult<Transform> {
    let plain = platform::with(object, |data: &GenericTransform| Some(data.0.clone()));
    plain
        .or_else(|| {
            platform::with(object, |data: &super::text::DecoderStreamData| {
                Some(data.transform().clone())
            })
        })
        .ok_or_else(platform::illegal_invocation)
}

/// [readable](https://streams.spec.whatwg.org/#dom-generictransformstream-readable)
fn readable(object: &JsObject) -> JsResult<Readable> {
    Ok(transform_of(object)?.readable())
}

/// [writable](https://streams.spec.whatwg.org/#dom-generictransformstream-writable)
fn writable(object: &JsObject) -> JsResult<Writable> {
    Ok(transform_of(object)?.writable())
}

/// The steps of a transform: they enqueue chunks.
pub(super) type Chunk<C> = fn(&mut Context, &C, &TransformController, &JsValue) -> JsResult<()>;

/// The steps at the end: they enqueue what is left.
pub(super) type Flush<C> = fn(&mut Context, &C, &TransformController) -> JsResult<()>;

/// [Set up](https://streams.spec.whatwg.org/#transformstream-set-up) a transform stream with steps of the engine.
pub(super) fn set_up<C: Clone + Trace + 'static>(
    state: C,
    chunk: Chunk<C>,
    flush: Flush<C>,
    cx: &mut Context,
) -> JsResult<Transform> {
    type Controller = Gc<GcRefCell<Option<TransformController>>>;
    fn settled(result: JsResult<()>, cx: &mut Context) -> JsResult<JsValue> {
        let promise: JsPromise = match result {
            Ok(()) => promise_of(&JsValue::undefined(), cx)?,
            Err(error) => rejected_with_error(error, cx)?,
        };
        Ok(promise.into())
    }
    // The steps need the controller, which is created with them.
    let controller = Controller::new(GcRefCell::new(None));
    let captured = (state.clone(), controller.clone(), Steps(chunk));
    let transform = Algorithm::native(captured, |cx, (state, controller, steps), args| {
        let chunk = args.first().cloned().unwrap_or_default();
        let held = controller.borrow().clone();
        let result = held.map_or(Ok(()), |held| (steps.0)(cx, state, &held, &chunk));
        settled(result, cx)
    });
    let captured = (state, controller.clone(), AtEnd(flush));
    let flush = Algorithm::native(captured, |cx, (state, controller, steps), _| {
        let held = controller.borrow().clone();
        let result = held.map_or(Ok(()), |held| (steps.0)(cx, state, &held));
        settled(result, cx)
    });
    let algorithms = TransformAlgorithms {
        transform: Some(transform),
        flush,
        cancel: Algorithm::Nothing,
    };
    let stream = create(algorithms, cx)?;
    let made = stream.controller();
    *controller.borrow_mut() = made;
    // Both sides belong to the realm of the constructor.
    stream.readable().object(cx);
    stream.writable().object(cx);
    Ok(stream)
}

#[derive(Trace, Finalize)]
struct Steps<C: Trace + 'static>(#[unsafe_ignore_trace] Chunk<C>);

#[derive(Trace, Finalize)]
struct AtEnd<C: Trace + 'static>(#[unsafe_ignore_trace] Flush<C>);

/// Enqueues bytes as a `Uint8Array`, unless there are none.
pub(super) fn enqueue_bytes(
    controller: &TransformController,
    bytes: &[u8],
    cx: &mut Context,
) -> JsResult<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let chunk = JsObject::from(buffer_source::uint8_array(bytes, cx)?);
    transform_stream_default_controller_enqueue(controller, &chunk.into(), cx)
}
