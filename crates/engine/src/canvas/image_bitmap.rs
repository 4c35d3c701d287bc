//! `ImageBitmap` ([HTML, images](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#images-2)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject};

use super::bitmap::Bitmap;
use super::clone::{IMAGE_BITMAP_STEPS, IMAGE_BITMAP_TRANSFER};
use super::create_image_bitmap::create_image_bitmap;
use super::image_data::{ImageData, ImageDataData};
use super::source::CanvasImageSource;
use crate::file::blob::Blob;
use crate::webidl::{self, interface, platform};

/// The data of an `ImageBitmap`.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageBitmapData {
    /// Its pixels, which never change; `None` once it was transferred or closed.
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

    /// IMPLEMENTATION-DEFINED: resizing always uses the nearest pixel. Bitmaps hold the original pixels, neither
    /// premultiplied nor converted.
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

    /// The members that images add to
    /// [WindowOrWorkerGlobalScope](https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope).
    partial interface mixin WindowOrWorkerGlobalScope {
        [NewObject] Promise<ImageBitmap> createImageBitmap(ImageBitmapSource image, optional ImageBitmapOptions options = {}) =
            |_, image, options, cx| create_image_bitmap(image, None, &options, cx);
        [NewObject] Promise<ImageBitmap> createImageBitmap(ImageBitmapSource image, long sx, long sy, long sw, long sh, optional ImageBitmapOptions options = {}) =
            |_, image, sx, sy, sw, sh, options, cx| create_image_bitmap(image, Some([sx, sy, sw, sh]), &options, cx);
    }
}

/// The data of an object that is an `ImageBitmap`.
pub(super) fn as_image_bitmap(object: &JsObject) -> Option<ImageBitmapData> {
    platform::with(object, |data: &ImageBitmapData| Some(data.clone()))
}

/// Takes the pixels. The object is then detached.
pub(super) fn take(object: &JsObject) -> Option<Arc<Bitmap>> {
    platform::with_mut(object, |data: &mut ImageBitmapData| data.bitmap.take())
}

/// Creates an `ImageBitmap` in `realm`.
pub(super) fn create(bitmap: Arc<Bitmap>, realm: &Realm, ctx: &mut Context) -> JsObject {
    let data = ImageBitmapData {
        bitmap: Some(bitmap),
    };
    webidl::create_object(realm, &IMAGE_BITMAP, data, ctx)
}
