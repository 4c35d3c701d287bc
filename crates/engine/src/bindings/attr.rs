//! `Attr` and `NamedNodeMap` ([DOM, interface Attr](https://dom.spec.whatwg.org/#interface-attr)).
//!
//! NOT YET: an `Attr` is a view of an element's attribute, by name. It is no node: it cannot be
//! made apart from an element, nor moved.

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;

use crate::platform::{self, Kind};
use crate::tree;
use crate::webidl::convert::{argument, dom_string, js_str, unsigned_long};
use crate::webidl::{self, Interface, Iterable, Member};

use super::element::qualified_attribute;
use super::{legacy, node};

/// What an `Attr` shows.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct AttrData {
    element: JsObject,
    #[unsafe_ignore_trace]
    name: String,
}

/// The `Attr` interface.
pub(crate) static ATTR: Interface = Interface {
    members: &[&[
        Member::Attribute("name", |this, _| Ok(js_str(read(this)?.1)), None),
        Member::Attribute("nodeName", |this, _| Ok(js_str(read(this)?.1)), None),
        Member::Attribute(
            "localName",
            |this, _| {
                let name = read(this)?.1;
                Ok(js_str(
                    name.split_once(':')
                        .map_or(name.as_str(), |(_, local)| local),
                ))
            },
            None,
        ),
        Member::Attribute("value", value, Some(set_value)),
        Member::Attribute("nodeValue", value, Some(set_value)),
        Member::Attribute("ownerElement", |this, _| Ok(read(this)?.0.into()), None),
        Member::Attribute("specified", |_, _| Ok(true.into()), None),
    ]],
    ..Interface::new("Attr", |kind| matches!(kind, Kind::Attr(_)))
};

/// The `NamedNodeMap` interface.
pub(crate) static NAMED_NODE_MAP: Interface = Interface {
    members: &[&[
        Member::Attribute(
            "length",
            |this, ctx| Ok(legacy::length(this, ctx)?.into()),
            None,
        ),
        Member::Operation("item", 1, |this, args, ctx| {
            let index = unsigned_long(&argument(args, 0), ctx)?;
            Ok(legacy::item(this, index as usize, ctx)?.unwrap_or_else(JsValue::null))
        }),
        Member::Operation("getNamedItem", 1, |this, args, ctx| {
            let name = dom_string(&argument(args, 0), ctx)?;
            Ok(legacy::named_item(this, &name, ctx)?.unwrap_or_else(JsValue::null))
        }),
    ]],
    iterable: Iterable::Indexed,
    ..Interface::new(
        "NamedNodeMap",
        |kind| matches!(kind, Kind::Collection(collection) if collection.is_attributes()),
    )
};

fn read(this: &JsObject) -> JsResult<(JsObject, String)> {
    platform::with(this, |kind| match kind {
        Kind::Attr(data) => Some((data.element.clone(), data.name.clone())),
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)
}

fn value(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let (element, name) = read(this)?;
    let value = qualified_attribute(&platform::node(&element)?, &name);
    Ok(js_str(value.unwrap_or_default()))
}

fn set_value(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let (element, name) = read(this)?;
    let value = dom_string(value, ctx)?;
    tree::set_attribute(ctx, &platform::node(&element)?, &name, &value);
    Ok(())
}

/// The `Attr` of an attribute that the element has.
pub(crate) fn create(
    ctx: &mut Context,
    element: &markup5ever_rcdom::Handle,
    name: &str,
) -> JsObject {
    let realm = node::realm_of(ctx, element);
    let element = node::wrap(ctx, element);
    let data = AttrData {
        element,
        name: name.to_owned(),
    };
    webidl::create_object(&realm, &ATTR, Kind::Attr(Box::new(data)), ctx)
}

/// [`attributes`](https://dom.spec.whatwg.org/#dom-element-attributes)
pub(crate) fn attributes(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    super::collections::of_node(this, "attributes", ctx)
}

/// [`getAttributeNode()`](https://dom.spec.whatwg.org/#dom-element-getattributenode)
pub(crate) fn get_attribute_node(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let name = dom_string(&argument(args, 0), ctx)?;
    let element = platform::node(this)?;
    let name = if super::element::is_html(&element) {
        name.to_ascii_lowercase()
    } else {
        name
    };
    let has = dom::attributes(&element)
        .iter()
        .any(|(held, _)| *held == name);
    Ok(if has {
        create(ctx, &element, &name).into()
    } else {
        JsValue::null()
    })
}
