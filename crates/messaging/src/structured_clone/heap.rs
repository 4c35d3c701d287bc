//! The [`Heap`] trait: access to the values that structured clone reads and creates.
//!
//! An embedder implements it for something that gives access to its values, such as a newtype over
//! `&mut Context`. The algorithms borrow none of the embedder's state while they call it. So each method
//! may run script, and may fail with the embedder's own error, which reaches the caller unchanged.

use std::fmt;
use std::hash::Hash;
use std::vec::Drain;

use super::class::{Class, Kind, NewObject};
use super::error::{CloneError, CloneLimits, Failure};
use super::message::{AgentCluster, ByteBlock, SharedData, TransferDataHolder};
use super::platform::{StateReader, StateWriter};
use super::property_writer::PropertyWriter;
use super::units::{CodeUnits, HeapString};
use super::value_reader::ValueReader;

/// A property key that is not a symbol: an array index, or any other string.
///
/// `K` is the heap's key type, so that it can intern names: each distinct name of a message is converted
/// to a key once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PropertyKey<K> {
    /// An array index, 0 to 2³² − 2.
    Index(u32),
    /// Any other string.
    Name(K),
}

/// Whether an object is transferable, and whether it is detached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transferability {
    /// It is not transferable. A `SharedArrayBuffer` is not.
    No,
    /// An `ArrayBuffer`, which [`Heap::detach_array_buffer`] moves.
    ArrayBuffer {
        /// IsDetachedBuffer.
        detached: bool,
    },
    /// A platform object, which [`Heap::transfer_steps`] moves.
    Platform {
        /// `[[Detached]]`.
        detached: bool,
    },
}

/// The properties to define on one object: see [`Heap::define_properties`].
pub struct Properties<'a, H: Heap + ?Sized> {
    pub(super) properties: Drain<'a, (PropertyKey<H::Key>, H::Value)>,
}

impl<H: Heap + ?Sized> Properties<'_, H> {
    /// Whether the keys are the indices from 0 to `length` − 1, in order.
    #[must_use]
    pub fn are_elements(&self, length: u32) -> bool {
        let properties = self.properties.as_slice();
        let mut numbered = (0..length).zip(properties);
        properties.len() == length as usize
            && numbered.all(|(index, (key, _))| *key == PropertyKey::Index(index))
    }
}

impl<H: Heap + ?Sized> Iterator for Properties<'_, H> {
    type Item = (PropertyKey<H::Key>, H::Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.properties.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.properties.size_hint()
    }
}

impl<H: Heap + ?Sized> ExactSizeIterator for Properties<'_, H> {}

impl<H: Heap + ?Sized> fmt::Debug for Properties<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Properties({})", self.properties.len())
    }
}

/// A key, and optionally the value that its property had when the keys were listed: see
/// [`Heap::own_enumerable_string_keys`].
pub type OwnKey<H> = (PropertyKey<<H as Heap>::Key>, Option<<H as Heap>::Value>);

/// Where [`Heap::scan_properties`] stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan<O> {
    /// At a property whose key is written and whose value is this object.
    Object(O),
    /// At the end.
    End,
}

/// Access to values, for the algorithms of structured clone.
///
/// The first part reads values, the second creates them, the third handles platform objects and
/// settings. Look at the [toy engine's heap](https://github.com/framepost/framepost/blob/main/crates/messaging/examples/toy_engine/heap.rs)
/// for a short one. A heap that works passes `conformance::check_heap` and `check_depth`
/// (feature `conformance`). Values may be very deep: neither these methods nor the drop of a value may recurse over them.
pub trait Heap {
    /// A value.
    type Value: Clone;
    /// An object. Equality is identity.
    type Object: Clone + Eq + Hash;
    /// A string.
    type String: HeapString;
    /// A property name that is not an array index. Comparing a key with a clone of it should be
    /// fast.
    type Key: Clone + Eq + Hash;
    /// The property names of a plain object in order. Many objects may share a shape. Clones return
    /// the same slice. `Rc<[Self::Key]>` is one.
    type Shape: Clone + AsRef<[Self::Key]> + From<Vec<Self::Key>>;
    /// A realm, in which objects are created.
    type Realm;
    /// An exception.
    type Error;

    /// The kind of `value`.
    fn kind(&mut self, value: Self::Value) -> Result<Kind<Self>, Self::Error>;

    /// The class of `object`. This runs no script.
    fn class(&mut self, object: &Self::Object) -> Result<Class<Self>, Self::Error>;

    /// Whether `object` may have another reference than the one by which it was found. Only then can
    /// it occur again in the graph or in the transfer list.
    ///
    /// OPTIMIZATION: a heap that counts references can return false if the count is one. The object then
    /// needs no entry in memory. Any other heap keeps the default.
    fn may_be_shared(&mut self, object: &Self::Object) -> bool {
        let _ = object;
        true
    }

    /// EnumerableOwnProperties(`object`, key): appends the keys in order. A key may come with the
    /// current value of its property, if that is a data property.
    ///
    /// OPTIMIZATION: such a value is used without another call, unless a call that may run script
    /// comes first. So a heap reads an Array without holes in one call: it appends all its elements.
    fn own_enumerable_string_keys(
        &mut self,
        object: &Self::Object,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> Result<(), Self::Error>;

    /// HasOwnProperty, then Get; `None` if the property does not exist any more.
    ///
    /// `position` is the index of the key in the list of keys, as a hint.
    fn own_property(
        &mut self,
        object: &Self::Object,
        key: &PropertyKey<Self::Key>,
        position: usize,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// Whether reading this heap runs no script, so that nothing changes meanwhile.
    ///
    /// OPTIMIZATION: [`scan_properties`](Self::scan_properties) then replaces the list of keys and
    /// the call for each key.
    fn is_inert(&self) -> bool {
        false
    }

    /// Writes the properties of `object` from `position` on, in order, up to the first whose value
    /// is an object. `position` is 0 in the first call and then the value that the last call left.
    ///
    /// It is called only if the heap [is inert](Self::is_inert).
    fn scan_properties(
        &mut self,
        object: &Self::Object,
        position: &mut u64,
        out: &mut PropertyWriter<'_, Self::Key, Self::Shape>,
    ) -> Result<Scan<Self::Object>, CloneError> {
        let _ = (object, position, out);
        Ok(Scan::End)
    }

    /// The key as a string.
    fn key_string(&mut self, key: &Self::Key) -> Self::String;

    /// Appends the entries of `[[MapData]]` that are not deleted: key, value, key, value, …
    fn map_data(
        &mut self,
        map: &Self::Object,
        entries: &mut Vec<Self::Value>,
    ) -> Result<(), Self::Error>;

    /// Appends the entries of `[[SetData]]` that are not deleted.
    fn set_data(
        &mut self,
        set: &Self::Object,
        entries: &mut Vec<Self::Value>,
    ) -> Result<(), Self::Error>;

    /// Get(`object`, `name`). It is called for errors only.
    fn get(&mut self, object: &Self::Object, name: &str) -> Result<Self::Value, Self::Error>;

    /// The value of the own property `name`, if it is a data property. It is called for errors only.
    fn own_data_property(
        &mut self,
        object: &Self::Object,
        name: &str,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// ToString(`value`).
    fn to_string(&mut self, value: &Self::Value) -> Result<Self::String, Self::Error>;

    /// The `stack` of an error, if it is a string to send along.
    fn error_stack(&mut self, error: &Self::Object) -> Result<Option<Self::String>, Self::Error> {
        let _ = error;
        Ok(None)
    }

    /// Appends the bytes of an `ArrayBuffer` that is not detached. A language with buffers implements it.
    fn array_buffer_bytes(
        &mut self,
        buffer: &Self::Object,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Self::Error> {
        let _ = (buffer, bytes);
        Err(self.data_clone_error(CloneError::NotSerializable("ArrayBuffer".to_owned())))
    }

    /// The memory of a `SharedArrayBuffer`. A language with shared memory implements it.
    fn shared_memory(&mut self, buffer: &Self::Object) -> Result<SharedData, Self::Error> {
        let _ = buffer;
        let interface = "SharedArrayBuffer".to_owned();
        Err(self.data_clone_error(CloneError::NotSerializable(interface)))
    }

    /// Creates a value. The kind is never [`Kind::Symbol`].
    fn value(&mut self, kind: Kind<Self>) -> Result<Self::Value, Self::Error>;

    /// Creates a string.
    fn string(&mut self, units: CodeUnits<'_>) -> Result<Self::String, Self::Error>;

    /// Creates a property key. It is called once for each distinct key of a message.
    fn key(&mut self, units: CodeUnits<'_>) -> Result<PropertyKey<Self::Key>, Self::Error>;

    /// Creates an object in `realm`. It fails if the object cannot be created: a view beyond its
    /// buffer, a pattern that does not parse, a maximum length that is too large.
    fn create(
        &mut self,
        realm: &Self::Realm,
        new: NewObject<'_, Self>,
    ) -> Result<Self::Object, Failure<Self::Error>>;

    /// CreateDataProperty for each of `properties`, in order, on an object of [`create`](Self::create):
    /// a [`NewObject::Ordinary`] or a [`NewObject::Array`]. If a key occurs twice, its last value applies. An index
    /// at or above an Array's length makes the Array longer.
    fn define_properties(
        &mut self,
        object: &Self::Object,
        properties: Properties<'_, Self>,
    ) -> Result<(), Self::Error>;

    /// [`create`](Self::create) and [`define_properties`](Self::define_properties) in one call, for a
    /// plain object, or an Array of this length, that nothing refers to before it is complete.
    fn create_complete(
        &mut self,
        realm: &Self::Realm,
        length: Option<u32>,
        properties: Properties<'_, Self>,
    ) -> Result<Self::Object, Failure<Self::Error>> {
        let object = self.create(realm, length.map_or(NewObject::Ordinary, NewObject::Array))?;
        self.define_properties(&object, properties)
            .map_err(Failure::Heap)?;
        Ok(object)
    }

    /// Creates a shape. It is called once for each shape of a message.
    fn shape(&mut self, names: Vec<Self::Key>) -> Result<Self::Shape, Self::Error> {
        Ok(names.into())
    }

    /// [`define_properties`](Self::define_properties) for a plain object without properties. `values`
    /// has one value for each name of `shape`.
    fn define_shaped(
        &mut self,
        object: &Self::Object,
        shape: &Self::Shape,
        values: Drain<'_, Self::Value>,
    ) -> Result<(), Self::Error> {
        let names = shape.as_ref().iter().cloned().map(PropertyKey::Name);
        let mut properties: Vec<_> = names.zip(values).collect();
        let properties = properties.drain(..);
        self.define_properties(object, Properties { properties })
    }

    /// [`define_properties`](Self::define_properties) for an Array of length 0. `values` are those of
    /// the indices from 0.
    fn define_elements(
        &mut self,
        array: &Self::Object,
        values: Drain<'_, Self::Value>,
    ) -> Result<(), Self::Error> {
        let indices = (0..u32::MAX).map(PropertyKey::Index);
        let mut properties: Vec<_> = indices.zip(values).collect();
        let properties = properties.drain(..);
        self.define_properties(array, Properties { properties })
    }

    /// Creates a plain object of this shape, or an Array if there is no shape, which the heap fills
    /// itself: [`fill`](Self::fill) and [`append`](Self::append) follow for its values. With `None`
    /// the heap gets all values at once, by [`define_shaped`](Self::define_shaped) and
    /// [`define_elements`](Self::define_elements).
    ///
    /// OPTIMIZATION: a value that is created in its place is not moved.
    #[inline]
    fn create_to_fill(
        &mut self,
        realm: &Self::Realm,
        shape: Option<&Self::Shape>,
    ) -> Result<Option<Self::Object>, Failure<Self::Error>> {
        let _ = (realm, shape);
        Ok(None)
    }

    /// Adds the next values to an object of [`create_to_fill`](Self::create_to_fill), as many as
    /// `values` has. More may follow.
    #[inline]
    fn fill(
        &mut self,
        object: &Self::Object,
        values: &mut ValueReader<'_, '_>,
    ) -> Result<(), CloneError> {
        let _ = (object, values);
        Ok(())
    }

    /// Adds the next value to an object of [`create_to_fill`](Self::create_to_fill).
    #[inline]
    fn append(&mut self, object: &Self::Object, value: Kind<Self>) -> Result<(), Self::Error> {
        let _ = (object, value);
        Ok(())
    }

    /// Appends to the `[[MapData]]` of a map that is being created.
    fn map_append(
        &mut self,
        map: &Self::Object,
        key: Self::Value,
        value: Self::Value,
    ) -> Result<(), Self::Error>;

    /// Appends to the `[[SetData]]` of a set that is being created.
    fn set_append(&mut self, set: &Self::Object, value: Self::Value) -> Result<(), Self::Error>;

    /// Defines `cause` on an error that is being created.
    fn define_cause(&mut self, error: &Self::Object, cause: Self::Value)
    -> Result<(), Self::Error>;

    /// The serialization steps of a serializable platform object.
    fn serialization_steps(
        &mut self,
        interface: &'static str,
        object: &Self::Object,
        out: &mut StateWriter<'_, Self::Value>,
    ) -> Result<(), Failure<Self::Error>> {
        let _ = (object, out);
        Err(CloneError::NotSerializable(interface.to_owned()).into())
    }

    /// Creates a platform object in `realm` by the deserialization steps of `interface`.
    fn deserialization_steps(
        &mut self,
        interface: &str,
        realm: &Self::Realm,
        input: &mut StateReader<'_, '_>,
    ) -> Result<Self::Object, Failure<Self::Error>> {
        let _ = (realm, input);
        Err(CloneError::NotExposed(interface.to_owned()).into())
    }

    /// Receives one of the values that the serialization steps gave to
    /// [`StateWriter::sub_serialize`], in the same order, when the object exists.
    fn sub_deserialized(
        &mut self,
        object: &Self::Object,
        value: Self::Value,
    ) -> Result<(), Failure<Self::Error>> {
        let _ = (object, value);
        Err(CloneError::UnexpectedSubValue.into())
    }

    /// Whether `object` is transferable and detached.
    fn transferability(&mut self, object: &Self::Object) -> Transferability;

    /// Moves the memory out of an `ArrayBuffer` and detaches it. A language with buffers implements it.
    fn detach_array_buffer(
        &mut self,
        buffer: &Self::Object,
    ) -> Result<Box<dyn ByteBlock>, Self::Error> {
        let _ = buffer;
        Err(self.data_clone_error(CloneError::NotSerializable("ArrayBuffer".to_owned())))
    }

    /// The transfer steps of a transferable platform object. It is detached afterwards.
    fn transfer_steps(
        &mut self,
        object: &Self::Object,
    ) -> Result<TransferDataHolder, Failure<Self::Error>>;

    /// Creates a platform object in `realm` by the transfer-receiving steps of its interface.
    fn transfer_receiving_steps(
        &mut self,
        realm: &Self::Realm,
        attachment: TransferDataHolder,
    ) -> Result<Self::Object, Failure<Self::Error>>;

    /// The agent cluster of the current realm, if that realm may share memory (the cross-origin
    /// isolated capability of its settings object).
    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        None
    }

    /// The agent cluster of `realm`.
    fn agent_cluster_of(&mut self, realm: &Self::Realm) -> Option<AgentCluster> {
        let _ = realm;
        None
    }

    /// The limits on one message.
    fn limits(&self) -> CloneLimits {
        CloneLimits::DEFAULT
    }

    /// Creates the exception: a `"DataCloneError"` `DOMException` in the current realm. The algorithms know only the realm
    /// for which a message is read, and not that of the function which the page called.
    fn data_clone_error(&mut self, error: CloneError) -> Self::Error;
}
