//! Changes to trees ([DOM, mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms)).
//!
//! Only this module calls the tree operations of the browsing-context crate, so that the objects of
//! the nodes always move with their nodes.

use boa_engine::{Context, JsResult};
use framepost_browsing_context::Steps;
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::QualName;
use markup5ever_rcdom::Handle as Node;

use crate::dom::attributes;
use crate::dom::data;
use crate::dom::extensions::{AttributeChange, extensions};
use crate::dom::live::{self, Moves};
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
    let moves = Moves::insert(ctx, node, before);
    let steps = with_contexts(ctx, |contexts| contexts.insert(parent, node, before));
    let steps = steps.or_throw(ctx)?;
    moves.apply();
    finish(ctx, &moved, records, steps);
    Ok(())
}

/// [`moveBefore()`](https://dom.spec.whatwg.org/#dom-parentnode-movebefore)
pub(crate) fn move_before(
    ctx: &mut Context,
    parent: &Node,
    node: &Node,
    child: Option<&Node>,
) -> JsResult<()> {
    // 1. and 2. The reference child is the child, or its next sibling if it is the node.
    let reference = match child {
        Some(child) if dom::is_same(child, node) => dom::next_sibling(node),
        other => other.cloned(),
    };
    // 3. Move the node.
    let before = reference.as_ref();
    let records = Planned::insert(ctx, parent, node, before);
    let moves = Moves::insert(ctx, node, before);
    let moved = with_contexts(ctx, |contexts| contexts.move_node(parent, node, before));
    moved.or_throw(ctx)?;
    moves.apply();
    finish(ctx, std::slice::from_ref(node), records, Steps::none());
    Ok(())
}

/// [Remove](https://dom.spec.whatwg.org/#concept-node-remove).
pub(crate) fn remove(ctx: &mut Context, node: &Node) {
    let records = Planned::remove(ctx, node);
    let moves = Moves::remove(ctx, node);
    let steps = with_contexts(ctx, |contexts| contexts.remove(node));
    moves.apply();
    finish(ctx, std::slice::from_ref(node), records, steps);
}

/// [Replace](https://dom.spec.whatwg.org/#concept-node-replace) a child.
pub(crate) fn replace(ctx: &mut Context, parent: &Node, node: &Node, child: &Node) -> JsResult<()> {
    let mut moved = moving(node);
    moved.push(child.clone());
    let records = Planned::replace(ctx, parent, node, child);
    let moves = Moves::replace(ctx, node, child);
    let steps = with_contexts(ctx, |contexts| contexts.replace(parent, node, child));
    let steps = steps.or_throw(ctx)?;
    moves.apply();
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
    let moves = Moves::replace_all(ctx, parent, node);
    let steps = with_contexts(ctx, |contexts| contexts.replace_all(parent, node));
    moves.apply();
    finish(ctx, &moved, records, steps);
}

/// Sets the first attribute of this qualified name, or appends one without a namespace
/// ([`setAttribute()`](https://dom.spec.whatwg.org/#dom-element-setattribute), steps 3 to 6).
///
/// An invalid name changes nothing. Bindings that take a name from script check it first.
pub(crate) fn set_attribute(ctx: &mut Context, element: &Node, name: &str, value: &str) {
    if !dom::is_valid_attribute_local_name(name) {
        return;
    }
    let found = dom::attribute_name(element, name);
    let name = found.unwrap_or_else(|| dom::plain_attribute_name(name));
    set_attribute_value(ctx, element, &name, value);
}

/// [Set an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-set-value).
pub(crate) fn set_attribute_value(ctx: &mut Context, element: &Node, name: &QualName, value: &str) {
    let old = dom::attribute_ns(element, &name.ns, &name.local);
    let steps = with_contexts(ctx, |contexts| {
        contexts.set_attribute_value(element, name, value)
    });
    // 1. Queue a mutation record.
    tree_mutations::queue_attribute(ctx, element, name, old.as_deref());
    // 3. Run the attribute change steps.
    attribute_changed(ctx, element, name, old.as_deref(), Some(value));
    run_steps(ctx, steps);
}

/// [Remove an attribute by name](https://dom.spec.whatwg.org/#concept-element-attributes-remove-by-name).
pub(crate) fn remove_attribute(ctx: &mut Context, element: &Node, name: &str) {
    if let Some(name) = dom::attribute_name(element, name) {
        remove_attribute_value(ctx, element, &name);
    }
}

/// [Remove an attribute by namespace and local name](https://dom.spec.whatwg.org/#concept-element-attributes-remove-by-namespace).
pub(crate) fn remove_attribute_value(ctx: &mut Context, element: &Node, name: &QualName) {
    let Some(old) = dom::attribute_ns(element, &name.ns, &name.local) else {
        return;
    };
    tree_mutations::queue_attribute(ctx, element, name, Some(&old));
    let steps = with_contexts(ctx, |contexts| {
        contexts.remove_attribute_value(element, name)
    });
    attributes::attribute_removed(ctx, element, name, &old);
    attribute_changed(ctx, element, name, Some(&old), None);
    run_steps(ctx, steps);
}

/// Runs the [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext),
/// all of which are about attributes without a namespace.
fn attribute_changed(
    ctx: &mut Context,
    element: &Node,
    name: &QualName,
    old: Option<&str>,
    new: Option<&str>,
) {
    if !name.ns.is_empty() {
        return;
    }
    let change = AttributeChange {
        element,
        name: &name.local,
        old,
        new,
    };
    for steps in extensions().attribute_changed {
        steps(ctx, &change);
    }
}

/// Adopts `node` into the document of `like`, and removes it from its tree
/// ([adopt](https://dom.spec.whatwg.org/#concept-node-adopt)).
pub(crate) fn adopt(ctx: &mut Context, node: &Node, like: &Node) {
    let records = Planned::remove(ctx, node);
    let moves = Moves::remove(ctx, node);
    let steps = with_contexts(ctx, |contexts| contexts.adopt_like(node, like));
    moves.apply();
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
            // 3. to 7. Append the data to the contiguous node before, and remove the node.
            Some(into) => {
                let length = data::units(&into).len();
                data::replace_data(&into, length, 0, &data, cx)?;
                live::text_joined(cx, &text, &into, length);
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

/// [Connected](https://dom.spec.whatwg.org/#connected)
pub(crate) fn is_connected(ctx: &Context, node: &Node) -> bool {
    let root = with_contexts(ctx, |contexts| contexts.shadow_including_root(node));
    node_kind(&root) == NodeKind::Document
}

/// [String replace all](https://dom.spec.whatwg.org/#string-replace-all)
pub(crate) fn string_replace_all(cx: &mut Context, parent: &Node, text: &str) {
    // 1. and 2. A string that is not empty becomes a text node.
    let node = (!text.is_empty()).then(|| dom::create_text(text));
    if let Some(node) = &node {
        adopt(cx, node, parent);
    }
    // 3. Replace all children with it.
    replace_all(cx, parent, node.as_ref());
}

/// The first sibling in a direction that is not among the arguments
/// ([viable sibling](https://dom.spec.whatwg.org/#dom-childnode-before)).
pub(super) fn viable(
    node: &Node,
    next: fn(&Node) -> Option<Node>,
    nodes: &[NodeOrString],
) -> Option<Node> {
    let is_given = |sibling: &Node| {
        nodes
            .iter()
            .any(|given| matches!(given, NodeOrString::Node(given) if dom::is_same(given, sibling)))
    };
    let mut at = next(node);
    while let Some(sibling) = at {
        if !is_given(&sibling) {
            return Some(sibling);
        }
        at = next(&sibling);
    }
    None
}
