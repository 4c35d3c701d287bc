//! `HTMLSlotElement` ([HTML, the slot element](https://html.spec.whatwg.org/multipage/scripting.html#the-slot-element)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    dictionary AssignedNodesOptions {
        boolean flatten = false;
    }
}

/// [`assignedNodes()`](https://html.spec.whatwg.org/multipage/scripting.html#dom-slot-assignednodes)
pub(crate) fn assigned_nodes(
    slot: &Node,
    options: &AssignedNodesOptions,
    cx: &mut Context,
) -> Vec<Node> {
    with_contexts(cx, |contexts| match options.flatten {
        // 1. Without `flatten` return the assigned nodes.
        false => contexts.find_slottables(slot),
        // 2. Otherwise find flattened slottables.
        true => contexts.find_flattened_slottables(slot),
    })
}

/// [`assignedElements()`](https://html.spec.whatwg.org/multipage/scripting.html#dom-slot-assignedelements)
pub(crate) fn assigned_elements(
    slot: &Node,
    options: &AssignedNodesOptions,
    cx: &mut Context,
) -> Vec<Node> {
    let mut nodes = assigned_nodes(slot, options, cx);
    nodes.retain(dom::is_element);
    nodes
}
