//! Comparing nodes ([DOM, interface Node](https://dom.spec.whatwg.org/#interface-node)).

use framepost_browsing_context::dom::{self, TreeOrder, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::dom::{character_data, element, node};

/// [Equals](https://dom.spec.whatwg.org/#concept-node-equals), for nodes other than attributes.
pub(crate) fn equals(node: Node, other: Node) -> bool {
    let attributes = |node: &Node| {
        let mut all = dom::attributes(node);
        all.sort_unstable();
        all
    };
    let mut pairs = vec![(node, other)];
    while let Some((a, b)) = pairs.pop() {
        let (ours, theirs) = (a.children.borrow(), b.children.borrow());
        let is_same = node_kind(&a) == node_kind(&b)
            && node::node_name(&a) == node::node_name(&b)
            && element::namespace(&a) == element::namespace(&b)
            && character_data::data(&a) == character_data::data(&b)
            && attributes(&a) == attributes(&b)
            && ours.len() == theirs.len();
        if !is_same {
            return false;
        }
        pairs.extend(ours.iter().cloned().zip(theirs.iter().cloned()));
    }
    true
}

/// [`compareDocumentPosition()`](https://dom.spec.whatwg.org/#dom-node-comparedocumentposition)
pub(crate) fn compare_document_position(node: &Node, other: &Node) -> u32 {
    const DISCONNECTED: u32 = 0x01;
    const PRECEDING: u32 = 0x02;
    const FOLLOWING: u32 = 0x04;
    const CONTAINS: u32 = 0x08;
    const CONTAINED_BY: u32 = 0x10;
    const IMPLEMENTATION_SPECIFIC: u32 = 0x20;
    // NOT YET: 3. to 5. Attributes.
    match dom::tree_order(other, node) {
        // 1. A node has no position to itself.
        TreeOrder::Same => 0,
        // 6. IMPLEMENTATION-DEFINED: the other one of two trees always comes first.
        TreeOrder::Disconnected => DISCONNECTED | IMPLEMENTATION_SPECIFIC | PRECEDING,
        // 7. The other one is an ancestor.
        TreeOrder::Before if dom::contains(other, node) => CONTAINS | PRECEDING,
        // 8. The other one is a descendant.
        TreeOrder::After if dom::contains(node, other) => CONTAINED_BY | FOLLOWING,
        // 9. The other one comes before.
        TreeOrder::Before => PRECEDING,
        // 10. The other one comes after.
        TreeOrder::After => FOLLOWING,
    }
}
