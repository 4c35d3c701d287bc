//! `ImageData` ([HTML, ImageData objects](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata)).

use boa_engine::object::builtins::{JsFloat16Array, JsTypedArray, JsUint8ClampedArray};
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};

use super::bitmap::byte_length;
use super::image_settings::{PixelFormat, Settings};
use crate::webidl::buffer_source;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::{argument, js_str, optional, unsigned_long};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// What an `ImageData` holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageDataData {
    /// Its `Uint8ClampedArray` or `Float16Array`; none while it is being deserialized.
    pub(super) data: Option<JsObject>,
    pub(super) width: u32,
    pub(super) height: u32,
    #[unsafe_ignore_trace]
    pub(super) settings: Settings,
}

/// The `ImageData` interface.
pub(crate) static IMAGE_DATA: Interface = Interface {
    constructor: Some((2, construct)),
    members: &[&[
        Member::Attribute("width", |this, _| Ok(data(this)?.width.into()), None),
        Member::Attribute("height", |this, _| Ok(data(this)?.height.into()), None),
        Member::Attribute(
            "data",
            |this, _| {
                Ok(data(this)?
                    .data
                    .map_or_else(JsValue::undefined, JsValue::from))
            },
            None,
        ),
        Member::Attribute(
            "colorSpace",
            |this, _| Ok(js_str(data(this)?.settings.color_space.as_str())),
            None,
        ),
        Member::Attribute(
            "pixelFormat",
            |this, _| Ok(js_str(data(this)?.settings.pixel_format.as_str())),
            None,
        ),
    ]],
    ..Interface::new("ImageData")
};

/// The image data that an object stands for, if it does.
pub(super) fn as_image_data(object: &JsObject) -> Option<ImageDataData> {
    platform::with(object, |data: &ImageDataData| Some(data.clone()))
}

fn data(this: &JsObject) -> JsResult<ImageDataData> {
    as_image_data(this).ok_or_else(platform::illegal_invocation)
}

/// Makes an `ImageData` in `realm`.
pub(super) fn create(data: ImageDataData, realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &IMAGE_DATA, data, ctx)
}

/// Gives an `ImageData` that is being deserialized its pixels.
pub(super) fn set_data(object: &JsObject, array: JsObject) {
    platform::with_mut(object, |data: &mut ImageDataData| {
        data.data = Some(array);
        Some(())
    });
}

/// Whether an object is the array that pixels of this format stand in.
pub(super) fn is_array_of(array: &JsObject, format: PixelFormat) -> bool {
    match format {
        PixelFormat::Unorm8 => JsUint8ClampedArray::from_object(array.clone()).is_ok(),
        PixelFormat::Float16 => JsFloat16Array::from_object(array.clone()).is_ok(),
    }
}

impl ImageDataData {
    /// A copy of its pixels as bytes: nothing if its buffer is detached.
    pub(super) fn pixels(&self, ctx: &mut Context) -> JsResult<Vec<u8>> {
        let Some(array) = &self.data else {
            return Ok(Vec::new());
        };
        if self.settings.pixel_format == PixelFormat::Unorm8 {
            return match BufferSource::allow_shared(array) {
                Some(source) => source.bytes(ctx),
                None => Ok(Vec::new()),
            };
        }
        let length = JsFloat16Array::from_object(array.clone())?.length(ctx)?;
        let mut bytes = Vec::with_capacity(length);
        for index in 0..length {
            let value = array.get(index, ctx)?.as_number().unwrap_or(0.0);
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the number is clamped to a byte"
            )]
            bytes.push((value * 255.0).round().clamp(0.0, 255.0) as u8);
        }
        Ok(bytes)
    }

    /// Of these pixels, in the current realm.
    pub(super) fn of_pixels(
        width: u32,
        height: u32,
        settings: Settings,
        pixels: &[u8],
        ctx: &mut Context,
    ) -> JsResult<Self> {
        let data = match settings.pixel_format {
            PixelFormat::Unorm8 => {
                let buffer = buffer_source::array_buffer(pixels, ctx)?;
                JsUint8ClampedArray::from_array_buffer(buffer, ctx)?.into()
            }
            PixelFormat::Float16 => {
                let zeros = vec![0; pixels.len().saturating_mul(2)];
                let buffer = buffer_source::array_buffer(&zeros, ctx)?;
                let array = JsObject::from(JsFloat16Array::from_array_buffer(buffer, ctx)?);
                for (index, byte) in pixels.iter().enumerate().filter(|(_, byte)| **byte != 0) {
                    array.set(index, f64::from(*byte) / 255.0, true, ctx)?;
                }
                array
            }
        };
        Ok(Self {
            data: Some(data),
            width,
            height,
            settings,
        })
    }

    /// Transparent black.
    pub(super) fn blank(
        width: u32,
        height: u32,
        settings: Settings,
        ctx: &mut Context,
    ) -> JsResult<Self> {
        if width == 0 || height == 0 {
            let message = format!("an image of {width}x{height} pixels has no pixel");
            return Err(exception::throw("IndexSizeError", &message, ctx));
        }
        let length = byte_length(width, height).ok_or_else(|| too_large(width, height))?;
        Self::of_pixels(width, height, settings, &vec![0; length], ctx)
    }
}

/// The error of pixels that are too many.
pub(super) fn too_large(width: u32, height: u32) -> boa_engine::JsError {
    JsNativeError::range()
        .with_message(format!("an image of {width}x{height} pixels is too large"))
        .into()
}

/// [The constructors](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let array = argument(args, 0).as_object().filter(|array| {
        is_array_of(array, PixelFormat::Unorm8) || is_array_of(array, PixelFormat::Float16)
    });
    let data = match array {
        Some(array) => from_array(array, args, ctx)?,
        None => {
            let width = unsigned_long(&argument(args, 0), ctx)?;
            let height = unsigned_long(&argument(args, 1), ctx)?;
            let settings = Settings::new(&argument(args, 2), ctx)?;
            ImageDataData::blank(width, height, settings, ctx)?
        }
    };
    target.create(data, ctx)
}

/// [The constructor with data](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata-with-data)
fn from_array(array: JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<ImageDataData> {
    let width = unsigned_long(&argument(args, 1), ctx)?;
    let height = optional(args, 2)
        .map(|height| unsigned_long(height, ctx))
        .transpose()?;
    let settings = Settings::new(&argument(args, 3), ctx)?;
    let per_pixel = settings.pixel_format.bytes_per_pixel();
    let length = JsTypedArray::from_object(array.clone())?.byte_length(ctx)?;
    if length == 0 || length % per_pixel != 0 {
        let message = format!("{length} bytes are not a positive multiple of {per_pixel}");
        return Err(exception::throw("InvalidStateError", &message, ctx));
    }
    let pixels = length / per_pixel;
    let rows = pixels
        .checked_div(width as usize)
        .filter(|rows| rows * width as usize == pixels)
        .and_then(|rows| u32::try_from(rows).ok());
    let rows = rows.filter(|rows| height.is_none_or(|height| height == *rows));
    let Some(rows) = rows else {
        let message =
            format!("{pixels} pixels do not fill whole rows of {width} as many as asked for");
        return Err(exception::throw("IndexSizeError", &message, ctx));
    };
    if !is_array_of(&array, settings.pixel_format) {
        let format = settings.pixel_format.as_str();
        let message = format!("the array is not one for pixels of the format {format}");
        return Err(exception::throw("InvalidStateError", &message, ctx));
    }
    Ok(ImageDataData {
        data: Some(array),
        width,
        height: rows,
        settings,
    })
}
