//! Canvases, image bitmaps and image data
//! ([HTML, the canvas element](https://html.spec.whatwg.org/multipage/canvas.html)): what messages
//! carry of pictures, and as much painting as makes and shows them.
//!
//! NOT YET: paths, text, transforms, gradients, patterns, filters, other compositing than source
//! over, other contexts than `2d`, and encoding (`toBlob()`, `toDataURL()`). What is missing has no
//! property, so that pages can tell.

mod bitmap;
mod clone;
mod color;
mod context_2d;
mod element;
mod image_bitmap;
mod image_data;
mod offscreen;
mod source;

pub(crate) use context_2d::{CANVAS_RENDERING_CONTEXT_2D, OFFSCREEN_CANVAS_RENDERING_CONTEXT_2D};
pub(crate) use element::{HTML_CANVAS_ELEMENT, attribute_changed, interface_of};
pub(crate) use image_bitmap::{
    IMAGE_BITMAP, ImageBitmapData, PARTIAL_WINDOW_OR_WORKER_GLOBAL_SCOPE,
};
pub(crate) use image_data::IMAGE_DATA;
pub(crate) use offscreen::{OFFSCREEN_CANVAS, OffscreenData};
