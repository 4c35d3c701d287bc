//! `ImageData` ([HTML, ImageData objects](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata)).
//!
//! NOT YET: pixels of 16-bit floats.

use boa_engine::object::builtins::JsUint8ClampedArray;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};

use super::super::buffer_source::{self, BufferSource};
use super::bitmap::byte_length;
use crate::exception;
use crate::platform::{self, Kind};
use crate::webidl::convert::{Dictionary, argument, js_str, optional, unsigned_long};
use crate::webidl::{self, Interface, Member, NewTarget};

/// What an `ImageData` holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageDataData {
    /// Its `Uint8ClampedArray`; none while it is being deserialized.
    pub(super) data: Option<JsObject>,
    pub(super) width: u32,
    pub(super) height: u32,
    #[unsafe_ignore_trace]
    pub(super) color_space: ColorSpace,
}

/// A [`PredefinedColorSpace`](https://html.spec.whatwg.org/multipage/canvas.html#predefinedcolorspace).
///
/// IMPLEMENTATION-DEFINED: the pixels are never converted from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColorSpace {
    Srgb,
    DisplayP3,
}

impl ColorSpace {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Srgb => "srgb",
            Self::DisplayP3 => "display-p3",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Srgb, Self::DisplayP3]
            .into_iter()
            .find(|space| space.as_str() == name)
    }

    /// The `colorSpace` of a dictionary.
    pub(super) fn of_settings(
        settings: &JsValue,
        default: Self,
        ctx: &mut Context,
    ) -> JsResult<Self> {
        let Some(name) = Dictionary::new(settings)?.get("colorSpace", ctx)? else {
            return Ok(default);
        };
        let name = name.to_string(ctx)?.to_std_string_lossy();
        Self::from_name(&name).ok_or_else(|| {
            JsNativeError::typ()
                .with_message(format!(
                    "The provided value '{name}' is not a valid enum value of type PredefinedColorSpace."
                ))
                .into()
        })
    }
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
            |this, _| Ok(js_str(data(this)?.color_space.as_str())),
            None,
        ),
    ]],
    ..Interface::new("ImageData", |kind| matches!(kind, Kind::ImageData(_)))
};

/// The image data that an object stands for, if it does.
pub(super) fn as_image_data(object: &JsObject) -> Option<ImageDataData> {
    platform::with(object, |kind| match kind {
        Kind::ImageData(data) => Some((**data).clone()),
        _ => None,
    })
}

fn data(this: &JsObject) -> JsResult<ImageDataData> {
    as_image_data(this).ok_or_else(platform::illegal_invocation)
}

/// Makes an `ImageData` in `realm`.
pub(super) fn create(data: ImageDataData, realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &IMAGE_DATA, Kind::ImageData(Box::new(data)), ctx)
}

/// Gives an `ImageData` that is being deserialized its pixels.
pub(super) fn set_data(object: &JsObject, array: JsObject) {
    platform::with_mut(object, |kind| match kind {
        Kind::ImageData(data) => {
            data.data = Some(array);
            Some(())
        }
        _ => None,
    });
}

impl ImageDataData {
    /// A copy of its pixels: nothing if its buffer is detached.
    pub(super) fn pixels(&self, ctx: &mut Context) -> JsResult<Vec<u8>> {
        match self.data.as_ref().and_then(BufferSource::allow_shared) {
            Some(source) => source.bytes(ctx),
            None => Ok(Vec::new()),
        }
    }

    /// Of these pixels, in the current realm.
    pub(super) fn of_pixels(
        width: u32,
        height: u32,
        color_space: ColorSpace,
        pixels: &[u8],
        ctx: &mut Context,
    ) -> JsResult<Self> {
        let buffer = buffer_source::array_buffer(pixels, ctx)?;
        let array = JsUint8ClampedArray::from_array_buffer(buffer, ctx)?;
        Ok(Self {
            data: Some(array.into()),
            width,
            height,
            color_space,
        })
    }

    /// Transparent black.
    pub(super) fn blank(
        width: u32,
        height: u32,
        color_space: ColorSpace,
        ctx: &mut Context,
    ) -> JsResult<Self> {
        if width == 0 || height == 0 {
            let message = format!("an image of {width}x{height} pixels has no pixel");
            return Err(exception::throw("IndexSizeError", &message, ctx));
        }
        let length = byte_length(width, height).ok_or_else(|| too_large(width, height))?;
        Self::of_pixels(width, height, color_space, &vec![0; length], ctx)
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
    let data = match argument(args, 0).as_object() {
        Some(array) => from_array(array, args, ctx)?,
        None => {
            let width = unsigned_long(&argument(args, 0), ctx)?;
            let height = unsigned_long(&argument(args, 1), ctx)?;
            let color_space = ColorSpace::of_settings(&argument(args, 2), ColorSpace::Srgb, ctx)?;
            ImageDataData::blank(width, height, color_space, ctx)?
        }
    };
    target.create(Kind::ImageData(Box::new(data)), ctx)
}

/// [The constructor with data](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata-with-data)
fn from_array(array: JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<ImageDataData> {
    let Ok(array) = JsUint8ClampedArray::from_object(array) else {
        return Err(JsNativeError::typ()
            .with_message("parameter 1 is not of type 'Uint8ClampedArray'.")
            .into());
    };
    let width = unsigned_long(&argument(args, 1), ctx)?;
    let height = optional(args, 2)
        .map(|height| unsigned_long(height, ctx))
        .transpose()?;
    let color_space = ColorSpace::of_settings(&argument(args, 3), ColorSpace::Srgb, ctx)?;
    let length = array.length(ctx)?;
    if length == 0 || length % 4 != 0 {
        let message = format!("{length} bytes are not a positive multiple of 4");
        return Err(exception::throw("InvalidStateError", &message, ctx));
    }
    let pixels = length / 4;
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
    Ok(ImageDataData {
        data: Some(array.into()),
        width,
        height: rows,
        color_space,
    })
}
