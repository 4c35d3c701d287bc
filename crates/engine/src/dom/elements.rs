//! The names of elements and their attributes, and insertion beside an element
//! ([DOM, interface Element](https://dom.spec.whatwg.org/#interface-element)).

use boa_engine::{Context, JsError, JsResult};
use framepost_browsing_context::dom;
use html5ever::ns;
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::exception;

/// The [namespace](https://dom.spec.whatwg.org/#concept-element-namespace) of an element.
pub(crate) fn namespace(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } if !name.ns.is_empty() => Some(name.ns.to_string()),
        _ => None,
    }
}

/// The [namespace prefix](https://dom.spec.whatwg.org/#concept-element-namespace-prefix) of an element.
pub(super) fn prefix(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => name
            .prefix
            .as_ref()
            .filter(|prefix| !prefix.is_empty())
            .map(ToString::to_string),
        _ => None,
    }
}

/// Whether the element is in the HTML namespace.
pub(crate) fn is_html(node: &Node) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if name.ns == ns!(html))
}

/// [HTML-uppercased qualified name](https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name)
pub(crate) fn tag_name(node: &Node, cx: &Context) -> String {
    let qualified = qualified_name(node);
    if is_html_in_html_document(node, cx) {
        qualified.to_ascii_uppercase()
    } else {
        qualified
    }
}

/// Whether this is an HTML element in an HTML document.
pub(crate) fn is_html_in_html_document(node: &Node, cx: &Context) -> bool {
    is_html(node) && with_contexts(cx, |contexts| contexts.is_in_html_document(node))
}

/// [Qualified name](https://dom.spec.whatwg.org/#concept-element-qualified-name)
pub(crate) fn qualified_name(node: &Node) -> String {
    let local = dom::local_name(node).unwrap_or_default();
    match prefix(node) {
        Some(prefix) => format!("{prefix}:{local}"),
        None => local.to_owned(),
    }
}

/// The value of the attribute of this qualified name.
pub(crate) fn qualified_attribute(node: &Node, name: &str) -> Option<String> {
    dom::attributes(node)
        .into_iter()
        .find(|(held, _)| held == name)
        .map(|(_, value)| value)
}

/// The qualified name of an attribute for a search: in lower case for an HTML element in
/// an HTML document.
pub(crate) fn attribute_name(element: &Node, name: &str, cx: &Context) -> String {
    match is_html_in_html_document(element, cx) {
        true => name.to_ascii_lowercase(),
        false => name.to_owned(),
    }
}

/// Throws unless this is a valid attribute local name.
pub(crate) fn check_name(name: &str, cx: &mut Context) -> JsResult<()> {
    if !dom::is_valid_attribute_local_name(name) {
        let message = format!("{name:?} is not a valid attribute name.");
        return Err(exception::throw("InvalidCharacterError", &message, cx));
    }
    Ok(())
}

/// [Insert adjacent](https://dom.spec.whatwg.org/#insert-adjacent). Returns `None` if there is no such place.
pub(crate) fn insert_adjacent(
    cx: &mut Context,
    element: &Node,
    position: &str,
    node: Node,
) -> JsResult<Option<Node>> {
    let (parent, before) = match position.to_ascii_lowercase().as_str() {
        "beforebegin" => (dom::parent(element), Some(element.clone())),
        "afterbegin" => (Some(element.clone()), dom::first_child(element)),
        "beforeend" => (Some(element.clone()), None),
        "afterend" => (dom::parent(element), dom::next_sibling(element)),
        _ => return Err(bad_position(position, cx)),
    };
    let Some(parent) = parent else {
        return Ok(None);
    };
    tree::insert(cx, &parent, &node, before.as_ref())?;
    Ok(Some(node))
}

/// The error for an invalid position.
pub(crate) fn bad_position(position: &str, cx: &mut Context) -> JsError {
    let message = format!(
        "{position:?} is not one of 'beforeBegin', 'afterBegin', 'beforeEnd', or 'afterEnd'."
    );
    exception::throw("SyntaxError", &message, cx)
}

/// The value of an attribute, or an empty string.
pub(crate) fn attribute_or_empty(node: &Node, name: &str) -> String {
    dom::attribute(node, name).unwrap_or_default()
}
