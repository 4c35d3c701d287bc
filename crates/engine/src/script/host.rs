//! The engine as the host of the library crates, and the table of what the floors above do for it.

use boa_engine::builtins::promise::OperationType;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsError};
use framepost_browsing_context::{
    ContextTask, Contexts, Effect, Host as ContextHost, Steps, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, GlobalId, Queued, TaskQueues, TimerTask, perform_a_microtask_checkpoint,
};
use framepost_messaging::MessagingTask;

use super::state::{state, with_loop};
use super::tasks::{AgentLoop, EngineTask, Task};
use crate::boa::slots::Slot;
use crate::http::Fetched;

/// The windows whose settings scripts were entered with, innermost last.
static ENTRIES: Slot<Vec<Option<GlobalId>>> = Slot::new();

/// What the floors above this one do for an agent. The top floor fills it in.
///
/// Rejected: a trait with one implementation (a parameter of the whole engine, or one more
/// dynamic object, for functions that are known when the engine is compiled).
pub(crate) struct Embedding {
    /// Carries out an effect of the documents and navigables, at once and whole.
    pub(crate) perform: fn(&mut Context, Effect),
    /// Runs a task of the messages and ports.
    pub(crate) run_messaging_task: fn(&mut Context, MessagingTask),
    /// Runs a timer that is due.
    pub(crate) run_timer: fn(&mut Context, TimerTask),
    /// Takes an answer from the network.
    pub(crate) take_answer: fn(&mut Context, Fetched),
    /// Drops what a task has left behind.
    pub(crate) after_task: fn(&mut Context),
    /// Is called at the end of each microtask checkpoint.
    pub(crate) after_checkpoint: fn(&mut Context),
    /// [HostPromiseRejectionTracker](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation)
    pub(crate) track_rejection: fn(&mut Context, JsPromise, OperationType),
    /// See [`report_exception`].
    pub(crate) report_exception: fn(&mut Context, Option<GlobalId>, JsError),
    /// See [`report_script_exception`].
    pub(crate) report_script_exception: fn(&mut Context, GlobalId, JsError, &str),
}

/// A Boa context as the library crates see it.
pub(crate) struct Host<'a>(pub(crate) &'a mut Context);

impl Agent for Host<'_> {
    type Task = Task;
    type Microtask = EngineTask;

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut AgentLoop) -> R) -> R {
        with_loop(self.0, f)
    }

    fn run_task(&mut self, queued: Queued<Task>) {
        let embedding = state(self.0).embedding;
        match queued.task {
            Task::Context(task) => {
                let steps = self.with_contexts(|contexts, _| contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => (embedding.run_messaging_task)(self.0, task),
            Task::Timer(task) => (embedding.run_timer)(self.0, task),
            Task::Engine(task) => task.run(self.0),
            Task::Fetched(fetched) => (embedding.take_answer)(self.0, *fetched),
        }
        self.after_task();
    }

    fn run_microtask(&mut self, microtask: EngineTask) {
        microtask.run(self.0);
    }

    fn after_checkpoint(&mut self) {
        (state(self.0).embedding.after_checkpoint)(self.0);
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
        (state(self.0).embedding.perform)(self.0, effect);
    }
}

impl Host<'_> {
    /// Drops what the last task has left behind.
    pub(crate) fn after_task(&mut self) {
        (state(self.0).embedding.after_task)(self.0);
    }
}

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception)
/// for this global, or for that of the current realm.
pub(crate) fn report_exception(ctx: &mut Context, global: Option<GlobalId>, error: JsError) {
    (state(ctx).embedding.report_exception)(ctx, global, error);
}

/// The same, of a script of this URL, whose place Boa may not know.
pub(crate) fn report_script_exception(
    ctx: &mut Context,
    global: GlobalId,
    error: JsError,
    url: &str,
) {
    (state(ctx).embedding.report_script_exception)(ctx, global, error, url);
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
