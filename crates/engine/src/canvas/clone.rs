//! `ImageData`, `ImageBitmap` and `OffscreenCanvas` in messages: their serialization,
//! deserialization, transfer and transfer-receiving steps.

use std::any::Any;
use std::sync::Arc;

use framepost_messaging::structured_clone::{CloneError, Failure, SharedData, TransferDataHolder};

use super::bitmap::Bitmap;
use super::image_bitmap::{self, ImageBitmapData};
use super::image_data::{
    self, ImageDataData, ImageDataPixelFormat, ImageDataSettings, PredefinedColorSpace,
};
use super::offscreen::OffscreenData;
use super::{offscreen_transfer, pixels};
use crate::webidl::platform;
use crate::webidl::serializable::{Serializable, Transferable};

/// The steps of `ImageData`. The array is sub-serialized.
pub(crate) static IMAGE_DATA_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let Some(data) = image_data::as_image_data(object) else {
            return Ok(());
        };
        out.integer(data.width.into());
        out.integer(data.height.into());
        out.text(data.settings.color_space.as_str())?;
        out.text(data.settings.pixel_format.as_str())?;
        if let Some(array) = data.data {
            out.sub_serialize(array.into());
        }
        Ok(())
    },
    deserialize: |_, realm, input, cx| {
        let sizes = (input.integer()?, input.integer()?);
        let color_space = input.string()?.to_string_lossy();
        let pixel_format = input.string()?.to_string_lossy();
        let (Ok(width), Ok(height), Some(color_space), Some(pixel_format)) = (
            u32::try_from(sizes.0),
            u32::try_from(sizes.1),
            PredefinedColorSpace::from_text(&color_space),
            ImageDataPixelFormat::from_text(&pixel_format),
        ) else {
            return Err(input.malformed("the size and settings of image data expected"));
        };
        let data = ImageDataData {
            data: None,
            width,
            height,
            settings: ImageDataSettings {
                color_space,
                pixel_format,
            },
        };
        Ok(image_data::create(data, realm, cx))
    },
    sub_deserialized: |object, value| {
        let format = image_data::as_image_data(object).map(|data| data.settings.pixel_format);
        let array = value.as_object().zip(format);
        let array = array.filter(|(array, format)| pixels::is_array_of(array, *format));
        let (array, _) = array.ok_or(CloneError::UnexpectedSubValue)?;
        image_data::set_data(object, array);
        Ok(())
    },
};

/// The steps of `ImageBitmap`.
pub(crate) static IMAGE_BITMAP_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let data = image_bitmap::as_image_bitmap(object);
        let Some(bitmap) = data.and_then(|data| data.bitmap) else {
            return Err(CloneError::NotCloneable(
                "a detached ImageBitmap".to_owned(),
            ));
        };
        // OPTIMIZATION: pixels that never change are shared, not copied.
        let shared: SharedData = bitmap;
        out.shared(shared);
        Ok(())
    },
    deserialize: |_, realm, input, cx| {
        let shared: Arc<dyn Any + Send + Sync> = input.shared()?.clone();
        match shared.downcast::<Bitmap>() {
            Ok(bitmap) => Ok(image_bitmap::create(bitmap, realm, cx)),
            Err(_) => Err(input.malformed("the pixels of a bitmap expected")),
        }
    },
    sub_deserialized: Serializable::no_sub_values,
};

/// The steps of `ImageBitmap`.
pub(crate) static IMAGE_BITMAP_TRANSFER: Transferable = Transferable {
    is_detached: |object, _| {
        let detached = |data: &ImageBitmapData| Some(data.bitmap.is_none());
        platform::with(object, detached).unwrap_or_default()
    },
    transfer: |object, _| match image_bitmap::take(object) {
        Some(bitmap) => Ok(TransferDataHolder::Platform(
            "ImageBitmap",
            Box::new(bitmap),
        )),
        None => Err(CloneError::NotSerializable("ImageBitmap".to_owned()).into()),
    },
    receive: |realm, holder, cx| {
        let bitmap = held::<Arc<Bitmap>>(holder)?;
        Some(image_bitmap::create(bitmap, realm, cx))
    },
};

/// The steps of `OffscreenCanvas`.
pub(crate) static OFFSCREEN_CANVAS_TRANSFER: Transferable = Transferable {
    is_detached: |object, _| {
        let detached = |data: &OffscreenData| Some(data.detached);
        platform::with(object, detached).unwrap_or_default()
    },
    transfer: |object, cx| {
        let sizes = offscreen_transfer::transfer_steps(object, cx).map_err(Failure::Heap)?;
        Ok(TransferDataHolder::Platform(
            "OffscreenCanvas",
            Box::new(sizes),
        ))
    },
    receive: |realm, holder, cx| {
        let sizes = held::<(u64, u64)>(holder)?;
        Some(offscreen_transfer::transfer_receiving_steps(
            sizes, realm, cx,
        ))
    },
};

/// The result of the transfer steps.
fn held<T: 'static>(holder: TransferDataHolder) -> Option<T> {
    match holder {
        TransferDataHolder::Platform(_, data) => data.downcast().ok().map(|data| *data),
        _ => None,
    }
}
