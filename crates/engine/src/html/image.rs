//! `HTMLImageElement` ([HTML, the img element](https://html.spec.whatwg.org/multipage/embedded-content.html#the-img-element)).
//!
//! NOT YET: images are neither loaded nor decoded. The standard has a place for that: "the user
//! agent cannot support images", and then an image stays unavailable and fires no event.

use crate::script::wrappers;
use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::PropertyDescriptor;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue, NativeFunction, js_string};
use framepost_browsing_context::dom;

use super::html_elements;
use crate::dom::tree;
use crate::dom::{document, reflect};
use crate::script::realm;
use crate::script::settlement;
use crate::webidl::convert::{optional, unsigned_long};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::{self, Member};

/// What of `HTMLImageElement` is about its picture.
pub(crate) const MEMBERS: &[Member] = &[
    reflect::integer("width", "width"),
    reflect::integer("height", "height"),
    Member::Attribute("naturalWidth", |_, _| Ok(0.into()), None),
    Member::Attribute("naturalHeight", |_, _| Ok(0.into()), None),
    Member::Attribute("currentSrc", |_, _| Ok(js_string!("").into()), None),
    Member::Attribute(
        "complete",
        |this, _| {
            let node = wrappers::node(this)?;
            let src = dom::attribute(&node, "src");
            let has_source = dom::has_attribute(&node, "srcset");
            Ok((!has_source && src.is_none_or(|src| src.is_empty())).into())
        },
        None,
    ),
    Member::Operation("decode", 0, |_, _, ctx| {
        let message = "The source image cannot be decoded.";
        let error = exception::throw("EncodingError", message, ctx);
        settlement::promised(Err(error), ctx)
    }),
];

/// The name of the factory.
pub(crate) const FACTORY: &str = "Image";

/// `Image`
/// ([legacy factory functions](https://webidl.spec.whatwg.org/#legacy-factory-functions)).
pub(crate) fn factory(ctx: &mut Context, realm: &Realm) -> JsObject {
    realm::singleton(ctx, realm, FACTORY, |ctx, realm| {
        let steps = NativeFunction::from_fn_ptr(construct);
        let function = FunctionObjectBuilder::new(realm, steps)
            .name(js_string!(FACTORY))
            .length(0)
            .constructor(true)
            .build();
        let interface = &html_elements::HTML_IMAGE_ELEMENT;
        let prototype = webidl::interface_objects(realm, interface, ctx).prototype;
        let descriptor = PropertyDescriptor::builder()
            .value(prototype)
            .writable(false)
            .enumerable(false)
            .configurable(false);
        function.insert_property(js_string!("prototype"), descriptor);
        function.into()
    })
}

/// [`new Image(width, height)`](https://html.spec.whatwg.org/multipage/embedded-content.html#dom-image)
fn construct(new_target: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    if new_target.is_undefined() {
        return Err(JsNativeError::typ()
            .with_message("Failed to construct 'Image': Please use the 'new' operator.")
            .into());
    }
    let sizes = ["width", "height"].into_iter().enumerate();
    let mut given = Vec::new();
    for (index, name) in sizes {
        if let Some(value) = optional(args, index) {
            given.push((name, unsigned_long(value, ctx)?));
        }
    }
    let node = dom::create_element("img").or_throw(ctx)?;
    document::adopt_to_current(&node, ctx);
    for (name, number) in given {
        tree::set_attribute(ctx, &node, name, &number.to_string());
    }
    Ok(crate::dom::node::wrap(ctx, &node).into())
}
