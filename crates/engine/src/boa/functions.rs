//! Function objects, and access to the methods and getters of intrinsic objects.

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, NativeFunction};

use super::properties::{ORDINARY, data_property};

/// Creates a function object that is no constructor.
pub(crate) fn function<F>(realm: &Realm, name: &str, length: usize, steps: F) -> JsObject
where
    F: Fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue> + Copy + 'static,
{
    FunctionObjectBuilder::new(realm, NativeFunction::from_copy_closure(steps))
        .name(JsString::from(name))
        .length(length)
        .build()
        .into()
}

/// A trap of a proxy.
pub(crate) type Trap = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>;

/// Creates the handler of a proxy.
pub(crate) fn proxy_handler(realm: &Realm, traps: &[(&str, Trap)]) -> JsObject {
    let handler = JsObject::with_null_proto();
    for (name, trap) in traps {
        let trap = function(realm, name, 0, *trap);
        handler.insert_property(JsString::from(*name), data_property(trap, ORDINARY));
    }
    handler
}

/// Returns the present own method of an intrinsic object, such as `Array.prototype.slice`. Runs no
/// script.
pub(crate) fn intrinsic_method(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let object = prototype.borrow();
    let property = object.properties().get(&JsString::from(name).into())?;
    property.value()?.as_callable()
}

/// Returns the getter of a present own accessor of an intrinsic object. Runs no script.
pub(crate) fn intrinsic_getter(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let key = PropertyKey::from(JsString::from(name));
    let property = prototype.borrow().properties().get(&key)?;
    property.get()?.as_callable()
}
