//! Workers ([HTML, web workers](https://html.spec.whatwg.org/multipage/workers.html)): which there
//! are, who owns them, what they run, and when they end.
//!
//! The standard gives each worker an agent with an event loop of its own. Here one loop plays them
//! all, so that they share a clock and an order. A worker's global scope has a [`GlobalId`], like
//! every global object. Its own event loop has a [`ClientId`], which its tasks belong to; it is
//! always fully active.
//!
//! This room knows no port of a worker and no `Worker` object.

mod end;
mod errors;
mod import;
mod run;
mod shared;
mod worker;

use std::collections::BTreeMap;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues, TaskSource};

pub use import::ImportedScript;
pub use shared::SharedWorkerConnection;
pub use worker::Worker;

use crate::Contexts;
use crate::steps::{ContextTask, Effect, Next, WorkerAction};

/// The workers of the agent.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    // Ordered by key, so that every run walks them alike.
    workers: BTreeMap<GlobalId, Worker>,
    /// The workers that have not ended, by their event loops.
    by_event_loop: BTreeMap<ClientId, GlobalId>,
}

impl Workers {
    pub(crate) fn len(&self) -> usize {
        self.workers.len()
    }
}

impl Contexts {
    pub(crate) fn run_worker_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: WorkerAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            WorkerAction::FetchScript(worker) => {
                return self.fetch_a_classic_worker_script(queues, worker);
            }
            WorkerAction::FetchModule(worker) => {
                return self.fetch_the_module_graph_of_a_worker(queues, worker, next);
            }
            WorkerAction::Loaded(worker, answer) => {
                return self.worker_script_is_loaded(queues, worker, *answer, next);
            }
            WorkerAction::GraphReady(worker, outcome) => {
                return self.worker_graph_is_ready(queues, worker, outcome, next);
            }
            WorkerAction::HasRun(worker) => return self.worker_has_run(worker),
            WorkerAction::Failed(worker, diagnostic) => {
                return Some(self.worker_failed(queues, worker, diagnostic));
            }
            WorkerAction::End(worker) => self.end_a_worker(queues, worker, next),
            WorkerAction::Forget(worker) => {
                self.workers.workers.remove(&worker);
            }
        }
        None
    }

    /// The worker with this global scope, until it is gone.
    #[must_use]
    pub fn worker(&self, worker: GlobalId) -> Option<&Worker> {
        self.workers.workers.get(&worker)
    }

    fn worker_mut(&mut self, worker: GlobalId) -> Option<&mut Worker> {
        self.workers.workers.get_mut(&worker)
    }

    /// The workers, in the order of their creation.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.workers.values()
    }

    /// The worker with this event loop, until it has ended.
    pub(crate) fn worker_of_event_loop(&self, event_loop: ClientId) -> Option<&Worker> {
        let worker = self.workers.by_event_loop.get(&event_loop)?;
        self.worker(*worker)
    }
}

/// The source of tasks about workers that belong to no client.
const WORKER: TaskSource = TaskSource::Other("worker");

/// Whether a worker belongs to one global or is shared by several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkerKind {
    /// A [dedicated worker](https://html.spec.whatwg.org/multipage/workers.html#dedicatedworkerglobalscope).
    Dedicated,
    /// A [shared worker](https://html.spec.whatwg.org/multipage/workers.html#sharedworkerglobalscope).
    Shared,
}

/// A worker's credentials mode
/// ([RequestCredentials](https://fetch.spec.whatwg.org/#requestcredentials)).
// NOT YET: it does not change what is sent. It only distinguishes shared workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsMode {
    /// No credentials.
    Omit,
    /// Credentials for the same origin.
    #[default]
    SameOrigin,
    /// All credentials.
    Include,
}

/// Whether a worker's script is classic or a module
/// ([WorkerType](https://html.spec.whatwg.org/multipage/workers.html#workertype)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorkerType {
    /// A classic script.
    #[default]
    Classic,
    /// A module.
    Module,
}

/// The options of the `Worker` and `SharedWorker` constructors
/// ([WorkerOptions](https://html.spec.whatwg.org/multipage/workers.html#workeroptions)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerOptions {
    /// The worker's name.
    pub name: String,
    /// The kind of its script.
    pub worker_type: WorkerType,
    /// The credentials mode of the fetch of its script.
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
    /// A classic script without a name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the kind of script.
    #[must_use]
    pub fn with_type(mut self, worker_type: WorkerType) -> Self {
        self.worker_type = worker_type;
        self
    }

    /// Sets the credentials mode.
    #[must_use]
    pub fn with_credentials(mut self, credentials: CredentialsMode) -> Self {
        self.credentials = credentials;
        self
    }
}
