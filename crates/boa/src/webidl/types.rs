//! The types of [Web IDL](https://webidl.spec.whatwg.org/#idl-types) as Rust types.
//!
//! These types have no values; they are tags. `DomString: ConvertTo<JsString>` means that a
//! `DOMString` can convert to a `JsString`. Functions choose which of the possible Rust types they
//! take. Interfaces, dictionaries, enumerations and unions are their own tags.

use std::marker::PhantomData;

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::Interface;
use super::convert::FromJs;

/// How [overloads](super::overload) and unions recognize the values of a type.
#[derive(Clone, Copy, Debug)]
pub enum Category {
    /// Any value.
    Any,
    /// `boolean`.
    Boolean,
    /// An integer or floating point type.
    Number,
    /// A string type or an enumeration.
    String,
    /// `object`.
    Object,
    /// An interface.
    Interface(&'static Interface),
    /// Objects that pass a test: a buffer type or a hand-written type.
    Objects(fn(&JsObject, &mut Context) -> JsResult<bool>),
    /// A callback function.
    Function,
    /// A sequence.
    Sequence,
    /// A dictionary.
    Dictionary,
    /// A record.
    Record,
}

/// A Web IDL type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of Web IDL",
    note = "a type by hand implements `FromJs`; an interface, a dictionary or an enumeration is in scope under its own name"
)]
pub trait IdlType {
    /// The Rust type of its values, if the steps do not specify one.
    type Value;
    /// How overloads and unions recognize its values.
    const CATEGORY: Category;
    /// Whether null is one of its values.
    const IS_NULLABLE: bool = false;
}

impl<T: FromJs> IdlType for T {
    type Value = T;
    const CATEGORY: Category = <T as FromJs>::CATEGORY;
}

macro_rules! tags {
    ($($(#[$doc:meta])* $tag:ident: $value:ty, $category:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $tag {}

            impl IdlType for $tag {
                type Value = $value;
                const CATEGORY: Category = Category::$category;
            }
        )*
    };
}

tags! {
    /// [`any`](https://webidl.spec.whatwg.org/#idl-any)
    Any: JsValue, Any;
    /// [`object`](https://webidl.spec.whatwg.org/#idl-object)
    Object: JsObject, Object;
    /// [`boolean`](https://webidl.spec.whatwg.org/#idl-boolean)
    Boolean: bool, Boolean;
    /// [`byte`](https://webidl.spec.whatwg.org/#idl-byte)
    Byte: i8, Number;
    /// [`octet`](https://webidl.spec.whatwg.org/#idl-octet)
    Octet: u8, Number;
    /// [`short`](https://webidl.spec.whatwg.org/#idl-short)
    Short: i16, Number;
    /// [`unsigned short`](https://webidl.spec.whatwg.org/#idl-unsigned-short)
    UnsignedShort: u16, Number;
    /// [`long`](https://webidl.spec.whatwg.org/#idl-long)
    Long: i32, Number;
    /// [`unsigned long`](https://webidl.spec.whatwg.org/#idl-unsigned-long)
    UnsignedLong: u32, Number;
    /// [`long long`](https://webidl.spec.whatwg.org/#idl-long-long)
    LongLong: i64, Number;
    /// [`unsigned long long`](https://webidl.spec.whatwg.org/#idl-unsigned-long-long)
    UnsignedLongLong: u64, Number;
    /// [`float`](https://webidl.spec.whatwg.org/#idl-float)
    Float: f32, Number;
    /// [`unrestricted float`](https://webidl.spec.whatwg.org/#idl-unrestricted-float)
    UnrestrictedFloat: f32, Number;
    /// [`double`](https://webidl.spec.whatwg.org/#idl-double)
    Double: f64, Number;
    /// [`unrestricted double`](https://webidl.spec.whatwg.org/#idl-unrestricted-double)
    UnrestrictedDouble: f64, Number;
    /// [`DOMString`](https://webidl.spec.whatwg.org/#idl-DOMString)
    DomString: String, String;
    /// [`USVString`](https://webidl.spec.whatwg.org/#idl-USVString)
    UsvString: String, String;
    /// [`ByteString`](https://webidl.spec.whatwg.org/#idl-ByteString)
    ByteString: String, String;
    /// A [callback function](https://webidl.spec.whatwg.org/#idl-callback-function) with any
    /// signature
    Function: JsObject, Function;
}

macro_rules! wrappers {
    ($($(#[$doc:meta])* $tag:ident<$value:ident>: $rust:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $tag<$value>(PhantomData<$value>);

            impl<$value: IdlType> IdlType for $tag<$value> {
                type Value = $rust;
                const CATEGORY: Category = $value::CATEGORY;
                const IS_NULLABLE: bool = $value::IS_NULLABLE;
            }
        )*
    };
}

wrappers! {
    /// A type with [`[EnforceRange]`](https://webidl.spec.whatwg.org/#EnforceRange)
    EnforceRange<T>: T::Value;
    /// A type with [`[Clamp]`](https://webidl.spec.whatwg.org/#Clamp)
    Clamp<T>: T::Value;
    /// A type with [`[LegacyNullToEmptyString]`](https://webidl.spec.whatwg.org/#LegacyNullToEmptyString)
    NullToEmpty<T>: T::Value;
    /// An optional argument without a default
    Optional<T>: Option<T::Value>;
    /// An optional sequence with an empty sequence as its default
    OrEmpty<T>: T::Value;
    /// All remaining arguments
    Variadic<T>: Vec<T::Value>;
}

/// A [nullable type](https://webidl.spec.whatwg.org/#idl-nullable-type).
#[derive(Debug)]
pub struct Nullable<T>(PhantomData<T>);

impl<T: IdlType> IdlType for Nullable<T> {
    type Value = Option<T::Value>;
    const CATEGORY: Category = T::CATEGORY;
    const IS_NULLABLE: bool = true;
}

/// A [sequence](https://webidl.spec.whatwg.org/#idl-sequence).
#[derive(Debug)]
pub struct Sequence<T>(PhantomData<T>);

impl<T: IdlType> IdlType for Sequence<T> {
    type Value = Vec<T::Value>;
    const CATEGORY: Category = Category::Sequence;
}

/// A [frozen array](https://webidl.spec.whatwg.org/#idl-frozen-array).
#[derive(Debug)]
pub struct FrozenArray<T>(PhantomData<T>);

impl<T: IdlType> IdlType for FrozenArray<T> {
    type Value = Vec<T::Value>;
    const CATEGORY: Category = Category::Sequence;
}

/// A [record](https://webidl.spec.whatwg.org/#idl-record).
#[derive(Debug)]
pub struct Record<K, V>(PhantomData<(K, V)>);

impl<K: IdlType, V: IdlType> IdlType for Record<K, V> {
    type Value = Vec<(K::Value, V::Value)>;
    const CATEGORY: Category = Category::Record;
}
