//! A heap of plain values with one fault.

use std::rc::Rc;

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, BufferInfo, ByteBlock, Class, CloneError, CodeUnits, Failure, Heap, Kind, NewObject,
    OwnKey, Properties, PropertyKey, SharedData, Sign, TransferDataHolder, Transferability,
    ViewInfo,
};
use framepost_messaging::value::{JsString, Object, ValueHeap};

/// What is wrong with the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeapFault {
    NegativeZeroLost,
    UndefinedIsNull,
    BigIntSignLost,
    SurrogatesReplaced,
    KeysSorted,
    UndefinedPropertiesLost,
    HolesFilled,
    LengthLost,
    InheritedAreOwn,
    DateWithoutTime,
    FlagsLost,
    WrappersUnwrapped,
    MapReversed,
    MapReplaces,
    SetElementLost,
    ErrorKindLost,
    EmptyMessage,
    CauseLost,
    MaximumLost,
    OffsetLost,
    TrackingLost,
    BytesCut,
    IdentityLost,
    NotDetached,
    DetachedForgotten,
    FunctionsArePlain,
}

impl HeapFault {
    /// Each fault, and a check that finds it.
    pub(crate) const ALL: [(Self, &'static str); 26] = [
        (Self::NegativeZeroLost, "the kind of -0"),
        (Self::UndefinedIsNull, "undefined"),
        (Self::BigIntSignLost, "BigInts"),
        (
            Self::SurrogatesReplaced,
            "lone surrogates, in a key and in a value",
        ),
        (Self::KeysSorted, "the keys of a plain object"),
        (
            Self::UndefinedPropertiesLost,
            "a property that is undefined",
        ),
        (Self::HolesFilled, "holes and a name in an Array"),
        (Self::LengthLost, "the class of an Array with holes only"),
        (
            Self::InheritedAreOwn,
            "the own property \"toString\" of an object without it",
        ),
        (Self::DateWithoutTime, "dates"),
        (Self::FlagsLost, "a regular expression"),
        (
            Self::WrappersUnwrapped,
            "Boolean, Number, BigInt and String objects",
        ),
        (Self::MapReversed, "a Map"),
        (
            Self::MapReplaces,
            "the entries of a Map follow those that are there",
        ),
        (Self::SetElementLost, "a Set"),
        (Self::ErrorKindLost, "errors of each kind"),
        (
            Self::EmptyMessage,
            "an error without a message, whose cause is undefined",
        ),
        (Self::CauseLost, "an error with a cause"),
        (Self::MaximumLost, "a resizable buffer"),
        (Self::OffsetLost, "views of each kind on one buffer"),
        (
            Self::TrackingLost,
            "a view that follows its buffer's length",
        ),
        (Self::BytesCut, "views of each kind on one buffer"),
        (
            Self::IdentityLost,
            "an object that occurs twice, and a cycle",
        ),
        (Self::NotDetached, "a transferred buffer is detached"),
        (Self::DetachedForgotten, "a transferred buffer is detached"),
        (Self::FunctionsArePlain, "a function in an Array is refused"),
    ];
}

pub(crate) struct FaultyHeap {
    pub(crate) fault: Option<HeapFault>,
}

impl FaultyHeap {
    fn has(&self, fault: HeapFault) -> bool {
        self.fault == Some(fault)
    }

    fn number(&self, value: f64) -> f64 {
        match self.has(HeapFault::NegativeZeroLost) && value == 0.0 {
            true => 0.0,
            false => value,
        }
    }
}

impl Heap for FaultyHeap {
    type Value = Value;
    type Object = Object;
    type String = JsString;
    type Key = JsString;
    type Shape = Rc<[JsString]>;
    type Realm = ();
    type Error = CloneError;

    fn kind(&mut self, value: Value) -> Result<Kind<Self>, CloneError> {
        Ok(match value {
            Value::Undefined => Kind::Undefined,
            Value::Null => Kind::Null,
            Value::Boolean(value) => Kind::Boolean(value),
            Value::Number(value) => Kind::Number(self.number(value)),
            Value::BigInt(value) if self.has(HeapFault::BigIntSignLost) => {
                Kind::BigInt(BigInt::new(Sign::Plus, value.magnitude()))
            }
            Value::BigInt(value) => Kind::BigInt(value),
            Value::String(value) => Kind::String(value),
            // A copy is another object.
            Value::Object(object)
                if self.has(HeapFault::IdentityLost) && object.keys().len() == 1 =>
            {
                let copy = Object::new();
                for key in object.keys() {
                    if let Some(value) = object.get(key.clone()).filter(|it| !it.is_object()) {
                        copy.set(key, value);
                    }
                }
                Kind::Object(if copy.keys().is_empty() { object } else { copy })
            }
            Value::Object(object) => Kind::Object(object),
        })
    }

    fn class(&mut self, object: &Object) -> Result<Class<Self>, CloneError> {
        Ok(match ValueHeap::default().class(object)? {
            Class::Boolean(_) | Class::Number(_) | Class::String(_)
                if self.has(HeapFault::WrappersUnwrapped) =>
            {
                Class::Ordinary
            }
            Class::Boolean(value) => Class::Boolean(value),
            Class::Number(value) => Class::Number(self.number(value)),
            Class::BigInt(value) => Class::BigInt(value),
            Class::String(value) => Class::String(value),
            Class::Date(_) if self.has(HeapFault::DateWithoutTime) => Class::Date(0.0),
            Class::Date(time) => Class::Date(time),
            Class::RegExp { source, flags } => Class::RegExp { source, flags },
            Class::ArrayBuffer(info) => Class::ArrayBuffer(BufferInfo {
                max_byte_length: info
                    .max_byte_length
                    .filter(|_| !self.has(HeapFault::MaximumLost)),
                ..info
            }),
            Class::SharedArrayBuffer => Class::SharedArrayBuffer,
            Class::View(view) => Class::View(ViewInfo {
                byte_offset: match self.has(HeapFault::OffsetLost) {
                    true => 0,
                    false => view.byte_offset,
                },
                length: match self.has(HeapFault::TrackingLost) {
                    true => view.length.or(Some(1)),
                    false => view.length,
                },
                ..view
            }),
            Class::Map => Class::Map,
            Class::Set => Class::Set,
            Class::Error => Class::Error,
            Class::Array(_) if self.has(HeapFault::LengthLost) => {
                Class::Array(object.keys().len() as u32)
            }
            Class::Array(length) => Class::Array(length),
            Class::Serializable(interface) => Class::Serializable(interface),
            Class::Platform(_) if self.has(HeapFault::FunctionsArePlain) => Class::Ordinary,
            Class::Platform(interface) => Class::Platform(interface),
            Class::Ordinary => Class::Ordinary,
            Class::Other(text) => Class::Other(text),
        })
    }

    fn own_enumerable_string_keys(
        &mut self,
        object: &Object,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> Result<(), CloneError> {
        let mut own = object.keys();
        if self.has(HeapFault::KeysSorted) {
            own.sort_by_key(|key| format!("{key:?}"));
        }
        if self.has(HeapFault::HolesFilled) {
            let length = object.array_length().filter(|it| *it < 100).unwrap_or(0);
            let missing = (0..length).map(PropertyKey::Index);
            own.extend(missing.filter(|key| object.get(key.clone()).is_none()));
        }
        if self.has(HeapFault::UndefinedPropertiesLost) {
            own.retain(|key| object.get(key.clone()) != Some(Value::Undefined));
        }
        keys.extend(own.into_iter().map(|key| (key, None)));
        Ok(())
    }

    fn own_property(
        &mut self,
        object: &Object,
        key: &PropertyKey<JsString>,
        _position: usize,
    ) -> Result<Option<Value>, CloneError> {
        let own = object.get(key.clone());
        let filled = self.has(HeapFault::HolesFilled) && object.is_array();
        let inherited =
            self.has(HeapFault::InheritedAreOwn) && *key == PropertyKey::Name("toString".into());
        Ok(own.or((filled || inherited).then_some(Value::Undefined)))
    }

    fn key_string(&mut self, key: &JsString) -> JsString {
        key.clone()
    }

    fn map_data(&mut self, map: &Object, entries: &mut Vec<Value>) -> Result<(), CloneError> {
        if self.has(HeapFault::MapReplaces) {
            entries.clear();
        }
        let mut own = map.map_entries().unwrap_or_default();
        if self.has(HeapFault::MapReversed) {
            own.reverse();
        }
        entries.extend(own.into_iter().flat_map(|(key, value)| [key, value]));
        Ok(())
    }

    fn set_data(&mut self, set: &Object, entries: &mut Vec<Value>) -> Result<(), CloneError> {
        let own = set.set_values().unwrap_or_default().into_iter();
        entries.extend(own.skip(usize::from(self.has(HeapFault::SetElementLost))));
        Ok(())
    }

    fn get(&mut self, object: &Object, name: &str) -> Result<Value, CloneError> {
        let kind = object.error_data().map(|it| it.kind);
        let kind = kind.filter(|_| name == "name" && !self.has(HeapFault::ErrorKindLost));
        Ok(kind.map_or(Value::Undefined, |kind| kind.name().into()))
    }

    fn own_data_property(
        &mut self,
        object: &Object,
        name: &str,
    ) -> Result<Option<Value>, CloneError> {
        let Some(error) = object.error_data() else {
            return Ok(None);
        };
        Ok(match name {
            "message" if self.has(HeapFault::EmptyMessage) => {
                Some(error.message.unwrap_or_else(|| "".into()).into())
            }
            "message" => error.message.map(Value::String),
            "cause" => error.cause,
            _ => None,
        })
    }

    fn to_string(&mut self, value: &Value) -> Result<JsString, CloneError> {
        Ok(value.as_string().cloned().unwrap_or_else(|| "".into()))
    }

    fn error_stack(&mut self, error: &Object) -> Result<Option<JsString>, CloneError> {
        Ok(error.error_data().and_then(|error| error.stack))
    }

    fn array_buffer_bytes(
        &mut self,
        buffer: &Object,
        bytes: &mut Vec<u8>,
    ) -> Result<(), CloneError> {
        let own = buffer.bytes().unwrap_or_default();
        let cut = match self.has(HeapFault::BytesCut) {
            true => own.len() / 2,
            false => own.len(),
        };
        bytes.extend(&own[..cut]);
        bytes.resize(bytes.len() + own.len() - cut, 0);
        Ok(())
    }

    fn shared_memory(&mut self, buffer: &Object) -> Result<SharedData, CloneError> {
        let memory = buffer.shared_memory();
        memory.ok_or_else(|| CloneError::NotCloneable("other memory".to_owned()))
    }

    fn value(&mut self, kind: Kind<Self>) -> Result<Value, CloneError> {
        Ok(match kind {
            Kind::Undefined if self.has(HeapFault::UndefinedIsNull) => Value::Null,
            Kind::Undefined => Value::Undefined,
            Kind::Null => Value::Null,
            Kind::Boolean(value) => value.into(),
            Kind::Number(value) => value.into(),
            Kind::BigInt(value) => value.into(),
            Kind::String(value) => value.into(),
            Kind::Object(object) => object.into(),
            Kind::Symbol(text) => return Err(CloneError::NotCloneable(text)),
        })
    }

    fn string(&mut self, units: CodeUnits<'_>) -> Result<JsString, CloneError> {
        let text = JsString::from_units(units);
        Ok(match self.has(HeapFault::SurrogatesReplaced) {
            true => text.to_string_lossy().into(),
            false => text,
        })
    }

    fn key(&mut self, units: CodeUnits<'_>) -> Result<PropertyKey<JsString>, CloneError> {
        let index = units.array_index();
        Ok(match index {
            Some(index) => PropertyKey::Index(index),
            None => PropertyKey::Name(self.string(units)?),
        })
    }

    fn create(&mut self, (): &(), new: NewObject<'_, Self>) -> Result<Object, Failure<CloneError>> {
        let new = match new {
            NewObject::Boolean(value) => NewObject::Boolean(value),
            NewObject::Number(value) => NewObject::Number(value),
            NewObject::BigInt(value) => NewObject::BigInt(value),
            NewObject::String(value) => NewObject::String(value),
            NewObject::Date(time) => NewObject::Date(time),
            NewObject::RegExp { source, .. } if self.has(HeapFault::FlagsLost) => {
                let flags = "".into();
                NewObject::RegExp { source, flags }
            }
            NewObject::RegExp { source, flags } => NewObject::RegExp { source, flags },
            NewObject::ArrayBuffer {
                bytes,
                max_byte_length,
            } => NewObject::ArrayBuffer {
                bytes,
                max_byte_length,
            },
            NewObject::MovedArrayBuffer {
                block,
                max_byte_length,
            } => NewObject::MovedArrayBuffer {
                block,
                max_byte_length,
            },
            NewObject::SharedArrayBuffer(memory) => NewObject::SharedArrayBuffer(memory),
            NewObject::View(view) => NewObject::View(view),
            NewObject::Map => NewObject::Map,
            NewObject::Set => NewObject::Set,
            NewObject::Error {
                kind,
                message,
                stack,
            } => NewObject::Error {
                kind,
                message,
                stack,
            },
            NewObject::Array(length) => NewObject::Array(length),
            NewObject::Ordinary => NewObject::Ordinary,
        };
        ValueHeap::default().create(&(), new)
    }

    fn define_properties(
        &mut self,
        object: &Object,
        properties: Properties<'_, Self>,
    ) -> Result<(), CloneError> {
        for (key, value) in properties {
            object.set(key, value);
        }
        Ok(())
    }

    fn map_append(&mut self, map: &Object, key: Value, value: Value) -> Result<(), CloneError> {
        ValueHeap::default().map_append(map, key, value)
    }

    fn set_append(&mut self, set: &Object, value: Value) -> Result<(), CloneError> {
        ValueHeap::default().set_append(set, value)
    }

    fn define_cause(&mut self, error: &Object, cause: Value) -> Result<(), CloneError> {
        match self.has(HeapFault::CauseLost) {
            true => Ok(()),
            false => ValueHeap::default().define_cause(error, cause),
        }
    }

    fn transferability(&mut self, object: &Object) -> Transferability {
        match ValueHeap::default().transferability(object) {
            Transferability::ArrayBuffer { .. } if self.has(HeapFault::DetachedForgotten) => {
                Transferability::ArrayBuffer { detached: false }
            }
            other => other,
        }
    }

    fn detach_array_buffer(&mut self, buffer: &Object) -> Result<Box<dyn ByteBlock>, CloneError> {
        match self.has(HeapFault::NotDetached) {
            true => Ok(Box::new(buffer.bytes().unwrap_or_default())),
            false => ValueHeap::default().detach_array_buffer(buffer),
        }
    }

    fn transfer_steps(
        &mut self,
        _object: &Object,
    ) -> Result<TransferDataHolder, Failure<CloneError>> {
        Err(CloneError::NotSerializable("object".to_owned()).into())
    }

    fn transfer_receiving_steps(
        &mut self,
        (): &(),
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<CloneError>> {
        Err(CloneError::NotExposed(attachment.interface().to_owned()).into())
    }

    fn data_clone_error(&mut self, error: CloneError) -> CloneError {
        error
    }
}
