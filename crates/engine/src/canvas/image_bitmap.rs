//! `ImageBitmap` ([HTML, images](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#images-2)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_event_loop::TaskSource;

use super::bitmap::{Bitmap, Rect, byte_length};
use super::clone::{IMAGE_BITMAP_STEPS, IMAGE_BITMAP_TRANSFER};
use super::image_data::{ImageData, ImageDataData};
use super::source::{self, CanvasImageSource};
use crate::boa::errors::range_error;
use crate::file::blob::Blob;
use crate::script::settlement;
use crate::webidl::{self, exception, interface, platform};

/// What an `ImageBitmap` holds.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageBitmapData {
    /// Its pixels, which never change; none once it was transferred or closed.
    #[unsafe_ignore_trace]
    pub(super) bitmap: Option<Arc<Bitmap>>,
}

interface! {
    /// The `ImageBitmap` interface.
    [Exposed=(Window,Worker), Serializable=IMAGE_BITMAP_STEPS, Transferable=IMAGE_BITMAP_TRANSFER]
    interface ImageBitmap(ImageBitmapData) {
        readonly attribute unsigned long width = |image| image.bitmap.as_ref().map_or(0, |bitmap| bitmap.width());
        readonly attribute unsigned long height = |image| image.bitmap.as_ref().map_or(0, |bitmap| bitmap.height());
        undefined close() = |image| image.bitmap = None;
    }

    /// IMPLEMENTATION-DEFINED: the quality of resizing is always that of the nearest pixel, and
    /// bitmaps hold what script gave them, neither multiplied by alpha nor converted.
    dictionary ImageBitmapOptions {
        ImageOrientation imageOrientation = "from-image";
        PremultiplyAlpha premultiplyAlpha = "default";
        ColorSpaceConversion colorSpaceConversion = "default";
        [EnforceRange] unsigned long resizeWidth;
        [EnforceRange] unsigned long resizeHeight;
        ResizeQuality resizeQuality = "low";
    }

    enum ImageOrientation { "from-image", "flipY", "none" };
    enum PremultiplyAlpha { "none", "premultiply", "default" };
    enum ColorSpaceConversion { "none", "default" };
    enum ResizeQuality { "pixelated", "low", "medium", "high" };

    typedef (CanvasImageSource or Blob or ImageData(ImageDataData)) ImageBitmapSource;

    /// What images add to
    /// [WindowOrWorkerGlobalScope](https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope).
    partial interface mixin WindowOrWorkerGlobalScope {
        [NewObject] Promise<ImageBitmap> createImageBitmap(ImageBitmapSource image, optional ImageBitmapOptions options = {}) =
            |_, image, options, cx| create_image_bitmap(image, None, &options, cx);
        [NewObject] Promise<ImageBitmap> createImageBitmap(ImageBitmapSource image, long sx, long sy, long sw, long sh, optional ImageBitmapOptions options = {}) =
            |_, image, sx, sy, sw, sh, options, cx| create_image_bitmap(image, Some([sx, sy, sw, sh]), &options, cx);
    }
}

/// [The bitmap task source](https://html.spec.whatwg.org/multipage/webappapis.html#bitmap-task-source)
const BITMAP: TaskSource = TaskSource::Other("bitmap");

/// The `ImageBitmap` that an object is, if it is one.
pub(super) fn as_image_bitmap(object: &JsObject) -> Option<ImageBitmapData> {
    platform::with(object, |data: &ImageBitmapData| Some(data.clone()))
}

/// Takes the pixels out, after which the object is detached.
pub(super) fn take(object: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with_mut(object, |data: &mut ImageBitmapData| data.bitmap.take())
}

/// Makes an `ImageBitmap` in `realm`.
pub(super) fn create(bitmap: Arc<Bitmap>, realm: &Realm, ctx: &mut Context) -> JsObject {
    let data = ImageBitmapData {
        bitmap: Some(bitmap),
    };
    webidl::create_object(realm, &IMAGE_BITMAP, data, ctx)
}

/// [`createImageBitmap()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-createimagebitmap)
fn create_image_bitmap(
    source: ImageBitmapSource,
    part: Option<[i32; 4]>,
    options: &ImageBitmapOptions,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    // 1. The source rectangle is not empty.
    if part.is_some_and(|[_, _, width, height]| width == 0 || height == 0) {
        return Err(range_error(
            "the width or height of the source rectangle is zero",
        ));
    }
    // 2. Nor is the bitmap to be made.
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
        .ok_or_else(|| JsNativeError::range().with_message("the bitmap to be made is too large"))?;
    // 6. A task resolves the promise.
    let realm = ctx.realm().clone();
    let object = create(bitmap, &realm, ctx);
    Ok(settlement::resolve_later(ctx, BITMAP, object))
}

/// The pixels of an image source; none of blobs and image elements.
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
    /// none if it would be too large.
    fn crop(&self, input: Arc<Bitmap>, part: Option<[i32; 4]>) -> Option<Arc<Bitmap>> {
        // OPTIMIZATION: a whole picture as it is shares its pixels.
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
