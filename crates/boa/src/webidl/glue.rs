//! The functions that the expansion of `interface!` calls.

pub use boa_engine::{Context, JsObject, JsResult, JsValue};

use boa_engine::object::IntegrityLevel;
use boa_engine::{JsError, JsNativeError, JsString};

use super::convert::{ConvertTo, Dictionary, Enumeration, Place};
use super::into_js::IntoJs;
use crate::boa::errors::type_error;
use crate::boa::properties::{ORDINARY, data_property};
use crate::webidl::platform;

pub use super::arguments::Slot;
pub use super::constructed::{OfData, OfSteps, OfStepsThatFail, given};
pub use super::receiver::{DataOf, This, ToData, ToReceiver};

/// Converts the result of a getter or an operation.
pub fn returned(result: impl IntoJs, cx: &mut Context) -> JsResult<JsValue> {
    result.into_js(cx)
}

/// Converts the result of an operation that returns `undefined`.
pub fn done(result: impl IntoJs, cx: &mut Context) -> JsResult<JsValue> {
    result.into_js(cx)?;
    Ok(JsValue::undefined())
}

/// Converts the result of a setter.
pub fn ended(result: JsResult<JsValue>) -> JsResult<()> {
    result.map(drop)
}

/// Creates a [frozen array](https://webidl.spec.whatwg.org/#idl-frozen-array).
pub fn frozen(result: impl IntoJs, cx: &mut Context) -> JsResult<JsValue> {
    let value = result.into_js(cx)?;
    if let Some(array) = value.as_object() {
        array.set_integrity_level(IntegrityLevel::Frozen, cx)?;
    }
    Ok(value)
}

/// Converts a name and a value of a pair iterator.
pub fn pair<K: IntoJs, V: IntoJs>(
    found: Option<(K, V)>,
    cx: &mut Context,
) -> JsResult<Option<(JsValue, JsValue)>> {
    found
        .map(|(name, value)| Ok((name.into_js(cx)?, value.into_js(cx)?)))
        .transpose()
}

/// The value of an attribute with [`[SameObject]`](https://webidl.spec.whatwg.org/#SameObject),
/// created once.
pub fn same_object(
    this: &JsObject,
    name: &'static str,
    cx: &mut Context,
    getter: super::members::Getter,
) -> JsResult<JsValue> {
    if let Some(held) = platform::held_companion(this, name) {
        return Ok(held.into());
    }
    let value = getter(this, cx)?;
    if let Some(object) = value.as_object() {
        platform::hold_companion(this, name, object);
    }
    Ok(value)
}

/// [`[Replaceable]`](https://webidl.spec.whatwg.org/#Replaceable): replaces the attribute with an
/// own data property.
pub fn replace(this: &JsObject, name: &'static str, value: &JsValue) -> JsResult<()> {
    let descriptor = data_property(value.clone(), ORDINARY);
    this.insert_property(JsString::from(name), descriptor);
    Ok(())
}

/// [`[PutForwards]`](https://webidl.spec.whatwg.org/#PutForwards): forwards an assignment to a
/// property of the attribute's value.
pub fn put_forward(
    this: &JsObject,
    getter: super::members::Getter,
    forward: &str,
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    let held = getter(this, cx)?;
    let held = held.as_object().ok_or_else(|| {
        JsError::from(
            JsNativeError::typ()
                .with_message(format!("there is no object whose '{forward}' could be set")),
        )
    })?;
    held.set(JsString::from(forward), value.clone(), false, cx)?;
    Ok(())
}

/// Reads an optional member of a dictionary.
pub fn member<Tag: ConvertTo<T>, T>(
    dictionary: &Dictionary,
    name: &str,
    cx: &mut Context,
) -> JsResult<Option<T>> {
    let value = dictionary.get(name, cx)?;
    value
        .map(|value| Tag::convert(&value, Place::Member(name), cx))
        .transpose()
}

/// Reads a member of a dictionary, with a default.
pub fn member_or<Tag: ConvertTo<T>, T>(
    dictionary: &Dictionary,
    name: &str,
    default: impl FnOnce() -> JsValue,
    cx: &mut Context,
) -> JsResult<T> {
    let value = dictionary.get(name, cx)?.unwrap_or_else(default);
    Tag::convert(&value, Place::Member(name), cx)
}

/// Reads a required member of a dictionary.
pub fn required_member<Tag: ConvertTo<T>, T>(
    dictionary: &Dictionary,
    name: &str,
    cx: &mut Context,
) -> JsResult<T> {
    member::<Tag, T>(dictionary, name, cx)?
        .ok_or_else(|| type_error(format!("the required member {name} is missing")))
}

/// Converts a value of an [enumeration](https://webidl.spec.whatwg.org/#js-enumeration).
pub fn enumeration<T: Enumeration>(value: &JsValue, cx: &mut Context) -> JsResult<T> {
    let text = value.to_string(cx)?.to_std_string_lossy();
    T::from_text(&text).ok_or_else(|| {
        let name = T::NAME;
        type_error(format!(
            "The provided value '{text}' is not a valid enum value of type {name}."
        ))
    })
}
