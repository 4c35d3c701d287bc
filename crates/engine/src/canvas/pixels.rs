//! The pixels of an `ImageData`, and the arrays that hold them
//! ([HTML, ImageData objects](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata)).

use boa_engine::object::builtins::{JsFloat16Array, JsUint8ClampedArray};
use boa_engine::{Context, JsObject, JsResult};

use super::bitmap::byte_length;
use super::image_data::{ImageDataData, ImageDataPixelFormat, ImageDataSettings};
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
