//! The errors of posting, and their names in the DOM.

use thiserror::Error;

/// Why a post was refused. A value that cannot be serialized is a
/// [`CloneError`](crate::structured_clone::CloneError) instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MessagingError {
    /// The target origin is neither `*` nor `/` nor a URL.
    #[error("invalid target origin {0:?}")]
    InvalidTargetOrigin(String),
    /// The transfer list contains the port that the message is posted on.
    #[error("the transfer list contains the port that the message is posted on")]
    SourcePortInTransfer,
    /// The broadcast channel is closed.
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
