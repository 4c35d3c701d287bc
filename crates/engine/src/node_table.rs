//! Facts about nodes that neither the nodes nor their objects have room for.

use std::collections::HashMap;
use std::rc::{Rc, Weak};

use markup5ever_rcdom::{Handle as Node, Node as RcNode};

/// A table by node. A node is held weakly, so that its address is not another's while its entry is
/// there; the table is never iterated where order could show.
pub(crate) struct NodeTable<V> {
    entries: HashMap<usize, (Weak<RcNode>, V)>,
    sweep_at: usize,
}

const SMALLEST_SWEEP: usize = 64;

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
    pub(crate) fn get(&self, node: &Node) -> Option<&V> {
        self.entries
            .get(&Rc::as_ptr(node).addr())
            .map(|(_, value)| value)
    }

    /// Forgets a node.
    pub(crate) fn remove(&mut self, node: &Node) {
        self.entries.remove(&Rc::as_ptr(node).addr());
    }

    /// What is known of a node, to be changed; `make` when nothing is.
    pub(crate) fn entry(&mut self, node: &Node, make: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.sweep_at {
            self.entries.retain(|_, (node, _)| node.strong_count() > 0);
            self.sweep_at = SMALLEST_SWEEP.max(2 * self.entries.len());
        }
        let entry = self.entries.entry(Rc::as_ptr(node).addr());
        &mut entry.or_insert_with(|| (Rc::downgrade(node), make())).1
    }
}

#[cfg(test)]
mod tests {
    use super::NodeTable;
    use framepost_browsing_context::dom::create_text;

    #[test]
    fn dead_nodes_are_forgotten_and_never_taken_for_others() {
        let mut table = NodeTable::default();
        let kept = create_text("kept");
        *table.entry(&kept, || 0) += 1;
        for i in 2..10_000 {
            let node = create_text("x");
            assert_eq!(table.get(&node), None);
            *table.entry(&node, || 0) += i;
        }
        assert_eq!(table.get(&kept), Some(&1));
        assert!(table.entries.len() < 200, "{}", table.entries.len());
        table.remove(&kept);
        assert_eq!(table.get(&kept), None);
    }
}
