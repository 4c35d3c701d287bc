//! The `stack` of errors, and `Error.isError`.
//!
//! `stack` is not in a standard yet. Here it is an accessor of `Error.prototype`, as in
//! [the proposal](https://tc39.es/proposal-error-stacks/). A `DOMException` has `[[ErrorData]]`
//! ([Web IDL](https://webidl.spec.whatwg.org/#internally-create-a-new-object-implementing-the-interface)),
//! so it counts as an error. The text begins with the error's name and message, as in Chromium.
//! Boa's own text contains only the places.

use boa_engine::builtins::error::Error;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsString, JsValue, js_string};

use super::functions::function;
use super::intrinsics::places_of_error;
use crate::boa::properties::{CONFIGURABLE, HIDDEN, accessor_property, data_property};

/// The number of prototypes that are searched for an error's name.
const MAX_PROTOTYPES: usize = 100;

/// Returns the stack of an object with `[[ErrorData]]` that is not an `Error`, or `None` for any other object.
pub type StackOf = fn(&JsObject) -> Option<JsString>;

/// Returns the text of a stack for script.
pub type Shown = fn(&Context, JsString) -> JsString;

/// Adds both to a realm. `stack_of` recognizes the platform objects that are errors.
pub fn install(realm: &Realm, stack_of: StackOf, shown: Shown) {
    let error = realm.intrinsics().constructors().error();
    let prototype = error.prototype();
    let key = PropertyKey::from(js_string!("stack"));
    let set = prototype
        .borrow()
        .properties()
        .get(&key)
        .and_then(|property| property.set()?.as_object());
    let get = function(realm, "get stack", 0, move |this, _, ctx| {
        let stack = this
            .as_object()
            .and_then(|error| stack(&error, stack_of, ctx));
        let stack = stack.map(|stack| shown(ctx, stack));
        Ok(stack.map_or_else(JsValue::undefined, JsValue::from))
    });
    let accessor = accessor_property(Some(get), set, CONFIGURABLE);
    prototype.insert_property(key, accessor);
    // https://tc39.es/ecma262/#sec-error.iserror
    let is_error = function(realm, "isError", 1, move |_, args, _| {
        let object = args.first().and_then(JsValue::as_object);
        Ok(object
            .is_some_and(|object| has_error_data(&object, stack_of))
            .into())
    });
    let method = data_property(is_error, HIDDEN);
    error
        .constructor()
        .insert_property(js_string!("isError"), method);
}

/// Whether an object has `[[ErrorData]]`.
fn has_error_data(object: &JsObject, stack_of: StackOf) -> bool {
    object.is::<Error>() || stack_of(object).is_some()
}

/// Returns the name and message of an error, followed by the place of its creation.
fn stack(error: &JsObject, stack_of: StackOf, ctx: &mut Context) -> Option<JsString> {
    if let Some(stack) = stack_of(error) {
        return Some(stack);
    }
    let places = places_of_error(error, ctx)?;
    let header = header(&text_of(error, "name"), &text_of(error, "message"));
    Some(with_header(&header, &places))
}

/// Returns the stack of an exception that is created now, with this name and message.
pub fn capture(name: &JsString, message: &JsString, ctx: &mut Context) -> JsString {
    let constructor = ctx.intrinsics().constructors().error().constructor();
    let header = header(name, message);
    let places = match constructor.construct(&[], None, ctx) {
        Ok(error) => places_of_error(&error, ctx).unwrap_or_default(),
        Err(_) => JsString::default(),
    };
    with_header(&header, &places)
}

/// Replaces the message in a stack that begins with an error's name and message.
pub fn reworded(
    stack: &JsString,
    name: &JsString,
    before: &JsString,
    after: &JsString,
) -> JsString {
    let (stack, before) = (
        stack.to_std_string_lossy(),
        header(name, before).to_std_string_lossy(),
    );
    let places = stack.strip_prefix(&before).unwrap_or_default();
    js_string!(&header(name, after), &JsString::from(places))
}

fn with_header(header: &JsString, places: &JsString) -> JsString {
    match places.is_empty() {
        true => header.clone(),
        false => js_string!(header, &js_string!("\n"), places),
    }
}

/// Joins a name and a message as `Error.prototype.toString` does.
fn header(name: &JsString, message: &JsString) -> JsString {
    match (name.is_empty(), message.is_empty()) {
        (_, true) => name.clone(),
        (true, false) => message.clone(),
        (false, false) => js_string!(name, &js_string!(": "), message),
    }
}

/// Returns a string that is a data property of the error or its prototypes. Runs no script.
fn text_of(error: &JsObject, name: &str) -> JsString {
    let key = PropertyKey::from(JsString::from(name));
    let mut next = Some(error.clone());
    for _ in 0..MAX_PROTOTYPES {
        let Some(object) = next else { break };
        let property = object.borrow().properties().get(&key);
        if let Some(property) = property {
            return property
                .value()
                .and_then(JsValue::as_string)
                .unwrap_or_default();
        }
        next = object.prototype();
    }
    JsString::default()
}
