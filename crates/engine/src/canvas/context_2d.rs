//! The 2D rendering contexts
//! ([HTML, the 2D rendering context](https://html.spec.whatwg.org/multipage/canvas.html#2dcontext)):
//! rectangles, images and pixels.
//!
//! NOT YET: the settings of `getContext()` are ignored: every bitmap has an alpha channel and is in sRGB.

use std::sync::Arc;

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::bitmap::{Bitmap, Rect};
use super::color::{self, Rgba};
use super::drawing::{create_image_data, draw_image, get_image_data, magnitude, put_image_data};
use super::image_data::{ImageData, ImageDataData, ImageDataSettings};
use super::source::CanvasImageSource;
use crate::script::realm;
use crate::webidl::{self, interface, platform};

/// The data of a context.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Context2dData {
    /// The canvas element or `OffscreenCanvas` that it belongs to.
    canvas: JsObject,
    /// Shared with its copies, until one of them is painted on.
    #[unsafe_ignore_trace]
    bitmap: Arc<Bitmap>,
    #[unsafe_ignore_trace]
    pub(super) state: DrawingState,
    #[unsafe_ignore_trace]
    stack: Vec<DrawingState>,
}

/// A [drawing state](https://html.spec.whatwg.org/multipage/canvas.html#drawing-state).
#[derive(Clone, Debug)]
pub(super) struct DrawingState {
    fill_style: Rgba,
    pub(super) global_alpha: f64,
}

impl Default for DrawingState {
    fn default() -> Self {
        Self {
            fill_style: [0, 0, 0, 255],
            global_alpha: 1.0,
        }
    }
}

/// The most drawing states on the stack.
///
/// IMPLEMENTATION-DEFINED: further states are lost.
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
    pub(super) fn bitmap(&mut self) -> &mut Bitmap {
        Arc::make_mut(&mut self.bitmap)
    }

    /// What it shows now.
    pub(super) fn shown(&self) -> Arc<Bitmap> {
        self.bitmap.clone()
    }

    /// [Reset the rendering context to its default state](https://html.spec.whatwg.org/multipage/canvas.html#reset-the-rendering-context-to-its-default-state),
    /// with a bitmap of this size.
    fn reset(&mut self, width: u32, height: u32) {
        self.bitmap = Arc::new(Bitmap::new(width, height));
        self.state = DrawingState::default();
        self.stack.clear();
    }
}

/// Creates the context of a canvas.
pub(super) fn create(
    canvas: &JsObject,
    offscreen: bool,
    (width, height): (u32, u32),
    ctx: &mut Context,
) -> JsObject {
    let window = platform::relevant_global(canvas);
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

/// The present bitmap of the context.
pub(super) fn bitmap(context: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with(context, |data: &Context2dData| Some(data.shown()))
}

/// Takes the bitmap of the context and leaves transparent black.
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
