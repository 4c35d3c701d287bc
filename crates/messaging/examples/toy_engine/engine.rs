//! The engine: the state of the three crates, the state of scripts, and the traits that connect
//! them.

use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{
    Document, Effect, EffectHost, EventTarget, NavigableId, NavigateParams, RealmDepth, RealmStack,
    Url, drive,
};
use framepost_event_loop::{
    Agent, GlobalId, HasState, Queued, RunUntil, TimerId, clean_up_after_running_script,
    perform_a_microtask_checkpoint, run_until,
};
use framepost_messaging::ports::PortId;
use framepost_messaging::{
    Delivery, MessageTarget, MessagingError, MessagingHost, State, Task, run_messaging_task,
};

use super::language::{self, Error, Scope};
use super::value::{Data, Object, Value};

/// An object with listeners.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    Window(GlobalId),
    Port(PortId),
}

/// A function that the engine calls later, and the realm that was incumbent when a page gave it away.
#[derive(Clone)]
pub struct Callback {
    function: Object,
    arguments: Rc<[Value]>,
    incumbent: GlobalId,
}

/// A function that runs at the next microtask checkpoint.
pub struct Microtask(pub Callback);

/// The engine and all its state.
pub struct Engine {
    pub state: State<Task, Microtask>,
    loader: MemoryLoader,
    /// The global scope of each window, which acts as its realm.
    pub realms: HashMap<GlobalId, Rc<Scope>>,
    /// The object of each port, so that a port always maps to the same object.
    pub ports: HashMap<PortId, Object>,
    pub listeners: HashMap<Target, Vec<(String, Callback)>>,
    /// The callbacks of timers.
    pub timers: HashMap<TimerId, Callback>,
    /// The realms of the running scripts and functions.
    pub running: RealmStack,
    /// The lines that scripts logged, and their errors.
    pub log: Vec<String>,
}

impl Engine {
    pub fn new(loader: MemoryLoader) -> Self {
        Self {
            state: State::default(),
            loader,
            realms: HashMap::new(),
            ports: HashMap::new(),
            listeners: HashMap::new(),
            timers: HashMap::new(),
            running: RealmStack::new(),
            log: Vec::new(),
        }
    }

    /// Starts to load a page.
    pub fn open(&mut self, url: Url) -> NavigableId {
        let (page, steps) = self
            .state
            .contexts
            .create_top_level_traversable(&mut self.state.event_loop);
        drive(self, steps);
        let params = NavigateParams::new(url);
        let steps = self
            .state
            .contexts
            .navigate(&mut self.state.event_loop, page, params);
        drive(self, steps);
        page
    }

    /// Runs until the loop is idle, and logs the dropped messages.
    pub fn run_until_idle(&mut self) {
        let outcome = run_until(self, RunUntil::idle());
        for dropped in self.state.messaging.take_dropped() {
            self.log.push(dropped.to_string());
        }
        self.log.push(format!("{outcome:?}"));
    }

    pub fn port_object(&mut self, realm: GlobalId, port: PortId) -> Object {
        let make = || Object::new(realm, Data::Port(port));
        self.ports.entry(port).or_insert_with(make).clone()
    }

    pub fn window_object(realm: GlobalId, navigable: NavigableId) -> Value {
        Value::Object(Object::new(realm, Data::Window(navigable)))
    }

    pub fn record(realm: GlobalId, fields: Vec<(&str, Value)>) -> Value {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Vec<_>>();
        Value::Object(Object::new(realm, Data::Record(fields.into())))
    }

    /// A callback that a function of `realm` gives to the engine.
    pub fn callback(&self, realm: GlobalId, function: &Object, arguments: &[Value]) -> Callback {
        Callback {
            function: function.clone(),
            arguments: arguments.into(),
            incumbent: self.running.incumbent().unwrap_or(realm),
        }
    }

    /// Runs a script or a callback. Every call into the language goes through here. `enter` puts its realm on the stack.
    fn run(
        &mut self,
        enter: impl FnOnce(&mut RealmStack) -> RealmDepth,
        script: impl FnOnce(&mut Self) -> Result<Value, Error>,
    ) {
        self.state.event_loop.prepare_to_run_script();
        let entered = enter(&mut self.running);
        if let Err(Error(message)) = script(self) {
            self.log.push(format!("a script failed: {message}"));
        }
        self.running.leave(entered);
        clean_up_after_running_script(self);
    }

    fn run_callback(&mut self, callback: &Callback, arguments: &[Value]) {
        let Callback {
            function,
            incumbent,
            ..
        } = callback;
        self.run(
            |running| running.enter_callback(function.realm(), *incumbent),
            |engine| language::call(engine, function, arguments, 0),
        );
    }

    fn fire(&mut self, target: Target, event_type: &str, event: &Value) {
        // Copied first, because a listener may add or remove listeners.
        let listeners = self.listeners.get(&target).cloned().unwrap_or_default();
        for (listened, callback) in listeners {
            if listened == event_type {
                self.run_callback(&callback, std::slice::from_ref(event));
            }
        }
    }

    fn deliver(&mut self, delivery: Delivery<Self>) {
        match delivery {
            Delivery::Message {
                target,
                data,
                origin,
                source,
                ports,
                ..
            } => {
                let Some((target, realm)) = self.target(target) else {
                    return;
                };
                let ports = ports.into_iter().map(Value::Object).collect::<Vec<_>>();
                let fields = vec![
                    ("data", data),
                    ("origin", Value::text(&origin)),
                    (
                        "source",
                        source.map_or(Value::Nil, |source| Self::window_object(realm, source)),
                    ),
                    (
                        "ports",
                        Value::Object(Object::new(realm, Data::List(ports.into()))),
                    ),
                ];
                self.fire(target, "message", &Self::record(realm, fields));
            }
            Delivery::MessageError { target, .. } => {
                if let Some((target, realm)) = self.target(target) {
                    self.fire(target, "messageerror", &Self::record(realm, Vec::new()));
                }
            }
            Delivery::Close { port } => {
                if let Some((target, realm)) = self.target(MessageTarget::Port(port)) {
                    self.fire(target, "close", &Self::record(realm, Vec::new()));
                }
            }
            // The toy has neither ports of Rust code nor broadcast channels.
            _ => {}
        }
    }

    fn target(&self, target: MessageTarget) -> Option<(Target, GlobalId)> {
        match target {
            MessageTarget::Global(window) => Some((Target::Window(window), window)),
            MessageTarget::Port(port) => {
                let realm = self.ports.get(&port)?.realm();
                Some((Target::Port(port), realm))
            }
            _ => None,
        }
    }

    /// What is due after each task and each effect.
    fn housekeep(&mut self) {
        for timer in self.state.housekeep().timers {
            self.timers.remove(&timer);
        }
    }
}

impl HasState for Engine {
    type State = State<Task, Microtask>;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut State<Task, Microtask>) -> R) -> R {
        f(&mut self.state)
    }
}

impl Agent for Engine {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.state.contexts.run_task(task);
                drive(self, steps);
            }
            Task::Messaging(task) => {
                if let Some(delivery) = run_messaging_task(self, task) {
                    self.deliver(delivery);
                }
            }
            Task::Timer(task) => {
                if let Some(fired) = self.state.event_loop.begin_timer(&task) {
                    if let Some(callback) = self.timers.get(&fired.timer).cloned() {
                        self.run_callback(&callback, &callback.arguments);
                    }
                    if !self.state.event_loop.finish_timer(&task) {
                        self.timers.remove(&fired.timer);
                    }
                }
            }
        }
        self.housekeep();
    }

    fn run_microtask(&mut self, Microtask(callback): Microtask) {
        self.run_callback(&callback, &callback.arguments);
    }
}

impl EffectHost for Engine {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::CreateRealm { window, navigable } => {
                let scope = Rc::new(Scope::default());
                scope.set("window", Self::window_object(window, navigable));
                self.realms.insert(window, scope);
            }
            Effect::RunScript { document, script } => {
                let window = self.state.contexts.document(document).map(Document::window);
                let text = self
                    .state
                    .contexts
                    .script(script)
                    .and_then(|it| it.text.clone());
                if let (Some(window), Some(text)) = (window, text)
                    && let Some(scope) = self.realms.get(&window).cloned()
                {
                    self.run(
                        |running| running.enter_script(window),
                        |engine| {
                            let script = language::parse(&text)?;
                            language::evaluate(engine, window, &scope, &script, 0)
                        },
                    );
                }
            }
            Effect::Fire {
                target: EventTarget::Window(window),
                event,
            } => {
                let object = Self::record(window, Vec::new());
                self.fire(Target::Window(window), event.name(), &object);
            }
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::Fetch(request, what) => {
                let response = self.loader.load(&what);
                self.state
                    .contexts
                    .respond(&mut self.state.event_loop, request, response);
            }
            Effect::WindowDiscarded(window) => {
                self.state
                    .messaging
                    .global_ended(&mut self.state.event_loop, window);
                let messaging = &self.state.messaging;
                self.ports.retain(|port, _| !messaging.is_detached(*port));
                self.realms.remove(&window);
            }
            // In the toy, elements and documents have no listeners.
            Effect::Fire { .. } => {}
            Effect::Report(diagnostic) => self.log.push(diagnostic.to_string()),
            ignored => self.ignore(&ignored),
        }
        self.housekeep();
    }
}

impl MessagingHost for Engine {
    fn realm_of(&mut self, window: GlobalId) -> Option<GlobalId> {
        self.realms.contains_key(&window).then_some(window)
    }

    fn port_of(&mut self, object: &Object) -> Option<PortId> {
        match object.data() {
            Data::Port(port) => Some(*port),
            _ => None,
        }
    }

    fn messaging_error(&mut self, error: MessagingError) -> Error {
        Error(format!("{}: {error}", error.dom_exception_name()))
    }
}
