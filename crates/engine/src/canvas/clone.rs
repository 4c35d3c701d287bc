//! Pictures in messages: the serialization, deserialization, transfer and transfer-receiving steps
//! of `ImageData`, `ImageBitmap` and `OffscreenCanvas`.

use std::any::Any;
use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsValue};
use framepost_messaging::structured_clone::{
    CloneError, Failure, Heap, SharedData, StateReader, StateWriter, TransferDataHolder,
    Transferability,
};

use super::bitmap::Bitmap;
use super::image_data::{self, ImageDataData};
use super::image_settings::Settings;
use super::{ImageBitmapData, OffscreenData};
use super::{image_bitmap, offscreen};
use crate::webidl::platform;

const IMAGE_DATA: &str = "ImageData";
const IMAGE_BITMAP: &str = "ImageBitmap";
const OFFSCREEN_CANVAS: &str = "OffscreenCanvas";

/// The interface of a serializable object of this family.
pub(crate) fn serializable_interface(object: &JsObject) -> Option<&'static str> {
    platform::with(object, |_: &ImageDataData| Some(IMAGE_DATA))
        .or_else(|| platform::with(object, |_: &ImageBitmapData| Some(IMAGE_BITMAP)))
}

/// The serialization steps. The array of an `ImageData` is sub-serialized.
pub(crate) fn serialization_steps<H: Heap<Value = JsValue> + ?Sized>(
    object: &JsObject,
    out: &mut StateWriter<'_, H>,
) -> Result<(), CloneError> {
    if let Some(data) = image_data::as_image_data(object) {
        out.integer(data.width.into());
        out.integer(data.height.into());
        out.text(data.settings.color_space.as_str())?;
        out.text(data.settings.pixel_format.as_str())?;
        if let Some(array) = data.data {
            out.sub_serialize(array.into());
        }
        return Ok(());
    }
    let data = image_bitmap::as_image_bitmap(object);
    match data.and_then(|data| data.bitmap) {
        Some(bitmap) => {
            // OPTIMIZATION: pixels that never change are shared, not copied.
            let shared: SharedData = bitmap;
            out.shared(shared);
            Ok(())
        }
        None => Err(CloneError::NotCloneable(format!(
            "a detached {IMAGE_BITMAP}"
        ))),
    }
}

/// The deserialization steps of `interface`, one that [`serializable_interface`] gives.
pub(crate) fn deserialization_steps(
    interface: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    ctx: &mut Context,
) -> Result<JsObject, CloneError> {
    if interface == IMAGE_DATA {
        let sizes = (input.integer()?, input.integer()?);
        let color_space = input.string()?.to_string_lossy();
        let pixel_format = input.string()?.to_string_lossy();
        let (Ok(width), Ok(height), Some(settings)) = (
            u32::try_from(sizes.0),
            u32::try_from(sizes.1),
            Settings::from_names(&color_space, &pixel_format),
        ) else {
            return Err(input.malformed("the size and settings of image data expected"));
        };
        let data = ImageDataData {
            data: None,
            width,
            height,
            settings,
        };
        return Ok(image_data::create(data, realm, ctx));
    }
    let shared: Arc<dyn Any + Send + Sync> = input.shared()?.clone();
    match shared.downcast::<Bitmap>() {
        Ok(bitmap) => Ok(image_bitmap::create(bitmap, realm, ctx)),
        Err(_) => Err(input.malformed("the pixels of a bitmap expected")),
    }
}

/// Takes the array that was sub-serialized with an `ImageData`.
pub(crate) fn sub_deserialized(object: &JsObject, value: &JsValue) -> Result<(), CloneError> {
    let format = image_data::as_image_data(object).map(|data| data.settings.pixel_format);
    let array = value.as_object().zip(format);
    let array = array.filter(|(array, format)| image_data::is_array_of(array, *format));
    let (array, _) = array.ok_or(CloneError::UnexpectedSubValue)?;
    image_data::set_data(object, array);
    Ok(())
}

/// Whether an object of this family is transferable, and detached; none for others.
pub(crate) fn transferability(object: &JsObject) -> Option<Transferability> {
    let detached = platform::with(object, |data: &ImageBitmapData| Some(data.bitmap.is_none()));
    let detached =
        detached.or_else(|| platform::with(object, |data: &OffscreenData| Some(data.detached)))?;
    Some(Transferability::Platform { detached })
}

/// The transfer steps of a transferable object of this family.
pub(crate) fn transfer_steps(
    object: &JsObject,
    ctx: &mut Context,
) -> Result<TransferDataHolder, Failure<JsError>> {
    if offscreen::as_offscreen(object).is_some() {
        let sizes = offscreen::transfer_steps(object, ctx).map_err(Failure::Heap)?;
        return Ok(TransferDataHolder::Platform(
            OFFSCREEN_CANVAS,
            Box::new(sizes),
        ));
    }
    match image_bitmap::take(object) {
        Some(bitmap) => Ok(TransferDataHolder::Platform(IMAGE_BITMAP, Box::new(bitmap))),
        None => Err(CloneError::NotSerializable(IMAGE_BITMAP.to_owned()).into()),
    }
}

/// The transfer-receiving steps; what is of no interface of this family is given back.
pub(crate) fn transfer_receiving_steps(
    realm: &Realm,
    interface: &str,
    data: Box<dyn Any + Send>,
    ctx: &mut Context,
) -> Result<JsObject, Box<dyn Any + Send>> {
    match interface {
        IMAGE_BITMAP => data
            .downcast::<Arc<Bitmap>>()
            .map(|bitmap| image_bitmap::create(*bitmap, realm, ctx)),
        OFFSCREEN_CANVAS => data
            .downcast::<(u64, u64)>()
            .map(|sizes| offscreen::transfer_receiving_steps(*sizes, realm, ctx)),
        _ => Err(data),
    }
}
