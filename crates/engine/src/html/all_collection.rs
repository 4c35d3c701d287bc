//! `document.all` ([HTML, HTMLAllCollection](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#the-htmlallcollection-interface)).
//!
//! Boa has objects with an [[IsHTMLDDA]] internal slot: they are falsy, equal to undefined, and their type is
//! "undefined". Such an object cannot be a proxy at the same time. So `document.all` is one whose prototype is the
//! collection.
// NOT YET: calling it. Boa's objects with this slot return undefined when they are called.

use boa_engine::builtins::is_html_dda::IsHTMLDDA;
use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::dom::collection::{Collection, Of, is_named_in_all};
use crate::dom::{collections, node};
use crate::webidl::{self, interface, platform};

interface! {
    /// The `HTMLAllCollection` interface.
    [Exposed=Window, LegacyUnenumerableNamedProperties]
    interface HTMLAllCollection(Collection) {
        readonly attribute unsigned long length = |collection| collection.length();
        getter Element? (unsigned long index) = |collection, index: usize| collection.item(index);
        getter object? namedItem(DOMString name) = named_item, |collection| collection.names();
        object? item(optional DOMString nameOrIndex);
    }
}

/// [`all`](https://html.spec.whatwg.org/multipage/obsolete.html#dom-document-all)
pub(super) fn all(document: &Node, cx: &mut Context) -> JsResult<JsObject> {
    let collection = collections::create(cx, document, Of::All(&HTML_ALL_COLLECTION))?;
    let shape = webidl::realm::root_shape_of(&node::realm_of(cx, document), cx);
    Ok(JsObject::new(&shape, collection, IsHTMLDDA).upcast())
}

fn root_of(collection: &JsObject) -> JsResult<Node> {
    platform::read(collection, |collection: &Collection| {
        collection.root.node.clone()
    })
}

/// [Get the "all"-named element(s)](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#concept-get-all-named)
fn named_item(collection: &JsObject, name: &str, cx: &mut Context) -> JsResult<Option<JsObject>> {
    // 1. The empty string names nothing.
    if name.is_empty() {
        return Ok(None);
    }
    // 2. The elements of this name.
    let root = root_of(collection)?;
    let mut named = dom::descendants(&root)
        .filter(|node| node_kind(node) == NodeKind::Element && is_named_in_all(node, name));
    match (named.next(), named.next()) {
        // 4. There is none.
        (None, _) => Ok(None),
        // 3. One is that one.
        (Some(one), None) => Ok(Some(node::wrap(cx, &one))),
        // 5. Several are a collection.
        _ => collections::create(cx, &root, Of::AllNamed(name.to_owned())).map(Some),
    }
}

/// [`item()`](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-htmlallcollection-item)
fn item(
    collection: &JsObject,
    name_or_index: Option<&str>,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    // 1. Without an argument, return null.
    let Some(name_or_index) = name_or_index else {
        return Ok(None);
    };
    // 2. Get the "all"-indexed or named elements: the element at an array index, or those of a name.
    let index = name_or_index.parse::<u32>().ok();
    let index = index.filter(|index| *index != u32::MAX && index.to_string() == name_or_index);
    let Some(index) = index else {
        return named_item(collection, name_or_index, cx);
    };
    let found = platform::read(collection, |collection: &Collection| {
        collection.item(index as usize)
    })?;
    Ok(found.map(|found| node::wrap(cx, &found)))
}
