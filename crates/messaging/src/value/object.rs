//! Objects: their identity and their data.

use std::any::Any;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::data::Data;
use super::named::Shape;
use super::properties::{Array, Ordinary};
use super::{JsString, Value};
use crate::structured_clone::{
    CloneError, Heap, NativeErrorKind, PropertyKey, PropertyWriter, Scan, SharedData, ViewInfo,
};

/// The output for the properties of these objects.
pub(super) type ValuesOut<'a> = PropertyWriter<'a, JsString, Shape>;

/// An object with identity. Clones are the same object, and `==` compares identities.
#[derive(Clone)]
pub struct Object(pub(super) Rc<Inner>);

pub(super) struct Inner {
    pub(super) data: RefCell<Data>,
}

/// The data of an error.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorData {
    /// The kind of native error.
    pub kind: NativeErrorKind,
    /// The own property `message`, if present.
    pub message: Option<JsString>,
    /// The `stack`, if known.
    pub stack: Option<JsString>,
    /// The `cause`, if present.
    pub cause: Option<Value>,
}

impl Object {
    #[inline]
    pub(super) fn from_data(data: Data) -> Self {
        Self(Rc::new(Inner {
            data: RefCell::new(data),
        }))
    }

    /// Creates an empty plain object.
    #[must_use]
    pub fn new() -> Self {
        Self::from_data(Data::Ordinary(Ordinary::default()))
    }

    /// Creates an Array of this length that has only holes.
    #[must_use]
    pub fn array(length: u32) -> Self {
        Self::from_data(Data::Array(Array::new(length)))
    }

    /// Creates a `Map` with these entries. The keys must be distinct; this is not checked.
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        Self::from_data(Data::Map(entries.into_iter().collect()))
    }

    /// Creates a `Set` with these values. The values must be distinct; this is not checked.
    #[must_use]
    pub fn set_of(values: impl IntoIterator<Item = Value>) -> Self {
        Self::from_data(Data::Set(values.into_iter().collect()))
    }

    /// Creates a `Date` from milliseconds since 1970. NaN makes it invalid.
    #[must_use]
    pub fn date(time: f64) -> Self {
        Self::from_data(Data::Date(time))
    }

    /// Creates a `RegExp`. The pattern and the flags are not checked.
    #[must_use]
    pub fn reg_exp(source: impl Into<JsString>, flags: impl Into<JsString>) -> Self {
        Self::from_data(Data::RegExp {
            source: source.into(),
            flags: flags.into(),
        })
    }

    /// Creates a wrapper object, like `Object(primitive)` in script. The result is an empty object
    /// for `undefined` and `null`, and the object itself for an object.
    #[must_use]
    pub fn wrapper(primitive: Value) -> Self {
        match primitive {
            Value::Undefined | Value::Null => Self::new(),
            Value::Boolean(value) => Self::from_data(Data::Boolean(value)),
            Value::Number(value) => Self::from_data(Data::Number(value)),
            Value::BigInt(value) => Self::from_data(Data::BigInt(value)),
            Value::String(value) => Self::from_data(Data::String(value)),
            Value::Object(object) => object,
        }
    }

    /// Creates an error.
    #[must_use]
    pub fn error(data: ErrorData) -> Self {
        Self::from_data(Data::Error(Box::new(data)))
    }

    /// Creates an `ArrayBuffer` with these bytes.
    #[must_use]
    pub fn array_buffer(bytes: impl Into<Vec<u8>>) -> Self {
        Self::from_data(Data::ArrayBuffer {
            bytes: Some(bytes.into()),
            max_byte_length: None,
        })
    }

    /// Creates an `ArrayBuffer` with these bytes that can be resized up to `max_byte_length`.
    #[must_use]
    pub fn resizable_array_buffer(bytes: impl Into<Vec<u8>>, max_byte_length: u64) -> Self {
        let bytes = bytes.into();
        let max_byte_length = Some(max_byte_length.max(bytes.len() as u64));
        Self::from_data(Data::ArrayBuffer {
            bytes: Some(bytes),
            max_byte_length,
        })
    }

    /// Creates a `SharedArrayBuffer` on memory that another heap shared.
    #[must_use]
    pub fn shared_array_buffer(memory: SharedData) -> Self {
        Self::from_data(Data::SharedArrayBuffer(memory))
    }

    /// Creates a typed array or a `DataView`.
    #[must_use]
    pub fn view(view: ViewInfo<Self>) -> Self {
        Self::from_data(Data::View(Box::new(view)))
    }

    /// Creates a platform object from the name of its interface and data for its
    /// [`ValueHost`](super::ValueHost).
    #[must_use]
    pub fn platform(interface: &'static str, data: impl Any) -> Self {
        Self::from_data(Data::Platform {
            interface,
            data: Rc::new(data),
        })
    }

    /// Whether the object is a plain object.
    #[must_use]
    pub fn is_ordinary(&self) -> bool {
        self.0.data.borrow().is_ordinary()
    }

    /// Whether the object is an Array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.array_length().is_some()
    }

    /// The `length` of an Array.
    #[must_use]
    pub fn array_length(&self) -> Option<u32> {
        self.0.data.borrow().array_length()
    }

    /// Sets the `length` of an Array. Has no effect on other objects.
    pub fn set_array_length(&self, length: u32) {
        let mut removed = Vec::new();
        self.change(|data| {
            if let Data::Array(array) = data {
                array.length = length;
                array.indexed.truncate(length, &mut removed);
            }
        });
    }

    /// The keys of the own properties, in ECMAScript's order. An Array's `length` is not listed.
    /// Only plain objects and Arrays have own properties.
    #[must_use]
    pub fn keys(&self) -> Vec<PropertyKey<JsString>> {
        let mut keys = Vec::new();
        if let Some(own) = self.0.data.borrow().own() {
            own.append_keys(&mut keys);
        }
        keys
    }

    /// The value of the own property `key`.
    #[must_use]
    pub fn get(&self, key: impl Into<PropertyKey<JsString>>) -> Option<Value> {
        let key = key.into();
        self.0.data.borrow().own()?.get(&key).cloned()
    }

    pub(super) fn get_near(&self, key: &PropertyKey<JsString>, position: usize) -> Option<Value> {
        self.0.data.borrow().own()?.get_near(key, position).cloned()
    }

    /// Sets the property `key` of a plain object or an Array. Returns `false` for other objects.
    pub fn set(&self, key: impl Into<PropertyKey<JsString>>, value: impl Into<Value>) -> bool {
        let (key, value) = (key.into(), value.into());
        let old = self.change(|data| match data {
            Data::Ordinary(ordinary) => Some(ordinary.set(key, value)),
            Data::Array(array) => Some(array.set(key, value)),
            _ => None,
        });
        // The old value is dropped here, while the data is not borrowed.
        old.is_some()
    }

    /// Adds all of these properties to a new plain object or Array.
    pub(super) fn define<H>(&self, properties: crate::structured_clone::Properties<'_, H>)
    where
        H: Heap<Key = JsString, Value = Value>,
    {
        self.change(|data| match data {
            Data::Ordinary(ordinary) => {
                for (key, value) in properties {
                    ordinary.set(key, value);
                }
            }
            Data::Array(array) => {
                for (key, value) in properties {
                    array.set(key, value);
                }
            }
            _ => {}
        });
    }

    /// Sets the names of this shape on a new plain object, or the elements of a new Array.
    pub(super) fn define_all(
        &self,
        shape: Option<&Shape>,
        values: impl ExactSizeIterator<Item = Value>,
    ) {
        // A new object has no old values.
        let _old = self.0.data.replace(Data::of(shape.cloned(), values));
    }

    /// Changes the properties.
    fn change<R>(&self, change: impl FnOnce(&mut Data) -> R) -> R {
        let mut data = self.0.data.borrow_mut();
        data.unpack();
        change(&mut data)
    }

    /// Converts the object to its smallest form.
    pub(super) fn pack(&self) {
        self.0.data.borrow_mut().pack();
    }

    /// Writes the object, if this is the only reference to it and it holds only primitives.
    ///
    /// OPTIMIZATION: most objects are of this kind, and they need no entry in the memory.
    #[inline]
    pub(super) fn write_leaf(&self, out: &mut ValuesOut<'_>) -> Result<bool, CloneError> {
        if Rc::strong_count(&self.0) > 1 {
            return Ok(false);
        }
        match self.0.data.borrow().own() {
            Some(own) => own.write_leaf(out),
            None => Ok(false),
        }
    }

    /// See [`Heap::scan_properties`].
    #[inline]
    pub(super) fn scan(
        &self,
        position: &mut u64,
        out: &mut ValuesOut<'_>,
    ) -> Result<Scan<Self>, CloneError> {
        match self.0.data.borrow().own() {
            Some(own) => own.scan(position, out),
            None => Ok(Scan::End),
        }
    }

    /// Whether the object has references other than one container and this clone.
    #[inline]
    pub(super) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 2
    }

    /// Removes the property `key` and returns its value.
    pub fn remove(&self, key: impl Into<PropertyKey<JsString>>) -> Option<Value> {
        let key = key.into();
        self.change(|data| match data {
            Data::Ordinary(ordinary) => ordinary.remove(&key),
            Data::Array(array) => array.remove(&key),
            _ => None,
        })
    }

    /// The entries of a `Map`.
    #[must_use]
    pub fn map_entries(&self) -> Option<Vec<(Value, Value)>> {
        match &*self.0.data.borrow() {
            Data::Map(entries) => Some(entries.clone()),
            _ => None,
        }
    }

    /// The values of a `Set`.
    #[must_use]
    pub fn set_values(&self) -> Option<Vec<Value>> {
        match &*self.0.data.borrow() {
            Data::Set(values) => Some(values.clone()),
            _ => None,
        }
    }

    /// The primitive of a wrapper object.
    #[must_use]
    pub fn wrapped(&self) -> Option<Value> {
        Some(match &*self.0.data.borrow() {
            Data::Boolean(value) => Value::Boolean(*value),
            Data::Number(value) => Value::Number(*value),
            Data::BigInt(value) => Value::BigInt(value.clone()),
            Data::String(value) => Value::String(value.clone()),
            _ => return None,
        })
    }

    /// The time value of a `Date`.
    #[must_use]
    pub fn time_value(&self) -> Option<f64> {
        match &*self.0.data.borrow() {
            Data::Date(time) => Some(*time),
            _ => None,
        }
    }

    /// The source and flags of a `RegExp`.
    #[must_use]
    pub fn pattern(&self) -> Option<(JsString, JsString)> {
        match &*self.0.data.borrow() {
            Data::RegExp { source, flags } => Some((source.clone(), flags.clone())),
            _ => None,
        }
    }

    /// The data of an error.
    #[must_use]
    pub fn error_data(&self) -> Option<ErrorData> {
        match &*self.0.data.borrow() {
            Data::Error(error) => Some((**error).clone()),
            _ => None,
        }
    }

    /// The bytes of an `ArrayBuffer`, or those that a view on an `ArrayBuffer` covers. `None` if
    /// the buffer is detached.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.with_bytes(<[u8]>::to_vec)
    }

    /// Calls `f` with the bytes that [`bytes`](Self::bytes) would copy.
    pub fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> Option<R> {
        match &*self.0.data.borrow() {
            Data::ArrayBuffer { bytes, .. } => bytes.as_deref().map(f),
            Data::View(view) => {
                let ViewInfo {
                    kind,
                    byte_offset,
                    length,
                    ..
                } = **view;
                let start = usize::try_from(byte_offset).ok()?;
                match &*view.buffer.0.data.borrow() {
                    Data::ArrayBuffer {
                        bytes: Some(bytes), ..
                    } => {
                        let size = kind.element_size();
                        let rest = bytes.get(start..)?;
                        let elements = length.unwrap_or(rest.len() as u64 / size);
                        let length = usize::try_from(elements.checked_mul(size)?).ok()?;
                        rest.get(..length).map(f)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The maximum byte length of a resizable `ArrayBuffer`.
    #[must_use]
    pub fn max_byte_length(&self) -> Option<u64> {
        match &*self.0.data.borrow() {
            Data::ArrayBuffer {
                max_byte_length, ..
            } => *max_byte_length,
            _ => None,
        }
    }

    /// Whether the object is an `ArrayBuffer` that was transferred.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        matches!(*self.0.data.borrow(), Data::ArrayBuffer { bytes: None, .. })
    }

    /// The memory of a `SharedArrayBuffer`.
    #[must_use]
    pub fn shared_memory(&self) -> Option<SharedData> {
        match &*self.0.data.borrow() {
            Data::SharedArrayBuffer(memory) => Some(memory.clone()),
            _ => None,
        }
    }

    /// The range that a typed array or `DataView` covers. The out-of-bounds flag is current as of
    /// this call.
    #[must_use]
    pub fn view_info(&self) -> Option<ViewInfo<Self>> {
        let Data::View(view) = &*self.0.data.borrow() else {
            return None;
        };
        let mut view = (**view).clone();
        let end = view.length.and_then(|length| {
            length
                .checked_mul(view.kind.element_size())?
                .checked_add(view.byte_offset)
        });
        let end = if view.length.is_some() {
            end
        } else {
            Some(view.byte_offset)
        };
        view.out_of_bounds = match &*view.buffer.0.data.borrow() {
            Data::ArrayBuffer { bytes, .. } => match (bytes, end) {
                (Some(bytes), Some(end)) => end > bytes.len() as u64,
                _ => true,
            },
            // Only the heap that shared the memory knows its length.
            _ => false,
        };
        Some(view)
    }

    /// The interface of a platform object.
    #[must_use]
    pub fn interface(&self) -> Option<&'static str> {
        match &*self.0.data.borrow() {
            Data::Platform { interface, .. } => Some(interface),
            _ => None,
        }
    }

    /// The data of a platform object, if it has the type `T`.
    #[must_use]
    pub fn platform_data<T: Any>(&self) -> Option<Rc<T>> {
        match &*self.0.data.borrow() {
            Data::Platform { data, .. } => data.clone().downcast().ok(),
            _ => None,
        }
    }

    /// Removes everything that could refer back to the object. It becomes an empty plain object.
    pub fn clear(&self) {
        // The old data is dropped while nothing is borrowed.
        let _data = self.0.data.replace(Data::Ordinary(Ordinary::default()));
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
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
