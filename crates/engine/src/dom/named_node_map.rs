//! `NamedNodeMap` ([DOM, interface NamedNodeMap](https://dom.spec.whatwg.org/#interface-namednodemap)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::attr::Attr;
use super::collection::Collection;
use super::collections;
use super::element;
use super::node;
use super::{attributes, elements};
use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::{exception, interface, platform};

interface! {
    /// The `NamedNodeMap` interface.
    [Exposed=Window, LegacyUnenumerableNamedProperties]
    interface NamedNodeMap(Collection) {
        readonly attribute unsigned long length = |map| dom::attributes(&map.root.node).len();
        getter Attr? item(unsigned long index);
        getter Attr? getNamedItem(DOMString qualifiedName) = get_named_item, supported_property_names;
        Attr? getNamedItemNS(DOMString? namespace, DOMString localName) = get_named_item_ns;
        [CEReactions] Attr? setNamedItem(Attr attr);
        [CEReactions] Attr? setNamedItemNS(Attr attr) = set_named_item;
        [CEReactions] Attr removeNamedItem(DOMString qualifiedName);
        [CEReactions] Attr removeNamedItemNS(DOMString? namespace, DOMString localName) = remove_named_item_ns;
    }
}

/// The [supported property names](https://dom.spec.whatwg.org/#interface-namednodemap:supported-property-names).
fn supported_property_names(map: &JsObject, cx: &mut Context) -> Vec<String> {
    let Ok(element) = element_of(map) else {
        return Vec::new();
    };
    // 1. The qualified names of the attributes.
    let mut names = element::attribute_names(&element);
    // 2. Those with capitals cannot be asked for on an HTML element of an HTML document.
    if dom::html_name(&element).is_some()
        && with_contexts(cx, |contexts| contexts.is_in_html_document(&element))
    {
        names.retain(|name| !name.contains(|c: char| c.is_ascii_uppercase()));
    }
    // 3. Return them.
    names
}

/// [`item()`](https://dom.spec.whatwg.org/#dom-namednodemap-item)
fn item(map: &JsObject, index: usize, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = element_of(map)?;
    let name = dom::attribute_names(&element).into_iter().nth(index);
    Ok(name.map(|name| attributes::of_name(cx, &element, &name)))
}

/// [`getNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-getnameditem)
fn get_named_item(map: &JsObject, name: &str, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = element_of(map)?;
    Ok(attributes::get_attribute_node(&element, name, cx))
}

/// [`getNamedItemNS()`](https://dom.spec.whatwg.org/#dom-namednodemap-getnameditemns)
fn get_named_item_ns(
    map: &JsObject,
    namespace: Option<&str>,
    local: &str,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    let element = element_of(map)?;
    Ok(attributes::get_attribute_node_ns(
        &element, namespace, local, cx,
    ))
}

/// [`removeNamedItemNS()`](https://dom.spec.whatwg.org/#dom-namednodemap-removenameditemns)
fn remove_named_item_ns(
    map: &JsObject,
    namespace: Option<&str>,
    local: &str,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let element = element_of(map)?;
    let Some(found) = attributes::get_attribute_node_ns(&element, namespace, local, cx) else {
        let message = format!("There is no attribute {local:?} of this namespace.");
        return Err(exception::throw("NotFoundError", &message, cx));
    };
    attributes::remove_attribute_ns(&element, namespace, local, cx);
    Ok(found)
}

/// [`setNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-setnameditem)
fn set_named_item(map: &JsObject, attr: &JsObject, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = node::wrap(cx, &element_of(map)?);
    attributes::set_an_attribute(&element, attr, cx)
}

/// [`removeNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-removenameditem)
fn remove_named_item(map: &JsObject, name: &str, cx: &mut Context) -> JsResult<JsObject> {
    let element = element_of(map)?;
    let name = elements::attribute_name(&element, name, cx);
    let Some(found) = attributes::of_element(cx, &element, &name) else {
        let message = format!("There is no attribute {name:?}.");
        return Err(exception::throw("NotFoundError", &message, cx));
    };
    tree::remove_attribute(cx, &element, &name);
    Ok(found)
}

/// The [element](https://dom.spec.whatwg.org/#concept-namednodemap-element) of a map.
fn element_of(this: &JsObject) -> JsResult<Node> {
    platform::read(this, |collection: &Collection| collection.root.node.clone())
}

/// [`attributes`](https://dom.spec.whatwg.org/#dom-element-attributes)
pub(crate) fn attributes(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    collections::of_node(this, "attributes", ctx)
}
