//! `MessageEvent` ([HTML, the MessageEvent interface](https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface)).

use boa_engine::{Finalize, JsObject, JsString, JsValue, Trace};

use super::event::{EVENT, EventInit, constructing_steps};
use super::event_targets::MessageParts;
use super::message_port::MessagePort;
use crate::webidl::interface;

/// The data of a `MessageEvent`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct MessageData {
    data: JsValue,
    #[unsafe_ignore_trace]
    origin: JsString,
    #[unsafe_ignore_trace]
    last_event_id: JsString,
    source: Option<JsObject>,
    ports: Vec<JsObject>,
}

impl From<MessageParts> for MessageData {
    fn from(parts: MessageParts) -> Self {
        Self {
            data: parts.data,
            origin: parts.origin.as_str().into(),
            last_event_id: JsString::default(),
            source: parts.source,
            ports: parts.ports,
        }
    }
}

interface! {
    /// The `MessageEvent` interface.
    // NOT YET: initMessageEvent().
    [Exposed=*]
    interface MessageEvent(MessageData) : Event {
        constructor(DOMString type, optional MessageEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(MessageData::from(init));

        readonly attribute any data = .data;
        readonly attribute USVString origin = .origin;
        readonly attribute DOMString lastEventId = .last_event_id;
        // IMPLEMENTATION-DEFINED: any object, since a global object is the program's own.
        readonly attribute object? source = .source;
        [SameObject] readonly attribute FrozenArray<MessagePort> ports = .ports;
    }

    dictionary MessageEventInit : EventInit {
        any data = null;
        USVString(JsString) origin = "";
        DOMString(JsString) lastEventId = "";
        object? source = null;
        sequence<MessagePort> ports = [];
    }
}

impl From<MessageEventInit> for MessageData {
    fn from(init: MessageEventInit) -> Self {
        Self {
            data: init.data,
            origin: init.origin,
            last_event_id: init.last_event_id,
            source: init.source,
            ports: init.ports,
        }
    }
}
