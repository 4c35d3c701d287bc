//! What kind of pixels an `ImageData` has
//! ([HTML, ImageDataSettings](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedatasettings)).

use boa_engine::{Context, JsNativeError, JsResult, JsValue};

use crate::webidl::convert::Dictionary;

/// A [`PredefinedColorSpace`](https://html.spec.whatwg.org/multipage/canvas.html#predefinedcolorspace).
///
/// IMPLEMENTATION-DEFINED: the pixels are never converted from one to the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ColorSpace {
    #[default]
    Srgb,
    DisplayP3,
}

/// An [`ImageDataPixelFormat`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedatapixelformat).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum PixelFormat {
    /// Bytes.
    #[default]
    Unorm8,
    /// Floats of half precision.
    Float16,
}

/// An `ImageDataSettings`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) color_space: ColorSpace,
    pub(super) pixel_format: PixelFormat,
}

/// An enumeration of strings.
trait Named: Copy + 'static {
    /// The name of the type.
    const TYPE: &'static str;
    /// All values and their names.
    const ALL: &'static [(Self, &'static str)];
}

impl Named for ColorSpace {
    const TYPE: &'static str = "PredefinedColorSpace";
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Srgb, "srgb"), (Self::DisplayP3, "display-p3")];
}

impl Named for PixelFormat {
    const TYPE: &'static str = "ImageDataPixelFormat";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Unorm8, "rgba-unorm8"),
        (Self::Float16, "rgba-float16"),
    ];
}

fn from_name<T: Named>(name: &str) -> Option<T> {
    let found = T::ALL.iter().find(|(_, of)| *of == name);
    found.map(|(value, _)| *value)
}

fn name_of<T: Named + PartialEq>(value: T) -> &'static str {
    let found = T::ALL.iter().find(|(of, _)| *of == value);
    found.map_or("", |(_, name)| name)
}

impl ColorSpace {
    pub(super) fn as_str(self) -> &'static str {
        name_of(self)
    }
}

impl PixelFormat {
    pub(super) fn as_str(self) -> &'static str {
        name_of(self)
    }

    /// How many bytes a pixel has.
    pub(super) fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Unorm8 => 4,
            Self::Float16 => 8,
        }
    }
}

impl Settings {
    /// Takes the dictionary that an argument is.
    pub(super) fn new(value: &JsValue, ctx: &mut Context) -> JsResult<Self> {
        let dictionary = Dictionary::new(value)?;
        Ok(Self {
            color_space: member(&dictionary, "colorSpace", ctx)?,
            pixel_format: member(&dictionary, "pixelFormat", ctx)?,
        })
    }

    /// Of the names of both, if they are known.
    pub(super) fn from_names(color_space: &str, pixel_format: &str) -> Option<Self> {
        Some(Self {
            color_space: from_name(color_space)?,
            pixel_format: from_name(pixel_format)?,
        })
    }
}

fn member<T: Named + Default>(
    dictionary: &Dictionary,
    name: &str,
    ctx: &mut Context,
) -> JsResult<T> {
    let Some(value) = dictionary.get(name, ctx)? else {
        return Ok(T::default());
    };
    let value = value.to_string(ctx)?.to_std_string_lossy();
    from_name(&value).ok_or_else(|| {
        let message = format!(
            "The provided value '{value}' is not a valid enum value of type {}.",
            T::TYPE
        );
        JsNativeError::typ().with_message(message).into()
    })
}
