//! Formats functions, errors, buffers and regular expressions.

use boa_engine::builtins::function::OrdinaryFunction;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{JsArrayBuffer, JsSharedArrayBuffer};
use boa_engine::property::PropertyKey;
use boa_engine::{JsString, js_string};

use super::layout::MAX_ENTRIES;
use super::own;

/// Formats the bytes of a buffer in hexadecimal.
pub(super) fn bytes(object: &JsObject) -> Vec<String> {
    let bytes = match JsArrayBuffer::from_object(object.clone()) {
        Ok(buffer) => buffer.to_vec(),
        Err(_) => JsSharedArrayBuffer::from_object(object.clone())
            .ok()
            .map(|buffer| buffer.to_vec()),
    };
    let Some(bytes) = bytes else {
        return vec![String::from("(detached)"), String::from("byteLength: 0")];
    };
    let shown: Vec<String> = bytes
        .iter()
        .take(MAX_ENTRIES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut text = shown.join(" ");
    if let Some(left) = bytes
        .len()
        .checked_sub(MAX_ENTRIES)
        .filter(|left| *left > 0)
    {
        let plural = if left > 1 { "s" } else { "" };
        text.push_str(&format!(" ... {left} more byte{plural}"));
    }
    vec![
        format!("[Uint8Contents]: <{text}>"),
        format!("byteLength: {}", bytes.len()),
    ]
}

/// Formats a function, such as `[Function: f]` or `[class A extends B]`.
pub(super) fn function_base(object: &JsObject, constructor: Option<&str>, tag: &str) -> String {
    let name = own::own_value(object, js_string!("name"))
        .and_then(|name| name.as_string())
        .filter(|name| !name.is_empty())
        .map(|name| name.to_std_string_lossy());
    let push_tag = |mut text: String| {
        if !tag.is_empty() && constructor != Some(tag) {
            text.push_str(&format!(" [{tag}]"));
        }
        text
    };
    if is_class(object) {
        let mut text = format!("class {}", name.as_deref().unwrap_or("(anonymous)"));
        if let Some(constructor) = constructor.filter(|name| *name != "Function") {
            text.push_str(&format!(" [{constructor}]"));
        }
        text = push_tag(text);
        if constructor.is_none() {
            text.push_str(" extends [null prototype]");
        } else if let Some(parent) = object
            .prototype()
            .and_then(|parent| own::string(&parent, js_string!("name")))
            .filter(|name| !name.is_empty())
        {
            text.push_str(&format!(" extends {}", parent.to_std_string_lossy()));
        }
        return format!("[{text}]");
    }
    let kinds = [
        "AsyncFunction",
        "GeneratorFunction",
        "AsyncGeneratorFunction",
    ];
    let kind = constructor
        .filter(|name| kinds.contains(name))
        .unwrap_or("Function");
    let mut text = format!("[{kind}");
    if constructor.is_none() {
        text.push_str(" (null prototype)");
    }
    match name {
        Some(name) => text.push_str(&format!(": {name}]")),
        None => text.push_str(" (anonymous)]"),
    }
    if let Some(constructor) = constructor.filter(|name| *name != kind) {
        text.push_str(&format!(" {constructor}"));
    }
    push_tag(text)
}

/// Removes Boa's second backslash before a slash. Boa escapes every slash of a source, even one
/// that is already escaped.
pub(super) fn escape_slashes_once(source: &str) -> String {
    let mut output = String::new();
    let mut escaped = false;
    for character in source.replace("\\/", "/").chars() {
        if character == '/' && !escaped {
            output.push('\\');
        }
        escaped = character == '\\' && !escaped;
        output.push(character);
    }
    output
}

/// Returns whether a function is a class. The `prototype` of a class is not writable but its
/// `length` is configurable, unlike in a frozen function.
fn is_class(object: &JsObject) -> bool {
    let property = |key: JsString| own::own_property(object, &PropertyKey::from(key));
    object.is::<OrdinaryFunction>()
        && property(js_string!("prototype"))
            .is_some_and(|prototype| prototype.writable() == Some(false))
        && property(js_string!("length")).is_none_or(|own| own.configurable() == Some(true))
}

/// Formats an error as `Name: message`, and adds the hidden properties to print to `keys`.
pub(super) fn error_text(
    object: &JsObject,
    constructor: Option<&str>,
    keys: &mut Vec<PropertyKey>,
) -> String {
    let text = |key: JsString| {
        own::string(object, key)
            .map(|text| text.to_std_string_lossy())
            .unwrap_or_default()
    };
    let message = text(js_string!("message"));
    let mut name = text(js_string!("name"));
    let own_message = PropertyKey::from(js_string!("message"));
    let own_name = PropertyKey::from(js_string!("name"));
    keys.retain(|key| *key != own_message && *key != own_name);
    for hidden in [js_string!("cause"), js_string!("errors")] {
        let key = PropertyKey::from(hidden);
        if own::own_property(object, &key).is_some() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    // Use the constructor's name for a subclass that sets no `name`.
    if let Some(constructor) = constructor
        && name.ends_with("Error")
        && name != constructor
    {
        name = if constructor.contains(&name) {
            constructor.to_owned()
        } else {
            format!("{constructor} [{name}]")
        };
    }
    match (name.is_empty(), message.is_empty()) {
        (true, true) => String::from("Error"),
        (true, false) => message,
        (false, true) => name,
        (false, false) => format!("{name}: {message}"),
    }
}
