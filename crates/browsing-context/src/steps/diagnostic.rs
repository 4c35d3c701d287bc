//! Messages for the user about a run.

use crate::fetch::LoadError;
use crate::import_maps::ImportMapWarning;

/// An event that a page's author probably did not intend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Diagnostic {
    /// The embedder does not perform an effect ([`EffectHost::ignore`](crate::EffectHost::ignore)). Only debug builds
    /// say so.
    #[error("not supported: {what}")]
    EffectIgnored {
        /// What goes wrong.
        what: &'static str,
    },
    /// A document or script could not be loaded.
    #[error(transparent)]
    LoadFailed(#[from] LoadError),
    /// A response has an HTTP error status. A document is shown anyway.
    #[error("loading {url} was answered with status {status}")]
    HttpError {
        /// The URL.
        url: String,
        /// The status.
        status: u16,
    },
    /// A frame would show a page that several of its ancestors already show.
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
    /// A script did not run, because its document is sandboxed without `allow-scripts`.
    #[error("a script of {url} is blocked: the document is sandboxed without allow-scripts")]
    ScriptSandboxed {
        /// The document's URL.
        url: String,
    },
    /// A script did not run, because a content security policy forbids it.
    #[error("a script of {url} is blocked: its content security policy forbids it")]
    ScriptForbidden {
        /// The URL of the document.
        url: String,
    },
    /// A response is a download and is not shown.
    #[error("{url} is a download, and is not shown")]
    Download {
        /// The URL.
        url: String,
    },
    /// A navigation did not begin, because the source document is sandboxed.
    #[error("navigating to {url} is blocked by a sandbox")]
    NavigationSandboxed {
        /// The URL.
        url: String,
    },
    /// A form was not submitted, because its document is sandboxed.
    #[error("a form of {url} is not submitted: the document is sandboxed without allow-forms")]
    FormSandboxed {
        /// The document's URL.
        url: String,
    },
    /// The [`PopupPolicy`](crate::PopupPolicy) did not allow a new window.
    #[error("opening the window {name:?} is blocked")]
    PopupBlocked {
        /// Its target name or keyword.
        name: String,
    },
    /// A new window did not open, because its opener is sandboxed without `allow-popups`.
    #[error("opening the window {name:?} is blocked: the opener is sandboxed without allow-popups")]
    PopupSandboxed {
        /// Its target name or keyword.
        name: String,
    },
    /// A response has a type that is not supported.
    #[error("{url} is of type {content_type}, which is not shown")]
    UnsupportedType {
        /// The URL.
        url: String,
        /// Its type.
        content_type: String,
    },
    /// Part of an import map has no effect.
    #[error("{url}: {warning}")]
    ImportMap {
        /// The document's URL.
        url: String,
        /// The part.
        warning: ImportMapWarning,
    },
}

impl Diagnostic {
    /// Whether one of the [`ContextLimits`](crate::ContextLimits) was reached.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::FrameDepth { .. } | Self::FrameCount { .. } | Self::WorkerCount { .. }
        )
    }
}
