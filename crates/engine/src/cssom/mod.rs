//! `style` of elements, a `CSSStyleDeclaration`
//! ([CSSOM, the ElementCSSInlineStyle mixin](https://drafts.csswg.org/cssom/#the-elementcssinlinestyle-mixin)).
//!
//! It reads and changes the declarations of the `style` attribute, and has no other effect, because there is no
//! layout. Only the attribute is stored. It is parsed for each access.

mod declarations;
pub(crate) mod namespace;
mod properties;

use boa_engine::{Context, JsObject, JsValue};
use markup5ever_rcdom::Handle as Node;

use self::declarations::{Declaration, update_style_attribute};
use crate::dom::{elements, node};
use crate::script::wrappers::{NodeWrapper, OfNode};
use crate::webidl::{self, interface};

interface! {
    /// The `CSSStyleDeclaration` interface.
    // NOT YET: indexed properties. Shorthands are not expanded.
    [Exposed=Window]
    interface CSSStyleDeclaration(OfNode) {
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString cssText = |style| declarations::serialize(&read(style)),
            |style: &OfNode, text: String, cx| update_style_attribute(&style.0.node, &declarations::parse(&text), cx);
        readonly attribute unsigned long length = |style| read(style).len();
        DOMString item(unsigned long index) = |style, index: usize| read(style).get(index).map_or_else(String::new, |held| held.name.clone());
        DOMString getPropertyValue(DOMString property) = |style, property| value_of(style, &property);
        DOMString getPropertyPriority(DOMString property) = |style, property| match find(style, &property) {
            Some(Declaration { important: true, .. }) => "important",
            _ => "",
        };
        [CEReactions] undefined setProperty(DOMString property, [LegacyNullToEmptyString] DOMString value, optional [LegacyNullToEmptyString] DOMString priority = "");
        [CEReactions] DOMString removeProperty(DOMString property);
        readonly attribute any parentRule = || JsValue::null();
        include properties::MEMBERS;
    }

    /// The `ElementCSSInlineStyle` mixin.
    interface mixin ElementCSSInlineStyle {
        [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
    }
}

/// [`style`](https://drafts.csswg.org/cssom/#dom-elementcssinlinestyle-style)
fn style(element: &Node, cx: &mut Context) -> JsObject {
    let realm = node::realm_of(cx, element);
    let data = OfNode(NodeWrapper::holding(cx, element.clone()));
    webidl::create_object(&realm, &CSS_STYLE_DECLARATION, data, cx)
}

fn read(style: &OfNode) -> Vec<Declaration> {
    declarations::parse(&elements::attribute_or_empty(&style.0.node, "style"))
}

fn find(style: &OfNode, name: &str) -> Option<Declaration> {
    let name = declarations::property(name)?;
    read(style).into_iter().find(|held| held.name == name)
}

/// [`getPropertyValue()`](https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-getpropertyvalue)
fn value_of(style: &OfNode, property: &str) -> String {
    find(style, property).map_or_else(String::new, |held| held.value)
}

/// [`setProperty()`](https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-setproperty)
fn set_property(style: &OfNode, name: &str, value: &str, priority: &str, cx: &mut Context) {
    let Some(property) = declarations::property(name) else {
        return;
    };
    let value = &declarations::closed(value.trim());
    if value.is_empty() {
        remove_property(style, name, cx);
        return;
    }
    let important = priority.eq_ignore_ascii_case("important");
    if !(important || priority.is_empty()) || !declarations::is_value(value) {
        return;
    }
    let mut held = read(style);
    let declaration = Declaration {
        name: property,
        value: value.to_owned(),
        important,
    };
    if declarations::set(&mut held, declaration) {
        update_style_attribute(&style.0.node, &held, cx);
    }
}

/// [`removeProperty()`](https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-removeproperty)
fn remove_property(style: &OfNode, name: &str, cx: &mut Context) -> String {
    let Some(name) = declarations::property(name) else {
        return String::new();
    };
    let mut held = read(style);
    let Some(at) = held.iter().position(|held| held.name == name) else {
        return String::new();
    };
    let removed = held.remove(at);
    update_style_attribute(&style.0.node, &held, cx);
    removed.value
}
