//! `TaskController` and `TaskSignal`
//! ([prioritized task scheduling, controlling tasks](https://wicg.github.io/scheduling-apis/#sec-controlling-tasks)).

use boa_engine::{Finalize, JsString, Trace};

pub(crate) use framepost_boa::enumerations::TaskPriority;

use super::task_priorities::{PriorityData, any, create, signal_priority_change};
use crate::dom::abort::{ABORT_CONTROLLER, ABORT_SIGNAL, AbortSignal};
use crate::dom::aborting::SignalData;
use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::constructing_steps;
use crate::webidl::interface;
use crate::webidl::platform::{self, OfObject};

interface! {
    /// The `TaskController` interface.
    [Exposed=(Window,Worker)]
    interface TaskController(OfObject) : AbortController {
        constructor(optional TaskControllerInit init = {}) = |init, cx| OfObject(create(SignalData::default(), init.priority, cx));

        undefined setPriority(TaskPriority priority) = |controller, priority, cx| {
            let signal = platform::read(controller, |signal: &OfObject| signal.0.clone())?;
            signal_priority_change(&signal, priority, cx)
        };
    }

    dictionary TaskControllerInit {
        TaskPriority priority = "user-visible";
    }

    /// The `TaskSignal` interface.
    [Exposed=(Window,Worker)]
    interface TaskSignal(PriorityData) : AbortSignal {
        [NewObject] static TaskSignal any(sequence<AbortSignal> signals, optional TaskSignalAnyInit init = {});

        readonly attribute TaskPriority priority = .priority;

        attribute EventHandler onprioritychange;
    }

    dictionary TaskSignalAnyInit {
        PriorityOrSignal priority = "user-visible";
    }

    typedef (TaskPriority or TaskSignal) PriorityOrSignal;

    /// The `TaskPriorityChangeEvent` interface.
    [Exposed=(Window,Worker)]
    interface TaskPriorityChangeEvent(PriorityChange) : Event {
        constructor(DOMString type, TaskPriorityChangeEventInit priorityChangeEventInitDict) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(PriorityChange { previous: init.previous_priority });

        readonly attribute TaskPriority previousPriority = .previous;
    }

    dictionary TaskPriorityChangeEventInit : EventInit {
        required TaskPriority previousPriority;
    }
}

/// The previous priority of a `TaskPriorityChangeEvent`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(super) struct PriorityChange {
    pub(super) previous: TaskPriority,
}
