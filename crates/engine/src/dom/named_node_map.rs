//! `NamedNodeMap` ([DOM, interface NamedNodeMap](https://dom.spec.whatwg.org/#interface-namednodemap)).

use super::collections::Collection;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::exception;
use crate::webidl::interface;
use crate::webidl::platform;

use super::{attr, collections, element, node};

interface! {
    /// The `NamedNodeMap` interface.
    [Exposed=Window, LegacyUnenumerableNamedProperties]
    interface NamedNodeMap(Collection) {
        readonly attribute unsigned long length = |map| dom::attributes(&map.root.node).len();
        getter Attr? item(unsigned long index);
        getter Attr? getNamedItem(DOMString qualifiedName) = get_named_item, |map| names(&map.root.node);
        [CEReactions] Attr? setNamedItem(any attr);
        [CEReactions] Attr removeNamedItem(DOMString qualifiedName);
    }
}

/// The names of an element's attributes.
fn names(element: &Node) -> Vec<String> {
    let attributes = dom::attributes(element).into_iter();
    attributes.map(|(name, _)| name).collect()
}

/// [`item()`](https://dom.spec.whatwg.org/#dom-namednodemap-item)
fn item(map: &JsObject, index: usize, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = element_of(map)?;
    match names(&element).get(index) {
        Some(name) => attr::of_element(cx, &element, name),
        None => Ok(None),
    }
}

/// [`getNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-getnameditem)
fn get_named_item(map: &JsObject, name: &str, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = element_of(map)?;
    attr::of_element(cx, &element, &name_of(&element, name))
}

/// [`setNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-setnameditem)
fn set_named_item(map: &JsObject, attr: JsValue, cx: &mut Context) -> JsResult<JsValue> {
    let element = node::wrap(cx, &element_of(map)?);
    attr::set_attribute_node(&element, &[attr], cx)
}

/// [`removeNamedItem()`](https://dom.spec.whatwg.org/#dom-namednodemap-removenameditem)
fn remove_named_item(map: &JsObject, name: &str, cx: &mut Context) -> JsResult<JsObject> {
    let element = element_of(map)?;
    let name = name_of(&element, name);
    let Some(found) = attr::of_element(cx, &element, &name)? else {
        let message = format!("there is no attribute {name:?}");
        return Err(exception::throw("NotFoundError", &message, cx));
    };
    tree::remove_attribute(cx, &element, &name);
    Ok(found)
}

/// The [element](https://dom.spec.whatwg.org/#concept-namednodemap-element) of a map.
fn element_of(this: &JsObject) -> JsResult<Node> {
    platform::with(this, |collection: &Collection| {
        Some(collection.root.node.clone())
    })
    .ok_or_else(platform::illegal_invocation)
}

/// The name of an attribute of an element, as a method is given it.
fn name_of(element: &Node, name: &str) -> String {
    match element::is_html(element) {
        true => name.to_ascii_lowercase(),
        false => name.to_owned(),
    }
}

/// [`attributes`](https://dom.spec.whatwg.org/#dom-element-attributes)
pub(crate) fn attributes(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    collections::of_node(this, "attributes", ctx)
}
