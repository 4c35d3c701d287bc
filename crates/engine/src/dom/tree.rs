//! Changing trees: the one place from which the engine calls the tree operations of the
//! browsing-context crate, so that the objects of the nodes always move with them.

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::NodeTable;
use framepost_browsing_context::{Steps, dom};
use markup5ever_rcdom::Handle as Node;

use crate::boa::slots::Slot;
use crate::dom::extensions::{AttributeChange, extensions};
use crate::dom::mutation_record;
use crate::dom::mutation_record::Planned;
use crate::script::wrappers::WRAPPERS;
use crate::script::{run_steps, with_contexts};
use crate::webidl::exception::OrThrow;

/// The documents of the roots of detached trees whose document no navigable shows.
static DETACHED_ROOTS: Slot<NodeTable<Node>> = Slot::new();

/// The node and, of a fragment, its children, which are what moves.
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
    let document = foreign_document(ctx, node);
    let steps = with_contexts(ctx, |contexts| contexts.remove(node));
    remember_document(ctx, node, document.as_ref());
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
/// Nothing happens when the name cannot be an attribute's: bindings that take one from script check
/// it first.
pub(crate) fn set_attribute(ctx: &mut Context, element: &Node, name: &str, value: &str) {
    let old = dom::attribute(element, name);
    let steps = with_contexts(ctx, |contexts| contexts.set_attribute(element, name, value));
    let Ok(steps) = steps else { return };
    mutation_record::queue_attribute(ctx, element, name, old.as_deref());
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
    mutation_record::queue_attribute(ctx, element, name, Some(&old));
    let steps = with_contexts(ctx, |contexts| contexts.remove_attribute(element, name));
    crate::dom::attr::attribute_removed(ctx, element, name, &old);
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

/// Makes `node` a node of the document of `like`, taking it out of its tree
/// ([adopt](https://dom.spec.whatwg.org/#concept-node-adopt)).
pub(crate) fn adopt(ctx: &mut Context, node: &Node, like: &Node) {
    match with_contexts(ctx, |contexts| contexts.document_of(like)) {
        Some(document) => {
            let records = Planned::remove(ctx, node);
            let steps = with_contexts(ctx, |contexts| contexts.adopt(node, document));
            DETACHED_ROOTS.with(ctx, |detached_roots| detached_roots.remove(node));
            finish(ctx, std::slice::from_ref(node), records, steps);
        }
        None => {
            if dom::parent(node).is_some() {
                remove(ctx, node);
            }
            let document = crate::dom::node::owner_document_node(ctx, like);
            remember_document(ctx, node, document.as_ref());
        }
    }
}

/// The document of a tree that no navigable shows, which the browsing contexts do not know.
fn foreign_document(ctx: &Context, node: &Node) -> Option<Node> {
    let root = dom::root(node);
    if with_contexts(ctx, |contexts| contexts.document_of(&root)).is_some() {
        return None;
    }
    crate::dom::node::owner_document_node(ctx, &root)
}

/// The document that was remembered for the root of a detached tree.
pub(crate) fn document_of_detached_root(ctx: &Context, root: &Node) -> Option<Node> {
    DETACHED_ROOTS.with(ctx, |roots| roots.get(root).cloned())
}

/// Notes whose node the root of a detached tree is.
fn remember_document(ctx: &Context, node: &Node, document: Option<&Node>) {
    if let Some(document) = document {
        DETACHED_ROOTS.with(ctx, |detached_roots| {
            detached_roots.insert(node, document.clone());
        });
    }
}
