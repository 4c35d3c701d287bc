//! Traversing the tree ([DOM, trees](https://dom.spec.whatwg.org/#trees)).

use std::rc::Rc;

use markup5ever_rcdom::NodeData;

use super::node::{data, has_children};
use super::{Node, is_character_data};

/// Whether both are the same node.
#[must_use]
pub fn is_same(a: &Node, b: &Node) -> bool {
    Rc::ptr_eq(a, b)
}

/// [Parent](https://dom.spec.whatwg.org/#concept-tree-parent).
#[must_use]
pub fn parent(node: &Node) -> Option<Node> {
    let weak = node.parent.take();
    let parent = weak.as_ref().and_then(std::rc::Weak::upgrade);
    node.parent.set(weak);
    parent
}

/// The node, its parent, and so on to the root.
pub fn inclusive_ancestors(node: &Node) -> impl Iterator<Item = Node> + use<> {
    std::iter::successors(Some(Rc::clone(node)), parent)
}

/// The index of a child among its parent's children
/// ([index](https://dom.spec.whatwg.org/#concept-tree-index)).
#[must_use]
pub fn index_of(parent: &Node, child: &Node) -> Option<usize> {
    // OPTIMIZATION: most calls are about the first or the last child.
    let children = parent.children.borrow();
    let length = children.len();
    for i in 0..length.div_ceil(2) {
        if is_same(&children[i], child) {
            return Some(i);
        }
        let from_end = length - 1 - i;
        if is_same(&children[from_end], child) {
            return Some(from_end);
        }
    }
    None
}

/// [First child](https://dom.spec.whatwg.org/#concept-tree-first-child).
#[must_use]
pub fn first_child(node: &Node) -> Option<Node> {
    if is_character_data(node) {
        return None;
    }
    node.children.borrow().first().cloned()
}

/// [Last child](https://dom.spec.whatwg.org/#concept-tree-last-child).
#[must_use]
pub fn last_child(node: &Node) -> Option<Node> {
    if is_character_data(node) {
        return None;
    }
    node.children.borrow().last().cloned()
}

/// [Next sibling](https://dom.spec.whatwg.org/#concept-tree-next-sibling).
#[must_use]
pub fn next_sibling(node: &Node) -> Option<Node> {
    let parent = parent(node)?;
    let index = index_of(&parent, node)?;
    let children = parent.children.borrow();
    children.get(index + 1).cloned()
}

/// [Previous sibling](https://dom.spec.whatwg.org/#concept-tree-previous-sibling).
#[must_use]
pub fn previous_sibling(node: &Node) -> Option<Node> {
    let parent = parent(node)?;
    let index = index_of(&parent, node)?.checked_sub(1)?;
    let children = parent.children.borrow();
    children.get(index).cloned()
}

/// An iterator over descendants in [tree order](https://dom.spec.whatwg.org/#concept-tree-order). If
/// the tree changes meanwhile, a node that moves may be missed or returned twice.
#[derive(Clone)]
pub struct Descendants {
    /// The nodes to visit, the next one last.
    stack: Vec<Node>,
}

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
impl core::fmt::Debug for Descendants {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Descendants").finish_non_exhaustive()
    }
}

impl Iterator for Descendants {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let node = self.stack.pop()?;
        if has_children(&node) {
            self.stack
                .extend(node.children.borrow().iter().rev().cloned());
        }
        Some(node)
    }
}

/// The descendants of `node` in tree order.
#[must_use]
pub fn descendants(node: &Node) -> Descendants {
    let mut stack = Vec::new();
    if has_children(node) {
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    Descendants { stack }
}

/// `node` and its descendants in tree order.
#[must_use]
pub fn inclusive_descendants(node: &Node) -> Descendants {
    Descendants {
        stack: vec![Rc::clone(node)],
    }
}

/// The order of two nodes
/// ([`compareDocumentPosition`](https://dom.spec.whatwg.org/#dom-node-comparedocumentposition)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeOrder {
    /// They are the same node.
    Same,
    /// The first comes before the second.
    Before,
    /// The first comes after the second.
    After,
    /// They are in different trees.
    Disconnected,
}

/// Compares two nodes in tree order. An ancestor comes before its descendants.
#[must_use]
pub fn tree_order(a: &Node, b: &Node) -> TreeOrder {
    if is_same(a, b) {
        return TreeOrder::Same;
    }
    let mut above_a: Vec<Node> = inclusive_ancestors(a).collect();
    let mut above_b: Vec<Node> = inclusive_ancestors(b).collect();
    let mut common: Option<Node> = None;
    loop {
        match (above_a.pop(), above_b.pop()) {
            (Some(x), Some(y)) if is_same(&x, &y) => common = Some(x),
            (Some(x), Some(y)) => {
                let Some(parent) = common else {
                    return TreeOrder::Disconnected;
                };
                return which_is_first(&parent, &x, &y);
            }
            (None, Some(_)) => return TreeOrder::Before,
            (Some(_), None) => return TreeOrder::After,
            (None, None) => return TreeOrder::Same,
        }
    }
}

fn which_is_first(parent: &Node, a: &Node, b: &Node) -> TreeOrder {
    // OPTIMIZATION: from the end, because most compared nodes have just been appended.
    for child in parent.children.borrow().iter().rev() {
        if is_same(child, a) {
            return TreeOrder::After;
        }
        if is_same(child, b) {
            return TreeOrder::Before;
        }
    }
    TreeOrder::Disconnected
}

/// [Child text content](https://dom.spec.whatwg.org/#concept-child-text-content).
#[must_use]
pub fn child_text_content(node: &Node) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        push_text(child, &mut text);
    }
    text
}

/// [Descendant text content](https://dom.spec.whatwg.org/#concept-descendant-text-content) of an
/// element or fragment, and the data of a text or comment; `None` for documents and doctypes.
#[must_use]
pub fn text_content(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Document | NodeData::Doctype { .. } => None,
        _ if is_character_data(node) => data(node),
        _ => {
            let mut text = String::new();
            for below in descendants(node) {
                push_text(&below, &mut text);
            }
            Some(text)
        }
    }
}

fn push_text(node: &Node, text: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
}
