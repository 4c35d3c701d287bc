//! Comparing nodes ([DOM, interface Node](https://dom.spec.whatwg.org/#interface-node)).

use framepost_browsing_context::dom::{self, TreeOrder, node_kind};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::data;

/// [Equals](https://dom.spec.whatwg.org/#concept-node-equals), for nodes other than attributes.
pub(crate) fn equals(node: Node, other: Node) -> bool {
    let mut pairs = vec![(node, other)];
    while let Some((a, b)) = pairs.pop() {
        let is_same = node_kind(&a) == node_kind(&b)
            && has_same_name(&a, &b)
            && data::data(&a) == data::data(&b)
            && attributes(&a) == attributes(&b);
        if !is_same {
            return false;
        }
        if dom::is_character_data(&a) {
            continue;
        }
        let (ours, theirs) = (a.children.borrow(), b.children.borrow());
        if ours.len() != theirs.len() {
            return false;
        }
        pairs.extend(ours.iter().cloned().zip(theirs.iter().cloned()));
    }
    true
}

/// Whether two nodes of one kind have equal names and other properties.
fn has_same_name(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (NodeData::Element { name: a, .. }, NodeData::Element { name: b, .. }) => {
            let prefixes = [a, b].map(|name| name.prefix.as_deref().unwrap_or_default());
            a.ns == b.ns && a.local == b.local && prefixes[0] == prefixes[1]
        }
        (
            NodeData::ProcessingInstruction { target: a, .. },
            NodeData::ProcessingInstruction { target: b, .. },
        ) => a == b,
        (
            NodeData::Doctype {
                name: a,
                public_id: a_public,
                system_id: a_system,
            },
            NodeData::Doctype {
                name: b,
                public_id: b_public,
                system_id: b_system,
            },
        ) => a == b && a_public == b_public && a_system == b_system,
        _ => true,
    }
}

/// The namespaces, local names and values of the attributes, whose order does not matter.
fn attributes(node: &Node) -> Vec<(String, String, String)> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return Vec::new();
    };
    let attrs = attrs.borrow();
    let parts = attrs.iter().map(|held| {
        let (namespace, local) = (held.name.ns.to_string(), held.name.local.to_string());
        (namespace, local, held.value.to_string())
    });
    let mut all: Vec<(String, String, String)> = parts.collect();
    all.sort_unstable();
    all
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
        // 1. Return 0 for the same node.
        TreeOrder::Same => 0,
        // 6. IMPLEMENTATION-DEFINED: of two trees, the other one always comes first.
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
