//! What an agent holds: the world of the three library crates, the state of the engine, and the
//! [`Host`] through which the crates' algorithms reach both.
//!
//! All of it sits in the Boa context's host data behind [`State`]. Two laws keep it sound: no Boa
//! object is allocated while the [`World`] is borrowed (Boa may collect at any allocation, and
//! what is collected may not find the world borrowed), and finalizers only push ids to lists that
//! are drained later.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use boa_engine::job::Job;
use boa_engine::{Context, JsObject, JsValue, realm::Realm};
use framepost_browsing_context::{
    ContextTask, Contexts, Effect, Host as ContextHost, Loader, NavigableId, Steps, drive,
};
use framepost_event_loop::{
    Agent, Arena, EventLoop, GlobalId, Queued, TaskQueues, TimerId, TimerTask, new_key_type,
    perform_a_microtask_checkpoint,
};
use framepost_messaging::{Cause, MessageId, Messaging, MessagingTask, Queues};

use framepost_browsing_context::dom::NodeTable;
use markup5ever_rcdom::Handle as Node;

use crate::callback::Callback;
use crate::output::Output;
use crate::port_objects::{self, PortObjects};
use crate::random::Random;
use crate::wrappers::Wrappers;

new_key_type! {
    /// Names a promise job that waits in the microtask queue.
    pub struct JobId: "job";
}

new_key_type! {
    /// Names a callback that waits in the microtask queue.
    pub struct MicrotaskId: "microtask callback";
}

/// A task of the engine's event loop.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum Task {
    /// A task of the documents and navigables.
    Context(ContextTask),
    /// A task of the messages and ports.
    Messaging(MessagingTask),
    /// A timer whose time has come.
    Timer(TimerTask),
    /// A task of the engine's own.
    Script(ScriptTask),
    /// An answer from the network.
    Fetched(Box<crate::fetches::Fetched>),
}

/// A task of the engine's own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub(crate) enum ScriptTask {
    /// [Notify about rejected promises](https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises)
    /// of this window: those with this number.
    NotifyAboutRejectedPromises(GlobalId, u64),
    /// Fire `rejectionhandled` at this window.
    RejectionHandled(GlobalId),
    /// A job of the JavaScript engine that is no promise job.
    Job(JobId),
    /// Fire `toggle` at a `details` element.
    Toggle(crate::bindings::details::ToggleId),
    /// The next task of reading a blob.
    Read(crate::bindings::blob_read::ReadId),
    /// Settle a promise.
    Settle(crate::settlement::SettlementId),
    /// Fire `connect` at this shared worker, for a page at the other end of this port.
    Connect(GlobalId, framepost_messaging::PortId),
    /// Fire `error` at a `SharedWorker` that has no worker.
    NoSharedWorker(crate::workers::RefusedId),
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

impl From<ScriptTask> for Task {
    fn from(task: ScriptTask) -> Self {
        Self::Script(task)
    }
}

/// A microtask of the engine.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub(crate) enum Microtask {
    /// A promise job.
    PromiseJob(JobId),
    /// A callback of `queueMicrotask`.
    Callback(MicrotaskId),
    /// The jobs that ask for the modules of `import()`.
    ModuleJobs,
    /// Notify mutation observers.
    NotifyMutationObservers,
}

/// The state of the three library crates.
pub(crate) struct World {
    pub(crate) event_loop: EventLoop<Task, Microtask>,
    pub(crate) contexts: Contexts,
    pub(crate) messaging: Messaging,
}

/// A window or a worker as script has it.
#[derive(Clone)]
pub(crate) struct WindowRecord {
    pub(crate) realm: Realm,
    pub(crate) global: JsObject,
    /// Where the window is shown; none for a worker.
    pub(crate) navigable: Option<NavigableId>,
}

/// What a timer calls.
pub(crate) struct TimerHandler {
    pub(crate) action: TimerAction,
    pub(crate) arguments: Vec<JsValue>,
}

/// A function or a text to evaluate.
#[derive(Clone)]
pub(crate) enum TimerAction {
    Function(Callback),
    Source(boa_engine::JsString),
}

/// Who is incumbent while a callback is called and no script runs in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BackupIncumbent {
    pub(crate) window: GlobalId,
    /// How many calls of script there were around it: the script of a call within counts instead.
    pub(crate) depth: usize,
}

/// What the engine holds for script. The handlers of pending timers and jobs are the only strong
/// references to script values here besides the windows themselves.
#[derive(Default)]
pub(crate) struct ScriptState {
    pub(crate) windows: HashMap<GlobalId, WindowRecord>,
    pub(crate) workers: crate::workers::Workers,
    pub(crate) gone_windows: crate::gone_windows::GoneWindows,
    /// What the realms of windows call for their functions of the same name.
    pub(crate) uri_functions: HashMap<&'static str, JsObject>,
    /// What the global objects of windows share.
    pub(crate) lazy_globals: crate::lazy_globals::LazyGlobals,
    pub(crate) proxies: crate::window_proxy::Proxies,
    pub(crate) agent_clusters: crate::agent_clusters::AgentClusters,
    pub(crate) jobs: Arena<JobId, Job>,
    pub(crate) microtasks: Arena<MicrotaskId, Callback>,
    pub(crate) timers: HashMap<TimerId, TimerHandler>,
    pub(crate) wrappers: Wrappers,
    /// The objects of ports and broadcast channels.
    pub(crate) port_objects: PortObjects,
    pub(crate) trace: crate::trace::Trace,
    /// The WindowProxies of windows that are gone, while a message names one as its source.
    pub(crate) gone_sources: HashMap<GlobalId, JsObject>,
    /// The messages that tell of their senders' user activation.
    pub(crate) activations: HashMap<MessageId, crate::bindings::user_activation::Activation>,
    /// The message whose event is being handled.
    pub(crate) handling: Option<MessageId>,
    /// HTML's [backup incumbent settings object stack](https://html.spec.whatwg.org/multipage/webappapis.html#backup-incumbent-settings-object-stack),
    /// innermost last.
    pub(crate) incumbents: Vec<BackupIncumbent>,
    /// The windows whose settings scripts were entered with, innermost last.
    pub(crate) entries: Vec<Option<GlobalId>>,
    pub(crate) rejections: crate::rejections::Rejections,
    pub(crate) modules: crate::modules::Modules,
    /// The scripts of which nothing is told, by their windows and URLs
    /// ([muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors)).
    pub(crate) muted_scripts: std::collections::HashSet<(GlobalId, String)>,
    pub(crate) legacy: Option<boa_engine::object::builtins::JsWeakMap>,
    /// The event that is being dispatched, by window, for `window.event`.
    pub(crate) current_events: HashMap<GlobalId, JsObject>,
    pub(crate) in_error_reporting: std::collections::HashSet<GlobalId>,
    pub(crate) random: Random,
    pub(crate) controls: NodeTable<crate::controls::Control>,
    /// The documents of the roots of detached trees whose document no navigable shows.
    pub(crate) detached_roots: NodeTable<Node>,
    pub(crate) toggles: Arena<crate::bindings::details::ToggleId, crate::bindings::details::Toggle>,
    pub(crate) reads: crate::bindings::blob_read::Reads,
    pub(crate) settlements: crate::settlement::Settlements,
    pub(crate) blob_urls: crate::bindings::blob_url::BlobUrls,
    pub(crate) observers: crate::bindings::mutation_observer::Observers,
    /// The functions that windows and locations of other origins show.
    pub(crate) cross_origin: HashMap<crate::cross_origin::CrossOriginKey, JsObject>,
}

/// Where what a page says goes.
pub(crate) type OnOutput = Box<dyn FnMut(&Output)>;

/// Everything that belongs to one agent, in its Boa context's host data.
pub(crate) struct State {
    pub(crate) world: RefCell<World>,
    pub(crate) script: RefCell<ScriptState>,
    pub(crate) loader: RefCell<Box<dyn Loader>>,
    pub(crate) fetches: crate::fetches::Fetches,
    pub(crate) on_output: RefCell<OnOutput>,
    pub(crate) hooks: Rc<crate::realm::Hooks>,
    pub(crate) collection: crate::collection::Collection,
}

/// Tells the embedder what the page said.
pub(crate) fn emit(ctx: &Context, output: &Output) {
    let state = state(ctx);
    // An embedder that is called from within its own sink has no page to ask: nothing re-enters.
    if let Ok(mut on_output) = state.on_output.try_borrow_mut() {
        on_output(output);
    }
}

/// The state of the agent that this context belongs to.
pub(crate) fn state(ctx: &Context) -> Rc<State> {
    // An agent puts its state into its context before any other code sees that.
    #[allow(
        clippy::expect_used,
        reason = "no input can take the state out of a context"
    )]
    ctx.get_data::<Rc<State>>()
        .expect("a context without an agent")
        .clone()
}

/// Reads or writes the engine's own state. Nothing of Boa may be allocated inside of `f`.
pub(crate) fn with_script<R>(ctx: &Context, f: impl FnOnce(&mut ScriptState) -> R) -> R {
    f(&mut state(ctx).script.borrow_mut())
}

/// Reads or writes the documents and navigables. Nothing of Boa may be allocated inside of `f`.
pub(crate) fn with_contexts<R>(ctx: &Context, f: impl FnOnce(&mut Contexts) -> R) -> R {
    f(&mut state(ctx).world.borrow_mut().contexts)
}

/// Reads or writes the event loop. Nothing of Boa may be allocated inside of `f`.
pub(crate) fn with_loop<R>(
    ctx: &Context,
    f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R,
) -> R {
    f(&mut state(ctx).world.borrow_mut().event_loop)
}

/// Reads or writes the ports and channels. Nothing of Boa may be allocated inside of `f`.
pub(crate) fn with_messaging<R>(
    ctx: &Context,
    f: impl FnOnce(&mut Messaging, &mut Queues<'_>) -> R,
) -> R {
    with_messaging_and_contexts(ctx, |messaging, _, queues| f(messaging, queues))
}

/// The same with the documents and navigables to read.
///
/// What the ports' objects hold is brought up to date before anything else can happen.
pub(crate) fn with_messaging_and_contexts<R>(
    ctx: &Context,
    f: impl FnOnce(&mut Messaging, &Contexts, &mut Queues<'_>) -> R,
) -> R {
    let state = state(ctx);
    let traced = state.world.borrow().messaging.is_tracing();
    let cause = traced.then(|| Cause {
        window: crate::realm::running_window(ctx),
        message: state.script.borrow().handling,
    });
    let (result, changes) = {
        let world = &mut *state.world.borrow_mut();
        if let Some(cause) = cause {
            let now = world.event_loop.peek_now();
            world.messaging.set_trace_context(now, cause);
        }
        let result = f(&mut world.messaging, &world.contexts, &mut world.event_loop);
        if traced {
            let events = world.messaging.take_trace();
            let trace = &mut state.script.borrow_mut().trace;
            trace.add(events, &world.contexts);
        }
        (result, port_objects::changes(&mut world.messaging))
    };
    if !changes.is_empty() {
        state.script.borrow_mut().port_objects.heed(changes);
    }
    result
}

/// A Boa context as the library crates see it.
pub(crate) struct Host<'a>(pub(crate) &'a mut Context);

impl Agent for Host<'_> {
    type Task = Task;
    type Microtask = Microtask;

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
        with_loop(self.0, f)
    }

    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.with_contexts(|contexts, _| contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => crate::messaging_host::run(self.0, task),
            Task::Timer(task) => crate::bindings::timers::run(self.0, task),
            Task::Script(task) => crate::jobs::run_script_task(self.0, task),
            Task::Fetched(fetched) => crate::fetches::take_in(self.0, *fetched),
        }
        self.after_task();
    }

    fn run_microtask(&mut self, microtask: Microtask) {
        crate::jobs::run_microtask(self.0, microtask);
    }

    fn after_checkpoint(&mut self) {
        crate::rejections::queue_notifications(self.0);
        self.0.clear_kept_objects();
    }
}

impl ContextHost for Host<'_> {
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R {
        let state = state(self.0);
        let world = &mut *state.world.borrow_mut();
        f(&mut world.contexts, &mut world.event_loop)
    }

    fn perform(&mut self, effect: Effect) {
        crate::effects::perform(self.0, effect);
    }
}

impl Host<'_> {
    /// Drops what the last task has left behind.
    pub(crate) fn after_task(&mut self) {
        state(self.0).collection.task_ended();
        crate::bindings::message_delivery::hand_back_dropped_tasks(self.0);
        crate::bindings::message_delivery::account_for_the_collected(self.0);
        crate::workers::end_the_forgotten(self.0);
        crate::bindings::message_delivery::tell_of_drops(self.0);
        let state = state(self.0);
        let cleared = {
            let mut script = state.script.borrow_mut();
            script.wrappers.forget_the_dead();
            let gone = state.world.borrow_mut().event_loop.take_dropped_timers();
            let gone = gone.into_iter();
            gone.filter_map(|timer| script.timers.remove(&timer))
                .collect::<Vec<_>>()
        };
        // The handlers are script values: they are let go after the borrows are.
        drop(cleared);
    }
}

/// Carries out the steps of an algorithm.
pub(crate) fn run_steps(ctx: &mut Context, steps: Steps) {
    drive(&mut Host(ctx), steps);
}

/// [Prepare to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script):
/// `entry` is the window whose settings are the
/// [entry settings](https://html.spec.whatwg.org/multipage/webappapis.html#entry-settings-object)
/// until [`clean_up_after_running_script`].
pub(crate) fn prepare_to_run_script(ctx: &Context, entry: Option<GlobalId>) {
    with_loop(ctx, EventLoop::prepare_to_run_script);
    with_script(ctx, |script| script.entries.push(entry));
}

/// [Clean up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script),
/// with the microtask checkpoint that may be due.
pub(crate) fn clean_up_after_running_script(ctx: &mut Context) {
    with_script(ctx, |script| script.entries.pop());
    if with_loop(ctx, EventLoop::clean_up_after_running_script) {
        perform_a_microtask_checkpoint(&mut Host(ctx));
    }
}
