//! Creates values and converts them to Rust types.

use super::object::ValuesOut;
use super::{ErrorData, JsString, Object, Value};
use crate::structured_clone::{BigInt, CloneError, CodeUnits, NativeErrorKind, PropertyKey};

impl Value {
    /// Creates a plain object with these properties, in this order.
    ///
    /// ```
    /// # use framepost_messaging::Value;
    /// let value = Value::record([("name", "Ada"), ("role", "author")]);
    /// assert_eq!(value.get("name"), Some(Value::from("Ada")));
    /// ```
    pub fn record<K, V>(properties: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<PropertyKey<JsString>>,
        V: Into<Value>,
    {
        let object = Object::new();
        for (key, value) in properties {
            object.set(key, value);
        }
        object.pack();
        object.into()
    }

    /// Creates an Array of these elements.
    pub fn list<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Self {
        let array = Object::array(0);
        for (index, element) in (0..u32::MAX).zip(elements) {
            array.set(PropertyKey::Index(index), element);
        }
        array.pack();
        array.into()
    }

    /// Creates a `Map` with these entries. The keys must be distinct.
    pub fn map<K: Into<Value>, V: Into<Value>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let entries = entries.into_iter();
        Object::map(entries.map(|(key, value)| (key.into(), value.into()))).into()
    }

    /// Creates a `Set` with these values. The values must be distinct.
    pub fn set<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        Object::set_of(values.into_iter().map(Into::into)).into()
    }

    /// Creates an `ArrayBuffer` with these bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Object::array_buffer(bytes).into()
    }

    /// Creates a `Date` from milliseconds since 1970.
    #[must_use]
    pub fn date(time: f64) -> Self {
        Object::date(time).into()
    }

    /// Creates an error of this kind with this message.
    pub fn error(kind: NativeErrorKind, message: impl Into<JsString>) -> Self {
        Object::error(ErrorData {
            kind,
            message: Some(message.into()),
            stack: None,
            cause: None,
        })
        .into()
    }

    /// Whether the value is `undefined`.
    #[must_use]
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value is an object.
    #[must_use]
    #[inline]
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The boolean, if the value is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if the value is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The BigInt, if the value is one.
    #[must_use]
    pub fn as_big_int(&self) -> Option<&BigInt> {
        match self {
            Self::BigInt(value) => Some(value),
            _ => None,
        }
    }

    /// The string, if the value is one.
    #[must_use]
    pub fn as_string(&self) -> Option<&JsString> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// The string as a Rust string, if the value is one. Lone surrogates become U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        self.as_string().map(JsString::to_string_lossy)
    }

    /// The object, if the value is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The own property `key` of an object. The key is a name or an index.
    #[must_use]
    pub fn get(&self, key: impl Into<PropertyKey<JsString>>) -> Option<Value> {
        self.as_object()?.get(key)
    }

    /// The elements of an Array. A hole is `undefined`.
    ///
    /// Returns `None` if the value is not an Array, or if the Array is sparse: it has more than 64
    /// elements, and fewer than one in eight are present. [`Object::keys`] lists the elements that
    /// are present.
    #[must_use]
    pub fn elements(&self) -> Option<Vec<Value>> {
        let array = self.as_object()?;
        let length = array.array_length()?;
        if length > 64 && array.keys().len() < length as usize / 8 {
            return None;
        }
        let element = |index| array.get(PropertyKey::Index(index)).unwrap_or_default();
        Some((0..length).map(element).collect())
    }
}

impl Value {
    /// Writes a primitive or an object of primitives. Returns any other object.
    #[inline]
    pub(super) fn write_to(&self, out: &mut ValuesOut<'_>) -> Result<Option<&Object>, CloneError> {
        if let Self::Object(object) = self {
            return Ok((!object.write_leaf(out)?).then_some(object));
        }
        self.write_primitive(out)?;
        Ok(None)
    }

    /// Writes a primitive.
    #[inline(always)]
    pub(super) fn write_primitive(&self, out: &mut ValuesOut<'_>) -> Result<(), CloneError> {
        match self {
            Self::Undefined => out.undefined(),
            Self::Null => out.null(),
            Self::Boolean(value) => out.boolean(*value),
            Self::Number(value) => out.number(*value),
            Self::BigInt(value) => out.big_int(value)?,
            Self::String(value) => value.write_to(out)?,
            // The caller has already handled objects.
            Self::Object(_) => {}
        }
        Ok(())
    }
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::Undefined
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

macro_rules! from_number {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(value: $number) -> Self {
                Self::Number(value.into())
            }
        }
    )+};
}
from_number!(f64, f32, i8, u8, i16, u16, i32, u32);

impl From<BigInt> for Value {
    fn from(value: BigInt) -> Self {
        Self::BigInt(value)
    }
}

impl From<JsString> for Value {
    fn from(value: JsString) -> Self {
        Self::String(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(elements: Vec<V>) -> Self {
        Self::list(elements)
    }
}

/// Converts `None` to `undefined`.
impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Undefined, Into::into)
    }
}

impl<V: Into<Value>> FromIterator<V> for Value {
    fn from_iter<I: IntoIterator<Item = V>>(elements: I) -> Self {
        Self::list(elements)
    }
}

impl From<u32> for PropertyKey<JsString> {
    /// Converts an index to a key. 2³² − 1 is not an array index, so it becomes a name.
    fn from(index: u32) -> Self {
        if index == u32::MAX {
            Self::Name(index.to_string().into())
        } else {
            Self::Index(index)
        }
    }
}

impl From<JsString> for PropertyKey<JsString> {
    fn from(name: JsString) -> Self {
        match name.units().array_index() {
            Some(index) => Self::Index(index),
            None => Self::Name(name),
        }
    }
}

impl From<&str> for PropertyKey<JsString> {
    fn from(name: &str) -> Self {
        match CodeUnits::Latin1(name.as_bytes()).array_index() {
            Some(index) => Self::Index(index),
            None => Self::Name(name.into()),
        }
    }
}

impl From<String> for PropertyKey<JsString> {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_names_are_indices() {
        let value = Value::record([("2", 1), ("x", 2), ("0", 3)]);
        assert_eq!(value.get(0), value.get("0"));
        let keys = value.as_object().map(Object::keys);
        assert_eq!(
            keys,
            Some(vec![
                PropertyKey::Index(0),
                PropertyKey::Index(2),
                "x".into()
            ])
        );
    }

    #[test]
    fn elements_of_a_sparse_array_are_not_listed() {
        let array = Object::array(u32::MAX);
        assert_eq!(Value::from(array).elements(), None);
        assert_eq!(
            Value::from(vec![1, 2]).elements(),
            Some(vec![Value::from(1), Value::from(2)])
        );
    }
}
