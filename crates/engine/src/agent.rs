//! An agent: a Boa context with its state, and the driver of its event loop.
//!
//! An agent needs a thread with a large stack (see [`Page`](crate::Page)) because Boa's parser and
//! interpreter recurse natively.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use boa_engine::context::{Clock as BoaClock, ContextBuilder, time::JsInstant};
use boa_engine::{Context, JsValue};
use framepost_browsing_context::{
    ContextLimits, Contexts, EffectHost as _, LoadError, Loader, NavigableId, NavigateParams,
    PopupPolicy,
};
use framepost_event_loop::{
    EventLoop, EventLoopLimits, EventLoopOptions, LimitReached, Record, RunOutcome, RunUntil,
    Schedule, WallClock, run_until,
};
use framepost_messaging::Messaging;
use framepost_messaging::accounting::QueueLimits;
use framepost_messaging::storage::StoredArea;
use url::Url;

use crate::boa::slots::Slots;
use crate::boa::source_text;
use crate::boa::sources::{self, Kind};
use crate::boa::{collection, random};
use crate::clock::PageClock;
use crate::har::Har;
use crate::host::{effects, explanations, import_meta, modules, rejections, report};
use crate::html::animation_frames;
use crate::html::timers;
use crate::html::window::WINDOW;
use crate::http::HttpOptions;
use crate::limits::PageLimits;
use crate::loads::arrivals::{self, Arrival};
use crate::loads::{self, Fetches, OnAnswer, RewriteResponse, Route};
use crate::messaging::{host, message_delivery};
use crate::output::{Output, ScriptError, ScriptErrorKind};
use crate::scheduling;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::realm::{self, Hooks, in_realm, window_record};
use crate::script::{
    Embedding, Host, Running, State, World, agent_clusters, clean_up_after_running_script, origins,
    prepare_to_run_script, run_steps, task_log, with_contexts, with_loop, with_messaging,
    with_messaging_of, wrappers,
};
use crate::trace::{TRACE, Trace};
use crate::workers::connections;

/// The functions of higher modules that the script state calls.
static EMBEDDING: Embedding = Embedding {
    perform: effects::perform,
    run_messaging_task: host::run,
    run_timer: timers::run,
    take_answer: loads::take_in,
    take_news: loads::connections::take_in,
    after_task,
    notify_about_rejections: rejections::queue_notifications,
    track_rejection: rejections::track,
    name_the_expression: explanations::name_the_expression,
    load_imported_module: modules::imported_module,
    init_import_meta: import_meta::init_import_meta,
    report_exception: report::report_exception,
    report_error: report::report_error,
    report_script_exception: report::report_script_exception,
};

/// The most ends of ports' last tasks after which the ports are still roots.
const MOST_LAST_TASKS: usize = 32;

/// Cleans up after a task.
fn after_task(ctx: &mut Context, state: &State) {
    let (ports, dropped, ended) = {
        let world = &mut *state.world.borrow_mut();
        let event_loop = &mut world.event_loop;
        // OPTIMIZATION: two ports that answer each other stay roots, and do not change with each message.
        let last_tasks = world.messaging.takes_of_last_tasks();
        let ports = last_tasks > 0
            && (last_tasks >= MOST_LAST_TASKS
                || !event_loop.has_runnable_task()
                || collection::is_after_each_task(ctx));
        (ports, event_loop.has_dropped(), event_loop.take_has_ended())
    };
    if ports {
        with_messaging_of(state, ctx, |messaging, _, _| messaging.task_ended());
    }
    collection::task_ended(ctx);
    if dropped {
        message_delivery::hand_back_dropped_tasks(ctx);
    }
    let finalizers_run = collection::finalizers_run();
    let has_collected = state.finalizers_run.replace(finalizers_run) != finalizers_run;
    if has_collected && PORT_OBJECTS.with(ctx, |port_objects| port_objects.has_forgotten()) {
        message_delivery::account_for_the_collected(ctx);
        connections::end_the_forgotten(ctx);
        // A worker that is still busy is looked at again.
        if PORT_OBJECTS.with(ctx, |port_objects| port_objects.has_forgotten()) {
            state.finalizers_run.set(finalizers_run.wrapping_sub(1));
        }
    }
    message_delivery::report_drops(ctx, state);
    if has_collected {
        wrappers::forget_the_dead(ctx);
    }
    if ended {
        timers::forget_dropped(ctx);
        animation_frames::forget_dropped(ctx);
        scheduling::forget_dropped(ctx);
    }
}

/// The options of an agent.
pub(crate) struct AgentOptions {
    pub(crate) loader: Box<dyn Loader>,
    /// The options for URLs that the loader does not serve. `None` means no network.
    pub(crate) http: Option<HttpOptions>,
    /// Answers requests in place of the loader and the network.
    pub(crate) route: Option<Route>,
    /// Changes responses before the page gets them.
    pub(crate) rewrite: Option<RewriteResponse>,
    pub(crate) on_output: Box<dyn FnMut(&Output)>,
    pub(crate) limits: PageLimits,
    pub(crate) popups: PopupPolicy,
    pub(crate) cross_origin_isolated: bool,
    pub(crate) seed: u64,
    pub(crate) clock: PageClock,
    /// The local storage of earlier pages.
    pub(crate) local_storage: Vec<StoredArea>,
    /// The order of tasks; `None` means the default order, without a record.
    pub(crate) schedule: Option<Schedule>,
}

/// An agent with one page.
pub(crate) struct Agent {
    context: Context,
    top: Option<NavigableId>,
    clock: PageClock,
}

/// Gives Boa the event loop's clock.
struct LoopClock(Rc<State>);

impl BoaClock for LoopClock {
    fn now(&self) -> JsInstant {
        let now = self.0.world.borrow().event_loop.peek_now();
        JsInstant::new(now.as_secs(), now.subsec_nanos())
    }

    fn system_time_millis(&self) -> i64 {
        let event_loop = &mut self.0.world.borrow_mut().event_loop;
        let now = event_loop.time_origin().saturating_add(event_loop.now());
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Runs the event loop, and takes the answers of the network between its tasks only.
fn run_task_by_task(ctx: &mut Context, stop: RunUntil) -> RunOutcome {
    let mut left = stop.after_tasks;
    loop {
        arrivals::take(ctx);
        let at_a_time = left.map_or(1, |left| left.min(1));
        let outcome = run_until(&mut Host::new(ctx), stop.after_tasks(at_a_time));
        if let RunOutcome::Waiting { .. } = outcome {
            arrivals::page_waits(ctx);
        }
        if outcome != RunOutcome::TasksReached || at_a_time == 0 {
            return outcome;
        }
        arrivals::task_has_run(ctx);
        left = left.map(|left| left.saturating_sub(1));
        if left == Some(0) {
            return outcome;
        }
    }
}

/// The number of values that Boa's own stack may hold per level of recursion.
const STACK_PER_CALL: usize = 64;

impl Agent {
    /// Creates an agent without a page. The error is the script engine's message.
    pub(crate) fn new(options: AgentOptions) -> Result<Self, String> {
        let AgentOptions {
            loader,
            http,
            route,
            rewrite,
            on_output,
            limits,
            popups,
            cross_origin_isolated,
            seed,
            clock,
            local_storage,
            schedule,
        } = options;
        collection::collect_seldom();
        let mut context_limits = ContextLimits::default();
        context_limits.frames = limits.frames;
        context_limits.frame_depth = limits.frame_depth;
        context_limits.workers = limits.workers;
        let mut contexts = Contexts::with_limits(context_limits);
        contexts.set_popup_policy(popups);
        let loop_limits = EventLoopLimits::default()
            .with_microtasks_per_checkpoint(Some(limits.microtasks_per_checkpoint));
        let loop_options = EventLoopOptions::new().limits(loop_limits);
        let loop_options = match &schedule {
            Some(schedule) => loop_options.schedule(schedule),
            None => loop_options,
        };
        let loop_options = match clock {
            PageClock::Virtual => loop_options,
            PageClock::Wall => loop_options.clock(WallClock::new()),
        };
        let mut messaging = Messaging::new();
        messaging.track_reachability();
        let mut queue_limits = QueueLimits::default();
        queue_limits.messages_per_port = limits.messages_per_port;
        queue_limits.bytes_per_port = limits.bytes_per_port;
        queue_limits.messages_per_global = limits.messages_per_window;
        queue_limits.bytes_per_global = limits.bytes_per_window;
        messaging.set_limits(queue_limits);
        messaging.set_storage_quota(limits.storage);
        for area in local_storage {
            messaging.restore_area(area);
        }
        let hooks = Rc::new(Hooks::default());
        let event_loop = EventLoop::with_options(loop_options);
        let fetches = Fetches::new(http, route, rewrite, &event_loop);
        let state = Rc::new(State {
            embedding: &EMBEDDING,
            world: RefCell::new(World {
                event_loop,
                contexts,
                messaging,
                running: Running::default(),
            }),
            loader: RefCell::new(loader),
            on_output: RefCell::new(on_output),
            handling: Cell::new(None),
            has_rejections: Cell::new(false),
            tasks_run: Cell::new(0),
            recent_realms: RefCell::default(),
            origins: RefCell::default(),
            finalizers_run: Cell::new(collection::finalizers_run().wrapping_sub(1)),
        });
        let mut context = ContextBuilder::new()
            .host_hooks(hooks.clone())
            .clock(Rc::new(LoopClock(state.clone())))
            .job_executor(Slots::new(modules::enqueue_job))
            .module_loader(state)
            .build()
            .map_err(|error| error.to_string())?;
        let runtime = context.runtime_limits_mut();
        runtime.set_loop_iteration_limit(limits.loop_iterations);
        runtime.set_recursion_limit(limits.recursion);
        runtime.set_stack_size_limit(limits.recursion.saturating_mul(STACK_PER_CALL));
        loads::install(&context, fetches);
        realm::install_hooks(&context, hooks);
        random::seed(&context, seed);
        agent_clusters::install(&context, cross_origin_isolated);
        crate::dom::extensions::install(&crate::host::extensions::EXTENSIONS);
        crate::webidl::extensions::install(&crate::host::extensions::WEB_IDL, &context);
        crate::script::wrappers::install(crate::dom::node::wrap, &context);
        crate::streams::transferable::install(&context, &crate::transferred_streams::STEPS);
        crate::boa::global_bindings::save_uri_functions(&mut context);
        crate::windows::window_proxy::install(&mut context).map_err(|error| error.to_string())?;
        crate::windows::named_properties::install(&context);
        crate::windows::lazy_globals::install(&mut context, &WINDOW);
        crate::boa::intrinsics::save(&mut context);
        crate::boa::json::save(&context);
        Ok(Self {
            context,
            top: None,
            clock,
        })
    }

    /// Starts recording the events of messages.
    pub(crate) fn set_trace(&mut self) {
        with_messaging(&self.context, |messaging, _| messaging.set_trace(true));
    }

    /// Starts recording the calls that queue tasks.
    pub(crate) fn record_task_origins(&mut self) {
        origins::record(&self.context);
    }

    /// Starts recording what each task does.
    pub(crate) fn record_task_notes(&mut self) {
        task_log::record(&self.context);
    }

    /// Starts to record the requests of the page as a HAR.
    pub(crate) fn record_har(&mut self) {
        loads::record_har(&self.context);
    }

    /// Records when the answers of the network arrive.
    pub(crate) fn record_arrivals(&mut self) {
        arrivals::record(&self.context);
    }

    /// Repeats the arrivals of a recorded run.
    pub(crate) fn repeat_arrivals(&mut self, all: Vec<Arrival>) {
        arrivals::repeat(&self.context, all);
    }

    /// Returns the recorded arrivals.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        arrivals::noted(&self.context)
    }

    /// Passes each request and its answer to a function.
    pub(crate) fn on_answer(&mut self, on_answer: OnAnswer) {
        loads::set_on_answer(&self.context, on_answer);
    }

    /// Answers requests from a HAR in place of the network.
    pub(crate) fn replay_har(&mut self, har: Har) {
        loads::replay_har(&self.context, har);
    }

    /// Returns the recorded requests as a HAR.
    pub(crate) fn har(&self) -> String {
        loads::har(&self.context)
    }

    /// Takes the record of the tasks since the last call.
    pub(crate) fn take_record(&mut self) -> Record {
        with_loop(&self.context, EventLoop::take_record)
    }

    /// Starts collecting garbage after each task.
    pub(crate) fn collect_after_each_task(&mut self) {
        collection::after_each_task(&self.context);
    }

    /// Takes the events recorded since the last call.
    pub(crate) fn take_trace(&mut self) -> Trace {
        TRACE.with(&self.context, std::mem::take)
    }

    /// Returns the local storage.
    pub(crate) fn local_storage(&self) -> Vec<StoredArea> {
        with_messaging(&self.context, |messaging, _| messaging.stored_areas())
    }

    /// Creates the top-level traversable and starts to navigate it.
    pub(crate) fn open(&mut self, url: Url) {
        let (top, steps) = Host::new(&mut self.context)
            .with_contexts(|contexts, queues| contexts.create_top_level_traversable(queues));
        self.top = Some(top);
        run_steps(&mut self.context, steps);
        let steps = Host::new(&mut self.context).with_contexts(|contexts, queues| {
            contexts.navigate(queues, top, NavigateParams::new(url))
        });
        run_steps(&mut self.context, steps);
    }

    /// Runs the event loop. Waits for network responses when nothing else can run.
    pub(crate) fn run(&mut self, stop: RunUntil) -> RunOutcome {
        let ctx = &mut self.context;
        let state = crate::script::state(ctx);
        let mut end = None;
        let mut left = stop.after_tasks;
        loop {
            let stop = left.map_or(stop, |tasks| stop.after_tasks(tasks));
            let before = state.tasks_run.get();
            let outcome = match arrivals::are_between_tasks(ctx) {
                true => run_task_by_task(ctx, stop),
                false => run_until(&mut Host::new(ctx), stop),
            };
            // The loop counts the tasks of one call. A run may take several calls.
            let ran = state.tasks_run.get() - before;
            if let Some(left) = &mut left
                && ran > 0
            {
                *left = left.saturating_sub(ran);
                // With a limit on tasks, each task may wait for a load as long as the run itself.
                end = None;
            }
            let flood = RunOutcome::LimitReached(LimitReached::MicrotasksPerCheckpoint);
            if outcome == flood && crate::host::workers::end_worker_without_end(ctx) {
                continue;
            }
            let RunOutcome::Waiting { until, outstanding } = outcome else {
                return outcome;
            };
            if outstanding > 0 && (loads::give_up(ctx) || arrivals::take(ctx)) {
                continue;
            }
            let now = Instant::now();
            // A virtual clock jumps to the next timer instead, but not while a load is outstanding.
            let timer = until.filter(|_| self.clock == PageClock::Wall);
            let timer = timer.map(|due| {
                let loop_now = with_loop(ctx, |event_loop| event_loop.peek_now());
                loads::after(now, due.saturating_sub(loop_now))
            });
            let load = (outstanding > 0)
                .then(|| *end.get_or_insert_with(|| loads::after(now, loads::wait_time(ctx))));
            if load.is_some_and(|end| now >= end) {
                return outcome;
            }
            match timer.into_iter().chain(load).min() {
                Some(next) => loads::wait(ctx, next),
                None => return outcome,
            }
        }
    }

    /// Returns the number of tasks so far.
    pub(crate) fn tasks_run(&self) -> u64 {
        crate::script::state(&self.context).tasks_run.get()
    }

    /// Returns the reason why the page could not be loaded.
    pub(crate) fn page_error(&self) -> Option<LoadError> {
        loads::page_error(&self.context)
    }

    /// Returns the requests that nothing has answered.
    pub(crate) fn unanswered_requests(&self) -> Vec<String> {
        loads::unanswered(&self.context)
    }

    /// Evaluates an embedder's script in the top window, as if it were the page's own.
    pub(crate) fn eval(&mut self, source: &str, name: &str) -> Result<JsValue, ScriptError> {
        let ctx = &mut self.context;
        let no_window = || ScriptError {
            message: "there is no window to evaluate in".to_owned(),
            url: name.to_owned(),
            line: 0,
            column: 0,
            kind: ScriptErrorKind::Exception,
            details: Box::default(),
        };
        let window = self
            .top
            .and_then(|top| with_contexts(ctx, |contexts| contexts.active_window(top)))
            .ok_or_else(no_window)?;
        let record = window_record(ctx, window).ok_or_else(no_window)?;
        prepare_to_run_script(ctx, Some(window));
        let source = Rc::new(source.to_owned());
        let result = in_realm(ctx, &record.realm, |ctx| {
            sources::remember(ctx, name, Kind::Script, &source);
            let path = std::path::Path::new(name);
            source_text::parse_script(&source, path, ctx)?.evaluate(ctx)
        });
        let result = result.map_err(|error| report::to_script_error(ctx, error, name));
        clean_up_after_running_script(ctx);
        Host::new(ctx).after_task();
        result
    }

    /// Returns the top-level navigable, once a page was opened.
    pub(crate) fn top(&self) -> Option<NavigableId> {
        self.top
    }

    /// Returns the Boa context.
    pub(crate) fn context(&mut self) -> &mut Context {
        &mut self.context
    }
}
