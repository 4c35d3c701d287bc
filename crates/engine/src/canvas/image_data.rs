//! `ImageData` ([HTML, ImageData objects](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata)).

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::clone::IMAGE_DATA_STEPS;
use super::pixels::{from_array, is_pixel_array};
use crate::webidl::buffer_source;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::receiver::receivers;
use crate::webidl::types::Category;
use crate::webidl::{self, interface, platform};

/// The data of an `ImageData`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ImageDataData {
    /// Its `Uint8ClampedArray` or `Float16Array`; `None` while it is being deserialized.
    pub(super) data: Option<JsObject>,
    pub(super) width: u32,
    pub(super) height: u32,
    #[unsafe_ignore_trace]
    pub(super) settings: ImageDataSettings,
}

receivers!(ImageDataData);

interface! {
    /// The `ImageData` interface.
    [Exposed=(Window,Worker), Serializable=IMAGE_DATA_STEPS]
    interface ImageData(ImageDataData) {
        constructor(unsigned long sw, unsigned long sh, optional ImageDataSettings settings = {}) =
            |width, height, settings, cx| ImageDataData::blank(width, height, settings, cx);
        constructor(ImageDataArray data, unsigned long sw, optional unsigned long sh, optional ImageDataSettings settings = {}) =
            |data, width, height, settings, cx| from_array(data, width, height, settings, cx);
        readonly attribute unsigned long width = .width;
        readonly attribute unsigned long height = .height;
        readonly attribute ImageDataArray data = |image| image.data.clone().map_or_else(JsValue::undefined, JsValue::from);
        readonly attribute PredefinedColorSpace colorSpace = |image| image.settings.color_space;
        readonly attribute ImageDataPixelFormat pixelFormat = |image| image.settings.pixel_format;
    }

    /// The kind of pixels of an `ImageData`.
    ///
    /// IMPLEMENTATION-DEFINED: pixels are never converted from one color space to the other.
    #[derive(Clone, Copy)]
    dictionary ImageDataSettings {
        PredefinedColorSpace colorSpace = "srgb";
        ImageDataPixelFormat pixelFormat = "rgba-unorm8";
    }

    enum PredefinedColorSpace { "srgb", "display-p3" };

    /// Bytes, or floats of half precision.
    enum ImageDataPixelFormat { "rgba-unorm8", "rgba-float16" };
}

/// A `Uint8ClampedArray` or a `Float16Array`.
pub(crate) struct ImageDataArray(pub(super) JsObject);

impl FromJs for ImageDataArray {
    const CATEGORY: Category = Category::Objects(|object, _| Ok(is_pixel_array(object)));

    fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        let array = value.as_object().filter(is_pixel_array);
        let array = array.ok_or_else(|| place.is_not("ImageDataArray"))?;
        match buffer_source::is_view_of_resizable(&array, cx)? {
            true => Err(place.is_resizable()),
            false => Ok(Self(array)),
        }
    }
}

/// The data of an object that is an `ImageData`.
pub(super) fn as_image_data(object: &JsObject) -> Option<ImageDataData> {
    platform::with(object, |data: &ImageDataData| Some(data.clone()))
}

/// Creates an `ImageData` in `realm`.
pub(super) fn create(data: ImageDataData, realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &IMAGE_DATA, data, ctx)
}

/// Sets the pixels of an `ImageData` that is being deserialized.
pub(super) fn set_data(object: &JsObject, array: JsObject) {
    platform::with_mut(object, |data: &mut ImageDataData| {
        data.data = Some(array);
        Some(())
    });
}
