//! Canvases, image bitmaps and image data
//! ([HTML, the canvas element](https://html.spec.whatwg.org/multipage/canvas.html)): the parts that messages carry,
//! and enough painting to create and show them.
//!
//! NOT YET: paths, text, transforms, gradients, patterns, filters, other compositing than source
//! over, other contexts than `2d`, and encoding (`toBlob()`, `toDataURL()`). A missing feature has no property, so
//! pages can detect it.

mod bitmap;
mod clone;
mod color;
pub(crate) mod context_2d;
pub(crate) mod create_image_bitmap;
mod drawing;
pub(crate) mod element;
pub(crate) mod image_bitmap;
pub(crate) mod image_data;
pub(crate) mod offscreen;
pub(crate) mod offscreen_transfer;
pub(crate) mod pixels;
mod source;
