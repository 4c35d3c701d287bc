//! `BroadcastChannel` ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use boa_engine::{JsObject, JsResult, JsValue};
use framepost_messaging::{BroadcastId, broadcast_channel_post_message_steps};

use crate::platform::{self, Kind};
use crate::realm;
use crate::webidl::convert::argument;
use crate::webidl::{Interface, Member};
use crate::world::{Host, with_messaging, with_script};

use super::event_handlers;
use super::event_target::EVENT_TARGET;

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
        let data = with_script(ctx, |script| script.port_objects.new_channel(channel));
        let kind = Kind::BroadcastChannel(data.clone(), name);
        let object = target.create(kind, ctx)?;
        data.set_object(&object);
        Ok(object)
    })),
    members: &[&[
        Member::Attribute(
            "name",
            |this, _| {
                platform::with(this, |kind| match kind {
                    Kind::BroadcastChannel(_, name) => Some(name.clone().into()),
                    _ => None,
                })
                .ok_or_else(platform::illegal_invocation)
            },
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
            with_script(ctx, |script| {
                script.port_objects.hold_channel(channel, false);
            });
            Ok(JsValue::undefined())
        }),
        event_handlers::handler("onmessage"),
        event_handlers::handler("onmessageerror"),
    ]],
    ..Interface::new("BroadcastChannel", |kind| {
        matches!(kind, Kind::BroadcastChannel(..))
    })
};

fn channel(this: &JsObject) -> JsResult<BroadcastId> {
    platform::with(this, |kind| match kind {
        Kind::BroadcastChannel(channel, _) => Some(channel.channel),
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)
}
