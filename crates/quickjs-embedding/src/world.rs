//! The engine's state, and the traits that connect it with the three crates.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::loader::Loader;
use framepost_browsing_context::{
    ContextTask, Contexts, Effect, EffectHost, ErrorReport, NavigableId, ScriptKind, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, GlobalId, Queued, TaskQueues, TimerId, TimerTask, clean_up_after_running_script,
    perform_a_microtask_checkpoint,
};
use framepost_messaging::ports::PortId;
use framepost_messaging::{Messaging, MessagingError, MessagingHost, MessagingTask, Queues, run_messaging_task};
use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt, CaughtError, Coerced, Ctx, Function, IntoJs, Object, Persistent, Result, Value};

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
    /// The windows that are gone, with their navigables, while messages from them wait: the WindowProxy is the `source`.
    senders: Vec<(GlobalId, NavigableId)>,
    pub(crate) objects: Objects,
    pub(crate) timers: HashMap<TimerId, Persistent<Function<'static>>>,
    pub(crate) log: Vec<String>,
    /// The functions of [`Weakness`].
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
            senders: Vec::new(),
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
        Ok(Weakness(functions.ok_or(rquickjs::Error::Unknown)?.restore(&self.ctx)?))
    }

    /// Uses the objects and the ports.
    pub(crate) fn with_objects<R>(&self, f: impl FnOnce(&mut World, &Weakness<'js>) -> R) -> Result<R> {
        let weakness = self.weakness()?;
        Ok(self.with(|world| f(world, &weakness)))
    }

    /// What `prelude.js` returned in the realm of `global`.
    pub(crate) fn realm(&self, global: GlobalId) -> Option<Object<'js>> {
        let realm = self.with(|world| world.realms.get(&global).cloned());
        realm?.restore(&self.ctx).ok()
    }

    /// The global of the current realm.
    pub(crate) fn global(&self) -> Option<GlobalId> {
        self.with(|world| world.globals.get(&address(&self.ctx)).copied())
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

    /// ToString of a value.
    pub(crate) fn text_of(value: &Value<'js>) -> Result<String> {
        Ok(value.get::<Coerced<String>>()?.0)
    }

    /// The WindowProxy of a navigable.
    pub(crate) fn window_proxy(&self, navigable: NavigableId) -> Option<Object<'js>> {
        let proxy = self.with(|world| world.proxies.get(&navigable).cloned());
        proxy?.restore(&self.ctx).ok()
    }

    /// Runs script. Every call into a script of the page goes through here.
    pub(crate) fn run_script<R>(&mut self, script: impl FnOnce(&Self) -> Result<R>) -> Option<R> {
        self.with(|world| world.event_loop.prepare_to_run_script());
        let result = self.reported(|engine| script(engine));
        clean_up_after_running_script(self);
        result
    }

    /// The result, or `None` and a report of the exception: to the log, or to the owner of the worker that threw it.
    pub(crate) fn reported<R>(&mut self, f: impl FnOnce(&mut Self) -> Result<R>) -> Option<R> {
        let error = match f(self).catch(&self.ctx) {
            Ok(result) => return Some(result),
            Err(error) => error,
        };
        let text = match &error {
            CaughtError::Exception(exception) => {
                let name: String = exception.as_object().get("name").unwrap_or_default();
                format!("Uncaught {name}: {}", exception.message().unwrap_or_default())
            }
            CaughtError::Value(value) => format!("Uncaught {}", Self::text_of(value).unwrap_or_default()),
            CaughtError::Error(error) => format!("Uncaught {error}"),
        };
        let global = self.global();
        self.with(|world| {
            let worker = global.filter(|global| world.contexts.worker(*global).is_some());
            let told = worker.is_some_and(|worker| {
                let report = ErrorReport::new(text.clone());
                world.contexts.report_to_the_owner(&mut world.event_loop, worker, report)
            });
            if !told {
                world.log.push(text);
            }
        });
        None
    }

    /// What is due after each task, and after each effect.
    pub(crate) fn housekeep(&mut self) {
        // It fails only if there is no memory, and is done the next time.
        let _ = self.with_objects(|world, weakness| {
            let World { event_loop, messaging, objects, contexts, timers, senders, proxies, .. } = world;
            objects.release_nodes(weakness, contexts);
            for thing in objects.take_freed(weakness) {
                match thing {
                    Thing::Port(port) => messaging.port_collected(event_loop, port),
                    Thing::Channel(id) => messaging.broadcast_channel_collected(id),
                    _ => {}
                }
            }
            let due = messaging.housekeep(event_loop, |task| match task {
                Task::Messaging(task) => Ok(task),
                other => Err(other),
            });
            for timer in due.timers {
                timers.remove(&timer);
            }
            objects.update(weakness, messaging, due.reachability);
            senders.retain(|(window, navigable)| {
                let waits = messaging.has_undelivered_from(*window);
                if !waits && contexts.navigable(*navigable).is_none() {
                    proxies.remove(navigable);
                }
                waits
            });
        });
    }

    fn evaluate(&mut self, global: GlobalId, text: String, url: String) {
        if let Some((mut engine, _)) = self.within(global) {
            let mut options = EvalOptions::default();
            options.strict = false;
            options.filename = Some(url);
            engine.run_script(|engine| engine.ctx.eval_with_options::<Value<'js>, _>(text, options));
        }
    }

    fn global_ended(&mut self, global: GlobalId) {
        // The dropped tasks first, then the ports and channels, which receive nothing more.
        self.housekeep();
        let _ = self.with_objects(|world, weakness| {
            for id in world.messaging.broadcast_channels_of(global) {
                world.objects.root(weakness, &Thing::Channel(id), false);
            }
            world.messaging.global_ended(&mut world.event_loop, global);
            world.leaving.push(global);
        });
        drop(self.with(|world| world.realms.remove(&global)));
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
                    if let (Some(callback), Some((mut engine, _))) = (callback, self.within(task.global)) {
                        engine.run_script(|_| callback.call::<_, ()>(()));
                    }
                    if !self.with(|world| world.event_loop.finish_timer(&task)) {
                        drop(self.with(|world| world.timers.remove(&fired.timer)));
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
    fn with_contexts<R>(&mut self, f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R) -> R {
        self.with(|world| f(&mut world.contexts, &mut world.event_loop))
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::CreateRealm { window, navigable } => {
                self.reported(|engine| engine.create_window_realm(window, navigable));
            }
            Effect::RunScript { document, script } => {
                let found = self.with(|world| {
                    let script = world.contexts.script(script).filter(|it| it.kind == ScriptKind::Classic)?;
                    let window = world.contexts.document(document)?.window();
                    Some((window, script.text.clone()?, script.url.to_string()))
                });
                if let Some((window, text, url)) = found {
                    self.evaluate(window, text, url);
                }
            }
            Effect::Fire { target, event } => self.fire_at(target, &event),
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::Fetch(request, what) => self.with(|world| {
                let response = world.loader.load(&what);
                world.contexts.respond(&mut world.event_loop, request, response);
            }),
            Effect::WindowDiscarded(window) => {
                self.with(|world| {
                    let navigable = world.contexts.window(window).map(|it| it.navigable());
                    world.senders.extend(navigable.map(|navigable| (window, navigable)));
                });
                self.global_ended(window);
            }
            Effect::NavigableDestroyed(navigable) => {
                let proxy = self.with(|world| {
                    let waits = world.senders.iter().any(|(_, of)| *of == navigable);
                    if waits { None } else { world.proxies.remove(&navigable) }
                });
                drop(proxy);
            }
            Effect::CreateWorkerRealm { worker } => {
                self.reported(|engine| engine.create_realm(worker, true));
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
                self.with(|world| world.messaging.enable_worker_ports(&mut world.event_loop, worker));
            }
            Effect::WorkerError { worker, report, .. } => self.fire_error(worker, report),
            Effect::WorkerEnded { worker, .. } => {
                self.global_ended(worker);
                self.with(|world| world.objects.remove(&Thing::Worker(worker)));
            }
            Effect::Report(diagnostic) => self.with(|world| world.log.push(diagnostic.to_string())),
            // Such as modules, `javascript:` URLs and `document.open()`.
            ignored => {
                if let Some(what) = ignored.if_ignored().filter(|_| cfg!(debug_assertions)) {
                    self.with(|world| world.log.push(format!("not supported: {what}")));
                }
            }
        }
        self.housekeep();
    }
}

impl<'js> MessagingHost for Engine<'js> {
    fn with_messaging<R>(&mut self, f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R) -> R {
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
        let realm = self.global().and_then(|global| self.realm(global));
        let exception =
            realm.and_then(|realm| Self::call::<_, Value<'js>>(&realm, "domException", (message, name)).ok());
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
