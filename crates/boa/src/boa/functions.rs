//! Function objects, and access to the methods and getters of intrinsic objects.

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, NativeFunction, js_string};

use super::properties::{HIDDEN, ORDINARY, data_property};

/// Creates a function object that is not a constructor.
pub fn function<F>(realm: &Realm, name: impl Into<JsString>, length: usize, steps: F) -> JsObject
where
    F: Fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue> + Copy + 'static,
{
    FunctionObjectBuilder::new(realm, NativeFunction::from_copy_closure(steps))
        .name(name)
        .length(length)
        .build()
        .into()
}

/// A trap of a proxy.
pub type Trap = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>;

/// Creates the handler of a proxy.
pub fn proxy_handler(realm: &Realm, traps: &[(&str, Trap)]) -> JsObject {
    let handler = JsObject::with_null_proto();
    for (name, trap) in traps {
        let trap = function(realm, *name, 0, *trap);
        handler.insert_property(JsString::from(*name), data_property(trap, ORDINARY));
    }
    handler
}

/// Returns the present own method of an intrinsic object, such as `Array.prototype.slice`. Runs no
/// script.
pub fn intrinsic_method(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let object = prototype.borrow();
    let property = object.properties().get(&JsString::from(name).into())?;
    property.value()?.as_callable()
}

/// Returns the getter of a present own accessor of an intrinsic object. Runs no script.
pub fn intrinsic_getter(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let key = PropertyKey::from(JsString::from(name));
    let property = prototype.borrow().properties().get(&key)?;
    property.get()?.as_callable()
}

/// Replaces a method of an intrinsic object by `steps`, which receive the original method.
pub fn wrap_with<F>(realm: &Realm, holder: &JsObject, name: &str, steps: F)
where
    F: Fn(&JsObject, &JsValue, &[JsValue], &mut Context) -> JsResult<JsValue> + Copy + 'static,
{
    let Some(original) = intrinsic_method(holder, name) else {
        return;
    };
    let length = original
        .borrow()
        .properties()
        .get(&js_string!("length").into());
    let length = length.and_then(|length| length.value()?.as_number());
    let steps = NativeFunction::from_copy_closure_with_captures(
        move |this, args, original: &JsObject, ctx| steps(original, this, args, ctx),
        original,
    );
    let function = FunctionObjectBuilder::new(realm, steps)
        .name(JsString::from(name))
        .length(length.unwrap_or(0.0) as usize)
        .build();
    holder.insert_property(JsString::from(name), data_property(function, HIDDEN));
}

/// Lets `check` refuse calls of a method of an intrinsic object.
pub fn wrap<F>(realm: &Realm, holder: &JsObject, name: &str, check: F)
where
    F: Fn(&JsValue, &[JsValue], &mut Context) -> JsResult<()> + Copy + 'static,
{
    wrap_with(realm, holder, name, move |original, this, args, ctx| {
        check(this, args, ctx)?;
        original.call(this, args, ctx)
    });
}
