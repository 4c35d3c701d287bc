//! The events of navigation and session history
//! ([HTML, event interfaces](https://html.spec.whatwg.org/multipage/nav-history-apis.html#nav-traversal-apis)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};

use crate::dom::event::{self, EVENT, EventInit, NewEvent, constructing_steps};
use crate::script::callback;
use crate::webidl::{interface, platform};

/// What a `PopStateEvent` keeps.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct PopState {
    state: JsValue,
    transition: bool,
}

/// The `returnValue` of a `BeforeUnloadEvent`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct BeforeUnload {
    #[unsafe_ignore_trace]
    return_value: JsString,
}

/// What a `HashChangeEvent` keeps.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct HashChange {
    #[unsafe_ignore_trace]
    old: JsString,
    #[unsafe_ignore_trace]
    new: JsString,
}

/// What a `PageTransitionEvent` keeps.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct PageTransition {
    persisted: bool,
}

interface! {
    /// The [`PopStateEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#popstateevent) interface.
    [Exposed=Window]
    interface PopStateEvent(PopState) : Event {
        constructor(DOMString type, optional PopStateEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(PopState {
                transition: init.has_ua_visual_transition,
                state: init.state,
            });

        readonly attribute any state = .state;
        readonly attribute boolean hasUAVisualTransition = .transition;
    }

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
    interface HashChangeEvent(HashChange) : Event {
        constructor(DOMString type, optional HashChangeEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(HashChange {
                old: init.old_url,
                new: init.new_url,
            });

        readonly attribute USVString oldURL = .old;
        readonly attribute USVString newURL = .new;
    }

    dictionary HashChangeEventInit : EventInit {
        USVString(JsString) oldURL = "";
        USVString(JsString) newURL = "";
    }

    /// The [`PageTransitionEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#pagetransitionevent) interface.
    [Exposed=Window]
    interface PageTransitionEvent(PageTransition) : Event {
        constructor(DOMString type, optional PageTransitionEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(PageTransition { persisted: init.persisted });

        readonly attribute boolean persisted = .persisted;
    }

    dictionary PageTransitionEventInit : EventInit {
        boolean persisted = false;
    }
}

/// A `popstate` event.
pub(crate) fn pop_state(state: JsValue, transition: bool) -> NewEvent {
    NewEvent::of(&POP_STATE_EVENT, PopState { state, transition })
}

/// A `beforeunload` event.
pub(crate) fn before_unload() -> NewEvent {
    let return_value = JsString::default();
    NewEvent::of(&BEFORE_UNLOAD_EVENT, BeforeUnload { return_value })
}

/// A `hashchange` event.
pub(crate) fn hash_change(old: JsString, new: JsString) -> NewEvent {
    NewEvent::of(&HASH_CHANGE_EVENT, HashChange { old, new })
}

/// A `pageshow` or `pagehide` event.
pub(crate) fn page_transition(persisted: bool) -> NewEvent {
    NewEvent::of(&PAGE_TRANSITION_EVENT, PageTransition { persisted })
}

/// What `document.createEvent()` makes, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    match name {
        "beforeunloadevent" => Some(before_unload()),
        "hashchangeevent" => Some(hash_change(JsString::default(), JsString::default())),
        _ => None,
    }
}

/// What [the event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm)
/// does with what an `onbeforeunload` handler has returned: that is a `DOMString?`, and so is never
/// `false`.
pub(crate) fn beforeunload_handler_returned(
    ctx: &mut Context,
    returned: &JsValue,
    window: Option<framepost_event_loop::GlobalId>,
    object: &JsObject,
) -> JsResult<()> {
    if returned.is_null_or_undefined() {
        return Ok(());
    }
    let text = match returned.to_string(ctx) {
        Ok(text) => text,
        Err(error) => {
            callback::finish(Err(error), window, ctx);
            return Ok(());
        }
    };
    let is_beforeunload = event::read(object, |event| event.type_ == "beforeunload")?;
    let set = |event: &mut BeforeUnload| {
        if event.return_value.is_empty() {
            event.return_value = text;
        }
        Some(())
    };
    if is_beforeunload && platform::with_mut(object, set).is_some() {
        event::write(object, event::EventData::set_canceled)?;
    }
    Ok(())
}
