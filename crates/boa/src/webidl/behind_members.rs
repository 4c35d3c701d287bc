//! Indexed and named properties of objects that are no proxies.
//!
//! An element is used too often to be a proxy, as [`legacy_platform_object`](super::legacy_platform_object) makes them.
//! Its indexed and named properties are found behind the members of its interface: the prototype of the interface
//! prototype object is a proxy over that of the parent interface, and returns what no member has. So they hide no
//! member of any interface, `in` does not see them, and they are not own properties.

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::platform;
use crate::boa::functions::{Trap, intrinsic_method, proxy_handler};

/// A proxy over the interface prototype object of a parent.
pub(super) fn proxy(parent: &JsObject, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    let handler = super::realm::singleton(cx, &realm, "properties behind members", |cx, _| {
        let traps: [(&str, Trap); 1] = [("get", get)];
        proxy_handler(&cx.realm().clone(), &traps)
    });
    // The parent's own object stays in the chain of prototypes, where `instanceof` looks for it. The target has a
    // shape of this realm, because a shape of all realms would keep the realm alive.
    let shape = super::realm::root_shape(cx);
    let target = JsObject::new(&shape, parent.clone(), OrdinaryObject).upcast();
    let constructor = cx.intrinsics().constructors().proxy().constructor();
    let proxy = constructor.construct(&[target.into(), handler.into()], None, cx);
    // Only a limit of the engine could make this fail.
    proxy.unwrap_or_else(|_| parent.clone())
}

fn get(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let [target, key, receiver] = args else {
        return Err(platform::illegal_invocation());
    };
    let target = target
        .as_object()
        .ok_or_else(platform::illegal_invocation)?;
    let key = key.to_property_key(cx)?;
    if !target.has_property(key.clone(), cx)? {
        return Ok(behind(receiver, &key, cx)?.unwrap_or_default());
    }
    let reflect = cx.intrinsics().objects().reflect();
    let get = intrinsic_method(&reflect, "get").ok_or_else(platform::illegal_invocation)?;
    get.call(&JsValue::undefined(), args, cx)
}

/// The property of the object that script reads.
fn behind(receiver: &JsValue, key: &PropertyKey, cx: &mut Context) -> JsResult<Option<JsValue>> {
    let Some(object) = receiver.as_object() else {
        return Ok(None);
    };
    let mut interface = platform::interface_of(&object);
    while let Some(own) = interface {
        if let Some(behind) = own.behind_members {
            return behind(&object, key, cx);
        }
        interface = own.parent;
    }
    Ok(None)
}
