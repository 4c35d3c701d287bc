//! `Event` and `CustomEvent` ([DOM, interface Event](https://dom.spec.whatwg.org/#interface-event)).

use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsString, JsValue, Trace};

use super::events::{EventData, NewEvent, construct_event, constructing_steps, initialize};
use crate::dom::event_dispatch::Target;
use crate::webidl::interface;
use crate::webidl::into_js::IntoJs;
use crate::webidl::platform;

/// The event that `document.createEvent()` creates for the name of a `CustomEvent`.
pub(crate) fn uninitialized_custom() -> NewEvent {
    let init = CustomEventInit {
        parent: EventInit::default(),
        detail: JsValue::null(),
    };
    NewEvent::of(&CUSTOM_EVENT, init)
}

interface! {
    /// The `Event` interface.
    [Exposed=*]
    interface Event(EventData) {
        constructor(DOMString type, optional EventInit eventInitDict = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx);

        readonly attribute DOMString type = .type_;
        readonly attribute EventTarget? target = .target;
        readonly attribute EventTarget? srcElement = .target;
        readonly attribute EventTarget? currentTarget = .current_target;
        sequence<EventTarget> composedPath() = |event| event.composed_path();

        const unsigned short NONE = 0;
        const unsigned short CAPTURING_PHASE = 1;
        const unsigned short AT_TARGET = 2;
        const unsigned short BUBBLING_PHASE = 3;
        readonly attribute unsigned short eventPhase = .phase;

        undefined stopPropagation() = |event| event.stop_propagation = true;
        attribute boolean cancelBubble = .stop_propagation, |event, value| event.stop_propagation |= value;
        undefined stopImmediatePropagation() = |event| {
            event.stop_propagation = true;
            event.stop_immediate_propagation = true;
        };

        readonly attribute boolean bubbles = .bubbles;
        readonly attribute boolean cancelable = .cancelable;
        attribute boolean returnValue = |event| !event.canceled, |event, value| if !value { event.set_canceled() };
        undefined preventDefault() = |event| event.set_canceled();
        readonly attribute boolean defaultPrevented = .canceled;
        readonly attribute boolean composed = .composed;

        [LegacyUnforgeable] readonly attribute boolean isTrusted = .trusted;
        readonly attribute DOMHighResTimeStamp timeStamp = .time_stamp;

        undefined initEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false) =
            |event: &JsObject, type_: JsString, bubbles, cancelable, _| initialize(event, type_, bubbles, cancelable);
    }

    /// The dictionary of the constructors of all events.
    #[derive(Clone, Copy, Default, Trace, Finalize)]
    #[boa_gc(empty_trace)]
    dictionary EventInit {
        boolean bubbles = false;
        boolean cancelable = false;
        boolean composed = false;
    }

    /// The `CustomEvent` interface.
    [Exposed=*]
    interface CustomEvent(CustomEventInit) : Event {
        constructor(DOMString type, optional CustomEventInit eventInitDict = {}) = construct_event::<CustomEventInit>;

        readonly attribute any detail = .detail;

        undefined initCustomEvent(
            DOMString type,
            optional boolean bubbles = false,
            optional boolean cancelable = false,
            optional any detail = null
        ) = |event: &JsObject, type_: JsString, bubbles, cancelable, detail, _| {
            if initialize(event, type_, bubbles, cancelable)? {
                platform::write(event, |held: &mut CustomEventInit| held.detail = detail)?;
            }
            Ok::<_, JsError>(())
        };
    }

    #[derive(Trace, Finalize)]
    dictionary CustomEventInit : EventInit {
        any detail = null;
    }
}

/// Converts a target to the object that script sees.
impl IntoJs for Target {
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue> {
        Ok(self.value(cx))
    }
}
