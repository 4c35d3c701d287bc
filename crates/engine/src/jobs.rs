//! JavaScript's jobs in the event loop's queues.

use std::rc::Rc;

use boa_engine::job::{Job, JobExecutor};
use boa_engine::{Context, JsResult, JsValue};
use framepost_event_loop::{Arena, TaskSource, new_key_type};

use crate::boa::slots::Slot;
use crate::realm::window_of;
use crate::world::{Microtask, ScriptTask, prepare_to_run_script, with_loop};

new_key_type! {
    /// Names a job of JavaScript that waits for its task or microtask.
    pub struct JobId: "job";
}

/// The jobs of JavaScript that wait for their task or microtask.
static JOBS: Slot<Arena<JobId, Job>> = Slot::new();

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
                let id = JOBS.with(ctx, |jobs| jobs.insert(job));
                with_loop(ctx, |event_loop| {
                    event_loop.queue_microtask(Microtask::PromiseJob(id));
                });
            }
            Job::GenericJob(_) => {
                let id = JOBS.with(ctx, |jobs| jobs.insert(job));
                let queued = with_loop(ctx, |event_loop| {
                    let task = ScriptTask::Job(id);
                    event_loop.queue_task(JAVASCRIPT, None, task).is_ok()
                });
                debug_assert!(queued, "a task without a document is always taken");
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
            let job = JOBS.with(ctx, |jobs| jobs.remove(id));
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
            let callback = crate::bindings::timers::take_microtask(ctx, id);
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
            let job = JOBS.with(ctx, |jobs| jobs.remove(id));
            if let Some(Job::GenericJob(job)) = job {
                let window = window_of(job.realm());
                prepare_to_run_script(ctx, window);
                let result = job.call(ctx);
                crate::callback::finish(result, window, ctx);
            }
        }
    }
}
