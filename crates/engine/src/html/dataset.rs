//! `DOMStringMap`, an element's `dataset`
//! ([HTML, embedding custom non-visible data](https://html.spec.whatwg.org/multipage/dom.html#embedding-custom-non-visible-data-with-the-data-*-attributes)).

use crate::script::wrappers;
use crate::script::wrappers::OfNode;
use boa_engine::object::builtins::JsArray;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::boa::functions::function;
use crate::dom::tree;
use crate::script::realm;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::convert::{dom_string, js_str};
use crate::webidl::exception;
use crate::webidl::legacy_old as legacy;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};

/// The `DOMStringMap` interface.
pub(crate) static DOM_STRING_MAP: Interface = Interface::new("DOMStringMap");

/// [`dataset`](https://html.spec.whatwg.org/multipage/dom.html#dom-dataset)
pub(crate) const DATASET: Member = Member::Attribute(
    "dataset",
    |this, ctx| {
        let node = wrappers::node(this)?;
        let made = platform::companion(this, "dataset", ctx, |ctx| {
            let wrapper = NodeWrapper::holding(ctx, node.clone());
            let realm = crate::dom::node::realm_of(ctx, &node);
            let kind = OfNode(wrapper);
            let target = webidl::create_object(&realm, &DOM_STRING_MAP, kind, ctx);
            let handler = realm::singleton(ctx, &realm, "DOMStringMap handler", |ctx, _| {
                make_handler(ctx)
            });
            legacy::proxy_with(ctx, &target, handler)
        })?;
        Ok(made.into())
    },
    None,
);

/// The name of a `data-*` attribute in a dataset, if it has one there.
fn property_name(attribute: &str) -> Option<String> {
    let rest = attribute.strip_prefix("data-")?;
    if rest.contains(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let mut name = String::new();
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(next) if c == '-' && next.is_ascii_lowercase() => {
                name.push(next.to_ascii_uppercase());
                characters.next();
            }
            _ => name.push(c),
        }
    }
    Some(name)
}

/// The attribute of a name in a dataset; none if no attribute can have that name.
fn attribute_name(name: &str) -> Option<String> {
    let mut attribute = "data-".to_owned();
    let mut after_hyphen = false;
    for c in name.chars() {
        if after_hyphen && c.is_ascii_lowercase() {
            return None;
        }
        after_hyphen = c == '-';
        if c.is_ascii_uppercase() {
            attribute.push('-');
        }
        attribute.push(c.to_ascii_lowercase());
    }
    Some(attribute)
}

/// [Get the name-value pairs](https://html.spec.whatwg.org/multipage/dom.html#concept-domstringmap-pairs)
fn pairs(node: &Node) -> Vec<(String, String)> {
    let attributes = dom::attributes(node).into_iter();
    attributes
        .filter_map(|(name, value)| Some((property_name(&name)?, value)))
        .collect()
}

/// The element, its dataset's own object, and the property that a trap is asked for.
fn arguments(args: &[JsValue], ctx: &mut Context) -> JsResult<(Node, JsObject, PropertyKey)> {
    let target = args.first().and_then(JsValue::as_object);
    let target = target.ok_or_else(platform::illegal_invocation)?;
    let node = platform::with(&target, |of: &OfNode| Some(of.0.node.clone()));
    let key = args.get(1).cloned().unwrap_or_default();
    let key = key.to_property_key(ctx)?;
    Ok((node.ok_or_else(platform::illegal_invocation)?, target, key))
}

/// A key as a name; a symbol is none.
fn name_of(key: &PropertyKey) -> Option<String> {
    match key {
        PropertyKey::String(name) => Some(name.to_std_string_lossy()),
        PropertyKey::Index(index) => Some(index.get().to_string()),
        PropertyKey::Symbol(_) => None,
    }
}

fn value_of(node: &Node, key: &PropertyKey) -> Option<String> {
    let name = name_of(key)?;
    let mut pairs = pairs(node).into_iter();
    pairs
        .find(|(held, _)| *held == name)
        .map(|(_, value)| value)
}

/// [Set the value of a new or existing named property](https://html.spec.whatwg.org/multipage/dom.html#dom-domstringmap-setitem)
fn set(node: &Node, name: &str, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = dom_string(value, ctx)?;
    let Some(attribute) = attribute_name(name) else {
        let message = format!("{name:?} has a hyphen before a lower-case letter.");
        return Err(exception::throw("SyntaxError", &message, ctx));
    };
    if attribute.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '/', '=', '>']) {
        let message = format!("{attribute:?} is not a valid attribute name.");
        return Err(exception::throw("InvalidCharacterError", &message, ctx));
    }
    tree::set_attribute(ctx, node, &attribute, &value);
    Ok(())
}

fn make_handler(ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    let handler = JsObject::with_null_proto();
    let trap = |name: &str, steps: fn(&[JsValue], &mut Context) -> JsResult<JsValue>| {
        let function = function(&realm, name, 0, move |_, args, ctx| steps(args, ctx));
        let descriptor = PropertyDescriptor::builder()
            .value(function)
            .writable(true)
            .enumerable(true)
            .configurable(true);
        handler.insert_property(JsString::from(name), descriptor);
    };
    trap("get", |args, ctx| {
        let (node, target, key) = arguments(args, ctx)?;
        match value_of(&node, &key) {
            Some(value) => Ok(js_str(value)),
            None => target.get(key, ctx),
        }
    });
    trap("has", |args, ctx| {
        let (node, target, key) = arguments(args, ctx)?;
        Ok((value_of(&node, &key).is_some() || target.has_property(key, ctx)?).into())
    });
    trap("set", |args, ctx| {
        let (node, target, key) = arguments(args, ctx)?;
        let value = args.get(2).cloned().unwrap_or_default();
        match name_of(&key) {
            Some(name) => set(&node, &name, &value, ctx)?,
            None => return Ok(target.set(key, value, false, ctx)?.into()),
        }
        Ok(true.into())
    });
    trap("defineProperty", |args, ctx| {
        let (node, target, key) = arguments(args, ctx)?;
        let descriptor = args.get(2).cloned().unwrap_or_default();
        let descriptor = descriptor.to_property_descriptor(ctx)?;
        let Some(name) = name_of(&key) else {
            return Ok(target
                .define_property_or_throw(key, descriptor, ctx)
                .is_ok()
                .into());
        };
        if descriptor.is_accessor_descriptor() {
            return Ok(false.into());
        }
        let value = descriptor.value().cloned().unwrap_or_default();
        set(&node, &name, &value, ctx)?;
        Ok(true.into())
    });
    trap("deleteProperty", |args, ctx| {
        let (node, target, key) = arguments(args, ctx)?;
        if value_of(&node, &key).is_none() {
            return Ok(target.delete_property_or_throw(key, ctx).is_ok().into());
        }
        let attribute = name_of(&key).as_deref().and_then(attribute_name);
        if let Some(attribute) = attribute {
            tree::remove_attribute(ctx, &node, &attribute);
        }
        Ok(true.into())
    });
    trap("ownKeys", |args, ctx| {
        let target = args.first().and_then(JsValue::as_object);
        let target = target.ok_or_else(platform::illegal_invocation)?;
        let node = platform::with(&target, |of: &OfNode| Some(of.0.node.clone()));
        let pairs = node.map(|node| pairs(&node)).unwrap_or_default();
        let mut keys: Vec<JsValue> = pairs.into_iter().map(|(name, _)| js_str(name)).collect();
        keys.extend(target.own_property_keys(ctx)?.iter().map(JsValue::from));
        Ok(JsArray::from_iter(keys, ctx).into())
    });
    trap("getOwnPropertyDescriptor", |args, ctx| {
        let (node, _, key) = arguments(args, ctx)?;
        let Some(value) = value_of(&node, &key) else {
            return legacy::target_property_descriptor(args, ctx);
        };
        let descriptor = JsObject::with_object_proto(ctx.intrinsics());
        descriptor.create_data_property_or_throw(js_string!("value"), js_str(value), ctx)?;
        for name in ["writable", "enumerable", "configurable"] {
            descriptor.create_data_property_or_throw(JsString::from(name), true, ctx)?;
        }
        Ok(descriptor.into())
    });
    handler
}

#[cfg(test)]
mod tests {
    use super::{attribute_name, property_name};

    #[test]
    fn names_of_attributes_and_of_properties() {
        for (attribute, name) in [
            ("data-a", "a"),
            ("data-foo-bar", "fooBar"),
            ("data-", ""),
            ("data--x", "X"),
            ("data-a-1", "a-1"),
        ] {
            assert_eq!(property_name(attribute).as_deref(), Some(name));
            assert_eq!(attribute_name(name).as_deref(), Some(attribute));
        }
        assert_eq!(property_name("data-A"), None);
        assert_eq!(property_name("date-a"), None);
        assert_eq!(attribute_name("a-b"), None);
    }
}
