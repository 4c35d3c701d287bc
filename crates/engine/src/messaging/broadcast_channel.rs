//! `BroadcastChannel` ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use boa_engine::{Context, JsObject, JsResult, JsString};
use framepost_boa::ports;
use framepost_messaging::broadcast_channel::{
    BroadcastChannelId, broadcast_channel_post_message_steps,
};

use crate::dom::event_target::EVENT_TARGET;
use crate::script::port_objects::ChannelData;
use crate::script::{Engine, MessageHost, origins, realm};
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
    ports::create_broadcast_channel::<Engine>(target, window, name, cx)
}

/// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-close)
fn close(channel: BroadcastChannelId, cx: &mut Context) {
    ports::close_broadcast_channel::<Engine>(cx, channel);
}
