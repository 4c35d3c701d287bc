//! Messages of clone errors: the reasons why a value cannot be cloned.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsString, JsSymbol, JsValue, js_string};
use framepost_messaging::structured_clone::CloneError;

use crate::boa::intrinsics;
use crate::webidl::platform::{self, PlatformObject};

/// The number of prototypes that are searched for a name.
const MAX_PROTOTYPES: usize = 100;

/// Returns the message of the exception as a whole sentence.
pub(super) fn sentence(error: &CloneError) -> String {
    match error {
        // These objects are transferable, but not serializable.
        CloneError::NotSerializable(name)
            if matches!(name.as_str(), "MessagePort" | "OffscreenCanvas") =>
        {
            let article = if name.starts_with('O') { "An" } else { "A" };
            format!("{article} {name} could not be cloned because it was not transferred.")
        }
        // The text begins with text of the page, so its case must not change.
        CloneError::NotCloneable(_) => format!("{error}."),
        _ => {
            let text = error.to_string();
            let mut characters = text.chars();
            let first = characters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(characters).chain(['.']).collect()
        }
    }
}

/// Describes an object that cannot be cloned, for the error message. Runs no script.
pub(super) fn describe(object: &JsObject, ctx: &mut Context) -> String {
    if object.is::<Proxy>() {
        return match platform::unwrap_proxy(object, ctx) {
            Ok(Some(behind)) => describe_platform_object(&behind),
            _ => String::from("#<Object>"),
        };
    }
    if object.is_callable() {
        return intrinsics::source_text(object, ctx);
    }
    if object.is::<JsSymbol>() {
        return String::from("[object Symbol]");
    }
    let mut next = object.prototype();
    for _ in 0..MAX_PROTOTYPES {
        let Some(prototype) = next else { break };
        let own = |object: &JsObject, key: PropertyKey| -> Option<JsValue> {
            object.borrow().properties().get(&key)?.value().cloned()
        };
        let constructor = own(&prototype, js_string!("constructor").into());
        let constructor = constructor.and_then(|value| value.as_callable());
        let name = constructor.and_then(|function| own(&function, js_string!("name").into()));
        if let Some(name) = name.as_ref().and_then(JsValue::as_string)
            && !name.is_empty()
        {
            return format!("#<{}>", name.to_std_string_lossy());
        }
        let tag = own(&prototype, JsSymbol::to_string_tag().into());
        if let Some(tag) = tag.as_ref().and_then(JsValue::as_string) {
            return format!("[object {}]", JsString::to_std_string_lossy(&tag));
        }
        next = prototype.prototype();
    }
    String::from("#<Object>")
}

fn describe_platform_object(object: &JsObject) -> String {
    let Some(platform) = object.downcast_ref::<PlatformObject>() else {
        return String::from("#<Object>");
    };
    let name = platform.interface.name;
    match platform.interface.is_global {
        true => format!("#<{name}>"),
        false => format!("{name} object"),
    }
}
