//! Module scripts: which are fetched, and when a graph of them is complete
//! ([HTML, fetching scripts](https://html.spec.whatwg.org/multipage/webappapis.html#fetching-scripts)).
//!
//! A module is a text here, with a URL and the modules that it asks for. What it means is not
//! known: [`Effect::ParseModule`] asks the embedder which others it imports, and is answered with
//! [`Contexts::module_parsed`]. Each document has one module for each URL
//! ([module map](https://html.spec.whatwg.org/multipage/webappapis.html#module-map)).

use std::collections::HashSet;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues, TaskSource, new_key_type};
use url::Url;

use crate::contexts::{Pending, Purpose};
use crate::encoding::decode_script;
use crate::fetch::{Destination, FetchRequest, LoadError, Response, cors_check};
use crate::mime::{MimeType, is_javascript, is_json};
use crate::script::ScriptId;
use crate::steps::{Action, Next};
use crate::{ContextTask, Contexts, Diagnostic, Effect, Steps};

new_key_type! {
    /// Names a module script.
    pub struct ModuleId: "module";
}

new_key_type! {
    /// Names an import that a running script has asked for.
    pub struct ImportId: "import";
}

/// What a module is made of
/// ([module type](https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ModuleKind {
    /// A script.
    JavaScript,
    /// A JSON text, imported with `type: "json"`.
    Json,
}

/// A [module script](https://html.spec.whatwg.org/multipage/webappapis.html#module-script).
#[derive(Debug)]
#[non_exhaustive]
pub struct ModuleScript {
    /// Whose module it is: a document's, or a worker's, by the name of its event loop.
    pub document: ClientId,
    /// What it is made of.
    pub kind: ModuleKind,
    /// Where the text stands: the URL that it was loaded from, or its document's.
    pub url: Url,
    /// What its imports are relative to; also what it is told about itself.
    pub base_url: Url,
    /// The line of [`url`](Self::url) at which the text begins, from 1.
    pub line: u64,
    /// The text; `None` until it is loaded, or when loading failed.
    pub text: Option<String>,
    state: State,
}

/// How far a module has come.
#[derive(Debug)]
enum State {
    Fetching,
    Failed,
    Fetched,
    ParseError,
    Parsed(Vec<ModuleId>),
}

/// What has become of a module and all that it imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphOutcome {
    /// All is there and could be parsed.
    Complete,
    /// This module could not be parsed.
    ParseError(ModuleId),
    /// Something could not be fetched.
    Failed,
}

/// A graph that is being fetched, and for whom.
#[derive(Debug)]
pub(crate) struct Graph {
    document: ClientId,
    root: ModuleId,
    target: GraphTarget,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GraphTarget {
    Script(ScriptId),
    Import(ImportId),
    Worker(GlobalId),
}

/// What is to be fetched for an import that a running script has asked for.
#[derive(Debug)]
pub(crate) struct Import {
    document: ClientId,
    url: Url,
    kind: ModuleKind,
}

impl Contexts {
    /// A module script that is known.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> Option<&ModuleScript> {
        self.modules.get(module)
    }

    /// The module that the document's module map has for this URL.
    #[must_use]
    pub fn module_at(&self, document: ClientId, url: &Url, kind: ModuleKind) -> Option<ModuleId> {
        let key = (url.clone(), kind);
        self.module_maps.get(&document)?.get(&key).copied()
    }

    /// The embedder's answer to [`Effect::ParseModule`]: what the module imports, resolved, in the
    /// order of the text; or `None` when it cannot be parsed or what it imports cannot be resolved.
    pub fn module_parsed(&mut self, module: ModuleId, requests: Option<Vec<(Url, ModuleKind)>>) {
        let Some(document) = self.modules.get(module).map(|held| held.document) else {
            return;
        };
        let state = match requests {
            None => State::ParseError,
            Some(requests) => State::Parsed(
                requests
                    .into_iter()
                    .map(|(url, kind)| self.module_entry(document, url, kind))
                    .collect(),
            ),
        };
        if let Some(held) = self.modules.get_mut(module) {
            held.state = state;
        }
    }

    /// [Fetch an import() module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-import()-module-script-graph):
    /// ends in [`Effect::ImportReady`], now or later.
    pub fn fetch_an_import_module_script_graph(
        &mut self,
        document: ClientId,
        url: Url,
        kind: ModuleKind,
    ) -> (ImportId, Steps) {
        let import = self.imports.insert(Import {
            document,
            url,
            kind,
        });
        (import, Steps::one(Action::FetchImport(import)))
    }

    pub(crate) fn fetch_import(
        &mut self,
        import: ImportId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let Import {
            document,
            url,
            kind,
        } = self.imports.remove(import)?;
        let root = self.module_entry(document, url, kind);
        if let Some(outcome) = self.outcome(root) {
            return Some(Effect::ImportReady {
                document,
                import,
                module: root,
                outcome,
            });
        }
        self.watch(document, root, GraphTarget::Import(import), queues, next);
        None
    }

    /// [Fetch an external module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree)
    pub(crate) fn fetch_an_external_module_script_graph(
        &mut self,
        script: ScriptId,
        url: Url,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let Some(document) = self.script(script).map(|script| script.document) else {
            return;
        };
        let root = self.module_entry(document, url, ModuleKind::JavaScript);
        self.script_has_root(script, root);
        self.watch(document, root, GraphTarget::Script(script), queues, next);
    }

    /// [Fetch an inline module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-inline-module-script-graph)
    pub(crate) fn fetch_an_inline_module_script_graph(
        &mut self,
        script: ScriptId,
        text: String,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.script(script) else {
            return;
        };
        let document = held.document;
        let root = self.modules.insert(ModuleScript {
            document,
            kind: ModuleKind::JavaScript,
            url: held.url.clone(),
            base_url: held.base_url.clone(),
            line: held.line,
            text: Some(text),
            state: State::Fetched,
        });
        self.script_has_root(script, root);
        self.graphs.push(Graph {
            document,
            root,
            target: GraphTarget::Script(script),
        });
        next.push([
            Action::ParseModule(root),
            Action::FetchDescendants(root),
            Action::QueueModuleGraphs(document),
        ]);
    }

    /// The graph of the module that a worker begins with; answers that module.
    pub(crate) fn fetch_a_worker_graph(
        &mut self,
        worker: GlobalId,
        event_loop: ClientId,
        url: Url,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> ModuleId {
        let root = self.module_entry(event_loop, url, ModuleKind::JavaScript);
        self.watch(event_loop, root, GraphTarget::Worker(worker), queues, next);
        root
    }

    fn script_has_root(&mut self, script: ScriptId, root: ModuleId) {
        if let Some(script) = self.scripts.get_mut(script) {
            script.module = Some(root);
        }
    }

    fn watch(
        &mut self,
        document: ClientId,
        root: ModuleId,
        target: GraphTarget,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        self.graphs.push(Graph {
            document,
            root,
            target,
        });
        next.push([Action::FetchModule(root)]);
        self.queue_module_graphs(document, queues);
    }

    /// What the module map has, or a new entry that is to be fetched.
    fn module_entry(&mut self, document: ClientId, url: Url, kind: ModuleKind) -> ModuleId {
        let map = self.module_maps.entry(document).or_default();
        let key = (url.clone(), kind);
        if let Some(module) = map.get(&key) {
            return *module;
        }
        let module = self.modules.insert(ModuleScript {
            document,
            kind,
            base_url: url.clone(),
            url,
            line: 1,
            text: None,
            state: State::Fetching,
        });
        map.insert(key, module);
        self.modules_to_fetch.insert(module);
        module
    }

    /// [Fetch a single module script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script),
    /// unless that was begun before.
    pub(crate) fn fetch_a_single_module_script(&mut self, module: ModuleId) -> Option<Effect> {
        if !self.modules_to_fetch.remove(&module) {
            return None;
        }
        let held = self.modules.get(module)?;
        let (document, url) = (held.document, held.url.clone());
        let client = self.client(document);
        // NOT YET: the referrer of an import is the module that it stands in.
        let referrer = client
            .as_ref()
            .map(|client| crate::navigation::referrer(&client.url, &url));
        let origin = client.map(|client| client.origin);
        let request = self.requests.insert(Pending {
            purpose: Purpose::Module(module),
            answer: None,
        });
        Some(Effect::Fetch(
            request,
            FetchRequest {
                initiator: Some(document),
                origin,
                referrer: referrer.unwrap_or_default(),
                ..FetchRequest::new(url, Destination::Script)
            },
        ))
    }

    /// The source of a module has come, or will not.
    pub(crate) fn module_loaded(
        &mut self,
        module: ModuleId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.modules.get(module)?;
        let document = held.document;
        let text = self.module_text(module, answer);
        let held = self.modules.get_mut(module)?;
        match text {
            Ok((url, text)) => {
                held.url = url.clone();
                held.base_url = url;
                held.text = Some(text);
                held.state = State::Fetched;
                next.push([
                    Action::ParseModule(module),
                    Action::FetchDescendants(module),
                    Action::CheckModuleGraphs(document),
                ]);
                None
            }
            Err(diagnostic) => {
                held.state = State::Failed;
                next.push([Action::CheckModuleGraphs(document)]);
                Some(Effect::Report(diagnostic))
            }
        }
    }

    /// The text of a response, if it may be a module of this kind.
    fn module_text(
        &self,
        module: ModuleId,
        answer: Result<Response, LoadError>,
    ) -> Result<(Url, String), Diagnostic> {
        let response = answer?;
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        let held = self.modules.get(module);
        if let Some(client) = held.and_then(|held| self.client(held.document)) {
            cors_check(&client.origin, &response)?;
        }
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        let fits = match held.map(|held| held.kind) {
            Some(ModuleKind::Json) => is_json(&essence),
            _ => is_javascript(&essence),
        };
        if !fits {
            return Err(Diagnostic::UnsupportedType {
                url,
                content_type: essence,
            });
        }
        // Modules are UTF-8, whatever they and their document say.
        let text = decode_script(&response.body, None, "UTF-8");
        Ok((response.url, text))
    }

    pub(crate) fn parse_module(&self, module: ModuleId) -> Option<Effect> {
        let document = self.modules.get(module)?.document;
        Some(Effect::ParseModule { document, module })
    }

    /// [Fetch the descendants](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-the-descendants-of-and-link-a-module-script)
    /// of a module, as far as nobody has begun to.
    pub(crate) fn fetch_descendants(&mut self, module: ModuleId, next: &mut Next<'_>) {
        let Some(held) = self.modules.get_mut(module) else {
            return;
        };
        match &held.state {
            State::Parsed(requests) => {
                let fetches = requests.iter().map(|id| Action::FetchModule(*id)).collect();
                next.push_all(fetches);
            }
            // An embedder that does not answer knows no modules.
            State::Fetched => held.state = State::ParseError,
            _ => {}
        }
    }

    /// Queues the task that finds complete graphs, when it is not a task of the network already.
    pub(crate) fn queue_module_graphs(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        let waiting = self
            .graphs
            .iter()
            .filter(|graph| graph.document == document);
        if waiting
            .clone()
            .any(|graph| self.outcome(graph.root).is_some())
        {
            let task = ContextTask::ModuleGraphs(document);
            queues.queue(TaskSource::Networking, Some(document), task);
        }
    }

    /// Hands over the first graph of the document that is complete, and looks for the next.
    pub(crate) fn check_module_graphs(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let found = self.graphs.iter().enumerate().find_map(|(at, graph)| {
            let outcome = (graph.document == document).then(|| self.outcome(graph.root))?;
            Some((at, outcome?))
        });
        let (at, outcome) = found?;
        let graph = self.graphs.remove(at);
        next.push([Action::CheckModuleGraphs(document)]);
        match graph.target {
            GraphTarget::Script(script) => {
                let held = self.scripts.get_mut(script)?;
                held.ready = true;
                held.graph = Some(outcome);
                self.script_is_ready(script, document, next);
                None
            }
            GraphTarget::Import(import) => Some(Effect::ImportReady {
                document,
                import,
                module: graph.root,
                outcome,
            }),
            GraphTarget::Worker(worker) => {
                self.worker_graph_is_ready(worker, outcome, queues, next)
            }
        }
    }

    /// What has become of a module and its imports; `None` while something is on its way.
    fn outcome(&self, root: ModuleId) -> Option<GraphOutcome> {
        let mut seen = HashSet::from([root]);
        let mut open = vec![root];
        let mut waits = false;
        while let Some(module) = open.pop() {
            match self.modules.get(module).map(|held| &held.state) {
                None | Some(State::Failed) => return Some(GraphOutcome::Failed),
                Some(State::ParseError) => return Some(GraphOutcome::ParseError(module)),
                Some(State::Fetching | State::Fetched) => waits = true,
                Some(State::Parsed(requests)) => {
                    open.extend(requests.iter().rev().filter(|id| seen.insert(**id)));
                }
            }
        }
        (!waits).then_some(GraphOutcome::Complete)
    }

    /// Forgets the modules of a document that ends.
    pub(crate) fn forget_modules(&mut self, document: ClientId) {
        self.module_maps.remove(&document);
        self.imports_of_documents.remove(&document);
        self.graphs.retain(|graph| graph.document != document);
        for module in self.modules.keys_in_order() {
            if self
                .modules
                .get(module)
                .is_some_and(|held| held.document == document)
            {
                self.modules.remove(module);
                self.modules_to_fetch.remove(&module);
            }
        }
        for import in self.imports.keys_in_order() {
            if self
                .imports
                .get(import)
                .is_some_and(|held| held.document == document)
            {
                self.imports.remove(import);
            }
        }
    }
}
