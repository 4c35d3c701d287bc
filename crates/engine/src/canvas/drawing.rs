//! Images and pixels in a 2D rendering context
//! ([HTML, drawing images](https://html.spec.whatwg.org/multipage/canvas.html#drawing-images)).

use boa_engine::{Context, JsObject, JsResult};

use super::bitmap::Rect;
use super::context_2d::Context2dData;
use super::image_data::{IMAGE_DATA, ImageDataData, ImageDataSettings};
use super::pixels;
use super::source::{self, CanvasImageSource};
use crate::webidl::{create_here, exception, platform};

/// [`drawImage()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-drawimage):
/// paints the part `source`, or all, of an image at a place, in its own size or another one.
pub(super) fn draw_image(
    context: &JsObject,
    image: CanvasImageSource,
    source: Option<[f64; 4]>,
    [x, y]: [f64; 2],
    size: Option<[f64; 2]>,
    cx: &mut Context,
) -> JsResult<()> {
    // 2. and 3. The image is usable.
    let Some(image) = source::check_usability(image, cx)? else {
        return Ok(());
    };
    // 4. and 5. The rectangles come from the arguments, or have the size of the image.
    let natural = [f64::from(image.width()), f64::from(image.height())];
    let [from_x, from_y, from_width, from_height] =
        source.unwrap_or([0.0, 0.0, natural[0], natural[1]]);
    let [width, height] = size.unwrap_or(natural);
    let from = Rect::new(from_x, from_y, from_width, from_height);
    // 1. If a number is not finite, return.
    let (Some(from), Some(to)) = (from, Rect::new(x, y, width, height)) else {
        return Ok(());
    };
    // 7. Paint the source rectangle over the destination rectangle.
    platform::write(context, |data: &mut Context2dData| {
        let alpha = data.state.global_alpha;
        data.bitmap().draw(&image, &from, &to, alpha);
    })
}

pub(super) fn magnitude(number: i64) -> u32 {
    u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX)
}

/// [`createImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-createimagedata)
pub(super) fn create_image_data(
    width: u32,
    height: u32,
    settings: ImageDataSettings,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let blank = ImageDataData::blank(width, height, settings, cx)?;
    Ok(create_here(&IMAGE_DATA, blank, cx))
}

/// [`getImageData()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-getimagedata)
pub(super) fn get_image_data(
    context: &JsObject,
    [x, y, width, height]: [i64; 4],
    settings: ImageDataSettings,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. The rectangle is not empty.
    if width == 0 || height == 0 {
        let message = "The width or height of the rectangle is zero.";
        return Err(exception::throw("IndexSizeError", message, cx));
    }
    // 3. and 5. Copy the pixels of the rectangle.
    let bitmap = platform::read(context, Context2dData::shown)?;
    let (x, y) = (x + width.min(0), y + height.min(0));
    let (width, height) = (magnitude(width), magnitude(height));
    let pixels = bitmap
        .read(x, y, width, height)
        .ok_or_else(|| pixels::too_large(width, height))?;
    let data = ImageDataData::of_pixels(width, height, settings, &pixels, cx)?;
    Ok(create_here(&IMAGE_DATA, data, cx))
}

/// [Put pixels from an ImageData onto a bitmap](https://html.spec.whatwg.org/multipage/canvas.html#dom-context2d-putimagedata-common)
pub(super) fn put_image_data(
    context: &JsObject,
    image: &ImageDataData,
    at: (i64, i64),
    dirty: [i64; 4],
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. The buffer is not detached.
    let pixels = image.pixels(cx)?;
    if pixels.is_empty() {
        let message = "The image data's buffer is detached.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 3. to 6. Cut the dirty rectangle to the image.
    let Some(dirty) = dirty_rectangle(dirty, image.width, image.height) else {
        return Ok(());
    };
    // 7. Replace the pixels.
    platform::write(context, |data: &mut Context2dData| {
        data.bitmap().write(&pixels, image.width, at, dirty);
    })
}

/// [Put pixels from an ImageData onto a bitmap](https://html.spec.whatwg.org/multipage/canvas.html#dom-context2d-putimagedata-common),
/// steps 3 to 6: the selected part of the image, if there is one.
fn dirty_rectangle(
    [x, y, width, height]: [i64; 4],
    of_width: u32,
    of_height: u32,
) -> Option<(u32, u32, u32, u32)> {
    let span = |start: i64, length: i64, limit: u32| {
        let from = start.min(start + length).max(0);
        let to = start.max(start + length).min(limit.into());
        let length = u32::try_from(to - from).ok().filter(|length| *length > 0)?;
        Some((u32::try_from(from).ok()?, length))
    };
    let (left, width) = span(x, width, of_width)?;
    let (top, height) = span(y, height, of_height)?;
    Some((left, top, width, height))
}

#[cfg(test)]
mod tests {
    use super::dirty_rectangle;

    #[test]
    fn the_dirty_rectangle_is_cut_to_the_image() {
        assert_eq!(dirty_rectangle([0, 0, 4, 3], 4, 3), Some((0, 0, 4, 3)));
        assert_eq!(dirty_rectangle([3, 2, -2, -9], 4, 3), Some((1, 0, 2, 2)));
        assert_eq!(dirty_rectangle([-1, -1, 3, 3], 4, 3), Some((0, 0, 2, 2)));
        assert_eq!(dirty_rectangle([4, 0, 1, 1], 4, 3), None);
        assert_eq!(dirty_rectangle([0, 0, 0, 1], 4, 3), None);
    }
}
