//! A test embedder without a script engine. It records the effects in a transcript. Its scripts are
//! in a tiny language with one command a line, so a test can act at an exact moment.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "not every test file uses all of it"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod workers;

use std::collections::{BTreeMap, VecDeque};

use framepost_browsing_context::dom;
use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{
    ClientId, ContextLimits, ContextState, ContextTask, Contexts, Effect, EffectHost, EventTarget,
    FetchRequest, GlobalId, GraphOutcome, ImportMap, LoadError, ModuleId, ModuleKind, NavigableId,
    NavigateParams, Node, RequestId, Response, Script, Steps, Url, Window, WorkerType, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, HasState, LoopState, Queued, RunOutcome, RunUntil, TaskQueues, TimerTask,
    perform_a_microtask_checkpoint, run_until,
};

#[derive(Debug)]
pub enum Task {
    Context(ContextTask),
    Timer(TimerTask),
}

impl From<ContextTask> for Task {
    fn from(task: ContextTask) -> Self {
        Self::Context(task)
    }
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

#[derive(Default)]
pub struct World {
    pub event_loop: EventLoop<Task, ()>,
    pub contexts: Contexts,
    pub loader: MemoryLoader,
    pub top: Option<NavigableId>,
    pub transcript: Vec<String>,
    /// The commands to run when an event fires, by `event target`.
    pub on: BTreeMap<String, VecDeque<String>>,
    /// Holds requests whose URL contains this text until the test answers them.
    pub hold: Option<String>,
    pub held: Vec<(RequestId, Result<Response, LoadError>)>,
    /// All requests made so far.
    pub requests: Vec<FetchRequest>,
    /// Records everything in the transcript, including realms.
    pub verbose: bool,
    names: BTreeMap<GlobalId, String>,
}

impl HasState for World {
    type State = Self;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        f(self)
    }
}

impl LoopState for World {
    type Task = Task;
    type Microtask = ();

    fn event_loop(&mut self) -> &mut EventLoop<Task, ()> {
        &mut self.event_loop
    }
}

impl ContextState for World {
    fn contexts(&mut self) -> (&mut Contexts, &mut dyn TaskQueues<ContextTask>) {
        (&mut self.contexts, &mut self.event_loop)
    }
}

impl Agent for World {
    fn run_task(&mut self, queued: Queued<Task>) {
        if let Task::Context(task) = queued.task {
            let steps = self.contexts.run_task(task);
            drive(self, steps);
        }
    }

    fn run_microtask(&mut self, (): ()) {
        self.say("microtask");
    }
}

impl EffectHost for World {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(id, request) => {
                self.requests.push(request.clone());
                let answer = self.loader.load(&request);
                let url = request.url.as_str();
                if self.hold.as_ref().is_some_and(|part| url.contains(part)) {
                    self.held.push((id, answer));
                } else {
                    self.with_contexts(|contexts, queues| contexts.respond(queues, id, answer));
                }
            }
            Effect::RunScript { document, script } => {
                let (url, line, text) = self
                    .contexts
                    .script(script)
                    .map(|script| {
                        let text = self.text_of(script);
                        (short(&script.url), script.line, text)
                    })
                    .expect("the script is there while it runs");
                if self.verbose {
                    self.say(format!("script {url}:{line}"));
                }
                self.event_loop.prepare_to_run_script();
                self.run_commands(document, &text);
                if self.event_loop.clean_up_after_running_script() {
                    perform_a_microtask_checkpoint(self);
                }
            }
            Effect::ParseModule { client, module } => {
                let requests = self.module_requests(client, module);
                self.contexts.module_parsed(module, requests);
            }
            Effect::ImportReady {
                module, outcome, ..
            } => {
                let url = self.contexts.module(module).map(|held| short(&held.url));
                self.say(format!("import {} {outcome:?}", url.unwrap_or_default()));
            }
            Effect::Fire { target, event } => {
                let label = self.label(&target);
                let line = format!("{} {label}", event.name());
                // Every frame starts by unloading its initial about:blank.
                let is_last = ["beforeunload", "visibilitychange", "unload"]
                    .iter()
                    .any(|event| line.starts_with(event));
                if self.verbose || !is_last {
                    self.say(line.clone());
                }
                let command = self.on.get_mut(&line).and_then(VecDeque::pop_front);
                if let Some(commands) = command {
                    let document = match &target {
                        EventTarget::Node(node) => self.contexts.document_of(node),
                        EventTarget::Document(document) => Some(*document),
                        EventTarget::Window(window) => {
                            self.contexts.window(*window).map(Window::document)
                        }
                        _ => None,
                    };
                    self.event_loop.prepare_to_run_script();
                    self.run_commands(document.expect("a document"), &commands);
                    if self.event_loop.clean_up_after_running_script() {
                        perform_a_microtask_checkpoint(self);
                    }
                }
            }
            Effect::Checkpoint if self.event_loop.script_stack_is_empty() => {
                perform_a_microtask_checkpoint(self);
            }
            Effect::CreateRealm { window, navigable } if self.verbose => {
                self.say(format!("realm {window} in {navigable}"));
            }
            Effect::SetActive {
                navigable,
                window,
                document,
            } if self.verbose => {
                let url = self
                    .contexts
                    .document(document)
                    .map(|held| short(held.url()));
                self.say(format!(
                    "active {navigable} {window} {}",
                    url.unwrap_or_default()
                ));
            }
            Effect::DocumentDestroyed(document) if self.verbose => {
                self.say(format!("gone {document}"));
            }
            Effect::WindowDiscarded(window) if self.verbose => self.say(format!("gone {window}")),
            Effect::NavigableDestroyed(navigable) if self.verbose => {
                self.say(format!("gone {navigable}"));
            }
            Effect::Report(diagnostic) => self.say(format!("report: {diagnostic}")),
            Effect::RunJavascriptUrl {
                navigable,
                document,
                source,
            } => {
                self.say(format!("javascript: {source}"));
                if let Some(html) = source.strip_prefix("html ") {
                    let steps = self.contexts.navigate_to_html(navigable, html.to_owned());
                    drive(self, steps);
                } else {
                    self.run_commands(document, &source);
                }
            }
            Effect::EraseListeners(_) => self.say("erase listeners"),
            Effect::RunWorker { worker } => self.run_worker(worker),
            Effect::WorkerReady { worker } => {
                let name = self.worker_name(worker);
                self.say(format!("ready {name}"));
            }
            Effect::WorkerError {
                worker,
                owner,
                report,
            } => {
                let name = self.worker_name(worker);
                self.say(format!("error of {name}: {}", report.message));
                if self.contexts.worker(owner).is_some() {
                    self.throw(owner, &report.message);
                }
            }
            Effect::WorkerEnded { worker, .. } => {
                let name = self.worker_name(worker);
                self.say(format!("gone {name}"));
            }
            _ => {}
        }
    }
}

/// The last segment of a URL.
pub fn short(url: &Url) -> String {
    match url.scheme() {
        "http" | "https" => url
            .as_str()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        _ => url.to_string(),
    }
}

impl World {
    pub fn new(pages: &[(&str, &str)]) -> Self {
        let mut world = Self::default();
        for (path, body) in pages {
            let url = if path.contains("://") || path.starts_with("data:") {
                (*path).to_owned()
            } else {
                format!("http://a.test/{path}")
            };
            world.loader.add(&url, *body).expect("a URL");
        }
        world
    }

    pub fn with_limits(mut self, change: impl FnOnce(&mut ContextLimits)) -> Self {
        let mut limits = ContextLimits::default();
        change(&mut limits);
        self.contexts = Contexts::with_limits(limits);
        self
    }

    pub fn say(&mut self, line: impl Into<String>) {
        self.transcript.push(line.into());
    }

    pub fn on(&mut self, event: &str, commands: &str) {
        self.on
            .entry(event.to_owned())
            .or_default()
            .push_back(commands.to_owned());
    }

    /// The commands of a script. A module whose graph has a parse error only logs the error.
    fn text_of(&self, script: &Script) -> String {
        let module = script
            .module
            .and_then(|module| self.contexts.module(module));
        match script.graph {
            Some(GraphOutcome::ParseError(bad)) => {
                let url = self.contexts.module(bad).map(|held| short(&held.url));
                format!("log error in {}", url.unwrap_or_default())
            }
            Some(_) => module
                .and_then(|module| module.text.clone())
                .unwrap_or_default(),
            None => script.text.clone().unwrap_or_default(),
        }
    }

    /// The URLs on the `import URL` lines of a module; `None` if a line says `error`.
    fn module_requests(
        &self,
        client: ClientId,
        module: ModuleId,
    ) -> Option<Vec<(Url, ModuleKind)>> {
        let held = self.contexts.module(module).expect("the module");
        assert_eq!(held.client, client);
        let text = held.text.as_deref().expect("its text");
        let lines = || text.split([';', '\n']).map(str::trim);
        if lines().any(|line| line == "error") {
            return None;
        }
        lines()
            .filter_map(|line| line.strip_prefix("import "))
            .map(|specifier| {
                let kind = match specifier.ends_with("json") {
                    true => ModuleKind::Json,
                    false => ModuleKind::JavaScript,
                };
                Some((
                    ImportMap::default()
                        .resolve(specifier, &held.base_url)
                        .ok()?,
                    kind,
                ))
            })
            .collect()
    }

    /// The name of a target in the transcript: the id or name of a node, the URL of a document or window.
    fn label(&self, target: &EventTarget) -> String {
        match target {
            EventTarget::Node(node) => match dom::attribute(node, "id") {
                Some(id) => format!("#{id}"),
                None => dom::node_label(node),
            },
            EventTarget::Document(document) => match self.contexts.document(*document) {
                Some(held) => format!("document {}", short(held.url())),
                None => "document gone".to_owned(),
            },
            EventTarget::Window(window) => {
                let document = self.contexts.window(*window).map(Window::document);
                match document.and_then(|document| self.contexts.document(document)) {
                    Some(held) => format!("window {}", short(held.url())),
                    None => "window gone".to_owned(),
                }
            }
            EventTarget::Worker(worker) => self.worker_name(*worker),
            _ => "?".to_owned(),
        }
    }

    pub fn open(&mut self, url: &str) -> NavigableId {
        let (top, steps) =
            self.with_contexts(|contexts, queues| contexts.create_top_level_traversable(queues));
        drive(self, steps);
        self.top = Some(top);
        self.navigate(top, url);
        top
    }

    pub fn navigate(&mut self, navigable: NavigableId, url: &str) {
        let base = Url::parse("http://a.test/").expect("a URL");
        let url = base.join(url).expect("a URL");
        let source = self.contexts.active_document(navigable);
        let mut params = NavigateParams::new(url);
        if let Some(source) = source {
            params = params.by(source);
        }
        let steps =
            self.with_contexts(|contexts, queues| contexts.navigate(queues, navigable, params));
        drive(self, steps);
    }

    pub fn run(&mut self) {
        assert_eq!(
            run_until(self, RunUntil::idle().after_tasks(100_000)),
            RunOutcome::Idle
        );
    }

    pub fn answer_held(&mut self) {
        for (id, answer) in std::mem::take(&mut self.held) {
            self.with_contexts(|contexts, queues| contexts.respond(queues, id, answer));
        }
    }

    pub fn document(&self) -> ClientId {
        let top = self.top.expect("a page");
        self.contexts.active_document(top).expect("a document")
    }

    pub fn by_id(&self, document: ClientId, id: &str) -> Node {
        self.find(document, id)
            .unwrap_or_else(|| panic!("no element #{id}"))
    }

    pub fn find(&self, document: ClientId, id: &str) -> Option<Node> {
        let root = self.contexts.document(document)?.node().clone();
        dom::descendants(&root).find(|node| dom::attribute(node, "id").as_deref() == Some(id))
    }

    pub fn body(&self, document: ClientId) -> Node {
        let root = self
            .contexts
            .document(document)
            .expect("a document")
            .node()
            .clone();
        dom::descendants(&root)
            .find(|node| dom::is_html_element(node, "body"))
            .expect("a body")
    }

    pub fn html(&self, document: ClientId) -> String {
        dom::serialize_inner(self.contexts.document(document).expect("a document").node())
    }

    pub fn steps(&mut self, steps: Steps) {
        drive(self, steps);
    }

    /// Runs commands, separated by semicolons or lines, in a document:
    ///
    /// `log TEXT` · `microtask` · `write HTML` · `close` · `remove ID` · `html ID HTML` (append) ·
    /// `set ID NAME VALUE` · `go ID URL` (navigate the frame) · `inner ID HTML` ·
    /// `script ID SRC` (a new external script, `-async` to make it ordered) · `run CODE` (a new
    /// inline script; its code has `,` for `;`) · `up COMMAND` (in the parent's document) ·
    /// `worker URL`, `module-worker URL`, `shared-worker URL`, `shared-module URL` (named by the
    /// URL) · `terminate NAME` · and in workers `close-worker` · `throw TEXT`
    pub fn run_commands(&mut self, document: ClientId, text: &str) {
        for command in text.split(['\n', ';']) {
            let command = command.trim();
            let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
            self.run_command(document, verb, rest);
        }
    }

    fn run_command(&mut self, document: ClientId, verb: &str, rest: &str) {
        let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
        match verb {
            // Lines for imports and parse errors take effect before a module runs.
            "" | "import" | "error" => {}
            "log" => self.say(rest),
            "up" => {
                let navigable = self
                    .contexts
                    .document(document)
                    .expect("a document")
                    .navigable();
                let parent = self.contexts.parent(navigable).expect("a parent");
                let document = self.contexts.active_document(parent).expect("a document");
                self.run_command(document, first, after);
            }
            "dynamic" => {
                let url = self.contexts.parse_url(document, rest).expect("a URL");
                let kind = ModuleKind::JavaScript;
                let (_, steps) = self
                    .contexts
                    .fetch_an_import_module_script_graph(document, url, kind, None);
                drive(self, steps);
            }
            "microtask" => self.event_loop.queue_microtask(()),
            "worker" => self.start_worker(document, rest, WorkerType::Classic, false),
            "module-worker" => self.start_worker(document, rest, WorkerType::Module, false),
            "shared-worker" => self.start_worker(document, rest, WorkerType::Classic, true),
            "shared-module" => self.start_worker(document, rest, WorkerType::Module, true),
            "terminate" => {
                let worker = self.worker(rest).expect("a worker");
                let steps = self.contexts.terminate_a_worker(worker);
                drive(self, steps);
            }
            "close-worker" => {
                let worker = self.contexts.global_of_client(document).expect("a worker");
                self.contexts.close_a_worker(&mut self.event_loop, worker);
            }
            "throw" => {
                let worker = self.contexts.global_of_client(document).expect("a worker");
                self.throw(worker, rest);
            }
            "write" => {
                // Lets a page contain the end tag of a script inside a script.
                let html = rest
                    .replace("<\\/", "</")
                    .replace("\\n", "\n")
                    .replace(',', ";");
                let steps = self
                    .contexts
                    .document_write(document, document, &html)
                    .expect("document.write");
                drive(self, steps);
            }
            "close" => {
                let steps = self.contexts.document_close(document);
                drive(self, steps);
            }
            "remove" => {
                let Some(node) = self.find(document, rest) else {
                    return self.say(format!("nothing to remove: {rest}"));
                };
                let steps = self.contexts.remove(&node);
                drive(self, steps);
            }
            "html" => {
                let parent = self.by_id(document, first);
                let fragment = self.contexts.parse_fragment(&parent, after);
                let steps = self.contexts.append(&parent, &fragment).expect("append");
                drive(self, steps);
            }
            "inner" => {
                let parent = self.by_id(document, first);
                let steps = self.contexts.set_inner_html(&parent, after);
                drive(self, steps);
            }
            "set" => {
                let node = self.by_id(document, first);
                let (name, value) = after.split_once(' ').unwrap_or((after, ""));
                let steps = self
                    .contexts
                    .set_attribute(&node, name, value)
                    .expect("a name");
                drive(self, steps);
            }
            "go" => {
                let node = self.by_id(document, first);
                let navigable = self.contexts.content_navigable(&node).expect("a frame");
                let url = self.contexts.parse_url(document, after).expect("a URL");
                let params = NavigateParams::new(url).by(document);
                let steps = self
                    .with_contexts(|contexts, queues| contexts.navigate(queues, navigable, params));
                drive(self, steps);
            }
            "script" | "run" => {
                let script = dom::create_element("script").expect("a name");
                let steps = if verb == "run" {
                    let text = dom::create_text(&rest.replace(',', ";"));
                    self.contexts.append(&script, &text)
                } else {
                    self.contexts.set_attribute(&script, "id", first)
                };
                drive(self, steps.expect("a script"));
                if verb == "script" {
                    let (src, ordered) = match after.strip_suffix(" -async") {
                        Some(src) => (src, true),
                        None => (after, false),
                    };
                    if ordered {
                        // Like setting `script.async = false`.
                        let steps = self.contexts.set_attribute(&script, "async", "");
                        drive(self, steps.expect("a name"));
                        let steps = self.contexts.remove_attribute(&script, "async");
                        drive(self, steps);
                    }
                    let steps = self.contexts.set_attribute(&script, "src", src);
                    drive(self, steps.expect("a name"));
                }
                let body = self.body(document);
                let steps = self.contexts.append(&body, &script).expect("append");
                drive(self, steps);
            }
            _ => panic!("no such command: {verb:?}"),
        }
    }
}

/// Opens the first page, runs until idle and compares the transcript.
#[track_caller]
pub fn check(pages: &[(&str, &str)], expected: &str) -> World {
    check_world(World::new(pages), pages[0].0, expected)
}

#[track_caller]
pub fn check_world(mut world: World, page: &str, expected: &str) -> World {
    world.open(page);
    world.run();
    assert_transcript(&mut world, expected);
    world
}

/// Compares the transcript since the last call.
#[track_caller]
pub fn assert_transcript(world: &mut World, expected: &str) {
    let found = std::mem::take(&mut world.transcript);
    let expected: Vec<&str> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert!(
        found == expected,
        "the transcript differs\n--- expected\n{}\n--- found\n{}\n",
        expected.join("\n"),
        found.join("\n")
    );
}
