//! HTML browsing contexts for embedders: documents, navigables, frames, origins and navigation.
//!
//! This crate knows no script engine, no message and no clock. It does no I/O, except in the loader
//! of directories behind the feature `fs`, which the embedder calls. It holds the state in
//! [`Contexts`] and tells the embedder, as [`Effect`]s, what to do at which moment: make a realm, run
//! a script, fire an event, begin a fetch.
//!
//! # Rooms
//!
//! Each folder is a room: one subject with its algorithms and, where it has any, a state of its own,
//! whose fields only the room sees. [`Contexts`] is the sum of these states, and each room implements
//! its algorithms on it. A room imports names only from the rooms above it in this list. Its methods
//! call those of a room below it only to ask a question, such as whether a document is loaded, to
//! clean up, or to begin the next algorithm as the standard does.
//!
//! - `ids`, `limits`: the keys of what the crate makes, and the limits on it;
//! - `dom`: trees of nodes; `origin`: origins, sandboxes, URLs with a meaning of their own;
//! - `fetch`: requests and responses; `loader`: where responses come from; `import_maps`; `parser`:
//!   html5ever, stopped where script runs; `shadow`: shadow trees;
//! - `steps`: the words that all rooms share. An algorithm that lets script run in the middle puts its
//!   next steps off as data, because the rooms call each other in circles: the parser runs a script,
//!   and the end of the script lets the parser go on;
//! - `requests`: the fetches under way;
//! - `documents`: documents and windows; `navigables`: their tree; `session_history`: their entries;
//! - `lifecycle`: making and destroying all of these;
//! - `windows`: what script does with windows; `navigation`: from the wish to navigate to the
//!   response; `loading`: from the response to a loaded document, and unloading it;
//! - `frames`: the elements that contain navigables; `scripts`: which scripts run, and when;
//!   `modules`: which are fetched; `globals`: what windows and workers have in common; `workers`;
//! - `events`: the paths of events; `forms`: submitting them; `mutation`: changing trees;
//! - `counts`: the sizes of the tables; `run`: handing each step to its room.
#![forbid(unsafe_code)]
#![warn(missing_debug_implementations)]

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
pub use documents::{AgentClusterKey, Document, DocumentKind, DocumentProperties, Window};
pub use dom::{DomError, Node};
pub use fetch::{Destination, FetchRequest, LoadError, PostResource, ReferrerPolicy, Response};
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
pub use loading::progress::ReadyState;
pub use modules::table::{ModuleKind, ModuleScript};
pub use navigables::Navigable;
pub use origin::{
    OpaqueOrigin, Origin, SandboxFlags, SerializedOrigin, TupleOrigin, about_blank, about_srcdoc,
    equals_excluding_fragments, matches_about_blank, matches_about_srcdoc,
    parse_a_sandboxing_directive,
};
pub use parser::{FragmentOptions, MAX_DEPTH, parse_fragment};
pub use run::{Host, drive};
pub use scripts::script::{Script, ScriptKind};
pub use session_history::{HistoryEntry, ScrollRestoration, SessionHistory};
pub use shadow::ShadowRootInit;
pub use steps::{
    ContextTask, Diagnostic, Effect, ErrorReport, EventTarget, FiredEvent, GraphOutcome,
    HistoryHandling, NavigateEvent, NavigateEventOutcome, NavigateParams, NavigationEntry,
    NavigationType, SerializedState, Steps, Traversal, UserInvolvement,
};
pub use url::Url;
pub use windows::{PopupPolicy, WindowFeatures};
pub use workers::options::{CredentialsMode, WorkerKind, WorkerOptions, WorkerType};
pub use workers::table::Worker;
pub use workers::{ImportedScript, SharedWorkerConnection};

/// The browsing contexts of one agent: a tree of navigables, each with its document and window.
///
/// Its methods return a value, or, where script may run in the middle, [`Steps`].
#[derive(Default)]
pub struct Contexts {
    documents: documents::Documents,
    embedded: frames::attempts::Embedded,
    forms: forms::planned::Forms,
    history: session_history::Histories,
    loading: loading::progress::Loading,
    modules: modules::table::Modules,
    navigables: navigables::Navigables,
    navigation: navigation::ongoing::Navigations,
    requests: requests::Requests,
    scripts: scripts::table::Scripts,
    shadow_trees: shadow::ShadowTrees,
    workers: workers::table::Workers,
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
