//! Looking up namespaces ([DOM, interface Node](https://dom.spec.whatwg.org/#locating-a-namespace)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::ns;
use markup5ever_rcdom::Handle as Node;

use super::document::child_of_kind;
use super::{attributes, elements};
use crate::script::wrappers;

/// The element at which the lookup for a node begins: its own, that of an attribute, the document element,
/// or the parent.
fn start(object: &JsObject) -> JsResult<Option<Node>> {
    let node = wrappers::node(object)?;
    Ok(match node_kind(&node) {
        NodeKind::Element => Some(node),
        NodeKind::Document => child_of_kind(&node, NodeKind::Element),
        NodeKind::Doctype | NodeKind::DocumentFragment => None,
        NodeKind::Attribute => {
            let owner = attributes::as_attr(object).and_then(|attr| attr.element);
            owner.map(|owner| wrappers::node(&owner)).transpose()?
        }
        _ => dom::parent(&node).filter(dom::is_element),
    })
}

fn above(element: &Node) -> impl Iterator<Item = Node> {
    dom::inclusive_ancestors(element).take_while(dom::is_element)
}

/// [Locate a namespace](https://dom.spec.whatwg.org/#locate-a-namespace)
fn locate_a_namespace(element: Option<Node>, prefix: Option<&str>) -> Option<String> {
    let element = element?;
    // 1. and 2. These prefixes are fixed.
    match prefix {
        Some("xml") => return Some(ns!(xml).to_string()),
        Some("xmlns") => return Some(ns!(xmlns).to_string()),
        _ => {}
    }
    for element in above(&element) {
        // 3. The namespace of the element, if it has the prefix.
        let namespace = elements::namespace(&element);
        if namespace.is_some() && elements::prefix(&element).as_deref() == prefix {
            return namespace;
        }
        // 4. A declaration of the prefix.
        let local = prefix.unwrap_or("xmlns");
        let declared = dom::attribute_names(&element).into_iter().find(|name| {
            name.ns == ns!(xmlns)
                && &*name.local == local
                && name.prefix.is_some() == prefix.is_some()
        });
        if let Some(name) = declared {
            let value = dom::attribute_ns(&element, &name.ns, &name.local);
            return value.filter(|value| !value.is_empty());
        }
        // 5. and 6. Go on with the parent element.
    }
    None
}

/// [Locate a namespace prefix](https://dom.spec.whatwg.org/#locate-a-namespace-prefix)
fn locate_a_namespace_prefix(element: Option<Node>, namespace: &str) -> Option<String> {
    for element in above(&element?) {
        // 1. The prefix of the element, if it has the namespace.
        let prefix = elements::prefix(&element);
        if prefix.is_some() && elements::namespace(&element).as_deref() == Some(namespace) {
            return prefix;
        }
        // 2. A declaration of the namespace.
        let declared = dom::attribute_names(&element).into_iter().find(|name| {
            let value = || dom::attribute_ns(&element, &name.ns, &name.local);
            name.prefix.as_deref() == Some("xmlns") && value().as_deref() == Some(namespace)
        });
        if let Some(name) = declared {
            return Some(name.local.to_string());
        }
        // 3. Go on with the parent element.
    }
    None
}

fn non_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// [`lookupPrefix()`](https://dom.spec.whatwg.org/#dom-node-lookupprefix)
pub(super) fn lookup_prefix(
    node: &JsObject,
    namespace: Option<&str>,
    _: &mut Context,
) -> JsResult<Option<String>> {
    // 1. No namespace has no prefix.
    let Some(namespace) = non_empty(namespace) else {
        return Ok(None);
    };
    // 2. Look from the element of the node.
    Ok(locate_a_namespace_prefix(start(node)?, namespace))
}

/// [`lookupNamespaceURI()`](https://dom.spec.whatwg.org/#dom-node-lookupnamespaceuri)
pub(super) fn lookup_namespace_uri(
    node: &JsObject,
    prefix: Option<&str>,
    _: &mut Context,
) -> JsResult<Option<String>> {
    Ok(locate_a_namespace(start(node)?, non_empty(prefix)))
}

/// [`isDefaultNamespace()`](https://dom.spec.whatwg.org/#dom-node-isdefaultnamespace)
pub(super) fn is_default_namespace(
    node: &JsObject,
    namespace: Option<&str>,
    _: &mut Context,
) -> JsResult<bool> {
    let default = locate_a_namespace(start(node)?, None);
    Ok(default.as_deref() == non_empty(namespace))
}
