//! The mixin `ParentNode` ([DOM, mixin ParentNode](https://dom.spec.whatwg.org/#interface-parentnode)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::dom::selectors;
use crate::dom::selectors::DocumentMode;
use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::Member;
use crate::webidl::convert::{argument, dom_string};
use crate::webidl::exception::OrThrow;

use super::collections;
use super::node::{convert_nodes_into_a_node, wrap_or_null};

/// The members of `ParentNode`.
pub(crate) const MEMBERS: &[Member] = &[
    Member::Attribute("children", collections::children, None),
    Member::Attribute(
        "firstElementChild",
        |this, ctx| {
            let node = wrappers::node(this)?;
            let found = element_children(&node).first().cloned();
            Ok(wrap_or_null(ctx, found))
        },
        None,
    ),
    Member::Attribute(
        "lastElementChild",
        |this, ctx| {
            let node = wrappers::node(this)?;
            let found = element_children(&node).last().cloned();
            Ok(wrap_or_null(ctx, found))
        },
        None,
    ),
    Member::Attribute(
        "childElementCount",
        |this, _| Ok(element_children(&wrappers::node(this)?).len().into()),
        None,
    ),
    Member::Operation("prepend", 0, |this, args, ctx| {
        let parent = wrappers::node(this)?;
        let node = convert_nodes_into_a_node(ctx, args, &parent)?;
        tree::insert(ctx, &parent, &node, dom::first_child(&parent).as_ref())?;
        Ok(JsValue::undefined())
    }),
    Member::Operation("append", 0, |this, args, ctx| {
        let parent = wrappers::node(this)?;
        let node = convert_nodes_into_a_node(ctx, args, &parent)?;
        tree::insert(ctx, &parent, &node, None)?;
        Ok(JsValue::undefined())
    }),
    Member::Operation("replaceChildren", 0, |this, args, ctx| {
        let parent = wrappers::node(this)?;
        let node = convert_nodes_into_a_node(ctx, args, &parent)?;
        dom::ensure_pre_insertion_validity(&parent, &node, None).or_throw(ctx)?;
        tree::replace_all(ctx, &parent, Some(&node));
        Ok(JsValue::undefined())
    }),
    Member::Operation("querySelector", 1, |this, args, ctx| {
        let found = select(this, args, true, ctx)?;
        Ok(wrap_or_null(ctx, found.into_iter().next()))
    }),
    Member::Operation("querySelectorAll", 1, |this, args, ctx| {
        let found = select(this, args, false, ctx)?;
        Ok(collections::static_node_list(ctx, &wrappers::node(this)?, &found).into())
    }),
];

/// Those that are not in scope in inline event handlers.
pub(crate) const UNSCOPABLES: &[&str] = &["prepend", "append", "replaceChildren"];

/// The children that are elements.
pub(crate) fn element_children(node: &Node) -> Vec<Node> {
    let children = node.children.borrow();
    children
        .iter()
        .filter(|child| node_kind(child) == NodeKind::Element)
        .cloned()
        .collect()
}

/// How names compare in the document of a node.
pub(crate) fn document_mode(ctx: &Context, node: &Node) -> DocumentMode {
    with_contexts(ctx, |contexts| {
        let document = contexts
            .document_of(node)
            .and_then(|document| contexts.document(document));
        document.map_or(
            DocumentMode {
                html: true,
                quirks: false,
            },
            |document| DocumentMode::html(document.quirks_mode()),
        )
    })
}

fn select(
    this: &JsObject,
    args: &[JsValue],
    first: bool,
    ctx: &mut Context,
) -> JsResult<Vec<Node>> {
    let text = dom_string(&argument(args, 0), ctx)?;
    let node = wrappers::node(this)?;
    let mode = document_mode(ctx, &node);
    if first {
        let found = selectors::query_selector(&node, &text, mode).or_throw(ctx)?;
        return Ok(found.into_iter().collect());
    }
    selectors::query_selector_all(&node, &text, mode).or_throw(ctx)
}
