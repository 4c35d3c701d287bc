//! `Attr` ([DOM, interface Attr](https://dom.spec.whatwg.org/#interface-attr)).
//!
//! NOT YET: `compareDocumentPosition()` takes every attribute for a tree of its own.

use super::attributes::{AttrData, set_value};
use crate::dom::node::NODE;
use crate::webidl::interface;

interface! {
    /// The `Attr` interface.
    [Exposed=Window]
    interface Attr(AttrData) : Node {
        readonly attribute DOMString? namespaceURI = |attr| attr.name.namespace.clone();
        readonly attribute DOMString? prefix = |attr| attr.name.prefix.clone();
        readonly attribute DOMString localName = |attr| attr.name.local.clone();
        readonly attribute DOMString name = |attr| attr.name.qualified();
        [CEReactions] attribute DOMString value = |attr| attr.value(), set_value;

        readonly attribute Element? ownerElement = .element;

        readonly attribute boolean specified = true;
    }
}
