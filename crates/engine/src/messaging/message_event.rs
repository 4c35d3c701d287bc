//! `MessageEvent` ([HTML, the MessageEvent interface](https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};

use super::message_port::MessagePort;
use framepost_browsing_context::SerializedOrigin;
use framepost_event_loop::GlobalId;

use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::{NewEvent, constructing_steps, initialize};
use crate::html::user_activation::UserActivation;
use crate::html::window::Window;
use crate::webidl::into_js::IntoJs;
use crate::webidl::{interface, platform};

/// The data of a `MessageEvent`.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct MessageData {
    pub(crate) data: JsValue,
    #[unsafe_ignore_trace]
    pub(crate) origin: EventOrigin,
    #[unsafe_ignore_trace]
    pub(crate) last_event_id: JsString,
    /// A WindowProxy or a port.
    pub(crate) source: Option<JsObject>,
    pub(crate) ports: Vec<JsObject>,
    /// The global that sent the message; `None` for an event that script created.
    #[unsafe_ignore_trace]
    pub(crate) sender: Option<GlobalId>,
    /// The sender's user activation in the message.
    pub(crate) user_activation: Option<JsObject>,
}

/// The `origin` of a `MessageEvent`.
#[derive(Clone)]
pub(crate) enum EventOrigin {
    /// A value from script.
    Given(JsString),
    /// The origin of the message's sender.
    ///
    /// OPTIMIZATION: the string is created when script reads it. Few listeners do.
    Sender(SerializedOrigin),
}

impl Default for EventOrigin {
    fn default() -> Self {
        Self::Sender(SerializedOrigin::default())
    }
}

impl IntoJs for EventOrigin {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(match self {
            Self::Given(origin) => origin.into(),
            Self::Sender(origin) => JsString::from(&*origin).into(),
        })
    }
}

interface! {
    /// The `MessageEvent` interface.
    [Exposed=(Window,Worker)]
    interface MessageEvent(MessageData) : Event {
        constructor(DOMString type, optional MessageEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(MessageData::from(init));

        readonly attribute any data = .data;
        readonly attribute USVString origin = .origin;
        readonly attribute DOMString lastEventId = .last_event_id;
        readonly attribute MessageEventSource? source = .source;
        [SameObject] readonly attribute FrozenArray<MessagePort> ports = .ports;
        readonly attribute UserActivation? userActivation = .user_activation;

        undefined initMessageEvent(
            DOMString type,
            optional boolean bubbles = false,
            optional boolean cancelable = false,
            optional any data = null,
            optional USVString origin = "",
            optional DOMString lastEventId = "",
            optional MessageEventSource? source = null,
            optional sequence<MessagePort> ports = []
        ) = |this, type_: JsString, bubbles, cancelable, data, origin: JsString, last_event_id: JsString, source, ports, _| {
            let user_activation = None;
            let source = source.map(JsObject::from);
            let origin = EventOrigin::Given(origin);
            init_message_event(this, (type_, bubbles, cancelable), MessageData { data, origin, last_event_id, source, ports, user_activation, sender: None })
        };
    }

    dictionary MessageEventInit : EventInit {
        any data = null;
        USVString(JsString) origin = "";
        DOMString(JsString) lastEventId = "";
        MessageEventSource? source = null;
        sequence<MessagePort> ports = [];
        UserActivation? userActivation = null;
    }

    typedef (Window or MessagePort) MessageEventSource;
}

impl From<MessageEventInit> for MessageData {
    fn from(init: MessageEventInit) -> Self {
        Self {
            data: init.data,
            origin: EventOrigin::Given(init.origin),
            last_event_id: init.last_event_id,
            source: init.source.map(JsObject::from),
            ports: init.ports,
            user_activation: init.user_activation,
            sender: None,
        }
    }
}

impl From<MessageEventSource> for JsObject {
    fn from(source: MessageEventSource) -> Self {
        match source {
            MessageEventSource::Window(object) | MessageEventSource::MessagePort(object) => object,
        }
    }
}

/// [`initMessageEvent()`](https://html.spec.whatwg.org/multipage/comms.html#dom-messageevent-initmessageevent)
fn init_message_event(
    event: &JsObject,
    (type_, bubbles, cancelable): (JsString, bool, bool),
    data: MessageData,
) -> JsResult<()> {
    if initialize(event, type_, bubbles, cancelable)? {
        platform::drop_companion(event, "ports");
        platform::write(event, |held: &mut MessageData| *held = data)?;
    }
    Ok(())
}

/// The event that `document.createEvent()` creates, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    if name != "messageevent" {
        return None;
    }
    let data = MessageData {
        data: JsValue::null(),
        ..MessageData::default()
    };
    Some(NewEvent::of(&MESSAGE_EVENT, data))
}
