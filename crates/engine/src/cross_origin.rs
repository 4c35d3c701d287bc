//! What a window shows to scripts of other origins
//! ([HTML, cross-origin objects](https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects)).
//!
//! These are the traps of the WindowProxy objects once windows of several origins are about. For a
//! window that the running script may touch they do what a proxy without traps would.
//!
//! NOT YET: a `Location` checks its members itself, but is no exotic object: properties that a page
//! has put on it are seen from other origins.

use boa_engine::object::builtins::JsArray;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{
    Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue, js_string,
};
use framepost_event_loop::WindowId;

use crate::platform;
use crate::realm;
use crate::webidl::members::function;
use crate::window_proxy::{may_access, window_of_global};
use crate::world::{with_contexts, with_script};

/// [CrossOriginProperties](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginproperties-(-o-))
/// of a window: names, whether there is a getter, a setter; neither for an operation.
const PROPERTIES: &[(&str, bool, bool)] = &[
    ("window", true, false),
    ("self", true, false),
    ("location", true, true),
    ("close", false, false),
    ("closed", true, false),
    ("focus", false, false),
    ("blur", false, false),
    ("frames", true, false),
    ("length", true, false),
    ("top", true, false),
    ("opener", true, false),
    ("parent", true, false),
    ("postMessage", false, false),
];

/// The `SecurityError` of an access that is not allowed.
pub(crate) fn blocked(ctx: &mut Context) -> JsError {
    let message = "Blocked a frame from accessing a cross-origin frame.";
    // It is thrown to the running script, and so is of its realm.
    let window = realm::incumbent(ctx);
    match window.and_then(|window| realm::window_record(ctx, window)) {
        Some(record) => realm::in_realm(ctx, &record.realm, |ctx| {
            crate::exception::throw("SecurityError", message, ctx)
        }),
        None => crate::exception::throw("SecurityError", message, ctx),
    }
}

struct Access {
    global: JsObject,
    window: Option<WindowId>,
    allowed: bool,
}

fn access(args: &[JsValue], ctx: &mut Context) -> JsResult<Access> {
    let global = args
        .first()
        .and_then(JsValue::as_object)
        .ok_or_else(platform::illegal_invocation)?;
    let window = window_of_global(&global);
    let allowed = window.is_none_or(|window| may_access(ctx, window));
    Ok(Access {
        global,
        window,
        allowed,
    })
}

fn key(args: &[JsValue], ctx: &mut Context) -> JsResult<PropertyKey> {
    args.get(1)
        .cloned()
        .unwrap_or_default()
        .to_property_key(ctx)
}

/// A property that may be seen from another origin.
enum Seen {
    Value(JsValue, bool),
    Accessor(Option<JsObject>, Option<JsObject>),
    Nothing,
}

/// [CrossOriginGetOwnPropertyHelper](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossorigingetownpropertyhelper-(-o,-p-)),
/// with the fallback and the named frames.
fn seen(access: &Access, key: &PropertyKey, ctx: &mut Context) -> JsResult<Seen> {
    if let PropertyKey::Index(_) = key {
        let own = access.global.borrow().properties().get(key);
        return Ok(match own.and_then(|property| property.value().cloned()) {
            Some(value) => Seen::Value(value, true),
            None => return Err(blocked(ctx)),
        });
    }
    if let PropertyKey::String(name) = key {
        let name = name.to_std_string_lossy();
        if let Some((name, get, set)) = PROPERTIES.iter().find(|(known, _, _)| *known == name) {
            return Ok(cross_origin_function(access, name, *get, *set, ctx));
        }
        if let Some(frame) = access
            .window
            .and_then(|window| named_frame(ctx, window, &name))
        {
            return Ok(Seen::Value(frame, false));
        }
    }
    // https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginpropertyfallback-(-p-)
    let fallback = match key {
        PropertyKey::String(name) => *name == *"then",
        PropertyKey::Symbol(symbol) => {
            *symbol == JsSymbol::to_string_tag()
                || *symbol == JsSymbol::has_instance()
                || *symbol == JsSymbol::is_concat_spreadable()
        }
        PropertyKey::Index(_) => false,
    };
    if fallback {
        Ok(Seen::Nothing)
    } else {
        Err(blocked(ctx))
    }
}

fn named_frame(ctx: &mut Context, window: WindowId, name: &str) -> Option<JsValue> {
    if name.is_empty() {
        return None;
    }
    let navigable = with_contexts(ctx, |contexts| {
        let navigable = contexts.window(window)?.navigable();
        let children = contexts.children(navigable).to_vec();
        children.into_iter().find(|child| {
            contexts
                .navigable(*child)
                .is_some_and(|child| child.name() == name)
        })
    })?;
    Some(crate::window_proxy::proxy_value(ctx, navigable))
}

/// The function of a property, made for the realm of the script that looks at it, and once for
/// each of them.
fn cross_origin_function(
    access: &Access,
    name: &'static str,
    get: bool,
    set: bool,
    ctx: &mut Context,
) -> Seen {
    let Some(target) = access.window else {
        return Seen::Nothing;
    };
    let Some(accessor) = realm::incumbent(ctx) else {
        return Seen::Nothing;
    };
    let cached = |role: &'static str, length, ctx: &mut Context| -> Option<JsObject> {
        let held = with_script(ctx, |script| {
            script
                .cross_origin
                .get(&(accessor, target, name, role))
                .cloned()
        });
        if held.is_some() {
            return held;
        }
        let record = realm::window_record(ctx, target)?;
        let descriptor = record
            .global
            .borrow()
            .properties()
            .get(&JsString::from(name).into())?;
        let steps = match role {
            "get" => descriptor.get().cloned(),
            "set" => descriptor.set().cloned(),
            _ => descriptor.value().cloned(),
        };
        let steps = steps?.as_callable()?;
        let realm = realm::realm_of(ctx, accessor);
        let function = forwarding(&realm, name, length, steps, &record.global);
        with_script(ctx, |script| {
            script
                .cross_origin
                .insert((accessor, target, name, role), function.clone())
        });
        Some(function)
    };
    if get || set {
        let get = if get { cached("get", 0, ctx) } else { None };
        let set = if set { cached("set", 1, ctx) } else { None };
        return Seen::Accessor(get, set);
    }
    let length = usize::from(name == "postMessage");
    cached("call", length, ctx).map_or(Seen::Nothing, |function| {
        Seen::Value(function.into(), false)
    })
}

/// A function that calls another one on a global object that it may not be called on otherwise.
fn forwarding(
    realm: &boa_engine::realm::Realm,
    name: &'static str,
    length: usize,
    steps: JsObject,
    global: &JsObject,
) -> JsObject {
    use boa_engine::NativeFunction;
    use boa_engine::object::FunctionObjectBuilder;
    let captures = (steps, global.clone());
    let forward = NativeFunction::from_copy_closure_with_captures(
        |_, args, (steps, global), ctx| steps.call(&global.clone().into(), args, ctx),
        captures,
    );
    FunctionObjectBuilder::new(realm, forward)
        .name(JsString::from(name))
        .length(length)
        .build()
        .into()
}

type Trap = fn(&[JsValue], &mut Context) -> JsResult<JsValue>;

const TRAPS: &[(&str, Trap)] = &[
    ("get", get),
    ("set", set),
    ("has", |args, ctx| {
        let access = access(args, ctx)?;
        let key = key(args, ctx)?;
        if access.allowed {
            return Ok(access.global.has_property(key, ctx)?.into());
        }
        seen(&access, &key, ctx)?;
        Ok(true.into())
    }),
    ("deleteProperty", |args, ctx| {
        let access = access(args, ctx)?;
        if !access.allowed {
            return Err(blocked(ctx));
        }
        reflect("deleteProperty", args, ctx)
    }),
    ("getOwnPropertyDescriptor", |args, ctx| {
        let access = access(args, ctx)?;
        if access.allowed {
            return reflect("getOwnPropertyDescriptor", args, ctx);
        }
        let key = key(args, ctx)?;
        let (value, get, set, enumerable) = match seen(&access, &key, ctx)? {
            Seen::Value(value, enumerable) => (Some(value), None, None, enumerable),
            Seen::Accessor(get, set) => (None, Some(get), Some(set), false),
            Seen::Nothing => (Some(JsValue::undefined()), None, None, false),
        };
        // NOT YET: a proxy's invariants let a property be shown as it is only where the target has
        // none that contradicts it.
        let descriptor = JsObject::with_object_proto(ctx.intrinsics());
        let put = |name, value: JsValue, ctx: &mut Context| {
            descriptor.create_data_property_or_throw(name, value, ctx)
        };
        if let Some(value) = value {
            put(js_string!("value"), value, ctx)?;
            put(js_string!("writable"), false.into(), ctx)?;
        } else {
            let value = |function: Option<Option<JsObject>>| {
                function
                    .flatten()
                    .map_or_else(JsValue::undefined, JsValue::from)
            };
            put(js_string!("get"), value(get), ctx)?;
            put(js_string!("set"), value(set), ctx)?;
        }
        put(js_string!("enumerable"), enumerable.into(), ctx)?;
        put(js_string!("configurable"), true.into(), ctx)?;
        Ok(descriptor.into())
    }),
    ("defineProperty", |args, ctx| {
        let access = access(args, ctx)?;
        if !access.allowed {
            return Err(blocked(ctx));
        }
        reflect("defineProperty", args, ctx)
    }),
    ("ownKeys", |args, ctx| {
        let access = access(args, ctx)?;
        if access.allowed {
            return reflect("ownKeys", args, ctx);
        }
        // https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginownpropertykeys-(-o-)
        let mut keys: Vec<JsValue> = access
            .global
            .own_property_keys(ctx)?
            .iter()
            .filter(|key| matches!(key, PropertyKey::Index(_)))
            .map(JsValue::from)
            .collect();
        keys.extend(
            PROPERTIES
                .iter()
                .map(|(name, _, _)| JsValue::from(JsString::from(*name))),
        );
        keys.push(js_string!("then").into());
        keys.push(JsSymbol::to_string_tag().into());
        keys.push(JsSymbol::has_instance().into());
        keys.push(JsSymbol::is_concat_spreadable().into());
        Ok(JsArray::from_iter(keys, ctx).into())
    }),
    ("getPrototypeOf", |args, ctx| {
        let access = access(args, ctx)?;
        if access.allowed {
            return Ok(access
                .global
                .prototype()
                .map_or_else(JsValue::null, JsValue::from));
        }
        Ok(JsValue::null())
    }),
    ("setPrototypeOf", |args, ctx| {
        // https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-setprototypeof
        let access = access(args, ctx)?;
        let wanted = args.get(1).cloned().unwrap_or_default();
        let now = if access.allowed {
            access.global.prototype()
        } else {
            None
        };
        let now = now.map_or_else(JsValue::null, JsValue::from);
        Ok((now == wanted).into())
    }),
    ("preventExtensions", |_, _| Ok(false.into())),
    ("isExtensible", |_, _| Ok(true.into())),
];

fn get(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let access = access(args, ctx)?;
    let key = key(args, ctx)?;
    if access.allowed {
        // The receiver is the WindowProxy, as it is without traps.
        return reflect("get", args, ctx);
    }
    // https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginget-(-o,-p,-receiver-)
    match seen(&access, &key, ctx)? {
        Seen::Value(value, _) => Ok(value),
        Seen::Nothing => Ok(JsValue::undefined()),
        Seen::Accessor(Some(getter), _) => {
            let receiver = args.get(2).cloned().unwrap_or_default();
            getter.call(&receiver, &[], ctx)
        }
        Seen::Accessor(None, _) => Err(blocked(ctx)),
    }
}

fn set(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let access = access(args, ctx)?;
    if access.allowed {
        return reflect("set", args, ctx);
    }
    let key = key(args, ctx)?;
    // https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginset-(-o,-p,-v,-receiver-)
    match seen(&access, &key, ctx)? {
        Seen::Accessor(_, Some(setter)) => {
            let receiver = args.get(3).cloned().unwrap_or_default();
            let value = args.get(2).cloned().unwrap_or_default();
            setter.call(&receiver, &[value], ctx)?;
            Ok(true.into())
        }
        _ => Err(blocked(ctx)),
    }
}

/// What a proxy without this trap would do.
fn reflect(name: &str, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let reflect = ctx.intrinsics().objects().reflect();
    let method = realm::intrinsic_method(&reflect, name)
        .ok_or_else(|| JsNativeError::typ().with_message("Reflect was changed"))?;
    method.call(&JsValue::undefined(), args, ctx)
}

/// Gives the handler of the WindowProxy objects its traps.
pub(crate) fn install_traps(handler: &JsObject, ctx: &mut Context) -> JsResult<()> {
    let realm = ctx.realm().clone();
    for (name, steps) in TRAPS {
        let steps = *steps;
        let trap = function(&realm, name, 0, move |_, args, ctx| steps(args, ctx));
        let descriptor = PropertyDescriptor::builder()
            .value(trap)
            .writable(true)
            .enumerable(true)
            .configurable(true);
        handler.insert_property(JsString::from(*name), descriptor);
    }
    Ok(())
}
