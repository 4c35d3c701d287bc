//! HTML browsing contexts for embedders: documents, navigables, frames, origins and navigation.
//!
//! This crate knows no script engine, no message and no clock. It does no I/O, except in the loader
//! of directories behind the feature `fs`, which the embedder calls. It holds the state in
//! [`Contexts`] and tells the embedder, as [`Effect`]s, what to do at which moment: make a realm, run
//! a script, fire an event, begin a fetch.
#![forbid(unsafe_code)]

mod counts;
mod documents;
pub mod dom;
pub mod events;
mod fetch;
pub mod forms;
mod frames;
mod globals;
mod ids;
mod import_maps;
mod lifecycle;
mod limits;
pub mod loader;
mod loading;
mod modules;
mod mutation;
mod navigables;
mod navigation;
mod origin;
mod parser;
mod requests;
mod run;
mod scripts;
mod session_history;
mod shadow;
mod steps;
mod windows;
mod workers;

pub use counts::Counts;
pub use documents::{AgentClusterKey, Document, Window};
pub use dom::{DomError, Node};
pub use fetch::{Destination, FetchRequest, LoadError, PostResource, Response};
pub use framepost_event_loop::{ClientId, GlobalId};
pub use html5ever::interface::QuirksMode;
pub use ids::{
    DocumentStateId, EmbeddedContentId, ImportId, ModuleId, NavigableId, PlannedNavigationId,
    RequestId, ScriptId,
};
pub use import_maps::{ImportMap, ImportMapError, ImportMapWarning, SpecifierError};
pub use limits::ContextLimits;
#[cfg(feature = "fs")]
pub use loader::DirectoryLoader;
pub use loader::{Loader, MemoryLoader};
pub use loading::ReadyState;
pub use modules::{ModuleKind, ModuleScript};
pub use navigables::Navigable;
pub use origin::{
    OpaqueOrigin, Origin, SandboxFlags, TupleOrigin, about_blank, about_srcdoc,
    equals_excluding_fragments, matches_about, parse_a_sandboxing_directive,
};
pub use parser::{MAX_DEPTH, parse_fragment};
pub use run::{Host, drive};
pub use scripts::{Script, ScriptKind};
pub use session_history::{HistoryEntry, ScrollRestoration, SerializedState, SessionHistory};
pub use shadow::ShadowRootInit;
pub use steps::{
    ContextTask, Diagnostic, Effect, ErrorReport, EventTarget, FrameEvent, GraphOutcome,
    HistoryHandling, NavigateParams, Steps, Traversal,
};
pub use url::Url;
pub use windows::{PopupPolicy, WindowFeatures};
pub use workers::{
    CredentialsMode, ImportedScript, SharedWorkerConnection, Worker, WorkerKind, WorkerOptions,
    WorkerType,
};

/// The browsing contexts of one agent: a tree of navigables, each with its document and window.
///
/// Its methods return a value, or, where script may run in the middle, [`Steps`].
#[derive(Default)]
pub struct Contexts {
    documents: documents::Documents,
    embedded: frames::Embedded,
    forms: forms::Forms,
    history: session_history::Histories,
    loading: loading::Loading,
    modules: modules::Modules,
    navigables: navigables::Navigables,
    navigation: navigation::Navigations,
    requests: requests::Requests,
    scripts: scripts::Scripts,
    shadow_trees: shadow::ShadowTrees,
    workers: workers::Workers,
    limits: ContextLimits,
    popup_policy: PopupPolicy,
}

impl Contexts {
    /// Contexts without any navigable.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Contexts without any navigable, and with other limits than the default.
    #[must_use]
    pub fn with_limits(limits: ContextLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }
}

impl core::fmt::Debug for Contexts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Contexts")
            .field("navigables", &self.navigables.len())
            .field("documents", &self.documents.len())
            .field("windows", &self.documents.windows_len())
            .finish_non_exhaustive()
    }
}
