//! [DOM tree accessors](https://html.spec.whatwg.org/multipage/dom.html#dom-tree-accessors): the parts of an HTML document.

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::{self, NodeKind};
use html5ever::{LocalName, local_name, ns};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::document::child_of_kind;
use crate::dom::{elements, tree};
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

/// [The title element](https://html.spec.whatwg.org/multipage/dom.html#the-title-element-2)
fn title_element(document: &Node) -> Option<Node> {
    dom::descendants(document).find(|node| dom::is_html_element(node, "title"))
}

/// The document element, if it is an SVG `svg` element.
fn svg_element_of(document: &Node) -> Option<Node> {
    child_of_kind(document, NodeKind::Element).filter(|node| is_svg_element(node, "svg"))
}

fn is_svg_element(node: &Node, local: &str) -> bool {
    elements::namespace(node).as_deref() == Some(SVG) && dom::local_name(node) == Some(local)
}

fn svg_title_of(svg: &Node) -> Option<Node> {
    let children = svg.children.borrow();
    let found = children.iter().find(|child| is_svg_element(child, "title"));
    found.cloned()
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// [`title`](https://html.spec.whatwg.org/multipage/dom.html#document.title)
pub(super) fn title(document: &Node) -> String {
    // 1. and 2. Take the text of the title element: in an SVG document that of the first SVG title.
    let element = match svg_element_of(document) {
        Some(svg) => svg_title_of(&svg),
        None => title_element(document),
    };
    let text = element.map(|title| dom::child_text_content(&title));
    // 3. and 4. Strip and collapse its whitespace.
    let text = text.unwrap_or_default();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

/// [`title`'s setter](https://html.spec.whatwg.org/multipage/dom.html#document.title)
pub(super) fn set_title(document: &Node, text: &str, cx: &mut Context) -> JsResult<()> {
    let root = child_of_kind(document, NodeKind::Element);
    let title = match (svg_element_of(document), root) {
        // 1. In an SVG document,
        (Some(svg), _) => match svg_title_of(&svg) {
            // 1.1. take the first SVG title,
            Some(title) => title,
            // 1.2. or insert one as the first child.
            None => {
                let title = dom::create_element_ns(Some(SVG), "title").or_throw(cx)?;
                tree::adopt(cx, &title, document);
                tree::insert(cx, &svg, &title, dom::first_child(&svg).as_ref())?;
                title
            }
        },
        // 2. If the document element is an HTML element,
        (None, Some(root)) if elements::is_html(&root) => {
            match (title_element(document), head_of(document)) {
                // 2.2. take the title element,
                (Some(title), _) => title,
                // 2.1. without a title and a head, return,
                (None, None) => return Ok(()),
                // 2.3. or append a title element to the head.
                (None, Some(head)) => {
                    let title = dom::create_element("title").or_throw(cx)?;
                    tree::adopt(cx, &title, document);
                    tree::insert(cx, &head, &title, None)?;
                    title
                }
            }
        }
        // 3. Otherwise return.
        _ => return Ok(()),
    };
    // 1.3. and 2.4. String replace all with the text.
    tree::string_replace_all(cx, &title, text);
    Ok(())
}
