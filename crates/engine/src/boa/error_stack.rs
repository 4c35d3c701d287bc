//! The `stack` of errors, and `Error.isError`.
//!
//! `stack` is in no standard yet; it is an accessor of `Error.prototype`, as
//! [the proposal](https://tc39.es/proposal-error-stacks/) has it. A `DOMException` has
//! `[[ErrorData]]` ([Web IDL](https://webidl.spec.whatwg.org/#internally-create-a-new-object-implementing-the-interface)),
//! so that what is true of errors is true of it. The text begins with the error's words, as in
//! the browsers that set the fashion; Boa's own has the places alone.

use boa_engine::builtins::error::Error;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsString, JsValue, js_string};

use super::functions::function;
use super::intrinsics::places_of_error;

/// How many objects of a prototype chain are asked for the name of an error.
const MAX_PROTOTYPES: usize = 100;

/// The stack of an object that is no `Error` of the language and has `[[ErrorData]]`; none of others.
pub(crate) type StackOf = fn(&JsObject) -> Option<JsString>;

/// Puts both into a realm. `stack_of` knows the objects besides the language's own that are errors.
pub(crate) fn install(realm: &Realm, stack_of: StackOf) {
    let error = realm.intrinsics().constructors().error();
    let prototype = error.prototype();
    let key = PropertyKey::from(js_string!("stack"));
    let set = prototype
        .borrow()
        .properties()
        .get(&key)
        .and_then(|property| property.set().cloned());
    let get = function(realm, "get stack", 0, move |this, _, ctx| {
        let stack = this
            .as_object()
            .and_then(|error| stack(&error, stack_of, ctx));
        Ok(stack.map_or_else(JsValue::undefined, JsValue::from))
    });
    let accessor = PropertyDescriptor::builder()
        .get(get)
        .set(set.unwrap_or_default())
        .enumerable(false)
        .configurable(true);
    prototype.insert_property(key, accessor);
    // https://tc39.es/ecma262/#sec-error.iserror
    let is_error = function(realm, "isError", 1, move |_, args, _| {
        let object = args.first().and_then(JsValue::as_object);
        Ok(object
            .is_some_and(|object| has_error_data(&object, stack_of))
            .into())
    });
    let method = PropertyDescriptor::builder()
        .value(is_error)
        .writable(true)
        .enumerable(false)
        .configurable(true);
    error
        .constructor()
        .insert_property(js_string!("isError"), method);
}

/// Whether an object has `[[ErrorData]]`.
fn has_error_data(object: &JsObject, stack_of: StackOf) -> bool {
    object.is::<Error>() || stack_of(object).is_some()
}

/// The words of an error and where it was made.
fn stack(error: &JsObject, stack_of: StackOf, ctx: &mut Context) -> Option<JsString> {
    if let Some(stack) = stack_of(error) {
        return Some(stack);
    }
    let places = places_of_error(error, ctx)?;
    let words = words(&text_of(error, "name"), &text_of(error, "message"));
    Some(with_words(&words, &places))
}

/// The stack of an exception that is made here and now, with these words for a name and a message.
pub(crate) fn capture(name: &JsString, message: &JsString, ctx: &mut Context) -> JsString {
    let constructor = ctx.intrinsics().constructors().error().constructor();
    let words = words(name, message);
    let places = match constructor.construct(&[], None, ctx) {
        Ok(error) => places_of_error(&error, ctx).unwrap_or_default(),
        Err(_) => JsString::default(),
    };
    with_words(&words, &places)
}

/// A stack that began with an error's name and message, with another message.
pub(crate) fn reworded(
    stack: &JsString,
    name: &JsString,
    before: &JsString,
    after: &JsString,
) -> JsString {
    let (stack, before) = (
        stack.to_std_string_lossy(),
        words(name, before).to_std_string_lossy(),
    );
    let places = stack.strip_prefix(&before).unwrap_or_default();
    js_string!(&words(name, after), &JsString::from(places))
}

fn with_words(words: &JsString, places: &JsString) -> JsString {
    match places.is_empty() {
        true => words.clone(),
        false => js_string!(words, &js_string!("\n"), places),
    }
}

/// What `Error.prototype.toString` makes of a name and a message.
fn words(name: &JsString, message: &JsString) -> JsString {
    match (name.is_empty(), message.is_empty()) {
        (_, true) => name.clone(),
        (true, false) => message.clone(),
        (false, false) => js_string!(name, &js_string!(": "), message),
    }
}

/// A string that the error or a prototype has for a data property: no script runs for it.
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
