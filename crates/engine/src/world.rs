//! What an agent has: the world of the three library crates, and the [`Host`] through which the
//! crates' algorithms reach that and the engine.
//!
//! It is in the Boa context's host data behind [`State`]. What the engine's modules keep for an
//! agent is in their [slots](crate::boa::slots). Two laws keep both sound: no Boa object is
//! allocated while the [`World`] or a slot is borrowed (Boa may collect at any allocation, and
//! what is collected may not find the world borrowed), and finalizers only push ids to lists that
//! are drained later.

use std::cell::RefCell;
use std::rc::Rc;

use boa_engine::{Context, JsObject, realm::Realm};
use framepost_browsing_context::{
    ContextTask, Contexts, Effect, Host as ContextHost, Loader, NavigableId, Steps, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, GlobalId, Queued, TaskQueues, TimerTask, perform_a_microtask_checkpoint,
};
use framepost_messaging::{Cause, MessageId, Messaging, MessagingTask, Queues};

use crate::boa::slots::Slot;
use crate::output::Output;
use crate::port_objects::{self, PORT_OBJECTS};
use crate::trace::TRACE;
use crate::wrappers;

/// The windows whose settings scripts were entered with, innermost last.
static ENTRIES: Slot<Vec<Option<GlobalId>>> = Slot::new();

/// The message whose event is being handled.
pub(crate) static HANDLING: Slot<Option<MessageId>> = Slot::new();

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
    Job(crate::jobs::JobId),
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
    PromiseJob(crate::jobs::JobId),
    /// A callback of `queueMicrotask`.
    Callback(crate::bindings::timers::MicrotaskId),
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

/// Who is incumbent while a callback is called and no script runs in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BackupIncumbent {
    pub(crate) window: GlobalId,
    /// How many calls of script there were around it: the script of a call within counts instead.
    pub(crate) depth: usize,
}

/// Where what a page says goes.
pub(crate) type OnOutput = Box<dyn FnMut(&Output)>;

/// Everything that belongs to one agent, in its Boa context's host data.
pub(crate) struct State {
    pub(crate) world: RefCell<World>,
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
        message: HANDLING.with(ctx, |handling| *handling),
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
            TRACE.with(ctx, |trace| trace.add(events, &world.contexts));
        }
        (result, port_objects::changes(&mut world.messaging))
    };
    if !changes.is_empty() {
        PORT_OBJECTS.with(ctx, |objects| objects.heed(changes));
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
        wrappers::forget_the_dead(self.0);
        crate::bindings::timers::forget_dropped(self.0);
    }
}

/// Carries out the steps of an algorithm.
pub(crate) fn run_steps(ctx: &mut Context, steps: Steps) {
    drive(&mut Host(ctx), steps);
}

/// The window whose settings the script was entered with that was entered last, if one was.
pub(crate) fn entry(ctx: &Context) -> Option<GlobalId> {
    ENTRIES
        .with(ctx, |entries| entries.last().copied())
        .flatten()
}

/// [Prepare to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script):
/// `entry` is the window whose settings are the
/// [entry settings](https://html.spec.whatwg.org/multipage/webappapis.html#entry-settings-object)
/// until [`clean_up_after_running_script`].
pub(crate) fn prepare_to_run_script(ctx: &Context, entry: Option<GlobalId>) {
    with_loop(ctx, EventLoop::prepare_to_run_script);
    ENTRIES.with(ctx, |entries| entries.push(entry));
}

/// [Clean up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script),
/// with the microtask checkpoint that may be due.
pub(crate) fn clean_up_after_running_script(ctx: &mut Context) {
    ENTRIES.with(ctx, Vec::pop);
    if with_loop(ctx, EventLoop::clean_up_after_running_script) {
        perform_a_microtask_checkpoint(&mut Host(ctx));
    }
}
