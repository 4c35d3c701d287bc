//! `MessagePort` ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::WindowId;
use framepost_messaging::PortId;

use crate::messaging_host;
use crate::platform::{self, Kind};
use crate::realm;
use crate::webidl::convert::argument;
use crate::webidl::{self, Interface, Member};
use crate::world::{with_messaging, with_script};

use super::event_handlers;
use super::event_target::EVENT_TARGET;
use super::message_delivery::transfer_of;

/// The `MessagePort` interface.
pub(crate) static MESSAGE_PORT: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    members: &[&[
        Member::Operation("postMessage", 1, |this, args, ctx| {
            let transfer = transfer_of(&argument(args, 1), ctx)?;
            messaging_host::post_to_port(ctx, port(this)?, &argument(args, 0), &transfer)?;
            Ok(JsValue::undefined())
        }),
        Member::Operation("start", 0, |this, _, ctx| {
            let port = port(this)?;
            with_messaging(ctx, |messaging, queues| messaging.start(port, queues));
            Ok(JsValue::undefined())
        }),
        Member::Operation("close", 0, |this, _, ctx| {
            let port = port(this)?;
            with_messaging(ctx, |messaging, queues| messaging.close(port, queues));
            // Nothing is fired at it any more: only script may still hold it.
            let forgotten = with_script(ctx, |script| script.ports.remove(&port));
            drop(forgotten);
            Ok(JsValue::undefined())
        }),
        event_handlers::handler("onmessage"),
        event_handlers::handler("onmessageerror"),
        event_handlers::handler("onclose"),
    ]],
    ..Interface::new("MessagePort", |kind| matches!(kind, Kind::MessagePort(_)))
};

/// The port that an object stands for.
pub(crate) fn as_port(object: &JsObject) -> Option<PortId> {
    platform::with(object, |kind| match kind {
        Kind::MessagePort(port) => Some(*port),
        _ => None,
    })
}

fn port(this: &JsObject) -> JsResult<PortId> {
    as_port(this).ok_or_else(platform::illegal_invocation)
}

/// Makes the object of a port that a window has received or made.
pub(crate) fn create(ctx: &mut Context, window: WindowId, port: PortId) -> JsObject {
    let realm = realm::realm_of(ctx, window);
    let object = webidl::create_object(&realm, &MESSAGE_PORT, Kind::MessagePort(port), ctx);
    with_script(ctx, |script| script.ports.insert(port, object.clone()));
    object
}

/// An event handler was set on an object: the first setting of a port's `onmessage`
/// [enables its queue](https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onmessage).
pub(crate) fn handler_was_set(ctx: &mut Context, this: &JsObject, name: &str) -> JsResult<()> {
    if name == "onmessage"
        && let Some(port) = as_port(this)
    {
        with_messaging(ctx, |messaging, queues| {
            messaging.set_onmessage(port, queues);
        });
    }
    Ok(())
}
