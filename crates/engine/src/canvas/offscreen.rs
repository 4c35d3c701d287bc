//! `OffscreenCanvas` ([HTML, the OffscreenCanvas interface](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface)).

use std::sync::Arc;

use boa_engine::{Context, JsObject, JsResult};

use super::bitmap::Bitmap;
use super::clone::OFFSCREEN_CANVAS_TRANSFER;
use super::element::CONTEXT;
use super::{context_2d, image_bitmap, source};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::platform;
use crate::webidl::receiver::{Receiver as _, receivers};
use crate::webidl::{exception, interface};

/// The data of an `OffscreenCanvas` besides its context.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct OffscreenData {
    #[unsafe_ignore_trace]
    pub(super) width: u64,
    #[unsafe_ignore_trace]
    pub(super) height: u64,
    #[unsafe_ignore_trace]
    pub(super) detached: bool,
}

receivers!(OffscreenData);

interface! {
    /// The `OffscreenCanvas` interface.
    [Exposed=(Window,Worker), Transferable=OFFSCREEN_CANVAS_TRANSFER]
    interface OffscreenCanvas(OffscreenData) : EventTarget {
        constructor([EnforceRange] unsigned long long width, [EnforceRange] unsigned long long height) =
            |width, height| OffscreenData { width, height, detached: false };
        [EnforceRange] attribute unsigned long long width = .width,
            |this, width, _| resize(this, |data| data.width = width);
        [EnforceRange] attribute unsigned long long height = .height,
            |this, height, _| resize(this, |data| data.height = height);
        OffscreenCanvasRenderingContext2D? getContext(OffscreenRenderingContextId contextId, optional any options = null) =
            |this, id, _options, cx| get_context(this, id, cx);
        ImageBitmap transferToImageBitmap();
    }

    enum OffscreenRenderingContextId { "2d" = TwoD, "bitmaprenderer", "webgl", "webgl2", "webgpu" };
}

/// The data of an object that is an `OffscreenCanvas`.
pub(super) fn as_offscreen(object: &JsObject) -> Option<OffscreenData> {
    platform::with(object, |data: &OffscreenData| Some(data.clone()))
}

/// The size of the bitmap: a size beyond a `u32` is too large for pixels in any case.
fn sizes(data: &OffscreenData) -> (u32, u32) {
    let saturated = |size| u32::try_from(size).unwrap_or(u32::MAX);
    (saturated(data.width), saturated(data.height))
}

/// Sets [`width`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-width) or
/// [`height`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-height): the context is reset, with
/// a bitmap of the new size.
pub(super) fn resize(this: &JsObject, write: impl FnOnce(&mut OffscreenData)) -> JsResult<()> {
    let changed = platform::write(this, |data: &mut OffscreenData| {
        write(data);
        data.clone()
    })?;
    if let Some(context) = platform::held_companion(this, CONTEXT) {
        let (width, height) = sizes(&changed);
        context_2d::reset(&context, width, height);
    }
    Ok(())
}

/// [`getContext()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-getcontext)
fn get_context(
    canvas: &JsObject,
    id: OffscreenRenderingContextId,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    if id != OffscreenRenderingContextId::TwoD {
        return Ok(None);
    }
    let data = OffscreenData::of(canvas)?;
    if data.detached {
        return Err(source::detached(cx));
    }
    let create = |cx: &mut Context| Ok(context_2d::create(canvas, true, sizes(&data), cx));
    platform::companion(canvas, CONTEXT, cx, create).map(Some)
}

/// [`transferToImageBitmap()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-transfertoimagebitmap)
fn transfer_to_image_bitmap(canvas: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    // 1. The canvas is not detached.
    if OffscreenData::of(canvas)?.detached {
        return Err(source::detached(cx));
    }
    // 2. to 4. Take the bitmap of the context and leave a blank one.
    let context = platform::held_companion(canvas, CONTEXT);
    let Some(bitmap) = context.and_then(|context| context_2d::take_bitmap(&context)) else {
        let message = "The canvas has no context.";
        return Err(exception::throw("InvalidStateError", message, cx));
    };
    let realm = cx.realm().clone();
    Ok(image_bitmap::create(bitmap, &realm, cx))
}

/// The bitmap of the canvas.
pub(super) fn bitmap(canvas: &JsObject, data: &OffscreenData) -> Arc<Bitmap> {
    platform::held_companion(canvas, CONTEXT)
        .and_then(|context| context_2d::bitmap(&context))
        .unwrap_or_else(|| {
            let (width, height) = sizes(data);
            Arc::new(Bitmap::new(width, height))
        })
}
