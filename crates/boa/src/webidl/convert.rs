//! Conversions between JavaScript values and Web IDL types
//! ([Web IDL, JavaScript type mapping](https://webidl.spec.whatwg.org/#js-type-mapping)).

use crate::boa::errors::type_error;
use boa_engine::{
    Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue, js_string,
};

use super::types::Category;

/// The place of a value, for error messages.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// An argument of a call, with its index.
    Argument(usize),
    /// A value assigned to an attribute.
    Assigned,
    /// A member of a dictionary, with its name.
    Member(&'a str),
    /// An item of a sequence or a record.
    Item,
}

impl Place<'_> {
    /// Creates the `TypeError` for a value that is not of the type `name`.
    pub fn is_not(self, name: &str) -> JsError {
        let message = match self {
            Self::Argument(index) => format!("parameter {} is not of type '{name}'.", index + 1),
            Self::Assigned => format!("the value is not of type '{name}'."),
            Self::Member(member) => format!("member {member} is not of type {name}."),
            Self::Item => format!("the sequence contains a value that is not of type {name}"),
        };
        type_error(message)
    }

    /// Creates the `TypeError` for a buffer that is resizable where none may be.
    pub fn is_resizable(self) -> JsError {
        let message = match self {
            Self::Argument(index) => format!("parameter {} is resizable.", index + 1),
            Self::Assigned => "the value is resizable.".to_owned(),
            Self::Member(member) => format!("member {member} is resizable."),
            Self::Item => "the sequence has a value that is resizable".to_owned(),
        };
        type_error(message)
    }
}

/// A Web IDL type whose values convert to the Rust type `T`; see [`types`](super::types).
///
/// The Web IDL type implements the trait, since the types of interfaces are in the crate that declares the interface,
/// and their receivers may be of any crate.
#[diagnostic::on_unimplemented(
    message = "a value of the Web IDL type `{Self}` cannot become a `{T}`",
    note = "implement `FromJs` for a type that converts itself"
)]
pub trait ConvertTo<T: Sized> {
    /// [Converts](https://webidl.spec.whatwg.org/#js-type-mapping) a value.
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<T>;

    /// Converts a value that is assigned to an attribute. Returns `None` if the assignment is ignored.
    fn convert_assigned(value: &JsValue, cx: &mut Context) -> JsResult<Option<T>> {
        Self::convert(value, Place::Assigned, cx).map(Some)
    }

    /// Converts a value whose iterator method was already looked up to select its type.
    fn convert_chosen(
        value: &JsValue,
        method: Option<&JsObject>,
        place: Place<'_>,
        cx: &mut Context,
    ) -> JsResult<T> {
        let _ = method;
        Self::convert(value, place, cx)
    }

    /// Converts the first value, or `undefined` if there is none. A variadic type converts all of
    /// them.
    fn convert_all(values: &[JsValue], place: Place<'_>, cx: &mut Context) -> JsResult<T> {
        match values.first() {
            Some(value) => Self::convert(value, place, cx),
            None => Self::convert(&JsValue::undefined(), place, cx),
        }
    }
}

/// A Rust type that is itself a Web IDL type: a dictionary, an enumeration, or a hand-written
/// union.
pub trait FromJs: Sized {
    /// How overloads and unions recognize its values.
    const CATEGORY: Category = Category::Any;

    /// Converts a value.
    fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self>;

    /// Converts a value that is assigned to an attribute; nothing when the assignment is ignored.
    fn from_assigned(value: &JsValue, cx: &mut Context) -> JsResult<Option<Self>> {
        Self::from_js(value, Place::Assigned, cx).map(Some)
    }
}

impl<T: FromJs> ConvertTo<T> for T {
    fn convert(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        T::from_js(value, place, cx)
    }

    fn convert_assigned(value: &JsValue, cx: &mut Context) -> JsResult<Option<Self>> {
        T::from_assigned(value, cx)
    }
}

/// An [enumeration](https://webidl.spec.whatwg.org/#idl-enums).
pub trait Enumeration: Copy {
    /// Its identifier.
    const NAME: &'static str;

    /// The value as the page sees it.
    fn as_str(self) -> &'static str;

    /// The value that the text names.
    fn from_text(text: &str) -> Option<Self>;
}

/// A dictionary type.
pub trait FromDictionary: Sized {
    /// Reads the members, starting with those of the parent dictionary.
    fn from_dictionary(dictionary: &Dictionary, cx: &mut Context) -> JsResult<Self>;
}

/// The argument at `index`, or `undefined` if it is missing.
#[inline]
pub fn argument(args: &[JsValue], index: usize) -> JsValue {
    args.get(index).cloned().unwrap_or_default()
}

/// Converts a string to a JavaScript value.
pub fn js_str(text: impl AsRef<str>) -> JsValue {
    JsString::from(text.as_ref()).into()
}

/// The treatment of a number outside the range of an integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The number wraps around.
    Modulo,
    /// The number causes a `TypeError`:
    /// [`[EnforceRange]`](https://webidl.spec.whatwg.org/#EnforceRange).
    Enforce,
}

/// [ConvertToInt](https://webidl.spec.whatwg.org/#abstract-opdef-converttoint) for types of up to
/// 64 bits. The result is an integer in range.
pub fn to_int(
    value: &JsValue,
    bits: u32,
    signed: bool,
    range: Range,
    ctx: &mut Context,
) -> JsResult<f64> {
    let number = value.to_number(ctx)?;
    let two_to = 2f64.powi(i32::try_from(bits).unwrap_or(64));
    let (lower, upper) = match (bits, signed) {
        (64, false) => (0.0, 9_007_199_254_740_991.0),
        (64, true) => (-9_007_199_254_740_991.0, 9_007_199_254_740_991.0),
        (_, false) => (0.0, two_to - 1.0),
        (_, true) => (-two_to / 2.0, two_to / 2.0 - 1.0),
    };
    if range == Range::Enforce {
        let whole = number.trunc();
        if !number.is_finite() || whole < lower || whole > upper {
            return Err(type_error(format!(
                "the number {number} is outside the range {lower} to {upper}"
            )));
        }
        return Ok(whole + 0.0);
    }
    if !number.is_finite() {
        return Ok(0.0);
    }
    let whole = number.trunc();
    if whole.abs() < two_to / 2.0 && (signed || whole >= 0.0) {
        // Wrapping would lose digits of small negative numbers.
        return Ok(whole + 0.0);
    }
    let wrapped = whole.rem_euclid(two_to);
    Ok(if signed && wrapped >= two_to / 2.0 {
        wrapped - two_to
    } else {
        wrapped
    })
}

/// A restricted [`double`](https://webidl.spec.whatwg.org/#js-double), which is finite.
pub fn double(value: &JsValue, ctx: &mut Context) -> JsResult<f64> {
    let number = value.to_number(ctx)?;
    if number.is_finite() {
        Ok(number)
    } else {
        Err(type_error("The provided double value is non-finite."))
    }
}

/// A [dictionary](https://webidl.spec.whatwg.org/#js-dictionary). `undefined` and `null` become an
/// empty dictionary.
#[derive(Debug)]
pub struct Dictionary(Option<JsObject>);

impl Dictionary {
    /// Converts a value to a dictionary.
    pub fn new(value: &JsValue) -> JsResult<Self> {
        if value.is_null_or_undefined() {
            return Ok(Self(None));
        }
        value
            .as_object()
            .map(|object| Self(Some(object)))
            .ok_or_else(|| {
                type_error("The provided value is not of type 'object' as a dictionary must be.")
            })
    }

    /// The member `name`, if it is present.
    pub fn get(&self, name: &str, ctx: &mut Context) -> JsResult<Option<JsValue>> {
        let Some(object) = &self.0 else {
            return Ok(None);
        };
        let value = object.get(JsString::from(name), ctx)?;
        Ok((!value.is_undefined()).then_some(value))
    }
}

/// Converts a [sequence](https://webidl.spec.whatwg.org/#js-sequence) with the iterator protocol.
pub fn sequence(value: &JsValue, ctx: &mut Context) -> JsResult<Vec<JsValue>> {
    let not_iterable = || {
        JsNativeError::typ().with_message("The provided value cannot be converted to a sequence.")
    };
    let object = value.as_object().ok_or_else(not_iterable)?;
    let method = object.get(JsSymbol::iterator(), ctx)?;
    let method = method.as_callable().ok_or_else(not_iterable)?;
    sequence_from_iterable(&object, &method, ctx)
}

/// The iterator method of an object, if it has one. It distinguishes a sequence from a dictionary
/// or a record.
pub fn iterator_method(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    let method = object.get(JsSymbol::iterator(), ctx)?;
    if method.is_null_or_undefined() {
        return Ok(None);
    }
    let not_callable =
        || JsNativeError::typ().with_message("The object's Symbol.iterator is not a function.");
    Ok(Some(method.as_callable().ok_or_else(not_callable)?))
}

/// [Creating a sequence from an
/// iterable](https://webidl.spec.whatwg.org/#create-sequence-from-iterable) with a
/// `Symbol.iterator` method that was already looked up.
pub fn sequence_from_iterable(
    object: &JsObject,
    method: &JsObject,
    ctx: &mut Context,
) -> JsResult<Vec<JsValue>> {
    let not_iterable = || {
        JsNativeError::typ().with_message("The provided value cannot be converted to a sequence.")
    };
    let iterator = method.call(&object.clone().into(), &[], ctx)?;
    let iterator = iterator.as_object().ok_or_else(not_iterable)?;
    let next = iterator.get(js_string!("next"), ctx)?;
    let next = next.as_callable().ok_or_else(not_iterable)?;
    let mut values = Vec::new();
    loop {
        let result = next.call(&iterator.clone().into(), &[], ctx)?;
        let result = result.as_object().ok_or_else(not_iterable)?;
        if result.get(js_string!("done"), ctx)?.to_boolean() {
            return Ok(values);
        }
        values.push(result.get(js_string!("value"), ctx)?);
    }
}
