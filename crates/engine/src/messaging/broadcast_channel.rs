//! `BroadcastChannel` ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use boa_engine::{Context, JsObject, JsResult, JsString};
use framepost_messaging::broadcast_channel::{
    BroadcastChannelId, broadcast_channel_post_message_steps,
};

use crate::dom::event_target::EVENT_TARGET;
use crate::script::port_objects::{ChannelData, PORT_OBJECTS};
use crate::script::{MessageHost, origins, realm, with_messaging};
use crate::webidl::{NewTarget, interface};

interface! {
    /// The `BroadcastChannel` interface.
    [Exposed=(Window,Worker)]
    interface BroadcastChannel(ChannelData) : EventTarget {
        constructor(DOMString name);

        readonly attribute DOMString name = .name;
        undefined postMessage(any message) = |channel: BroadcastChannelId, message, cx| {
            let all = broadcast_channel_post_message_steps(&mut MessageHost::new(cx), channel, &message)?;
            all.into_iter().for_each(|posted| origins::posted(cx, posted));
            Ok(())
        };
        undefined close();
        attribute EventHandler onmessage;
        attribute EventHandler onmessageerror;
    }
}

/// [`new BroadcastChannel()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel)
fn construct(target: &NewTarget, name: JsString, cx: &mut Context) -> JsResult<JsObject> {
    let window = realm::current_global(cx)?;
    let units = name.to_vec();
    let channel = with_messaging(cx, |messaging, _| {
        messaging.create_broadcast_channel(window, &units)
    });
    let channel = PORT_OBJECTS.with(cx, |port_objects| port_objects.new_channel(channel));
    let data = ChannelData {
        channel: channel.clone(),
        name,
    };
    let object = target.create(data, cx)?;
    channel.set_object(&object);
    Ok(object)
}

/// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-close)
fn close(channel: BroadcastChannelId, cx: &mut Context) {
    with_messaging(cx, |messaging, _| {
        messaging.close_broadcast_channel(channel);
    });
    // It gets no more messages, so only script keeps it alive.
    PORT_OBJECTS.with(cx, |port_objects| port_objects.hold_channel(channel, false));
}
