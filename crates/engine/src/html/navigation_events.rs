//! The events of navigation and session history
//! ([HTML, event interfaces](https://html.spec.whatwg.org/multipage/nav-history-apis.html#nav-traversal-apis)).

use boa_engine::{Finalize, JsString, JsValue, Trace};

use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::{NewEvent, construct_event};
use crate::webidl::interface;

/// The `returnValue` of a `BeforeUnloadEvent`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct BeforeUnload {
    #[unsafe_ignore_trace]
    pub(super) return_value: JsString,
}

interface! {
    /// The [`PopStateEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#popstateevent) interface.
    [Exposed=Window]
    interface PopStateEvent(PopStateEventInit) : Event {
        constructor(DOMString type, optional PopStateEventInit init = {}) = construct_event::<PopStateEventInit>;

        readonly attribute any state = .state;
        readonly attribute boolean hasUAVisualTransition = .has_ua_visual_transition;
    }

    #[derive(Trace, Finalize)]
    dictionary PopStateEventInit : EventInit {
        any state = null;
        boolean hasUAVisualTransition = false;
    }

    /// The [`BeforeUnloadEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#beforeunloadevent) interface.
    [Exposed=Window]
    interface BeforeUnloadEvent(BeforeUnload) : Event {
        attribute DOMString returnValue = .return_value;
    }

    /// The [`HashChangeEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#hashchangeevent) interface.
    [Exposed=Window]
    interface HashChangeEvent(HashChangeEventInit) : Event {
        constructor(DOMString type, optional HashChangeEventInit init = {}) = construct_event::<HashChangeEventInit>;

        readonly attribute USVString oldURL = .old_url;
        readonly attribute USVString newURL = .new_url;
    }

    #[derive(Trace, Finalize)]
    dictionary HashChangeEventInit : EventInit {
        #[unsafe_ignore_trace]
        USVString(JsString) oldURL = "";
        #[unsafe_ignore_trace]
        USVString(JsString) newURL = "";
    }

    /// The [`PageTransitionEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#pagetransitionevent) interface.
    [Exposed=Window]
    interface PageTransitionEvent(PageTransitionEventInit) : Event {
        constructor(DOMString type, optional PageTransitionEventInit init = {}) = construct_event::<PageTransitionEventInit>;

        readonly attribute boolean persisted = .persisted;
    }

    #[derive(Trace, Finalize)]
    dictionary PageTransitionEventInit : EventInit {
        boolean persisted = false;
    }
}

/// A `popstate` event.
pub(crate) fn pop_state(state: JsValue, transition: bool) -> NewEvent {
    let init = PopStateEventInit {
        parent: EventInit::default(),
        state,
        has_ua_visual_transition: transition,
    };
    NewEvent::of(&POP_STATE_EVENT, init)
}

/// A `beforeunload` event.
pub(crate) fn before_unload() -> NewEvent {
    let return_value = JsString::default();
    NewEvent::of(&BEFORE_UNLOAD_EVENT, BeforeUnload { return_value })
}

/// A `hashchange` event.
pub(crate) fn hash_change(old_url: JsString, new_url: JsString) -> NewEvent {
    let parent = EventInit::default();
    NewEvent::of(
        &HASH_CHANGE_EVENT,
        HashChangeEventInit {
            parent,
            old_url,
            new_url,
        },
    )
}

/// A `pageshow` or `pagehide` event.
pub(crate) fn page_transition(persisted: bool) -> NewEvent {
    let parent = EventInit::default();
    NewEvent::of(
        &PAGE_TRANSITION_EVENT,
        PageTransitionEventInit { parent, persisted },
    )
}

/// The events that `document.createEvent()` creates, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    match name {
        "beforeunloadevent" => Some(before_unload()),
        "hashchangeevent" => Some(hash_change(JsString::default(), JsString::default())),
        _ => None,
    }
}
