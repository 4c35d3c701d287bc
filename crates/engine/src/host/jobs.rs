//! JavaScript jobs as tasks and microtasks of the event loop.

use std::rc::Rc;

use boa_engine::job::{Job, JobExecutor};
use boa_engine::{Context, JsResult};
use framepost_event_loop::{Arena, TaskSource, new_key_type};

use crate::boa::slots::Slot;
use crate::script::realm::window_of;
use crate::script::{
    EngineTask, TaskId, TaskKind, prepare_to_run_script, queue_a_microtask, with_loop,
};

new_key_type! {
    /// Names a JavaScript job that waits for its task or microtask.
    pub struct JobId: "job";
}

/// The JavaScript jobs that wait for their task or microtask.
static JOBS: Slot<Arena<JobId, Job>> = Slot::new();

/// Boa's job executor: it queues promise jobs as microtasks
/// ([HostEnqueuePromiseJob](https://html.spec.whatwg.org/multipage/webappapis.html#hostenqueuepromisejob)),
/// and generic jobs as tasks.
pub(crate) struct Jobs;

/// The task source of generic jobs: JavaScript's own.
const JAVASCRIPT: TaskSource = TaskSource::Other("JavaScript engine");

impl JobExecutor for Jobs {
    fn enqueue_job(self: Rc<Self>, job: Job, ctx: &mut Context) {
        match job {
            Job::PromiseJob(_) => {
                let id = JOBS.with(ctx, |jobs| jobs.insert(job));
                queue_a_microtask(ctx, EngineTask::new(&PROMISE_JOB, id));
            }
            Job::GenericJob(_) => {
                let id = JOBS.with(ctx, |jobs| jobs.insert(job));
                let queued = with_loop(ctx, |event_loop| {
                    let task = EngineTask::new(&JOB, id);
                    event_loop.queue_task(JAVASCRIPT, None, task).is_ok()
                });
                debug_assert!(queued, "a task without a document is always taken");
            }
            Job::AsyncJob(job) => crate::host::modules::enqueue(ctx, job),
            // NOT YET: cleanup callbacks of FinalizationRegistry, which JavaScript allows a host to
            // omit, and timeouts of Atomics.waitAsync.
            _ => {}
        }
    }

    fn run_jobs(self: Rc<Self>, _: &mut Context) -> JsResult<()> {
        // The event loop runs the jobs.
        Ok(())
    }
}

/// A microtask that runs a promise job.
static PROMISE_JOB: TaskKind = TaskKind {
    name: "promise job",
    run: run_job,
};

/// A task that runs a generic job.
static JOB: TaskKind = TaskKind {
    name: "job",
    run: run_job,
};

fn run_job(ctx: &mut Context, id: TaskId) {
    match JOBS.with(ctx, |jobs| jobs.remove(id.key())) {
        Some(Job::PromiseJob(job)) => {
            let window = job.realm().and_then(window_of);
            prepare_to_run_script(ctx, window);
            let result = job.call(ctx);
            crate::script::callback::finish(result, window, ctx);
        }
        Some(Job::GenericJob(job)) => {
            let window = window_of(job.realm());
            prepare_to_run_script(ctx, window);
            let result = job.call(ctx);
            crate::script::callback::finish(result, window, ctx);
        }
        _ => {}
    }
}
