//! The pixels of an `ImageData`, and the arrays that hold them
//! ([HTML, ImageData objects](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata)).

use boa_engine::object::builtins::{JsFloat16Array, JsTypedArray, JsUint8ClampedArray};
use boa_engine::{Context, JsObject, JsResult};

use super::bitmap::byte_length;
use super::image_data::{ImageDataArray, ImageDataData, ImageDataPixelFormat, ImageDataSettings};
use crate::boa::errors::range_error;
use crate::webidl::buffer_source::{self, BufferSource};
use crate::webidl::exception;

pub(super) fn is_pixel_array(object: &JsObject) -> bool {
    is_array_of(object, ImageDataPixelFormat::RgbaUnorm8)
        || is_array_of(object, ImageDataPixelFormat::RgbaFloat16)
}

impl ImageDataPixelFormat {
    pub(super) fn bytes_per_pixel(self) -> usize {
        match self {
            Self::RgbaUnorm8 => 4,
            Self::RgbaFloat16 => 8,
        }
    }
}

/// Whether an object is an array of this pixel format.
pub(super) fn is_array_of(array: &JsObject, format: ImageDataPixelFormat) -> bool {
    match format {
        ImageDataPixelFormat::RgbaUnorm8 => JsUint8ClampedArray::from_object(array.clone()).is_ok(),
        ImageDataPixelFormat::RgbaFloat16 => JsFloat16Array::from_object(array.clone()).is_ok(),
    }
}

impl ImageDataData {
    /// A copy of its pixels as bytes; `None` if its buffer is detached.
    pub(super) fn pixels(&self, ctx: &mut Context) -> JsResult<Vec<u8>> {
        let Some(array) = &self.data else {
            return Ok(Vec::new());
        };
        if self.settings.pixel_format == ImageDataPixelFormat::RgbaUnorm8 {
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

    /// Creates the data for these pixels, in the current realm.
    pub(super) fn of_pixels(
        width: u32,
        height: u32,
        settings: ImageDataSettings,
        pixels: &[u8],
        ctx: &mut Context,
    ) -> JsResult<Self> {
        let data = match settings.pixel_format {
            ImageDataPixelFormat::RgbaUnorm8 => {
                let buffer = buffer_source::array_buffer(pixels, ctx)?;
                JsUint8ClampedArray::from_array_buffer(buffer, ctx)?.into()
            }
            ImageDataPixelFormat::RgbaFloat16 => {
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
        settings: ImageDataSettings,
        ctx: &mut Context,
    ) -> JsResult<Self> {
        if width == 0 || height == 0 {
            let message = format!("An image of {width}x{height} pixels has no pixel.");
            return Err(exception::throw("IndexSizeError", &message, ctx));
        }
        let length = byte_length(width, height).ok_or_else(|| too_large(width, height))?;
        Self::of_pixels(width, height, settings, &vec![0; length], ctx)
    }
}

/// The error for too many pixels.
pub(super) fn too_large(width: u32, height: u32) -> boa_engine::JsError {
    range_error(format!("An image of {width}x{height} pixels is too large."))
}

/// [The constructor with data](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata-with-data)
pub(super) fn from_array(
    array: ImageDataArray,
    width: u32,
    height: Option<u32>,
    settings: ImageDataSettings,
    ctx: &mut Context,
) -> JsResult<ImageDataData> {
    // 1. and 2. The array holds a whole number of pixels.
    let per_pixel = settings.pixel_format.bytes_per_pixel();
    let length = JsTypedArray::from_object(array.0.clone())?.byte_length(ctx)?;
    if length == 0 || length % per_pixel != 0 {
        let message = format!("{length} bytes are not a positive multiple of {per_pixel}.");
        return Err(exception::throw("InvalidStateError", &message, ctx));
    }
    // 3. to 6. They fill whole rows, in the number of `height`.
    let pixels = length / per_pixel;
    let rows = pixels
        .checked_div(width as usize)
        .filter(|rows| rows * width as usize == pixels)
        .and_then(|rows| u32::try_from(rows).ok());
    let rows = rows.filter(|rows| height.is_none_or(|height| height == *rows));
    let Some(rows) = rows else {
        let message = format!("{pixels} pixels do not fill the requested rows of {width} pixels.");
        return Err(exception::throw("IndexSizeError", &message, ctx));
    };
    // 7. The array type matches the pixel format.
    if !is_array_of(&array.0, settings.pixel_format) {
        let format = settings.pixel_format.as_str();
        let message = format!("The array has the wrong type for pixels of the format {format}.");
        return Err(exception::throw("InvalidStateError", &message, ctx));
    }
    Ok(ImageDataData {
        data: Some(array.0),
        width,
        height: rows,
        settings,
    })
}
