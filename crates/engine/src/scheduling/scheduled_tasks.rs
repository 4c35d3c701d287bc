//! Scheduled tasks
//! ([prioritized task scheduling, scheduling tasks](https://wicg.github.io/scheduling-apis/#sec-scheduling-tasks)).
//!
//! Each task has a scheduler task queue of its own, so that a change of its priority moves it. The
//! event loop orders the queues.

use std::collections::BTreeSet;
use std::time::Duration;

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsData, JsObject, JsResult, JsValue, Trace};
use framepost_event_loop::{
    Arena, GlobalId, SchedulerQueueId, SchedulerQueueKind, TaskSource, new_key_type,
};

use super::scheduler::SchedulerPostTaskOptions;
use super::task_priorities;
use super::task_signal::TaskPriority;
use crate::boa::slots::Slot;
use crate::dom::aborting;
use crate::script::callback::{self, Callback};
use crate::script::realm::{self, in_realm};
use crate::script::scheduling_state::{self, PrioritySource, SchedulingState};
use crate::script::{EngineTask, TaskKind, prepare_to_run_script, with_loop};
use crate::webidl::platform;
use crate::webidl::platform::Untraced;

new_key_type! {
    /// Names a scheduled task.
    pub struct TaskHandleId: "scheduled task";
}

/// A [task handle](https://wicg.github.io/scheduling-apis/#task-handle).
struct TaskHandle {
    global: GlobalId,
    /// The callback of a task. A continuation has none.
    callback: Option<Callback>,
    result: ResolvingFunctions,
    state: SchedulingState,
    /// The queue of the task, once it is enqueued.
    queue: Option<SchedulerQueueId>,
}

/// The waiting scheduled tasks.
static HANDLES: Slot<Arena<TaskHandleId, TaskHandle>> = Slot::new();

/// The tasks that a signal can abort: a companion of the signal.
#[derive(Default, Trace, Finalize, JsData)]
struct AbortedTogether(#[unsafe_ignore_trace] BTreeSet<TaskHandleId>);

const COMPANION: &str = "scheduled tasks";

fn global_of(scheduler: &JsObject) -> JsResult<GlobalId> {
    platform::read(scheduler, |global: &Untraced<GlobalId>| global.0)
}

/// [`postTask()`](https://wicg.github.io/scheduling-apis/#dom-scheduler-posttask)
/// ([schedule a postTask task](https://wicg.github.io/scheduling-apis/#schedule-a-posttask-task))
pub(super) fn post_task(
    scheduler: &JsObject,
    callback: JsObject,
    options: SchedulerPostTaskOptions,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    let global = global_of(scheduler)?;
    // 2. and 3. With an aborted signal, schedule nothing.
    if let Some(reason) = options.signal.as_ref().and_then(aborting::reason) {
        return JsPromise::reject(boa_engine::JsError::from_opaque(reason), cx);
    }
    // 1. The result.
    let (promise, result) = JsPromise::new_pending(cx);
    // 4. to 8. Take the given priority, else that of the signal, else the default.
    let of_signal = || {
        let signal = options.signal.clone();
        signal.filter(|signal| task_priorities::priority_of(signal).is_some())
    };
    let priority_source = match options.priority {
        Some(priority) => PrioritySource::Fixed(priority),
        None => of_signal().map_or(
            PrioritySource::Fixed(TaskPriority::default()),
            PrioritySource::Signal,
        ),
    };
    // 9. and 10. Create the handle, which the signal aborts.
    let handle = TaskHandle {
        global,
        callback: Some(Callback::new(callback, cx)),
        result,
        state: SchedulingState {
            abort_source: options.signal,
            priority_source,
        },
        queue: None,
    };
    let id = add(handle, cx)?;
    // 11. and 12. Enqueue it, at once or after the delay.
    if options.delay > 0 {
        let delay = Duration::from_millis(options.delay);
        with_loop(cx, |event_loop| {
            let client = event_loop.client_of(global);
            let task = EngineTask::new(&ENQUEUE, id);
            event_loop.queue_task_after(delay, TaskSource::Timer, client, task);
        });
    } else {
        enqueue(id, cx);
    }
    Ok(promise)
}

/// [`yield()`](https://wicg.github.io/scheduling-apis/#dom-scheduler-yield)
/// ([schedule a yield continuation](https://wicg.github.io/scheduling-apis/#schedule-a-yield-continuation))
pub(super) fn yield_(scheduler: &JsObject, cx: &mut Context) -> JsResult<JsPromise> {
    let global = global_of(scheduler)?;
    // 2. to 5. The signal and the priority are those of the running task.
    let state = scheduling_state::current(cx).unwrap_or_else(|| SchedulingState {
        abort_source: None,
        priority_source: PrioritySource::Fixed(TaskPriority::default()),
    });
    if let Some(reason) = state.abort_source.as_ref().and_then(aborting::reason) {
        return JsPromise::reject(boa_engine::JsError::from_opaque(reason), cx);
    }
    // 1. The result.
    let (promise, result) = JsPromise::new_pending(cx);
    // 6. to 10. Schedule the continuation.
    let handle = TaskHandle {
        global,
        callback: None,
        result,
        state,
        queue: None,
    };
    let id = add(handle, cx)?;
    enqueue(id, cx);
    Ok(promise)
}

/// Adds a handle, and lets its signal abort it
/// ([create a task handle](https://wicg.github.io/scheduling-apis/#create-a-task-handle)).
fn add(handle: TaskHandle, cx: &mut Context) -> JsResult<TaskHandleId> {
    let signal = handle.state.abort_source.clone();
    let id = HANDLES.with(cx, |handles| handles.insert(handle));
    let Some(signal) = signal else {
        return Ok(id);
    };
    let tasks = platform::companion(&signal, COMPANION, cx, |_| {
        let tasks = JsObject::from_proto_and_data(None, AbortedTogether::default());
        aborting::run_on_abort(&signal, abort_tasks, tasks.clone());
        Ok(tasks)
    })?;
    if let Some(mut tasks) = tasks.downcast_mut::<AbortedTogether>() {
        tasks.0.insert(id);
    }
    Ok(id)
}

/// The task that enqueues a scheduled task after its delay.
static ENQUEUE: TaskKind = TaskKind {
    name: "enqueue a scheduled task",
    run: |cx, id| enqueue(id.key(), cx),
};

/// Step 11 of schedule a postTask task: select a queue, and queue the task on it.
fn enqueue(id: TaskHandleId, cx: &mut Context) {
    let Some((global, source, kind)) = HANDLES.with(cx, |handles| {
        let handle = handles.get(id)?;
        let source = handle.state.priority_source.clone();
        let kind = match handle.callback {
            Some(_) => SchedulerQueueKind::Tasks,
            None => SchedulerQueueKind::Continuations,
        };
        Some((handle.global, source, kind))
    }) else {
        // It was aborted meanwhile.
        return;
    };
    let priority = match &source {
        PrioritySource::Fixed(priority) => *priority,
        PrioritySource::Signal(signal) => task_priorities::priority_of(signal).unwrap_or_default(),
    };
    // [Select the scheduler task queue](https://wicg.github.io/scheduling-apis/#select-the-scheduler-task-queue)
    let queue = with_loop(cx, |event_loop| {
        let client = event_loop.client_of(global)?;
        let queue = event_loop.create_scheduler_queue(Some(client), priority, kind);
        let task = EngineTask::new(&RUN, id);
        let queued = event_loop.queue_task(TaskSource::Scheduler(queue), Some(client), task);
        queued.is_ok().then_some(queue)
    });
    let Some(queue) = queue else {
        // The window is gone, and its promise stays pending.
        drop(finish(id, cx));
        return;
    };
    if let PrioritySource::Signal(signal) = &source {
        task_priorities::follow(signal, queue);
    }
    HANDLES.with(cx, |handles| {
        if let Some(handle) = handles.get_mut(id) {
            handle.queue = Some(queue);
        }
    });
}

/// Removes a handle: its task runs or is aborted.
fn finish(id: TaskHandleId, cx: &Context) -> Option<TaskHandle> {
    let handle = HANDLES.with(cx, |handles| handles.remove(id))?;
    if let Some(queue) = handle.queue {
        with_loop(cx, |event_loop| event_loop.destroy_scheduler_queue(queue));
        if let PrioritySource::Signal(signal) = &handle.state.priority_source {
            task_priorities::unfollow(signal, queue);
        }
    }
    let signal = handle.state.abort_source.as_ref();
    let tasks = signal.and_then(|signal| platform::held_companion(signal, COMPANION));
    if let Some(mut tasks) = tasks
        .as_ref()
        .and_then(|tasks| tasks.downcast_mut::<AbortedTogether>())
    {
        tasks.0.remove(&id);
    }
    Some(handle)
}

/// The task of `postTask()` or `yield()`.
static RUN: TaskKind = TaskKind {
    name: "scheduled task",
    run: |cx, id| {
        if let Some(handle) = finish(id.key(), cx) {
            run(handle, cx);
        }
    },
};

fn run(handle: TaskHandle, cx: &mut Context) {
    let TaskHandle {
        global,
        callback,
        result,
        state,
        ..
    } = handle;
    let Some(record) = realm::window_record(cx, global) else {
        return;
    };
    let this = JsValue::undefined();
    let Some(callback) = callback else {
        // A continuation resolves its promise.
        prepare_to_run_script(cx, Some(global));
        let resolve = |cx: &mut Context| result.resolve.call(&this, &[], cx);
        let resolved = in_realm(cx, &record.realm, resolve);
        callback::finish(resolved, Some(global), cx);
        return;
    };
    // The callback runs with the scheduling state of its task.
    let outcome = scheduling_state::with(cx, Some(state), |cx| {
        callback::invoke(&callback, &this, &[], cx)
    });
    // Its result resolves the promise, its exception rejects it.
    let settled = in_realm(cx, &record.realm, |cx| match outcome {
        Ok(value) => result.resolve.call(&this, &[value], cx),
        Err(error) => {
            let reason = error.into_opaque(cx)?;
            result.reject.call(&this, &[reason], cx)
        }
    });
    callback::finish(settled, Some(global), cx);
}

/// The [task handle abort steps](https://wicg.github.io/scheduling-apis/#task-handle-abort-steps)
/// of all tasks of a signal, oldest first.
fn abort_tasks(cx: &mut Context, tasks: &JsObject, reason: &JsValue) {
    let ids = tasks.downcast_mut::<AbortedTogether>();
    let ids = ids.map(|mut tasks| std::mem::take(&mut tasks.0));
    for id in ids.unwrap_or_default() {
        // 1. Remove the task from its queue.
        let Some(handle) = finish(id, cx) else {
            continue;
        };
        if let Some(queue) = handle.queue {
            with_loop(cx, |event_loop| {
                let client = event_loop.client_of(handle.global);
                event_loop.remove_tasks(TaskSource::Scheduler(queue), client, |_| true)
            });
        }
        // 2. Reject the promise.
        prepare_to_run_script(cx, Some(handle.global));
        let rejected =
            handle
                .result
                .reject
                .call(&JsValue::undefined(), std::slice::from_ref(reason), cx);
        callback::finish(rejected, Some(handle.global), cx);
    }
}

/// Drops the scheduled tasks of globals that are gone.
pub(super) fn forget_dropped(cx: &Context) {
    if HANDLES.with(cx, |handles| handles.is_empty()) {
        return;
    }
    let gone: Vec<TaskHandleId> = HANDLES.with(cx, |handles| {
        let gone = |global| with_loop(cx, |event_loop| event_loop.client_of(global)).is_none();
        let handles = handles.iter().filter(|(_, handle)| gone(handle.global));
        handles.map(|(id, _)| id).collect()
    });
    for id in gone {
        drop(finish(id, cx));
    }
}
