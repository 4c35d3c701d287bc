//! JavaScript values as a [`Heap`] of structured clone.
//!
//! This module reads internal slots and own properties, and nothing that a page can replace.
//! Script runs only where the standard requires it: in getters, and in `toString` methods when an
//! error's message is converted.

pub(crate) mod buffers;
mod create;
mod describe;
mod names;
mod platform_objects;

use std::rc::Rc;
use std::vec::Drain;

use boa_engine::builtins::error::Error;
use boa_engine::builtins::map::ordered_map::OrderedMap;
use boa_engine::builtins::regexp::RegExp;
use boa_engine::builtins::set::ordered_set::OrderedSet;
use boa_engine::object::builtins::JsDate;
use boa_engine::object::{IndexPropertyValues, PropertyMap};
use boa_engine::property::{PropertyDescriptor, PropertyKey as BoaKey};
use boa_engine::realm::Realm;
use boa_engine::{
    Context, JsBigInt, JsError, JsObject, JsResult, JsString, JsValue, JsVariant, js_string,
};
use framepost_messaging::structured_clone::{
    AgentCluster, BigInt, ByteBlock, Class, CloneError, CodeUnits, Failure, Heap, HeapString, Kind,
    NewObject, OwnKey, Properties, PropertyKey, SharedData, Sign, StateReader, StateWriter,
    TransferDataHolder, Transferability,
};

use crate::boa::array_buffer::is_detached;
use crate::boa::intrinsics;
use crate::boa::properties::{ORDINARY, data_property};
use crate::host::{BoaHost, Embedder};
use crate::webidl::exception;
use crate::webidl::serializable::{code_units, string_of};

/// A string of Boa.
#[derive(Clone, Debug)]
pub struct HostString(JsString);

impl HeapString for HostString {
    fn units(&self) -> CodeUnits<'_> {
        code_units(&self.0)
    }
}

fn big_int(value: &BigInt) -> JsBigInt {
    if let Some(small) = value.to_i128() {
        return small.into();
    }
    let sign = if value.is_negative() { "-" } else { "" };
    let digits = value
        .magnitude()
        .iter()
        .rev()
        .map(|byte| format!("{byte:02x}"));
    let text: String = std::iter::once(sign.to_owned()).chain(digits).collect();
    JsBigInt::from_string_radix(&text, 16).unwrap_or_else(JsBigInt::zero)
}

fn from_big_int(value: &JsBigInt) -> BigInt {
    let (_, magnitude) = value.as_inner().to_bytes_le();
    let sign = if value.to_f64() < 0.0 {
        Sign::Minus
    } else {
        Sign::Plus
    };
    BigInt::new(sign, &magnitude)
}

/// Converts a property key.
fn boa_key(key: PropertyKey<JsString>) -> BoaKey {
    match key {
        PropertyKey::Index(index) => BoaKey::from(index),
        PropertyKey::Name(name) => BoaKey::String(name),
    }
}

/// Classifies an object, in the order of the steps of
/// [StructuredSerializeInternal](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal).
fn class<H>(object: &JsObject, ctx: &mut Context) -> JsResult<Class<H>>
where
    H: Heap<Object = JsObject, String = HostString>,
{
    if object.is_ordinary() {
        return Ok(Class::Ordinary);
    }
    if object.is_array() {
        let length = object
            .borrow()
            .properties()
            .get(&BoaKey::String(js_string!("length")));
        let length = length.and_then(|length| length.value().and_then(JsValue::as_number));
        return Ok(Class::Array(length.unwrap_or(0.0) as u32));
    }
    let wrapped = None
        .or_else(|| {
            object
                .downcast_ref::<bool>()
                .map(|value| Class::Boolean(*value))
        })
        .or_else(|| {
            object
                .downcast_ref::<f64>()
                .map(|value| Class::Number(*value))
        })
        .or_else(|| {
            let value = object.downcast_ref::<JsBigInt>()?;
            Some(Class::BigInt(from_big_int(&value)))
        })
        .or_else(|| {
            let value = object.downcast_ref::<JsString>()?;
            Some(Class::String(HostString(value.clone())))
        });
    if let Some(wrapped) = wrapped {
        return Ok(wrapped);
    }
    if let Ok(date) = JsDate::from_object(object.clone()) {
        let time = date.get_time(ctx)?;
        return Ok(Class::Date(time.as_number().unwrap_or(f64::NAN)));
    }
    if object.is::<RegExp>() {
        let (source, flags) = intrinsics::pattern(object, ctx)?;
        return Ok(Class::RegExp {
            source: HostString(source),
            flags: HostString(flags),
        });
    }
    if let Some(info) = buffers::info(object, ctx)? {
        return Ok(Class::ArrayBuffer(info));
    }
    if buffers::is_shared(object) {
        return Ok(Class::SharedArrayBuffer);
    }
    if let Some(view) = buffers::view(object, ctx)? {
        return Ok(Class::View(view));
    }
    if object.is::<OrderedMap<JsValue>>() {
        return Ok(Class::Map);
    }
    if object.is::<OrderedSet>() {
        return Ok(Class::Set);
    }
    if object.is::<Error>() {
        return Ok(Class::Error);
    }
    let behind = platform_objects::unwrapped(object, ctx);
    Ok(match platform_objects::interface(&behind) {
        Some(interface) if interface.serializable.is_some() => Class::Serializable(interface.name),
        Some(interface) => Class::Platform(interface.name.to_owned()),
        None => Class::Other(describe::describe(object, ctx)),
    })
}

/// The key and the value of a property, if it is enumerable.
fn enumerable(
    key: PropertyKey<JsString>,
    property: &PropertyDescriptor,
) -> Option<(PropertyKey<JsString>, Option<JsValue>)> {
    (property.enumerable() == Some(true)).then(|| (key, property.value().cloned()))
}

/// Adds the enumerable properties whose keys are indices, in their order.
fn indices(properties: &PropertyMap, keys: &mut Vec<(PropertyKey<JsString>, Option<JsValue>)>) {
    fn dense<V: Into<JsValue>>(
        values: impl Iterator<Item = V>,
    ) -> impl Iterator<Item = (PropertyKey<JsString>, Option<JsValue>)> {
        let numbered = (0..).zip(values);
        numbered.map(|(index, value)| (PropertyKey::Index(index), Some(value.into())))
    }
    // OPTIMIZATION: elements that Boa keeps in a list are enumerable data properties, so that they need no
    // descriptors.
    match properties.index_property_values() {
        IndexPropertyValues::DenseI32(values) => keys.extend(dense(values.copied())),
        IndexPropertyValues::DenseF64(values) => keys.extend(dense(values.copied())),
        IndexPropertyValues::DenseElement(values) => keys.extend(dense(values.cloned())),
        _ => {
            let start = keys.len();
            let found = properties.index_properties();
            keys.extend(
                found.filter_map(|(index, found)| enumerable(PropertyKey::Index(index), &found)),
            );
            // Boa stores sparse indices in no particular order.
            if let Some(indices) = keys.get_mut(start..) {
                indices.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            }
        }
    }
}

impl<E: Embedder> Heap for BoaHost<'_, E> {
    type Value = JsValue;
    type Object = JsObject;
    type String = HostString;
    type Key = JsString;
    type Shape = Rc<[JsString]>;
    type Realm = Realm;
    type Error = JsError;

    fn kind(&mut self, value: JsValue) -> JsResult<Kind<Self>> {
        Ok(match value.variant() {
            JsVariant::Undefined => Kind::Undefined,
            JsVariant::Null => Kind::Null,
            JsVariant::Boolean(value) => Kind::Boolean(value),
            JsVariant::Integer32(value) => Kind::Number(value.into()),
            JsVariant::Float64(value) => Kind::Number(value),
            JsVariant::BigInt(value) => Kind::BigInt(from_big_int(&value)),
            JsVariant::String(value) => Kind::String(HostString(value)),
            JsVariant::Symbol(symbol) => {
                Kind::Symbol(symbol.descriptive_string().to_std_string_lossy())
            }
            JsVariant::Object(object) => Kind::Object(object),
        })
    }

    fn class(&mut self, object: &JsObject) -> JsResult<Class<Self>> {
        class(object, self.0)
    }

    fn own_enumerable_string_keys(
        &mut self,
        object: &JsObject,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> JsResult<()> {
        // Callers pass only ordinary objects and Arrays. Reading their properties runs no script.
        let is_array = object.is_array();
        let object = object.borrow();
        let properties = object.properties();
        let names = object.shape().keys();
        keys.reserve(properties.index_property_keys().len() + names.len());
        indices(properties, keys);
        // Names follow in the order of their creation. The `length` of an Array is never enumerable.
        let length = js_string!("length");
        keys.extend(names.into_iter().filter_map(|key| {
            let BoaKey::String(name) = &key else {
                return None;
            };
            if is_array && *name == length {
                return None;
            }
            enumerable(PropertyKey::Name(name.clone()), &properties.get(&key)?)
        }));
        Ok(())
    }

    fn own_property(
        &mut self,
        object: &JsObject,
        key: &PropertyKey<JsString>,
        _position: usize,
    ) -> JsResult<Option<JsValue>> {
        let key = boa_key(key.clone());
        let descriptor = object.borrow().properties().get(&key);
        match descriptor {
            None => Ok(None),
            Some(descriptor) if descriptor.is_data_descriptor() => Ok(descriptor.value().cloned()),
            Some(_) => object.get(key, self.0).map(Some),
        }
    }

    fn key_string(&mut self, key: &JsString) -> HostString {
        HostString(key.clone())
    }

    fn map_data(&mut self, map: &JsObject, entries: &mut Vec<JsValue>) -> JsResult<()> {
        if let Some(data) = map.downcast_ref::<OrderedMap<JsValue>>() {
            entries.extend(data.iter().flat_map(|(key, value)| [key, value]).cloned());
        }
        Ok(())
    }

    fn set_data(&mut self, set: &JsObject, entries: &mut Vec<JsValue>) -> JsResult<()> {
        if let Some(data) = set.downcast_ref::<OrderedSet>() {
            entries.extend(data.iter().cloned());
        }
        Ok(())
    }

    fn get(&mut self, object: &JsObject, name: &str) -> JsResult<JsValue> {
        object.get(JsString::from(name), self.0)
    }

    fn own_data_property(&mut self, object: &JsObject, name: &str) -> JsResult<Option<JsValue>> {
        let descriptor = object
            .borrow()
            .properties()
            .get(&JsString::from(name).into());
        Ok(descriptor.and_then(|descriptor| descriptor.value().cloned()))
    }

    fn to_string(&mut self, value: &JsValue) -> JsResult<HostString> {
        value.to_string(self.0).map(HostString)
    }

    fn error_stack(&mut self, error: &JsObject) -> JsResult<Option<HostString>> {
        // As in Chromium: the value of `stack`, if it is a string.
        let stack = error.get(js_string!("stack"), self.0)?;
        Ok(stack.as_string().map(HostString))
    }

    fn array_buffer_bytes(&mut self, buffer: &JsObject, bytes: &mut Vec<u8>) -> JsResult<()> {
        buffers::append(buffer, bytes);
        Ok(())
    }

    fn shared_memory(&mut self, buffer: &JsObject) -> JsResult<SharedData> {
        buffers::share(buffer)
    }

    fn value(&mut self, kind: Kind<Self>) -> JsResult<JsValue> {
        Ok(match kind {
            Kind::Undefined => JsValue::undefined(),
            Kind::Null => JsValue::null(),
            Kind::Boolean(value) => value.into(),
            Kind::Number(value) => value.into(),
            Kind::BigInt(value) => big_int(&value).into(),
            Kind::String(value) => value.0.into(),
            Kind::Object(object) => object.into(),
            Kind::Symbol(symbol) => {
                return Err(self.data_clone_error(CloneError::NotCloneable(symbol)));
            }
        })
    }

    fn string(&mut self, units: CodeUnits<'_>) -> JsResult<HostString> {
        Ok(HostString(string_of(units)))
    }

    fn key(&mut self, units: CodeUnits<'_>) -> JsResult<PropertyKey<JsString>> {
        Ok(match units.array_index() {
            Some(index) => PropertyKey::Index(index),
            None => PropertyKey::Name(names::interned(units, self.0)),
        })
    }

    fn create(
        &mut self,
        realm: &Realm,
        new: NewObject<'_, Self>,
    ) -> Result<JsObject, Failure<JsError>> {
        crate::boa::collection::may_collect();
        create::create(new, realm, self.0)
    }

    fn define_properties(
        &mut self,
        object: &JsObject,
        properties: Properties<'_, Self>,
    ) -> JsResult<()> {
        let properties = properties.map(|(key, value)| (boa_key(key), value));
        create::define(object, properties, self.0)
    }

    fn create_complete(
        &mut self,
        realm: &Realm,
        length: Option<u32>,
        properties: Properties<'_, Self>,
    ) -> Result<JsObject, Failure<JsError>> {
        if let Some(length) = length
            && properties.are_elements(length)
        {
            return Ok(create::list(
                properties.map(|(_, value)| value),
                realm,
                self.0,
            ));
        }
        let object = self.create(realm, length.map_or(NewObject::Ordinary, NewObject::Array))?;
        self.define_properties(&object, properties)
            .map_err(Failure::Heap)?;
        Ok(object)
    }

    fn shape(&mut self, names: Vec<JsString>) -> JsResult<Self::Shape> {
        Ok(names.into())
    }

    fn define_shaped(
        &mut self,
        object: &JsObject,
        shape: &Self::Shape,
        values: Drain<'_, JsValue>,
    ) -> JsResult<()> {
        for (name, value) in shape.iter().zip(values) {
            // The key of a shape is no index, so that it need not be parsed.
            let key = BoaKey::String(name.clone());
            object.insert_property(key, data_property(value, ORDINARY));
        }
        Ok(())
    }

    fn define_elements(&mut self, array: &JsObject, values: Drain<'_, JsValue>) -> JsResult<()> {
        create::fill_array(array, values, self.0)
    }

    fn map_append(&mut self, map: &JsObject, key: JsValue, value: JsValue) -> JsResult<()> {
        if let Some(mut data) = map.downcast_mut::<OrderedMap<JsValue>>() {
            data.insert(without_minus_zero(key), value);
        }
        Ok(())
    }

    fn set_append(&mut self, set: &JsObject, value: JsValue) -> JsResult<()> {
        if let Some(mut data) = set.downcast_mut::<OrderedSet>() {
            data.add(without_minus_zero(value));
        }
        Ok(())
    }

    fn define_cause(&mut self, error: &JsObject, cause: JsValue) -> JsResult<()> {
        create::define_hidden(error, js_string!("cause"), cause);
        Ok(())
    }

    fn serialization_steps(
        &mut self,
        interface: &'static str,
        object: &JsObject,
        out: &mut StateWriter<'_, JsValue>,
    ) -> Result<(), Failure<JsError>> {
        Ok(platform_objects::serialize(interface, object, out, self.0)?)
    }

    fn deserialization_steps(
        &mut self,
        interface: &str,
        realm: &Realm,
        input: &mut StateReader<'_, '_>,
    ) -> Result<JsObject, Failure<JsError>> {
        Ok(platform_objects::deserialize(
            interface, realm, input, self.0,
        )?)
    }

    fn sub_deserialized(
        &mut self,
        object: &JsObject,
        value: JsValue,
    ) -> Result<(), Failure<JsError>> {
        Ok(platform_objects::sub_deserialized(object, &value, self.0)?)
    }

    fn transferability(&mut self, object: &JsObject) -> Transferability {
        match is_detached(object) {
            Some(detached) => Transferability::ArrayBuffer { detached },
            None => platform_objects::transferability(object, self.0),
        }
    }

    fn detach_array_buffer(&mut self, buffer: &JsObject) -> JsResult<Box<dyn ByteBlock>> {
        buffers::detach(buffer)
    }

    fn transfer_steps(
        &mut self,
        object: &JsObject,
    ) -> Result<TransferDataHolder, Failure<JsError>> {
        crate::boa::collection::may_collect();
        platform_objects::transfer(object, self.0)
    }

    fn transfer_receiving_steps(
        &mut self,
        realm: &Realm,
        attachment: TransferDataHolder,
    ) -> Result<JsObject, Failure<JsError>> {
        platform_objects::receive(realm, attachment, self.0)
    }

    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        let realm = self.0.realm().clone();
        E::agent_cluster_of(self.0, &realm)
    }

    fn agent_cluster_of(&mut self, realm: &Realm) -> Option<AgentCluster> {
        E::agent_cluster_of(self.0, realm)
    }

    fn data_clone_error(&mut self, error: CloneError) -> JsError {
        exception::throw("DataCloneError", &describe::sentence(&error), self.0)
    }
}

/// Normalizes a key of a Map or Set. A message may contain -0 only if script did not create it.
fn without_minus_zero(key: JsValue) -> JsValue {
    if key.as_number() == Some(0.0) {
        0.into()
    } else {
        key
    }
}
