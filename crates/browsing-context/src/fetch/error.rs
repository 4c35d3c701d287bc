//! Why a fetch fails.

/// Why a load has failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The origin is served, but has nothing at this path.
    #[error("nothing found at {url}")]
    NotFound {
        /// What was asked for.
        url: String,
    },
    /// No loader serves this origin.
    #[error("no loader serves the origin of {url}")]
    UnknownOrigin {
        /// What was asked for.
        url: String,
    },
    /// No loader knows this scheme.
    #[error("cannot load the scheme of {url}")]
    UnsupportedScheme {
        /// What was asked for.
        url: String,
    },
    /// The loader will not serve this, for the reason given.
    #[error("refused to load {url}: {reason}")]
    Refused {
        /// What was asked for.
        url: String,
        /// Why not.
        reason: &'static str,
    },
    /// The load was begun and broke off.
    #[error("loading {url} failed: {message}")]
    Failed {
        /// What was asked for.
        url: String,
        /// What went wrong.
        message: String,
    },
}
