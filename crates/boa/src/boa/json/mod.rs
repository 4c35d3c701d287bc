//! `JSON.parse` and `JSON.stringify` without recursion
//! ([ECMAScript, the JSON object](https://tc39.es/ecma262/#sec-json-object)).
//!
//! Boa's own functions recurse, so a deep value ends the process. Its parser refuses 128 levels and lone surrogates,
//! and serializing a deep value takes quadratic time.

mod internalize;
mod parse;
mod quote;
mod stringify;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use super::functions::{function, intrinsic_method};
use super::properties::{HIDDEN, data_property};
use super::slots::Slot;

pub use parse::parse;

/// The hidden realm's functions that these algorithms call.
#[derive(Default)]
struct Saved {
    is_array: Option<JsObject>,
    keys: Option<JsObject>,
    delete_property: Option<JsObject>,
    is_raw_json: Option<JsObject>,
}

static SAVED: Slot<Saved> = Slot::new();

/// Saves functions of the current realm, which must be the hidden one.
pub fn save(ctx: &Context) {
    let intrinsics = ctx.intrinsics();
    let constructors = intrinsics.constructors();
    let saved = Saved {
        is_array: intrinsic_method(&constructors.array().constructor(), "isArray"),
        keys: intrinsic_method(&constructors.object().constructor(), "keys"),
        delete_property: intrinsic_method(&intrinsics.objects().reflect(), "deleteProperty"),
        is_raw_json: intrinsic_method(&intrinsics.objects().json(), "isRawJSON"),
    };
    SAVED.set(ctx, saved);
}

/// Replaces the functions of a realm.
pub fn install(realm: &Realm) {
    let json = realm.intrinsics().objects().json();
    let parse = function(realm, "parse", 2, |_, args, ctx| {
        let text = args.first().cloned().unwrap_or_default().to_string(ctx)?;
        let reviver = args.get(1).and_then(JsValue::as_callable);
        match reviver {
            Some(reviver) => internalize::parse_and_revive(&text, &reviver, ctx),
            None => parse::parse(&text, ctx),
        }
    });
    let stringify = function(realm, "stringify", 3, |_, args, ctx| {
        stringify::stringify(args, ctx)
    });
    for (name, function) in [("parse", parse), ("stringify", stringify)] {
        json.insert_property(JsString::from(name), data_property(function, HIDDEN));
    }
}

fn call(
    which: impl FnOnce(&Saved) -> Option<JsObject>,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    match SAVED.with(ctx, |saved| which(saved)) {
        Some(function) => function.call(&JsValue::undefined(), args, ctx),
        None => Ok(JsValue::undefined()),
    }
}

/// [IsArray](https://tc39.es/ecma262/#sec-isarray)
fn is_array(object: &JsObject, ctx: &mut Context) -> JsResult<bool> {
    // OPTIMIZATION: only proxies need the function.
    if object.is_array() || object.is_ordinary() {
        return Ok(object.is_array());
    }
    let is_array = call(
        |saved| saved.is_array.clone(),
        &[object.clone().into()],
        ctx,
    )?;
    Ok(is_array.to_boolean())
}

/// [LengthOfArrayLike](https://tc39.es/ecma262/#sec-lengthofarraylike)
fn length_of(object: &JsObject, ctx: &mut Context) -> JsResult<u64> {
    object
        .get(boa_engine::js_string!("length"), ctx)?
        .to_length(ctx)
}

/// [EnumerableOwnProperties](https://tc39.es/ecma262/#sec-enumerableownproperties) of the kind `key`
fn enumerable_keys(object: &JsObject, ctx: &mut Context) -> JsResult<Vec<JsString>> {
    let keys = call(|saved| saved.keys.clone(), &[object.clone().into()], ctx)?;
    let Some(keys) = keys.as_object() else {
        return Ok(Vec::new());
    };
    let count = length_of(&keys, ctx)?;
    let mut names = Vec::new();
    for index in 0..count {
        names.extend(keys.get(index, ctx)?.as_string());
    }
    Ok(names)
}
