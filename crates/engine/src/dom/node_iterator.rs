//! `NodeIterator` ([DOM, interface NodeIterator](https://dom.spec.whatwg.org/#interface-nodeiterator)).

use std::rc::Rc;

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::live::{self, Position, Reference};
use super::node;
use super::traversal::{Passes, SHOW_ALL, Traversal, Traverses, filter};
use crate::webidl::{self, interface, platform};

/// The data of a `NodeIterator`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct IteratorData {
    traversal: Traversal,
    #[unsafe_ignore_trace]
    position: Rc<Position>,
}

impl Traverses for IteratorData {
    fn traversal(&mut self) -> &mut Traversal {
        &mut self.traversal
    }
}

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

        Node? nextNode() = |iterator: &JsObject, cx| traverse(iterator, true, cx);
        Node? previousNode() = |iterator: &JsObject, cx| traverse(iterator, false, cx);
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
    // 1. to 6. The iterator begins in front of its root.
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

/// [Traverse](https://dom.spec.whatwg.org/#concept-nodeiterator-traverse)
fn traverse(iterator: &JsObject, forward: bool, cx: &mut Context) -> JsResult<Option<Node>> {
    let position = platform::read(iterator, |data: &IteratorData| data.position.clone())?;
    // 1. and 2. Begin at the reference.
    let Reference {
        mut node,
        pointer_before: mut before,
    } = position.at.borrow().clone();
    // 3.
    loop {
        // 3.1. Pass the node, or go to the next or the previous one.
        if before == forward {
            before = !before;
        } else {
            let next = match forward {
                true => following(&node, &position.root),
                false => preceding(&node, &position.root),
            };
            match next {
                Some(next) => node = next,
                None => return Ok(None),
            }
        }
        // 3.2. and 3.3. Filter it.
        if filter::<IteratorData>(iterator, &node, cx)? == Passes::Accept {
            break;
        }
    }
    // 4. to 6.
    position.at.replace(Reference {
        node: node.clone(),
        pointer_before: before,
    });
    Ok(Some(node))
}

/// The next node in tree order, below a root.
fn following(node: &Node, root: &Node) -> Option<Node> {
    dom::first_child(node).or_else(|| live::following(node, root))
}

/// The previous node in tree order, below a root or the root itself.
fn preceding(node: &Node, root: &Node) -> Option<Node> {
    if dom::is_same(node, root) {
        return None;
    }
    let Some(mut at) = dom::previous_sibling(node) else {
        return dom::parent(node);
    };
    while let Some(last) = dom::last_child(&at) {
        at = last;
    }
    Some(at)
}
