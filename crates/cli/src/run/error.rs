//! The reasons why a page cannot be run.

use framepost::{HarError, PageError};
use framepost_browsing_context::LoadError;
use thiserror::Error;

use super::Status;
use crate::recording::RecordingError;

/// The reason why a page could not be run at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The file does not exist.
    #[error("no such file: {0}")]
    NoSuchFile(String),
    /// The page is not a file.
    #[error("not a file: {0}")]
    NotAFile(String),
    /// A named directory does not exist.
    #[error("no such directory: {0}")]
    NoSuchDirectory(String),
    /// The page is not below the root.
    #[error("{page} is not below {root}")]
    OutsideRoot {
        /// The page, as it was named.
        page: String,
        /// The root, as it was named.
        root: String,
    },
    /// The page's URL cannot be parsed.
    #[error("not a URL: {0}")]
    BadUrl(String),
    /// No directory is served as the origin of the page.
    #[error("no directory is served as the origin of {0}")]
    NotServed(String),
    /// The engine cannot be started.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The page cannot be loaded.
    #[error(transparent)]
    NotLoaded(#[from] LoadError),
    /// The extension of the trace file selects no format.
    #[error("cannot tell the format of the trace {0:?}: use a name that ends in .json or .mmd")]
    NoTraceFormat(String),
    /// The file for the recording cannot be written, or the recording cannot be replayed.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The file for the trace cannot be written.
    #[error("cannot write {file:?}: {why}")]
    TraceNotWritten {
        /// The file.
        file: String,
        /// The error of the system.
        why: String,
    },
    /// The file for the report of the run cannot be written.
    #[error("cannot write {file:?}: {why}")]
    HtmlNotWritten {
        /// The file.
        file: String,
        /// The error of the system.
        why: String,
    },
    /// The file with the local storage cannot be used.
    #[error("cannot {what} the storage {file:?}: {why}")]
    StorageFile {
        /// `read` or `write`.
        what: &'static str,
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// The file with the local storage is malformed. It was not changed.
    #[error("{file}:{line}:{column}: {why}")]
    StorageMalformed {
        /// The file.
        file: String,
        /// The line of the error.
        line: usize,
        /// Its column.
        column: usize,
        /// What is wrong.
        why: String,
    },
    /// An archive of requests cannot be used.
    #[error("cannot {what} the HAR {file:?}: {why}")]
    Har {
        /// `read` or `write`.
        what: &'static str,
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// An archive of requests is malformed. It was not changed.
    #[error("{file}:{error}")]
    HarMalformed {
        /// The file.
        file: String,
        /// What is wrong, and where.
        error: HarError,
    },
    /// An origin has two directories.
    #[error("the origin {0} is given two directories")]
    OriginTwice(String),
    /// The file of a route cannot be read.
    #[error("cannot read the file {file:?} of a route: {why}")]
    RouteNotRead {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// A pipe or a device that was named as the page cannot be read.
    #[error("cannot read {file}: {why}")]
    PipeNotRead {
        /// The pipe.
        file: String,
        /// Why.
        why: String,
    },
    /// A pipe or a device that was named as the page has more than this many bytes.
    #[error("{file} is larger than the limit of {} MiB", .limit >> 20)]
    PipeTooLarge {
        /// The pipe.
        file: String,
        /// The limit, in bytes.
        limit: u64,
    },
}

impl RunError {
    /// The end of a run with this error.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::NotLoaded(LoadError::TooLarge { .. }) | Self::PipeTooLarge { .. } => {
                Status::LimitReached
            }
            _ => Status::NotLoaded,
        }
    }
}
