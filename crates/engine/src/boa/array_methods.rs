//! `join` and `flat` of arrays, without Boa's recursion and without its allocations
//! ([ECMAScript, properties of the Array prototype object](https://tc39.es/ecma262/#sec-properties-of-the-array-prototype-object)).

use boa_engine::object::builtins::JsArray;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string};

use super::allocation::MAX_STRING_LENGTH;
use super::errors::range_error;
use super::functions::{function, wrap_with};
use super::properties::{HIDDEN, data_property};
use super::recursion;
use super::slots::Slot;

/// The arrays that are being joined.
static JOINED: Slot<Vec<JsObject>> = Slot::new();

/// The depth up to which Boa's own `flat` is used.
const DEPTH_OF_BOA: f64 = 100.0;

/// Replaces the methods of a realm.
pub(crate) fn install(realm: &Realm) {
    let array = realm.intrinsics().constructors().array().prototype();
    let join = function(realm, "join", 1, |this, args, ctx| {
        let object = this.to_object(ctx)?;
        // IMPLEMENTATION-DEFINED: an array that contains itself is joined as an empty string there, as in browsers.
        if JOINED.with(ctx, |joined| joined.contains(&object)) {
            return Ok(js_string!().into());
        }
        JOINED.with(ctx, |joined| joined.push(object.clone()));
        let joined = recursion::enter(ctx, |ctx| join(&object, args, ctx));
        JOINED.with(ctx, Vec::pop);
        Ok(joined?.into())
    });
    array.insert_property(js_string!("join"), data_property(join, HIDDEN));
    wrap_with(realm, &array, "flat", |original, this, args, ctx| {
        let depth = match args.first().filter(|depth| !depth.is_undefined()) {
            Some(depth) => depth.to_number(ctx)?,
            None => 1.0,
        };
        if depth <= DEPTH_OF_BOA || depth.is_nan() {
            return original.call(this, &[depth.into()], ctx);
        }
        let object = this.to_object(ctx)?;
        if !object.is_array() {
            return original.call(this, &[depth.into()], ctx);
        }
        // NOT YET: ArraySpeciesCreate. The result is an array of this realm.
        Ok(flatten(object, depth, ctx)?.into())
    });
}

/// [Array.prototype.join](https://tc39.es/ecma262/#sec-array.prototype.join)
fn join(object: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsString> {
    // 2.
    let length = object.get(js_string!("length"), ctx)?.to_length(ctx)?;
    // 3. and 4.
    let separator = match args.first().filter(|it| !it.is_undefined()) {
        Some(separator) => separator.to_string(ctx)?,
        None => js_string!(","),
    };
    let separators = length
        .saturating_sub(1)
        .saturating_mul(separator.len() as u64);
    if separators > MAX_STRING_LENGTH as u64 {
        return Err(range_error("Invalid string length"));
    }
    // 5. to 7.
    let (mut parts, mut total) = (Vec::new(), separators as usize);
    for index in 0..length {
        let element = object.get(index, ctx)?;
        if index > 0 {
            parts.push(separator.clone());
        }
        if !element.is_null_or_undefined() {
            let text = element.to_string(ctx)?;
            total = total.saturating_add(text.len());
            if total > MAX_STRING_LENGTH {
                return Err(range_error("Invalid string length"));
            }
            parts.push(text);
        }
    }
    // 8.
    let parts: Vec<_> = parts.iter().map(JsString::as_str).collect();
    Ok(JsString::concat_array(&parts))
}

/// [FlattenIntoArray](https://tc39.es/ecma262/#sec-flattenintoarray) with a stack of its own
fn flatten(source: JsObject, depth: f64, ctx: &mut Context) -> JsResult<JsObject> {
    let target = JsArray::new(ctx)?;
    let length = |object: &JsObject, ctx: &mut Context| {
        object.get(js_string!("length"), ctx)?.to_length(ctx)
    };
    let count = length(&source, ctx)?;
    let mut open = vec![(source, count, 0_u64)];
    while let Some((source, count, next)) = open.last_mut() {
        if next == count {
            open.pop();
            continue;
        }
        let (source, index) = (source.clone(), *next);
        *next += 1;
        if !source.has_property(index, ctx)? {
            continue;
        }
        let element = source.get(index, ctx)?;
        match element.as_object().filter(JsObject::is_array) {
            Some(inner) if (open.len() as f64) <= depth => {
                if open.len() as f64 > super::allocation::MAX_ELEMENTS {
                    let message = "Maximum call stack size exceeded";
                    return Err(JsNativeError::range().with_message(message).into());
                }
                let count = length(&inner, ctx)?;
                open.push((inner, count, 0));
            }
            _ => {
                target.push(element, ctx)?;
            }
        }
    }
    Ok(target.into())
}
