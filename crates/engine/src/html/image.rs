//! Images ([HTML, the img element](https://html.spec.whatwg.org/multipage/embedded-content.html#the-img-element)).
//!
//! NOT YET: images are neither loaded nor decoded. The standard allows that: if "the user agent cannot support
//! images", an image stays unavailable and fires no event.

use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::{document, tree};
use crate::webidl::exception::{self, OrThrow};

/// [`complete`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-complete)
pub(super) fn complete(image: &Node, _: &mut Context) -> bool {
    let has_no_src = dom::attribute(image, "src").is_none_or(|src| src.is_empty());
    has_no_src && !dom::has_attribute(image, "srcset")
}

/// [`decode()`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-decode)
pub(super) fn decode(_: &Node, cx: &mut Context) -> JsResult<JsValue> {
    Err(exception::throw(
        "EncodingError",
        "The source image cannot be decoded.",
        cx,
    ))
}

/// [`new Image(width, height)`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-image)
pub(super) fn construct(
    width: Option<u32>,
    height: Option<u32>,
    cx: &mut Context,
) -> JsResult<Node> {
    // 1. and 2. Create an `img` element of the window's document.
    let image = dom::create_element("img").or_throw(cx)?;
    document::adopt_to_current(&image, cx);
    // 3. and 4. Set the given sizes.
    for (name, size) in [("width", width), ("height", height)] {
        if let Some(size) = size {
            tree::set_attribute(cx, &image, name, &size.to_string());
        }
    }
    // 5. Return it.
    Ok(image)
}
