//! Values in plain Rust: messages for programs without a script engine.
//!
//! A [`Value`] is a primitive or an [`Object`] with identity. A clone of an `Object` is the same
//! object, and `==` compares identities. Values are data only: no getters, no prototypes.
//!
//! Objects are reference-counted, so a cycle of objects is never freed. Break it with
//! [`Object::clear`]. Dropping a value does not recurse deeply.
//!
//! Every type that implements [`ValueHost`] is a [`Heap`](crate::structured_clone::Heap) of these
//! values. The host provides the platform objects, such as ports; values hold them as opaque data.
//! [`ValueHeap`] is the host without platform objects, and [`HostHeap`] is the host with ports.
//!
//! Rejected design: a struct with a table of hooks. It would borrow its owner's port table for its
//! whole lifetime, but the algorithms must not hold that table.

mod convert;
mod data;
mod debug;
mod drop;
mod fill;
mod heap;
mod host_heap;
mod indexed;
mod named;
mod object;
mod packed;
mod properties;
#[cfg(feature = "serde")]
mod serde;
mod string;

use crate::structured_clone::BigInt;

pub use heap::{ValueHeap, ValueHost};
pub use host_heap::HostHeap;
pub use object::{ErrorData, Object};
#[cfg(feature = "serde")]
pub use serde::{MAX_SERDE_DEPTH, SerdeError, from_value, to_value};
pub use string::JsString;

/// A value. Objects compare by identity; NaN is not equal to itself.
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `undefined`.
    #[default]
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
    String(JsString),
    /// An object.
    Object(Object),
}
