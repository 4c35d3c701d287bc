//! Intrinsic functions that structured clone needs, which pages cannot access.
//!
//! A page may replace `RegExp.prototype.source`. It cannot access the intrinsics of the hidden realm, the first one
//! of a context, in which no page's script runs. They work on objects of every realm.

use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use super::functions::{intrinsic_getter as getter, intrinsic_method};
use super::reg_exp::original_source;
use super::slots::Slot;

/// The getters of a regular expression's flags, with the flags' letters in the order of
/// [get RegExp.prototype.flags](https://tc39.es/ecma262/#sec-get-regexp.prototype.flags).
const FLAGS: [(&str, char); 8] = [
    ("hasIndices", 'd'),
    ("global", 'g'),
    ("ignoreCase", 'i'),
    ("multiline", 'm'),
    ("dotAll", 's'),
    ("unicode", 'u'),
    ("unicodeSets", 'v'),
    ("sticky", 'y'),
];

/// The saved functions.
#[derive(Default)]
struct Saved {
    source: Option<JsObject>,
    flags: Vec<Option<JsObject>>,
    max_byte_length: Option<JsObject>,
    resizable: Option<JsObject>,
    function_to_string: Option<JsObject>,
    stack: Option<JsObject>,
}

/// The saved functions of the agent.
static SAVED: Slot<Saved> = Slot::new();

/// Saves the functions of the current realm, which must be the hidden one.
pub fn save(ctx: &mut Context) {
    let constructors = ctx.intrinsics().constructors();
    let [reg_exp, buffer, function, error] = [
        constructors.regexp().prototype(),
        constructors.array_buffer().prototype(),
        constructors.function().prototype(),
        constructors.error().prototype(),
    ];
    let saved = Saved {
        source: getter(&reg_exp, "source"),
        flags: FLAGS
            .iter()
            .map(|(name, _)| getter(&reg_exp, name))
            .collect(),
        max_byte_length: getter(&buffer, "maxByteLength"),
        resizable: getter(&buffer, "resizable"),
        function_to_string: intrinsic_method(&function, "toString"),
        stack: getter(&error, "stack"),
    };
    SAVED.set(ctx, saved);
}

fn call(
    ctx: &mut Context,
    which: impl FnOnce(&Saved) -> Option<JsObject>,
    this: &JsObject,
) -> JsResult<JsValue> {
    match SAVED.with(ctx, |saved| which(saved)) {
        Some(function) => function.call(&this.clone().into(), &[], ctx),
        // Boa lacks this getter.
        None => Ok(JsValue::undefined()),
    }
}

/// Returns the source of a regular expression from Boa's own getter.
pub fn escaped_source(reg_exp: &JsValue, ctx: &mut Context) -> JsResult<JsString> {
    let Some(get) = SAVED.with(ctx, |saved| saved.source.clone()) else {
        return Ok(JsString::default());
    };
    let source = get.call(reg_exp, &[], ctx)?;
    Ok(source.as_string().unwrap_or_default())
}

/// Returns the place of an error's creation as Boa formats it, or `None` if there is none.
pub fn places_of_error(error: &JsObject, ctx: &mut Context) -> Option<JsString> {
    let places = call(ctx, |saved| saved.stack.clone(), error).ok()?;
    places.as_string()
}

/// Returns the source and the flags of a regular expression.
pub fn pattern(reg_exp: &JsObject, ctx: &mut Context) -> JsResult<(JsString, JsString)> {
    let source = escaped_source(&reg_exp.clone().into(), ctx)?;
    let mut flags = String::new();
    for (position, (_, letter)) in FLAGS.iter().enumerate() {
        if call(ctx, |saved| saved.flags.get(position)?.clone(), reg_exp)?.to_boolean() {
            flags.push(*letter);
        }
    }
    Ok((original_source(&source), flags.into()))
}

/// Returns `[[ArrayBufferMaxByteLength]]` of a resizable buffer.
pub fn max_byte_length(buffer: &JsObject, ctx: &mut Context) -> JsResult<Option<u64>> {
    if !call(ctx, |saved| saved.resizable.clone(), buffer)?.to_boolean() {
        return Ok(None);
    }
    let most = call(ctx, |saved| saved.max_byte_length.clone(), buffer)?;
    Ok(most.as_number().map(|most| most as u64))
}

/// Returns the source text of a function.
pub fn source_text(function: &JsObject, ctx: &mut Context) -> String {
    let text = call(ctx, |saved| saved.function_to_string.clone(), function);
    let text = text.ok().and_then(|text| text.as_string());
    text.map_or_else(
        || "a function".to_owned(),
        |text| text.to_std_string_lossy(),
    )
}
