//! Values of plain Rust: what a page's messages are to a program without a script engine.
//!
//! A [`Value`] is a primitive or an [`Object`] with identity: cloning an `Object` gives the same
//! object, `==` compares identities. There are no getters and no prototypes here, only data.
//!
//! Objects are reference-counted. A cycle of objects is never freed by itself; take it apart with
//! [`Object::clear`] when that matters. Dropping is iterative, however deep the value.
//!
//! The [`Heap`](crate::Heap) of these values is written once, for everything that implements
//! [`ValueHost`]: that is where platform objects (ports, most of all) come in, which these values
//! carry without knowing them. [`ValueHeap`] is the host that has none.
//! Considered instead: a struct that owns a table of hooks. It would have to borrow its owner's
//! port table for as long as it exists, and the algorithms must not hold that table.

mod convert;
mod data;
mod debug;
mod drop;
mod fill;
mod heap;
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
pub use object::{ErrorData, Object};
#[cfg(feature = "serde")]
pub use serde::{DEEPEST as SERDE_DEEPEST, SerdeError, from_value, to_value};
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
