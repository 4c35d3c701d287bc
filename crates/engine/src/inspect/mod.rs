//! Formats values for the console as Node's `util.inspect` does.
//!
//! The page cannot observe the formatting: it reads stored properties directly, runs no getter,
//! proxy trap or `toString` of the page, and throws no exception. A limit on the depth bounds the
//! recursion for every value.

mod inspector;
mod kinds;
mod layout;
mod own;
mod platform;

use boa_engine::value::JsVariant;
use boa_engine::{Context, JsString, JsValue};

use self::inspector::Inspector;

/// The depth to which nested objects are printed.
const DEPTH: usize = 2;

/// Implements [Formatter](https://console.spec.whatwg.org/#formatter) and the text part of
/// [Printer](https://console.spec.whatwg.org/#printer) for one call of `console.log`.
///
/// The first argument may contain the format specifiers `%s`, `%d`, `%i`, `%f`, `%o`, `%O`, `%c`
/// and `%%`. `%c` consumes its argument and prints nothing. The remaining arguments are joined by
/// spaces, and strings are not quoted.
pub(crate) fn format_log(args: &[JsValue], context: &mut Context) -> String {
    let mut output = String::new();
    let mut rest = args;
    if let [first, others @ ..] = args
        && let Some(format) = first.as_string()
    {
        if others.is_empty() {
            return format.to_std_string_lossy();
        }
        let used;
        (output, used) = formatter(&format, others, context);
        rest = &others[used..];
        if !rest.is_empty() {
            output.push(' ');
        }
    }
    for (index, value) in rest.iter().enumerate() {
        if index > 0 {
            output.push(' ');
        }
        match value.as_string() {
            Some(string) => output.push_str(&string.to_std_string_lossy()),
            None => output.push_str(&inspect(value, DEPTH, context)),
        }
    }
    output
}

/// Formats one value as it looks inside an object, with strings quoted.
pub(crate) fn inspect(value: &JsValue, depth: usize, context: &mut Context) -> String {
    Inspector::new(depth, context).format(value)
}

/// Replaces the specifiers of `format` with `args`. Returns the text and the number of used
/// arguments.
fn formatter(format: &JsString, args: &[JsValue], context: &mut Context) -> (String, usize) {
    let text = format.to_std_string_lossy();
    let mut output = String::new();
    let mut used = 0;
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        output.push_str(&rest[..at]);
        let specifier = rest[at + 1..].chars().next();
        let known = matches!(
            specifier,
            Some('s' | 'd' | 'i' | 'f' | 'o' | 'O' | 'c' | '%')
        );
        match (specifier, args.get(used)) {
            (Some('%'), _) => output.push('%'),
            (Some(specifier), Some(value)) if known => {
                used += 1;
                output.push_str(&convert(specifier, value, context));
            }
            // Keep a percent sign that is not a specifier or has no argument left.
            _ => {
                output.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 2..];
    }
    output.push_str(rest);
    (output, used)
}

/// Formats an argument for a specifier.
///
/// IMPLEMENTATION-DEFINED: for an object, `%s` prints the inspected form, and `%d`, `%i` and `%f`
/// print `NaN`. The standard conversions would run page code.
fn convert(specifier: char, value: &JsValue, context: &mut Context) -> String {
    match specifier {
        's' => match value.as_string() {
            Some(string) => string.to_std_string_lossy(),
            None => inspect(value, 0, context),
        },
        'd' => match value.variant() {
            JsVariant::BigInt(_) | JsVariant::Integer32(_) | JsVariant::Float64(_) => {
                inspect(value, 0, context)
            }
            JsVariant::Symbol(_) | JsVariant::Object(_) => String::from("NaN"),
            _ => number_text(value.to_number(context).unwrap_or(f64::NAN), context),
        },
        'i' => match value.variant() {
            JsVariant::BigInt(_) => inspect(value, 0, context),
            _ => number_text(leading_number(value, context).trunc(), context),
        },
        'f' => number_text(leading_number(value, context), context),
        'o' => inspect(value, 4, context),
        'O' => inspect(value, DEPTH, context),
        _ => String::new(),
    }
}

fn number_text(number: f64, context: &mut Context) -> String {
    inspect(&JsValue::from(number), 0, context)
}

/// Parses the number at the start of a primitive's text, as `parseFloat` does.
fn leading_number(value: &JsValue, context: &mut Context) -> f64 {
    match value.variant() {
        JsVariant::Integer32(number) => return f64::from(number),
        JsVariant::Float64(number) => return number,
        JsVariant::Object(_) | JsVariant::Symbol(_) => return f64::NAN,
        _ => {}
    }
    let text = value
        .to_string(context)
        .map(|text| text.to_std_string_lossy())
        .unwrap_or_default();
    let text = text.trim_start();
    // Find the longest prefix that is a decimal literal. Only a digit can end it.
    let mut end = 0;
    let mut seen_dot = false;
    let mut seen_exponent = false;
    let mut seen_digit = false;
    for (index, character) in text.char_indices() {
        match character {
            '0'..='9' => {
                seen_digit = true;
                end = index + 1;
            }
            '+' | '-' if index == 0 => {}
            '+' | '-' if text[..index].ends_with(['e', 'E']) => {}
            '.' if !seen_dot && !seen_exponent => seen_dot = true,
            'e' | 'E' if seen_digit && !seen_exponent => seen_exponent = true,
            _ => break,
        }
    }
    if seen_digit {
        return text[..end].parse().unwrap_or(f64::NAN);
    }
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        unsigned if unsigned.starts_with("Infinity") => {
            if text.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            }
        }
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests;
