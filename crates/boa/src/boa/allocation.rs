//! Built-in functions that allocate their whole result at once.
//!
//! Boa allocates first and has no limit, and an allocation that fails ends the process. So these
//! functions are replaced by others that throw a `RangeError`, as browsers do.

use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsStr, JsString, JsValue, js_string};

use super::array_methods;
use super::errors::range_error;
use super::functions::{function, wrap};
use super::properties::{HIDDEN, data_property};

/// The most code units of a string.
// IMPLEMENTATION-DEFINED: the standard allows 2^53 - 1. Chromium had this limit for a long time; its present limit is
// twice as large.
pub const MAX_STRING_LENGTH: usize = (1 << 28) - 16;

/// The most elements of an array-like object that a function copies at once.
pub const MAX_ELEMENTS: f64 = (1_u32 << 26) as f64;

/// The most arguments of a call.
// IMPLEMENTATION-DEFINED: they are on Boa's stack, and script cannot catch the error at its limit.
const MAX_ARGUMENTS: f64 = 250_000.0;

/// Replaces the functions of a realm.
pub fn install(realm: &Realm) {
    let constructors = realm.intrinsics().constructors();
    let string = constructors.string().prototype();
    let define = |name: &'static str, length: usize, steps: Steps| {
        let function = function(realm, name, length, steps);
        string.insert_property(JsString::from(name), data_property(function, HIDDEN));
    };
    define("repeat", 1, repeat);
    define("padStart", 1, |this, args, ctx| pad(this, args, true, ctx));
    define("padEnd", 1, |this, args, ctx| pad(this, args, false, ctx));
    wrap(realm, &string, "replaceAll", |this, args, _| {
        check_replacement(this, args)
    });
    array_methods::install(realm);
    let array = constructors.array().prototype();
    for name in ["toReversed", "with", "toSpliced"] {
        wrap(realm, &array, name, |this, _, _| {
            let object = this.as_object();
            check_length(object.as_ref(), MAX_ELEMENTS, "Invalid array length")
        });
    }
    let function = constructors.function().prototype();
    let reflect = realm.intrinsics().objects().reflect();
    // The array-like object with the arguments is the second or the third argument.
    wrap(realm, &function, "apply", |_, args, _| {
        check_arguments(args.get(1))
    });
    wrap(realm, &reflect, "apply", |_, args, _| {
        check_arguments(args.get(2))
    });
    wrap(realm, &reflect, "construct", |_, args, _| {
        check_arguments(args.get(1))
    });
}

type Steps = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>;

/// [String.prototype.repeat](https://tc39.es/ecma262/#sec-string.prototype.repeat)
fn repeat(this: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    // 1. and 2. The receiver is converted to a string.
    let string = string_of(this, ctx)?;
    // 3. and 4. The count is a finite integer, at least 0.
    let count = args.first().cloned().unwrap_or_default().to_number(ctx)?;
    let count = if count.is_nan() { 0.0 } else { count.trunc() };
    if count < 0.0 || count.is_infinite() {
        let message = format!("Invalid count value: {count}");
        return Err(JsNativeError::range().with_message(message).into());
    }
    // 5. Repeating the empty string changes nothing.
    if string.is_empty() {
        return Ok(js_string!().into());
    }
    if count * string.len() as f64 > MAX_STRING_LENGTH as f64 {
        return Err(range_error("Invalid string length"));
    }
    // 6. Return the repeated string.
    Ok(fill(&string, string.len() * count as usize).into())
}

/// [StringPad](https://tc39.es/ecma262/#sec-stringpad)
fn pad(this: &JsValue, args: &[JsValue], start: bool, ctx: &mut Context) -> JsResult<JsValue> {
    let string = string_of(this, ctx)?;
    // 1. and 2. A string that is long enough is returned.
    let length = args.first().cloned().unwrap_or_default().to_length(ctx)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length <= string.len() {
        return Ok(string.into());
    }
    // 3. and 4. The filler is a space if it is undefined.
    let filler = match args.get(1).filter(|filler| !filler.is_undefined()) {
        Some(filler) => filler.to_string(ctx)?,
        None => js_string!(" "),
    };
    if filler.is_empty() {
        return Ok(string.into());
    }
    if length > MAX_STRING_LENGTH {
        return Err(range_error("Invalid string length"));
    }
    // 5. to 8. Return the string with the filler before or behind it.
    let filled = fill(&filler, length - string.len());
    Ok(match start {
        true => js_string!(&filled, &string),
        false => js_string!(&string, &filled),
    }
    .into())
}

/// Returns a string of this length that repeats `part`.
fn fill(part: &JsString, length: usize) -> JsString {
    let units = part.to_vec();
    let latin1: Option<Vec<u8>> = units.iter().map(|unit| u8::try_from(*unit).ok()).collect();
    match latin1 {
        Some(bytes) => {
            let all: Vec<u8> = bytes.iter().copied().cycle().take(length).collect();
            JsString::from(JsStr::latin1(&all))
        }
        None => {
            let all: Vec<u16> = units.iter().copied().cycle().take(length).collect();
            JsString::from(&all[..])
        }
    }
}

/// The string that a method of `String.prototype` works on.
fn string_of(this: &JsValue, ctx: &mut Context) -> JsResult<JsString> {
    if this.is_null_or_undefined() {
        let message = "String.prototype method called on null or undefined";
        return Err(JsNativeError::typ().with_message(message).into());
    }
    this.to_string(ctx)
}

/// Refuses `replaceAll` of a string by a string if the result were too long.
fn check_replacement(this: &JsValue, args: &[JsValue]) -> JsResult<()> {
    let string = |value: Option<&JsValue>| value.and_then(JsValue::as_string);
    let (Some(text), Some(pattern), Some(by)) =
        (this.as_string(), string(args.first()), string(args.get(1)))
    else {
        return Ok(());
    };
    // OPTIMIZATION: only long texts are searched.
    if (text.len() + 1).saturating_mul(by.len()) <= MAX_STRING_LENGTH {
        return Ok(());
    }
    let (text, pattern) = (text.to_vec(), pattern.to_vec());
    let mut count = text.len() + 1;
    if !pattern.is_empty() {
        (count, _) = text
            .iter()
            .enumerate()
            .fold((0, 0), |(count, next), (at, _)| {
                match at >= next && text[at..].starts_with(&pattern) {
                    true => (count + 1, at + pattern.len()),
                    false => (count, next),
                }
            });
    }
    match count.saturating_mul(by.len()) > MAX_STRING_LENGTH {
        true => Err(range_error("Invalid string length")),
        false => Ok(()),
    }
}

fn check_arguments(list: Option<&JsValue>) -> JsResult<()> {
    let list = list.and_then(JsValue::as_object);
    check_length(
        list.as_ref(),
        MAX_ARGUMENTS,
        "Maximum call stack size exceeded",
    )
}

/// Refuses an object whose `length` is a number above `most`. Runs no script.
fn check_length(object: Option<&JsObject>, most: f64, message: &'static str) -> JsResult<()> {
    let length = object.and_then(|object| {
        let object = object.borrow();
        let property = object
            .properties()
            .get(&PropertyKey::from(js_string!("length")))?;
        property.value()?.as_number()
    });
    match length.is_some_and(|length| length > most) {
        true => Err(range_error(message)),
        false => Ok(()),
    }
}
