//! `MessageChannel` ([HTML, message channels](https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_messaging::ports::Owner;

use super::message_delivery;
use crate::messaging::port_steps;
use crate::script::{realm, with_messaging};
use crate::webidl::interface;

/// The two ports of a `MessageChannel`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Ports {
    port1: JsObject,
    port2: JsObject,
}

interface! {
    /// The `MessageChannel` interface.
    [Exposed=(Window,Worker)]
    interface MessageChannel(Ports) {
        constructor() = |cx| construct(cx);

        readonly attribute MessagePort port1 = .port1;
        readonly attribute MessagePort port2 = .port2;
    }
}

/// [`new MessageChannel()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messagechannel)
fn construct(cx: &mut Context) -> JsResult<Ports> {
    let window = realm::current_global(cx)?;
    // Free the channels that the task has created and dropped, so that they do not accumulate until its end.
    message_delivery::account_for_the_collected(cx);
    // 1. to 3. Two entangled ports.
    let (port1, port2) = with_messaging(cx, |messaging, _| {
        messaging.create_channel(Owner::Global(window))
    });
    Ok(Ports {
        port1: port_steps::create(cx, window, port1),
        port2: port_steps::create(cx, window, port2),
    })
}
