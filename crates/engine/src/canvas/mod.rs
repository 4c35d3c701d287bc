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
pub(crate) mod context_2d;
pub(crate) mod create_image_bitmap;
mod drawing;
pub(crate) mod element;
pub(crate) mod image_bitmap;
pub(crate) mod image_data;
pub(crate) mod offscreen;
mod source;
