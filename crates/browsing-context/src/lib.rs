//! HTML browsing contexts for embedders: documents, navigables, frames, origins and navigation.
//!
//! This crate knows no script engine, no messages and no clock. It does no I/O, except in the loader
//! of directories behind the feature `fs`, which the embedder calls. It holds the state in
//! [`Contexts`] and yields [`Effect`]s for the embedder: create a realm, run a script, fire an event, begin a fetch.
//!
//! # Reading on
//!
//! 1. [`Contexts`]: begin with [`Contexts::create_top_level_traversable`] and [`Contexts::navigate`].
//! 2. [`Steps`] and [`Effect`]: what these methods return, and what the embedder performs; [`drive`] does it with an
//!    [`EffectHost`]. The README has a whole embedder, without script.
//! 3. [`Loader`]: sources of responses; [`events`]: the paths and listeners of events; [`RealmStack`]: whose code runs.
//!
//! Messages between documents are in the crate [`framepost-messaging`](https://docs.rs/framepost-messaging). The
//! [guide to embedding](https://github.com/framepost/framepost/blob/main/docs/embedding.md) says in which order to call what.
//!
//! # Modules
//!
//! Each folder is a module with one subject: its algorithms and, in most cases, a state of its own with private
//! fields. [`Contexts`] is the sum of these states, and each module implements its algorithms on it. The modules are
//! layered, in the order of this list: an algorithm uses only algorithms of modules before its own. The tables of all
//! modules come before the algorithms. An algorithm that continues in a later module returns an action for it.
//!
//! - `ids`, `limits`: the keys of the crate's objects, and the limits on their number;
//! - `realms`: the current, incumbent and entry realms, for engines without a stack of frames;
//! - `dom`: trees of nodes; `origin`: origins, sandboxes, special URLs;
//! - `fetch`: requests, responses, policies and the fetches of scripts; `loader`: sources of responses; `import_maps`; `parser`:
//!   html5ever, with stops where script runs; `shadow`: shadow trees;
//! - `steps`: the vocabulary that all modules share: effects, tasks, actions, navigations;
//! - `documents`: documents and windows; `navigables`: the tree of navigables;
//! - `globals`: the common properties of windows and workers;
//! - `cookies` (feature `cookies`): a cookie jar, and the cookies of documents and requests;
//! - `requests`: the fetches in progress;
//! - `session_history`: history entries and traversal;
//! - `lifecycle`: creating and destroying navigables, documents and windows;
//! - `windows`: opening, finding and closing windows; `navigation`: from the start of a navigation to the response;
//!   `loading`: from the response to a loaded document, and unloading it;
//! - `frames`: the elements that contain navigables; `modules`: fetching module scripts; `scripts`: preparing and
//!   running scripts; `workers`;
//! - `events`: the paths of events; `forms`: submitting forms; `mutation`: changing trees;
//! - `counts`: the sizes of the tables; `run`: dispatching each action to its module.
#![forbid(unsafe_code)]

#[cfg(feature = "cookies")]
pub mod cookies;
mod counts;
mod documents;
pub mod dom;
pub mod events;
pub mod fetch;
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
mod realms;
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
pub use dom::{DomError, Node, ShadowRootInit};
pub use fetch::{
    CredentialsMode, Destination, FetchRequest, LoadError, PostResource, ReferrerPolicy, Response,
};
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
pub use mutation::FragmentScripts;
pub use navigables::Navigable;
pub use origin::{
    InvalidStorageKey, OpaqueOrigin, Origin, SandboxFlags, SerializedOrigin, Site, StorageKey,
    TupleOrigin, about_blank, about_srcdoc, equals_excluding_fragments, matches_about_blank,
    matches_about_srcdoc, parse_a_sandboxing_directive,
};
pub use parser::{FragmentOptions, MAX_DEPTH, parse_fragment};
pub use realms::{RealmDepth, RealmStack};
pub use run::{ContextState, EffectHost, State, drive};
pub use scripts::script::{Script, ScriptKind};
pub use session_history::{HistoryEntry, ScrollRestoration, SessionHistory};
pub use steps::{
    ContextTask, Diagnostic, Effect, ErrorReport, EventTarget, FiredEvent, GraphOutcome,
    HashChange, HistoryHandling, NavigateEvent, NavigateEventOutcome, NavigateParams,
    NavigationEntry, NavigationType, PageSwap, SerializedState, Steps, Traversal, UserInvolvement,
};
pub use url::Url;
pub use windows::{PopupPolicy, WindowFeatures};
pub use workers::options::{WorkerKind, WorkerOptions, WorkerType};
pub use workers::table::Worker;
pub use workers::{ImportedScript, SharedWorkerConnection};

/// The browsing contexts of one agent: a tree of navigables, each with its document and window.
///
/// Its methods return a value or, if script may run in the middle, [`Steps`].
#[derive(Default)]
pub struct Contexts {
    #[cfg(feature = "cookies")]
    cookies: cookies::CookieJar,
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

    /// Contexts without any navigable, with these limits.
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
