//! The existing workers. Higher modules contain the algorithms that run and end them.

use std::collections::{BTreeMap, BTreeSet};

use framepost_event_loop::{ClientId, GlobalId, TaskSource};
use url::Url;

use super::options::{WorkerKind, WorkerOptions, WorkerType};
use crate::Contexts;
use crate::documents::AgentClusterKey;
use crate::fetch::{FetchClient, PolicyContainer, Response, ScriptSource, is_cross_origin};
use crate::ids::ModuleId;
use crate::origin::{Origin, StorageKey, has_local_scheme};
use crate::steps::{Diagnostic, GraphOutcome};

/// The source of tasks for workers that belong to no client.
pub(super) const WORKER: TaskSource = TaskSource::Other("worker");

/// The workers of the agent.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    // Ordered by key, so that every run iterates in the same order.
    pub(super) workers: BTreeMap<GlobalId, Worker>,
    /// The workers that have not ended, by their event loops.
    pub(super) by_event_loop: BTreeMap<ClientId, GlobalId>,
}

impl Workers {
    pub(crate) fn len(&self) -> usize {
        self.workers.len()
    }
}

impl Contexts {
    /// The worker with this global scope; `None` once it is gone.
    #[must_use]
    pub fn worker(&self, worker: GlobalId) -> Option<&Worker> {
        self.workers.workers.get(&worker)
    }

    pub(super) fn worker_mut(&mut self, worker: GlobalId) -> Option<&mut Worker> {
        self.workers.workers.get_mut(&worker)
    }

    /// The workers, in the order of their creation.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.workers.values()
    }

    /// The worker with this event loop; `None` once it has ended.
    pub(crate) fn worker_of_event_loop(&self, event_loop: ClientId) -> Option<&Worker> {
        let worker = self.workers.by_event_loop.get(&event_loop)?;
        self.worker(*worker)
    }
}

/// The state of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Its script is being fetched.
    Loading,
    /// Its script cannot run: a task will fire `error`.
    Failed,
    /// Its script runs or has run.
    Running,
}

/// A worker, until its end.
#[derive(Clone, Debug)]
pub struct Worker {
    pub(super) id: GlobalId,
    pub(super) event_loop: ClientId,
    pub(super) kind: WorkerKind,
    pub(super) options: WorkerOptions,
    /// The URL of its script: that of the response, once it has arrived.
    pub(super) url: Url,
    /// The URL given to the constructor, and the origin of its creator.
    pub(super) constructor_url: Url,
    pub(super) constructor_origin: Origin,
    /// Its [constructor storage key](https://html.spec.whatwg.org/multipage/workers.html#concept-sharedworkerglobalscope-constructor-storage-key),
    /// and its own storage key.
    pub(super) constructor_storage_key: StorageKey,
    pub(super) storage_key: StorageKey,
    /// The URL of its creator's referrers, and its creator's policies.
    pub(super) creator_url: Url,
    pub(super) creator_policies: PolicyContainer,
    /// Its own [policy container](https://html.spec.whatwg.org/multipage/workers.html#concept-workerglobalscope-policy-container),
    /// once its script is loaded.
    pub(super) policies: PolicyContainer,
    pub(super) origin: Origin,
    pub(super) agent_cluster_key: AgentClusterKey,
    pub(super) cross_origin_isolated: bool,
    pub(super) secure_context: bool,
    /// The global that created it. The `Worker` object of a dedicated worker belongs to it.
    pub(super) creator: GlobalId,
    /// Its [owner set](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-owner-set):
    /// documents, and the event loops of workers.
    pub(super) owners: BTreeSet<ClientId>,
    pub(super) stage: Stage,
    pub(super) closing: bool,
    pub(super) text: Option<String>,
    pub(super) module: Option<ModuleId>,
    pub(super) graph: Option<GraphOutcome>,
}

impl Worker {
    /// Its global scope.
    #[must_use]
    pub fn id(&self) -> GlobalId {
        self.id
    }

    /// Its event loop, which its tasks belong to.
    #[must_use]
    pub fn event_loop(&self) -> ClientId {
        self.event_loop
    }

    /// Whether it is dedicated or shared.
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
    /// the URL of the response, and before its arrival the URL given to the constructor.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its origin: its creator's, or an opaque one if it comes from a `data:` URL.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The global that created it. The `Worker` object of a dedicated worker belongs to it.
    #[must_use]
    pub fn creator(&self) -> GlobalId {
        self.creator
    }

    /// Its [closing](https://html.spec.whatwg.org/multipage/workers.html#dom-workerglobalscope-closing)
    /// flag: its tasks are dropped, and new ones are refused.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// Whether its content security policies allow `eval()` and similar functions
    /// ([EnsureCSPDoesNotBlockStringCompilation](https://w3c.github.io/webappsec-csp/#can-compile-strings)).
    #[must_use]
    pub fn allows_eval(&self) -> bool {
        self.policies.csp.allow_script(ScriptSource::Eval)
    }

    /// The text of its classic script, until it has run.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The module of its script, and the outcome of fetching the module graph, once it is complete.
    #[must_use]
    pub fn module(&self) -> Option<(ModuleId, GraphOutcome)> {
        self.module.zip(self.graph)
    }

    pub(crate) fn storage_key(&self) -> &StorageKey {
        &self.storage_key
    }

    pub(crate) fn agent_cluster_key(&self) -> &AgentClusterKey {
        &self.agent_cluster_key
    }

    /// Whether it has the cross-origin isolated capability.
    pub(crate) fn cross_origin_isolated(&self) -> bool {
        self.cross_origin_isolated
    }

    /// Whether it is a secure context.
    pub(crate) fn secure_context(&self) -> bool {
        self.secure_context
    }

    /// The fetch client that loads its modules. Its creator fetches the worker's own script and its static imports.
    pub(crate) fn fetch_client(&self) -> FetchClient {
        let (origin, url, policies) = match self.stage {
            Stage::Loading => {
                let policies = &self.creator_policies;
                (&self.constructor_origin, &self.creator_url, policies)
            }
            Stage::Failed | Stage::Running => (&self.origin, &self.url, &self.policies),
        };
        FetchClient {
            origin: origin.clone(),
            url: url.clone(),
            policies: policies.clone(),
        }
    }

    /// The reason, if the content security policy of its creator forbids fetching its script.
    pub(super) fn forbidden_by_its_creator(&self) -> Option<Diagnostic> {
        let source = ScriptSource::Worker(&self.url);
        if self.creator_policies.csp.allow_script(source) {
            return None;
        }
        let url = self.creator_url.to_string();
        Some(Diagnostic::ScriptForbidden { url })
    }

    /// Whether the mode of the request, "same-origin", allows its script to come from this URL. A `data:` URL counts
    /// as same origin.
    pub(super) fn may_load(&self, url: &Url) -> bool {
        let response = Response::new(url.clone(), "", "");
        match url.scheme() {
            "data" => true,
            "blob" => match Origin::of_url(url) {
                Some(origin) => origin.same_origin(&self.constructor_origin),
                // Only a page of its own origin can know the URL.
                None => self.constructor_origin.is_opaque(),
            },
            _ => !is_cross_origin(&self.constructor_origin, &response) && !has_local_scheme(url),
        }
    }
}
