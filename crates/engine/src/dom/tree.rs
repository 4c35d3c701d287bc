//! Changes to trees ([DOM, mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms)).
//!
//! Only this module calls the tree operations of the browsing-context crate, so that the objects of
//! the nodes always move with their nodes.

use boa_engine::{Context, JsResult};
use framepost_browsing_context::{Steps, dom};
use markup5ever_rcdom::Handle as Node;

use crate::dom::attributes;
use crate::dom::data;
use crate::dom::extensions::{AttributeChange, extensions};
use crate::dom::node::NodeOrString;
use crate::dom::tree_mutations::{self, Planned};
use crate::script::wrappers::WRAPPERS;
use crate::script::{run_steps, with_contexts};
use crate::webidl::exception::{self, OrThrow};

/// The nodes that an insertion moves: the node, and the children of a fragment.
fn moving(node: &Node) -> Vec<Node> {
    let mut nodes = vec![node.clone()];
    if dom::is_document_fragment(node) {
        nodes.extend(node.children.borrow().iter().cloned());
    }
    nodes
}

fn finish(ctx: &mut Context, moved: &[Node], records: Planned, steps: Steps) {
    WRAPPERS.with(ctx, |wrappers| {
        for node in moved {
            wrappers.moved(node);
        }
    });
    records.queue(ctx);
    run_steps(ctx, steps);
}

/// [Pre-insert](https://dom.spec.whatwg.org/#concept-node-pre-insert).
pub(crate) fn insert(
    ctx: &mut Context,
    parent: &Node,
    node: &Node,
    before: Option<&Node>,
) -> JsResult<()> {
    let moved = moving(node);
    let records = Planned::insert(ctx, parent, node, before);
    let steps = with_contexts(ctx, |contexts| contexts.insert(parent, node, before));
    let steps = steps.or_throw(ctx)?;
    finish(ctx, &moved, records, steps);
    Ok(())
}

/// [Remove](https://dom.spec.whatwg.org/#concept-node-remove).
pub(crate) fn remove(ctx: &mut Context, node: &Node) {
    let records = Planned::remove(ctx, node);
    let steps = with_contexts(ctx, |contexts| contexts.remove(node));
    finish(ctx, std::slice::from_ref(node), records, steps);
}

/// [Replace](https://dom.spec.whatwg.org/#concept-node-replace) a child.
pub(crate) fn replace(ctx: &mut Context, parent: &Node, node: &Node, child: &Node) -> JsResult<()> {
    let mut moved = moving(node);
    moved.push(child.clone());
    let records = Planned::replace(ctx, parent, node, child);
    let steps = with_contexts(ctx, |contexts| contexts.replace(parent, node, child));
    let steps = steps.or_throw(ctx)?;
    finish(ctx, &moved, records, steps);
    Ok(())
}

/// [Replace all](https://dom.spec.whatwg.org/#concept-node-replace-all) children.
pub(crate) fn replace_all(ctx: &mut Context, parent: &Node, node: Option<&Node>) {
    let mut moved: Vec<Node> = parent.children.borrow().clone();
    if let Some(node) = node {
        moved.extend(moving(node));
    }
    let records = Planned::replace_all(ctx, parent, node);
    let steps = with_contexts(ctx, |contexts| contexts.replace_all(parent, node));
    finish(ctx, &moved, records, steps);
}

/// [Set an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-set-value).
///
/// An invalid name changes nothing. Bindings that take a name from script check it first.
pub(crate) fn set_attribute(ctx: &mut Context, element: &Node, name: &str, value: &str) {
    let old = dom::attribute(element, name);
    let steps = with_contexts(ctx, |contexts| contexts.set_attribute(element, name, value));
    let Ok(steps) = steps else { return };
    // 1. Queue a mutation record.
    tree_mutations::queue_attribute(ctx, element, name, old.as_deref());
    // 3. Run the attribute change steps.
    let change = AttributeChange {
        element,
        name,
        old: old.as_deref(),
        new: Some(value),
    };
    for steps in extensions().attribute_changed {
        steps(ctx, &change);
    }
    run_steps(ctx, steps);
}

/// [Remove an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-remove-by-name).
pub(crate) fn remove_attribute(ctx: &mut Context, element: &Node, name: &str) {
    let Some(old) = dom::attribute(element, name) else {
        return;
    };
    tree_mutations::queue_attribute(ctx, element, name, Some(&old));
    let steps = with_contexts(ctx, |contexts| contexts.remove_attribute(element, name));
    attributes::attribute_removed(ctx, element, name, &old);
    let change = AttributeChange {
        element,
        name,
        old: Some(&old),
        new: None,
    };
    for steps in extensions().attribute_changed {
        steps(ctx, &change);
    }
    run_steps(ctx, steps);
}

/// Adopts `node` into the document of `like`, and removes it from its tree
/// ([adopt](https://dom.spec.whatwg.org/#concept-node-adopt)).
pub(crate) fn adopt(ctx: &mut Context, node: &Node, like: &Node) {
    let records = Planned::remove(ctx, node);
    let steps = with_contexts(ctx, |contexts| contexts.adopt_like(node, like));
    finish(ctx, std::slice::from_ref(node), records, steps);
}

/// [Pre-remove](https://dom.spec.whatwg.org/#concept-node-pre-remove)
pub(crate) fn pre_remove(cx: &mut Context, parent: &Node, child: &Node) -> JsResult<()> {
    // 1. Refuse a node that is not a child of the parent.
    if !dom::parent(child).is_some_and(|above| dom::is_same(&above, parent)) {
        let message = "The node to be removed is not a child of this node.";
        return Err(exception::throw("NotFoundError", message, cx));
    }
    // 2. and 3. Remove the child.
    remove(cx, child);
    Ok(())
}

/// [`normalize()`](https://dom.spec.whatwg.org/#dom-node-normalize)
pub(crate) fn normalize(cx: &mut Context, node: &Node) -> JsResult<()> {
    let texts: Vec<Node> = dom::descendants(node)
        .filter(dom::is_exclusive_text)
        .collect();
    let mut last: Option<Node> = None;
    for text in texts {
        // 1. and 2. Remove an empty node.
        let data = dom::text(&text).unwrap_or_default();
        if data.is_empty() {
            remove(cx, &text);
            continue;
        }
        let before = dom::previous_sibling(&text);
        let is_next = |last: &Node| before.is_some_and(|before| dom::is_same(last, &before));
        match last.take().filter(is_next) {
            // 3., 4. and 7. Append the data to the contiguous node before, and remove the node.
            // NOT YET: 5. and 6. Live ranges.
            Some(into) => {
                let joined = dom::text(&into).unwrap_or_default() + &data;
                data::set_data(&into, &joined, cx);
                remove(cx, &text);
                last = Some(into);
            }
            None => last = Some(text),
        }
    }
    Ok(())
}

/// [Convert nodes into a node](https://dom.spec.whatwg.org/#converting-nodes-into-a-node), for a
/// place in the tree of `parent`.
pub(crate) fn convert_nodes_into_a_node(
    cx: &mut Context,
    given: Vec<NodeOrString>,
    parent: &Node,
) -> JsResult<Node> {
    // 1. and 2. Replace strings by text nodes.
    let mut nodes = Vec::with_capacity(given.len());
    for node in given {
        nodes.push(match node {
            NodeOrString::Node(node) => node,
            NodeOrString::DomString(text) => {
                let text = dom::create_text(&text);
                adopt(cx, &text, parent);
                text
            }
        });
    }
    // 3. A single node is the result.
    if let [node] = nodes.as_slice() {
        return Ok(node.clone());
    }
    // 4. Several nodes go into a fragment.
    let fragment = dom::create_document_fragment();
    adopt(cx, &fragment, parent);
    for node in &nodes {
        insert(cx, &fragment, node, None)?;
    }
    // 5. Return the node.
    Ok(fragment)
}
