//! `BroadcastChannel` ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use boa_engine::{Finalize, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_messaging::broadcast_channel::{
    BroadcastChannelId, broadcast_channel_post_message_steps,
};

use crate::script::port_objects::{ChannelRef, PORT_OBJECTS};
use crate::script::realm;
use crate::script::{Host, with_messaging};
use crate::webidl::convert::argument;
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

use crate::dom::event_target::EVENT_TARGET;
use crate::html::event_handlers;

/// What a `BroadcastChannel` keeps.
#[derive(Trace, Finalize)]
pub(crate) struct ChannelData {
    pub(crate) channel: ChannelRef,
    #[unsafe_ignore_trace]
    name: JsString,
}

/// The `BroadcastChannel` interface.
pub(crate) static BROADCAST_CHANNEL: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    constructor: Some((1, |target, args, ctx| {
        let window = realm::current_window(ctx).ok_or_else(platform::illegal_invocation)?;
        let name = argument(args, 0).to_string(ctx)?;
        let units = name.to_vec();
        let channel = with_messaging(ctx, |messaging, _| {
            messaging.create_broadcast_channel(window, &units)
        });
        let data = PORT_OBJECTS.with(ctx, |port_objects| port_objects.new_channel(channel));
        let kind = ChannelData {
            channel: data.clone(),
            name,
        };
        let object = target.create(kind, ctx)?;
        data.set_object(&object);
        Ok(object)
    })),
    members: &[&[
        Member::Attribute(
            "name",
            |this, _| platform::read(this, |data: &ChannelData| data.name.clone().into()),
            None,
        ),
        Member::Operation("postMessage", 1, |this, args, ctx| {
            let channel = channel(this)?;
            broadcast_channel_post_message_steps(&mut Host(ctx), channel, &argument(args, 0))?;
            Ok(JsValue::undefined())
        }),
        Member::Operation("close", 0, |this, _, ctx| {
            let channel = channel(this)?;
            with_messaging(ctx, |messaging, _| {
                messaging.close_broadcast_channel(channel);
            });
            // It hears nothing more: only script may still hold it.
            PORT_OBJECTS.with(ctx, |port_objects| {
                port_objects.hold_channel(channel, false);
            });
            Ok(JsValue::undefined())
        }),
        event_handlers::handler("onmessage"),
        event_handlers::handler("onmessageerror"),
    ]],
    ..Interface::new("BroadcastChannel")
};

fn channel(this: &JsObject) -> JsResult<BroadcastChannelId> {
    platform::read(this, |data: &ChannelData| data.channel.channel)
}
