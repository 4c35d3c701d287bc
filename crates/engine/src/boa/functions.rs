//! Function objects, and the methods and getters that objects have been made with.

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, NativeFunction};

/// Makes a function object that is no constructor.
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

/// An own method of an intrinsic object, as it is now: `Array.prototype.slice` and its like. No
/// script runs for it.
pub(crate) fn intrinsic_method(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let object = prototype.borrow();
    let property = object.properties().get(&JsString::from(name).into())?;
    property.value()?.as_callable()
}

/// The getter of an own accessor of an intrinsic object, as it is now. No script runs for it.
pub(crate) fn intrinsic_getter(prototype: &JsObject, name: &str) -> Option<JsObject> {
    let key = PropertyKey::from(JsString::from(name));
    let property = prototype.borrow().properties().get(&key)?;
    property.get()?.as_callable()
}
