//! The mixin `ParentNode` ([DOM, mixin ParentNode](https://dom.spec.whatwg.org/#interface-parentnode)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::QuirksMode;
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::collections;
use super::node::NodeOrString;
use crate::dom::selectors::{self, DocumentMode};
use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::exception::OrThrow;
use crate::webidl::interface;

interface! {
    /// The mixin `ParentNode`.
    interface mixin ParentNode(Node) {
        [SameObject] readonly attribute HTMLCollection children = collections::children;
        readonly attribute Element? firstElementChild = |node| element_children(node).into_iter().next();
        readonly attribute Element? lastElementChild = |node| element_children(node).pop();
        readonly attribute unsigned long childElementCount = |node| element_children(node).len();

        [CEReactions, Unscopable] undefined prepend(NodeOrString... nodes);
        [CEReactions, Unscopable] undefined append(NodeOrString... nodes);
        [CEReactions, Unscopable] undefined replaceChildren(NodeOrString... nodes);

        [CEReactions] undefined moveBefore(Node node, Node? child) =
            |parent: &Node, node: Node, child: Option<Node>, cx| tree::move_before(cx, parent, &node, child.as_ref());

        Element? querySelector(DOMString selectors);
        [NewObject] NodeList querySelectorAll(DOMString selectors);
    }
}

/// [`prepend()`](https://dom.spec.whatwg.org/#dom-parentnode-prepend)
fn prepend(parent: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    let node = tree::convert_nodes_into_a_node(cx, nodes, parent)?;
    tree::insert(cx, parent, &node, dom::first_child(parent).as_ref())
}

/// [`append()`](https://dom.spec.whatwg.org/#dom-parentnode-append)
fn append(parent: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    let node = tree::convert_nodes_into_a_node(cx, nodes, parent)?;
    tree::insert(cx, parent, &node, None)
}

/// [`replaceChildren()`](https://dom.spec.whatwg.org/#dom-parentnode-replacechildren)
fn replace_children(parent: &Node, nodes: Vec<NodeOrString>, cx: &mut Context) -> JsResult<()> {
    let node = tree::convert_nodes_into_a_node(cx, nodes, parent)?;
    dom::ensure_pre_insertion_validity(parent, &node, None).or_throw(cx)?;
    tree::replace_all(cx, parent, Some(&node));
    Ok(())
}

/// [`querySelector()`](https://dom.spec.whatwg.org/#dom-parentnode-queryselector)
fn query_selector(node: &Node, selectors: &str, cx: &mut Context) -> JsResult<Option<Node>> {
    let mode = selectors_mode(cx, node, selectors);
    selectors::query_selector(node, selectors, mode).or_throw(cx)
}

/// [`querySelectorAll()`](https://dom.spec.whatwg.org/#dom-parentnode-queryselectorall)
fn query_selector_all(node: &Node, selectors: &str, cx: &mut Context) -> JsResult<JsObject> {
    let mode = selectors_mode(cx, node, selectors);
    let found = selectors::query_selector_all(node, selectors, mode).or_throw(cx)?;
    Ok(collections::static_node_list(cx, node, &found))
}

/// The children that are elements.
pub(crate) fn element_children(node: &Node) -> Vec<Node> {
    let children = node.children.borrow();
    children
        .iter()
        .filter(|child| node_kind(child) == NodeKind::Element)
        .cloned()
        .collect()
}

/// The comparison of names in the document of a node.
pub(crate) fn document_mode(ctx: &Context, node: &Node) -> DocumentMode {
    with_contexts(ctx, |contexts| {
        let document = contexts.node_document(node);
        let document = document.and_then(|document| contexts.document_properties(&document));
        document.map_or(DocumentMode::default(), |document| DocumentMode {
            html: document.is_html(),
            quirks: document.quirks_mode() == QuirksMode::Quirks,
            target: None,
        })
    })
}

/// The mode for matching these selectors.
pub(crate) fn selectors_mode(ctx: &Context, node: &Node, selectors: &str) -> DocumentMode {
    let mut mode = document_mode(ctx, node);
    // OPTIMIZATION: the target element is searched only if the selectors need it.
    if selectors.to_ascii_lowercase().contains(":target") {
        mode.target = with_contexts(ctx, |contexts| {
            let document = contexts.connected_document(node)?;
            let target = contexts.document(document)?.target_element()?;
            Some(std::rc::Rc::as_ptr(&target))
        });
    }
    mode
}
