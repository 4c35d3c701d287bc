//! `TreeWalker` and the constants of `NodeFilter`
//! ([DOM, interface TreeWalker](https://dom.spec.whatwg.org/#interface-treewalker)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::node;
use super::traversal::{
    Direction, Passes, SHOW_ALL, Traversal, Walker, arrive, filter, root_and_current, set_current,
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

/// [`parentNode()`](https://dom.spec.whatwg.org/#dom-treewalker-parentnode)
fn parent_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Until the root is reached:
    while !dom::is_same(&at, &root) {
        // 2.1. Go to the parent.
        let Some(parent) = dom::parent(&at) else {
            break;
        };
        at = parent;
        // 2.2. It becomes the current node if it is accepted.
        if filter::<Walker>(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3. There is none.
    Ok(None)
}

/// [`previousNode()`](https://dom.spec.whatwg.org/#dom-treewalker-previousnode)
fn previous_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Until the root is reached:
    while !dom::is_same(&at, &root) {
        // 2.1. Let the sibling be the previous one.
        let mut sibling = dom::previous_sibling(&at);
        // 2.2. While there is a sibling:
        while let Some(before) = sibling {
            // 2.2.1. Go to it.
            at = before;
            // 2.2.2. Filter it.
            let mut result = filter::<Walker>(walker, &at, cx)?;
            // 2.2.3. Go down to last children, as long as none is rejected.
            while result != Passes::Reject
                && let Some(child) = dom::last_child(&at)
            {
                at = child;
                result = filter::<Walker>(walker, &at, cx)?;
            }
            // 2.2.4. The node becomes the current one if it is accepted.
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
            // 2.2.5. Let the sibling be the previous one.
            sibling = dom::previous_sibling(&at);
        }
        // 2.3. End at the root, and at a node without a parent.
        if dom::is_same(&at, &root) {
            return Ok(None);
        }
        let Some(parent) = dom::parent(&at) else {
            return Ok(None);
        };
        // 2.4. Go to the parent.
        at = parent;
        // 2.5. It becomes the current node if it is accepted.
        if filter::<Walker>(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3. There is none.
    Ok(None)
}

/// [`nextNode()`](https://dom.spec.whatwg.org/#dom-treewalker-nextnode)
fn next_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Let the result be that it is accepted.
    let mut result = Passes::Accept;
    // 3. Until something returns:
    loop {
        // 3.1. Go down to first children, as long as none is rejected.
        while result != Passes::Reject
            && let Some(child) = dom::first_child(&at)
        {
            at = child;
            result = filter::<Walker>(walker, &at, cx)?;
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
        }
        // 3.2. Let the sibling be none.
        // 3.3. Let the temporary node be the node.
        let mut temporary = at.clone();
        // 3.4. Until there is a sibling:
        loop {
            // 3.4.1. End at the root.
            if dom::is_same(&temporary, &root) {
                return Ok(None);
            }
            // 3.4.2. Let the sibling be the next one.
            // 3.4.3. Go to it if there is one.
            if let Some(sibling) = dom::next_sibling(&temporary) {
                at = sibling;
                break;
            }
            // 3.4.4. Otherwise go to the parent of the temporary node.
            let Some(parent) = dom::parent(&temporary) else {
                return Ok(None);
            };
            temporary = parent;
        }
        // 3.5. Filter the node.
        result = filter::<Walker>(walker, &at, cx)?;
        // 3.6. It becomes the current node if it is accepted.
        if result == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
}
