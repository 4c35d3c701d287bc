//! The 2D rendering contexts
//! ([HTML, the 2D rendering context](https://html.spec.whatwg.org/multipage/canvas.html#2dcontext)):
//! rectangles, images and pixels.
//!
//! NOT YET: the settings that `getContext()` is given are not read, so that every bitmap has an
//! alpha channel and is in sRGB.

use std::sync::Arc;

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::bitmap::{Bitmap, Rect};
use super::color::{self, Rgba};
use super::image_data::{self, IMAGE_DATA, ImageData, ImageDataData, ImageDataSettings};
use super::source::{self, CanvasImageSource};
use crate::script::realm;
use crate::webidl::{self, create_here, exception, interface, platform};

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

interface! {
    /// The `CanvasRenderingContext2D` interface.
    [Exposed=Window]
    interface CanvasRenderingContext2D(Context2dData) {
        readonly attribute HTMLCanvasElement canvas = .canvas;
    }

    CanvasRenderingContext2D includes CanvasDrawing;

    /// The `OffscreenCanvasRenderingContext2D` interface.
    [Exposed=(Window,Worker)]
    interface OffscreenCanvasRenderingContext2D(Context2dData) {
        readonly attribute OffscreenCanvas canvas = .canvas;
    }

    OffscreenCanvasRenderingContext2D includes CanvasDrawing;

    /// The mixins of the standard that both contexts include.
    interface mixin CanvasDrawing(Context2dData) {
        // CanvasState
        undefined save();
        undefined restore() = |context| if let Some(state) = context.stack.pop() { context.state = state; };
        undefined reset() = |context| context.reset(context.bitmap.width(), context.bitmap.height());
        // CanvasCompositing
        attribute unrestricted double globalAlpha = |context| context.state.global_alpha,
            |context, alpha| if (0.0..=1.0).contains(&alpha) { context.state.global_alpha = alpha; };
        // CanvasFillStrokeStyles
        attribute DOMString fillStyle = |context| color::serialize(context.state.fill_style),
            |context, style| if let Some(color) = color::parse(&style) { context.state.fill_style = color; };
        // CanvasRect
        undefined clearRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h) =
            |context, x, y, w, h| if let Some(area) = Rect::new(x, y, w, h) { context.bitmap().clear_rect(&area); };
        undefined fillRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h) =
            |context, x, y, w, h| if let Some(area) = Rect::new(x, y, w, h) {
                let (color, alpha) = (context.state.fill_style, context.state.global_alpha);
                context.bitmap().fill_rect(&area, color, alpha);
            };
        // CanvasDrawImage
        undefined drawImage(CanvasImageSource image, unrestricted double dx, unrestricted double dy) =
            |this, image, dx, dy, cx| draw_image(this, image, None, [dx, dy], None, cx);
        undefined drawImage(CanvasImageSource image, unrestricted double dx, unrestricted double dy, unrestricted double dw, unrestricted double dh) =
            |this, image, dx, dy, dw, dh, cx| draw_image(this, image, None, [dx, dy], Some([dw, dh]), cx);
        undefined drawImage(CanvasImageSource image, unrestricted double sx, unrestricted double sy, unrestricted double sw, unrestricted double sh, unrestricted double dx, unrestricted double dy, unrestricted double dw, unrestricted double dh) =
            |this, image, sx, sy, sw, sh, dx, dy, dw, dh, cx| draw_image(this, image, Some([sx, sy, sw, sh]), [dx, dy], Some([dw, dh]), cx);
        // CanvasImageData
        ImageData createImageData([EnforceRange] long sw, [EnforceRange] long sh, optional ImageDataSettings settings = {}) =
            |_, sw: i64, sh: i64, settings, cx| create_image_data(magnitude(sw), magnitude(sh), settings, cx);
        ImageData createImageData(ImageData imageData) =
            |_, image: ImageDataData, cx| create_image_data(image.width, image.height, image.settings, cx);
        ImageData getImageData([EnforceRange] long sx, [EnforceRange] long sy, [EnforceRange] long sw, [EnforceRange] long sh, optional ImageDataSettings settings = {}) =
            |this, sx: i64, sy: i64, sw: i64, sh: i64, settings, cx| get_image_data(this, [sx, sy, sw, sh], settings, cx);
        undefined putImageData(ImageData imageData, [EnforceRange] long dx, [EnforceRange] long dy) =
            |this, image: ImageDataData, dx: i64, dy: i64, cx| {
                let whole = [0, 0, image.width.into(), image.height.into()];
                put_image_data(this, &image, (dx, dy), whole, cx)
            };
        undefined putImageData(ImageData imageData, [EnforceRange] long dx, [EnforceRange] long dy, [EnforceRange] long dirtyX, [EnforceRange] long dirtyY, [EnforceRange] long dirtyWidth, [EnforceRange] long dirtyHeight) =
            |this, image: ImageDataData, dx: i64, dy: i64, x: i64, y: i64, width: i64, height: i64, cx|
                put_image_data(this, &image, (dx, dy), [x, y, width, height], cx);
    }
}

impl Context2dData {
    /// The bitmap, to paint on.
    fn bitmap(&mut self) -> &mut Bitmap {
        Arc::make_mut(&mut self.bitmap)
    }

    /// [Reset the rendering context to its default state](https://html.spec.whatwg.org/multipage/canvas.html#reset-the-rendering-context-to-its-default-state),
    /// with a bitmap of this size.
    fn reset(&mut self, width: u32, height: u32) {
        self.bitmap = Arc::new(Bitmap::new(width, height));
        self.state = DrawingState::default();
        self.stack.clear();
    }
}

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

/// What the context shows now.
pub(super) fn bitmap(context: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with(context, |data: &Context2dData| Some(data.bitmap.clone()))
}

/// Takes what the context shows and leaves transparent black.
pub(super) fn take_bitmap(context: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with_mut(context, |data: &mut Context2dData| {
        let blank = Arc::new(Bitmap::new(data.bitmap.width(), data.bitmap.height()));
        Some(std::mem::replace(&mut data.bitmap, blank))
    })
}

/// Resets the context, with a bitmap of this size.
pub(super) fn reset(context: &JsObject, width: u32, height: u32) {
    platform::with_mut(context, |data: &mut Context2dData| {
        data.reset(width, height);
        Some(())
    });
}

/// [`save()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-save)
fn save(context: &JsObject, _: &mut Context) -> JsResult<()> {
    platform::write(context, |data: &mut Context2dData| {
        if data.stack.len() < MAX_STATES {
            data.stack.push(data.state.clone());
        }
    })
}

/// [`drawImage()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-drawimage):
/// paints the part `source`, or all, of an image at a place, in its own size or another one.
fn draw_image(
    context: &JsObject,
    image: CanvasImageSource,
    source: Option<[f64; 4]>,
    [x, y]: [f64; 2],
    size: Option<[f64; 2]>,
    cx: &mut Context,
) -> JsResult<()> {
    // 2. and 3. The image is usable.
    let Some(image) = source::check_usability(image, cx)? else {
        return Ok(());
    };
    // 4. and 5. The rectangles are what the arguments say, or as large as the image.
    let natural = [f64::from(image.width()), f64::from(image.height())];
    let [from_x, from_y, from_width, from_height] =
        source.unwrap_or([0.0, 0.0, natural[0], natural[1]]);
    let [width, height] = size.unwrap_or(natural);
    let from = Rect::new(from_x, from_y, from_width, from_height);
    // 1. Nothing happens when a number is not finite.
    let (Some(from), Some(to)) = (from, Rect::new(x, y, width, height)) else {
        return Ok(());
    };
    // 7. Paint the source rectangle over the destination rectangle.
    platform::write(context, |data: &mut Context2dData| {
        let alpha = data.state.global_alpha;
        data.bitmap().draw(&image, &from, &to, alpha);
    })
}

fn magnitude(number: i64) -> u32 {
    u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX)
}

/// [`createImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-createimagedata)
fn create_image_data(
    width: u32,
    height: u32,
    settings: ImageDataSettings,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let blank = ImageDataData::blank(width, height, settings, cx)?;
    Ok(create_here(&IMAGE_DATA, blank, cx))
}

/// [`getImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-getimagedata)
fn get_image_data(
    context: &JsObject,
    [x, y, width, height]: [i64; 4],
    settings: ImageDataSettings,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. The rectangle is not empty.
    if width == 0 || height == 0 {
        let message = "The width or height of the rectangle is zero.";
        return Err(exception::throw("IndexSizeError", message, cx));
    }
    // 3. and 5. Copy the pixels of the rectangle.
    let bitmap = platform::read(context, |data: &Context2dData| data.bitmap.clone())?;
    let (x, y) = (x + width.min(0), y + height.min(0));
    let (width, height) = (magnitude(width), magnitude(height));
    let pixels = bitmap
        .read(x, y, width, height)
        .ok_or_else(|| image_data::too_large(width, height))?;
    let data = ImageDataData::of_pixels(width, height, settings, &pixels, cx)?;
    Ok(create_here(&IMAGE_DATA, data, cx))
}

/// [Put pixels from an ImageData onto a bitmap](https://html.spec.whatwg.org/multipage/canvas.html#dom-context2d-putimagedata-common)
fn put_image_data(
    context: &JsObject,
    image: &ImageDataData,
    at: (i64, i64),
    dirty: [i64; 4],
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. The buffer is not detached.
    let pixels = image.pixels(cx)?;
    if pixels.is_empty() {
        let message = "The image data's buffer is detached.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 3. to 6. Cut the dirty rectangle to the image.
    let Some(dirty) = dirty_rectangle(dirty, image.width, image.height) else {
        return Ok(());
    };
    // 7. Replace the pixels.
    platform::write(context, |data: &mut Context2dData| {
        data.bitmap().write(&pixels, image.width, at, dirty);
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
