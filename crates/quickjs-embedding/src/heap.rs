//! Structured clone over QuickJS's values.
//!
//! Most methods call a function that `prelude.js` returned: QuickJS's own API does not tell the class of an object,
//! and a function of the target realm creates objects with the prototypes of that realm.

use std::rc::Rc;

use framepost_messaging::ports::Owner;
use framepost_messaging::structured_clone::{
    BigInt, BufferInfo, ByteBlock, Class, CloneError, CodeUnits, Failure, Heap, Kind, NewObject, OwnKey, Properties,
    PropertyKey, Sign, StateReader, StateWriter, TransferDataHolder, Transferability, ViewInfo, ViewKind,
};
use framepost_messaging::value::JsString;
use rquickjs::function::IntoArgs;
use rquickjs::object::Property;
use rquickjs::{Array, ArrayBuffer, Error, Exception, FromJs, Object, Result, String as JsText, Type, Value};

use crate::objects::{Thing, thing};
use crate::world::{Engine, address};

type Key = PropertyKey<JsString>;
/// The result of steps that may fail with an error of structured clone.
type Steps<T> = std::result::Result<T, Failure<Error>>;

impl<'js> Engine<'js> {
    /// A realm for the functions that read. They work on objects of every realm.
    fn reader(&self) -> Result<Object<'js>> {
        let own = self.global().filter(|global| self.with(|world| world.realms.contains_key(global)));
        let any = own.or_else(|| self.with(|world| world.realms.keys().next().copied()));
        any.and_then(|global| self.realm(global)).ok_or(Error::Unknown)
    }

    fn read<A: IntoArgs<'js>, R: FromJs<'js>>(&self, name: &str, arguments: A) -> Result<R> {
        Self::call(&self.reader()?, name, arguments)
    }

    /// The code units of a string. The C API has UTF-8 only, which lone surrogates do not survive.
    fn text(&self, text: &JsText<'js>) -> Result<JsString> {
        match text.to_string() {
            Err(Error::Utf8(_)) => {
                let units: Vec<u16> = self.read("units", (text.clone(),))?;
                Ok(JsString::from_units(CodeUnits::Utf16(&units)))
            }
            text => Ok(text?.as_str().into()),
        }
    }

    fn text_value(&self, text: &JsString) -> Result<Value<'js>> {
        let units: Vec<u16> = text.units().iter().collect();
        match String::from_utf16(&units) {
            Ok(text) => Ok(JsText::from_str(self.ctx.clone(), &text)?.into_value()),
            Err(_) => self.read("fromUnits", (units,)),
        }
    }

    fn key_value(&self, key: &Key) -> Result<Value<'js>> {
        match key {
            PropertyKey::Index(index) => Ok(Value::new_number(self.ctx.clone(), f64::from(*index))),
            PropertyKey::Name(name) => self.text_value(name),
        }
    }

    /// A BigInt passes as the bytes of its magnitude, the least significant first.
    fn big_int(&self, value: &Value<'js>) -> Result<BigInt> {
        let negative = self.read("isNegative", (value.clone(),))?;
        let bytes: Vec<u8> = self.read("bytesOf", (value.clone(),))?;
        Ok(BigInt::new(if negative { Sign::Minus } else { Sign::Plus }, &bytes))
    }

    fn big_int_value(&self, number: &BigInt) -> Result<Value<'js>> {
        self.read("fromBytes", (number.magnitude().to_vec(), number.is_negative()))
    }

    /// The value, unless it is the mark for an absent property.
    fn present(&self, value: Value<'js>) -> Result<Option<Value<'js>>> {
        let absent: Value<'js> = self.reader()?.get("absent")?;
        Ok((value != absent).then_some(value))
    }

    fn buffer_info(parts: &Array<'js>) -> Result<BufferInfo> {
        let max: f64 = parts.get(2)?;
        let max_byte_length = (max >= 0.0).then_some(max as u64);
        Ok(BufferInfo { byte_length: parts.get::<f64>(1)? as u64, max_byte_length, detached: parts.get(3)? })
    }

    fn view_info(parts: &Array<'js>) -> Result<ViewInfo<Object<'js>>> {
        let name: String = parts.get(1)?;
        let kind = ViewKind::ALL.into_iter().find(|kind| format!("{kind:?}") == name);
        let length: f64 = parts.get(4)?;
        Ok(ViewInfo {
            kind: kind.ok_or(Error::Unknown)?,
            buffer: parts.get(2)?,
            byte_offset: parts.get::<f64>(3)? as u64,
            length: (length >= 0.0).then_some(length as u64),
            out_of_bounds: parts.get(5)?,
        })
    }

    fn make<A: IntoArgs<'js>>(realm: &Object<'js>, name: &str, arguments: A) -> Result<Object<'js>> {
        Self::call(&realm.get("make")?, name, arguments)
    }

    fn buffer(realm: &Object<'js>, bytes: &[u8], max_byte_length: Option<u64>) -> Result<Object<'js>> {
        let buffer = ArrayBuffer::new(realm.ctx().clone(), bytes.to_vec())?.into_object();
        match max_byte_length {
            Some(max) => Self::make(realm, "resizable", (buffer, max as f64)),
            None => Ok(buffer),
        }
    }

    fn bytes(buffer: &Object<'js>) -> Result<Vec<u8>> {
        let buffer = ArrayBuffer::from_object(buffer.clone()).ok_or(Error::Unknown)?;
        // SAFETY: the bytes are copied at once, and no script runs meanwhile.
        Ok(unsafe { buffer.as_bytes() }.unwrap_or_default().to_vec())
    }

    fn create_in(&self, realm: &Object<'js>, new: NewObject<'_, Self>) -> Result<Object<'js>> {
        match new {
            NewObject::Ordinary => Self::make(realm, "object", ()),
            NewObject::Array(length) => Self::make(realm, "array", (f64::from(length),)),
            NewObject::Map => Self::make(realm, "Map", ()),
            NewObject::Set => Self::make(realm, "Set", ()),
            NewObject::Date(time) => Self::make(realm, "Date", (time,)),
            NewObject::RegExp { source, flags } => {
                Self::make(realm, "RegExp", (self.text_value(&source)?, self.text_value(&flags)?))
            }
            NewObject::Boolean(value) => Self::make(realm, "wrapper", (value,)),
            NewObject::Number(value) => Self::make(realm, "wrapper", (Value::new_float(self.ctx.clone(), value),)),
            NewObject::String(value) => Self::make(realm, "wrapper", (self.text_value(&value)?,)),
            NewObject::BigInt(value) => Self::make(realm, "wrapper", (self.big_int_value(&value)?,)),
            NewObject::ArrayBuffer { bytes, max_byte_length } => Self::buffer(realm, bytes, max_byte_length),
            NewObject::MovedArrayBuffer { block, max_byte_length } => {
                Self::buffer(realm, block.bytes(), max_byte_length)
            }
            NewObject::SharedArrayBuffer(_) => Err(Exception::throw_type(&self.ctx, "no shared memory")),
            NewObject::View(view) => {
                let length = view.length.map(|length| length as f64);
                let name = format!("{:?}", view.kind);
                Self::make(realm, "view", (name, view.buffer, view.byte_offset as f64, length))
            }
            NewObject::Error { kind, message, stack } => {
                let text = |text: Option<JsString>| text.map(|text| self.text_value(&text)).transpose();
                let (message, stack) = (text(message)?, text(stack)?);
                Self::make(realm, "error", (kind.name(), message, stack))
            }
        }
    }
}

impl<'js> Heap for Engine<'js> {
    type Value = Value<'js>;
    type Object = Object<'js>;
    type String = JsString;
    type Key = JsString;
    type Shape = Rc<[JsString]>;
    /// What `prelude.js` returned in the realm.
    type Realm = Object<'js>;
    type Error = Error;

    fn kind(&mut self, value: Value<'js>) -> Result<Kind<Self>> {
        Ok(match value.type_of() {
            Type::Undefined | Type::Uninitialized => Kind::Undefined,
            Type::Null => Kind::Null,
            Type::Bool => Kind::Boolean(value.as_bool().unwrap_or_default()),
            Type::Int | Type::Float => Kind::Number(value.as_number().unwrap_or_default()),
            Type::String => Kind::String(self.text(&value.get()?)?),
            Type::Symbol => Kind::Symbol("a symbol".to_owned()),
            Type::BigInt => Kind::BigInt(self.big_int(&value)?),
            _ => Kind::Object(value.into_object().ok_or(Error::Unknown)?),
        })
    }

    fn class(&mut self, object: &Object<'js>) -> Result<Class<Self>> {
        if let Some(thing) = thing(object) {
            let interface = match thing {
                Thing::Port(_) => "MessagePort",
                Thing::Channel(_) => "BroadcastChannel",
                Thing::Worker(_) => "Worker",
                Thing::Node(_) => "Node",
                Thing::Plain => "EventTarget",
            };
            return Ok(Class::Platform(interface.to_owned()));
        }
        let value = object.as_value();
        if value.is_function() {
            return Ok(Class::Other("a function".to_owned()));
        } else if value.is_proxy() || value.is_promise() {
            return Ok(Class::Other("#<Object>".to_owned()));
        } else if object.is_array() {
            // `Array::len` of rquickjs panics at lengths above 2³¹ - 1. QuickJS has none above 2³² - 1.
            let length: f64 = object.get("length")?;
            return Ok(Class::Array(length as u32));
        } else if value.is_error() {
            return Ok(Class::Error);
        }
        let parts: Array<'js> = self.read("classOf", (object.clone(),))?;
        let name: String = parts.get(0)?;
        Ok(match name.as_str() {
            "Ordinary" => Class::Ordinary,
            "Map" => Class::Map,
            "Set" => Class::Set,
            "Date" => Class::Date(parts.get(1)?),
            "RegExp" => Class::RegExp { source: self.text(&parts.get(1)?)?, flags: self.text(&parts.get(2)?)? },
            "Boolean" => Class::Boolean(parts.get(1)?),
            "Number" => Class::Number(parts.get(1)?),
            "String" => Class::String(self.text(&parts.get(1)?)?),
            "BigInt" => Class::BigInt(self.big_int(&parts.get(1)?)?),
            "ArrayBuffer" => Class::ArrayBuffer(Self::buffer_info(&parts)?),
            "View" => Class::View(Self::view_info(&parts)?),
            "SharedArrayBuffer" => Class::SharedArrayBuffer,
            "DOMException" => Class::Serializable("DOMException"),
            "Window" => Class::Platform(name),
            _ => Class::Other(name),
        })
    }

    fn own_enumerable_string_keys(&mut self, object: &Object<'js>, keys: &mut Vec<OwnKey<Self>>) -> Result<()> {
        let names: Array<'js> = self.read("keys", (object.clone(),))?;
        for name in names.iter::<JsText<'js>>() {
            let name = self.text(&name?)?;
            keys.push((self.key(name.units())?, None));
        }
        Ok(())
    }

    fn own_property(&mut self, object: &Object<'js>, key: &Key, _: usize) -> Result<Option<Value<'js>>> {
        let value = self.read("own", (object.clone(), self.key_value(key)?))?;
        self.present(value)
    }

    fn key_string(&mut self, key: &JsString) -> JsString {
        key.clone()
    }

    fn map_data(&mut self, map: &Object<'js>, entries: &mut Vec<Value<'js>>) -> Result<()> {
        entries.extend(self.read::<_, Vec<Value<'js>>>("entries", (map.clone(),))?);
        Ok(())
    }

    fn set_data(&mut self, set: &Object<'js>, entries: &mut Vec<Value<'js>>) -> Result<()> {
        entries.extend(self.read::<_, Vec<Value<'js>>>("elements", (set.clone(),))?);
        Ok(())
    }

    fn get(&mut self, object: &Object<'js>, name: &str) -> Result<Value<'js>> {
        object.get(name)
    }

    fn own_data_property(&mut self, object: &Object<'js>, name: &str) -> Result<Option<Value<'js>>> {
        let value = self.read("ownData", (object.clone(), name))?;
        self.present(value)
    }

    fn to_string(&mut self, value: &Value<'js>) -> Result<JsString> {
        self.text(&self.read("toText", (value.clone(),))?)
    }

    fn error_stack(&mut self, error: &Object<'js>) -> Result<Option<JsString>> {
        let stack = self.own_data_property(error, "stack")?;
        stack.and_then(Value::into_string).map(|text| self.text(&text)).transpose()
    }

    fn array_buffer_bytes(&mut self, buffer: &Object<'js>, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.extend(Self::bytes(buffer)?);
        Ok(())
    }

    fn value(&mut self, kind: Kind<Self>) -> Result<Value<'js>> {
        let ctx = self.ctx.clone();
        Ok(match kind {
            Kind::Undefined | Kind::Symbol(_) => Value::new_undefined(ctx),
            Kind::Null => Value::new_null(ctx),
            Kind::Boolean(value) => Value::new_bool(ctx, value),
            // `new_number` makes 0 of -0.
            Kind::Number(value) if value == 0.0 => Value::new_float(ctx, value),
            Kind::Number(value) => Value::new_number(ctx, value),
            Kind::BigInt(value) => self.big_int_value(&value)?,
            Kind::String(value) => self.text_value(&value)?,
            Kind::Object(object) => object.into_value(),
        })
    }

    fn string(&mut self, units: CodeUnits<'_>) -> Result<JsString> {
        Ok(JsString::from_units(units))
    }

    fn key(&mut self, units: CodeUnits<'_>) -> Result<Key> {
        let index = units.array_index().map(PropertyKey::Index);
        Ok(index.unwrap_or_else(|| PropertyKey::Name(JsString::from_units(units))))
    }

    fn create(&mut self, realm: &Object<'js>, new: NewObject<'_, Self>) -> Steps<Object<'js>> {
        self.create_in(realm, new).map_err(Failure::Heap)
    }

    fn define_properties(&mut self, object: &Object<'js>, properties: Properties<'_, Self>) -> Result<()> {
        for (key, value) in properties {
            let property = Property::from(value).writable().enumerable().configurable();
            object.prop(self.key_value(&key)?, property)?;
        }
        Ok(())
    }

    fn map_append(&mut self, map: &Object<'js>, key: Value<'js>, value: Value<'js>) -> Result<()> {
        self.read("mapSet", (map.clone(), key, value))
    }

    fn set_append(&mut self, set: &Object<'js>, value: Value<'js>) -> Result<()> {
        self.read("setAdd", (set.clone(), value))
    }

    fn define_cause(&mut self, error: &Object<'js>, cause: Value<'js>) -> Result<()> {
        error.prop("cause", Property::from(cause).writable().configurable())
    }

    /// Of a `DOMException`: its name and its message.
    fn serialization_steps(
        &mut self,
        _: &'static str,
        object: &Object<'js>,
        out: &mut StateWriter<'_, Value<'js>>,
    ) -> Steps<()> {
        let parts: Vec<JsText<'js>> = self.read("nameAndMessage", (object.clone(),)).map_err(Failure::Heap)?;
        for part in parts {
            out.string(self.text(&part).map_err(Failure::Heap)?.units())?;
        }
        Ok(())
    }

    fn deserialization_steps(
        &mut self,
        interface: &str,
        realm: &Object<'js>,
        input: &mut StateReader<'_, '_>,
    ) -> Steps<Object<'js>> {
        if interface != "DOMException" {
            return Err(CloneError::NotExposed(interface.to_owned()).into());
        }
        let (name, message) = (input.string()?.to_string_lossy(), input.string()?.to_string_lossy());
        Self::call(realm, "domException", (message, name)).map_err(Failure::Heap)
    }

    fn transferability(&mut self, object: &Object<'js>) -> Transferability {
        if let Some(Thing::Port(port)) = thing(object) {
            return Transferability::Platform { detached: self.with(|world| world.state.messaging.is_detached(port)) };
        }
        match self.class(object) {
            Ok(Class::ArrayBuffer(info)) => Transferability::ArrayBuffer { detached: info.detached },
            _ => Transferability::No,
        }
    }

    /// QuickJS does not give the memory away, so the bytes are copied.
    fn detach_array_buffer(&mut self, buffer: &Object<'js>) -> Result<Box<dyn ByteBlock>> {
        let bytes = Self::bytes(buffer)?;
        ArrayBuffer::from_object(buffer.clone()).ok_or(Error::Unknown)?.detach();
        Ok(Box::new(bytes))
    }

    fn transfer_steps(&mut self, object: &Object<'js>) -> Steps<TransferDataHolder> {
        let half = match thing(object) {
            Some(Thing::Port(port)) => self.with(|world| world.state.messaging.detach(port).ok()),
            _ => None,
        };
        let refused = || CloneError::NotSerializable("MessagePort".to_owned());
        Ok(TransferDataHolder::Port(half.ok_or_else(refused)?))
    }

    fn transfer_receiving_steps(&mut self, realm: &Object<'js>, holder: TransferDataHolder) -> Steps<Object<'js>> {
        let refused = CloneError::NotExposed(holder.interface().to_owned());
        let global = self.with(|world| world.globals.get(&address(realm.ctx())).copied());
        let (Some(global), TransferDataHolder::Port(half)) = (global, holder) else {
            return Err(refused.into());
        };
        let owner = Owner::Global(global);
        let port = self.with(|world| world.state.messaging.attach(&mut world.state.event_loop, owner, half));
        self.port_object(global, port.map_err(|_| refused)?).map_err(Failure::Heap)
    }

    fn data_clone_error(&mut self, error: CloneError) -> Error {
        self.dom_exception("DataCloneError", &error.to_string())
    }
}
