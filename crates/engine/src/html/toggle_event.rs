//! `ToggleEvent` ([HTML, the ToggleEvent interface](https://html.spec.whatwg.org/multipage/popover.html#the-toggleevent-interface)).

use boa_engine::{Finalize, JsString, Trace};

use crate::dom::event::{EVENT, EventInit, constructing_steps};
use crate::webidl::interface;

/// The old and the new state that a `ToggleEvent` tells.
#[derive(Trace, Finalize)]
pub(super) struct ToggleStates {
    #[unsafe_ignore_trace]
    pub(super) old: JsString,
    #[unsafe_ignore_trace]
    pub(super) new: JsString,
}

interface! {
    /// The `ToggleEvent` interface.
    // NOT YET: `source`.
    [Exposed=Window]
    interface ToggleEvent(ToggleStates) : Event {
        constructor(DOMString type, optional ToggleEventInit init = {}) = |type_: JsString, init, cx| {
            constructing_steps(type_, &init, cx).with(ToggleStates { old: init.old_state, new: init.new_state })
        };
        readonly attribute DOMString oldState = .old;
        readonly attribute DOMString newState = .new;
    }

    dictionary ToggleEventInit : EventInit {
        DOMString(JsString) oldState = "";
        DOMString(JsString) newState = "";
    }
}
