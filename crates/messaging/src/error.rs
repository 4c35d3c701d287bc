//! What messaging refuses, and the DOM's names for it.

use thiserror::Error;

/// Why a message was refused before it was posted. Values that cannot be serialized are
/// [`CloneError`](crate::CloneError)s instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MessagingError {
    /// A target origin that is neither `*` nor `/` nor a URL.
    #[error("invalid target origin {0:?}")]
    InvalidTargetOrigin(String),
    /// The transfer list has the port that the message is posted on.
    #[error("the transfer list contains the port that the message is posted on")]
    SourcePortInTransfer,
    /// The broadcast channel was closed.
    #[error("the broadcast channel is closed")]
    BroadcastChannelClosed,
}

impl MessagingError {
    /// The name of the [`DOMException`](https://webidl.spec.whatwg.org/#idl-DOMException) that
    /// script sees.
    #[must_use]
    pub fn dom_exception_name(&self) -> &'static str {
        match self {
            Self::InvalidTargetOrigin(_) => "SyntaxError",
            Self::SourcePortInTransfer => "DataCloneError",
            Self::BroadcastChannelClosed => "InvalidStateError",
        }
    }
}
