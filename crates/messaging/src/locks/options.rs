//! The options of lock requests, and the errors of [`Messaging::request_lock`](crate::Messaging::request_lock).

use thiserror::Error;

use crate::identity::LockMode;

/// [LockOptions](https://w3c.github.io/web-locks/#dictdef-lockoptions)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockOptions {
    /// The mode of the lock.
    pub mode: LockMode,
    /// Whether the request does not wait.
    pub if_available: bool,
    /// Whether the request takes the lock from its holders.
    pub steal: bool,
    /// Whether a signal may abort the request.
    pub has_signal: bool,
}

impl LockOptions {
    /// An exclusive lock.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the mode.
    #[must_use]
    pub fn mode(mut self, mode: LockMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets whether the request does not wait.
    #[must_use]
    pub fn if_available(mut self, if_available: bool) -> Self {
        self.if_available = if_available;
        self
    }

    /// Sets whether the request takes the lock from its holders.
    #[must_use]
    pub fn steal(mut self, steal: bool) -> Self {
        self.steal = steal;
        self
    }

    /// Sets whether a signal may abort the request.
    #[must_use]
    pub fn has_signal(mut self, has_signal: bool) -> Self {
        self.has_signal = has_signal;
        self
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LockError {
    /// The document is not fully active, or the worker has ended.
    #[error("the document is not fully active, or the worker has ended")]
    NotActive,
    /// The origin is opaque.
    #[error("a document or worker with an opaque origin has no locks")]
    OpaqueOrigin,
    /// The name begins with a hyphen.
    #[error("the name of a lock must not begin with \"-\"")]
    Hyphen,
    /// Both `steal` and `ifAvailable` are set.
    #[error("steal and ifAvailable exclude each other")]
    StealIfAvailable,
    /// `steal` is set for a shared lock.
    #[error("only an exclusive lock can be stolen")]
    StealShared,
    /// There is a signal beside `steal` or `ifAvailable`.
    #[error("a request with steal or ifAvailable takes no signal")]
    SignalWithoutWait,
}

impl LockError {
    /// The name of the [`DOMException`](https://webidl.spec.whatwg.org/#idl-DOMException) that script sees.
    #[must_use]
    pub fn dom_exception_name(self) -> &'static str {
        match self {
            Self::NotActive => "InvalidStateError",
            Self::OpaqueOrigin => "SecurityError",
            _ => "NotSupportedError",
        }
    }
}
