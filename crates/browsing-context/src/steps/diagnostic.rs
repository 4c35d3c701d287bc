//! What a person may want to know about a run.

use crate::fetch::LoadError;
use crate::import_maps::ImportMapWarning;

/// Something went otherwise than a page's author will have wished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Diagnostic {
    /// A document or script could not be loaded.
    #[error(transparent)]
    LoadFailed(#[from] LoadError),
    /// A load was answered, but with an HTTP error; a document is shown all the same.
    #[error("loading {url} was answered with status {status}")]
    HttpError {
        /// What was loaded.
        url: String,
        /// The status.
        status: u16,
    },
    /// A frame would show a page that several of its ancestors show already.
    #[error("a frame that includes its own ancestor is not loaded: {url}")]
    FrameIncludesItself {
        /// The frame's URL.
        url: String,
    },
    /// A frame is nested deeper than [`ContextLimits::frame_depth`](crate::ContextLimits::frame_depth).
    #[error("a frame is not created: frames are nested {limit} deep")]
    FrameDepth {
        /// The limit.
        limit: usize,
    },
    /// There are as many frames as [`ContextLimits::frames`](crate::ContextLimits::frames).
    #[error("a frame is not created: there are {limit} already")]
    FrameCount {
        /// The limit.
        limit: usize,
    },
    /// There are as many workers as [`ContextLimits::workers`](crate::ContextLimits::workers).
    #[error("a worker is not started: there are {limit} already")]
    WorkerCount {
        /// The limit.
        limit: usize,
    },
    /// A script was not run, because its document is sandboxed without `allow-scripts`.
    #[error("a script of {url} is blocked: the document is sandboxed without allow-scripts")]
    ScriptSandboxed {
        /// The document's URL.
        url: String,
    },
    /// A navigation was not begun, because the source document is sandboxed.
    #[error("navigating to {url} is blocked by a sandbox")]
    NavigationSandboxed {
        /// Where to.
        url: String,
    },
    /// A form was not submitted, because its document is sandboxed.
    #[error("a form of {url} is not submitted: the document is sandboxed without allow-forms")]
    FormSandboxed {
        /// The document's URL.
        url: String,
    },
    /// A new window was not opened, because of the [`PopupPolicy`](crate::PopupPolicy).
    #[error("opening the window {name:?} is blocked")]
    PopupBlocked {
        /// The name it would have had, or what was given instead.
        name: String,
    },
    /// A new window was not opened, because its opener is sandboxed without `allow-popups`.
    #[error("opening the window {name:?} is blocked: the opener is sandboxed without allow-popups")]
    PopupSandboxed {
        /// The name it would have had, or what was given instead.
        name: String,
    },
    /// What a frame has loaded is of a type that is not shown.
    #[error("{url} is of type {content_type}, which is not shown")]
    UnsupportedType {
        /// What was loaded.
        url: String,
        /// Its type.
        content_type: String,
    },
    /// Part of an import map has no effect.
    #[error("{url}: {warning}")]
    ImportMap {
        /// The document's URL.
        url: String,
        /// What has no effect.
        warning: ImportMapWarning,
    },
}
