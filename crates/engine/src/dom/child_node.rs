//! The mixins `ChildNode` and `NonDocumentTypeChildNode`
//! ([DOM, mixin ChildNode](https://dom.spec.whatwg.org/#interface-childnode)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::Member;

use super::node::{convert_nodes_into_a_node, wrap_or_null};

/// The members of `ChildNode`.
pub(crate) const MEMBERS: &[Member] = &[
    Member::Operation("before", 0, before),
    Member::Operation("after", 0, after),
    Member::Operation("replaceWith", 0, replace_with),
    Member::Operation("remove", 0, |this, _, ctx| {
        let node = wrappers::node(this)?;
        if dom::parent(&node).is_some() {
            tree::remove(ctx, &node);
        }
        Ok(JsValue::undefined())
    }),
];

/// Those that are not in scope in inline event handlers.
pub(crate) const UNSCOPABLES: &[&str] = &["before", "after", "replaceWith", "remove"];

/// The members of `NonDocumentTypeChildNode`.
pub(crate) const NON_DOCUMENT_TYPE: &[Member] = &[
    Member::Attribute(
        "previousElementSibling",
        |this, ctx| sibling(this, dom::previous_sibling, ctx),
        None,
    ),
    Member::Attribute(
        "nextElementSibling",
        |this, ctx| sibling(this, dom::next_sibling, ctx),
        None,
    ),
];

fn sibling(
    this: &JsObject,
    next: fn(&Node) -> Option<Node>,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let mut at = next(&wrappers::node(this)?);
    while let Some(node) = at {
        if node_kind(&node) == NodeKind::Element {
            return Ok(wrap_or_null(ctx, Some(node)));
        }
        at = next(&node);
    }
    Ok(JsValue::null())
}

/// The nodes among the arguments.
fn given(args: &[JsValue]) -> Vec<Node> {
    args.iter()
        .filter_map(|arg| {
            arg.as_object()
                .and_then(|object| wrappers::as_node(&object))
        })
        .collect()
}

/// The first sibling in a direction that is not among the arguments
/// ([viable sibling](https://dom.spec.whatwg.org/#dom-childnode-before)).
fn viable(node: &Node, next: fn(&Node) -> Option<Node>, args: &[JsValue]) -> Option<Node> {
    let given = given(args);
    let mut at = next(node);
    while let Some(sibling) = at {
        if !given.iter().any(|other| dom::is_same(other, &sibling)) {
            return Some(sibling);
        }
        at = next(&sibling);
    }
    None
}

fn before(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let this = wrappers::node(this)?;
    let Some(parent) = dom::parent(&this) else {
        return Ok(JsValue::undefined());
    };
    let previous = viable(&this, dom::previous_sibling, args);
    let node = convert_nodes_into_a_node(ctx, args, &parent)?;
    let before = match previous {
        Some(previous) => dom::next_sibling(&previous),
        None => dom::first_child(&parent),
    };
    tree::insert(ctx, &parent, &node, before.as_ref())?;
    Ok(JsValue::undefined())
}

fn after(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let this = wrappers::node(this)?;
    let Some(parent) = dom::parent(&this) else {
        return Ok(JsValue::undefined());
    };
    let next = viable(&this, dom::next_sibling, args);
    let node = convert_nodes_into_a_node(ctx, args, &parent)?;
    tree::insert(ctx, &parent, &node, next.as_ref())?;
    Ok(JsValue::undefined())
}

fn replace_with(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let this = wrappers::node(this)?;
    let Some(parent) = dom::parent(&this) else {
        return Ok(JsValue::undefined());
    };
    let next = viable(&this, dom::next_sibling, args);
    let node = convert_nodes_into_a_node(ctx, args, &parent)?;
    if dom::parent(&this).is_some_and(|above| dom::is_same(&above, &parent)) {
        tree::replace(ctx, &parent, &node, &this)?;
    } else {
        tree::insert(ctx, &parent, &node, next.as_ref())?;
    }
    Ok(JsValue::undefined())
}
