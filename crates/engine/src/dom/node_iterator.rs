//! `NodeIterator` ([DOM, interface NodeIterator](https://dom.spec.whatwg.org/#interface-nodeiterator)).

use std::rc::Rc;

use boa_engine::{Context, JsObject};
use markup5ever_rcdom::Handle as Node;

use super::live::{self, Position, Reference};
use super::node;
use super::traversal::{Direction, IteratorData, SHOW_ALL, Traversal, traverse};
use crate::webidl::{self, interface};

interface! {
    /// The `NodeIterator` interface.
    [Exposed=Window]
    interface NodeIterator(IteratorData) {
        [SameObject] readonly attribute Node root = |iterator| iterator.traversal.root.node.clone();
        readonly attribute Node referenceNode = |iterator| iterator.position.at.borrow().node.clone();
        readonly attribute boolean pointerBeforeReferenceNode =
            |iterator| iterator.position.at.borrow().pointer_before;
        readonly attribute unsigned long whatToShow = |iterator| iterator.traversal.what_to_show();
        readonly attribute NodeFilter? filter = |iterator| iterator.traversal.filter();

        Node? nextNode() = |iterator: &JsObject, cx| traverse(iterator, Direction::Forward, cx);
        Node? previousNode() = |iterator: &JsObject, cx| traverse(iterator, Direction::Backward, cx);
        undefined detach() = || ();
    }

    partial interface Document(Node) {
        [NewObject] NodeIterator createNodeIterator(
            Node root,
            optional unsigned long whatToShow,
            optional object? filter = null
        );
    }
}

/// [`createNodeIterator()`](https://dom.spec.whatwg.org/#dom-document-createnodeiterator)
fn create_node_iterator(
    document: &Node,
    root: &Node,
    what_to_show: Option<u32>,
    filter: Option<JsObject>,
    cx: &mut Context,
) -> JsObject {
    // 1. to 6. Return an iterator whose pointer is before its root.
    let traversal = Traversal::new(root, what_to_show.unwrap_or(SHOW_ALL), filter, cx);
    let position = Rc::new(Position {
        root: root.clone(),
        at: Reference {
            node: root.clone(),
            pointer_before: true,
        }
        .into(),
    });
    live::add_iterator(cx, &position);
    let realm = node::realm_of(cx, document);
    let data = IteratorData {
        traversal,
        position,
    };
    webidl::create_object(&realm, &NODE_ITERATOR, data, cx)
}
