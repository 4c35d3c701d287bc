//! JavaScript's jobs in the event loop's queues.

use std::rc::Rc;

use boa_engine::job::{Job, JobExecutor};
use boa_engine::{Context, JsResult, JsValue};
use framepost_event_loop::TaskSource;

use crate::realm::window_of;
use crate::world::{Microtask, ScriptTask, prepare_to_run_script, state, with_script};

/// Puts jobs where the specification has them: promise jobs are microtasks
/// ([HostEnqueuePromiseJob](https://html.spec.whatwg.org/multipage/webappapis.html#hostenqueuepromisejob)),
/// others are tasks.
pub(crate) struct Jobs;

/// The task source of jobs that are not promise jobs: JavaScript's own.
const JAVASCRIPT: TaskSource = TaskSource::Other("JavaScript engine");

impl JobExecutor for Jobs {
    fn enqueue_job(self: Rc<Self>, job: Job, ctx: &mut Context) {
        match job {
            Job::PromiseJob(_) => {
                let state = state(ctx);
                let id = state.script.borrow_mut().jobs.insert(job);
                state
                    .world
                    .borrow_mut()
                    .event_loop
                    .queue_microtask(Microtask::PromiseJob(id));
            }
            Job::GenericJob(_) => {
                let state = state(ctx);
                let id = state.script.borrow_mut().jobs.insert(job);
                let queued = state.world.borrow_mut().event_loop.queue_task(
                    JAVASCRIPT,
                    None,
                    ScriptTask::Job(id),
                );
                debug_assert!(queued.is_ok(), "a task without a document is always taken");
            }
            Job::AsyncJob(job) => crate::modules::enqueue(ctx, job),
            // NOT YET: cleanup callbacks of FinalizationRegistry, which JavaScript lets a host
            // leave out, and time limits of Atomics.waitAsync.
            _ => {}
        }
    }

    fn run_jobs(self: Rc<Self>, _: &mut Context) -> JsResult<()> {
        // The event loop runs them.
        Ok(())
    }
}

/// Runs a microtask.
pub(crate) fn run_microtask(ctx: &mut Context, microtask: Microtask) {
    match microtask {
        Microtask::PromiseJob(id) => {
            let job = with_script(ctx, |script| script.jobs.remove(id));
            if let Some(Job::PromiseJob(job)) = job {
                let window = job.realm().and_then(window_of);
                prepare_to_run_script(ctx, window);
                let result = job.call(ctx);
                crate::callback::finish(result, window, ctx);
            }
        }
        Microtask::ModuleJobs => crate::modules::run_jobs(ctx),
        Microtask::NotifyMutationObservers => crate::bindings::mutation_observer::notify(ctx),
        Microtask::Callback(id) => {
            let callback = with_script(ctx, |script| script.microtasks.remove(id));
            if let Some(callback) = callback {
                let window = callback.incumbent;
                crate::callback::invoke_and_report(
                    &callback,
                    &JsValue::undefined(),
                    &[],
                    window,
                    ctx,
                );
            }
        }
    }
}

/// Runs one of the engine's own tasks.
pub(crate) fn run_script_task(ctx: &mut Context, task: ScriptTask) {
    match task {
        ScriptTask::NotifyAboutRejectedPromises(window, number) => {
            crate::rejections::notify(ctx, window, number);
        }
        ScriptTask::Toggle(toggle) => crate::bindings::details::run(ctx, toggle),
        ScriptTask::Read(read) => crate::bindings::blob_read::run_task(ctx, read),
        ScriptTask::Settle(id) => crate::settlement::run_task(ctx, id),
        ScriptTask::Connect(worker, port) => {
            crate::bindings::message_delivery::fire_connect(ctx, worker, port);
        }
        ScriptTask::NoSharedWorker(id) => crate::workers::fire_refused(ctx, id),
        ScriptTask::RejectionHandled(window) => crate::rejections::notify_handled(ctx, window),
        ScriptTask::Job(id) => {
            let job = with_script(ctx, |script| script.jobs.remove(id));
            if let Some(Job::GenericJob(job)) = job {
                let window = window_of(job.realm());
                prepare_to_run_script(ctx, window);
                let result = job.call(ctx);
                crate::callback::finish(result, window, ctx);
            }
        }
    }
}
