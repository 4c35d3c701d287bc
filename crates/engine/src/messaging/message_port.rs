//! `MessagePort` ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_messaging::ports::PortId;

use super::port_steps::{TRANSFER, post_message_to};
use super::post_message::PostOptions;
use crate::dom::event_target::EVENT_TARGET;
use crate::script::with_messaging;
use crate::webidl::interface;
use crate::webidl::receiver::Receiver as _;

interface! {
    /// The `MessagePort` interface.
    [Exposed=(Window,Worker), Transferable=TRANSFER]
    interface MessagePort(PortRef) : EventTarget {
        undefined postMessage(any message, optional PostOptions options);
        undefined start() = |port: PortId, cx| {
            with_messaging(cx, |messaging, queues| messaging.start(queues, port));
        };
        undefined close() = |port: PortId, cx| {
            with_messaging(cx, |messaging, queues| messaging.close(queues, port));
        };
        // The first setting enables the port message queue.
        attribute EventHandler onmessage = |port: PortId, cx| {
            with_messaging(cx, |messaging, queues| messaging.set_onmessage(queues, port));
        };
        attribute EventHandler onmessageerror;
        attribute EventHandler onclose;
    }
}

/// `postMessage()` of a port.
fn post_message(
    object: &JsObject,
    message: &JsValue,
    options: Option<PostOptions>,
    cx: &mut Context,
) -> JsResult<()> {
    post_message_to(PortId::of(object)?, object, message, options, cx)
}
