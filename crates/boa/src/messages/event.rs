//! `Event` ([DOM, interface Event](https://dom.spec.whatwg.org/#interface-event)), without trees.

use boa_engine::{Context, Finalize, JsObject, JsString, Trace};
use framepost_browsing_context::events::PropagationFlags;

use super::state::with_world;
use crate::webidl::constructed::ConstructedWith;
use crate::webidl::interface;

/// The data of an `Event`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct EventData {
    #[unsafe_ignore_trace]
    pub(super) event_type: JsString,
    pub(super) bubbles: bool,
    pub(super) cancelable: bool,
    pub(super) composed: bool,
    pub(super) trusted: bool,
    pub(super) dispatching: bool,
    pub(super) stop_propagation: bool,
    pub(super) stop_immediate_propagation: bool,
    pub(super) canceled: bool,
    pub(super) in_passive_listener: bool,
    pub(super) phase: u32,
    pub(super) time_stamp: f64,
    pub(super) target: Option<JsObject>,
    pub(super) current_target: Option<JsObject>,
}

impl EventData {
    /// An event without a type.
    pub(super) fn new(ctx: &Context) -> Self {
        let now = with_world(ctx, |world| world.state.event_loop.peek_now());
        Self {
            event_type: JsString::default(),
            bubbles: false,
            cancelable: false,
            composed: false,
            trusted: false,
            dispatching: false,
            stop_propagation: false,
            stop_immediate_propagation: false,
            canceled: false,
            in_passive_listener: false,
            phase: 0,
            time_stamp: now.as_secs_f64() * 1000.0,
            target: None,
            current_target: None,
        }
    }

    /// [Initialize](https://dom.spec.whatwg.org/#concept-event-initialize)
    pub(super) fn initialize(&mut self, event_type: JsString, bubbles: bool, cancelable: bool) {
        self.event_type = event_type;
        self.bubbles = bubbles;
        self.cancelable = cancelable;
    }

    /// [Set the canceled flag](https://dom.spec.whatwg.org/#set-the-canceled-flag)
    pub(super) fn set_canceled(&mut self) {
        if self.cancelable && !self.in_passive_listener {
            self.canceled = true;
        }
    }

    /// The flags that stop the propagation.
    pub(super) fn flags(&self) -> PropagationFlags {
        PropagationFlags {
            stop_propagation: self.stop_propagation,
            stop_immediate_propagation: self.stop_immediate_propagation,
        }
    }
}

interface! {
    /// The `Event` interface.
    // NOT YET: initEvent() and the other legacy members.
    [Exposed=*]
    interface Event(EventData) {
        constructor(DOMString type, optional EventInit eventInitDict = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx);

        readonly attribute DOMString type = .event_type;
        readonly attribute EventTarget? target = .target;
        readonly attribute EventTarget? srcElement = .target;
        readonly attribute EventTarget? currentTarget = .current_target;
        sequence<EventTarget> composedPath() = |event| event.current_target.iter().cloned().collect::<Vec<_>>();

        const unsigned short NONE = 0;
        const unsigned short CAPTURING_PHASE = 1;
        const unsigned short AT_TARGET = 2;
        const unsigned short BUBBLING_PHASE = 3;
        readonly attribute unsigned short eventPhase = .phase;

        undefined stopPropagation() = |event| event.stop_propagation = true;
        undefined stopImmediatePropagation() = |event| {
            event.stop_propagation = true;
            event.stop_immediate_propagation = true;
        };

        readonly attribute boolean bubbles = .bubbles;
        readonly attribute boolean cancelable = .cancelable;
        undefined preventDefault() = |event| event.set_canceled();
        readonly attribute boolean defaultPrevented = .canceled;
        readonly attribute boolean composed = .composed;

        [LegacyUnforgeable] readonly attribute boolean isTrusted = .trusted;
        readonly attribute DOMHighResTimeStamp timeStamp = .time_stamp;
    }

    dictionary EventInit {
        boolean bubbles = false;
        boolean cancelable = false;
        boolean composed = false;
    }
}

/// An event that is being constructed.
pub(super) type ConstructedEvent = ConstructedWith<EventData>;

/// [Event constructing steps](https://dom.spec.whatwg.org/#concept-event-constructor)
pub(super) fn constructing_steps(
    type_: JsString,
    init: &EventInit,
    cx: &Context,
) -> ConstructedEvent {
    let mut event = EventData::new(cx);
    event.initialize(type_, init.bubbles, init.cancelable);
    event.composed = init.composed;
    ConstructedEvent::new(event)
}
