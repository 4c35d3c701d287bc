//! Module scripts: which are fetched, and when a graph of them is complete
//! ([HTML, fetching scripts](https://html.spec.whatwg.org/multipage/webappapis.html#fetching-scripts)).
//!
//! A module is a text with a URL and the modules that it imports. Its meaning is not known here:
//! [`Effect::ParseModule`] asks the embedder for its imports, and the embedder answers with
//! [`Contexts::module_parsed`]. Every client, a document or a worker's event loop, has one module
//! for each URL and type
//! ([module map](https://html.spec.whatwg.org/multipage/webappapis.html#module-map)).

mod fetch;
mod graph;
mod resolve;

use std::collections::BTreeMap;

use framepost_event_loop::{Arena, ClientId, FxHashSet, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::ids::{ImportId, ModuleId};
use crate::import_maps::ResolvedImports;
use crate::steps::{ContextTask, Effect, ModuleAction, Next};
use graph::{Graph, Import};

/// The module scripts of the agent.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    modules: Arena<ModuleId, ModuleScript>,
    maps: BTreeMap<ClientId, BTreeMap<(Url, ModuleKind), ModuleId>>,
    /// The import map of each document's window.
    import_maps: BTreeMap<ClientId, ResolvedImports>,
    /// The modules whose fetch has not begun.
    to_fetch: FxHashSet<ModuleId>,
    /// The graphs that somebody waits for, in the order of the requests.
    graphs: Vec<Graph>,
    imports: Arena<ImportId, Import>,
}

/// The [type of a module](https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ModuleKind {
    /// A JavaScript module.
    JavaScript,
    /// A JSON module, imported with `type: "json"`.
    Json,
}

/// A [module script](https://html.spec.whatwg.org/multipage/webappapis.html#module-script).
#[derive(Debug)]
#[non_exhaustive]
pub struct ModuleScript {
    /// Its client: a document or a worker's event loop.
    pub client: ClientId,
    /// Its type.
    pub kind: ModuleKind,
    /// The URL that the text comes from: its own, or its document's if it is inline.
    pub url: Url,
    /// Its base URL, which is also `import.meta.url`.
    pub base_url: Url,
    /// The line of [`url`](Self::url) at which the text begins, from 1.
    pub line: u64,
    /// The source text; `None` until it is loaded, or if loading failed.
    pub text: Option<String>,
    state: State,
}

/// How far a module is.
#[derive(Debug)]
enum State {
    Fetching,
    Failed,
    Fetched,
    ParseError,
    /// Parsed, with the modules that it imports.
    Parsed(Vec<ModuleId>),
}

impl Modules {
    pub(crate) fn len(&self) -> usize {
        self.modules.len()
    }

    pub(crate) fn contains(&self, module: ModuleId) -> bool {
        self.modules.contains(module)
    }

    /// Returns the entry of a client's module map, or adds one that is to be fetched.
    fn entry(&mut self, client: ClientId, url: Url, kind: ModuleKind) -> ModuleId {
        let map = self.maps.entry(client).or_default();
        let key = (url.clone(), kind);
        if let Some(module) = map.get(&key) {
            return *module;
        }
        let module = self.modules.insert(ModuleScript {
            client,
            kind,
            base_url: url.clone(),
            url,
            line: 1,
            text: None,
            state: State::Fetching,
        });
        map.insert(key, module);
        self.to_fetch.insert(module);
        module
    }

    /// A client ends: forgets its modules.
    pub(crate) fn forget_client(&mut self, client: ClientId) {
        self.maps.remove(&client);
        self.import_maps.remove(&client);
        self.graphs.retain(|graph| graph.client != client);
        for module in self.modules.keys_in_order() {
            let held = self.modules.get(module);
            if held.is_some_and(|held| held.client == client) {
                self.modules.remove(module);
                self.to_fetch.remove(&module);
            }
        }
        for import in self.imports.keys_in_order() {
            let held = self.imports.get(import);
            if held.is_some_and(|held| held.client == client) {
                self.imports.remove(import);
            }
        }
    }
}

impl Contexts {
    pub(crate) fn run_module_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: ModuleAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            ModuleAction::FetchImport(import) => {
                return self.fetch_the_graph_of_an_import(queues, import, next);
            }
            ModuleAction::FetchExternalGraph(script, url) => {
                self.fetch_an_external_module_script_graph(queues, script, url, next);
            }
            ModuleAction::FetchSingle(module) => return self.fetch_a_single_module_script(module),
            ModuleAction::Loaded(module, answer) => {
                return self.module_is_loaded(module, *answer, next);
            }
            ModuleAction::Parse(module) => {
                let client = self.module(module)?.client;
                return Some(Effect::ParseModule { client, module });
            }
            ModuleAction::FetchDescendants(module) => self.fetch_the_descendants(module, next),
            ModuleAction::QueueGraphCheck(client) => self.queue_a_graph_check(queues, client),
            ModuleAction::CheckGraphs(client) => return self.check_module_graphs(client, next),
        }
        None
    }

    /// The module script with this key, until its client is gone.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> Option<&ModuleScript> {
        self.modules.modules.get(module)
    }

    /// The module that a client's module map has for this URL and type.
    #[must_use]
    pub fn module_at(&self, client: ClientId, url: &Url, kind: ModuleKind) -> Option<ModuleId> {
        let key = (url.clone(), kind);
        self.modules.maps.get(&client)?.get(&key).copied()
    }

    /// The embedder's answer to [`Effect::ParseModule`]: the imports of the module, resolved, in the
    /// order of the text. `None` when the module cannot be parsed or an import cannot be resolved.
    pub fn module_parsed(&mut self, module: ModuleId, requests: Option<Vec<(Url, ModuleKind)>>) {
        let Some(client) = self.module(module).map(|held| held.client) else {
            return;
        };
        let state = match requests {
            None => State::ParseError,
            Some(requests) => State::Parsed(
                requests
                    .into_iter()
                    .map(|(url, kind)| self.modules.entry(client, url, kind))
                    .collect(),
            ),
        };
        if let Some(held) = self.modules.modules.get_mut(module) {
            held.state = state;
        }
    }
}
