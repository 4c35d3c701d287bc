//! The exceptions of DOM operations.

/// An exception of a tree operation. [`name`](Self::name) is the name of the DOMException.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DomError {
    /// The node cannot be inserted there.
    #[error("{child} cannot be inserted into {parent}: {reason}")]
    Hierarchy {
        /// The parent.
        parent: String,
        /// The node.
        child: String,
        /// The reason.
        reason: &'static str,
    },
    /// The reference node is not a child of the parent.
    #[error("{child} is not a child of {parent}")]
    NotFound {
        /// The parent.
        parent: String,
        /// The reference node.
        child: String,
    },
    /// A name contains invalid characters.
    #[error("{name:?} is not a valid name")]
    InvalidCharacter {
        /// The name.
        name: String,
    },
    /// A name and a namespace do not fit together.
    #[error("{name:?} cannot be in the namespace {namespace:?}")]
    Namespace {
        /// The qualified name.
        name: String,
        /// The namespace.
        namespace: String,
    },
    /// The state of the object does not allow the operation.
    #[error("{reason}")]
    InvalidState {
        /// The reason.
        reason: &'static str,
    },
    /// The node does not support the operation.
    #[error("{what} does not support the operation: {reason}")]
    NotSupported {
        /// The node.
        what: String,
        /// The reason.
        reason: &'static str,
    },
    /// An origin or a sandbox forbids it.
    #[error("{reason}")]
    Security {
        /// The reason.
        reason: String,
    },
    /// A string has the wrong syntax.
    #[error("{input:?} is not {expected}")]
    Syntax {
        /// The string.
        input: String,
        /// What was expected.
        expected: &'static str,
    },
}

impl DomError {
    /// The [name of the DOMException](https://webidl.spec.whatwg.org/#idl-DOMException-error-names).
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hierarchy { .. } => "HierarchyRequestError",
            Self::NotFound { .. } => "NotFoundError",
            Self::InvalidCharacter { .. } => "InvalidCharacterError",
            Self::Namespace { .. } => "NamespaceError",
            Self::InvalidState { .. } => "InvalidStateError",
            Self::NotSupported { .. } => "NotSupportedError",
            Self::Security { .. } => "SecurityError",
            Self::Syntax { .. } => "SyntaxError",
        }
    }
}
