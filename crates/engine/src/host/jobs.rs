//! JavaScript jobs as tasks and microtasks of the event loop.

use boa_engine::Context;
use boa_engine::job::Job;
use framepost_event_loop::{Arena, TaskSource, new_key_type};

use crate::boa::containment;
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

/// The task source of generic jobs: JavaScript's own.
const JAVASCRIPT: TaskSource = TaskSource::Other("JavaScript engine");

/// Enqueues a job of Boa: promise jobs as microtasks
/// ([HostEnqueuePromiseJob](https://html.spec.whatwg.org/multipage/webappapis.html#hostenqueuepromisejob)),
/// generic jobs as tasks.
pub(crate) fn enqueue(job: Job, ctx: &mut Context) {
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
            let result = containment::contain(ctx, |ctx| job.call(ctx));
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
