//! The reasons why a fetch fails.

/// The reason why a fetch has failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A loader serves the origin, but has no resource at this path.
    #[error("nothing found at {url}")]
    NotFound {
        /// The URL.
        url: String,
    },
    /// No loader serves this origin.
    #[error("no loader serves the origin of {url}")]
    UnknownOrigin {
        /// The URL.
        url: String,
    },
    /// No loader knows this scheme.
    #[error("cannot load the scheme of {url}")]
    UnsupportedScheme {
        /// The URL.
        url: String,
    },
    /// The response may not be used.
    #[error("refused to load {url}: {reason}")]
    Refused {
        /// The URL.
        url: String,
        /// The reason.
        reason: &'static str,
    },
    /// The response is larger than the limit.
    #[error("{url} is larger than the limit of {} MiB", .limit >> 20)]
    TooLarge {
        /// The URL.
        url: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The fetch has failed.
    #[error("loading {url} failed: {message}")]
    Failed {
        /// The URL.
        url: String,
        /// The reason.
        message: String,
    },
}
