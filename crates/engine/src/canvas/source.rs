//! Sources of images
//! ([CanvasImageSource](https://html.spec.whatwg.org/multipage/canvas.html#canvasimagesource)).

use crate::boa::errors::type_error;
use crate::script::wrappers;
use std::sync::Arc;

use boa_engine::{Context, JsError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;

use super::bitmap::Bitmap;
use super::{element, image_bitmap, offscreen};
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::exception;
use crate::webidl::types::Category;

/// An image source.
pub(crate) enum CanvasImageSource {
    /// Pixels.
    Bitmap(Arc<Bitmap>),
    /// An `ImageBitmap` or an `OffscreenCanvas` that was transferred or closed.
    Detached,
    /// An image element: NOT YET: images are not loaded, as in a browser with images disabled.
    Unavailable,
}

/// The image source of an object, if it is one.
pub(super) fn of(object: &JsObject) -> Option<CanvasImageSource> {
    if let Some(data) = image_bitmap::as_image_bitmap(object) {
        return Some(
            data.bitmap
                .map_or(CanvasImageSource::Detached, CanvasImageSource::Bitmap),
        );
    }
    if let Some(data) = offscreen::as_offscreen(object) {
        return Some(if data.detached {
            CanvasImageSource::Detached
        } else {
            CanvasImageSource::Bitmap(offscreen::bitmap(object, &data))
        });
    }
    let node = wrappers::as_node(object)?;
    if dom::is_html_element(&node, "canvas") {
        return Some(CanvasImageSource::Bitmap(element::bitmap(object, &node)));
    }
    dom::is_html_element(&node, "img").then_some(CanvasImageSource::Unavailable)
}

impl FromJs for CanvasImageSource {
    const CATEGORY: Category = Category::Objects(|object, _| Ok(of(object).is_some()));

    fn from_js(value: &JsValue, _: Place<'_>, _: &mut Context) -> JsResult<Self> {
        value
            .as_object()
            .as_ref()
            .and_then(of)
            .ok_or_else(|| type_error("The argument is not a supported image source."))
    }
}

/// [Check the usability of the image argument](https://html.spec.whatwg.org/multipage/canvas.html#check-the-usability-of-the-image-argument).
/// Without a bitmap, nothing is painted.
pub(super) fn check_usability(
    source: CanvasImageSource,
    ctx: &mut Context,
) -> JsResult<Option<Arc<Bitmap>>> {
    match source {
        CanvasImageSource::Unavailable => Ok(None),
        CanvasImageSource::Detached => Err(detached(ctx)),
        CanvasImageSource::Bitmap(bitmap) if bitmap.width() == 0 || bitmap.height() == 0 => {
            let message = "The image source has a width or height of zero.";
            Err(exception::throw("InvalidStateError", message, ctx))
        }
        CanvasImageSource::Bitmap(bitmap) => Ok(Some(bitmap)),
    }
}

/// The error for a transferred or closed source.
pub(super) fn detached(ctx: &mut Context) -> JsError {
    exception::throw("InvalidStateError", "The image source is detached.", ctx)
}
