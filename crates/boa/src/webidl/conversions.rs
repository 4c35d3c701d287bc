//! Conversions from JavaScript to Rust: the Rust types for the types of Web IDL ([Web IDL,
//! JavaScript type mapping](https://webidl.spec.whatwg.org/#js-type-mapping)).

use crate::boa::errors::type_error;
use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::property::PropertyKey;
use boa_engine::string::JsStrVariant;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use super::convert::{
    ConvertTo, Place, Range, double, js_str, sequence, sequence_from_iterable, to_int,
};
use super::types::{
    Any, Boolean, Byte, ByteString, Clamp, DomString, Double, EnforceRange, Float, FrozenArray,
    Function, Long, LongLong, NullToEmpty, Nullable, Object, Octet, Optional, OrEmpty, Record,
    Sequence, Short, UnrestrictedDouble, UnrestrictedFloat, UnsignedLong, UnsignedLongLong,
    UnsignedShort, UsvString, Variadic,
};

impl ConvertTo<JsValue> for Any {
    fn convert(value: &JsValue, _: Place<'_>, _: &mut Context) -> JsResult<JsValue> {
        Ok(value.clone())
    }
}

/// [`object`](https://webidl.spec.whatwg.org/#js-object)
impl ConvertTo<JsObject> for Object {
    fn convert(value: &JsValue, place: Place<'_>, _: &mut Context) -> JsResult<JsObject> {
        value.as_object().ok_or_else(|| place.is_not("object"))
    }
}

/// [Callback functions](https://webidl.spec.whatwg.org/#js-callback-function)
impl ConvertTo<JsObject> for Function {
    fn convert(value: &JsValue, place: Place<'_>, _: &mut Context) -> JsResult<JsObject> {
        value.as_callable().ok_or_else(|| place.is_not("Function"))
    }
}

/// [`boolean`](https://webidl.spec.whatwg.org/#js-boolean)
impl ConvertTo<bool> for Boolean {
    fn convert(value: &JsValue, _: Place<'_>, _: &mut Context) -> JsResult<bool> {
        Ok(value.to_boolean())
    }
}

/// [`DOMString`](https://webidl.spec.whatwg.org/#js-DOMString), unchanged.
impl ConvertTo<JsString> for DomString {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<JsString> {
        value.to_string(cx)
    }
}

/// `DOMString` for the DOM.
///
/// IMPLEMENTATION-DEFINED: the tree stores UTF-8, so lone surrogates in names and text become
/// U+FFFD. Strings that stay in script are not converted.
impl ConvertTo<String> for DomString {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<String> {
        Ok(value.to_string(cx)?.to_std_string_lossy())
    }
}

/// [`USVString`](https://webidl.spec.whatwg.org/#js-USVString): lone surrogates become U+FFFD.
impl ConvertTo<String> for UsvString {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<String> {
        Ok(value.to_string(cx)?.to_std_string_lossy())
    }
}

/// [`USVString`](https://webidl.spec.whatwg.org/#js-USVString) for code that keeps it as a script
/// string.
impl ConvertTo<JsString> for UsvString {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<JsString> {
        let text = value.to_string(cx)?;
        if let JsStrVariant::Latin1(_) = text.variant() {
            return Ok(text);
        }
        Ok(match text.to_std_string() {
            Ok(_) => text,
            Err(_) => JsString::from(text.to_std_string_lossy().as_str()),
        })
    }
}

/// [`ByteString`](https://webidl.spec.whatwg.org/#js-ByteString), with one character for each byte.
impl ConvertTo<String> for ByteString {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<String> {
        let text = value.to_string(cx)?.to_std_string_lossy();
        if text.chars().all(|c| u32::from(c) < 256) {
            return Ok(text);
        }
        Err(type_error(format!(
            "{text:?} has a character beyond U+00FF"
        )))
    }
}

/// [`[LegacyNullToEmptyString]`](https://webidl.spec.whatwg.org/#LegacyNullToEmptyString)
impl<T: Default, Tag: ConvertTo<T>> ConvertTo<T> for NullToEmpty<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<T> {
        if value.is_null() {
            return Ok(T::default());
        }
        Tag::convert(value, place, cx)
    }
}

/// [Nullable types](https://webidl.spec.whatwg.org/#js-nullable-type)
impl<T, Tag: ConvertTo<T>> ConvertTo<Option<T>> for Nullable<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Option<T>> {
        if value.is_null_or_undefined() {
            return Ok(None);
        }
        Tag::convert(value, place, cx).map(Some)
    }
}

impl<T, Tag: ConvertTo<T>> ConvertTo<Option<T>> for Optional<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Option<T>> {
        if value.is_undefined() {
            return Ok(None);
        }
        Tag::convert(value, place, cx).map(Some)
    }
}

impl<T: Default, Tag: ConvertTo<T>> ConvertTo<T> for OrEmpty<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<T> {
        if value.is_undefined() {
            return Ok(T::default());
        }
        Tag::convert(value, place, cx)
    }
}

impl<T, Tag: ConvertTo<T>> ConvertTo<Vec<T>> for Variadic<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Vec<T>> {
        Ok(vec![Tag::convert(value, place, cx)?])
    }

    fn convert_all(values: &[JsValue], place: Place<'_>, cx: &mut Context) -> JsResult<Vec<T>> {
        let first = match place {
            Place::Argument(index) => index,
            _ => 0,
        };
        let values = values.iter().enumerate();
        values
            .map(|(index, value)| Tag::convert(value, Place::Argument(first + index), cx))
            .collect()
    }
}

/// [Sequences](https://webidl.spec.whatwg.org/#js-sequence)
impl<T, Tag: ConvertTo<T>> ConvertTo<Vec<T>> for Sequence<Tag> {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<Vec<T>> {
        let values = sequence(value, cx)?;
        items::<T, Tag>(&values, cx)
    }

    fn convert_chosen(
        value: &JsValue,
        method: Option<&JsObject>,
        place: Place<'_>,
        cx: &mut Context,
    ) -> JsResult<Vec<T>> {
        match (value.as_object(), method) {
            (Some(object), Some(method)) => {
                let values = sequence_from_iterable(&object, method, cx)?;
                items::<T, Tag>(&values, cx)
            }
            _ => Sequence::<Tag>::convert(value, place, cx),
        }
    }
}

impl<T, Tag: ConvertTo<T>> ConvertTo<Vec<T>> for FrozenArray<Tag> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Vec<T>> {
        Sequence::<Tag>::convert(value, place, cx)
    }
}

fn items<T, Tag: ConvertTo<T>>(values: &[JsValue], cx: &mut Context) -> JsResult<Vec<T>> {
    let values = values.iter();
    values
        .map(|value| Tag::convert(value, Place::Item, cx))
        .collect()
}

/// [Records](https://webidl.spec.whatwg.org/#js-record), in insertion order.
impl<A: PartialEq, B, K: ConvertTo<A>, V: ConvertTo<B>> ConvertTo<Vec<(A, B)>> for Record<K, V> {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Vec<(A, B)>> {
        let object = value.as_object().ok_or_else(|| place.is_not("record"))?;
        let mut list = Vec::new();
        for key in object.own_property_keys(cx)? {
            let name: JsValue = match &key {
                PropertyKey::String(name) => name.clone().into(),
                PropertyKey::Symbol(symbol) => symbol.clone().into(),
                PropertyKey::Index(index) => js_str(index.get().to_string()),
            };
            let enumerable =
                OrdinaryObject::property_is_enumerable(value, std::slice::from_ref(&name), cx)?;
            if !enumerable.to_boolean() {
                continue;
            }
            let name = K::convert(&name, Place::Item, cx)?;
            let item = object.get(key, cx)?;
            let item = V::convert(&item, Place::Item, cx)?;
            // Different keys can convert to the same name.
            match list.iter_mut().find(|(held, _)| *held == name) {
                Some(held) => held.1 = item,
                None => list.push((name, item)),
            }
        }
        Ok(list)
    }
}

/// [Integer types](https://webidl.spec.whatwg.org/#js-integer-types)
macro_rules! integers {
    ($($tag:ident($bits:literal, $signed:literal): $($rust:ty),*;)*) => {
        $($(
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the number is integral and in range"
            )]
            impl ConvertTo<$rust> for $tag {
                fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<$rust> {
                    Ok(to_int(value, $bits, $signed, Range::Modulo, cx)? as $rust)
                }
            }

            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the number is integral and in range"
            )]
            impl ConvertTo<$rust> for EnforceRange<$tag> {
                fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<$rust> {
                    Ok(to_int(value, $bits, $signed, Range::Enforce, cx)? as $rust)
                }
            }

            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the number is integral and in range"
            )]
            impl ConvertTo<$rust> for Clamp<$tag> {
                fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<$rust> {
                    Ok(clamp(value, $bits, $signed, cx)? as $rust)
                }
            }
        )*)*
    };
}

integers! {
    Byte(8, true): i8, i32;
    Octet(8, false): u8;
    Short(16, true): i16, i32;
    UnsignedShort(16, false): u16, u32;
    Long(32, true): i32, i64, f64;
    UnsignedLong(32, false): u32, u64, usize, f64;
    LongLong(64, true): i64, f64;
    UnsignedLongLong(64, false): u64, f64;
}

/// ConvertToInt with [`[Clamp]`](https://webidl.spec.whatwg.org/#Clamp).
fn clamp(value: &JsValue, bits: i32, signed: bool, cx: &mut Context) -> JsResult<f64> {
    let number = value.to_number(cx)?;
    let bits = bits.min(53);
    let (lower, upper) = match (bits, signed) {
        (53, true) => (-9_007_199_254_740_991.0, 9_007_199_254_740_991.0),
        (_, true) => (-2f64.powi(bits - 1), 2f64.powi(bits - 1) - 1.0),
        (_, false) => (0.0, 2f64.powi(bits) - 1.0),
    };
    Ok(if number.is_nan() {
        0.0
    } else {
        number.clamp(lower, upper).round_ties_even()
    })
}

/// [`double`](https://webidl.spec.whatwg.org/#js-double)
impl ConvertTo<f64> for Double {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<f64> {
        double(value, cx)
    }
}

/// [`unrestricted double`](https://webidl.spec.whatwg.org/#js-unrestricted-double)
impl ConvertTo<f64> for UnrestrictedDouble {
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<f64> {
        value.to_number(cx)
    }
}

/// [`float`](https://webidl.spec.whatwg.org/#js-float)
impl ConvertTo<f32> for Float {
    #[allow(clippy::cast_possible_truncation, reason = "a float is rounded")]
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<f32> {
        Ok(double(value, cx)? as f32)
    }
}

/// [`unrestricted float`](https://webidl.spec.whatwg.org/#js-unrestricted-float)
impl ConvertTo<f32> for UnrestrictedFloat {
    #[allow(clippy::cast_possible_truncation, reason = "a float is rounded")]
    fn convert(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<f32> {
        Ok(value.to_number(cx)? as f32)
    }
}
