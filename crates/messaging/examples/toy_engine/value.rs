//! The values of the toy language: primitives and references to objects.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use framepost_browsing_context::NavigableId;
use framepost_event_loop::GlobalId;
use framepost_messaging::ports::PortId;
use framepost_messaging::value::JsString;

use super::language::{Expression, Scope};

/// A value of the language.
#[derive(Clone)]
pub enum Value {
    Nil,
    Bool(bool),
    Number(f64),
    Text(JsString),
    Object(Object),
}

/// An object. Equality compares identities.
#[derive(Clone)]
pub struct Object(Rc<(GlobalId, Data)>);

/// The kind and the data of an object.
pub enum Data {
    Record(RefCell<Vec<(String, Value)>>),
    List(RefCell<Vec<Value>>),
    Function(Function),
    /// A builtin function as a value.
    Builtin(String),
    Port(PortId),
    /// A window object, which JavaScript calls a WindowProxy.
    Window(NavigableId),
}

impl Data {
    /// Takes the values out of a record or a list.
    fn take_values(&mut self) -> Vec<Value> {
        match self {
            Self::Record(fields) => {
                let fields = std::mem::take(fields.get_mut());
                fields.into_iter().map(|(_, value)| value).collect()
            }
            Self::List(values) => std::mem::take(values.get_mut()),
            _ => Vec::new(),
        }
    }
}

impl Drop for Data {
    /// Frees values of any depth without recursion.
    fn drop(&mut self) {
        let mut values = self.take_values();
        while let Some(value) = values.pop() {
            if let Value::Object(Object(shared)) = value
                && let Some((_, mut data)) = Rc::into_inner(shared)
            {
                values.extend(data.take_values());
            }
        }
    }
}

/// A function, with the scope in which it was defined.
#[derive(Clone)]
pub struct Function {
    pub parameters: Rc<[String]>,
    pub body: Rc<[Expression]>,
    pub scope: Rc<Scope>,
}

impl Object {
    pub fn new(realm: GlobalId, data: Data) -> Self {
        Self(Rc::new((realm, data)))
    }

    /// The realm that the object was created in.
    pub fn realm(&self) -> GlobalId {
        self.0.0
    }

    pub fn data(&self) -> &Data {
        &self.0.1
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Object {}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Rc::as_ptr(&self.0).hash(state);
    }
}

impl Value {
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements of a list; empty for other objects.
    pub fn elements(&self) -> Vec<Value> {
        match self.as_object().map(Object::data) {
            Some(Data::List(values)) => values.borrow().clone(),
            _ => Vec::new(),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value}"),
            Self::Object(object) => f.write_str(match object.data() {
                Data::Record(_) => "a record",
                Data::List(_) => "a list",
                Data::Function(_) | Data::Builtin(_) => "a function",
                Data::Port(_) => "a port",
                Data::Window(_) => "a window",
            }),
        }
    }
}
