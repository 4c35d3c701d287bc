//! Conversion of objects to primitive values
//! ([ECMAScript, ToPrimitive](https://tc39.es/ecma262/#sec-toprimitive)).
//!
//! Boa returns an empty string or 0 if an object's `toString` or `valueOf` converts the same object
//! again. So `Object.prototype` gets a `Symbol.toPrimitive` that follows the standard. Objects without that prototype
//! use Boa's conversion.

use boa_engine::realm::Realm;
use boa_engine::{
    Context, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue, js_string,
};

use super::functions::function;
use super::properties::{HIDDEN, data_property};
use super::recursion;

/// Adds the method to a realm.
// IMPLEMENTATION-DEFINED: in the standard, `Object.prototype` has no such method.
pub fn install(realm: &Realm) {
    let convert = function(realm, "[Symbol.toPrimitive]", 1, |this, args, ctx| {
        let Some(object) = this.as_object() else {
            return Ok(this.clone());
        };
        let hint = args.first().and_then(JsValue::as_string);
        let to_string = hint.is_some_and(|hint| hint == js_string!("string"));
        recursion::enter(ctx, |ctx| ordinary_to_primitive(&object, to_string, ctx))
    });
    let prototype = realm.intrinsics().constructors().object().prototype();
    prototype.insert_property(JsSymbol::to_primitive(), data_property(convert, HIDDEN));
}

/// [OrdinaryToPrimitive](https://tc39.es/ecma262/#sec-ordinarytoprimitive)
fn ordinary_to_primitive(
    object: &JsObject,
    to_string: bool,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    // 1. and 2. The hint decides which method comes first.
    let names = match to_string {
        true => ["toString", "valueOf"],
        false => ["valueOf", "toString"],
    };
    // 3. The first primitive value is the result.
    for name in names {
        let method = object.get(JsString::from(name), ctx)?;
        if let Some(method) = method.as_callable() {
            let result = method.call(&object.clone().into(), &[], ctx)?;
            if !result.is_object() {
                return Ok(result);
            }
        }
    }
    // 4. Neither method returned one.
    Err(JsNativeError::typ()
        .with_message("Cannot convert object to primitive value")
        .into())
}
