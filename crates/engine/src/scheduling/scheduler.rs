//! `Scheduler`
//! ([prioritized task scheduling, scheduling tasks](https://wicg.github.io/scheduling-apis/#sec-scheduling-tasks)).

use framepost_event_loop::GlobalId;

use super::scheduled_tasks::{post_task, yield_};
use super::task_signal::TaskPriority;
use crate::dom::abort::AbortSignal;
use crate::script::realm;
use crate::webidl::interface;
use crate::webidl::platform::Untraced;

interface! {
    partial interface mixin WindowOrWorkerGlobalScope {
        [Replaceable, SameObject] readonly attribute Scheduler scheduler = |global: GlobalId, cx| realm::create_in(global, &SCHEDULER, Untraced(global), cx);
    }

    /// The `Scheduler` interface.
    [Exposed=(Window,Worker)]
    interface Scheduler(Untraced<GlobalId>) {
        Promise<any> postTask(SchedulerPostTaskCallback callback, optional SchedulerPostTaskOptions options = {});
        Promise<undefined> yield() = yield_;
    }

    dictionary SchedulerPostTaskOptions {
        AbortSignal signal;
        TaskPriority priority;
        [EnforceRange] unsigned long long delay = 0;
    }

    callback SchedulerPostTaskCallback = any ();
}
