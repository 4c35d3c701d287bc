//! `MessageChannel` ([HTML, message channels](https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels)).

use boa_engine::{Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_messaging::ports::Owner;

use crate::script::realm;
use crate::script::with_messaging;
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

use super::{message_delivery, message_port};

/// The two ports of a `MessageChannel`.
#[derive(Trace, Finalize)]
struct Ports(JsObject, JsObject);

/// The `MessageChannel` interface.
pub(crate) static MESSAGE_CHANNEL: Interface = Interface {
    constructor: Some((0, |target, _, ctx| {
        let window = realm::current_window(ctx).ok_or_else(platform::illegal_invocation)?;
        // A script that makes and forgets many is not to pile them up until its end.
        message_delivery::account_for_the_collected(ctx);
        let (port1, port2) = with_messaging(ctx, |messaging, _| {
            messaging.create_channel(Owner::Global(window))
        });
        let port1 = message_port::create(ctx, window, port1);
        let port2 = message_port::create(ctx, window, port2);
        target.create(Ports(port1, port2), ctx)
    })),
    members: &[&[
        Member::Attribute("port1", |this, _| ports(this, |port1, _| port1), None),
        Member::Attribute("port2", |this, _| ports(this, |_, port2| port2), None),
    ]],
    ..Interface::new("MessageChannel")
};

fn ports(
    this: &JsObject,
    which: for<'a> fn(&'a JsObject, &'a JsObject) -> &'a JsObject,
) -> JsResult<JsValue> {
    platform::read(this, |Ports(port1, port2)| {
        which(port1, port2).clone().into()
    })
}
