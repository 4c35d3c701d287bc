//! `DOMParser` and `XMLSerializer`
//! ([HTML, DOM parsing and serialization APIs](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#the-domparser-interface)).
//!
//! NOT YET: the documents know neither their URL nor their content type.

use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle as Node, NodeData, RcDom};

use crate::dom::node;
use crate::dom::tree;
use crate::html::xml_serialization::serialize;
use crate::script::with_contexts;
use crate::webidl::convert::{argument, dom_string, js_str};
use crate::webidl::exception::OrThrow;
use crate::webidl::{Interface, Member};

/// The `DOMParser` interface.
pub(crate) static DOM_PARSER: Interface = Interface {
    constructor: Some((0, |target, _, ctx| target.create((), ctx))),
    members: &[&[Member::Operation("parseFromString", 2, parse_from_string)]],
    ..Interface::new("DOMParser")
};

/// The `XMLSerializer` interface
/// ([DOM Parsing and Serialization](https://w3c.github.io/DOM-Parsing/#the-xmlserializer-interface)).
pub(crate) static XML_SERIALIZER: Interface = Interface {
    constructor: Some((0, |target, _, ctx| target.create((), ctx))),
    members: &[&[Member::Operation("serializeToString", 1, |_, args, ctx| {
        Ok(js_str(serialize(&node::node_argument(args, 0, ctx)?)))
    })]],
    ..Interface::new("XMLSerializer")
};

/// [parseFromString](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring)
fn parse_from_string(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let text = dom_string(&argument(args, 0), ctx)?;
    let content_type = argument(args, 1).to_string(ctx)?.to_std_string_lossy();
    let document = match content_type.as_str() {
        "text/html" => with_contexts(ctx, |contexts| contexts.parse_html_from_a_string(&text)),
        "text/xml" | "application/xml" | "application/xhtml+xml" | "image/svg+xml" => {
            match parse_xml(&text) {
                Ok(document) => document,
                Err(message) => parser_error(&message, ctx)?,
            }
        }
        _ => {
            return Err(JsNativeError::typ()
                .with_message(format!(
                    "The provided value '{content_type}' is not a valid enum value of type DOMParserSupportedType."
                ))
                .into());
        }
    };
    Ok(node::wrap(ctx, &document).into())
}

/// What is put behind a document to see where the parser is when it ends: the parser closes what a
/// document leaves open without a word.
const END: &str = "end of the document";

/// Parses a document, or says what is wrong with it.
fn parse_xml(text: &str) -> Result<Node, String> {
    let parser = xml5ever::driver::parse_document(
        RcDom::default(),
        xml5ever::driver::XmlParseOpts::default(),
    );
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
    document
        .children
        .borrow_mut()
        .retain(|child| !is_declaration(child));
    if document
        .children
        .borrow()
        .iter()
        .any(|child| node_kind(child) == NodeKind::Element)
    {
        Ok(document)
    } else {
        Err("the document has no element".to_owned())
    }
}

/// The document that stands for one that is not well-formed.
fn parser_error(message: &str, ctx: &mut Context) -> JsResult<Node> {
    let document = dom::create_document();
    let namespace = "http://www.mozilla.org/newlayout/xml/parsererror.xml";
    let root = dom::create_element_ns(Some(namespace), "parsererror").or_throw(ctx)?;
    tree::insert(ctx, &root, &dom::create_text(message), None)?;
    tree::insert(ctx, &document, &root, None)?;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::{parse_xml, serialize};

    fn round_trip(text: &str) -> Result<String, String> {
        parse_xml(text).map(|document| serialize(&document))
    }

    #[test]
    fn well_formed_documents_come_back_as_they_were() {
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
    fn what_is_not_well_formed_is_an_error() {
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
