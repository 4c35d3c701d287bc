//! Serializes serde types to values.

use serde::ser::{self, Serialize};

use super::{SerdeError, deeper};
use crate::structured_clone::{BigInt, PropertyKey, Sign};
use crate::value::{JsString, Object, Value};

/// The largest integer that becomes a number; larger ones become a BigInt.
const MAX_SAFE_INTEGER: i128 = (1 << 53) - 1;

#[derive(Clone, Copy)]
pub(super) struct Serializer {
    pub(super) depth: usize,
}

type Result<T> = std::result::Result<T, SerdeError>;

fn integer(value: i128) -> Value {
    if (-MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER).contains(&value) {
        Value::from(value as f64)
    } else {
        BigInt::from(value).into()
    }
}

impl Serializer {
    fn inner(self) -> Result<Self> {
        Ok(Self {
            depth: deeper(self.depth)?,
        })
    }

    fn list(self) -> Result<List> {
        Ok(List {
            elements: Vec::new(),
            within: self.inner()?,
            variant: None,
        })
    }

    fn record(self) -> Result<Record> {
        Ok(Record {
            object: Object::new(),
            key: None,
            within: self.inner()?,
            variant: None,
        })
    }
}

/// Creates an object whose only key is the name of a variant.
fn variant(name: &'static str, value: Value) -> Value {
    Value::record([(name, value)])
}

macro_rules! integers {
    ($($method:ident: $type:ty),+) => {$(
        fn $method(self, value: $type) -> Result<Value> {
            Ok(integer(value.into()))
        }
    )+};
}

impl ser::Serializer for Serializer {
    type Ok = Value;
    type Error = SerdeError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Record;
    type SerializeStruct = Record;
    type SerializeStructVariant = Record;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64);

    fn serialize_u128(self, value: u128) -> Result<Value> {
        Ok(match i128::try_from(value) {
            Ok(value) => integer(value),
            Err(_) => BigInt::new(Sign::Plus, &value.to_le_bytes()).into(),
        })
    }
    fn serialize_bool(self, value: bool) -> Result<Value> {
        Ok(value.into())
    }
    fn serialize_f32(self, value: f32) -> Result<Value> {
        Ok(value.into())
    }
    fn serialize_f64(self, value: f64) -> Result<Value> {
        Ok(value.into())
    }
    fn serialize_char(self, value: char) -> Result<Value> {
        Ok(value.encode_utf8(&mut [0; 4]).to_owned().into())
    }
    fn serialize_str(self, value: &str) -> Result<Value> {
        Ok(value.into())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<Value> {
        Ok(Value::bytes(value))
    }
    fn serialize_none(self) -> Result<Value> {
        Ok(Value::Undefined)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value> {
        value.serialize(self.inner()?)
    }
    fn serialize_unit(self) -> Result<Value> {
        Ok(Value::Undefined)
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value> {
        Ok(Value::Undefined)
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value> {
        Ok(variant.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value> {
        value.serialize(self.inner()?)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value> {
        Ok(variant(name, value.serialize(self.inner()?)?))
    }
    fn serialize_seq(self, _length: Option<usize>) -> Result<List> {
        self.list()
    }
    fn serialize_tuple(self, _length: usize) -> Result<List> {
        self.list()
    }
    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<List> {
        self.list()
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<List> {
        Ok(List {
            variant: Some(variant),
            ..self.list()?
        })
    }
    fn serialize_map(self, _length: Option<usize>) -> Result<Record> {
        self.record()
    }
    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Record> {
        self.record()
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Record> {
        Ok(Record {
            variant: Some(variant),
            ..self.record()?
        })
    }
}

/// An Array that is being built.
pub(super) struct List {
    elements: Vec<Value>,
    within: Serializer,
    variant: Option<&'static str>,
}

impl List {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<()> {
        self.elements.push(element.serialize(self.within)?);
        Ok(())
    }

    fn finish(self) -> Value {
        let list = Value::list(self.elements);
        match self.variant {
            Some(name) => variant(name, list),
            None => list,
        }
    }
}

macro_rules! lists {
    ($($trait:ident, $method:ident);+) => {$(
        impl ser::$trait for List {
            type Ok = Value;
            type Error = SerdeError;
            fn $method<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<()> {
                self.push(element)
            }
            fn end(self) -> Result<Value> {
                Ok(self.finish())
            }
        }
    )+};
}
lists!(SerializeSeq, serialize_element; SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field; SerializeTupleVariant, serialize_field);

/// A plain object that is being built.
pub(super) struct Record {
    object: Object,
    key: Option<PropertyKey<JsString>>,
    within: Serializer,
    variant: Option<&'static str>,
}

impl Record {
    fn finish(self) -> Value {
        self.object.pack();
        let object = self.object.into();
        match self.variant {
            Some(name) => variant(name, object),
            None => object,
        }
    }
}

impl ser::SerializeMap for Record {
    type Ok = Value;
    type Error = SerdeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let text: JsString = match key.serialize(self.within)? {
            Value::String(text) => text,
            Value::Number(number) if number.trunc() == number => format!("{number}").into(),
            _ => return Err(SerdeError::Key),
        };
        self.key = Some(text.into());
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let key = self.key.take().ok_or(SerdeError::Key)?;
        self.object.set(key, value.serialize(self.within)?);
        Ok(())
    }
    fn end(self) -> Result<Value> {
        Ok(self.finish())
    }
}

macro_rules! records {
    ($($trait:ident),+) => {$(
        impl ser::$trait for Record {
            type Ok = Value;
            type Error = SerdeError;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.object.set(name, value.serialize(self.within)?);
                Ok(())
            }
            fn end(self) -> Result<Value> {
                Ok(self.finish())
            }
        }
    )+};
}
records!(SerializeStruct, SerializeStructVariant);
