//! Internal methods of WindowProxy and `Location` objects, as the traps of ECMAScript proxies
//! ([WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object),
//! [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface)).
//!
//! A proxy must obey the invariants of ordinary objects with respect to its target. These objects
//! do not: a non-configurable property vanishes when a window is navigated or changes its domain.
//! A guarded proxy therefore has an artificial target, its *shadow*: an empty object without a prototype. Before a
//! trap reports a non-configurable property, it defines that property on the shadow, and at once gives the proxy a
//! new shadow. So each shadow has to agree with one answer only.

use boa_engine::object::builtins::JsArray;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsData, JsObject, JsResult, JsString, JsSymbol, JsValue, Trace, js_string,
};
use framepost_event_loop::GlobalId;

use crate::boa::functions::{Trap, proxy_handler};
use crate::boa::properties::{CONFIGURABLE, ORDINARY, accessor_property, data_property};
use crate::script::globals::{LocationOf, WindowGlobal};
use crate::webidl::platform;
use crate::windows::cross_origin::{self, Seen, blocked};
use crate::windows::lazy_globals;
use crate::windows::window_proxy::{self, may_access};

/// The target of a guarded proxy.
#[derive(Trace, Finalize, JsData)]
pub(crate) struct Shadow {
    /// The WindowProxy or `Location`.
    proxy: JsObject,
    /// The object behind the proxy.
    behind: JsObject,
}

/// Creates a shadow for a proxy.
pub(crate) fn shadow(proxy: &JsObject, behind: &JsObject) -> JsObject {
    let data = Shadow {
        proxy: proxy.clone(),
        behind: behind.clone(),
    };
    JsObject::from_proto_and_data(None, data)
}

/// The handlers and functions that the proxies of an agent share.
#[derive(Clone)]
pub(crate) struct Handlers {
    /// The agent's hidden realm: the first one of its context, in which no page's script runs.
    pub(crate) realm: Realm,
    /// The handler of an open WindowProxy.
    pub(crate) open_window: JsObject,
    /// The handler of an open location.
    pub(crate) open_location: JsObject,
    /// The handler of all guarded proxies.
    pub(crate) guarded: JsObject,
    /// The unmodified `Reflect.get`.
    pub(crate) reflect_get: JsObject,
    /// The unmodified `Reflect.set`.
    pub(crate) reflect_set: JsObject,
}

impl Handlers {
    /// Creates the handlers in the current realm.
    pub(crate) fn new(ctx: &mut Context) -> JsResult<Self> {
        let realm = ctx.realm().clone();
        let handler = |traps: &[(&str, Trap)]| proxy_handler(&realm, traps);
        let reflect = ctx.intrinsics().objects().reflect();
        let reflected = |name| {
            crate::boa::functions::intrinsic_method(&reflect, name)
                .ok_or_else(platform::illegal_invocation)
        };
        Ok(Self {
            open_window: handler(&[
                ("setPrototypeOf", set_prototype_of),
                ("preventExtensions", prevent_extensions),
                ("getOwnPropertyDescriptor", get_own_property),
                ("defineProperty", define_own_property),
                ("set", set),
                ("deleteProperty", delete),
            ]),
            open_location: handler(&[
                ("setPrototypeOf", set_prototype_of),
                ("preventExtensions", prevent_extensions),
            ]),
            guarded: handler(&[
                ("getPrototypeOf", get_prototype_of),
                ("setPrototypeOf", set_prototype_of),
                // The target is extensible, which is all that [[IsExtensible]] needs.
                ("preventExtensions", prevent_extensions),
                ("getOwnPropertyDescriptor", get_own_property),
                ("defineProperty", define_own_property),
                ("has", has),
                ("get", get),
                ("set", set),
                ("deleteProperty", delete),
                ("ownKeys", own_property_keys),
            ]),
            reflect_get: reflected("get")?,
            reflect_set: reflected("set")?,
            realm: realm.clone(),
        })
    }
}

/// The proxy on which an internal method is called.
pub(crate) struct WindowOrLocation {
    /// The proxy and its shadow, if it is guarded.
    guarded: Option<(JsObject, JsObject)>,
    /// The global object or the location.
    pub(crate) behind: JsObject,
    pub(crate) window: GlobalId,
    pub(crate) is_location: bool,
    same_origin: bool,
}

impl WindowOrLocation {
    fn of(args: &[JsValue], ctx: &Context) -> JsResult<Self> {
        let target = args
            .first()
            .and_then(JsValue::as_object)
            .ok_or_else(platform::illegal_invocation)?;
        let shadowed = target
            .downcast_ref::<Shadow>()
            .map(|shadow| (shadow.proxy.clone(), shadow.behind.clone()));
        let (guarded, behind) = match shadowed {
            Some((proxy, behind)) => (Some((proxy, target)), behind),
            None => (None, target),
        };
        let (window, is_location) =
            window_or_location(&behind).ok_or_else(platform::illegal_invocation)?;
        let same_origin = guarded.is_none() || may_access(ctx, window);
        Ok(Self {
            guarded,
            behind,
            window,
            is_location,
            same_origin,
        })
    }

    fn is_index(&self, key: &PropertyKey) -> bool {
        !self.is_location && matches!(key, PropertyKey::Index(_))
    }

    /// Returns an own property of the object behind.
    fn own(&self, key: &PropertyKey) -> Option<PropertyDescriptor> {
        self.behind.borrow().properties().get(key)
    }

    /// Makes the target agree with this answer.
    fn agree(
        &self,
        key: &PropertyKey,
        descriptor: &PropertyDescriptor,
        ctx: &mut Context,
    ) -> JsResult<()> {
        let Some((proxy, target)) = &self.guarded else {
            return Ok(());
        };
        if descriptor.configurable() == Some(false) {
            let whole = descriptor.clone().complete_property_descriptor();
            target.insert_property(key.clone(), whole);
            let guarded = window_proxy::handlers(ctx)?.guarded;
            window_proxy::retarget(ctx, proxy, shadow(proxy, &self.behind), guarded)?;
        }
        Ok(())
    }
}

/// Returns the window of a global object or a location, and whether the object is a location.
pub(crate) fn window_or_location(object: &JsObject) -> Option<(GlobalId, bool)> {
    let window = platform::with(object, |window: &WindowGlobal| Some((window.0, false)));
    window.or_else(|| platform::with(object, |location: &LocationOf| Some((location.0, true))))
}

fn key(args: &[JsValue], ctx: &mut Context) -> JsResult<PropertyKey> {
    let key = args.get(1).cloned().unwrap_or_default();
    key.to_property_key(ctx)
}

/// `[[GetPrototypeOf]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-getprototypeof)
/// and of a [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-getprototypeof)
fn get_prototype_of(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    Ok(prototype(&WindowOrLocation::of(args, ctx)?))
}

fn prototype(accessed: &WindowOrLocation) -> JsValue {
    let prototype = accessed
        .same_origin
        .then(|| accessed.behind.prototype())
        .flatten();
    prototype.map_or_else(JsValue::null, JsValue::from)
}

/// `[[SetPrototypeOf]]`: [SetImmutablePrototype](https://tc39.es/ecma262/#sec-set-immutable-prototype)
fn set_prototype_of(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    let wanted = args.get(1).cloned().unwrap_or_default();
    Ok((prototype(&accessed) == wanted).into())
}

/// `[[PreventExtensions]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-preventextensions)
/// and of a [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-preventextensions)
fn prevent_extensions(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(false.into())
}

/// `[[GetOwnProperty]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-getownproperty)
/// and of a [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-getownproperty)
// SPEC-ISSUE: the standard reports the default properties of a location as configurable. They are
// not, and the tests and all browsers report them as they are.
fn get_own_property(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    let key = key(args, ctx)?;
    let descriptor = if accessed.same_origin {
        match accessed.own(&key) {
            Some(descriptor) => lazy_globals::settled(ctx, &accessed.behind, &key, descriptor)?,
            None => return Ok(JsValue::undefined()),
        }
    } else {
        match cross_origin::get_own_property(&accessed, &key, ctx)? {
            Seen::Value(value, enumerable) => PropertyDescriptor::builder()
                .value(value)
                .writable(false)
                .enumerable(enumerable)
                .configurable(true)
                .build(),
            Seen::Accessor(get, set) => accessor_property(get, set, CONFIGURABLE),
        }
    };
    accessed.agree(&key, &descriptor, ctx)?;
    Ok(from_property_descriptor(&descriptor).into())
}

/// [FromPropertyDescriptor](https://tc39.es/ecma262/#sec-frompropertydescriptor)
pub(crate) fn from_property_descriptor(descriptor: &PropertyDescriptor) -> JsObject {
    let object = JsObject::with_null_proto();
    let put = |name: &str, value: Option<JsValue>| {
        if let Some(value) = value {
            let field = data_property(value, ORDINARY);
            object.insert_property(JsString::from(name), field);
        }
    };
    put("value", descriptor.value().cloned());
    put("writable", descriptor.writable().map(JsValue::from));
    put("get", descriptor.get().cloned());
    put("set", descriptor.set().cloned());
    put("enumerable", descriptor.enumerable().map(JsValue::from));
    put("configurable", descriptor.configurable().map(JsValue::from));
    object
}

/// `[[DefineOwnProperty]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-defineownproperty)
/// and of a [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-defineownproperty)
fn define_own_property(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    // WindowProxy, step 3.
    if !accessed.same_origin {
        return Err(blocked(ctx));
    }
    let key = key(args, ctx)?;
    // WindowProxy, step 2.1: script cannot define an indexed property.
    if accessed.is_index(&key) {
        return Ok(false.into());
    }
    let descriptor = args.get(2).cloned().unwrap_or_default();
    let descriptor = descriptor.to_property_descriptor(ctx)?;
    let fixes = descriptor.configurable() == Some(false);
    lazy_globals::settle_own(ctx, &accessed.behind, &key)?;
    // Step 2.2. An ordinary object fails here only if it refuses the definition.
    if accessed
        .behind
        .define_property_or_throw(key.clone(), descriptor, ctx)
        .is_err()
    {
        return Ok(false.into());
    }
    if fixes && let Some(now) = accessed.own(&key) {
        accessed.agree(&key, &now, ctx)?;
    }
    Ok(true.into())
}

/// `[[HasProperty]]`, by way of `[[GetOwnProperty]]`
fn has(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    let key = key(args, ctx)?;
    if accessed.same_origin {
        return Ok(accessed.behind.has_property(key, ctx)?.into());
    }
    cross_origin::get_own_property(&accessed, &key, ctx)?;
    Ok(true.into())
}

/// `[[Get]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-get),
/// and [CrossOriginGet](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginget-(-o,-p,-receiver-))
// NOT YET: step 2, which reports accesses between browsing contexts (opener policies).
fn get(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    let key = key(args, ctx)?;
    let receiver = args.get(2).cloned().unwrap_or_default();
    // WindowProxy, step 4.
    if !accessed.same_origin {
        return match cross_origin::get_own_property(&accessed, &key, ctx) {
            Ok(Seen::Value(value, _)) => Ok(value),
            Ok(Seen::Accessor(Some(getter), _)) => getter.call(&receiver, &[], ctx),
            // An error says only that the property is hidden.
            _ => Err(cross_origin::blocked_property(&accessed, &key, false, ctx)),
        };
    }
    // Step 3. OPTIMIZATION: most reads are of own properties with a value.
    let own = accessed.own(&key);
    if let Some(value) = own.as_ref().and_then(PropertyDescriptor::value) {
        return Ok(value.clone());
    }
    let reflect_get = window_proxy::handlers(ctx)?.reflect_get;
    let args = [accessed.behind.into(), (&key).into(), receiver];
    reflect_get.call(&JsValue::undefined(), &args, ctx)
}

/// `[[Set]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-set),
/// and [CrossOriginSet](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginset-(-o,-p,-v,-receiver-))
// NOT YET: step 2, which reports accesses between browsing contexts (opener policies).
fn set(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    let key = key(args, ctx)?;
    let value = args.get(2).cloned().unwrap_or_default();
    let receiver = args.get(3).cloned().unwrap_or_default();
    // WindowProxy, step 4.
    if !accessed.same_origin {
        return match cross_origin::get_own_property(&accessed, &key, ctx) {
            Ok(Seen::Accessor(_, Some(setter))) => {
                setter.call(&receiver, &[value], ctx)?;
                Ok(true.into())
            }
            _ => Err(cross_origin::blocked_property(&accessed, &key, true, ctx)),
        };
    }
    // WindowProxy, step 3.1: script cannot set an indexed property.
    if accessed.is_index(&key) {
        return Ok(false.into());
    }
    // Step 3.2. OPTIMIZATION: most writes are to own properties that have a value already.
    if accessed
        .own(&key)
        .is_some_and(|own| own.writable() == Some(true))
        && let Some(object) = receiver.as_object()
        && window_proxy::behind(&object, ctx)?.is_some_and(|it| it == accessed.behind)
    {
        return Ok(accessed.behind.set(key, value, false, ctx)?.into());
    }
    let reflect_set = window_proxy::handlers(ctx)?.reflect_set;
    let args = [accessed.behind.into(), (&key).into(), value, receiver];
    reflect_set.call(&JsValue::undefined(), &args, ctx)
}

/// `[[Delete]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-delete)
/// and of a [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-delete)
fn delete(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    if !accessed.same_origin {
        return Err(blocked(ctx));
    }
    let key = key(args, ctx)?;
    let own = accessed.own(&key);
    if accessed.is_index(&key) || own.is_none() {
        return Ok(own.is_none().into());
    }
    let deleted = accessed.behind.delete_property_or_throw(key, ctx);
    Ok(deleted.is_ok().into())
}

/// `[[OwnPropertyKeys]]` of a [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-ownpropertykeys),
/// and [CrossOriginOwnPropertyKeys](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginownpropertykeys-(-o-))
fn own_property_keys(_: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let accessed = WindowOrLocation::of(args, ctx)?;
    // An ordinary object lists its indices first, as WindowProxy's steps 2 and 3 require.
    let mut keys: Vec<JsValue> = accessed
        .behind
        .own_property_keys(ctx)?
        .iter()
        .filter(|key| accessed.same_origin || accessed.is_index(key))
        .map(|key| match key {
            PropertyKey::Index(index) => JsString::from(index.get().to_string()).into(),
            other => other.into(),
        })
        .collect();
    if !accessed.same_origin {
        let names = cross_origin::properties(accessed.is_location).iter();
        keys.extend(names.map(|property| JsValue::from(JsString::from(property.name))));
        keys.push(js_string!("then").into());
        keys.push(JsSymbol::to_string_tag().into());
        keys.push(JsSymbol::has_instance().into());
        keys.push(JsSymbol::is_concat_spreadable().into());
    }
    Ok(JsArray::from_iter(keys, ctx).into())
}
