//! The members of elements for their content navigables
//! ([HTML, navigable containers](https://html.spec.whatwg.org/multipage/document-sequences.html#navigable-containers)).

use boa_engine::{Context, JsValue};
use markup5ever_rcdom::Handle as Node;

use crate::script::with_contexts;
use crate::windows::window_proxy;

/// [Content document](https://html.spec.whatwg.org/multipage/document-sequences.html#concept-bcc-content-document)
pub(super) fn content_document(container: &Node, cx: &Context) -> Option<Node> {
    with_contexts(cx, |contexts| {
        let document = contexts.content_document(container)?;
        Some(contexts.document(document)?.node().clone())
    })
}

/// [Content window](https://html.spec.whatwg.org/multipage/document-sequences.html#content-window)
pub(super) fn content_window(container: &Node, cx: &mut Context) -> Option<JsValue> {
    let navigable = with_contexts(cx, |contexts| contexts.content_navigable(container))?;
    Some(window_proxy::proxy_value(cx, navigable))
}

/// [`getSVGDocument()`](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#dom-media-getsvgdocument)
pub(super) fn get_svg_document(container: &Node, cx: &Context) -> Option<Node> {
    with_contexts(cx, |contexts| {
        let document = contexts.svg_document(container)?;
        Some(contexts.document(document)?.node().clone())
    })
}
