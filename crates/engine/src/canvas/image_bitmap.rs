//! `ImageBitmap` ([HTML, images](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#images-2)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_event_loop::TaskSource;

use super::bitmap::{Bitmap, Rect, byte_length};
use super::image_data;
use super::source::{self, Source};
use crate::file::blob;
use crate::script::settlement;
use crate::webidl::convert::{Dictionary, Range, argument, long, to_int};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};

/// What an `ImageBitmap` holds.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageBitmapData {
    /// Its pixels, which never change; none once it was transferred or closed.
    #[unsafe_ignore_trace]
    pub(super) bitmap: Option<Arc<Bitmap>>,
}

/// The `ImageBitmap` interface.
pub(crate) static IMAGE_BITMAP: Interface = Interface {
    members: &[&[
        Member::Attribute("width", |this, _| size(this, Bitmap::width), None),
        Member::Attribute("height", |this, _| size(this, Bitmap::height), None),
        Member::Operation("close", 0, |this, _, _| {
            take(this);
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("ImageBitmap")
};

/// What images add to
/// [WindowOrWorkerGlobalScope](https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope).
pub(crate) const WINDOW_MEMBERS: &[Member] =
    &[Member::Operation("createImageBitmap", 0, |_, args, ctx| {
        let promise = create_image_bitmap(args, ctx);
        settlement::promised(promise, ctx)
    })];

/// [The bitmap task source](https://html.spec.whatwg.org/multipage/webappapis.html#bitmap-task-source)
const BITMAP: TaskSource = TaskSource::Other("bitmap");

/// The `ImageBitmap` that an object is, if it is one.
pub(super) fn as_image_bitmap(object: &JsObject) -> Option<ImageBitmapData> {
    platform::with(object, |data: &ImageBitmapData| Some(data.clone()))
}

fn size(this: &JsObject, of: fn(&Bitmap) -> u32) -> JsResult<JsValue> {
    let data = as_image_bitmap(this).ok_or_else(platform::illegal_invocation)?;
    Ok(data.bitmap.map_or(0, |bitmap| of(&bitmap)).into())
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
fn create_image_bitmap(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let options = match args.len() {
        0 | 3 | 4 => {
            return Err(JsNativeError::typ()
                .with_message(format!(
                    "createImageBitmap takes 1, 2, 5 or 6 arguments, not {}",
                    args.len()
                ))
                .into());
        }
        1 | 2 => argument(args, 1),
        _ => argument(args, 5),
    };
    let source = bitmap_source(&argument(args, 0), ctx)?;
    let part = if args.len() >= 5 {
        let mut part = [0; 4];
        for (index, number) in part.iter_mut().enumerate() {
            *number = long(&argument(args, 1 + index), ctx)?;
        }
        Some(part)
    } else {
        None
    };
    let options = Options::new(&options, ctx)?;
    if part.is_some_and(|[_, _, width, height]| width == 0 || height == 0) {
        return Err(JsNativeError::range()
            .with_message("the width or height of the source rectangle is zero")
            .into());
    }
    if options.width == Some(0) || options.height == Some(0) {
        let message = "The width or height to resize to is zero.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    let Some(bitmap) = source.resolve(ctx)? else {
        // Of blobs and image elements, nothing of which can be decoded.
        let message = "The image source could not be decoded.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    };
    let bitmap = options
        .crop(bitmap, part)
        .ok_or_else(|| JsNativeError::range().with_message("the bitmap to be made is too large"))?;
    let realm = ctx.realm().clone();
    let object = create(bitmap, &realm, ctx);
    Ok(settlement::resolve_later(ctx, BITMAP, object))
}

/// An [`ImageBitmapSource`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagebitmapsource).
enum BitmapSource {
    Image(Source),
    Pixels(Option<Arc<Bitmap>>),
    /// NOT YET: no image format is decoded.
    Blob,
}

impl BitmapSource {
    fn resolve(self, ctx: &mut Context) -> JsResult<Option<Arc<Bitmap>>> {
        match self {
            Self::Image(source) => source::check_usability(source, ctx),
            Self::Pixels(None) => {
                let message = "The image data's buffer is detached.";
                Err(exception::throw("InvalidStateError", message, ctx))
            }
            Self::Pixels(bitmap) => Ok(bitmap),
            Self::Blob => Ok(None),
        }
    }
}

fn bitmap_source(value: &JsValue, ctx: &mut Context) -> JsResult<BitmapSource> {
    if let Some(object) = value.as_object() {
        if blob::as_blob(&object).is_some() {
            return Ok(BitmapSource::Blob);
        }
        if let Some(data) = image_data::as_image_data(&object) {
            let pixels = data.pixels(ctx)?;
            let bitmap = Bitmap::from_pixels(data.width, data.height, pixels.clone());
            return Ok(BitmapSource::Pixels(
                (!pixels.is_empty()).then(|| Arc::new(bitmap)),
            ));
        }
    }
    source::argument(value).map(BitmapSource::Image)
}

/// [`ImageBitmapOptions`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagebitmapoptions).
///
/// IMPLEMENTATION-DEFINED: the quality of resizing is always that of the nearest pixel, and bitmaps
/// hold what script gave them, neither multiplied by alpha nor converted.
struct Options {
    flip: bool,
    width: Option<u32>,
    height: Option<u32>,
}

impl Options {
    fn new(value: &JsValue, ctx: &mut Context) -> JsResult<Self> {
        let options = Dictionary::new(value)?;
        let mut chosen = |name: &str, allowed: &[&str]| -> JsResult<String> {
            let first = allowed.first().copied().unwrap_or_default();
            let value = options.string(name, first, ctx)?.to_std_string_lossy();
            if allowed.contains(&value.as_str()) {
                Ok(value)
            } else {
                Err(JsNativeError::typ()
                    .with_message(format!("'{value}' is not a valid value of {name}"))
                    .into())
            }
        };
        // In the order of their names, as dictionaries are read.
        chosen("colorSpaceConversion", &["default", "none"])?;
        let orientation = chosen("imageOrientation", &["from-image", "flipY", "none"])?;
        chosen("premultiplyAlpha", &["default", "premultiply", "none"])?;
        let height = size_option(&options, "resizeHeight", ctx)?;
        let qualities = &["low", "pixelated", "medium", "high"];
        let quality = options.string("resizeQuality", "low", ctx)?;
        let quality = quality.to_std_string_lossy();
        if !qualities.contains(&quality.as_str()) {
            return Err(JsNativeError::typ()
                .with_message(format!("'{quality}' is not a valid value of resizeQuality"))
                .into());
        }
        let width = size_option(&options, "resizeWidth", ctx)?;
        Ok(Self {
            flip: orientation == "flipY",
            width,
            height,
        })
    }

    /// [Crop bitmap data to the source rectangle with formatting](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#cropped-to-the-source-rectangle-with-formatting);
    /// none if it would be too large.
    fn crop(&self, input: Arc<Bitmap>, part: Option<[i32; 4]>) -> Option<Arc<Bitmap>> {
        // OPTIMIZATION: a whole picture as it is shares its pixels.
        if part.is_none() && !self.flip && self.width.is_none() && self.height.is_none() {
            return Some(input);
        }
        let [x, y, width, height] = match part {
            Some(part) => part.map(f64::from),
            None => [0.0, 0.0, input.width().into(), input.height().into()],
        };
        let from = Rect::new(x, y, width, height)?;
        let (width, height) = (width.abs(), height.abs());
        let scaled = |other: u32, by: f64| f64::from(other) * by;
        let (out_width, out_height) = match (self.width, self.height) {
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
        Some(Arc::new(if self.flip { output.flipped() } else { output }))
    }
}

fn size_option(options: &Dictionary, name: &str, ctx: &mut Context) -> JsResult<Option<u32>> {
    let Some(value) = options.get(name, ctx)? else {
        return Ok(None);
    };
    let number = to_int(&value, 32, false, Range::Enforce, ctx)?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is integral and in range"
    )]
    Ok(Some(number as u32))
}
