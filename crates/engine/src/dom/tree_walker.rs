//! `TreeWalker` and the constants of `NodeFilter`
//! ([DOM, interface TreeWalker](https://dom.spec.whatwg.org/#interface-treewalker)).

use boa_engine::{Context, JsObject};
use markup5ever_rcdom::Handle as Node;

use super::node;
use super::traversal::{
    Direction, SHOW_ALL, Traversal, Walker, next_node, parent_node, previous_node, set_current,
    traverse_children, traverse_siblings,
};
use crate::webidl::{self, interface};

interface! {
    /// The [`NodeFilter`](https://dom.spec.whatwg.org/#interface-nodefilter) callback interface, as far as
    /// script sees it: its constants.
    // NOT YET: it is an interface, so that it has a prototype.
    [Exposed=Window]
    interface NodeFilter {
        const unsigned short FILTER_ACCEPT = 1;
        const unsigned short FILTER_REJECT = 2;
        const unsigned short FILTER_SKIP = 3;
        const unsigned long SHOW_ALL = 0xFFFFFFFF;
        const unsigned long SHOW_ELEMENT = 0x1;
        const unsigned long SHOW_ATTRIBUTE = 0x2;
        const unsigned long SHOW_TEXT = 0x4;
        const unsigned long SHOW_CDATA_SECTION = 0x8;
        const unsigned long SHOW_ENTITY_REFERENCE = 0x10;
        const unsigned long SHOW_ENTITY = 0x20;
        const unsigned long SHOW_PROCESSING_INSTRUCTION = 0x40;
        const unsigned long SHOW_COMMENT = 0x80;
        const unsigned long SHOW_DOCUMENT = 0x100;
        const unsigned long SHOW_DOCUMENT_TYPE = 0x200;
        const unsigned long SHOW_DOCUMENT_FRAGMENT = 0x400;
        const unsigned long SHOW_NOTATION = 0x800;
    }

    /// The [`TreeWalker`](https://dom.spec.whatwg.org/#interface-treewalker) interface.
    [Exposed=Window]
    interface TreeWalker(Walker) {
        [SameObject] readonly attribute Node root = |walker| walker.traversal.root.node.clone();
        readonly attribute unsigned long whatToShow = |walker| walker.traversal.what_to_show();
        readonly attribute NodeFilter? filter = |walker| walker.traversal.filter();
        attribute Node currentNode = |walker| walker.current.node.clone(),
            |walker: &JsObject, node: &Node, cx| set_current(walker, node, cx);

        Node? parentNode();
        Node? firstChild() = |walker: &JsObject, cx| traverse_children(walker, Direction::Forward, cx);
        Node? lastChild() = |walker: &JsObject, cx| traverse_children(walker, Direction::Backward, cx);
        Node? previousSibling() = |walker: &JsObject, cx| traverse_siblings(walker, Direction::Backward, cx);
        Node? nextSibling() = |walker: &JsObject, cx| traverse_siblings(walker, Direction::Forward, cx);
        Node? previousNode();
        Node? nextNode();
    }

    partial interface Document(Node) {
        [NewObject] TreeWalker createTreeWalker(
            Node root,
            optional unsigned long whatToShow,
            optional object? filter = null
        );
    }
}

/// [`createTreeWalker()`](https://dom.spec.whatwg.org/#dom-document-createtreewalker)
fn create_tree_walker(
    document: &Node,
    root: &Node,
    what_to_show: Option<u32>,
    filter: Option<JsObject>,
    cx: &mut Context,
) -> JsObject {
    // 1. to 5. Return a walker whose current node is its root.
    let traversal = Traversal::new(root, what_to_show.unwrap_or(SHOW_ALL), filter, cx);
    let current = traversal.root.clone();
    let realm = node::realm_of(cx, document);
    webidl::create_object(&realm, &TREE_WALKER, Walker { traversal, current }, cx)
}
