//! `NamedNodeMap` ([DOM, interface NamedNodeMap](https://dom.spec.whatwg.org/#interface-namednodemap)).

use super::collections::Collection;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::convert::{argument, dom_string};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{Interface, Iterable, Member};

use super::{attr, collections, element, node};
use crate::webidl::legacy_old as legacy;

/// The `NamedNodeMap` interface.
pub(crate) static NAMED_NODE_MAP: Interface = Interface {
    members: &[
        legacy::INDEXED_MEMBERS,
        &[
            Member::Operation("getNamedItem", 1, |this, args, ctx| {
                let element = element_of(this)?;
                let name = name_argument(&element, args, ctx)?;
                let found = attr::of_element(ctx, &element, &name)?;
                Ok(found.map_or_else(JsValue::null, JsValue::from))
            }),
            Member::Operation("setNamedItem", 1, |this, args, ctx| {
                let element = node::wrap(ctx, &element_of(this)?);
                attr::set_attribute_node(&element, args, ctx)
            }),
            Member::Operation("removeNamedItem", 1, |this, args, ctx| {
                let element = element_of(this)?;
                let name = name_argument(&element, args, ctx)?;
                let Some(found) = attr::of_element(ctx, &element, &name)? else {
                    let message = format!("there is no attribute {name:?}");
                    return Err(exception::throw("NotFoundError", &message, ctx));
                };
                tree::remove_attribute(ctx, &element, &name);
                Ok(found.into())
            }),
        ],
    ],
    iterable: Iterable::Indexed,
    ..Interface::new("NamedNodeMap")
};

/// The [element](https://dom.spec.whatwg.org/#concept-namednodemap-element) of a map.
fn element_of(this: &JsObject) -> JsResult<Node> {
    platform::with(this, |collection: &Collection| {
        Some(collection.root.node.clone())
    })
    .ok_or_else(platform::illegal_invocation)
}

fn name_argument(element: &Node, args: &[JsValue], ctx: &mut Context) -> JsResult<String> {
    let name = dom_string(&argument(args, 0), ctx)?;
    Ok(match element::is_html(element) {
        true => name.to_ascii_lowercase(),
        false => name,
    })
}

/// [`attributes`](https://dom.spec.whatwg.org/#dom-element-attributes)
pub(crate) fn attributes(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    collections::of_node(this, "attributes", ctx)
}
