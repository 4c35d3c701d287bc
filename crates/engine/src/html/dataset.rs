//! `DOMStringMap`, an element's `dataset`
//! ([HTML, embedding custom non-visible data](https://html.spec.whatwg.org/multipage/dom.html#embedding-custom-non-visible-data-with-the-data-*-attributes)).

use boa_engine::{Context, JsObject, JsResult};
use markup5ever_rcdom::Handle as Node;

use super::data_attributes::{names, remove, set, value_of};
use crate::dom::node;
use crate::script::wrappers::{NodeWrapper, OfNode};
use crate::webidl::{self, interface, legacy_platform_object};

interface! {
    /// The `DOMStringMap` interface.
    [Exposed=Window, LegacyOverrideBuiltIns]
    interface DOMStringMap(OfNode) {
        getter DOMString (DOMString name) = |map, name: String| value_of(&map.0.node, &name), |map| names(&map.0.node);
        [CEReactions] setter undefined (DOMString name, DOMString value) = set;
        [CEReactions] deleter undefined (DOMString name) = remove;
    }
}

/// [`dataset`](https://html.spec.whatwg.org/multipage/dom.html#dom-dataset)
pub(crate) fn dataset(element: &Node, cx: &mut Context) -> JsResult<JsObject> {
    let data = OfNode(NodeWrapper::holding(cx, element.clone()));
    let realm = node::realm_of(cx, element);
    let target = webidl::create_object(&realm, &DOM_STRING_MAP, data, cx);
    legacy_platform_object::proxy(cx, &target)
}
