//! HTML browsing contexts for embedders: documents, navigables, frames, origins and navigation.
//!
//! This crate knows no script engine, no message and no clock, and does no I/O (but for the loader
//! of directories, behind the feature `fs`, which the embedder calls). It holds the state in
//! [`Contexts`] and says, as [`Effect`]s, what the embedder has to do at which moment: make a
//! realm, run a script, fire an event, begin a load.
#![forbid(unsafe_code)]

mod auxiliary;
mod contexts;
mod document;
mod document_domain;
pub mod dom;
mod dynamic_markup;
mod effect;
mod embedded;
mod encoding;
pub mod events;
mod fetch;
pub mod forms;
mod frames;
mod host;
mod hyperlinks;
mod import_maps;
mod isolation;
mod lifecycle;
pub mod loader;
mod loading;
mod mime;
mod modules;
mod navigable;
mod navigation;
mod origin;
mod parser;
mod refresh;
mod sandbox;
mod script;
mod scripts;
mod session_history;
mod shadow;
mod steps;
mod url_helpers;
mod user_activation;
mod window;
mod window_features;
mod workers;

pub use auxiliary::PopupPolicy;
pub use contexts::{Contexts, Counts, Limits};
pub use document::{Document, ReadyState};
pub use dom::{DomError, Node};
pub use effect::{Diagnostic, Effect, EventTarget, FrameEvent};
pub use embedded::EmbeddedContentId;
pub use fetch::{Destination, FetchRequest, LoadError, PostResource, RequestId, Response};
pub use framepost_event_loop::{ClientId, GlobalId};
pub use host::{Host, drive};
pub use html5ever::interface::QuirksMode;
pub use import_maps::{ImportMap, ImportMapError, ImportMapWarning, SpecifierError};
#[cfg(feature = "fs")]
pub use loader::DirectoryLoader;
pub use loader::{Loader, MemoryLoader};
pub use modules::{GraphOutcome, ImportId, ModuleId, ModuleKind, ModuleScript};
pub use navigable::{HistoryHandling, Navigable, NavigableId};
pub use navigation::NavigateParams;
pub use origin::{OpaqueOrigin, Origin, TupleOrigin};
pub use parser::{MAX_DEPTH, parse_fragment};
pub use sandbox::{SandboxFlags, parse_a_sandboxing_directive};
pub use script::{Script, ScriptId, ScriptKind};
pub use session_history::{
    DocumentStateId, HistoryEntry, ScrollRestoration, SerializedState, SessionHistory, Traversal,
};
pub use shadow::ShadowRootInit;
pub use steps::{ContextTask, Steps};
pub use url::Url;
pub use url_helpers::{about_blank, about_srcdoc, equals_excluding_fragments, matches_about};
pub use window::{AgentClusterKey, Window};
pub use window_features::WindowFeatures;
pub use workers::{
    Connected, CredentialsMode, ErrorReport, ImportedScript, Worker, WorkerKind, WorkerOptions,
    WorkerType,
};
