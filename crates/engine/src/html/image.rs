//! Images ([HTML, the img element](https://html.spec.whatwg.org/multipage/embedded-content.html#the-img-element)).
//!
//! NOT YET: images are neither loaded nor decoded. The standard has a place for that: "the user
//! agent cannot support images", and then an image stays unavailable and fires no event.

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue, NativeFunction, js_string};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::html_elements::HTML_IMAGE_ELEMENT;
use crate::boa::properties::{FIXED, data_property};
use crate::dom::{document, node, tree};
use crate::script::{realm, settlement};
use crate::webidl;
use crate::webidl::convert::{optional, unsigned_long};
use crate::webidl::exception::{self, OrThrow};

/// [`complete`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-complete)
pub(super) fn complete(image: &Node, _: &mut Context) -> bool {
    let has_no_src = dom::attribute(image, "src").is_none_or(|src| src.is_empty());
    has_no_src && !dom::has_attribute(image, "srcset")
}

/// [`decode()`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-decode)
pub(super) fn decode(_: &Node, cx: &mut Context) -> JsResult<JsValue> {
    let error = exception::throw("EncodingError", "The source image cannot be decoded.", cx);
    settlement::promised(Err(error), cx)
}

/// The name of the factory.
pub(crate) const FACTORY: &str = "Image";

/// `Image`
/// ([legacy factory functions](https://webidl.spec.whatwg.org/#legacy-factory-functions)).
pub(crate) fn factory(cx: &mut Context, realm: &Realm) -> JsObject {
    realm::singleton(cx, realm, FACTORY, |cx, realm| {
        let steps = NativeFunction::from_fn_ptr(construct);
        let function = FunctionObjectBuilder::new(realm, steps)
            .name(js_string!(FACTORY))
            .length(0)
            .constructor(true)
            .build();
        let objects = webidl::interface_objects(realm, &HTML_IMAGE_ELEMENT, cx);
        let descriptor = data_property(objects.prototype.clone(), FIXED);
        function.insert_property(js_string!("prototype"), descriptor);
        function.into()
    })
}

/// [`new Image(width, height)`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-image)
fn construct(new_target: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    if new_target.is_undefined() {
        return Err(JsNativeError::typ()
            .with_message("Failed to construct 'Image': Please use the 'new' operator.")
            .into());
    }
    let mut sizes = Vec::new();
    for (index, name) in ["width", "height"].into_iter().enumerate() {
        if let Some(value) = optional(args, index) {
            sizes.push((name, unsigned_long(value, cx)?));
        }
    }
    // 1.-2. Make an `img` element of the window's document.
    let image = dom::create_element("img").or_throw(cx)?;
    document::adopt_to_current(&image, cx);
    // 3.-4. Set the sizes that are given.
    for (name, size) in sizes {
        tree::set_attribute(cx, &image, name, &size.to_string());
    }
    // 5. That is the result.
    Ok(node::wrap(cx, &image).into())
}
