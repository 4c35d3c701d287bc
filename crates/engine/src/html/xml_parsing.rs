//! Parsing XML documents from strings, for
//! [`parseFromString()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::{DocumentProperties, dom};
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::exception::OrThrow;

/// The namespace of the element for an error.
const PARSER_ERROR: &str = "http://www.mozilla.org/newlayout/xml/parsererror.xml";

/// Parses a document. A document that is not well-formed becomes a document with the error.
pub(super) fn parse_xml(
    text: &str,
    properties: DocumentProperties,
    cx: &mut Context,
) -> JsResult<Node> {
    let parsed = with_contexts(cx, |contexts| {
        contexts.parse_xml_from_a_string(text, properties.clone())
    });
    let message = match parsed {
        Ok(document) => return Ok(document),
        Err(message) => message,
    };
    let document = with_contexts(cx, |contexts| contexts.create_an_inert_document(properties));
    let root = dom::create_element_ns(Some(PARSER_ERROR), "parsererror").or_throw(cx)?;
    tree::insert(cx, &root, &dom::create_text(&message), None)?;
    tree::insert(cx, &document, &root, None)?;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use framepost_browsing_context::{Contexts, DocumentKind, DocumentProperties, about_blank};

    use crate::html::xml_serialization::serialize;

    #[test]
    fn well_formed_documents_survive_a_round_trip() {
        let round_trip = |text: &str| {
            let url = about_blank();
            let properties = DocumentProperties::new(url, DocumentKind::Xml, "text/xml");
            let parsed = Contexts::new().parse_xml_from_a_string(text, properties);
            parsed.map(|document| serialize(&document))
        };
        for text in [
            "<test/>",
            "<a b=\"1\"><!--c-->x<?pi y?></a>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><p></p><br /></html>",
            "<x:a xmlns:x=\"urn:x\"><x:b/><c xmlns=\"urn:c\"><d xmlns=\"\"/></c></x:a>",
            "<a>&lt;&amp;&gt;<![CDATA[<&]]></a>",
        ] {
            assert_eq!(round_trip(text).as_deref(), Ok(text));
        }
        assert_eq!(
            round_trip("<?xml version='1.0'?><a></a>").as_deref(),
            Ok("<a/>")
        );
    }
}
