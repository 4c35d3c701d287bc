//! The [`Heap`] of plain Rust values.

use std::vec::Drain;

use super::data::Data;
use super::named::Shape;
use super::object::{ErrorData, ValuesOut};
use super::properties::{Array, Ordinary};
use super::{JsString, Object, Value};
use crate::structured_clone::{
    AgentCluster, BufferInfo, ByteBlock, Class, CloneError, CloneLimits, CodeUnits, Failure, Heap,
    Kind, NewObject, OwnKey, Properties, PropertyKey, Scan, SharedData, StateReader, StateWriter,
    TransferDataHolder, Transferability, ValueReader, ViewInfo, take_block,
};

/// A host of plain Rust values and the platform objects among them.
///
/// Every type that implements this trait also implements [`Heap`] for plain Rust values. Every
/// method has a default for hosts without platform objects and shared memory.
pub trait ValueHost {
    /// The destination of an arriving platform object, such as a window.
    type Realm;
    /// The error of an algorithm. Values throw nothing, so the error is always a [`CloneError`]
    /// unless the host's own steps fail in another way.
    type Error: From<CloneError>;

    /// Whether values stay unchanged while they are read; see [`Heap::is_inert`]. A host must
    /// return `false` if its serialization steps change values.
    fn is_inert(&self) -> bool {
        true
    }

    /// Whether platform objects of `interface` are serializable.
    fn is_serializable(&mut self, interface: &'static str, object: &Object) -> bool {
        let _ = (interface, object);
        false
    }

    /// See [`Heap::serialization_steps`].
    fn serialization_steps(
        &mut self,
        interface: &'static str,
        object: &Object,
        out: &mut StateWriter<'_, Value>,
    ) -> Result<(), Failure<Self::Error>>
    where
        Self: Sized,
    {
        let _ = (object, out);
        Err(CloneError::NotSerializable(interface.to_owned()).into())
    }

    /// See [`Heap::deserialization_steps`].
    fn deserialization_steps(
        &mut self,
        interface: &str,
        realm: &Self::Realm,
        input: &mut StateReader<'_, '_>,
    ) -> Result<Object, Failure<Self::Error>> {
        let _ = (realm, input);
        Err(CloneError::NotExposed(interface.to_owned()).into())
    }

    /// See [`Heap::sub_deserialized`].
    fn sub_deserialized(
        &mut self,
        object: &Object,
        value: Value,
    ) -> Result<(), Failure<Self::Error>> {
        let _ = (object, value);
        Err(CloneError::UnexpectedSubValue.into())
    }

    /// Whether a platform object is transferable and, if so, whether it is detached.
    fn platform_transferability(
        &mut self,
        interface: &'static str,
        object: &Object,
    ) -> Transferability {
        let _ = (interface, object);
        Transferability::No
    }

    /// See [`Heap::transfer_steps`].
    fn transfer_steps(
        &mut self,
        object: &Object,
    ) -> Result<TransferDataHolder, Failure<Self::Error>> {
        let interface = object.interface().unwrap_or_default();
        Err(CloneError::NotSerializable(interface.to_owned()).into())
    }

    /// See [`Heap::transfer_receiving_steps`].
    fn transfer_receiving_steps(
        &mut self,
        realm: &Self::Realm,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<Self::Error>> {
        let _ = realm;
        Err(CloneError::NotExposed(attachment.interface().to_owned()).into())
    }

    /// See [`Heap::current_agent_cluster`].
    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        None
    }

    /// See [`Heap::agent_cluster_of`].
    fn agent_cluster_of(&mut self, realm: &Self::Realm) -> Option<AgentCluster> {
        let _ = realm;
        None
    }

    /// See [`Heap::limits`].
    fn limits(&self) -> CloneLimits {
        CloneLimits::DEFAULT
    }
}

/// The heap of plain Rust values without platform objects.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValueHeap {
    /// The limits of a message.
    pub limits: CloneLimits,
}

impl ValueHost for ValueHeap {
    type Realm = ();
    type Error = CloneError;

    fn limits(&self) -> CloneLimits {
        self.limits
    }
}

impl<T: ValueHost> Heap for T {
    type Value = Value;
    type Object = Object;
    type String = JsString;
    type Key = JsString;
    type Shape = Shape;
    type Realm = T::Realm;
    type Error = T::Error;

    #[inline]
    fn kind(&mut self, value: Value) -> Result<Kind<Self>, T::Error> {
        Ok(match value {
            Value::Undefined => Kind::Undefined,
            Value::Null => Kind::Null,
            Value::Boolean(value) => Kind::Boolean(value),
            Value::Number(value) => Kind::Number(value),
            Value::BigInt(value) => Kind::BigInt(value),
            Value::String(value) => Kind::String(value),
            Value::Object(object) => Kind::Object(object),
        })
    }

    #[inline]
    fn class(&mut self, object: &Object) -> Result<Class<Self>, T::Error> {
        Ok(match &*object.0.data.borrow() {
            Data::Packed { shape: Some(_), .. } | Data::Ordinary(_) => Class::Ordinary,
            Data::Packed { length, .. } => Class::Array(u32::from(*length)),
            Data::Array(array) => Class::Array(array.length),
            Data::Map(_) => Class::Map,
            Data::Set(_) => Class::Set,
            Data::Boolean(value) => Class::Boolean(*value),
            Data::Number(value) => Class::Number(*value),
            Data::BigInt(value) => Class::BigInt(value.clone()),
            Data::String(value) => Class::String(value.clone()),
            Data::Date(time) => Class::Date(*time),
            Data::RegExp { source, flags } => Class::RegExp {
                source: source.clone(),
                flags: flags.clone(),
            },
            Data::Error(_) => Class::Error,
            Data::ArrayBuffer {
                bytes,
                max_byte_length,
            } => Class::ArrayBuffer(BufferInfo {
                byte_length: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
                max_byte_length: *max_byte_length,
                detached: bytes.is_none(),
            }),
            Data::SharedArrayBuffer(_) => Class::SharedArrayBuffer,
            Data::View(_) => match object.view_info() {
                Some(view) => Class::View(view),
                None => Class::Other("a view".to_owned()),
            },
            Data::Platform { interface, .. } => {
                if self.is_serializable(interface, object) {
                    Class::Serializable(interface)
                } else {
                    Class::Platform((*interface).to_owned())
                }
            }
        })
    }

    #[inline]
    fn may_be_shared(&mut self, object: &Object) -> bool {
        object.is_shared() || !ValueHost::is_inert(self)
    }

    fn own_enumerable_string_keys(
        &mut self,
        object: &Object,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> Result<(), T::Error> {
        keys.extend(object.keys().into_iter().map(|key| (key, None)));
        Ok(())
    }

    fn own_property(
        &mut self,
        object: &Object,
        key: &PropertyKey<JsString>,
        position: usize,
    ) -> Result<Option<Value>, T::Error> {
        Ok(object.get_near(key, position))
    }

    fn is_inert(&self) -> bool {
        ValueHost::is_inert(self)
    }

    #[inline]
    fn scan_properties(
        &mut self,
        object: &Object,
        position: &mut u64,
        out: &mut ValuesOut<'_>,
    ) -> Result<Scan<Object>, CloneError> {
        object.scan(position, out)
    }

    fn key_string(&mut self, key: &JsString) -> JsString {
        key.clone()
    }

    fn map_data(&mut self, map: &Object, entries: &mut Vec<Value>) -> Result<(), T::Error> {
        if let Data::Map(data) = &*map.0.data.borrow() {
            entries.extend(data.iter().flat_map(|(key, value)| [key, value]).cloned());
        }
        Ok(())
    }

    fn set_data(&mut self, set: &Object, entries: &mut Vec<Value>) -> Result<(), T::Error> {
        if let Data::Set(data) = &*set.0.data.borrow() {
            entries.extend(data.iter().cloned());
        }
        Ok(())
    }

    fn get(&mut self, object: &Object, name: &str) -> Result<Value, T::Error> {
        Ok(match &*object.0.data.borrow() {
            Data::Error(error) if name == "name" => error.kind.name().into(),
            _ => Value::Undefined,
        })
    }

    fn own_data_property(
        &mut self,
        object: &Object,
        name: &str,
    ) -> Result<Option<Value>, T::Error> {
        Ok(match (&*object.0.data.borrow(), name) {
            (Data::Error(error), "message") => error.message.clone().map(Value::String),
            (Data::Error(error), "cause") => error.cause.clone(),
            _ => None,
        })
    }

    fn to_string(&mut self, value: &Value) -> Result<JsString, T::Error> {
        // The only values of an error that reach this method are strings.
        Ok(value.as_string().cloned().unwrap_or_else(|| "".into()))
    }

    fn error_stack(&mut self, error: &Object) -> Result<Option<JsString>, T::Error> {
        Ok(match &*error.0.data.borrow() {
            Data::Error(error) => error.stack.clone(),
            _ => None,
        })
    }

    fn array_buffer_bytes(&mut self, buffer: &Object, bytes: &mut Vec<u8>) -> Result<(), T::Error> {
        buffer.with_bytes(|from| bytes.extend_from_slice(from));
        Ok(())
    }

    fn shared_memory(&mut self, buffer: &Object) -> Result<SharedData, T::Error> {
        buffer
            .shared_memory()
            .ok_or_else(|| CloneError::NotCloneable(format!("{buffer:?}")).into())
    }

    #[inline]
    fn value(&mut self, kind: Kind<Self>) -> Result<Value, T::Error> {
        Ok(match kind {
            Kind::Undefined => Value::Undefined,
            Kind::Null => Value::Null,
            Kind::Boolean(value) => Value::Boolean(value),
            Kind::Number(value) => Value::Number(value),
            Kind::BigInt(value) => Value::BigInt(value),
            Kind::String(value) => Value::String(value),
            Kind::Object(object) => Value::Object(object),
            Kind::Symbol(symbol) => return Err(CloneError::NotCloneable(symbol).into()),
        })
    }

    #[inline]
    fn string(&mut self, units: CodeUnits<'_>) -> Result<JsString, T::Error> {
        Ok(JsString::from_units(units))
    }

    fn key(&mut self, units: CodeUnits<'_>) -> Result<PropertyKey<JsString>, T::Error> {
        Ok(match units.array_index() {
            Some(index) => PropertyKey::Index(index),
            None => PropertyKey::Name(JsString::from_units(units)),
        })
    }

    #[inline]
    fn create(
        &mut self,
        _realm: &T::Realm,
        new: NewObject<'_, Self>,
    ) -> Result<Object, Failure<T::Error>> {
        Ok(Object::from_data(match new {
            NewObject::Boolean(value) => Data::Boolean(value),
            NewObject::Number(value) => Data::Number(value),
            NewObject::BigInt(value) => Data::BigInt(value),
            NewObject::String(value) => Data::String(value),
            NewObject::Date(time) => Data::Date(time),
            NewObject::RegExp { source, flags } => Data::RegExp { source, flags },
            NewObject::ArrayBuffer {
                bytes,
                max_byte_length,
            } => Data::ArrayBuffer {
                bytes: Some(bytes.to_vec()),
                max_byte_length,
            },
            NewObject::MovedArrayBuffer {
                block,
                max_byte_length,
            } => Data::ArrayBuffer {
                bytes: Some(
                    take_block::<Vec<u8>>(block).unwrap_or_else(|block| block.bytes().to_vec()),
                ),
                max_byte_length,
            },
            NewObject::SharedArrayBuffer(memory) => Data::SharedArrayBuffer(memory),
            NewObject::View(view) => Data::View(Box::new(ViewInfo {
                out_of_bounds: false,
                ..view
            })),
            NewObject::Map => Data::Map(Vec::new()),
            NewObject::Set => Data::Set(Vec::new()),
            NewObject::Error {
                kind,
                message,
                stack,
            } => Data::Error(Box::new(ErrorData {
                kind,
                message,
                stack,
                cause: None,
            })),
            NewObject::Array(length) => Data::Array(Array::new(length)),
            NewObject::Ordinary => Data::Ordinary(Ordinary::default()),
        }))
    }

    fn define_properties(
        &mut self,
        object: &Object,
        properties: Properties<'_, Self>,
    ) -> Result<(), T::Error> {
        object.define(properties);
        Ok(())
    }

    fn shape(&mut self, names: Vec<JsString>) -> Result<Shape, T::Error> {
        Ok(Shape::new(names))
    }

    #[inline]
    fn define_shaped(
        &mut self,
        object: &Object,
        shape: &Shape,
        values: Drain<'_, Value>,
    ) -> Result<(), T::Error> {
        object.define_all(Some(shape), values);
        Ok(())
    }

    #[inline]
    fn define_elements(
        &mut self,
        array: &Object,
        values: Drain<'_, Value>,
    ) -> Result<(), T::Error> {
        array.define_all(None, values);
        Ok(())
    }

    #[inline]
    fn create_to_fill(
        &mut self,
        _realm: &T::Realm,
        shape: Option<&Shape>,
    ) -> Result<Option<Object>, Failure<T::Error>> {
        Ok(Some(Object::from_data(Data::to_fill(shape))))
    }

    #[inline(always)]
    fn fill(
        &mut self,
        object: &Object,
        values: &mut ValueReader<'_, '_>,
    ) -> Result<(), CloneError> {
        object.fill(values)
    }

    #[inline(always)]
    fn append(&mut self, object: &Object, value: Kind<Self>) -> Result<(), T::Error> {
        match value {
            Kind::Object(value) => object.append(|| Value::Object(value)),
            value => {
                let value = self.value(value)?;
                object.append(|| value);
            }
        }
        Ok(())
    }

    fn map_append(&mut self, map: &Object, key: Value, value: Value) -> Result<(), T::Error> {
        if let Data::Map(entries) = &mut *map.0.data.borrow_mut() {
            entries.push((key, value));
        }
        Ok(())
    }

    fn set_append(&mut self, set: &Object, value: Value) -> Result<(), T::Error> {
        if let Data::Set(values) = &mut *set.0.data.borrow_mut() {
            values.push(value);
        }
        Ok(())
    }

    fn define_cause(&mut self, error: &Object, cause: Value) -> Result<(), T::Error> {
        if let Data::Error(error) = &mut *error.0.data.borrow_mut() {
            error.cause = Some(cause);
        }
        Ok(())
    }

    fn serialization_steps(
        &mut self,
        interface: &'static str,
        object: &Object,
        out: &mut StateWriter<'_, Value>,
    ) -> Result<(), Failure<T::Error>> {
        ValueHost::serialization_steps(self, interface, object, out)
    }

    fn deserialization_steps(
        &mut self,
        interface: &str,
        realm: &T::Realm,
        input: &mut StateReader<'_, '_>,
    ) -> Result<Object, Failure<T::Error>> {
        ValueHost::deserialization_steps(self, interface, realm, input)
    }

    fn sub_deserialized(&mut self, object: &Object, value: Value) -> Result<(), Failure<T::Error>> {
        ValueHost::sub_deserialized(self, object, value)
    }

    fn transferability(&mut self, object: &Object) -> Transferability {
        let interface = match &*object.0.data.borrow() {
            Data::ArrayBuffer { bytes, .. } => {
                return Transferability::ArrayBuffer {
                    detached: bytes.is_none(),
                };
            }
            Data::Platform { interface, .. } => *interface,
            _ => return Transferability::No,
        };
        self.platform_transferability(interface, object)
    }

    fn detach_array_buffer(&mut self, buffer: &Object) -> Result<Box<dyn ByteBlock>, T::Error> {
        match &mut *buffer.0.data.borrow_mut() {
            Data::ArrayBuffer { bytes, .. } => match bytes.take() {
                Some(bytes) => Ok(Box::new(bytes)),
                None => Err(CloneError::DetachedBuffer.into()),
            },
            _ => Err(CloneError::NotCloneable(format!("{buffer:?}")).into()),
        }
    }

    fn transfer_steps(&mut self, object: &Object) -> Result<TransferDataHolder, Failure<T::Error>> {
        ValueHost::transfer_steps(self, object)
    }

    fn transfer_receiving_steps(
        &mut self,
        realm: &T::Realm,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<T::Error>> {
        ValueHost::transfer_receiving_steps(self, realm, attachment)
    }

    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        ValueHost::current_agent_cluster(self)
    }

    fn agent_cluster_of(&mut self, realm: &T::Realm) -> Option<AgentCluster> {
        ValueHost::agent_cluster_of(self, realm)
    }

    fn limits(&self) -> CloneLimits {
        ValueHost::limits(self)
    }

    fn data_clone_error(&mut self, error: CloneError) -> T::Error {
        error.into()
    }
}
