//! The [`Heap`] trait: what structured clone has to know of the values it clones.
//!
//! An embedder implements it for whatever gives access to its values, such as a newtype over
//! `&mut Context`. The algorithms hold nothing of the embedder's while they call it, so every
//! method may run script, and may fail with the embedder's own error, which reaches the caller of
//! the algorithm unchanged.

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
/// A heap's own key type for the names lets it intern them: each distinct name of a message is
/// made into a key only once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PropertyKey<K> {
    /// An array index, 0 to 2³² − 2.
    Index(u32),
    /// Any other string.
    Name(K),
}

/// Whether an object can stand in a transfer list, and whether it can still be transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transferability {
    /// It cannot stand there; a `SharedArrayBuffer` cannot, for one.
    No,
    /// An `ArrayBuffer`, moved by [`Heap::detach_array_buffer`].
    ArrayBuffer {
        /// IsDetachedBuffer.
        detached: bool,
    },
    /// A platform object, moved by [`Heap::transfer_steps`].
    Platform {
        /// `[[Detached]]`.
        detached: bool,
    },
}

/// The properties of one object on their way into it: see [`Heap::define_properties`].
pub struct Properties<'a, H: Heap + ?Sized> {
    pub(super) properties: Drain<'a, (PropertyKey<H::Key>, H::Value)>,
}

impl<H: Heap + ?Sized> Properties<'_, H> {
    /// Whether the keys are the indices below `length`, in their order.
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

/// A key, and the value of its property as of when the keys were taken: see
/// [`Heap::own_enumerable_string_keys`].
pub type OwnKey<H> = (PropertyKey<<H as Heap>::Key>, Option<<H as Heap>::Value>);

/// How far [`Heap::scan_properties`] came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan<O> {
    /// To a property whose key was written and whose value is this object.
    Object(O),
    /// To the end.
    End,
}

/// Access to values, for the algorithms of structured clone.
///
/// The first half reads, the second creates, the third is platform objects and settings.
pub trait Heap {
    /// A value.
    type Value: Clone;
    /// An object; equality is identity.
    type Object: Clone + Eq + Hash;
    /// A string.
    type String: HeapString;
    /// A property name that is not an array index. Comparing two keys should be quick where they
    /// are the same one.
    type Key: Clone + Eq + Hash;
    /// The names of a plain object's properties in their order, which many objects may share.
    /// Clones show the same slice.
    type Shape: Clone + AsRef<[Self::Key]>;
    /// Where objects are created.
    type Realm;
    /// An exception.
    type Error;

    /// What `value` is.
    fn kind(&mut self, value: Self::Value) -> Result<Kind<Self>, Self::Error>;

    /// What `object` is. It runs no script.
    fn class(&mut self, object: &Self::Object) -> Result<Class<Self>, Self::Error>;

    /// Whether something else may refer to `object` than the one place where it was found, so that
    /// it may be met again in this graph, or stand in the transfer list.
    ///
    /// OPTIMIZATION: a heap that counts references can answer no, which saves remembering it.
    fn may_be_shared(&mut self, object: &Self::Object) -> bool {
        let _ = object;
        true
    }

    /// EnumerableOwnProperties(`object`, key): appends the keys in their order, and may give with a
    /// key the value that its property has now, if that is a data property's.
    ///
    /// OPTIMIZATION: values that come with their keys need not be asked for, as long as nothing
    /// has been called meanwhile that may run script.
    fn own_enumerable_string_keys(
        &mut self,
        object: &Self::Object,
        keys: &mut Vec<OwnKey<Self>>,
    ) -> Result<(), Self::Error>;

    /// HasOwnProperty, and Get if so: none if the property has gone meanwhile.
    ///
    /// `position` is the key's place among the keys that were given, for heaps that can use it.
    fn own_property(
        &mut self,
        object: &Self::Object,
        key: &PropertyKey<Self::Key>,
        position: usize,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// Whether nothing can change while this heap is read, because reading runs no script.
    ///
    /// OPTIMIZATION: properties are then read by [`scan_properties`](Self::scan_properties), in
    /// place of a list of keys and a call for each.
    fn is_inert(&self) -> bool {
        false
    }

    /// Writes the properties of `object` from `position` on, in their order, up to the first whose
    /// value is an object. `position` is 0 at first, and otherwise what the last call made of it.
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

    /// Appends `[[MapData]]`, without what was deleted: key, value, key, value, …
    fn map_data(
        &mut self,
        map: &Self::Object,
        entries: &mut Vec<Self::Value>,
    ) -> Result<(), Self::Error>;

    /// Appends `[[SetData]]`, without what was deleted.
    fn set_data(
        &mut self,
        set: &Self::Object,
        entries: &mut Vec<Self::Value>,
    ) -> Result<(), Self::Error>;

    /// Get(`object`, `name`); asked for errors only.
    fn get(&mut self, object: &Self::Object, name: &str) -> Result<Self::Value, Self::Error>;

    /// The value of the own property `name` if it is a data property; asked for errors only.
    fn own_data_property(
        &mut self,
        object: &Self::Object,
        name: &str,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// ToString(`value`).
    fn to_string(&mut self, value: &Self::Value) -> Result<Self::String, Self::Error>;

    /// The `stack` of an error, if it is a string that should travel with it.
    fn error_stack(&mut self, error: &Self::Object) -> Result<Option<Self::String>, Self::Error>;

    /// Appends the bytes of an `ArrayBuffer` that is not detached.
    fn array_buffer_bytes(
        &mut self,
        buffer: &Self::Object,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Self::Error>;

    /// The memory of a `SharedArrayBuffer`, for others to share.
    fn shared_memory(&mut self, buffer: &Self::Object) -> Result<SharedData, Self::Error>;

    /// Makes a value. It is never asked for a [`Kind::Symbol`].
    fn value(&mut self, kind: Kind<Self>) -> Result<Self::Value, Self::Error>;

    /// Makes a string.
    fn string(&mut self, units: CodeUnits<'_>) -> Result<Self::String, Self::Error>;

    /// Makes a property key; asked once for each distinct key of a message.
    fn key(&mut self, units: CodeUnits<'_>) -> Result<PropertyKey<Self::Key>, Self::Error>;

    /// Creates an object in `realm`. What cannot be created (a view beyond its buffer, a pattern
    /// that does not parse, a maximum that is too large) is an error.
    fn create(
        &mut self,
        realm: &Self::Realm,
        new: NewObject<'_, Self>,
    ) -> Result<Self::Object, Failure<Self::Error>>;

    /// CreateDataProperty for each of `properties`, in their order, on an object that
    /// [`create`](Self::create) made: [`NewObject::Ordinary`] or [`NewObject::Array`]. A key that comes twice
    /// has the later value. An index at or above an Array's length makes it longer.
    fn define_properties(
        &mut self,
        object: &Self::Object,
        properties: Properties<'_, Self>,
    ) -> Result<(), Self::Error>;

    /// [`create`](Self::create) and [`define_properties`](Self::define_properties) in one, for a
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

    /// Makes a shape; asked once for each distinct list of names that a message makes known.
    fn shape(&mut self, names: Vec<Self::Key>) -> Result<Self::Shape, Self::Error>;

    /// [`define_properties`](Self::define_properties) for a plain object without properties: the
    /// names of `shape` have these values, of which there are as many.
    fn define_shaped(
        &mut self,
        object: &Self::Object,
        shape: &Self::Shape,
        values: Drain<'_, Self::Value>,
    ) -> Result<(), Self::Error>;

    /// [`define_properties`](Self::define_properties) for an Array of length 0: the indices from
    /// 0 on have these values.
    fn define_elements(
        &mut self,
        array: &Self::Object,
        values: Drain<'_, Self::Value>,
    ) -> Result<(), Self::Error>;

    /// Creates a plain object of this shape, or an Array without one, and fills it by itself:
    /// [`fill`](Self::fill) and [`append`](Self::append) are called for all its values in turn.
    /// None if it would rather be given all values at once, by
    /// [`define_shaped`](Self::define_shaped) and [`define_elements`](Self::define_elements).
    ///
    /// OPTIMIZATION: values that are made where they are to stay need not be moved there.
    #[inline]
    fn create_to_fill(
        &mut self,
        realm: &Self::Realm,
        shape: Option<&Self::Shape>,
    ) -> Result<Option<Self::Object>, Failure<Self::Error>> {
        let _ = (realm, shape);
        Ok(None)
    }

    /// Gives an object that [`create_to_fill`](Self::create_to_fill) created the next values, as
    /// many as `values` has; it does not know how many there will be in all.
    #[inline]
    fn fill(
        &mut self,
        object: &Self::Object,
        values: &mut ValueReader<'_, '_>,
    ) -> Result<(), CloneError> {
        let _ = (object, values);
        Ok(())
    }

    /// Gives an object that [`create_to_fill`](Self::create_to_fill) created the next value.
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

    /// Takes one of the values that the serialization steps gave to [`StateWriter::sub_serialize`], in
    /// their order, once the object exists.
    fn sub_deserialized(
        &mut self,
        object: &Self::Object,
        value: Self::Value,
    ) -> Result<(), Failure<Self::Error>> {
        let _ = (object, value);
        Err(CloneError::UnexpectedSubValue.into())
    }

    /// Whether `object` can be transferred.
    fn transferability(&mut self, object: &Self::Object) -> Transferability;

    /// Moves the memory out of an `ArrayBuffer` and detaches it.
    fn detach_array_buffer(
        &mut self,
        buffer: &Self::Object,
    ) -> Result<Box<dyn ByteBlock>, Self::Error>;

    /// The transfer steps of a transferable platform object; it is detached afterwards.
    fn transfer_steps(
        &mut self,
        object: &Self::Object,
    ) -> Result<TransferDataHolder, Failure<Self::Error>>;

    /// Creates a platform object in `realm` by the transfer-receiving steps of what arrived.
    fn transfer_receiving_steps(
        &mut self,
        realm: &Self::Realm,
        attachment: TransferDataHolder,
    ) -> Result<Self::Object, Failure<Self::Error>>;

    /// The agent cluster of the current realm, if that realm may share memory (its settings
    /// object's cross-origin isolated capability); none otherwise.
    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        None
    }

    /// The agent cluster of `realm`.
    fn agent_cluster_of(&mut self, realm: &Self::Realm) -> Option<AgentCluster> {
        let _ = realm;
        None
    }

    /// How much a message may hold.
    fn limits(&self) -> CloneLimits {
        CloneLimits::DEFAULT
    }

    /// A `"DataCloneError"` `DOMException` in the current realm, or whatever stands for it.
    fn data_clone_error(&mut self, error: CloneError) -> Self::Error;
}
