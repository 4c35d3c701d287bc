//! The module scripts and their graphs. Higher modules contain the algorithms that fetch them.

use std::collections::BTreeMap;

use framepost_event_loop::{Arena, ClientId, FxHashSet, GlobalId};
use url::Url;

use crate::Contexts;
use crate::fetch::{PolicyContainer, ScriptFetchOptions};
use crate::ids::{ImportId, ModuleId, ScriptId};
use crate::import_maps::ResolvedImports;

/// The module scripts of the agent.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    pub(super) modules: Arena<ModuleId, ModuleScript>,
    pub(super) maps: BTreeMap<ClientId, BTreeMap<(Url, ModuleKind), ModuleId>>,
    /// The import map of each document's window.
    pub(super) import_maps: BTreeMap<ClientId, ResolvedImports>,
    /// The modules whose fetch has not started.
    pub(super) to_fetch: FxHashSet<ModuleId>,
    /// The requested graphs that are not complete, in the order of the requests.
    pub(super) graphs: Vec<Graph>,
    pub(super) imports: Arena<ImportId, Import>,
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
    pub(super) state: State,
    /// The fetch options of the first script that imports it. Its own imports inherit them.
    pub(super) options: ScriptFetchOptions,
    /// The policies of its response.
    pub(super) policies: Option<PolicyContainer>,
}

/// The state of a module.
#[derive(Debug)]
pub(super) enum State {
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

    /// Returns the entry of a client's module map, or adds one to fetch.
    pub(super) fn entry(
        &mut self,
        client: ClientId,
        url: Url,
        kind: ModuleKind,
        options: &ScriptFetchOptions,
    ) -> ModuleId {
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
            options: options.clone(),
            policies: None,
        });
        map.insert(key, module);
        self.to_fetch.insert(module);
        module
    }

    /// A client ends: removes its modules.
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

/// A graph that is being fetched.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) client: ClientId,
    pub(super) root: ModuleId,
    pub(super) waiter: Waiter,
}

/// The receiver of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiter {
    Script(ScriptId),
    Import(ImportId),
    Worker(GlobalId),
}

/// An `import()` whose fetch has not started.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) client: ClientId,
    pub(super) url: Url,
    pub(super) kind: ModuleKind,
    pub(super) options: ScriptFetchOptions,
}

impl ModuleScript {
    /// The [cryptographic nonce](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-fetch-options-nonce)
    /// that its `import()` has as well.
    #[must_use]
    pub fn nonce(&self) -> Option<String> {
        self.options.nonce.clone()
    }
}

impl Contexts {
    /// The module script with this key; `None` once its client is gone.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> Option<&ModuleScript> {
        self.modules.modules.get(module)
    }

    /// The policies of a module's response.
    pub(crate) fn policies_of_module(&self, module: ModuleId) -> Option<&PolicyContainer> {
        self.module(module)?.policies.as_ref()
    }

    /// The module that a client's module map has for this URL and type.
    #[must_use]
    pub fn module_at(&self, client: ClientId, url: &Url, kind: ModuleKind) -> Option<ModuleId> {
        let key = (url.clone(), kind);
        self.modules.maps.get(&client)?.get(&key).copied()
    }
}
