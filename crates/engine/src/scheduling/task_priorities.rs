//! Priorities of signals
//! ([prioritized task scheduling, controlling tasks](https://wicg.github.io/scheduling-apis/#sec-controlling-tasks)).

use std::collections::BTreeSet;

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_event_loop::SchedulerQueueId;

use super::task_signal::{
    PriorityChange, PriorityOrSignal, TASK_PRIORITY_CHANGE_EVENT, TASK_SIGNAL, TaskPriority,
    TaskSignalAnyInit,
};
use crate::dom::aborting::{SignalData, create_a_dependent_abort_signal};
use crate::dom::event_dispatch::{Target, fire};
use crate::dom::events::NewEvent;
use crate::script::with_loop;
use crate::webidl::platform::{self, PlatformObject};
use crate::webidl::{self, exception};

/// The data of a `TaskSignal` beside the data of an `AbortSignal`.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct PriorityData {
    /// The [priority](https://wicg.github.io/scheduling-apis/#tasksignal-priority).
    #[unsafe_ignore_trace]
    pub(crate) priority: TaskPriority,
    /// Whether the [priority is changing](https://wicg.github.io/scheduling-apis/#tasksignal-priority-changing).
    #[unsafe_ignore_trace]
    pub(super) is_changing: bool,
    /// Whether it is dependent.
    #[unsafe_ignore_trace]
    pub(super) is_dependent: bool,
    /// The signal from which it takes its priority
    /// ([source signal](https://wicg.github.io/scheduling-apis/#tasksignal-source-signal)).
    pub(super) source: Option<JsObject>,
    /// The signals that take their priority from this one
    /// ([dependent signals](https://wicg.github.io/scheduling-apis/#tasksignal-dependent-signals)).
    pub(super) dependents: Vec<JsObject>,
    /// The queues of the waiting tasks with this priority.
    #[unsafe_ignore_trace]
    pub(super) queues: BTreeSet<SchedulerQueueId>,
}

impl PriorityData {
    /// Whether the signal [has fixed priority](https://wicg.github.io/scheduling-apis/#tasksignal-has-fixed-priority).
    fn is_fixed(&self) -> bool {
        self.is_dependent && self.source.is_none()
    }
}

fn with<R>(signal: &JsObject, read: impl FnOnce(&mut PriorityData) -> R) -> Option<R> {
    platform::with_mut(signal, |data: &mut PriorityData| Some(read(data)))
}

fn create_with(signal: SignalData, priority: PriorityData, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    let parts = PlatformObject::new(signal, &TASK_SIGNAL).and_own(Box::new(priority));
    webidl::create_with(&realm, parts, cx)
}

pub(super) fn create(signal: SignalData, priority: TaskPriority, cx: &mut Context) -> JsObject {
    let priority = PriorityData {
        priority,
        ..PriorityData::default()
    };
    create_with(signal, priority, cx)
}

/// The priority of a `TaskSignal`; `None` for any other signal.
pub(crate) fn priority_of(signal: &JsObject) -> Option<TaskPriority> {
    with(signal, |data| data.priority)
}

/// Lets a queue follow the priority of a signal.
pub(crate) fn follow(signal: &JsObject, queue: SchedulerQueueId) {
    with(signal, |data| data.queues.insert(queue));
}

/// Ends the effect of [`follow`].
pub(crate) fn unfollow(signal: &JsObject, queue: SchedulerQueueId) {
    with(signal, |data| data.queues.remove(&queue));
}

/// [Signal priority change](https://wicg.github.io/scheduling-apis/#tasksignal-signal-priority-change)
pub(super) fn signal_priority_change(
    signal: &JsObject,
    priority: TaskPriority,
    cx: &mut Context,
) -> JsResult<()> {
    let begun = with(signal, |data| {
        // 1. A listener must not change the priority.
        if data.is_changing {
            return Err(());
        }
        // 2. If the priority is the same, return.
        if data.priority == priority {
            return Ok(None);
        }
        // 3. to 5. Mark the change and set the priority.
        data.is_changing = true;
        let previous = std::mem::replace(&mut data.priority, priority);
        let queues: Vec<_> = data.queues.iter().copied().collect();
        Ok(Some((previous, queues, data.dependents.clone())))
    });
    let (previous, queues, dependents) = match begun {
        Some(Ok(Some(begun))) => begun,
        Some(Err(())) => {
            return Err(exception::throw(
                "NotAllowedError",
                "Cannot change priority when a prioritychange event is in progress.",
                cx,
            ));
        }
        _ => return Ok(()),
    };
    // 6. Move the waiting tasks.
    with_loop(cx, |event_loop| {
        for queue in queues {
            event_loop.set_scheduler_queue_priority(queue, priority);
        }
    });
    // 7. Fire the event.
    let target = Target::Object(signal.clone());
    let change = NewEvent::of(&TASK_PRIORITY_CHANGE_EVENT, PriorityChange { previous });
    fire(cx, &target, None, "prioritychange", (false, false), change);
    // 8. The dependent signals follow.
    let mut result = Ok(());
    for dependent in dependents {
        result = result.and(signal_priority_change(&dependent, priority, cx));
    }
    // 9. The change has ended.
    with(signal, |data| data.is_changing = false);
    result
}

/// [`TaskSignal.any()`](https://wicg.github.io/scheduling-apis/#dom-tasksignal-any)
/// ([create a dependent task signal](https://wicg.github.io/scheduling-apis/#create-a-dependent-task-signal))
pub(super) fn any(signals: &[JsObject], init: TaskSignalAnyInit, cx: &mut Context) -> JsObject {
    // 3. and 4. The priority is fixed, or follows a signal: the one given, or its source.
    let mut data = PriorityData {
        is_dependent: true,
        ..PriorityData::default()
    };
    match init.priority {
        PriorityOrSignal::TaskPriority(priority) => data.priority = priority,
        PriorityOrSignal::TaskSignal(source) => {
            let of = with(&source, |of| {
                (of.priority, of.is_fixed(), of.source.clone())
            });
            if let Some((priority, is_fixed, its_source)) = of {
                data.priority = priority;
                data.source = (!is_fixed).then(|| its_source.unwrap_or(source));
            }
        }
    }
    // 1. and 2. The signal is aborted with any of the signals.
    let source = data.source.clone();
    let result =
        create_a_dependent_abort_signal(signals, |signal, cx| create_with(signal, data, cx), cx);
    if let Some(source) = source {
        with(&source, |data| data.dependents.push(result.clone()));
    }
    result
}
