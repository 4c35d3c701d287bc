//! Tables beside the tree, for data that a node has no field for.

use framepost_event_loop::FxHashMap;
use std::rc::{Rc, Weak};

use markup5ever_rcdom::Node as RcNode;

use super::Node;
use super::node::address;

/// A table from nodes to values that does not keep the nodes alive.
///
/// It is keyed by address. That is safe because each entry holds a weak reference, so that no other
/// node gets the address before the entry is gone. It is never iterated where the order is visible.
pub struct NodeTable<V> {
    entries: FxHashMap<usize, (Weak<RcNode>, V)>,
    /// The number of entries at which entries of dead nodes are removed.
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
            entries: FxHashMap::default(),
            sweep_at: SMALLEST_SWEEP,
        }
    }
}

impl<V> NodeTable<V> {
    /// The value of a node.
    #[must_use]
    pub fn get(&self, node: &Node) -> Option<&V> {
        self.entries.get(&address(node)).map(|(_, value)| value)
    }

    /// The value of a node, mutably.
    pub fn get_mut(&mut self, node: &Node) -> Option<&mut V> {
        let entry = self.entries.get_mut(&address(node));
        entry.map(|(_, value)| value)
    }

    /// Sets the value of a node.
    pub fn insert(&mut self, node: &Node, value: V) {
        if self.entries.len() >= self.sweep_at {
            self.entries.retain(|_, (weak, _)| weak.strong_count() > 0);
            self.sweep_at = SMALLEST_SWEEP.max(self.entries.len() * 2);
        }
        self.entries
            .insert(address(node), (Rc::downgrade(node), value));
    }

    /// Removes the value of a node.
    pub fn remove(&mut self, node: &Node) -> Option<V> {
        self.entries.remove(&address(node)).map(|(_, value)| value)
    }

    /// The number of entries. Entries of dead nodes count until they are removed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no node has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<V: Default> NodeTable<V> {
    /// The value of a node, mutably. A node without one gets the default.
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
    fn entries_of_dropped_nodes_are_removed_and_never_reused() {
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
