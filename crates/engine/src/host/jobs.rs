//! JavaScript jobs as tasks and microtasks of the event loop.

use boa_engine::job::Job;
use boa_engine::{Context, JsValue};
use framepost_event_loop::{Arena, TaskSource, new_key_type};

use crate::boa::containment;
use crate::boa::slots::Slot;
use crate::script::{
    EngineTask, TaskId, TaskKind, can_run_script, prepare_to_run_script, queue_a_microtask,
    with_loop,
};
use crate::webidl::realm::global_of;

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
pub(super) fn enqueue(job: Job, ctx: &mut Context) {
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
            debug_assert!(queued, "a task without a client is always taken");
        }
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

/// The job of [HostEnqueuePromiseJob](https://html.spec.whatwg.org/multipage/webappapis.html#hostenqueuepromisejob)
fn run_job(ctx: &mut Context, id: TaskId) {
    let Some(job) = JOBS.with(ctx, |jobs| jobs.remove(id.key())) else {
        return;
    };
    let global = match &job {
        Job::PromiseJob(job) => job.realm().and_then(global_of),
        Job::GenericJob(job) => global_of(job.realm()),
        _ => None,
    };
    // 1. Check if we can run script.
    if global.is_some_and(|global| !can_run_script(ctx, global)) {
        return;
    }
    // 2. Prepare to run script.
    prepare_to_run_script(ctx, global);
    // 3. Run the job.
    let result = match job {
        Job::PromiseJob(job) => containment::contain(ctx, |ctx| job.call(ctx)),
        Job::GenericJob(job) => job.call(ctx),
        _ => Ok(JsValue::undefined()),
    };
    // 4. and 5. Clean up after running script, and report the exception.
    crate::script::callback::finish(result, global, ctx);
}
