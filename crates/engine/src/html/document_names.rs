//! The named properties of documents
//! ([HTML, the Document object](https://html.spec.whatwg.org/multipage/dom.html#dom-document-namedItem-which)).
//!
//! A document is used too often to be a proxy, as other legacy platform objects are. Its named properties are own
//! accessors of its object. The steps of changes to trees say when the named elements of a document have changed; then
//! accessors are added and removed. A page without named elements pays nothing.
// IMPLEMENTATION-DEFINED: they are accessors, hide no own property that a page has defined, and a page can redefine them.

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, NativeFunction, Trace};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use framepost_event_loop::FxHashSet;
use markup5ever_rcdom::Handle as Node;

use crate::dom::collection::Of;
use crate::dom::{collections, node};
use crate::script::{with_contexts, wrappers};
use crate::webidl::platform::{self, Untraced};
use crate::windows::window_proxy;

/// The named properties that a document's object has.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct NamedProperties(Vec<NamedProperty>);

#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct NamedProperty {
    #[unsafe_ignore_trace]
    name: String,
    getter: JsObject,
}

/// A document gets its object: watches its named elements.
pub(crate) fn wrapped(cx: &mut Context, document: &Node) {
    if node_kind(document) == NodeKind::Document
        && with_contexts(cx, |contexts| contexts.watch_named_elements(document))
    {
        update(cx, document);
    }
}

/// Gives the object of a document the named properties that it should have now.
pub(crate) fn update(cx: &mut Context, document: &Node) {
    let Some(object) = wrappers::object_of(cx, document) else {
        return;
    };
    let names = dom::supported_property_names(document);
    let before = platform::with_attached_mut(&object, |held: &mut NamedProperties| {
        std::mem::take(&mut held.0)
    });
    let wanted: FxHashSet<&String> = names.iter().collect();
    let (mut kept, gone): (Vec<_>, Vec<_>) = before
        .unwrap_or_default()
        .into_iter()
        .partition(|property| wanted.contains(&property.name));
    for property in gone {
        remove(&object, &property, cx);
    }
    let known: FxHashSet<String> = kept.iter().map(|property| property.name.clone()).collect();
    kept.extend(
        names
            .into_iter()
            .filter(|name| !known.contains(name))
            .filter_map(|name| define(&object, document, name, cx)),
    );
    platform::with_attached_mut(&object, |held: &mut NamedProperties| held.0 = kept);
}

fn key_of(name: &str) -> PropertyKey {
    PropertyKey::from(JsString::from(name))
}

/// Defines a named property, unless the object has an own property of this name.
fn define(
    object: &JsObject,
    document: &Node,
    name: String,
    cx: &mut Context,
) -> Option<NamedProperty> {
    let key = key_of(&name);
    if object.borrow().properties().contains_key(&key) {
        return None;
    }
    let realm = node::realm_of(cx, document);
    let steps = NativeFunction::from_copy_closure_with_captures(
        |this, _, name: &Untraced<String>, cx| named_item(this, &name.0, cx),
        Untraced(name.clone()),
    );
    let getter: JsObject = FunctionObjectBuilder::new(&realm, steps)
        .name(JsString::from(format!("get {name}")))
        .build()
        .into();
    let property = PropertyDescriptor::builder()
        .get(getter.clone())
        .enumerable(true)
        .configurable(true);
    object.insert_property(key, property.build());
    Some(NamedProperty { name, getter })
}

/// Removes a named property, unless the page has redefined it.
fn remove(object: &JsObject, property: &NamedProperty, cx: &mut Context) {
    let key = key_of(&property.name);
    let held = object.borrow().properties().get(&key);
    let getter = held.and_then(|held| held.get()?.as_object());
    if getter.as_ref() == Some(&property.getter) {
        // An ordinary object refuses only to delete properties that are not configurable.
        let _: JsResult<bool> = object.delete_property_or_throw(key, cx);
    }
}

/// The value of a [named property](https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem) of a document.
fn named_item(this: &JsValue, name: &str, cx: &mut Context) -> JsResult<JsValue> {
    let document = this
        .as_object()
        .and_then(|object| wrappers::as_node(&object));
    let document = document.ok_or_else(platform::illegal_invocation)?;
    // 1. The named elements with this name.
    let mut named = dom::descendants(&document).filter(|node| dom::is_named_element(node, name));
    let (Some(first), second) = (named.next(), named.next()) else {
        return Ok(JsValue::undefined());
    };
    // 2. and 3. A single iframe is its window, any other single element is itself.
    if second.is_none() {
        let navigable = with_contexts(cx, |contexts| contexts.content_navigable(&first));
        return Ok(match navigable {
            Some(frame) if dom::is_html_element(&first, "iframe") => {
                window_proxy::proxy_value(cx, frame)
            }
            _ => node::wrap(cx, &first).into(),
        });
    }
    // 4. Several elements are a collection.
    let of = Of::DocumentNamed(name.to_owned());
    Ok(collections::create(cx, &document, of)?.into())
}
