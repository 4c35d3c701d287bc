//! What the operations of DOM throw.

/// An error that a tree operation throws; [`name`](Self::name) is the DOMException's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DomError {
    /// The node cannot stand there.
    #[error("{child} cannot be inserted into {parent}: {reason}")]
    Hierarchy {
        /// Where it was to go.
        parent: String,
        /// What was to go there.
        child: String,
        /// Why it cannot.
        reason: &'static str,
    },
    /// The reference node is not a child of the parent.
    #[error("{child} is not a child of {parent}")]
    NotFound {
        /// The supposed parent.
        parent: String,
        /// The supposed child.
        child: String,
    },
    /// A name contains characters that it must not.
    #[error("{name:?} is not a valid name")]
    InvalidCharacter {
        /// The name.
        name: String,
    },
    /// A name and a namespace do not go together.
    #[error("{name:?} cannot be in the namespace {namespace:?}")]
    Namespace {
        /// The qualified name.
        name: String,
        /// The namespace.
        namespace: String,
    },
    /// The object is not in a state for this.
    #[error("{reason}")]
    InvalidState {
        /// Why not.
        reason: &'static str,
    },
    /// The operation is not for this node.
    #[error("{what} does not support the operation: {reason}")]
    NotSupported {
        /// The node.
        what: String,
        /// Why not.
        reason: &'static str,
    },
    /// Origins or a sandbox forbid it.
    #[error("{reason}")]
    Security {
        /// Why.
        reason: String,
    },
    /// A string is not what it has to be.
    #[error("{input:?} is not {expected}")]
    Syntax {
        /// The string.
        input: String,
        /// What it has to be.
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
