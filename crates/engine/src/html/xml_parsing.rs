//! Parsing XML documents from strings, for
//! [`parseFromString()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle as Node, NodeData, RcDom};
use xml5ever::driver::{XmlParseOpts, parse_document};

use crate::dom::tree;
use crate::webidl::exception::OrThrow;

/// A comment behind a document. It shows where the parser is when the document ends: the parser
/// closes silently what a document leaves open.
const END: &str = "end of the document";

/// Parses a document, or says what is wrong with it.
pub(super) fn parse_xml(text: &str) -> Result<Node, String> {
    let parser = parse_document(RcDom::default(), XmlParseOpts::default());
    let parsed = parser.one(format!("{text}<!--{END}-->"));
    if let Some(error) = parsed.errors.borrow().first() {
        return Err(error.to_string());
    }
    let document = parsed.document;
    let last = document.children.borrow_mut().pop();
    let is_end = |node: &Node| match &node.data {
        NodeData::Comment { contents } => &**contents == END,
        _ => false,
    };
    if !last.as_ref().is_some_and(is_end) {
        return Err("something is not closed at the end".to_owned());
    }
    // The parser keeps the XML declaration, which is no node.
    let is_declaration = |node: &Node| match &node.data {
        NodeData::ProcessingInstruction { target, .. } => &**target == "xml",
        _ => false,
    };
    let mut children = document.children.borrow_mut();
    children.retain(|child| !is_declaration(child));
    let has_element = children
        .iter()
        .any(|child| node_kind(child) == NodeKind::Element);
    drop(children);
    if has_element {
        Ok(document)
    } else {
        Err("the document has no element".to_owned())
    }
}

/// The document that stands for one that is not well-formed.
pub(super) fn error_document(message: &str, cx: &mut Context) -> JsResult<Node> {
    let document = dom::create_document();
    let namespace = "http://www.mozilla.org/newlayout/xml/parsererror.xml";
    let root = dom::create_element_ns(Some(namespace), "parsererror").or_throw(cx)?;
    tree::insert(cx, &root, &dom::create_text(message), None)?;
    tree::insert(cx, &document, &root, None)?;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::parse_xml;
    use crate::html::xml_serialization::serialize;

    fn round_trip(text: &str) -> Result<String, String> {
        parse_xml(text).map(|document| serialize(&document))
    }

    #[test]
    fn well_formed_documents_survive_a_round_trip() {
        for text in [
            "<test/>",
            "<a b=\"1\"><!--c-->x<?pi y?></a>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><p></p><br /></html>",
            "<x:a xmlns:x=\"urn:x\"><x:b/><c xmlns=\"urn:c\"><d xmlns=\"\"/></c></x:a>",
            "<a>&lt;&amp;&gt;</a>",
        ] {
            assert_eq!(round_trip(text).as_deref(), Ok(text));
        }
        assert_eq!(
            round_trip("<?xml version='1.0'?><a></a>").as_deref(),
            Ok("<a/>")
        );
    }

    #[test]
    fn malformed_documents_are_errors() {
        for text in [
            "",
            "x",
            "<a>",
            "<a><b></a>",
            "<a/><b/>",
            "<a>&nothing;</a>",
            "<!--x-->",
            "<a/><!-- x",
            "<a/",
        ] {
            assert!(round_trip(text).is_err(), "{text}");
        }
    }
}
