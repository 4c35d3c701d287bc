//! The 2D rendering contexts
//! ([HTML, the 2D rendering context](https://html.spec.whatwg.org/multipage/canvas.html#2dcontext)):
//! rectangles, images and pixels.
//!
//! NOT YET: the settings that `getContext()` is given are not read, so that every bitmap has an
//! alpha channel and is in sRGB.

use std::sync::Arc;

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};

use super::bitmap::{Bitmap, Rect};
use super::color::{self, Rgba};
use super::image_data::{self, ImageDataData};
use super::image_settings::Settings;
use super::source;
use crate::script::realm;
use crate::webidl::convert::{Range, argument, dom_string, js_str, to_int};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, members::Operation};

/// What a context holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Context2dData {
    /// The canvas element or `OffscreenCanvas` that it belongs to.
    canvas: JsObject,
    /// Shared with what was made from it, until one of them is painted on.
    #[unsafe_ignore_trace]
    bitmap: Arc<Bitmap>,
    #[unsafe_ignore_trace]
    state: DrawingState,
    #[unsafe_ignore_trace]
    stack: Vec<DrawingState>,
}

/// A [drawing state](https://html.spec.whatwg.org/multipage/canvas.html#drawing-state).
#[derive(Clone, Debug)]
struct DrawingState {
    fill_style: Rgba,
    global_alpha: f64,
}

impl Default for DrawingState {
    fn default() -> Self {
        Self {
            fill_style: [0, 0, 0, 255],
            global_alpha: 1.0,
        }
    }
}

/// How deep drawing states are stacked.
///
/// IMPLEMENTATION-DEFINED: what is saved beyond is lost.
const MAX_STATES: usize = 1 << 16;

/// The `CanvasRenderingContext2D` interface.
pub(crate) static CANVAS_RENDERING_CONTEXT_2D: Interface = Interface {
    members: &[MEMBERS],
    ..Interface::new("CanvasRenderingContext2D")
};

/// The `OffscreenCanvasRenderingContext2D` interface.
pub(crate) static OFFSCREEN_CANVAS_RENDERING_CONTEXT_2D: Interface = Interface {
    members: &[MEMBERS],
    ..Interface::new("OffscreenCanvasRenderingContext2D")
};

const MEMBERS: &[Member] = &[
    Member::Attribute(
        "canvas",
        |this, _| with(this, |data| data.canvas.clone().into()),
        None,
    ),
    Member::Operation("save", 0, |this, _, _| {
        with_mut(this, |data| {
            if data.stack.len() < MAX_STATES {
                data.stack.push(data.state.clone());
            }
        })
    }),
    Member::Operation("restore", 0, |this, _, _| {
        with_mut(this, |data| {
            if let Some(state) = data.stack.pop() {
                data.state = state;
            }
        })
    }),
    Member::Operation("reset", 0, |this, _, _| {
        let (width, height) = with(this, |data| (data.bitmap.width(), data.bitmap.height()))?;
        reset(this, width, height);
        Ok(JsValue::undefined())
    }),
    Member::Attribute(
        "globalAlpha",
        |this, _| with(this, |data| data.state.global_alpha.into()),
        Some(|this, value, ctx| {
            let alpha = value.to_number(ctx)?;
            if (0.0..=1.0).contains(&alpha) {
                with_mut(this, |data| data.state.global_alpha = alpha)?;
            }
            Ok(())
        }),
    ),
    Member::Attribute(
        "fillStyle",
        |this, _| with(this, |data| js_str(color::serialize(data.state.fill_style))),
        Some(|this, value, ctx| {
            if let Some(parsed) = color::parse(&dom_string(value, ctx)?) {
                with_mut(this, |data| data.state.fill_style = parsed)?;
            }
            Ok(())
        }),
    ),
    Member::Operation("clearRect", 4, CLEAR_RECT),
    Member::Operation("fillRect", 4, FILL_RECT),
    Member::Operation("drawImage", 3, draw_image),
    Member::Operation("createImageData", 1, create_image_data),
    Member::Operation("getImageData", 4, get_image_data),
    Member::Operation("putImageData", 3, put_image_data),
];

/// Makes the context of a canvas.
pub(super) fn create(
    canvas: &JsObject,
    offscreen: bool,
    (width, height): (u32, u32),
    ctx: &mut Context,
) -> JsObject {
    let window = platform::relevant_window(canvas);
    let realm = match window {
        Some(window) => realm::realm_of(ctx, window),
        None => ctx.realm().clone(),
    };
    let data = Context2dData {
        canvas: canvas.clone(),
        bitmap: Arc::new(Bitmap::new(width, height)),
        state: DrawingState::default(),
        stack: Vec::new(),
    };
    let interface = if offscreen {
        &OFFSCREEN_CANVAS_RENDERING_CONTEXT_2D
    } else {
        &CANVAS_RENDERING_CONTEXT_2D
    };
    webidl::create_object(&realm, interface, data, ctx)
}

fn with<R>(this: &JsObject, read: impl FnOnce(&Context2dData) -> R) -> JsResult<R> {
    platform::with(this, |data: &Context2dData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

fn with_mut(this: &JsObject, write: impl FnOnce(&mut Context2dData)) -> JsResult<JsValue> {
    platform::with_mut(this, |data: &mut Context2dData| {
        write(data);
        Some(JsValue::undefined())
    })
    .ok_or_else(platform::illegal_invocation)
}

/// What the context shows now.
pub(super) fn bitmap(context: &JsObject) -> Option<Arc<Bitmap>> {
    with(context, |data| data.bitmap.clone()).ok()
}

/// Takes what the context shows and leaves transparent black.
pub(super) fn take_bitmap(context: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with_mut(context, |data: &mut Context2dData| {
        let blank = Arc::new(Bitmap::new(data.bitmap.width(), data.bitmap.height()));
        Some(std::mem::replace(&mut data.bitmap, blank))
    })
}

/// [Reset the rendering context to its default state](https://html.spec.whatwg.org/multipage/canvas.html#reset-the-rendering-context-to-its-default-state),
/// with a bitmap of this size.
pub(super) fn reset(context: &JsObject, width: u32, height: u32) {
    platform::with_mut(context, |data: &mut Context2dData| {
        data.bitmap = Arc::new(Bitmap::new(width, height));
        data.state = DrawingState::default();
        data.stack.clear();
        Some(())
    });
}

/// The first arguments as `unrestricted double`s.
fn numbers<const N: usize>(
    args: &[JsValue],
    start: usize,
    ctx: &mut Context,
) -> JsResult<[f64; N]> {
    let mut numbers = [0.0; N];
    for (index, number) in numbers.iter_mut().enumerate() {
        *number = argument(args, start + index).to_number(ctx)?;
    }
    Ok(numbers)
}

/// [`clearRect()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-clearrect)
const CLEAR_RECT: Operation = |this, args, ctx| {
    let [x, y, width, height] = numbers(args, 0, ctx)?;
    with_mut(this, |data| {
        if let Some(area) = Rect::new(x, y, width, height) {
            Arc::make_mut(&mut data.bitmap).clear_rect(&area);
        }
    })
};

/// [`fillRect()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-fillrect)
const FILL_RECT: Operation = |this, args, ctx| {
    let [x, y, width, height] = numbers(args, 0, ctx)?;
    with_mut(this, |data| {
        if let Some(area) = Rect::new(x, y, width, height) {
            let (color, alpha) = (data.state.fill_style, data.state.global_alpha);
            Arc::make_mut(&mut data.bitmap).fill_rect(&area, color, alpha);
        }
    })
};

/// [`drawImage()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-drawimage)
fn draw_image(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let source = source::argument(&argument(args, 0))?;
    let mut given = [None::<[f64; 4]>; 2];
    let [x, y] = match args.len() {
        3 => numbers(args, 1, ctx)?,
        5 => {
            let [x, y, width, height] = numbers(args, 1, ctx)?;
            given[1] = Some([x, y, width, height]);
            [x, y]
        }
        9.. => {
            given = [Some(numbers(args, 1, ctx)?), Some(numbers(args, 5, ctx)?)];
            [0.0; 2]
        }
        count => {
            return Err(JsNativeError::typ()
                .with_message(format!("drawImage takes 3, 5 or 9 arguments, not {count}"))
                .into());
        }
    };
    let Some(image) = source::check_usability(source, ctx)? else {
        return Ok(JsValue::undefined());
    };
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let rect = |[x, y, width, height]: [f64; 4]| Rect::new(x, y, width, height);
    let from = rect(given[0].unwrap_or([0.0, 0.0, width, height]));
    let to = rect(given[1].unwrap_or([x, y, width, height]));
    with_mut(this, |data| {
        if let (Some(from), Some(to)) = (from, to) {
            let alpha = data.state.global_alpha;
            Arc::make_mut(&mut data.bitmap).draw(&image, &from, &to, alpha);
        }
    })
}

/// A `long` with `[EnforceRange]`.
fn enforced_long(value: &JsValue, ctx: &mut Context) -> JsResult<i64> {
    let number = to_int(value, 32, true, Range::Enforce, ctx)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it is integral and in range"
    )]
    Ok(number as i64)
}

fn magnitude(number: i64) -> u32 {
    u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX)
}

fn create_object(data: ImageDataData, ctx: &mut Context) -> JsValue {
    let realm = ctx.realm().clone();
    image_data::create(data, &realm, ctx).into()
}

/// [`createImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-createimagedata)
fn create_image_data(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    if let [only] = args {
        let like = only
            .as_object()
            .as_ref()
            .and_then(image_data::as_image_data);
        let Some(like) = like else {
            return Err(JsNativeError::typ()
                .with_message("parameter 1 is not of type 'ImageData'.")
                .into());
        };
        let blank = ImageDataData::blank(like.width, like.height, like.settings, ctx)?;
        return Ok(create_object(blank, ctx));
    }
    let width = magnitude(enforced_long(&argument(args, 0), ctx)?);
    let height = magnitude(enforced_long(&argument(args, 1), ctx)?);
    let settings = Settings::new(&argument(args, 2), ctx)?;
    let blank = ImageDataData::blank(width, height, settings, ctx)?;
    Ok(create_object(blank, ctx))
}

/// [`getImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-getimagedata)
fn get_image_data(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let mut given = [0; 4];
    for (index, number) in given.iter_mut().enumerate() {
        *number = enforced_long(&argument(args, index), ctx)?;
    }
    let [x, y, width, height] = given;
    let settings = Settings::new(&argument(args, 4), ctx)?;
    if width == 0 || height == 0 {
        let message = "The width or height of the rectangle is zero.";
        return Err(exception::throw("IndexSizeError", message, ctx));
    }
    let bitmap = with(this, |data| data.bitmap.clone())?;
    let (x, y) = (x + width.min(0), y + height.min(0));
    let (width, height) = (magnitude(width), magnitude(height));
    let pixels = bitmap
        .read(x, y, width, height)
        .ok_or_else(|| image_data::too_large(width, height))?;
    let data = ImageDataData::of_pixels(width, height, settings, &pixels, ctx)?;
    Ok(create_object(data, ctx))
}

/// [`putImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-putimagedata)
fn put_image_data(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let image = argument(args, 0).as_object();
    let Some(image) = image.as_ref().and_then(image_data::as_image_data) else {
        return Err(JsNativeError::typ()
            .with_message("parameter 1 is not of type 'ImageData'.")
            .into());
    };
    let x = enforced_long(&argument(args, 1), ctx)?;
    let y = enforced_long(&argument(args, 2), ctx)?;
    let mut dirty = [0, 0, i64::from(image.width), i64::from(image.height)];
    if args.len() > 3 {
        for (index, number) in dirty.iter_mut().enumerate() {
            *number = enforced_long(&argument(args, 3 + index), ctx)?;
        }
    }
    let pixels = image.pixels(ctx)?;
    if pixels.is_empty() {
        let message = "The image data's buffer is detached.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    let Some(dirty) = dirty_rectangle(dirty, image.width, image.height) else {
        return Ok(JsValue::undefined());
    };
    with_mut(this, |data| {
        Arc::make_mut(&mut data.bitmap).write(&pixels, image.width, (x, y), dirty);
    })
}

/// [Put pixels from an ImageData onto a bitmap](https://html.spec.whatwg.org/multipage/canvas.html#dom-context2d-putimagedata-common),
/// steps 3 to 6: the part of the image that is meant, if there is one.
fn dirty_rectangle(
    [x, y, width, height]: [i64; 4],
    of_width: u32,
    of_height: u32,
) -> Option<(u32, u32, u32, u32)> {
    let span = |start: i64, length: i64, limit: u32| {
        let from = start.min(start + length).max(0);
        let to = start.max(start + length).min(limit.into());
        let length = u32::try_from(to - from).ok().filter(|length| *length > 0)?;
        Some((u32::try_from(from).ok()?, length))
    };
    let (left, width) = span(x, width, of_width)?;
    let (top, height) = span(y, height, of_height)?;
    Some((left, top, width, height))
}

#[cfg(test)]
mod tests {
    use super::dirty_rectangle;

    #[test]
    fn the_dirty_rectangle_is_cut_to_the_image() {
        assert_eq!(dirty_rectangle([0, 0, 4, 3], 4, 3), Some((0, 0, 4, 3)));
        assert_eq!(dirty_rectangle([3, 2, -2, -9], 4, 3), Some((1, 0, 2, 2)));
        assert_eq!(dirty_rectangle([-1, -1, 3, 3], 4, 3), Some((0, 0, 2, 2)));
        assert_eq!(dirty_rectangle([4, 0, 1, 1], 4, 3), None);
        assert_eq!(dirty_rectangle([0, 0, 0, 1], 4, 3), None);
    }
}
