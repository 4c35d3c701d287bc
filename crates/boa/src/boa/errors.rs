//! Exceptions of the language.

use std::borrow::Cow;

use boa_engine::{JsError, JsNativeError};

/// Creates a `TypeError`.
pub fn type_error(message: impl Into<Cow<'static, str>>) -> JsError {
    JsNativeError::typ().with_message(message).into()
}

/// Creates a `RangeError`.
pub fn range_error(message: impl Into<Cow<'static, str>>) -> JsError {
    JsNativeError::range().with_message(message).into()
}
