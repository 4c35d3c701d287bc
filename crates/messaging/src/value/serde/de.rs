//! Deserializes serde types from values.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{SerdeError, deeper};
use crate::structured_clone::{BigInt, CodeUnits, PropertyKey};
use crate::value::{JsString, Object, Value};

pub(super) struct Deserializer {
    pub(super) value: Value,
    pub(super) depth: usize,
}

type Result<T> = std::result::Result<T, SerdeError>;

fn text(string: &JsString) -> Result<String> {
    match string.units() {
        CodeUnits::Utf16(units) => {
            String::from_utf16(units).map_err(|_| SerdeError::LoneSurrogate(format!("{string:?}")))
        }
        latin1 @ CodeUnits::Latin1(_) => Ok(latin1.to_string_lossy()),
    }
}

/// Converts a property key to a map key.
fn key(key: PropertyKey<JsString>) -> Result<Key> {
    Ok(Key(match key {
        PropertyKey::Index(index) => index.to_string(),
        PropertyKey::Name(name) => text(&name)?,
    }))
}

impl Deserializer {
    fn within(value: Value, depth: usize) -> Self {
        Self { value, depth }
    }

    fn number<'de, V: Visitor<'de>>(number: f64, visitor: V) -> Result<V::Value> {
        let integer = number as i64;
        let exact = number.to_bits() == (integer as f64).to_bits();
        // Larger numbers do not identify one integer exactly.
        if exact && integer.unsigned_abs() < 1 << 53 {
            visitor.visit_i64(integer)
        } else {
            visitor.visit_f64(number)
        }
    }

    fn big_int<'de, V: Visitor<'de>>(value: &BigInt, visitor: V) -> Result<V::Value> {
        if let Some(small) = value.to_i128() {
            if let Ok(small) = i64::try_from(small) {
                return visitor.visit_i64(small);
            }
            return match u64::try_from(small) {
                Ok(small) => visitor.visit_u64(small),
                Err(_) => visitor.visit_i128(small),
            };
        }
        let mut bytes = [0; 16];
        match bytes.get_mut(..value.magnitude().len()) {
            Some(low) if !value.is_negative() => {
                low.copy_from_slice(value.magnitude());
                visitor.visit_u128(u128::from_le_bytes(bytes))
            }
            _ => Err(SerdeError::Unsupported(format!("{value:?}"))),
        }
    }

    fn sequence<'de, V: Visitor<'de>>(
        elements: Vec<Value>,
        depth: usize,
        visitor: V,
    ) -> Result<V::Value> {
        let depth = deeper(depth)?;
        let elements = elements.into_iter();
        visitor.visit_seq(SeqDeserializer::new(
            elements.map(|element| Self::within(element, depth)),
        ))
    }

    fn object<'de, V: Visitor<'de>>(object: &Object, depth: usize, visitor: V) -> Result<V::Value> {
        let unsupported = || SerdeError::Unsupported(format!("{object:?}"));
        if object.is_array() {
            let elements = Value::from(object.clone()).elements();
            return Self::sequence(elements.ok_or_else(unsupported)?, depth, visitor);
        }
        if let Some(values) = object.set_values() {
            return Self::sequence(values, depth, visitor);
        }
        if let Some(entries) = object.map_entries() {
            let depth = deeper(depth)?;
            let within = |value| Self::within(value, depth);
            let entries = entries
                .into_iter()
                .map(|(key, value)| (within(key), within(value)));
            return visitor.visit_map(MapDeserializer::new(entries));
        }
        if let Some(primitive) = object.wrapped() {
            return de::Deserializer::deserialize_any(Self::within(primitive, depth), visitor);
        }
        if let Some(time) = object.time_value() {
            return Self::number(time, visitor);
        }
        if let Some(bytes) = object.bytes() {
            return visitor.visit_byte_buf(bytes);
        }
        if !object.is_ordinary() {
            return Err(unsupported());
        }
        let depth = deeper(depth)?;
        let mut entries = Vec::new();
        for name in object.keys() {
            let value = object.get(name.clone()).unwrap_or_default();
            entries.push((key(name)?, Self::within(value, depth)));
        }
        visitor.visit_map(MapDeserializer::new(entries.into_iter()))
    }
}

impl<'de> de::Deserializer<'de> for Deserializer {
    type Error = SerdeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &self.value {
            Value::Undefined | Value::Null => visitor.visit_unit(),
            Value::Boolean(value) => visitor.visit_bool(*value),
            Value::Number(value) => Self::number(*value, visitor),
            Value::BigInt(value) => Self::big_int(value, visitor),
            Value::String(value) => visitor.visit_string(text(value)?),
            Value::Object(object) => Self::object(object, self.depth, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.value.is_undefined() || self.value.is_null() {
            return visitor.visit_none();
        }
        let depth = deeper(self.depth)?;
        visitor.visit_some(Self::within(self.value, depth))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        let depth = deeper(self.depth)?;
        visitor.visit_newtype_struct(Self::within(self.value, depth))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // A type that expects a sequence gets the bytes as a sequence of numbers.
        if let Some(object) = self.value.as_object()
            && let Some(bytes) = object.bytes()
        {
            let bytes: Vec<Value> = bytes.into_iter().map(Value::from).collect();
            return Self::sequence(bytes, self.depth, visitor);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let Some(object) = self.value.as_object() else {
            return match &self.value {
                Value::String(name) => visitor.visit_enum(text(name)?.into_deserializer()),
                other => Err(SerdeError::Unsupported(format!("{other:?}"))),
            };
        };
        let mut keys = object.keys();
        let (Some(name), None) = (keys.pop(), keys.pop()) else {
            return Err(SerdeError::Unsupported(format!("{object:?}")));
        };
        let value = object.get(name.clone()).unwrap_or_default();
        visitor.visit_enum(Variant {
            name: key(name)?.0,
            content: Self::within(value, deeper(self.depth)?),
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, SerdeError> for Deserializer {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// An enum variant with data.
struct Variant {
    name: String,
    content: Deserializer,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = SerdeError;
    type Variant = Deserializer;
    fn variant_seed<S: de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Deserializer)> {
        let name: de::value::StringDeserializer<SerdeError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self.content))
    }
}

impl<'de> de::VariantAccess<'de> for Deserializer {
    type Error = SerdeError;
    fn unit_variant(self) -> Result<()> {
        de::Deserialize::deserialize(self)
    }
    fn newtype_variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        de::Deserializer::deserialize_seq(self, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        de::Deserializer::deserialize_any(self, visitor)
    }
}

/// A property name. It also deserializes as an integer if its text is one.
struct Key(String);

macro_rules! parsed {
    ($($method:ident $visit:ident),+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.0.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_string(self.0),
            }
        }
    )+};
}

impl<'de> de::Deserializer<'de> for Key {
    type Error = SerdeError;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.0)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.0.into_deserializer())
    }
    parsed!(deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32,
        deserialize_i64 visit_i64, deserialize_i128 visit_i128, deserialize_u8 visit_u8,
        deserialize_u16 visit_u16, deserialize_u32 visit_u32, deserialize_u64 visit_u64,
        deserialize_u128 visit_u128);
    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, SerdeError> for Key {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}
