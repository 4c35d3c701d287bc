//! `style` of elements, a `CSSStyleDeclaration`
//! ([CSSOM, the ElementCSSInlineStyle mixin](https://drafts.csswg.org/cssom/#the-elementcssinlinestyle-mixin)).
//!
//! It shows and changes the declarations of the `style` attribute, and has no effect: nothing is
//! laid out. The attribute is all there is; it is parsed whenever somebody asks.

mod declarations;
mod properties;

use boa_engine::{Context, JsObject, JsResult, JsValue};
use markup5ever_rcdom::Handle as Node;

use self::declarations::Declaration;
use crate::dom::{element, tree};
use crate::script::wrappers::{self, NodeWrapper, OfNode};
use crate::webidl::convert::{
    argument, dom_string, dom_string_null_empty, js_str, optional, unsigned_long,
};
use crate::webidl::members::{NamedGetter, NamedSetter};
use crate::webidl::{self, Interface, Member, platform};

/// The `CSSStyleDeclaration` interface.
// NOT YET: indexed properties. Shorthands are not expanded.
pub(crate) static CSS_STYLE_DECLARATION: Interface = Interface {
    members: &[
        &[
            Member::Attribute(
                "cssText",
                |this, _| Ok(js_str(declarations::serialize(&read(&element_of(this)?)))),
                Some(|this, value, ctx| {
                    let text = dom_string_null_empty(value, ctx)?;
                    let node = element_of(this)?;
                    write(ctx, &node, &declarations::parse(&text));
                    Ok(())
                }),
            ),
            Member::Attribute(
                "length",
                |this, _| Ok(read(&element_of(this)?).len().into()),
                None,
            ),
            Member::Attribute("parentRule", |_, _| Ok(JsValue::null()), None),
            Member::Operation("item", 1, |this, args, ctx| {
                let index = unsigned_long(&argument(args, 0), ctx)?;
                let held = read(&element_of(this)?);
                let name = held.get(index as usize).map(|held| held.name.clone());
                Ok(js_str(name.unwrap_or_default()))
            }),
            Member::Operation("getPropertyValue", 1, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                let held = find(&element_of(this)?, &name);
                Ok(js_str(held.map(|held| held.value).unwrap_or_default()))
            }),
            Member::Operation("getPropertyPriority", 1, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                let important = find(&element_of(this)?, &name).is_some_and(|held| held.important);
                Ok(js_str(if important { "important" } else { "" }))
            }),
            Member::Operation("setProperty", 2, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                let value = dom_string_null_empty(&argument(args, 1), ctx)?;
                let priority = optional(args, 2)
                    .map_or(Ok(String::new()), |value| dom_string_null_empty(value, ctx))?;
                set_property(ctx, &element_of(this)?, &name, &value, &priority);
                Ok(JsValue::undefined())
            }),
            Member::Operation("removeProperty", 1, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                let removed = remove_property(ctx, &element_of(this)?, &name);
                Ok(js_str(removed))
            }),
        ],
        properties::MEMBERS,
    ],
    ..Interface::new("CSSStyleDeclaration")
};

/// [`style`](https://drafts.csswg.org/cssom/#dom-elementcssinlinestyle-style)
pub(crate) const STYLE: Member = Member::Attribute(
    "style",
    |this, ctx| Ok(style_of(this, ctx)?.into()),
    Some(|this, value, ctx| {
        let style = style_of(this, ctx)?;
        style.set(boa_engine::js_string!("cssText"), value.clone(), true, ctx)?;
        Ok(())
    }),
);

const NAMED_GET: NamedGetter = |this, name, _| {
    let held = find(&element_of(this)?, name);
    Ok(js_str(held.map(|held| held.value).unwrap_or_default()))
};

const NAMED_SET: NamedSetter = |this, name, value, ctx| {
    let value = dom_string_null_empty(value, ctx)?;
    set_property(ctx, &element_of(this)?, name, &value, "");
    Ok(())
};

fn style_of(this: &JsObject, ctx: &mut Context) -> JsResult<JsObject> {
    let node = wrappers::node(this)?;
    platform::companion(this, "style", ctx, |ctx| {
        let wrapper = NodeWrapper::holding(ctx, node.clone());
        let realm = crate::dom::node::realm_of(ctx, &node);
        let kind = OfNode(wrapper);
        Ok(webidl::create_object(
            &realm,
            &CSS_STYLE_DECLARATION,
            kind,
            ctx,
        ))
    })
}

fn element_of(this: &JsObject) -> JsResult<Node> {
    platform::read(this, |of: &OfNode| of.0.node.clone())
}

fn read(node: &Node) -> Vec<Declaration> {
    declarations::parse(&element::attribute_or_empty(node, "style"))
}

fn find(node: &Node, name: &str) -> Option<Declaration> {
    let name = declarations::property(name)?;
    read(node).into_iter().find(|held| held.name == name)
}

/// [Update style attribute for](https://drafts.csswg.org/cssom/#update-style-attribute-for) an
/// element.
fn write(ctx: &mut Context, node: &Node, declarations: &[Declaration]) {
    let text = declarations::serialize(declarations);
    tree::set_attribute(ctx, node, "style", &text);
}

/// [`setProperty()`](https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-setproperty)
fn set_property(ctx: &mut Context, node: &Node, name: &str, value: &str, priority: &str) {
    let Some(property) = declarations::property(name) else {
        return;
    };
    let value = &declarations::closed(value.trim());
    if value.is_empty() {
        remove_property(ctx, node, name);
        return;
    }
    let important = priority.eq_ignore_ascii_case("important");
    if !(important || priority.is_empty()) || !declarations::is_value(value) {
        return;
    }
    let mut held = read(node);
    let declaration = Declaration {
        name: property,
        value: value.to_owned(),
        important,
    };
    if declarations::set(&mut held, declaration) {
        write(ctx, node, &held);
    }
}

/// [`removeProperty()`](https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-removeproperty)
fn remove_property(ctx: &mut Context, node: &Node, name: &str) -> String {
    let Some(name) = declarations::property(name) else {
        return String::new();
    };
    let mut held = read(node);
    let Some(at) = held.iter().position(|held| held.name == name) else {
        return String::new();
    };
    let removed = held.remove(at);
    write(ctx, node, &held);
    removed.value
}
