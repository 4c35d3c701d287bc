//! `MessageChannel`, `MessagePort` and `BroadcastChannel`
//! ([HTML, web messaging](https://html.spec.whatwg.org/multipage/web-messaging.html)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, Trace};
use framepost_event_loop::GlobalId;
use framepost_messaging::broadcast_channel::{
    BroadcastChannelId, broadcast_channel_post_message_steps,
};
use framepost_messaging::ports::{PortId, message_port_post_message_steps};

use super::event_target::EVENT_TARGET;
use super::post_message::PostOptions;
use super::state::{MessageHost, Own};
use crate::host::Embedder;
use crate::port_objects::ChannelData;
use crate::ports;
use crate::webidl::platform::illegal_invocation;
use crate::webidl::realm::global_of;
use crate::webidl::serializable::Transferable;
use crate::webidl::{NewTarget, interface};

static TRANSFER: Transferable = ports::transfer_steps::<Own>();

/// The two ports of a `MessageChannel`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Ports {
    port1: JsObject,
    port2: JsObject,
}

interface! {
    /// The `MessageChannel` interface.
    [Exposed=*]
    interface MessageChannel(Ports) {
        constructor() = |cx| construct_channel(cx);

        readonly attribute MessagePort port1 = .port1;
        readonly attribute MessagePort port2 = .port2;
    }

    /// The `MessagePort` interface.
    [Exposed=*, Transferable=TRANSFER]
    interface MessagePort(PortRef) : EventTarget {
        undefined postMessage(any message, optional PostOptions options = {}) = |port: PortId, message, options: PostOptions, cx| {
            let transfer = options.into_transfer();
            message_port_post_message_steps(&mut MessageHost::new(cx), port, &message, &transfer).map(|_| ())
        };
        undefined start() = |port: PortId, cx| {
            Own::with_messaging(cx, |messaging, queues, _| messaging.start(queues, port));
        };
        undefined close() = |port: PortId, cx| {
            Own::with_messaging(cx, |messaging, queues, _| messaging.close(queues, port));
        };
        // The first setting enables the port message queue.
        attribute EventHandler onmessage = |port: PortId, cx| {
            Own::with_messaging(cx, |messaging, queues, _| messaging.set_onmessage(queues, port));
        };
        attribute EventHandler onmessageerror;
        attribute EventHandler onclose;
    }

    /// The `BroadcastChannel` interface.
    [Exposed=*]
    interface BroadcastChannel(ChannelData) : EventTarget {
        constructor(DOMString name) = construct_broadcast_channel;

        readonly attribute DOMString name = .name;
        undefined postMessage(any message) = |channel: BroadcastChannelId, message, cx| {
            broadcast_channel_post_message_steps(&mut MessageHost::new(cx), channel, &message).map(|_| ())
        };
        undefined close() = |channel: BroadcastChannelId, cx| ports::close_broadcast_channel::<Own>(cx, channel);
        attribute EventHandler onmessage;
        attribute EventHandler onmessageerror;
    }
}

/// The global of the current realm.
pub(super) fn current_global(cx: &Context) -> JsResult<GlobalId> {
    global_of(cx.realm()).ok_or_else(illegal_invocation)
}

/// [`new MessageChannel()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messagechannel)
fn construct_channel(cx: &mut Context) -> JsResult<Ports> {
    let global = current_global(cx)?;
    let realm = cx.realm().clone();
    let (port1, port2) = ports::create_channel::<Own>(cx, &realm, global);
    Ok(Ports { port1, port2 })
}

/// [`new BroadcastChannel()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel)
fn construct_broadcast_channel(
    target: &NewTarget,
    name: JsString,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let global = current_global(cx)?;
    ports::create_broadcast_channel::<Own>(target, global, name, cx)
}
