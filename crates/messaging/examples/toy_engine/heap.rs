//! Implements the heap that structured clone uses for the toy's values. The language has few kinds
//! of objects. Other kinds arrive as the nearest kind that the language has, or are refused.

use std::cell::RefCell;
use std::rc::Rc;

use framepost_event_loop::GlobalId;
use framepost_messaging::ports::Owner;
use framepost_messaging::structured_clone::{
    Class, CloneError, CodeUnits, Failure, Heap, Kind, NewObject, OwnKey, Properties, PropertyKey,
    TransferDataHolder, Transferability,
};
use framepost_messaging::value::JsString;

use super::engine::Engine;
use super::language::Error;
use super::value::{Data, Object, Value};

fn none_such<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("the toy language has no {what}")))
}

impl Heap for Engine {
    type Value = Value;
    type Object = Object;
    type String = JsString;
    type Key = JsString;
    type Shape = Rc<[JsString]>;
    type Realm = GlobalId;
    type Error = Error;

    fn kind(&mut self, value: Value) -> Result<Kind<Self>, Error> {
        Ok(match value {
            Value::Nil => Kind::Undefined,
            Value::Bool(value) => Kind::Boolean(value),
            Value::Number(value) => Kind::Number(value),
            Value::Text(value) => Kind::String(value),
            Value::Object(object) => Kind::Object(object),
        })
    }

    fn class(&mut self, object: &Object) -> Result<Class<Self>, Error> {
        Ok(match object.data() {
            Data::Record(_) => Class::Ordinary,
            Data::List(values) => {
                let length = u32::try_from(values.borrow().len());
                Class::Array(length.unwrap_or(u32::MAX))
            }
            Data::Function(_) | Data::Builtin(_) => Class::Other("a function".to_owned()),
            Data::Port(_) => Class::Platform("MessagePort".to_owned()),
            Data::Window(_) => Class::Platform("Window".to_owned()),
        })
    }

    fn own_enumerable_string_keys(
        &mut self,
        object: &Object,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> Result<(), Error> {
        match object.data() {
            Data::Record(fields) => {
                let fields = fields.borrow();
                keys.extend(fields.iter().map(|(name, value)| {
                    let key = PropertyKey::Name(name.as_str().into());
                    (key, Some(value.clone()))
                }));
            }
            Data::List(values) => {
                let values = values.borrow();
                let indexed = (0..u32::MAX).map(PropertyKey::Index).zip(&*values);
                keys.extend(indexed.map(|(key, value)| (key, Some(value.clone()))));
            }
            _ => {}
        }
        Ok(())
    }

    fn own_property(
        &mut self,
        object: &Object,
        key: &PropertyKey<JsString>,
        _position: usize,
    ) -> Result<Option<Value>, Error> {
        Ok(match (object.data(), key) {
            (Data::Record(fields), PropertyKey::Name(key)) => {
                let fields = fields.borrow();
                let field = fields.iter().find(|(name, _)| *key == name.as_str());
                field.map(|(_, value)| value.clone())
            }
            (Data::List(values), PropertyKey::Index(index)) => {
                values.borrow().get(*index as usize).cloned()
            }
            _ => None,
        })
    }

    fn key_string(&mut self, key: &JsString) -> JsString {
        key.clone()
    }

    fn map_data(&mut self, _map: &Object, _entries: &mut Vec<Value>) -> Result<(), Error> {
        none_such("maps")
    }

    fn set_data(&mut self, _set: &Object, _entries: &mut Vec<Value>) -> Result<(), Error> {
        none_such("sets")
    }

    fn get(&mut self, _object: &Object, _name: &str) -> Result<Value, Error> {
        none_such("errors")
    }

    fn own_data_property(&mut self, _object: &Object, _name: &str) -> Result<Option<Value>, Error> {
        none_such("errors")
    }

    fn to_string(&mut self, value: &Value) -> Result<JsString, Error> {
        Ok(value.to_string().into())
    }

    fn value(&mut self, kind: Kind<Self>) -> Result<Value, Error> {
        Ok(match kind {
            Kind::Undefined | Kind::Null => Value::Nil,
            Kind::Boolean(value) => Value::Bool(value),
            Kind::Number(value) => Value::Number(value),
            Kind::String(value) => Value::Text(value),
            Kind::Object(object) => Value::Object(object),
            Kind::BigInt(_) | Kind::Symbol(_) => return none_such("such numbers"),
        })
    }

    fn string(&mut self, units: CodeUnits<'_>) -> Result<JsString, Error> {
        Ok(JsString::from_units(units))
    }

    fn key(&mut self, units: CodeUnits<'_>) -> Result<PropertyKey<JsString>, Error> {
        Ok(match units.array_index() {
            Some(index) => PropertyKey::Index(index),
            None => PropertyKey::Name(JsString::from_units(units)),
        })
    }

    fn create(
        &mut self,
        realm: &GlobalId,
        new: NewObject<'_, Self>,
    ) -> Result<Object, Failure<Error>> {
        let data = match new {
            NewObject::Ordinary => Data::Record(RefCell::default()),
            NewObject::Array(_) => Data::List(RefCell::default()),
            _ => return Err(Failure::Heap(Error("the toy cannot hold this".to_owned()))),
        };
        Ok(Object::new(*realm, data))
    }

    fn define_properties(
        &mut self,
        object: &Object,
        properties: Properties<'_, Self>,
    ) -> Result<(), Error> {
        for (key, value) in properties {
            match (object.data(), key) {
                (Data::Record(fields), key) => {
                    let name = match key {
                        PropertyKey::Index(index) => index.to_string(),
                        PropertyKey::Name(name) => name.to_string_lossy(),
                    };
                    let mut fields = fields.borrow_mut();
                    fields.retain(|(known, _)| *known != name);
                    fields.push((name, value));
                }
                // The toy's lists have no holes, so later elements move up.
                (Data::List(values), PropertyKey::Index(_)) => values.borrow_mut().push(value),
                _ => {}
            }
        }
        Ok(())
    }

    fn map_append(&mut self, _map: &Object, _key: Value, _value: Value) -> Result<(), Error> {
        none_such("maps")
    }

    fn set_append(&mut self, _set: &Object, _value: Value) -> Result<(), Error> {
        none_such("sets")
    }

    fn define_cause(&mut self, _error: &Object, _cause: Value) -> Result<(), Error> {
        none_such("errors")
    }

    fn transferability(&mut self, object: &Object) -> Transferability {
        match object.data() {
            Data::Port(port) => Transferability::Platform {
                detached: self.state.messaging.is_detached(*port),
            },
            _ => Transferability::No,
        }
    }

    fn transfer_steps(&mut self, object: &Object) -> Result<TransferDataHolder, Failure<Error>> {
        let refused = || CloneError::NotSerializable("MessagePort".to_owned());
        let Data::Port(port) = object.data() else {
            return Err(refused().into());
        };
        let half = self.state.messaging.detach(*port).map_err(|_| refused())?;
        self.ports.remove(port);
        Ok(TransferDataHolder::Port(half))
    }

    fn transfer_receiving_steps(
        &mut self,
        realm: &GlobalId,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<Error>> {
        let refused = CloneError::NotExposed(attachment.interface().to_owned());
        let TransferDataHolder::Port(half) = attachment else {
            return Err(refused.into());
        };
        let owner = Owner::Global(*realm);
        match self
            .state
            .messaging
            .attach(&mut self.state.event_loop, owner, half)
        {
            Ok(port) => Ok(self.port_object(*realm, port)),
            Err(_) => Err(refused.into()),
        }
    }

    fn data_clone_error(&mut self, error: CloneError) -> Error {
        Error(format!("DataCloneError: {error}"))
    }
}
