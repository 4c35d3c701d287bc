//! The errors of the methods of `Storage` objects.

use thiserror::Error;

use super::StorageText;

/// Why storage cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The origin of the window is opaque.
    #[error("a document with an opaque origin has no storage")]
    OpaqueOrigin,
    /// The window is gone.
    #[error("the window is gone, and with it its storage")]
    WindowGone,
    /// The area would be larger than its quota.
    #[error("setting {key:?} needs {requested} bytes, but the quota is {quota} bytes")]
    QuotaExceeded {
        /// The key.
        key: StorageText,
        /// The quota of the area, in bytes.
        quota: usize,
        /// The size that the area would have, in bytes.
        requested: usize,
    },
}

impl StorageError {
    /// The name of the [`DOMException`](https://webidl.spec.whatwg.org/#idl-DOMException) that script sees.
    #[must_use]
    pub fn dom_exception_name(&self) -> &'static str {
        match self {
            Self::OpaqueOrigin | Self::WindowGone => "SecurityError",
            Self::QuotaExceeded { .. } => "QuotaExceededError",
        }
    }
}
