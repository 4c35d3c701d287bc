//! `OffscreenCanvas` ([HTML, the OffscreenCanvas interface](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};

use super::bitmap::Bitmap;
use super::element::CONTEXT;
use super::{context_2d, image_bitmap, source};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::convert::{Range, argument, dom_string, to_int};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// What an `OffscreenCanvas` holds besides its context.
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

/// The `OffscreenCanvas` interface.
pub(crate) static OFFSCREEN_CANVAS: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    constructor: Some((2, construct)),
    members: &[&[
        Member::Attribute(
            "width",
            |this, _| Ok(data(this)?.width.into()),
            Some(|this, value, ctx| {
                let width = dimension(value, ctx)?;
                resize(this, |data| data.width = width)
            }),
        ),
        Member::Attribute(
            "height",
            |this, _| Ok(data(this)?.height.into()),
            Some(|this, value, ctx| {
                let height = dimension(value, ctx)?;
                resize(this, |data| data.height = height)
            }),
        ),
        Member::Operation("getContext", 1, get_context),
        Member::Operation("transferToImageBitmap", 0, transfer_to_image_bitmap),
    ]],
    ..Interface::new("OffscreenCanvas")
};

/// The `OffscreenCanvas` that an object is, if it is one.
pub(super) fn as_offscreen(object: &JsObject) -> Option<OffscreenData> {
    platform::with(object, |data: &OffscreenData| Some(data.clone()))
}

fn data(this: &JsObject) -> JsResult<OffscreenData> {
    as_offscreen(this).ok_or_else(platform::illegal_invocation)
}

/// An `unsigned long long` with `[EnforceRange]`.
fn dimension(value: &JsValue, ctx: &mut Context) -> JsResult<u64> {
    let number = to_int(value, 64, false, Range::Enforce, ctx)?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is integral and in range"
    )]
    Ok(number as u64)
}

/// The size of the bitmap: one beyond a `u32` is too large to have pixels in any case.
fn sizes(data: &OffscreenData) -> (u32, u32) {
    let saturated = |size| u32::try_from(size).unwrap_or(u32::MAX);
    (saturated(data.width), saturated(data.height))
}

fn resize(this: &JsObject, write: impl FnOnce(&mut OffscreenData)) -> JsResult<()> {
    let changed = platform::with_mut(this, |data: &mut OffscreenData| {
        write(data);
        Some(data.clone())
    });
    let changed = changed.ok_or_else(platform::illegal_invocation)?;
    if let Some(context) = platform::held_companion(this, CONTEXT) {
        let (width, height) = sizes(&changed);
        context_2d::reset(&context, width, height);
    }
    Ok(())
}

/// [The constructor](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let data = OffscreenData {
        width: dimension(&argument(args, 0), ctx)?,
        height: dimension(&argument(args, 1), ctx)?,
        detached: false,
    };
    target.create(data, ctx)
}

/// [`getContext()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-getcontext)
fn get_context(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    const OTHERS: &[&str] = &["bitmaprenderer", "webgl", "webgl2", "webgpu"];
    let id = dom_string(&argument(args, 0), ctx)?;
    if OTHERS.contains(&id.as_str()) {
        return Ok(JsValue::null());
    }
    if id != "2d" {
        return Err(JsNativeError::typ()
            .with_message(format!(
                "The provided value '{id}' is not a valid enum value of type OffscreenRenderingContextId."
            ))
            .into());
    }
    let data = data(this)?;
    if data.detached {
        return Err(source::detached(ctx));
    }
    let context = platform::companion(this, CONTEXT, ctx, |ctx| {
        Ok(context_2d::create(this, true, sizes(&data), ctx))
    })?;
    Ok(context.into())
}

/// [`transferToImageBitmap()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-transfertoimagebitmap)
fn transfer_to_image_bitmap(
    this: &JsObject,
    _: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    if data(this)?.detached {
        return Err(source::detached(ctx));
    }
    let context = platform::held_companion(this, CONTEXT);
    let Some(bitmap) = context.and_then(|context| context_2d::take_bitmap(&context)) else {
        let message = "The canvas has no context.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    };
    let realm = ctx.realm().clone();
    Ok(image_bitmap::create(bitmap, &realm, ctx).into())
}

/// What the canvas shows.
pub(super) fn bitmap(canvas: &JsObject, data: &OffscreenData) -> Arc<Bitmap> {
    platform::held_companion(canvas, CONTEXT)
        .and_then(|context| context_2d::bitmap(&context))
        .unwrap_or_else(|| {
            let (width, height) = sizes(data);
            Arc::new(Bitmap::new(width, height))
        })
}

/// [Transfer steps](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface:transfer-steps):
/// a canvas that has a context cannot be transferred.
pub(super) fn transfer_steps(this: &JsObject, ctx: &mut Context) -> JsResult<(u64, u64)> {
    let OffscreenData { width, height, .. } = data(this)?;
    if platform::held_companion(this, CONTEXT).is_some() {
        let message = "An OffscreenCanvas that has a context could not be transferred.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    resize(this, |data| {
        *data = OffscreenData {
            width: 0,
            height: 0,
            detached: true,
        };
    })?;
    Ok((width, height))
}

/// [Transfer-receiving steps](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface:transfer-receiving-steps)
pub(super) fn transfer_receiving_steps(
    (width, height): (u64, u64),
    realm: &Realm,
    ctx: &mut Context,
) -> JsObject {
    let data = OffscreenData {
        width,
        height,
        detached: false,
    };
    webidl::create_object(realm, &OFFSCREEN_CANVAS, data, ctx)
}
