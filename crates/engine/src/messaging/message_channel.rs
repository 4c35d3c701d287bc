//! `MessageChannel` ([HTML, message channels](https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_boa::ports;

use crate::script::{Engine, realm};
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
    let realm = realm::realm_of(cx, window);
    // 1. to 3. Two entangled ports.
    let (port1, port2) = ports::create_channel::<Engine>(cx, &realm, window);
    Ok(Ports { port1, port2 })
}
