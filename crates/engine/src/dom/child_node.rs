//! The mixins `ChildNode` and `NonDocumentTypeChildNode`
//! ([DOM, mixin ChildNode](https://dom.spec.whatwg.org/#interface-childnode)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::interface;

use super::node::NodeOrString;
use super::tree::viable;

interface! {
    /// The mixin `ChildNode`.
    interface mixin ChildNode(Node) {
        [CEReactions, Unscopable] undefined before(NodeOrString... nodes);
        [CEReactions, Unscopable] undefined after(NodeOrString... nodes);
        [CEReactions, Unscopable] undefined replaceWith(NodeOrString... nodes);
        [CEReactions, Unscopable] undefined remove();
    }

    /// The mixin `NonDocumentTypeChildNode`.
    interface mixin NonDocumentTypeChildNode(Node) {
        readonly attribute Element? previousElementSibling = |node| element_sibling(node, dom::previous_sibling);
        readonly attribute Element? nextElementSibling = |node| element_sibling(node, dom::next_sibling);
    }
}

fn element_sibling(node: &Node, next: fn(&Node) -> Option<Node>) -> Option<Node> {
    let mut at = next(node);
    while let Some(node) = at {
        if node_kind(&node) == NodeKind::Element {
            return Some(node);
        }
        at = next(&node);
    }
    None
}

/// [`before()`](https://dom.spec.whatwg.org/#dom-childnode-before)
fn before(this: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Without a parent, return.
    let Some(parent) = dom::parent(this) else {
        return Ok(());
    };
    // 3. Find the viable previous sibling.
    let previous = viable(this, dom::previous_sibling, &nodes);
    // 4. Convert the nodes.
    let node = tree::convert_nodes_into_a_node(cx, nodes, &parent)?;
    // 5. Find the place after that sibling.
    let before = match previous {
        Some(previous) => dom::next_sibling(&previous),
        None => dom::first_child(&parent),
    };
    // 6. Insert the node.
    tree::insert(cx, &parent, &node, before.as_ref())
}

/// [`after()`](https://dom.spec.whatwg.org/#dom-childnode-after)
fn after(this: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Without a parent, return.
    let Some(parent) = dom::parent(this) else {
        return Ok(());
    };
    // 3. Find the viable next sibling.
    let next = viable(this, dom::next_sibling, &nodes);
    // 4. Convert the nodes.
    let node = tree::convert_nodes_into_a_node(cx, nodes, &parent)?;
    // 5. Insert the node.
    tree::insert(cx, &parent, &node, next.as_ref())
}

/// [`replaceWith()`](https://dom.spec.whatwg.org/#dom-childnode-replacewith)
fn replace_with(this: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Without a parent, return.
    let Some(parent) = dom::parent(this) else {
        return Ok(());
    };
    // 3. Find the viable next sibling.
    let next = viable(this, dom::next_sibling, &nodes);
    // 4. Convert the nodes.
    let node = tree::convert_nodes_into_a_node(cx, nodes, &parent)?;
    // 5. Replace this one. 6. The conversion may have moved it; then insert the node.
    if dom::parent(this).is_some_and(|above| dom::is_same(&above, &parent)) {
        tree::replace(cx, &parent, &node, this)
    } else {
        tree::insert(cx, &parent, &node, next.as_ref())
    }
}

/// [`remove()`](https://dom.spec.whatwg.org/#dom-childnode-remove)
fn remove(this: &Node, cx: &mut Context) {
    if dom::parent(this).is_some() {
        tree::remove(cx, this);
    }
}
