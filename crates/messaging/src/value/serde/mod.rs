//! Converts between [`Value`] and types that implement serde's traits. Requires the feature
//! `serde`.
//!
//! | serde | value |
//! | --- | --- |
//! | `bool`, `char`, strings | boolean, string |
//! | integers up to 2⁵³ − 1, floats | number |
//! | other integers | BigInt |
//! | bytes | `ArrayBuffer` |
//! | sequences, tuples | Array |
//! | structs, and maps whose keys are strings or integers | plain object |
//! | unit, `None` | `undefined` |
//! | an enum's variant | its name; or an object with its name as the one key |
//!
//! Conversion from a value also accepts `null`, `Map`, `Set`, wrapper objects, typed arrays and
//! dates (as numbers). Identity is lost: an object that occurs twice is converted twice. A cycle is
//! an error, because the depth is limited.

mod de;
mod ser;

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::Value;

/// The maximum depth of a converted value. serde recurses, and the stack is limited.
pub const MAX_SERDE_DEPTH: usize = 128;

/// Why a value could not be converted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SerdeError {
    /// An error from a type's own `Serialize` or `Deserialize`.
    #[error("{0}")]
    Custom(String),
    /// The value is deeper than [`MAX_SERDE_DEPTH`], or it contains itself.
    #[error("the value is more than {MAX_SERDE_DEPTH} levels deep")]
    TooDeep,
    /// A map's key is neither a string nor an integer.
    #[error("a map's key is not a string or an integer")]
    Key,
    /// The string has a lone surrogate, which a Rust string cannot hold.
    #[error("the string {0} has a lone surrogate")]
    LoneSurrogate(String),
    /// The object has no counterpart in serde, or it is a sparse Array.
    #[error("serde has no type for {0}")]
    Unsupported(String),
}

impl serde::ser::Error for SerdeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

impl serde::de::Error for SerdeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

/// Converts `data` to a value.
///
/// ```
/// use framepost_messaging::Value;
/// use framepost_messaging::value::{from_value, to_value};
///
/// #[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
/// struct Point { x: f64, label: Option<String> }
///
/// let point = Point { x: 0.5, label: None };
/// let value = to_value(&point)?;
/// assert_eq!(value.get("x"), Some(Value::from(0.5)));
/// assert_eq!(from_value::<Point>(&value)?, point);
/// # Ok::<(), framepost_messaging::value::SerdeError>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, SerdeError> {
    data.serialize(ser::Serializer { depth: 0 })
}

/// Converts `value` to a `T`.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, SerdeError> {
    T::deserialize(de::Deserializer {
        value: value.clone(),
        depth: 0,
    })
}

/// Returns the next depth, or an error if it exceeds the limit.
fn deeper(depth: usize) -> Result<usize, SerdeError> {
    match depth < MAX_SERDE_DEPTH {
        true => Ok(depth + 1),
        false => Err(SerdeError::TooDeep),
    }
}
