//! `ToggleEvent` ([HTML, the ToggleEvent interface](https://html.spec.whatwg.org/multipage/popover.html#the-toggleevent-interface)).

use boa_engine::{Finalize, JsString, Trace};

use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::construct_event;
use crate::webidl::interface;

interface! {
    /// The `ToggleEvent` interface.
    // NOT YET: `source`.
    [Exposed=Window]
    interface ToggleEvent(ToggleEventInit) : Event {
        constructor(DOMString type, optional ToggleEventInit init = {}) = construct_event::<ToggleEventInit>;
        readonly attribute DOMString oldState = .old_state;
        readonly attribute DOMString newState = .new_state;
    }

    #[derive(Trace, Finalize)]
    dictionary ToggleEventInit : EventInit {
        #[unsafe_ignore_trace]
        DOMString(JsString) oldState = "";
        #[unsafe_ignore_trace]
        DOMString(JsString) newState = "";
    }
}
