//! The kinds of values and the classes of objects that structured clone distinguishes.

use std::fmt;

use super::bigint::BigInt;
use super::heap::Heap;
use super::message::{ByteBlock, SharedData};
use super::units::HeapString;

/// A value: a primitive, or an object. [`Heap::class`] returns the [`Class`] of an object.
pub enum Kind<H: Heap + ?Sized> {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A BigInt.
    BigInt(BigInt),
    /// A string.
    String(H::String),
    /// A symbol, which cannot be cloned, with its description for the error.
    Symbol(String),
    /// An object.
    Object(H::Object),
}

/// The class of an object, by the internal slots that the standard checks, in the same order.
pub enum Class<H: Heap + ?Sized> {
    /// `[[BooleanData]]`: a Boolean object.
    Boolean(bool),
    /// `[[NumberData]]`: a Number object.
    Number(f64),
    /// `[[BigIntData]]`: a BigInt object.
    BigInt(BigInt),
    /// `[[StringData]]`: a String object.
    String(H::String),
    /// `[[DateValue]]`: a date, with its time value.
    Date(f64),
    /// `[[RegExpMatcher]]`: a regular expression.
    RegExp {
        /// `[[OriginalSource]]`.
        source: H::String,
        /// `[[OriginalFlags]]`.
        flags: H::String,
    },
    /// `[[ArrayBufferData]]`, not shared.
    ArrayBuffer(BufferInfo),
    /// `[[ArrayBufferData]]`, shared; of fixed length or growable.
    SharedArrayBuffer,
    /// `[[ViewedArrayBuffer]]`: a typed array or a `DataView`.
    View(ViewInfo<H::Object>),
    /// `[[MapData]]`.
    Map,
    /// `[[SetData]]`.
    Set,
    /// `[[ErrorData]]`, and not a platform object.
    Error,
    /// An Array exotic object, with its `length`.
    Array(u32),
    /// A serializable platform object, by its primary interface.
    Serializable(&'static str),
    /// Any other platform object, by its primary interface.
    Platform(String),
    /// An ordinary object without internal slots that the standard would refuse it for
    /// (`%Object.prototype%` counts as one).
    Ordinary,
    /// Anything else, such as a function, a proxy or a promise, with its description for the error,
    /// such as `#<Promise>`.
    Other(String),
}

/// The lengths of an `ArrayBuffer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferInfo {
    /// `[[ArrayBufferByteLength]]`.
    pub byte_length: u64,
    /// `[[ArrayBufferMaxByteLength]]` of a resizable buffer.
    pub max_byte_length: Option<u64>,
    /// Whether it is detached.
    pub detached: bool,
}

/// The constructor of an array buffer view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the constructors' own")]
pub enum ViewKind {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float16Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
}

impl ViewKind {
    /// All kinds, in the order of their numbers in the wire form.
    pub const ALL: [Self; 13] = [
        Self::Int8Array,
        Self::Uint8Array,
        Self::Uint8ClampedArray,
        Self::Int16Array,
        Self::Uint16Array,
        Self::Int32Array,
        Self::Uint32Array,
        Self::Float16Array,
        Self::Float32Array,
        Self::Float64Array,
        Self::BigInt64Array,
        Self::BigUint64Array,
        Self::DataView,
    ];

    /// The bytes of one element; 1 for a `DataView`.
    #[must_use]
    pub const fn element_size(self) -> u64 {
        match self {
            Self::Int8Array | Self::Uint8Array | Self::Uint8ClampedArray | Self::DataView => 1,
            Self::Int16Array | Self::Uint16Array | Self::Float16Array => 2,
            Self::Int32Array | Self::Uint32Array | Self::Float32Array => 4,
            Self::Float64Array | Self::BigInt64Array | Self::BigUint64Array => 8,
        }
    }
}

/// A view of a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewInfo<O> {
    /// The constructor.
    pub kind: ViewKind,
    /// `[[ViewedArrayBuffer]]`.
    pub buffer: O,
    /// `[[ByteOffset]]`.
    pub byte_offset: u64,
    /// The number of elements, or of bytes for a `DataView`; `None` if the view tracks the length of
    /// its buffer.
    pub length: Option<u64>,
    /// IsArrayBufferViewOutOfBounds, which is true for a detached buffer. It is ignored when a view
    /// is created.
    pub out_of_bounds: bool,
}

/// The native error constructors, which a clone keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the constructors' own")]
pub enum NativeErrorKind {
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
}

impl NativeErrorKind {
    /// All kinds, in the order of their numbers in the wire form.
    pub const ALL: [Self; 7] = [
        Self::Error,
        Self::EvalError,
        Self::RangeError,
        Self::ReferenceError,
        Self::SyntaxError,
        Self::TypeError,
        Self::URIError,
    ];

    /// The constructor's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::EvalError => "EvalError",
            Self::RangeError => "RangeError",
            Self::ReferenceError => "ReferenceError",
            Self::SyntaxError => "SyntaxError",
            Self::TypeError => "TypeError",
            Self::URIError => "URIError",
        }
    }
}

/// An object to create in the target realm.
pub enum NewObject<'a, H: Heap + ?Sized> {
    /// A Boolean object.
    Boolean(bool),
    /// A Number object.
    Number(f64),
    /// A BigInt object.
    BigInt(BigInt),
    /// A String object.
    String(H::String),
    /// A `Date` of this time value.
    Date(f64),
    /// A `RegExp` with `lastIndex` 0.
    RegExp {
        /// `[[OriginalSource]]`.
        source: H::String,
        /// `[[OriginalFlags]]`.
        flags: H::String,
    },
    /// An `ArrayBuffer` with a copy of these bytes, resizable if it has a maximum.
    ArrayBuffer {
        /// The bytes.
        bytes: &'a [u8],
        /// The maximum length of a resizable buffer.
        max_byte_length: Option<u64>,
    },
    /// A transferred `ArrayBuffer`, resizable if it has a maximum. See
    /// [`take_block`](super::take_block).
    MovedArrayBuffer {
        /// The bytes.
        block: Box<dyn ByteBlock>,
        /// The maximum length of a resizable buffer.
        max_byte_length: Option<u64>,
    },
    /// A `SharedArrayBuffer` with the memory that [`Heap::shared_memory`] returned.
    SharedArrayBuffer(SharedData),
    /// A typed array or a `DataView`.
    View(ViewInfo<H::Object>),
    /// An empty `Map`.
    Map,
    /// An empty `Set`.
    Set,
    /// An error with `message` and `stack` as its own data properties, not enumerable.
    Error {
        /// The constructor.
        kind: NativeErrorKind,
        /// `message`, if it is an own property.
        message: Option<H::String>,
        /// `stack`, if the sender provided one.
        stack: Option<H::String>,
    },
    /// An Array of this length. The length comes from the message: do not allocate that much.
    Array(u32),
    /// A plain object.
    Ordinary,
}

// `Debug` shows the kind, and the value of a primitive. It needs no traits of the heap's types.

impl<H: Heap + ?Sized> fmt::Debug for Kind<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => f.write_str("Undefined"),
            Self::Null => f.write_str("Null"),
            Self::Boolean(value) => f.debug_tuple("Boolean").field(value).finish(),
            Self::Number(value) => f.debug_tuple("Number").field(value).finish(),
            Self::BigInt(value) => f.debug_tuple("BigInt").field(value).finish(),
            Self::String(value) => f.debug_tuple("String").field(&value.units()).finish(),
            Self::Symbol(text) => f.debug_tuple("Symbol").field(text).finish(),
            Self::Object(_) => f.write_str("Object"),
        }
    }
}

impl<H: Heap + ?Sized> fmt::Debug for Class<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => f.debug_tuple("Boolean").field(value).finish(),
            Self::Number(value) => f.debug_tuple("Number").field(value).finish(),
            Self::BigInt(value) => f.debug_tuple("BigInt").field(value).finish(),
            Self::String(value) => f.debug_tuple("String").field(&value.units()).finish(),
            Self::Date(time) => f.debug_tuple("Date").field(time).finish(),
            Self::RegExp { source, flags } => f
                .debug_struct("RegExp")
                .field("source", &source.units())
                .field("flags", &flags.units())
                .finish(),
            Self::ArrayBuffer(info) => f.debug_tuple("ArrayBuffer").field(info).finish(),
            Self::SharedArrayBuffer => f.write_str("SharedArrayBuffer"),
            Self::View(view) => f.debug_tuple("View").field(&view.kind).finish(),
            Self::Map => f.write_str("Map"),
            Self::Set => f.write_str("Set"),
            Self::Error => f.write_str("Error"),
            Self::Array(length) => f.debug_tuple("Array").field(length).finish(),
            Self::Serializable(interface) => {
                f.debug_tuple("Serializable").field(interface).finish()
            }
            Self::Platform(interface) => f.debug_tuple("Platform").field(interface).finish(),
            Self::Ordinary => f.write_str("Ordinary"),
            Self::Other(text) => f.debug_tuple("Other").field(text).finish(),
        }
    }
}

impl<H: Heap + ?Sized> fmt::Debug for NewObject<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => f.debug_tuple("Boolean").field(value).finish(),
            Self::Number(value) => f.debug_tuple("Number").field(value).finish(),
            Self::BigInt(value) => f.debug_tuple("BigInt").field(value).finish(),
            Self::String(value) => f.debug_tuple("String").field(&value.units()).finish(),
            Self::Date(time) => f.debug_tuple("Date").field(time).finish(),
            Self::RegExp { source, flags } => f
                .debug_struct("RegExp")
                .field("source", &source.units())
                .field("flags", &flags.units())
                .finish(),
            Self::ArrayBuffer { bytes, .. } => {
                f.debug_tuple("ArrayBuffer").field(&bytes.len()).finish()
            }
            Self::MovedArrayBuffer { block, .. } => f
                .debug_tuple("MovedArrayBuffer")
                .field(&block.bytes().len())
                .finish(),
            Self::SharedArrayBuffer(_) => f.write_str("SharedArrayBuffer"),
            Self::View(view) => f.debug_tuple("View").field(&view.kind).finish(),
            Self::Map => f.write_str("Map"),
            Self::Set => f.write_str("Set"),
            Self::Error { kind, .. } => f.debug_tuple("Error").field(kind).finish(),
            Self::Array(length) => f.debug_tuple("Array").field(length).finish(),
            Self::Ordinary => f.write_str("Ordinary"),
        }
    }
}
