//! Facts about nodes that the nodes themselves have no room for.

use std::collections::HashMap;
use std::rc::{Rc, Weak};

use markup5ever_rcdom::Node as RcNode;

use super::Node;
use super::node::address;

/// A table from nodes to values that does not keep the nodes alive.
///
/// It is keyed by address, which is safe because each entry holds the node weakly: the allocation,
/// and with it the address, is not given to another node before the entry is gone. It is never
/// iterated where order could show.
pub struct NodeTable<V> {
    entries: HashMap<usize, (Weak<RcNode>, V)>,
    /// The number of entries at which dead ones are swept out.
    sweep_at: usize,
}

const SMALLEST_SWEEP: usize = 64;

impl<V> core::fmt::Debug for NodeTable<V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NodeTable")
            .field("len", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl<V> Default for NodeTable<V> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            sweep_at: SMALLEST_SWEEP,
        }
    }
}

impl<V> NodeTable<V> {
    /// What is known of a node.
    #[must_use]
    pub fn get(&self, node: &Node) -> Option<&V> {
        self.entries.get(&address(node)).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, node: &Node) -> Option<&mut V> {
        let entry = self.entries.get_mut(&address(node));
        entry.map(|(_, value)| value)
    }

    /// Says what is known of a node.
    pub fn insert(&mut self, node: &Node, value: V) {
        if self.entries.len() >= self.sweep_at {
            self.entries.retain(|_, (weak, _)| weak.strong_count() > 0);
            self.sweep_at = SMALLEST_SWEEP.max(self.entries.len() * 2);
        }
        self.entries
            .insert(address(node), (Rc::downgrade(node), value));
    }

    /// Forgets a node.
    pub fn remove(&mut self, node: &Node) -> Option<V> {
        self.entries.remove(&address(node)).map(|(_, value)| value)
    }

    /// How many nodes have a value, dead ones that were not swept out included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is known of any node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<V: Default> NodeTable<V> {
    /// What is known of a node, to be changed; the default when nothing is.
    pub fn entry(&mut self, node: &Node) -> &mut V {
        if self.get(node).is_none() {
            self.insert(node, V::default());
        }
        &mut self
            .entries
            .entry(address(node))
            .or_insert_with(|| (Rc::downgrade(node), V::default()))
            .1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::create_text;

    #[test]
    fn dead_nodes_are_swept_out_and_never_taken_for_others() {
        let mut table = NodeTable::default();
        let kept = create_text("kept");
        table.insert(&kept, 0);
        for i in 1..10_000 {
            let node = create_text("x");
            assert_eq!(table.get(&node), None, "a new node has no value");
            table.insert(&node, i);
        }
        assert!(table.len() <= SMALLEST_SWEEP + 1, "{}", table.len());
        assert_eq!(table.get(&kept), Some(&0));
        assert_eq!(table.remove(&kept), Some(0));
        assert_eq!(table.get(&kept), None);
    }
}
