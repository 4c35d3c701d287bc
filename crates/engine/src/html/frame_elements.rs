//! Members of the elements that contain navigables
//! ([HTML, the iframe element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};

use crate::script::with_contexts;
use crate::webidl::Member;
use crate::webidl::convert::js_str;

use crate::dom::node::wrap_or_null;

/// `contentDocument` and `contentWindow`.
pub(crate) const CONTENT: &[Member] = &[
    Member::Attribute("contentDocument", content_document, None),
    Member::Attribute(
        "contentWindow",
        |this, ctx| {
            let node = wrappers::node(this)?;
            let navigable = with_contexts(ctx, |contexts| contexts.content_navigable(&node));
            Ok(navigable.map_or_else(JsValue::null, |navigable| {
                crate::windows::window_proxy::proxy_value(ctx, navigable)
            }))
        },
        None,
    ),
];

/// `getSVGDocument()`.
pub(crate) const SVG_DOCUMENT: &[Member] =
    &[Member::Operation("getSVGDocument", 0, |this, _, ctx| {
        let node = wrappers::node(this)?;
        let found = with_contexts(ctx, |contexts| {
            let document = contexts.svg_document(&node)?;
            Some(contexts.document(document)?.node().clone())
        });
        Ok(wrap_or_null(ctx, found))
    })];

/// [Content document](https://html.spec.whatwg.org/multipage/document-sequences.html#concept-bcc-content-document)
fn content_document(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let found = with_contexts(ctx, |contexts| {
        let document = contexts.content_document(&node)?;
        Some(contexts.document(document)?.node().clone())
    });
    Ok(wrap_or_null(ctx, found))
}

/// `loading`, limited to its two values.
pub(crate) fn loading(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let lazy = super::html_element::keyword(&wrappers::node(this)?, "loading") == "lazy";
    Ok(js_str(if lazy { "lazy" } else { "eager" }))
}
