//! The engine's state, and the traits that connect it with the three crates.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::loader::Loader;
use framepost_browsing_context::{
    ClientId, ContextTask, Contexts, Effect, EffectHost, ErrorReport, NavigableId, ScriptId,
    ScriptKind, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, GlobalId, Queued, TaskQueues, TimerId, TimerTask,
    clean_up_after_running_script, perform_a_microtask_checkpoint,
};
use framepost_messaging::ports::PortId;
use framepost_messaging::{
    MessageTarget, Messaging, MessagingError, MessagingHost, MessagingTask, Queues,
    run_messaging_task,
};
use rquickjs::context::EvalOptions;
use rquickjs::{
    CatchResultExt, CaughtError, Ctx, Function, IntoJs, Object, Persistent, Result, Value,
};

use crate::objects::{Objects, Thing, Weakness, thing};

/// A task. The language's jobs are in QuickJS's own queue, so there are no microtasks.
#[derive(Debug)]
pub(crate) enum Task {
    Context(ContextTask),
    Messaging(MessagingTask),
    Timer(TimerTask),
}

impl From<ContextTask> for Task {
    fn from(task: ContextTask) -> Self {
        Self::Context(task)
    }
}

impl From<MessagingTask> for Task {
    fn from(task: MessagingTask) -> Self {
        Self::Messaging(task)
    }
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

/// The state of the three crates, and what belongs to it in QuickJS.
pub(crate) struct World {
    pub(crate) event_loop: EventLoop<Task, ()>,
    pub(crate) contexts: Contexts,
    pub(crate) messaging: Messaging,
    pub(crate) loader: Box<dyn Loader>,
    /// What `prelude.js` returned for each window and worker. Its own context is the realm.
    pub(crate) realms: HashMap<GlobalId, Persistent<Object<'static>>>,
    /// The global of each context.
    pub(crate) globals: HashMap<usize, GlobalId>,
    /// The globals that are gone. Their scripts may still run in this task.
    leaving: Vec<GlobalId>,
    pub(crate) proxies: HashMap<NavigableId, Persistent<Object<'static>>>,
    pub(crate) objects: Objects,
    pub(crate) timers: HashMap<TimerId, Persistent<Function<'static>>>,
    pub(crate) log: Vec<String>,
    /// The functions `weak` and `deref`.
    pub(crate) weakness: Option<Persistent<Object<'static>>>,
}

impl World {
    pub(crate) fn new(loader: Box<dyn Loader>) -> Self {
        let mut messaging = Messaging::new();
        messaging.track_reachability();
        Self {
            event_loop: EventLoop::new(),
            contexts: Contexts::new(),
            messaging,
            loader,
            realms: HashMap::new(),
            globals: HashMap::new(),
            leaving: Vec::new(),
            proxies: HashMap::new(),
            objects: Objects::default(),
            timers: HashMap::new(),
            log: Vec::new(),
            weakness: None,
        }
    }
}

/// The state, behind a cell: native functions reach it while script runs. No script runs while it is borrowed.
pub(crate) type Shared = RefCell<World>;

/// The engine in a current realm: the state, and a context of QuickJS. All traits are implemented for it.
#[derive(Clone)]
pub(crate) struct Engine<'js> {
    pub(crate) shared: Rc<Shared>,
    pub(crate) ctx: Ctx<'js>,
}

impl<'js> Engine<'js> {
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        f(&mut self.shared.borrow_mut())
    }

    pub(crate) fn weakness(&self) -> Result<Weakness<'js>> {
        let functions = self.with(|world| world.weakness.clone());
        let functions = functions.ok_or(rquickjs::Error::Unknown)?;
        Ok(Weakness(functions.restore(&self.ctx)?))
    }

    /// Uses the objects and the ports.
    pub(crate) fn with_objects<R>(
        &self,
        f: impl FnOnce(&mut World, &Weakness<'js>) -> R,
    ) -> Result<R> {
        let weakness = self.weakness()?;
        Ok(self.with(|world| f(world, &weakness)))
    }

    /// What `prelude.js` returned in the realm of `global`.
    pub(crate) fn realm(&self, global: GlobalId) -> Option<Object<'js>> {
        let realm = self.with(|world| world.realms.get(&global).cloned());
        realm?.restore(&self.ctx).ok()
    }

    /// The engine with the realm of `global` as the current one.
    pub(crate) fn within(&self, global: GlobalId) -> Option<(Self, Object<'js>)> {
        let realm = self.realm(global)?;
        let (shared, ctx) = (Rc::clone(&self.shared), realm.ctx().clone());
        Some((Self { shared, ctx }, realm))
    }

    /// Calls a function that `prelude.js` returned.
    pub(crate) fn call<A, R>(realm: &Object<'js>, name: &str, arguments: A) -> Result<R>
    where
        A: rquickjs::function::IntoArgs<'js>,
        R: rquickjs::FromJs<'js>,
    {
        realm.get::<_, Function<'js>>(name)?.call(arguments)
    }

    /// The WindowProxy of a navigable.
    pub(crate) fn window_proxy(&self, navigable: NavigableId) -> Option<Object<'js>> {
        let proxy = self.with(|world| world.proxies.get(&navigable).cloned());
        proxy?.restore(&self.ctx).ok()
    }

    /// Runs script. Every call into a script of the page goes through here.
    pub(crate) fn run_script<R>(&mut self, script: impl FnOnce(&Self) -> Result<R>) -> Option<R> {
        self.with(|world| world.event_loop.prepare_to_run_script());
        let result = script(self).catch(&self.ctx);
        let result = result.map_err(|error| self.report(&error)).ok();
        clean_up_after_running_script(self);
        result
    }

    /// Reports an exception: to the log, or to the owner of the worker that threw it.
    pub(crate) fn report(&self, error: &CaughtError<'js>) {
        let text = match error {
            CaughtError::Exception(exception) => {
                let name = exception
                    .as_object()
                    .get::<_, String>("name")
                    .unwrap_or_default();
                format!("{name}: {}", exception.message().unwrap_or_default())
            }
            CaughtError::Value(value) => match value.as_object() {
                Some(object) => format!(
                    "{}: {}",
                    object.get::<_, String>("name").unwrap_or_default(),
                    object.get::<_, String>("message").unwrap_or_default()
                ),
                None => value
                    .get::<rquickjs::Coerced<String>>()
                    .map(|text| text.0)
                    .unwrap_or_default(),
            },
            CaughtError::Error(error) => error.to_string(),
        };
        self.with(|world| {
            let global = world.globals.get(&address(&self.ctx)).copied();
            let worker = global.filter(|global| world.contexts.worker(*global).is_some());
            let report = ErrorReport::new(format!("Uncaught {text}"));
            let told = worker.is_some_and(|worker| {
                world
                    .contexts
                    .report_to_the_owner(&mut world.event_loop, worker, report)
            });
            if !told {
                world.log.push(format!("Uncaught {text}"));
            }
        });
    }

    /// What is due after each task, and after each effect.
    pub(crate) fn housekeep(&mut self) {
        let Ok(weakness) = self.weakness() else {
            return;
        };
        self.with(|world| {
            for dropped in world.event_loop.take_dropped() {
                if let Task::Messaging(task) = dropped.queued.task {
                    world.messaging.task_dropped(&mut world.event_loop, task);
                }
            }
            for timer in world.event_loop.take_dropped_timers() {
                world.timers.remove(&timer);
            }
            world.objects.release_nodes(&world.contexts);
            for thing in world.objects.take_dead(&weakness) {
                match thing {
                    Thing::Port(port) => {
                        world.messaging.port_collected(&mut world.event_loop, port)
                    }
                    Thing::Channel(id) => world.messaging.broadcast_channel_collected(id),
                    _ => {}
                }
            }
            world.objects.update(&weakness, &mut world.messaging);
        });
    }

    fn run_classic_script(&mut self, document: ClientId, script: ScriptId) {
        let found = self.with(|world| {
            let window = world.contexts.document(document)?.window();
            let script = world.contexts.script(script)?;
            let text = script
                .text
                .clone()
                .filter(|_| script.kind == ScriptKind::Classic)?;
            Some((window, text, script.url.to_string()))
        });
        if let Some((window, text, url)) = found {
            self.evaluate(window, text, url);
        }
    }

    fn evaluate(&mut self, global: GlobalId, text: String, url: String) -> Option<Value<'js>> {
        let (mut engine, _) = self.within(global)?;
        let mut options = EvalOptions::default();
        options.strict = false;
        options.filename = Some(url);
        engine.run_script(|engine| engine.ctx.eval_with_options(text, options))
    }
}

/// The address of a context, which names it while it lives.
pub(crate) fn address(ctx: &Ctx<'_>) -> usize {
    ctx.as_raw().as_ptr() as usize
}

impl Agent for Engine<'_> {
    type Task = Task;
    type Microtask = ();

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, ()>) -> R) -> R {
        self.with(|world| f(&mut world.event_loop))
    }

    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.with(|world| world.contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => {
                if let Some(delivery) = run_messaging_task(self, task) {
                    self.deliver(delivery);
                }
            }
            Task::Timer(task) => {
                if let Some(fired) = self.with(|world| world.event_loop.begin_timer(&task)) {
                    let callback = self.with(|world| world.timers.get(&fired.timer).cloned());
                    let callback = callback.and_then(|it| it.restore(&self.ctx).ok());
                    if let (Some(callback), Some((mut engine, _))) =
                        (callback, self.within(task.global))
                    {
                        engine.run_script(|_| callback.call::<_, ()>(()));
                    }
                    if !self.with(|world| world.event_loop.finish_timer(&task)) {
                        self.with(|world| world.timers.remove(&fired.timer));
                    }
                }
            }
        }
        self.with(|world| {
            for global in std::mem::take(&mut world.leaving) {
                world.globals.retain(|_, it| *it != global);
            }
            world.messaging.task_ended();
        });
        self.housekeep();
    }

    fn run_microtask(&mut self, (): ()) {}

    /// QuickJS queues the jobs of promises itself.
    fn run_engine_jobs(&mut self) -> bool {
        let mut ran = false;
        while self.ctx.execute_pending_job() {
            ran = true;
        }
        ran
    }

    fn after_checkpoint(&mut self) {
        self.housekeep();
    }
}

impl<'js> EffectHost for Engine<'js> {
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R {
        self.with(|world| f(&mut world.contexts, &mut world.event_loop))
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::CreateRealm { window, navigable } => {
                let created = self.create_window_realm(window, navigable).catch(&self.ctx);
                let _ = created.map_err(|error| self.report(&error));
            }
            Effect::RunScript { document, script } => self.run_classic_script(document, script),
            Effect::RunJavascriptUrl {
                navigable,
                document,
                source,
            } => {
                let window = self.with(|world| Some(world.contexts.document(document)?.window()));
                let result =
                    window.and_then(|it| self.evaluate(it, source, "javascript:".to_owned()));
                if let Some(html) = result.and_then(|it| it.as_string()?.to_string().ok()) {
                    let steps = self.with(|world| world.contexts.navigate_to_html(navigable, html));
                    drive(self, steps);
                }
            }
            Effect::Fire { target, event } => self.fire_at(target, &event),
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::Fetch(request, what) => self.with(|world| {
                let response = world.loader.load(&what);
                world
                    .contexts
                    .respond(&mut world.event_loop, request, response);
            }),
            Effect::EraseListeners(document) => self.erase_listeners(document),
            Effect::WindowDiscarded(window) => self.global_ended(window),
            Effect::NavigableDestroyed(navigable) => {
                self.with(|world| world.proxies.remove(&navigable));
            }
            Effect::CreateWorkerRealm { worker } => {
                let created = self.create_worker_realm(worker).catch(&self.ctx);
                let _ = created.map_err(|error| self.report(&error));
            }
            Effect::RunWorker { worker } => {
                let script = self.with(|world| {
                    let worker = world.contexts.worker(worker)?;
                    Some((worker.text()?.to_owned(), worker.url().to_string()))
                });
                if let Some((text, url)) = script {
                    self.evaluate(worker, text, url);
                }
            }
            Effect::WorkerReady { worker } => {
                self.with(|world| {
                    world
                        .messaging
                        .enable_worker_ports(&mut world.event_loop, worker)
                });
            }
            Effect::WorkerError {
                worker,
                owner,
                report,
            } => {
                let line = report.message.clone();
                let handled =
                    self.target(MessageTarget::Worker(worker))
                        .is_some_and(|(object, realm)| {
                            !self.fire(object, &realm.clone(), |_| {
                                Self::call(
                                    &realm,
                                    "errorEvent",
                                    (report.message, report.filename, report.lineno),
                                )
                            })
                        });
                // With nested workers, the owner would be told next.
                if !handled {
                    self.with(|world| world.log.push(format!("{line} (in a worker of {owner})")));
                }
            }
            Effect::WorkerEnded { worker, .. } => {
                // The dropped tasks first, then the ports.
                self.housekeep();
                self.global_ended(worker);
                self.with(|world| world.objects.worker_ended(worker));
            }
            Effect::Report(diagnostic) => self.with(|world| world.log.push(diagnostic.to_string())),
            // The WindowProxy looks its window up; `DocumentDestroyed` leaves nothing to free; there are no modules
            // and no navigation API.
            _ => {}
        }
        self.housekeep();
    }
}

impl<'js> Engine<'js> {
    fn global_ended(&self, global: GlobalId) {
        if let Ok(weakness) = self.weakness() {
            self.with(|world| {
                // They receive nothing more.
                for id in world.messaging.broadcast_channels_of(global) {
                    world.objects.hold_channel(&weakness, id, false);
                }
            });
        }
        let realm = self.with(|world| {
            world.messaging.global_ended(&mut world.event_loop, global);
            world.leaving.push(global);
            world.realms.remove(&global)
        });
        drop(realm);
    }
}

impl<'js> MessagingHost for Engine<'js> {
    fn with_messaging<R>(
        &mut self,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
    ) -> R {
        self.with(|world| f(&mut world.messaging, &mut world.event_loop, &world.contexts))
    }

    fn realm_of(&mut self, global: GlobalId) -> Option<Object<'js>> {
        self.realm(global)
    }

    fn port_of(&mut self, object: &Object<'js>) -> Option<PortId> {
        match thing(object)? {
            Thing::Port(port) => Some(port),
            _ => None,
        }
    }

    fn messaging_error(&mut self, error: MessagingError) -> rquickjs::Error {
        self.dom_exception(error.dom_exception_name(), &error.to_string())
    }
}

impl<'js> Engine<'js> {
    /// Throws a `DOMException` of the current realm.
    pub(crate) fn dom_exception(&self, name: &str, message: &str) -> rquickjs::Error {
        let global = self.with(|world| world.globals.get(&address(&self.ctx)).copied());
        let exception = global
            .and_then(|global| self.realm(global))
            .and_then(|realm| {
                Self::call::<_, Value<'js>>(&realm, "domException", (message, name)).ok()
            });
        match exception {
            Some(exception) => self.ctx.throw(exception),
            None => rquickjs::Exception::throw_type(&self.ctx, message),
        }
    }

    /// A value, or `null`.
    pub(crate) fn or_null(&self, value: Option<impl IntoJs<'js>>) -> Result<Value<'js>> {
        match value {
            Some(value) => value.into_js(&self.ctx),
            None => Ok(Value::new_null(self.ctx.clone())),
        }
    }
}
