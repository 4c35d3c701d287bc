//! Fetching graphs of modules, and detecting when one is complete.

use framepost_event_loop::{ClientId, FxHashSet, GlobalId, TaskQueues, TaskSource};
use url::Url;

use super::table::{Graph, Import, ModuleKind, ModuleScript, Modules, State, Waiter};
use crate::Contexts;
use crate::fetch::ScriptFetchOptions;
use crate::ids::{ImportId, ModuleId, ScriptId};
use crate::steps::{
    ContextTask, Effect, GraphOutcome, ModuleAction, Next, ScriptAction, Steps, WorkerAction,
};

impl Contexts {
    /// [Fetch an import() module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-import()-module-script-graph).
    /// It ends with [`Effect::ImportReady`], now or later.
    pub fn fetch_an_import_module_script_graph(
        &mut self,
        client: ClientId,
        url: Url,
        kind: ModuleKind,
        nonce: Option<String>,
    ) -> (ImportId, Steps) {
        let import = self.modules.imports.insert(Import {
            client,
            url,
            kind,
            // NOT YET: the other options of the script that imports.
            options: ScriptFetchOptions {
                nonce,
                ..ScriptFetchOptions::default()
            },
        });
        (import, Steps::one(ModuleAction::FetchImport(import)))
    }

    /// The steps of [fetch an import() module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-import()-module-script-graph).
    pub(super) fn fetch_the_graph_of_an_import(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        import: ImportId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let Import {
            client,
            url,
            kind,
            options,
        } = self.modules.imports.remove(import)?;
        let root = self.modules.entry(client, url, kind, &options);
        if let Some(outcome) = self.modules.outcome(root) {
            return Some(Effect::ImportReady {
                client,
                import,
                module: root,
                outcome,
            });
        }
        self.wait_for_a_graph(queues, client, root, Waiter::Import(import), next);
        None
    }

    /// [Fetch an external module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree).
    pub(super) fn fetch_an_external_module_script_graph(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        script: ScriptId,
        url: Url,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.script(script) else {
            return;
        };
        let client = held.document;
        let options = self.scripts.fetch_options(&held.element);
        let kind = ModuleKind::JavaScript;
        // 1. Fetch a single module script.
        // 1.1. and 1.2. Its graph ends with it, or with its descendants.
        let root = self.modules.entry(client, url, kind, &options);
        self.scripts.set_module(script, root);
        self.wait_for_a_graph(queues, client, root, Waiter::Script(script), next);
    }

    /// [Fetch an inline module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-inline-module-script-graph).
    pub(crate) fn fetch_an_inline_module_script_graph(
        &mut self,
        script: ScriptId,
        text: String,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.script(script) else {
            return;
        };
        // 1. Create the module script. It is not in a module map.
        let client = held.document;
        let module = ModuleScript {
            client,
            kind: ModuleKind::JavaScript,
            url: held.url.clone(),
            base_url: held.base_url.clone(),
            line: held.line,
            text: Some(text),
            state: State::Fetched,
            options: self.scripts.fetch_options(&held.element),
            policies: None,
        };
        let root = self.modules.modules.insert(module);
        self.scripts.set_module(script, root);
        self.modules.graphs.push(Graph {
            client,
            root,
            waiter: Waiter::Script(script),
        });
        // 2. Fetch the descendants.
        next.push_all([
            ModuleAction::Parse(root).into(),
            ModuleAction::FetchDescendants(root).into(),
            ModuleAction::QueueGraphCheck(client).into(),
        ]);
    }

    /// [Fetch a module worker script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-worker-script-tree).
    /// Returns the module of the worker's script.
    pub(crate) fn fetch_a_module_worker_script_graph(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        worker: GlobalId,
        event_loop: ClientId,
        url: Url,
        next: &mut Next<'_>,
    ) -> ModuleId {
        // Fetch a worklet/module worker script graph:
        // 1. Make the options. NOT YET: the credentials mode.
        let options = ScriptFetchOptions::default();
        let kind = ModuleKind::JavaScript;
        // 2. Fetch a single module script.
        // 2.1. and 2.2. Its graph ends with it, or with its descendants.
        let root = self.modules.entry(event_loop, url, kind, &options);
        self.wait_for_a_graph(queues, event_loop, root, Waiter::Worker(worker), next);
        root
    }

    /// Whether a worker waits for the graph of this module.
    pub(super) fn is_the_script_of_a_worker(&self, module: ModuleId) -> bool {
        self.modules
            .graphs
            .iter()
            .any(|graph| graph.root == module && matches!(graph.waiter, Waiter::Worker(_)))
    }

    fn wait_for_a_graph(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        client: ClientId,
        root: ModuleId,
        waiter: Waiter,
        next: &mut Next<'_>,
    ) {
        self.modules.graphs.push(Graph {
            client,
            root,
            waiter,
        });
        next.push(ModuleAction::FetchSingle(root));
        self.queue_a_graph_check(queues, client);
    }

    /// [Fetch the descendants](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-the-descendants-of-and-link-a-module-script)
    /// of a module, once the embedder has parsed it.
    pub(super) fn fetch_the_descendants(&mut self, module: ModuleId, next: &mut Next<'_>) {
        let Some(held) = self.modules.modules.get_mut(module) else {
            return;
        };
        match &held.state {
            // 1. There is a record.
            // 3. and 4. The destination and the client are those of the module.
            // 5. Load the requested modules, and in their turn those that they request.
            State::Parsed(requests) => {
                let fetches = requests
                    .iter()
                    .map(|id| ModuleAction::FetchSingle(*id).into());
                next.push_all(fetches.collect::<Vec<_>>());
            }
            // 2. Without a record there is a parse error. The embedder has not called `module_parsed`: it cannot parse
            // modules.
            State::Fetched => held.state = State::ParseError,
            State::Fetching | State::Failed | State::ParseError => {}
        }
    }

    /// Queues the task that looks for complete graphs, if there is one. A graph that still needs a fetch is checked
    /// when the response arrives.
    pub(super) fn queue_a_graph_check(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        client: ClientId,
    ) {
        let mut graphs = self.modules.graphs.iter();
        let is_complete =
            |graph: &Graph| graph.client == client && self.modules.outcome(graph.root).is_some();
        if graphs.any(is_complete) {
            let task = ContextTask::ModuleGraphs(client);
            queues.queue_in_parallel(TaskSource::Networking, Some(client), task);
        }
    }

    /// Passes the first complete graph of a client to its receiver, and looks for the next.
    pub(super) fn check_module_graphs(
        &mut self,
        client: ClientId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let mut graphs = self.modules.graphs.iter().enumerate();
        let (at, outcome) = graphs.find_map(|(at, graph)| {
            let outcome = (graph.client == client).then(|| self.modules.outcome(graph.root))?;
            Some((at, outcome?))
        })?;
        let graph = self.modules.graphs.remove(at);
        next.push(ModuleAction::CheckGraphs(client));
        // Fetch the descendants, 6.2. and 7. Hand the result to whoever waits. The embedder links (6.1.).
        match graph.waiter {
            Waiter::Script(script) => next.push(ScriptAction::GraphReady(script, outcome)),
            Waiter::Worker(worker) => next.push(WorkerAction::GraphReady(worker, outcome)),
            Waiter::Import(import) => {
                return Some(Effect::ImportReady {
                    client,
                    import,
                    module: graph.root,
                    outcome,
                });
            }
        }
        None
    }
}

impl Modules {
    /// The outcome of fetching a module and its imports; `None` while a fetch is in progress.
    fn outcome(&self, root: ModuleId) -> Option<GraphOutcome> {
        let mut seen = FxHashSet::from_iter([root]);
        let mut open = vec![root];
        let mut waits = false;
        while let Some(module) = open.pop() {
            match self.modules.get(module).map(|held| &held.state) {
                // Fetch the descendants, 7.2. A module could not be loaded.
                None | Some(State::Failed) => return Some(GraphOutcome::Failed),
                // Fetch the descendants, 2.1. or 7.1. A module could not be parsed.
                Some(State::ParseError) => return Some(GraphOutcome::ParseError(module)),
                Some(State::Fetching | State::Fetched) => waits = true,
                Some(State::Parsed(requests)) => {
                    open.extend(requests.iter().rev().filter(|id| seen.insert(**id)));
                }
            }
        }
        (!waits).then_some(GraphOutcome::Complete)
    }
}
