//! The order of nodes ([XPath 1.0, document order](https://www.w3.org/TR/xpath-10/#dt-document-order)).

use std::cell::OnceCell;
use std::rc::Rc;

use framepost_browsing_context::dom;
use framepost_event_loop::FxHashMap;
use markup5ever_rcdom::Handle as Node;

use super::nodes::XPathNode;

/// The order of the nodes of one tree, while it does not change.
pub(super) struct DocumentOrder {
    root: Option<Node>,
    /// The places of the nodes by their addresses, for the first comparison.
    places: OnceCell<FxHashMap<usize, usize>>,
}

impl DocumentOrder {
    pub(super) fn of_tree(node: &XPathNode) -> Self {
        Self {
            root: node.in_tree().map(dom::root),
            places: OnceCell::new(),
        }
    }

    /// Sorts nodes and removes those that are there twice.
    pub(super) fn sort(&self, nodes: &mut Vec<XPathNode>) {
        if nodes.len() > 1 {
            nodes.sort_by_cached_key(|node| self.place(node));
            nodes.dedup_by_key(|node| self.place(node));
        }
    }

    /// The place of a node. Attributes come behind their element.
    fn place(&self, node: &XPathNode) -> (usize, usize) {
        let address = |node: &Node| Rc::as_ptr(node).addr();
        let places = self.places.get_or_init(|| {
            let nodes = self.root.iter().flat_map(dom::inclusive_descendants);
            nodes
                .enumerate()
                .map(|(place, node)| (address(&node), place))
                .collect()
        });
        let of_tree = |node: &Node| places.get(&address(node)).copied().unwrap_or(usize::MAX);
        match node {
            XPathNode::Tree(node) => (of_tree(node), 0),
            XPathNode::Attribute(owner, index) => (of_tree(owner), index + 1),
            XPathNode::Loose(_) => (usize::MAX, 0),
        }
    }
}
