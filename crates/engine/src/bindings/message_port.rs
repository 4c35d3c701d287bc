//! `MessagePort` ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use crate::port_objects;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::PortId;

use crate::messaging_host;
use crate::platform;
use crate::port_objects::{PORT_OBJECTS, PortRef};
use crate::realm;
use crate::script::with_messaging;
use crate::target::with_listeners;
use crate::webidl::convert::argument;
use crate::webidl::{self, Interface, Member};

use super::broadcast_channel::ChannelData;
use super::event_handlers;
use super::event_target::EVENT_TARGET;
use super::message_delivery::{PostOptions, include_user_activation};

/// The `MessagePort` interface.
pub(crate) static MESSAGE_PORT: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    members: &[&[
        Member::Operation("postMessage", 1, |this, args, ctx| {
            post_message(port(this)?, this, args, ctx)
        }),
        Member::Operation("start", 0, |this, _, ctx| {
            let port = port(this)?;
            with_messaging(ctx, |messaging, queues| messaging.start(queues, port));
            Ok(JsValue::undefined())
        }),
        Member::Operation("close", 0, |this, _, ctx| {
            let port = port(this)?;
            with_messaging(ctx, |messaging, queues| messaging.close(queues, port));
            Ok(JsValue::undefined())
        }),
        Member::Named(
            "onmessage",
            "onmessage",
            event_handlers::get,
            Some(set_onmessage),
        ),
        event_handlers::handler("onmessageerror"),
        event_handlers::handler("onclose"),
    ]],
    ..Interface::new("MessagePort")
};

/// `postMessage()` of a port, or of an object that has the port without showing it: a worker's, on
/// either side.
pub(crate) fn post_message(
    port: PortId,
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let options = PostOptions::of(&argument(args, 1), ctx)?;
    let (message, transfer) = (argument(args, 0), &options.transfer);
    let posted = messaging_host::post_to_port(ctx, port, &message, transfer)?;
    if options.include_user_activation
        && let Some(window) = platform::relevant_window(this)
    {
        include_user_activation(ctx, posted, window);
    }
    Ok(JsValue::undefined())
}

/// The port that an object stands for.
pub(crate) fn as_port(object: &JsObject) -> Option<PortId> {
    platform::with(object, |port: &PortRef| Some(port.port))
}

fn port(this: &JsObject) -> JsResult<PortId> {
    as_port(this).ok_or_else(platform::illegal_invocation)
}

/// Makes the object of a port that a window has received or made.
pub(crate) fn create(ctx: &mut Context, window: GlobalId, port: PortId) -> JsObject {
    let realm = realm::realm_of(ctx, window);
    let (half, has_tasks) = with_messaging(ctx, |messaging, _| {
        (messaging.half_of(port), messaging.has_tasks(port))
    });
    let data = PORT_OBJECTS.with(ctx, |port_objects| {
        port_objects.new_port(port, half, has_tasks)
    });
    let kind = data.clone();
    let object = webidl::create_object(&realm, &MESSAGE_PORT, kind, ctx);
    data.set_object(&object);
    object
}

/// Says anew whether somebody listens to a port or a broadcast channel, if the object is one.
pub(crate) fn listeners_changed(ctx: &Context, object: &JsObject) {
    enum Target {
        Port(PortId),
        Channel(BroadcastChannelId),
    }
    let target = platform::with(object, |port: &PortRef| Some(Target::Port(port.port)));
    let target = target
        .or_else(|| {
            platform::with(object, |data: &ChannelData| {
                Some(Target::Channel(data.channel.channel))
            })
        })
        .or_else(|| port_objects::hidden_port(object).map(Target::Port));
    let Some(target) = target else { return };
    // `close` is not among the standard's, but only who listens for it can tell.
    // `error` is what a `Worker` hears besides.
    let heard = ["message", "messageerror", "close", "error"];
    let has_listener = with_listeners(object, |listeners| {
        let mut list = listeners.list.iter();
        list.any(|listener| heard.contains(&listener.event_type.as_str()))
    });
    let has_listener = has_listener.unwrap_or(false);
    match target {
        Target::Port(port) => with_messaging(ctx, |messaging, _| {
            messaging.set_has_listener(port, has_listener);
        }),
        Target::Channel(channel) => {
            let hold =
                has_listener && with_messaging(ctx, |messaging, _| messaging.is_open(channel));
            PORT_OBJECTS.with(ctx, |port_objects| {
                port_objects.hold_channel(channel, hold);
            });
        }
    }
}

/// The setter of `onmessage`: the first setting
/// [enables the port message queue](https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onmessage).
fn set_onmessage(
    this: &JsObject,
    name: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    event_handlers::set(this, name, value, ctx)?;
    let port = port(this)?;
    with_messaging(ctx, |messaging, queues| {
        messaging.set_onmessage(queues, port);
    });
    Ok(())
}
