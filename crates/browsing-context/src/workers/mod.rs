//! Workers ([HTML, web workers](https://html.spec.whatwg.org/multipage/workers.html)): which there
//! are, whose they are, what they run, and when they end.
//!
//! The standard gives each worker an agent with an event loop of its own. Here one loop plays them
//! all, so that they share a clock and an order: a worker's global scope is named by a
//! [`GlobalId`], as every global object is, and its own event loop by a [`ClientId`], under which
//! its tasks are queued and with which they are dropped. It is always fully active.
//!
//! The ports of a worker are not known here, nor what a `Worker` object is.

mod end;
mod errors;
mod globals;
mod import;
mod run;
mod shared;

pub use errors::ErrorReport;
pub use import::ImportedScript;
pub use shared::Connected;

use std::collections::BTreeSet;

use framepost_event_loop::{ClientId, GlobalId, TaskSource};
use url::Url;

use crate::modules::{GraphOutcome, ModuleId};
use crate::{AgentClusterKey, Origin};

/// The source of tasks about workers that are no worker's own.
const WORKER: TaskSource = TaskSource::Other("worker");

/// Whether one global has started a worker for itself, or several share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkerKind {
    /// A [dedicated worker](https://html.spec.whatwg.org/multipage/workers.html#dedicatedworkerglobalscope).
    Dedicated,
    /// A [shared worker](https://html.spec.whatwg.org/multipage/workers.html#sharedworkerglobalscope).
    Shared,
}

/// What a worker's credentials mode is
/// ([RequestCredentials](https://fetch.spec.whatwg.org/#requestcredentials)).
// NOT YET: nothing is sent by it; shared workers are told apart by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsMode {
    /// No credentials.
    Omit,
    /// Those of the same origin.
    #[default]
    SameOrigin,
    /// All there are.
    Include,
}

/// Whether a worker's script is a module
/// ([WorkerType](https://html.spec.whatwg.org/multipage/workers.html#workertype)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorkerType {
    /// A classic script.
    #[default]
    Classic,
    /// A module.
    Module,
}

/// What a script gives when it makes a worker
/// ([WorkerOptions](https://html.spec.whatwg.org/multipage/workers.html#workeroptions)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerOptions {
    /// What the worker calls itself.
    pub name: String,
    /// Whether its script is a module.
    pub worker_type: WorkerType,
    /// Whose credentials its script is fetched with.
    pub credentials: CredentialsMode,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            name: String::new(),
            worker_type: WorkerType::Classic,
            credentials: CredentialsMode::default(),
        }
    }
}

impl WorkerOptions {
    /// A classic script of no name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same with this kind of script.
    #[must_use]
    pub fn with_type(mut self, worker_type: WorkerType) -> Self {
        self.worker_type = worker_type;
        self
    }

    /// The same with this credentials mode.
    #[must_use]
    pub fn with_credentials(mut self, credentials: CredentialsMode) -> Self {
        self.credentials = credentials;
        self
    }
}

/// How far a worker has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Its script is being fetched.
    Loading,
    /// Its script cannot be run: whoever made it is about to hear of that.
    Failed,
    /// Its script runs or has run.
    Running,
}

/// A worker, from its making until nothing of it runs any more.
#[derive(Clone, Debug)]
pub struct Worker {
    pub(crate) id: GlobalId,
    pub(crate) event_loop: ClientId,
    pub(crate) kind: WorkerKind,
    pub(crate) options: WorkerOptions,
    /// Where its script comes from: the URL that answered, once one has.
    pub(crate) url: Url,
    /// The URL that it was made with, and the origin of who made it.
    pub(crate) constructor_url: Url,
    pub(crate) constructor_origin: Origin,
    /// The URL of who made it.
    pub(crate) creator_url: Url,
    pub(crate) origin: Origin,
    pub(crate) agent_cluster_key: AgentClusterKey,
    pub(crate) cross_origin_isolated: bool,
    pub(crate) secure_context: bool,
    /// The global that made it: of a dedicated worker, its `Worker` object's.
    pub(crate) creator: GlobalId,
    /// Its [owner set](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-owner-set):
    /// documents, and the workers by the names of their event loops.
    pub(crate) owners: BTreeSet<ClientId>,
    pub(crate) stage: Stage,
    pub(crate) closing: bool,
    pub(crate) text: Option<String>,
    pub(crate) module: Option<ModuleId>,
    pub(crate) graph: Option<GraphOutcome>,
}

impl Worker {
    /// The name of its global scope.
    #[must_use]
    pub fn id(&self) -> GlobalId {
        self.id
    }

    /// The name of its event loop, under which its tasks are queued.
    #[must_use]
    pub fn event_loop(&self) -> ClientId {
        self.event_loop
    }

    /// Whether it is a dedicated or a shared one.
    #[must_use]
    pub fn kind(&self) -> WorkerKind {
        self.kind
    }

    /// Its [name](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-name).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Whether its script is classic or a module.
    #[must_use]
    pub fn worker_type(&self) -> WorkerType {
        self.options.worker_type
    }

    /// Its [URL](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-url):
    /// the one that answered, and before that the one that was asked for.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its origin: that of who made it, unless it comes from a `data:` URL.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The global that made it: of a dedicated worker, the one that its `Worker` object is of.
    #[must_use]
    pub fn creator(&self) -> GlobalId {
        self.creator
    }

    /// Its [closing](https://html.spec.whatwg.org/multipage/workers.html#dom-workerglobalscope-closing)
    /// flag: its tasks are dropped, and no new ones taken.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// The text of its classic script, when that is to run.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The module that its script is, and what has become of that and its imports, when it is to
    /// run.
    #[must_use]
    pub fn module(&self) -> Option<(ModuleId, GraphOutcome)> {
        self.module.zip(self.graph)
    }
}
