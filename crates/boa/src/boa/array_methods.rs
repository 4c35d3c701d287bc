//! `join`, `toLocaleString` and `flat` of arrays, without Boa's recursion and without its allocations
//! ([ECMAScript, properties of the Array prototype object](https://tc39.es/ecma262/#sec-properties-of-the-array-prototype-object)).

use boa_engine::object::builtins::{JsArray, JsTypedArray};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string};

use super::allocation::MAX_STRING_LENGTH;
use super::errors::{range_error, type_error};
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
        joined(&object, ctx, |ctx| {
            let length = length_of(&object, ctx)?;
            let separator = match args.first().filter(|it| !it.is_undefined()) {
                Some(separator) => separator.to_string(ctx)?,
                None => js_string!(","),
            };
            join(&object, length, &separator, ctx, JsValue::to_string)
        })
    });
    array.insert_property(js_string!("join"), data_property(join, HIDDEN));
    // IMPLEMENTATION-DEFINED: the separator is a comma, as in browsers. Boa adds a space.
    let to_locale_string = function(realm, "toLocaleString", 0, |this, args, ctx| {
        let object = this.to_object(ctx)?;
        joined(&object, ctx, |ctx| {
            let length = length_of(&object, ctx)?;
            join_localized(&object, length, args, ctx)
        })
    });
    array.insert_property(
        js_string!("toLocaleString"),
        data_property(to_locale_string, HIDDEN),
    );
    let typed_array = realm.intrinsics().constructors().typed_array().prototype();
    wrap_with(
        realm,
        &typed_array,
        "toLocaleString",
        |original, this, args, ctx| {
            let array = this.as_object().map(JsTypedArray::from_object);
            let Some(Ok(array)) = array else {
                return original.call(this, args, ctx);
            };
            match array.length(ctx)? {
                // It may be out of the bounds of its buffer, which is an error.
                0 => original.call(this, args, ctx),
                length => {
                    let object = JsObject::from(array);
                    join_localized(&object, length as u64, args, ctx).map(JsValue::from)
                }
            }
        },
    );
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

/// Joins the elements of an object, unless they are being joined already.
fn joined(
    object: &JsObject,
    ctx: &mut Context,
    join: impl FnOnce(&mut Context) -> JsResult<JsString>,
) -> JsResult<JsValue> {
    // IMPLEMENTATION-DEFINED: an array in itself is empty, as in browsers.
    if JOINED.with(ctx, |joined| joined.contains(object)) {
        return Ok(js_string!().into());
    }
    JOINED.with(ctx, |joined| joined.push(object.clone()));
    let joined = recursion::enter(ctx, join);
    JOINED.with(ctx, Vec::pop);
    Ok(joined?.into())
}

fn length_of(object: &JsObject, ctx: &mut Context) -> JsResult<u64> {
    object.get(js_string!("length"), ctx)?.to_length(ctx)
}

/// [Array.prototype.join](https://tc39.es/ecma262/#sec-array.prototype.join), from step 5 on
fn join(
    object: &JsObject,
    length: u64,
    separator: &JsString,
    ctx: &mut Context,
    to_string: impl Fn(&JsValue, &mut Context) -> JsResult<JsString>,
) -> JsResult<JsString> {
    let separators = length
        .saturating_sub(1)
        .saturating_mul(separator.len() as u64);
    if separators > MAX_STRING_LENGTH as u64 {
        return Err(range_error("Invalid string length"));
    }
    // 5. to 7. Convert the elements.
    let (mut parts, mut total) = (Vec::new(), separators as usize);
    for index in 0..length {
        let element = object.get(index, ctx)?;
        if index > 0 {
            parts.push(separator.clone());
        }
        if !element.is_null_or_undefined() {
            let text = to_string(&element, ctx)?;
            total = total.saturating_add(text.len());
            if total > MAX_STRING_LENGTH {
                return Err(range_error("Invalid string length"));
            }
            parts.push(text);
        }
    }
    // 8. Return the joined text.
    let parts: Vec<_> = parts.iter().map(JsString::as_str).collect();
    Ok(JsString::concat_array(&parts))
}

/// [Array.prototype.toLocaleString](https://tc39.es/ecma262/#sec-array.prototype.tolocalestring), from step 3 on
fn join_localized(
    object: &JsObject,
    length: u64,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsString> {
    let arguments = [0, 1].map(|index| args.get(index).cloned().unwrap_or_default());
    join(object, length, &js_string!(","), ctx, |element, ctx| {
        let method = element
            .to_object(ctx)?
            .get(js_string!("toLocaleString"), ctx)?;
        let method = method.as_callable();
        let method = method.ok_or_else(|| type_error("toLocaleString is not a function"))?;
        method.call(element, &arguments, ctx)?.to_string(ctx)
    })
}

/// [FlattenIntoArray](https://tc39.es/ecma262/#sec-flattenintoarray) with a stack of its own
fn flatten(source: JsObject, depth: f64, ctx: &mut Context) -> JsResult<JsObject> {
    let target = JsArray::new(ctx)?;
    let count = length_of(&source, ctx)?;
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
                let count = length_of(&inner, ctx)?;
                open.push((inner, count, 0));
            }
            _ => {
                target.push(element, ctx)?;
            }
        }
    }
    Ok(target.into())
}
