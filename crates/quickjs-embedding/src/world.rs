//! The engine's state, and the traits that connect it with the three crates.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::loader::{Loader as _, MemoryLoader};
use framepost_browsing_context::{Effect, EffectHost, ErrorReport, NavigableId, ScriptKind, drive};
use framepost_event_loop::{
    Agent, GlobalId, HasState, Queued, TimerId, TimerTask, clean_up_after_running_script,
    perform_a_microtask_checkpoint,
};
use framepost_messaging::ports::PortId;
use framepost_messaging::{MessagingError, MessagingHost, State, Task, run_messaging_task};
use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt, CaughtError, Coerced, Ctx, Function, Object, Persistent, Result, Value};

use crate::objects::{Objects, Thing, Weakness, thing};

/// The state of the three crates, and what belongs to it in QuickJS.
#[derive(Default)]
pub(crate) struct World {
    /// The language's jobs are in QuickJS's own queue, so there are no microtasks.
    pub(crate) state: State,
    pub(crate) loader: MemoryLoader,
    /// What `prelude.js` returned for each window and worker. Its own context is the realm.
    pub(crate) realms: HashMap<GlobalId, Persistent<Object<'static>>>,
    /// The global of each context.
    pub(crate) globals: HashMap<usize, GlobalId>,
    pub(crate) proxies: HashMap<NavigableId, Persistent<Object<'static>>>,
    /// The windows that are gone, with their navigables, while messages from them wait: the WindowProxy is the `source`.
    pub(crate) senders: Vec<(GlobalId, NavigableId)>,
    pub(crate) objects: Objects,
    pub(crate) timers: HashMap<TimerId, Persistent<Function<'static>>>,
    pub(crate) log: Vec<String>,
    /// The functions of [`Weakness`].
    pub(crate) weakness: Option<Persistent<Object<'static>>>,
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
        self.with_loop(|event_loop| event_loop.prepare_to_run_script());
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
        let told = self.with_contexts(|contexts, queues| {
            let worker = global.filter(|global| contexts.worker(*global).is_some());
            worker.is_some_and(|it| contexts.report_to_the_owner(queues, it, ErrorReport::new(text.clone())))
        });
        if !told {
            self.with(|world| world.log.push(text));
        }
        None
    }

    /// What is due after each task, and after each effect.
    pub(crate) fn housekeep(&mut self) {
        // It fails only if there is no memory, and is done the next time.
        let _ = self.with_objects(|world, weakness| {
            let World { state, objects, timers, senders, proxies, .. } = world;
            objects.update_nodes(weakness, &state.contexts);
            for thing in objects.take_freed(weakness) {
                match thing {
                    Thing::Port(port) => state.messaging.port_collected(&mut state.event_loop, port),
                    Thing::Channel(id) => state.messaging.broadcast_channel_collected(id),
                    _ => {}
                }
            }
            let due = state.housekeep();
            for timer in due.timers {
                timers.remove(&timer);
            }
            objects.update(weakness, &state.messaging, due.reachability);
            senders.retain(|(window, navigable)| {
                let waits = state.messaging.has_undelivered_from(*window);
                if !waits && state.contexts.navigable(*navigable).is_none() {
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

    fn run_timer(&mut self, task: &TimerTask) {
        let Some(fired) = self.with_loop(|event_loop| event_loop.begin_timer(task)) else {
            return;
        };
        let callback = self.with(|world| world.timers.get(&fired.timer).cloned());
        let callback = callback.and_then(|it| it.restore(&self.ctx).ok());
        if let (Some(callback), Some((mut engine, _))) = (callback, self.within(task.global)) {
            engine.run_script(|_| callback.call::<_, ()>(()));
        }
        if !self.with_loop(|event_loop| event_loop.finish_timer(task)) {
            drop(self.with(|world| world.timers.remove(&fired.timer)));
        }
    }

    fn global_ended(&mut self, global: GlobalId) {
        // The dropped tasks first, then the ports and channels, which receive nothing more.
        self.housekeep();
        let _ = self.with_objects(|world, weakness| {
            for id in world.state.messaging.broadcast_channels_of(global) {
                world.objects.root(weakness, &Thing::Channel(id), false);
            }
            world.state.messaging.global_ended(&mut world.state.event_loop, global);
        });
        drop(self.with(|world| world.realms.remove(&global)));
    }
}

/// The address of a context, which names it while it lives.
pub(crate) fn address(ctx: &Ctx<'_>) -> usize {
    ctx.as_raw().as_ptr() as usize
}

impl HasState for Engine<'_> {
    type State = State;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut State) -> R) -> R {
        self.with(|world| f(&mut world.state))
    }
}

impl Agent for Engine<'_> {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.with_contexts(|contexts, _| contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => {
                if let Some(delivery) = run_messaging_task(self, task) {
                    self.deliver(delivery);
                }
            }
            Task::Timer(task) => self.run_timer(&task),
        }
        self.with(|world| {
            // The scripts of a global that is gone run to the end of their task.
            world.globals.retain(|_, global| world.realms.contains_key(global));
            world.state.messaging.task_ended();
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

impl EffectHost for Engine<'_> {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::CreateRealm { window, navigable } => {
                self.reported(|engine| engine.create_window_realm(window, navigable));
            }
            Effect::RunScript { document, script } => {
                let found = self.with_contexts(|contexts, _| {
                    let script = contexts.script(script).filter(|it| it.kind == ScriptKind::Classic)?;
                    Some((contexts.document(document)?.window(), script.text.clone()?, script.url.to_string()))
                });
                if let Some((window, text, url)) = found {
                    self.evaluate(window, text, url);
                }
            }
            Effect::Fire { target, event } => self.fire_at(target, &event),
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::Fetch(request, what) => {
                let response = self.with(|world| world.loader.load(&what));
                self.with_contexts(|contexts, queues| contexts.respond(queues, request, response));
            }
            Effect::WindowDiscarded(window) => {
                self.with(|world| {
                    let navigable = world.state.contexts.window(window).map(|it| it.navigable());
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
                let script = self.with_contexts(|contexts, _| {
                    let worker = contexts.worker(worker)?;
                    Some((worker.text()?.to_owned(), worker.url().to_string()))
                });
                if let Some((text, url)) = script {
                    self.evaluate(worker, text, url);
                }
            }
            Effect::WorkerReady { worker } => {
                self.with_messaging(|messaging, queues, _| messaging.enable_worker_ports(queues, worker));
            }
            Effect::WorkerError { worker, report, .. } => self.fire_error(worker, report),
            Effect::WorkerEnded { worker, .. } => {
                self.global_ended(worker);
                self.with(|world| world.objects.remove(&Thing::Worker(worker)));
            }
            Effect::Report(diagnostic) => self.with(|world| world.log.push(diagnostic.to_string())),
            // Such as modules, `javascript:` URLs and `document.open()`.
            ignored => self.ignore(&ignored),
        }
        self.housekeep();
    }
}

impl<'js> MessagingHost for Engine<'js> {
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
}
