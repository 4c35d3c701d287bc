//! [DOM tree accessors](https://html.spec.whatwg.org/multipage/dom.html#dom-tree-accessors): the parts of an HTML document.

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::{self, NodeKind};
use html5ever::{LocalName, local_name, ns};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::document::child_of_kind;
use crate::dom::tree;
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;

/// [The html element](https://html.spec.whatwg.org/multipage/dom.html#the-html-element-2)
fn html_element_of(document: &Node) -> Option<Node> {
    child_of_kind(document, NodeKind::Element).filter(|node| dom::is_html_element(node, "html"))
}

/// The first child of the html element that is an HTML element with one of these names.
// OPTIMIZATION: names are compared as atoms, because each event at a window looks for the body.
fn child_of_html(document: &Node, names: &[LocalName]) -> Option<Node> {
    let html = html_element_of(document)?;
    let children = html.children.borrow();
    let is_wanted = |node: &&Node| match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(html) && names.contains(&name.local),
        _ => false,
    };
    children.iter().find(is_wanted).cloned()
}

/// [The head element](https://html.spec.whatwg.org/multipage/dom.html#the-head-element-2)
pub(super) fn head_of(document: &Node) -> Option<Node> {
    child_of_html(document, &[local_name!("head")])
}

/// [The body element](https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2)
pub(crate) fn body_of(document: &Node) -> Option<Node> {
    child_of_html(document, &[local_name!("body"), local_name!("frameset")])
}

/// [`body`'s setter](https://html.spec.whatwg.org/multipage/dom.html#dom-document-body)
pub(super) fn set_body(document: &Node, new: Option<Node>, cx: &mut Context) -> JsResult<()> {
    // 1. Refuse an element that is neither a body nor a frameset.
    let is_body = |node: &Node| {
        ["body", "frameset"]
            .iter()
            .any(|name| dom::is_html_element(node, name))
    };
    let Some(new) = new.filter(is_body) else {
        let message = "The new body is neither a body nor a frameset element.";
        return Err(exception::throw("HierarchyRequestError", message, cx));
    };
    match (
        body_of(document),
        child_of_kind(document, NodeKind::Element),
    ) {
        // 2. If the new body is the old one, return.
        (Some(old), _) if dom::is_same(&old, &new) => Ok(()),
        // 3. Replace the old body.
        (Some(old), _) => match dom::parent(&old) {
            Some(parent) => tree::replace(cx, &parent, &new, &old),
            None => Ok(()),
        },
        // 4. Refuse a body without a document element.
        (None, None) => {
            let message = "The document has no document element.";
            Err(exception::throw("HierarchyRequestError", message, cx))
        }
        // 5. Append the body to the document element.
        (None, Some(root)) => tree::insert(cx, &root, &new, None),
    }
}

fn title_element(document: &Node) -> Option<Node> {
    dom::descendants(document).find(|node| dom::is_html_element(node, "title"))
}

/// [`title`](https://html.spec.whatwg.org/multipage/dom.html#document.title)
pub(super) fn title(document: &Node) -> String {
    // 1. Take the text of the title element.
    // NOT YET: the title of an SVG document.
    let text = title_element(document).map(|title| dom::child_text_content(&title));
    // 2. and 3. Strip and collapse its whitespace.
    let text = text.unwrap_or_default();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

/// [`title`'s setter](https://html.spec.whatwg.org/multipage/dom.html#document.title)
pub(super) fn set_title(document: &Node, text: &str, cx: &mut Context) -> JsResult<()> {
    let title = match (title_element(document), head_of(document)) {
        // 2. Take the title element.
        (Some(title), _) => title,
        // 1. Without a title and a head, return.
        (None, None) => return Ok(()),
        // 3. Append a title element to the head.
        (None, Some(head)) => {
            let title = dom::create_element("title").or_throw(cx)?;
            tree::adopt(cx, &title, document);
            tree::insert(cx, &head, &title, None)?;
            title
        }
    };
    // 4. String replace all with the text.
    tree::string_replace_all(cx, &title, text);
    Ok(())
}
