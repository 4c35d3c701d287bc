//! `DOMParser` and `XMLSerializer`
//! ([HTML, DOM parsing and serialization APIs](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsing-and-serialization)).
//!
//! NOT YET: the documents know neither their URL nor their content type.

use boa_engine::{Context, JsObject, JsResult};
use markup5ever_rcdom::Handle as Node;

use super::xml_parsing::{error_document, parse_xml};
use super::xml_serialization::serialize;
use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    /// The `DOMParser` interface.
    [Exposed=Window]
    interface DOMParser {
        constructor() = || ();
        [NewObject] Document parseFromString(DOMString string, DOMParserSupportedType type);
    }

    /// The types of documents that a `DOMParser` makes.
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
    if kind == DOMParserSupportedType::TextHtml {
        return Ok(with_contexts(cx, |contexts| {
            contexts.parse_html_from_a_string(text)
        }));
    }
    parse_xml(text).or_else(|message| error_document(&message, cx))
}
