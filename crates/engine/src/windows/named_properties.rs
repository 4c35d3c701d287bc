//! Named properties of windows
//! ([HTML, named access on the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object),
//! [Web IDL, named properties object](https://webidl.spec.whatwg.org/#named-properties-object)).
//!
//! The named properties object is between `Window.prototype` and `EventTarget.prototype` in the
//! prototype chain. It is an ECMAScript proxy. Its target is an ordinary object with all properties
//! but the named ones; the target's data is the window.

use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsData, JsObject, JsResult, JsSymbol, JsValue, Trace, js_string,
};
use framepost_browsing_context::dom;
use framepost_event_loop::GlobalId;

use super::later_declarations::{self, Accessor, LaterDeclarations};
use crate::boa::functions::{Trap, proxy_handler};
use crate::boa::properties::{CONFIGURABLE, HIDDEN, data_property};
use crate::boa::slots::Slot;
use crate::dom::collection::Of;
use crate::dom::collections;
use crate::dom::node;
use crate::script::with_contexts;
use crate::webidl::platform;
use crate::windows::window_proxy;

/// The data of the proxy's target.
#[derive(Trace, Finalize, JsData)]
struct Names {
    /// The global object of the window.
    global: JsObject,
    /// The prototype of the target.
    above: JsObject,
    later: LaterDeclarations,
}

/// Creates the named properties object of a window, with the prototype `above`.
pub(crate) fn create(ctx: &mut Context, global: &JsObject, above: JsObject) -> JsResult<JsObject> {
    let names = Names {
        global: global.clone(),
        above: above.clone(),
        later: LaterDeclarations::default(),
    };
    let target = JsObject::from_proto_and_data(above, names);
    target.insert_property(
        JsSymbol::to_string_tag(),
        data_property(js_string!("WindowProperties"), CONFIGURABLE),
    );
    let handler = HANDLER.with(ctx, |handler| handler.clone());
    let handler = handler.ok_or_else(platform::illegal_invocation)?;
    window_proxy::make(ctx, target, handler)
}

/// The handler of all named properties objects of the agent.
static HANDLER: Slot<Option<JsObject>> = Slot::new();

/// Creates the handler, in the agent's hidden realm.
pub(crate) fn install(ctx: &Context) {
    let traps: [(&str, Trap); 8] = [
        ("get", get),
        ("set", set),
        ("has", has),
        ("getOwnPropertyDescriptor", get_own_property),
        ("defineProperty", refuse),
        ("deleteProperty", delete),
        ("preventExtensions", refuse),
        ("setPrototypeOf", set_prototype_of),
    ];
    HANDLER.set(ctx, Some(proxy_handler(ctx.realm(), &traps)));
}

fn refuse(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(false.into())
}

struct Arguments {
    target: JsObject,
    global: JsObject,
    above: JsObject,
    key: PropertyKey,
}

fn arguments(args: &[JsValue], ctx: &mut Context) -> JsResult<Arguments> {
    let target = args.first().and_then(JsValue::as_object);
    let target = target.ok_or_else(platform::illegal_invocation)?;
    let (global, above) = target
        .downcast_ref::<Names>()
        .map(|names| (names.global.clone(), names.above.clone()))
        .ok_or_else(platform::illegal_invocation)?;
    let key = args.get(1).cloned().unwrap_or_default();
    Ok(Arguments {
        target,
        global,
        above,
        key: key.to_property_key(ctx)?,
    })
}

/// Returns the value of a visible named property.
fn visible(arguments: &Arguments, ctx: &mut Context) -> JsResult<Option<JsValue>> {
    // A supported name may also be an index that no frame has.
    let name = match &arguments.key {
        PropertyKey::String(name) => name.to_std_string_lossy(),
        PropertyKey::Index(index) => index.get().to_string(),
        PropertyKey::Symbol(_) => return Ok(None),
    };
    if name.is_empty() || !named_property_visibility(arguments, ctx)? {
        return Ok(None);
    }
    match crate::script::globals::window_of_global(&arguments.global) {
        Some(window) => named(ctx, window, &name),
        None => Ok(None),
    }
}

/// [Named property visibility algorithm](https://webidl.spec.whatwg.org/#dfn-named-property-visibility)
///
/// Checks the prototypes of the named properties object only. The window and `Window.prototype`
/// come before it in the prototype chain, so they hide a named property anyway.
fn named_property_visibility(arguments: &Arguments, ctx: &mut Context) -> JsResult<bool> {
    let own = arguments
        .target
        .borrow()
        .properties()
        .contains_key(&arguments.key);
    Ok(!own && !arguments.above.has_property(arguments.key.clone(), ctx)?)
}

/// [Determine the value of a named property](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-nameditem)
///
/// Returns `None` if the window does not support the name.
fn named(ctx: &mut Context, window: GlobalId, name: &str) -> JsResult<Option<JsValue>> {
    let found = with_contexts(ctx, |contexts| {
        let document = contexts.window(window)?.document();
        let node = contexts.document(document)?.node().clone();
        let frames = contexts.is_active_window(window).then(|| {
            let exposed = contexts.document_tree_child_navigable(window, name);
            let any = contexts.child_navigable_of_name(window, name);
            (exposed, any)
        });
        Some((node, frames.unwrap_or_default()))
    });
    let Some((document, (exposed, any))) = found else {
        return Ok(None);
    };
    if let Some(frame) = exposed {
        return Ok(Some(window_proxy::proxy_value(ctx, frame)));
    }
    const BY_NAME: &[&str] = &["embed", "form", "img", "object"];
    let mut found = dom::descendants(&document).filter(|node| {
        dom::html_name(node).is_some_and(|tag| {
            dom::attribute(node, "id").is_some_and(|id| id == name)
                || (BY_NAME.contains(&tag)
                    && dom::attribute(node, "name").is_some_and(|held| held == name))
        })
    });
    let Some(first) = found.next() else {
        return Ok(None);
    };
    // An element makes the name a supported one, but a frame with that name still wins.
    if let Some(frame) = any {
        return Ok(Some(window_proxy::proxy_value(ctx, frame)));
    }
    if found.next().is_none() {
        return Ok(Some(node::wrap(ctx, &first).into()));
    }
    drop(found);
    let all = collections::create(ctx, &document, Of::WindowNamed(name.to_owned()))?;
    Ok(Some(all.into()))
}

/// Returns the accessor of a declaration, if script looks it up as a bare name.
fn declared(
    arguments: &Arguments,
    receiver: &JsValue,
    ctx: &mut Context,
) -> JsResult<Option<Accessor>> {
    if receiver.as_object().as_ref() != Some(&arguments.global) {
        return Ok(None);
    }
    let Some(realm) = realm_of_declaration(arguments, ctx) else {
        return Ok(None);
    };
    let names = || arguments.target.downcast_ref::<Names>();
    if let Some(known) = names().and_then(|names| names.later.known(&arguments.key)) {
        return Ok(Some(known));
    }
    let compiled = Accessor::compile(&realm, &arguments.key, ctx)?;
    if let (Some(names), Some(accessor)) = (names(), &compiled) {
        names.later.remember(&arguments.key, accessor.clone());
    }
    Ok(compiled)
}

/// Returns the window's realm, if one of its scripts declares this name.
fn realm_of_declaration(arguments: &Arguments, ctx: &Context) -> Option<Realm> {
    let window = crate::script::globals::window_of_global(&arguments.global)?;
    let realm = crate::script::realm::window_record(ctx, window)?.realm;
    later_declarations::is_declared(&realm, &arguments.key).then_some(realm)
}

fn get(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let arguments = arguments(args, ctx)?;
    let receiver = args.get(2).cloned().unwrap_or_default();
    if let Some(accessor) = declared(&arguments, &receiver, ctx)? {
        return accessor.get(ctx);
    }
    if let Some(value) = visible(&arguments, ctx)? {
        return Ok(value);
    }
    let reflect_get = window_proxy::handlers(ctx)?.reflect_get;
    let args = [arguments.target.into(), (&arguments.key).into(), receiver];
    reflect_get.call(&JsValue::undefined(), &args, ctx)
}

fn set(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let arguments = arguments(args, ctx)?;
    let value = args.get(2).cloned().unwrap_or_default();
    let receiver = args.get(3).cloned().unwrap_or_default();
    if let Some(accessor) = declared(&arguments, &receiver, ctx)? {
        accessor.set(value, ctx)?;
        return Ok(true.into());
    }
    let reflect_set = window_proxy::handlers(ctx)?.reflect_set;
    let args = [
        arguments.target.into(),
        (&arguments.key).into(),
        value,
        receiver,
    ];
    reflect_set.call(&JsValue::undefined(), &args, ctx)
}

fn has(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let arguments = arguments(args, ctx)?;
    let found = arguments.target.has_property(arguments.key.clone(), ctx)?
        || visible(&arguments, ctx)?.is_some()
        || realm_of_declaration(&arguments, ctx).is_some();
    Ok(found.into())
}

/// [`[[GetOwnProperty]]`](https://webidl.spec.whatwg.org/#named-properties-object-getownproperty)
fn get_own_property(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let arguments = arguments(args, ctx)?;
    let descriptor = match visible(&arguments, ctx)? {
        Some(value) => Some(data_property(value, HIDDEN)),
        None => {
            let target = arguments.target.borrow();
            target.properties().get(&arguments.key)
        }
    };
    Ok(descriptor.map_or_else(JsValue::undefined, |descriptor| {
        crate::windows::internal_methods::from_property_descriptor(&descriptor).into()
    }))
}

/// [`[[Delete]]`](https://webidl.spec.whatwg.org/#named-properties-object-delete)
fn delete(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(false.into())
}

/// [SetImmutablePrototype](https://tc39.es/ecma262/#sec-set-immutable-prototype)
fn set_prototype_of(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let arguments = arguments(args, ctx)?;
    let wanted = args.get(1).and_then(JsValue::as_object);
    Ok((wanted.as_ref() == Some(&arguments.above)).into())
}
