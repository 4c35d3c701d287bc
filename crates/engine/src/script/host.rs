//! The library crates' host, and the table of functions of higher modules.

use std::rc::Rc;

use boa_engine::builtins::promise::OperationType;
use boa_engine::module::{ModuleRequest, Referrer};
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsError, JsObject, JsResult, JsValue, Module};
use framepost_browsing_context::{Effect, EffectHost as ContextHost, Steps, drive};
use framepost_event_loop::{Agent, GlobalId, HasState, Queued, TimerTask};
use framepost_messaging::MessagingTask;

use super::state::{State, World, state, with_contexts};
use super::task_log;
use super::tasks::{EngineTask, Task};
use crate::http::{Fetched, News};

/// The functions that higher modules provide to an agent. The module `agent` fills in the table.
///
/// Rejected: a trait with one implementation. It would be a parameter of the whole engine, or one
/// more trait object, for functions that are known at compile time.
pub(crate) struct Embedding {
    /// Performs an effect of the documents and navigables, completely and at once.
    pub(crate) perform: fn(&mut Context, Effect),
    /// Runs a task of messaging.
    pub(crate) run_messaging_task: fn(&mut Context, MessagingTask),
    /// Runs a timer that is due.
    pub(crate) run_timer: fn(&mut Context, TimerTask),
    /// Handles a response from the network.
    pub(crate) take_answer: fn(&mut Context, Fetched),
    /// Handles what has happened on an open connection.
    pub(crate) take_news: fn(&mut Context, News),
    /// Releases what a task no longer needs.
    pub(crate) after_task: fn(&mut Context, &State),
    /// [Notify about rejected promises](https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises).
    pub(crate) notify_about_rejections: fn(&mut Context),
    /// [HostPromiseRejectionTracker](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation)
    pub(crate) track_rejection: fn(&mut Context, JsPromise, OperationType),
    /// [HostLoadImportedModule](https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule)
    pub(crate) load_imported_module:
        fn(&Referrer, &ModuleRequest, &mut Context) -> JsResult<Module>,
    /// [HostGetImportMetaProperties](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)
    pub(crate) init_import_meta: fn(&JsObject, &Module, &mut Context),
    /// See [`report_exception`].
    pub(crate) report_exception: fn(&mut Context, Option<GlobalId>, JsError),
    /// See [`report_error`].
    pub(crate) report_error: fn(&mut Context, GlobalId, &JsValue),
    /// See [`report_script_exception`].
    pub(crate) report_script_exception: fn(&mut Context, GlobalId, JsError, &str),
    /// Names the expression that is at fault in the message of an error object, if Boa's message names none.
    pub(crate) name_the_expression: fn(&mut Context, &JsObject),
}

/// A Boa context as the agent and host of the library crates.
///
/// OPTIMIZATION: it keeps the agent's state, which a task and its checkpoints access ten times.
pub(crate) struct Host<'a>(pub(crate) &'a mut Context, Rc<State>);

impl<'a> Host<'a> {
    /// The agent of this context.
    #[inline]
    pub(crate) fn new(ctx: &'a mut Context) -> Self {
        let state = state(ctx);
        Self(ctx, state)
    }
}

impl HasState for Host<'_> {
    type State = World;

    #[inline]
    fn with_state<R>(&mut self, f: impl FnOnce(&mut World) -> R) -> R {
        f(&mut self.1.world.borrow_mut())
    }
}

impl Agent for Host<'_> {
    fn run_task(&mut self, queued: Queued<Task>) {
        let embedding = self.1.embedding;
        self.1.tasks_run.set(self.1.tasks_run.get() + 1);
        task_log::begins(self.0, &queued);
        match queued.task {
            Task::Context(task) => {
                let steps = self.with_contexts(|contexts, _| contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => (embedding.run_messaging_task)(self.0, task),
            Task::Timer(task) => (embedding.run_timer)(self.0, task),
            Task::Engine(task) => task.run(self.0),
            Task::Fetched(fetched) => (embedding.take_answer)(self.0, *fetched),
            Task::Connection(news) => (embedding.take_news)(self.0, *news),
        }
        self.after_task();
    }

    fn run_microtask(&mut self, microtask: EngineTask) {
        microtask.run(self.0);
    }

    fn after_checkpoint(&mut self) {
        if self.1.has_rejections.take() {
            (self.1.embedding.notify_about_rejections)(self.0);
        }
        self.0.clear_kept_objects();
    }
}

impl ContextHost for Host<'_> {
    fn perform(&mut self, effect: Effect) {
        (self.1.embedding.perform)(self.0, effect);
    }
}

impl Host<'_> {
    /// Releases what the last task no longer needs.
    pub(crate) fn after_task(&mut self) {
        (self.1.embedding.after_task)(self.0, &self.1);
    }
}

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception)
///
/// Reports it for `global`, or for the global of the current realm.
pub(crate) fn report_exception(ctx: &mut Context, global: Option<GlobalId>, error: JsError) {
    (state(ctx).embedding.report_exception)(ctx, global, error);
}

/// [`reportError()`](https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror): reports a value as an
/// exception of the running script.
pub(crate) fn report_error(ctx: &mut Context, global: GlobalId, value: &JsValue) {
    (state(ctx).embedding.report_error)(ctx, global, value);
}

/// Reports an exception of the script at this URL, whose place may be unknown to Boa.
pub(crate) fn report_script_exception(
    ctx: &mut Context,
    global: GlobalId,
    error: JsError,
    url: &str,
) {
    (state(ctx).embedding.report_script_exception)(ctx, global, error, url);
}

/// Runs the steps of an algorithm to their end.
pub(crate) fn run_steps(ctx: &mut Context, steps: Steps) {
    drive(&mut Host::new(ctx), steps);
}

/// [Check if we can run script](https://html.spec.whatwg.org/multipage/webappapis.html#check-if-we-can-run-script)
///
/// Check this before compiling or running a script, a module, a `javascript:` URL, or the text of a timer or an event
/// handler.
pub(crate) fn can_run_script(ctx: &Context, global: GlobalId) -> bool {
    with_contexts(ctx, |contexts| contexts.can_run_script(global))
}

/// [Prepare to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script)
///
/// `entry` is the window of the
/// [entry settings object](https://html.spec.whatwg.org/multipage/webappapis.html#entry-settings-object)
/// until [`clean_up_after_running_script`].
pub(crate) fn prepare_to_run_script(ctx: &Context, entry: Option<GlobalId>) {
    let state = state(ctx);
    let world = &mut *state.world.borrow_mut();
    world.event_loop.prepare_to_run_script();
    world.running.entries.push(entry);
}

/// [Clean up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script)
pub(crate) fn clean_up_after_running_script(ctx: &mut Context) {
    let state = state(ctx);
    clean_up_in(ctx, &state);
}

/// [`clean_up_after_running_script`], for a caller that has the state.
pub(super) fn clean_up_in(ctx: &mut Context, state: &Rc<State>) {
    let mut host = Host(ctx, Rc::clone(state));
    host.1.world.borrow_mut().running.entries.pop();
    // Step 3: a microtask checkpoint, unless script is still running.
    framepost_event_loop::clean_up_after_running_script(&mut host);
}
