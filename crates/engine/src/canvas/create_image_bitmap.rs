//! [createImageBitmap()](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-createimagebitmap)

use std::sync::Arc;

use boa_engine::{Context, JsNativeError, JsResult, JsValue};
use framepost_event_loop::TaskSource;

use super::bitmap::{Bitmap, Rect, byte_length};
use super::image_bitmap::{ImageBitmapOptions, ImageBitmapSource, ImageOrientation, create};
use super::source::{self};
use crate::boa::errors::range_error;
use crate::script::settlement;
use crate::webidl::exception;

/// [The bitmap task source](https://html.spec.whatwg.org/multipage/webappapis.html#bitmap-task-source)
const BITMAP: TaskSource = TaskSource::Other("bitmap");

/// [`createImageBitmap()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-createimagebitmap)
pub(super) fn create_image_bitmap(
    source: ImageBitmapSource,
    part: Option<[i32; 4]>,
    options: &ImageBitmapOptions,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    // 1. The source rectangle is not empty.
    if part.is_some_and(|[_, _, width, height]| width == 0 || height == 0) {
        return Err(range_error(
            "The width or height of the source rectangle is zero.",
        ));
    }
    // 2. The new bitmap is not empty.
    if options.resize_width == Some(0) || options.resize_height == Some(0) {
        let message = "The width or height to resize to is zero.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    // 3. to 5. Take the pixels of the source.
    let Some(bitmap) = pixels_of(source, ctx)? else {
        let message = "The image source could not be decoded.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    };
    let bitmap = options
        .crop(bitmap, part)
        .ok_or_else(|| JsNativeError::range().with_message("The new bitmap is too large."))?;
    // 6. A task resolves the promise.
    let realm = ctx.realm().clone();
    let object = create(bitmap, &realm, ctx);
    Ok(settlement::resolve_later(ctx, BITMAP, object))
}

/// The pixels of an image source; `None` for blobs and image elements.
///
/// NOT YET: no image format is decoded.
fn pixels_of(source: ImageBitmapSource, ctx: &mut Context) -> JsResult<Option<Arc<Bitmap>>> {
    match source {
        ImageBitmapSource::CanvasImageSource(source) => source::check_usability(source, ctx),
        ImageBitmapSource::Blob(_) => Ok(None),
        ImageBitmapSource::ImageData(data) => {
            let pixels = data.pixels(ctx)?;
            if pixels.is_empty() {
                let message = "The image data's buffer is detached.";
                return Err(exception::throw("InvalidStateError", message, ctx));
            }
            let bitmap = Bitmap::from_pixels(data.width, data.height, pixels);
            Ok(Some(Arc::new(bitmap)))
        }
    }
}

impl ImageBitmapOptions {
    /// [Crop bitmap data to the source rectangle with formatting](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#cropped-to-the-source-rectangle-with-formatting);
    /// `None` if it would be too large.
    fn crop(&self, input: Arc<Bitmap>, part: Option<[i32; 4]>) -> Option<Arc<Bitmap>> {
        // OPTIMIZATION: an unchanged whole image shares its pixels.
        let flip = self.image_orientation == ImageOrientation::FlipY;
        let resize = (self.resize_width, self.resize_height);
        if part.is_none() && !flip && resize == (None, None) {
            return Some(input);
        }
        let [x, y, width, height] = match part {
            Some(part) => part.map(f64::from),
            None => [0.0, 0.0, input.width().into(), input.height().into()],
        };
        let from = Rect::new(x, y, width, height)?;
        let (width, height) = (width.abs(), height.abs());
        let scaled = |other: u32, by: f64| f64::from(other) * by;
        let (out_width, out_height) = match resize {
            (Some(w), Some(h)) => (f64::from(w), f64::from(h)),
            (Some(w), None) => (f64::from(w), scaled(w, height / width).ceil()),
            (None, Some(h)) => (scaled(h, width / height).ceil(), f64::from(h)),
            (None, None) => (width, height),
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and too large sizes are refused"
        )]
        let (columns, rows) = (out_width as u32, out_height as u32);
        byte_length(columns, rows)?;
        let mut output = Bitmap::new(columns, rows);
        let to = Rect::new(0.0, 0.0, out_width, out_height)?;
        output.draw(&input, &from, &to, 1.0);
        Some(Arc::new(if flip { output.flipped() } else { output }))
    }
}
