//! `DOMParser` and `XMLSerializer`
//! ([HTML, DOM parsing and serialization APIs](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsing-and-serialization)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::{DocumentKind, DocumentProperties, about_blank};
use markup5ever_rcdom::Handle as Node;

use super::xml_parsing::parse_xml;
use super::xml_serialization::serialize;
use crate::dom::document::current_origin;
use crate::script::{realm, with_contexts};
use crate::webidl::interface;

interface! {
    /// The `DOMParser` interface.
    [Exposed=Window]
    interface DOMParser {
        constructor() = || ();
        [NewObject] Document parseFromString(DOMString string, DOMParserSupportedType type);
    }

    /// The types of documents that a `DOMParser` creates.
    enum DOMParserSupportedType {
        "text/html",
        "text/xml",
        "application/xml",
        "application/xhtml+xml",
        "image/svg+xml",
    }

    /// The [`XMLSerializer`](https://w3c.github.io/DOM-Parsing/#the-xmlserializer-interface) interface.
    [Exposed=Window]
    interface XMLSerializer {
        constructor() = || ();
        DOMString serializeToString(Node root) = |_: &JsObject, root: Node, _| serialize(&root);
    }
}

/// [`parseFromString()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring)
fn parse_from_string(
    _: &JsObject,
    text: &str,
    kind: DOMParserSupportedType,
    cx: &mut Context,
) -> JsResult<Node> {
    // 2. The document has the requested type, and the URL of the current document.
    let window = realm::current_window(cx);
    let url = with_contexts(cx, |contexts| {
        let document = contexts.window(window?)?.document();
        Some(contexts.document(document)?.url().clone())
    });
    let url = url.unwrap_or_else(about_blank);
    // IMPLEMENTATION-DEFINED: as in browsers, it has the origin of the current document.
    let origin = current_origin(cx);
    // 3. Parse the string.
    match kind {
        DOMParserSupportedType::TextHtml => {
            let properties =
                DocumentProperties::new(url, DocumentKind::Html, kind.as_str()).with_origin(origin);
            Ok(with_contexts(cx, |contexts| {
                contexts.parse_html_from_a_string(text, properties)
            }))
        }
        _ => {
            let properties =
                DocumentProperties::new(url, DocumentKind::Xml, kind.as_str()).with_origin(origin);
            parse_xml(text, properties, cx)
        }
    }
}
