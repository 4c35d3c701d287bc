//! Objects with indexed and named properties
//! ([Web IDL, legacy platform objects](https://webidl.spec.whatwg.org/#js-legacy-platform-objects)).
//!
//! Boa has no exotic objects of an embedder's own, so such an object is an ECMAScript proxy over a
//! platform object: the traps answer for indices and names and leave the rest to the target.

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_browsing_context::dom;

use crate::boa::functions::function;
use crate::webidl::Member;
use crate::webidl::convert::{argument, js_str, unsigned_long};
use crate::webidl::platform;

use crate::dom::collections::{Collection, Of};
use crate::dom::{attr, element, node, token_list};

fn collection(this: &JsObject) -> JsResult<Collection> {
    platform::with(this, |collection: &Collection| Some(collection.clone()))
        .ok_or_else(platform::illegal_invocation)
}

/// What a legacy platform object has beside its indexed properties.
pub(crate) const INDEXED_MEMBERS: &[Member] = &[
    Member::Attribute("length", |this, ctx| Ok(length(this, ctx)?.into()), None),
    Member::Operation("item", 1, |this, args, ctx| {
        let index = unsigned_long(&argument(args, 0), ctx)?;
        Ok(item(this, index as usize, ctx)?.unwrap_or_else(JsValue::null))
    }),
];

/// How many indexed properties there are.
pub(crate) fn length(this: &JsObject, _: &mut Context) -> JsResult<usize> {
    let collection = collection(this)?;
    Ok(match &collection.of {
        Of::Attributes => dom::attributes(&collection.root.node).len(),
        Of::Tokens(attribute) => token_list::tokens(&collection.root.node, attribute).len(),
        _ => collection.nodes().len(),
    })
}

/// The value at an index.
pub(crate) fn item(this: &JsObject, index: usize, ctx: &mut Context) -> JsResult<Option<JsValue>> {
    let collection = collection(this)?;
    let root = &collection.root.node;
    Ok(match &collection.of {
        Of::Attributes => {
            let name = dom::attributes(root)
                .into_iter()
                .nth(index)
                .map(|(name, _)| name);
            match name {
                Some(name) => attr::of_element(ctx, root, &name)?.map(JsValue::from),
                None => None,
            }
        }
        Of::Tokens(attribute) => token_list::tokens(root, attribute)
            .into_iter()
            .nth(index)
            .map(js_str),
        _ => {
            let found = collection.nodes().into_iter().nth(index);
            found.map(|found| node::wrap(ctx, &found).into())
        }
    })
}

/// The value of a name.
pub(crate) fn named_item(
    this: &JsObject,
    name: &str,
    ctx: &mut Context,
) -> JsResult<Option<JsValue>> {
    let collection = collection(this)?;
    let root = &collection.root.node;
    Ok(match &collection.of {
        Of::Attributes => attr::of_element(ctx, root, name)?.map(JsValue::from),
        Of::Tokens(_) | Of::ChildNodes | Of::Static(_) | Of::Named(_) => None,
        _ if name.is_empty() => None,
        _ => {
            let found = collection.nodes().into_iter().find(|node| {
                dom::attribute(node, "id").is_some_and(|id| id == name)
                    || (element::is_html(node)
                        && dom::attribute(node, "name").is_some_and(|held| held == name))
            });
            found.map(|found| node::wrap(ctx, &found).into())
        }
    })
}

/// The names that are own properties.
fn names(this: &JsObject) -> JsResult<Vec<String>> {
    let collection = collection(this)?;
    let mut names = Vec::new();
    match &collection.of {
        Of::Attributes => {
            names.extend(
                dom::attributes(&collection.root.node)
                    .into_iter()
                    .map(|(name, _)| name),
            );
        }
        Of::Tokens(_) | Of::ChildNodes | Of::Static(_) | Of::Named(_) => {}
        _ => {
            for node in collection.nodes() {
                let name = if element::is_html(&node) {
                    dom::attribute(&node, "name")
                } else {
                    None
                };
                names.extend(dom::attribute(&node, "id").into_iter().chain(name));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
    Ok(names)
}

/// Puts a platform object behind a proxy with its indexed and named properties.
pub(crate) fn proxy(ctx: &mut Context, target: &JsObject) -> JsResult<JsObject> {
    let realm = ctx.realm().clone();
    let handler =
        super::realm::singleton(ctx, &realm, "legacy platform object handler", |ctx, _| {
            make_handler(ctx)
        });
    proxy_with(ctx, target, handler)
}

/// Puts a platform object behind a proxy with traps of its own.
pub(crate) fn proxy_with(
    ctx: &mut Context,
    target: &JsObject,
    handler: JsObject,
) -> JsResult<JsObject> {
    let constructor = ctx.intrinsics().constructors().proxy().constructor();
    let proxy = constructor.construct(&[target.clone().into(), handler.into()], None, ctx)?;
    crate::webidl::legacy::remember(ctx, &proxy, target)?;
    Ok(proxy)
}

/// An own property that is none of the target's own.
enum Supported {
    Index(Option<JsValue>),
    Name(JsValue),
    No,
}

fn supported(target: &JsObject, key: &PropertyKey, ctx: &mut Context) -> JsResult<Supported> {
    match key {
        PropertyKey::Index(index) => Ok(Supported::Index(item(target, index.get() as usize, ctx)?)),
        PropertyKey::String(name) => {
            // Names do not hide what the object or its prototypes have: none of these interfaces
            // overrides built-ins.
            if target.has_property(key.clone(), ctx)? {
                return Ok(Supported::No);
            }
            let found = named_item(target, &name.to_std_string_lossy(), ctx)?;
            Ok(found.map_or(Supported::No, Supported::Name))
        }
        PropertyKey::Symbol(_) => Ok(Supported::No),
    }
}

fn target_and_key(args: &[JsValue], ctx: &mut Context) -> JsResult<(JsObject, PropertyKey)> {
    let target = args
        .first()
        .and_then(JsValue::as_object)
        .ok_or_else(platform::illegal_invocation)?;
    let key = args
        .get(1)
        .cloned()
        .unwrap_or_default()
        .to_property_key(ctx)?;
    Ok((target, key))
}

fn make_handler(ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    let handler = JsObject::with_null_proto();
    let trap = |name: &str, steps: fn(&[JsValue], &mut Context) -> JsResult<JsValue>| {
        let function = function(&realm, name, 0, move |_, args, ctx| steps(args, ctx));
        handler.insert_property(
            JsString::from(name),
            PropertyDescriptor::builder()
                .value(function)
                .writable(true)
                .enumerable(true)
                .configurable(true),
        );
    };
    trap("get", |args, ctx| {
        let (target, key) = target_and_key(args, ctx)?;
        match supported(&target, &key, ctx)? {
            Supported::Index(value) => Ok(value.unwrap_or_default()),
            Supported::Name(value) => Ok(value),
            Supported::No => target.get(key, ctx),
        }
    });
    trap("has", |args, ctx| {
        let (target, key) = target_and_key(args, ctx)?;
        Ok(match supported(&target, &key, ctx)? {
            Supported::Index(value) => value.is_some(),
            Supported::Name(_) => true,
            Supported::No => target.has_property(key, ctx)?,
        }
        .into())
    });
    trap("set", |args, ctx| {
        let (target, key) = target_and_key(args, ctx)?;
        let value = args.get(2).cloned().unwrap_or_default();
        match supported(&target, &key, ctx)? {
            Supported::Index(_) | Supported::Name(_) => Ok(false.into()),
            Supported::No => Ok(target.set(key, value, false, ctx)?.into()),
        }
    });
    trap("deleteProperty", |args, ctx| {
        let (target, key) = target_and_key(args, ctx)?;
        match supported(&target, &key, ctx)? {
            Supported::Index(value) => Ok(value.is_none().into()),
            Supported::Name(_) => Ok(false.into()),
            Supported::No => Ok(target.delete_property_or_throw(key, ctx).is_ok().into()),
        }
    });
    trap("defineProperty", |args, ctx| {
        let (target, key) = target_and_key(args, ctx)?;
        if !matches!(supported(&target, &key, ctx)?, Supported::No) {
            return Ok(false.into());
        }
        let descriptor = args
            .get(2)
            .cloned()
            .unwrap_or_default()
            .to_property_descriptor(ctx)?;
        Ok(target
            .define_property_or_throw(key, descriptor, ctx)
            .is_ok()
            .into())
    });
    trap("getOwnPropertyDescriptor", own_property_descriptor);
    trap("ownKeys", |args, ctx| {
        let target = args
            .first()
            .and_then(JsValue::as_object)
            .ok_or_else(platform::illegal_invocation)?;
        let mut keys: Vec<JsValue> = (0..length(&target, ctx)?)
            .map(|index| js_str(index.to_string()))
            .collect();
        keys.extend(names(&target)?.into_iter().map(js_str));
        keys.extend(target.own_property_keys(ctx)?.iter().map(JsValue::from));
        Ok(boa_engine::object::builtins::JsArray::from_iter(keys, ctx).into())
    });
    trap("preventExtensions", |_, _| {
        Err(JsNativeError::typ()
            .with_message("this object cannot be made non-extensible")
            .into())
    });
    handler
}

fn own_property_descriptor(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, ctx)?;
    let (value, enumerable) = match supported(&target, &key, ctx)? {
        Supported::Index(value) => (value, true),
        Supported::Name(value) => (Some(value), false),
        Supported::No => return target_property_descriptor(args, ctx),
    };
    let Some(value) = value else {
        return Ok(JsValue::undefined());
    };
    let descriptor = JsObject::with_object_proto(ctx.intrinsics());
    descriptor.create_data_property_or_throw(js_string!("value"), value, ctx)?;
    descriptor.create_data_property_or_throw(js_string!("writable"), false, ctx)?;
    descriptor.create_data_property_or_throw(js_string!("enumerable"), enumerable, ctx)?;
    descriptor.create_data_property_or_throw(js_string!("configurable"), true, ctx)?;
    Ok(descriptor.into())
}

/// The descriptor of a property that the target of a proxy has itself: what a
/// `getOwnPropertyDescriptor` trap with these arguments answers where it has nothing to add.
pub(crate) fn target_property_descriptor(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let reflect = ctx.intrinsics().objects().reflect();
    let get = crate::boa::functions::intrinsic_method(&reflect, "getOwnPropertyDescriptor");
    let get = get.ok_or_else(platform::illegal_invocation)?;
    get.call(&JsValue::undefined(), args, ctx)
}
