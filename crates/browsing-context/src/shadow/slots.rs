//! [Slots](https://dom.spec.whatwg.org/#shadow-tree-slots) and their assigned nodes, which are
//! computed on each call.

use crate::Contexts;
use crate::dom::{self, Node};

fn is_slot(node: &Node) -> bool {
    dom::is_html_element(node, "slot")
}

/// [Slottables](https://dom.spec.whatwg.org/#concept-slotable) are elements and text.
fn is_slottable(node: &Node) -> bool {
    dom::is_element(node) || dom::is_text(node)
}

impl Contexts {
    /// [Find a slot](https://dom.spec.whatwg.org/#find-a-slot) for a node.
    #[must_use]
    pub fn find_a_slot(&self, slottable: &Node) -> Option<Node> {
        // 1. to 3. Find the shadow root of the parent.
        let root = self.shadow_root_of_parent(slottable)?;
        // 6. Find the first slot of the same name.
        let name = dom::attribute(slottable, "slot").unwrap_or_default();
        dom::descendants(&root)
            .find(|node| is_slot(node) && dom::attribute(node, "name").unwrap_or_default() == name)
    }

    /// [Find a slot](https://dom.spec.whatwg.org/#find-a-slot) for a node with "open" set: only in a
    /// shadow tree that is not closed.
    #[must_use]
    pub fn find_an_open_slot(&self, slottable: &Node) -> Option<Node> {
        // 4. A closed shadow root has none.
        let root = self.shadow_root_of_parent(slottable)?;
        if self.shadow_root_init(&root)?.closed {
            return None;
        }
        self.find_a_slot(slottable)
    }

    /// The shadow root of a slottable's parent.
    fn shadow_root_of_parent(&self, slottable: &Node) -> Option<Node> {
        if !is_slottable(slottable) {
            return None;
        }
        self.shadow_root(&dom::parent(slottable)?)
    }

    /// [Find slottables](https://dom.spec.whatwg.org/#find-slotables) of a slot.
    #[must_use]
    pub fn find_slottables(&self, slot: &Node) -> Vec<Node> {
        let Some(host) = self.shadow_host(&dom::root(slot)) else {
            return Vec::new();
        };
        let children = host.children.borrow();
        let assigned = |child: &&Node| {
            let found = self.find_a_slot(child);
            found.is_some_and(|found| dom::is_same(&found, slot))
        };
        children.iter().filter(assigned).cloned().collect()
    }

    /// [Find flattened slottables](https://dom.spec.whatwg.org/#find-flattened-slotables): an assigned
    /// slot is replaced by its own assigned nodes.
    #[must_use]
    pub fn find_flattened_slottables(&self, slot: &Node) -> Vec<Node> {
        let content = |slot: &Node| {
            let assigned = self.find_slottables(slot);
            if !assigned.is_empty() {
                return assigned;
            }
            let children = slot.children.borrow();
            children
                .iter()
                .filter(|c| is_slottable(c))
                .cloned()
                .collect()
        };
        if !dom::is_shadow_root(&dom::root(slot)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut stack: Vec<Node> = content(slot).into_iter().rev().collect();
        while let Some(node) = stack.pop() {
            if is_slot(&node) && dom::is_shadow_root(&dom::root(&node)) {
                stack.extend(content(&node).into_iter().rev());
            } else {
                found.push(node);
            }
        }
        found
    }
}
