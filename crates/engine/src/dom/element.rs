//! `Element` ([DOM, interface Element](https://dom.spec.whatwg.org/#interface-element)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::elements::{
    attribute_name, check_name, insert_adjacent, namespace, prefix, qualified_attribute, tag_name,
};
use crate::dom::attr::Attr;
use crate::dom::attributes;
use crate::dom::child_node::{CHILD_NODE, NON_DOCUMENT_TYPE_CHILD_NODE};
use crate::dom::node::NODE;
use crate::dom::parent_node::{PARENT_NODE, selectors_mode};
use crate::dom::shadow::{SLOTTABLE, ShadowRootInit, attach_shadow, shadow_root};
use crate::dom::{collections, named_node_map, reflect, selectors, token_list, tree};
use crate::webidl::exception::OrThrow;
use crate::webidl::interface;

interface! {
    /// The `Element` interface.
    [Exposed=Window]
    interface Element(Node) : Node {
        readonly attribute DOMString? namespaceURI = |element| namespace(element);
        readonly attribute DOMString? prefix = |element| prefix(element);
        readonly attribute DOMString localName = |element| dom::local_name(element).unwrap_or_default().to_owned();
        readonly attribute DOMString tagName;

        [CEReactions, Reflect] attribute DOMString id;
        [CEReactions, Reflect="class"] attribute DOMString className;
        [CEReactions, Unscopable, Reflect] attribute DOMString slot;
        [SameObject, PutForwards=value] readonly attribute DOMTokenList classList = token_list::class_list;

        boolean hasAttributes() = |element| !dom::attributes(element).is_empty();
        [SameObject] readonly attribute NamedNodeMap attributes = named_node_map::attributes;
        sequence<DOMString> getAttributeNames() = |element| attribute_names(element);
        DOMString? getAttribute(DOMString qualifiedName) =
            |element: &Node, name: &str, cx| qualified_attribute(element, &attribute_name(element, name, cx));
        [CEReactions] undefined setAttribute(DOMString qualifiedName, DOMString value);
        [CEReactions] undefined removeAttribute(DOMString qualifiedName) =
            |element: &Node, name: &str, cx| tree::remove_attribute(cx, element, &attribute_name(element, name, cx));
        [CEReactions] boolean toggleAttribute(DOMString qualifiedName, optional boolean force);
        boolean hasAttribute(DOMString qualifiedName) =
            |element: &Node, name: &str, cx| qualified_attribute(element, &attribute_name(element, name, cx)).is_some();

        DOMString? getAttributeNS(DOMString? namespace, DOMString localName) =
            |element, namespace: Option<String>, local: String| attribute_ns(element, namespace.as_deref(), &local);
        [CEReactions] undefined setAttributeNS(DOMString? namespace, DOMString qualifiedName, DOMString value) = attributes::set_attribute_ns;
        [CEReactions] undefined removeAttributeNS(DOMString? namespace, DOMString localName) = attributes::remove_attribute_ns;
        boolean hasAttributeNS(DOMString? namespace, DOMString localName) =
            |element, namespace: Option<String>, local: String| attribute_ns(element, namespace.as_deref(), &local).is_some();

        Attr? getAttributeNode(DOMString qualifiedName) = attributes::get_attribute_node;
        Attr? getAttributeNodeNS(DOMString? namespace, DOMString localName) = attributes::get_attribute_node_ns;
        [CEReactions] Attr? setAttributeNode(Attr attr) = attributes::set_an_attribute;
        [CEReactions] Attr? setAttributeNodeNS(Attr attr) = attributes::set_an_attribute;
        [CEReactions] Attr removeAttributeNode(Attr attr) = attributes::remove_attribute_node;

        ShadowRoot attachShadow(ShadowRootInit init);
        readonly attribute ShadowRoot? shadowRoot;

        Element? closest(DOMString selectors) =
            |element: &Node, text: &str, cx| selectors::closest(element, text, selectors_mode(cx, element, text)).or_throw(cx);
        boolean matches(DOMString selectors);
        boolean webkitMatchesSelector(DOMString selectors) = matches;

        HTMLCollection getElementsByTagName(DOMString qualifiedName) = collections::get_elements_by_tag_name;
        HTMLCollection getElementsByTagNameNS(DOMString? namespace, DOMString localName) =
            collections::get_elements_by_tag_name_ns;
        HTMLCollection getElementsByClassName(DOMString classNames) = collections::get_elements_by_class_name;

        [CEReactions] Element? insertAdjacentElement(DOMString where, Element element);
        undefined insertAdjacentText(DOMString where, DOMString data);
    }

    Element includes ParentNode;
    Element includes NonDocumentTypeChildNode;
    Element includes ChildNode;
    Element includes Slottable;
}

/// The value of the attribute of this namespace and local name.
fn attribute_ns(node: &Node, namespace: Option<&str>, local: &str) -> Option<String> {
    dom::attribute_ns(node, namespace.unwrap_or_default(), local)
}

/// [`getAttributeNames()`](https://dom.spec.whatwg.org/#dom-element-getattributenames)
pub(crate) fn attribute_names(element: &Node) -> Vec<String> {
    let attributes = dom::attributes(element).into_iter();
    attributes.map(|(name, _)| name).collect()
}

/// [`setAttribute()`](https://dom.spec.whatwg.org/#dom-element-setattribute)
fn set_attribute(element: &Node, name: &str, value: &str, cx: &mut Context) -> JsResult<()> {
    // 2. The name is in lower case.
    let name = attribute_name(element, name, cx);
    // 1. Check the name.
    check_name(&name, cx)?;
    // 3. to 6. Append or change the attribute.
    tree::set_attribute(cx, element, &name, value);
    Ok(())
}

/// [`toggleAttribute()`](https://dom.spec.whatwg.org/#dom-element-toggleattribute)
fn toggle_attribute(
    element: &Node,
    name: &str,
    force: Option<bool>,
    cx: &mut Context,
) -> JsResult<bool> {
    // 1. and 2. Check the name, in lower case.
    let name = attribute_name(element, name, cx);
    check_name(&name, cx)?;
    // 3. Find the attribute.
    let is_present = qualified_attribute(element, &name).is_some();
    let wanted = force.unwrap_or(!is_present);
    match (is_present, wanted) {
        // 4. Append it.
        (false, true) => tree::set_attribute(cx, element, &name, ""),
        // 5. Remove it.
        (true, false) => tree::remove_attribute(cx, element, &name),
        _ => {}
    }
    // 6. Return whether it is there now.
    Ok(wanted)
}

/// [`matches()`](https://dom.spec.whatwg.org/#dom-element-matches)
fn matches(element: &Node, text: &str, cx: &mut Context) -> JsResult<bool> {
    selectors::matches(element, text, selectors_mode(cx, element, text)).or_throw(cx)
}

/// [`insertAdjacentElement()`](https://dom.spec.whatwg.org/#dom-element-insertadjacentelement)
fn insert_adjacent_element(
    element: &Node,
    position: &str,
    inserted: Node,
    cx: &mut Context,
) -> JsResult<Option<Node>> {
    insert_adjacent(cx, element, position, inserted)
}

/// [`insertAdjacentText()`](https://dom.spec.whatwg.org/#dom-element-insertadjacenttext)
fn insert_adjacent_text(
    element: &Node,
    position: &str,
    data: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Create a text node.
    let text = dom::create_text(data);
    tree::adopt(cx, &text, element);
    // 2. Insert it.
    insert_adjacent(cx, element, position, text).map(drop)
}
