//! The steps of message port objects: posting, transfer, creation
//! ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_boa::ports::{self, PortEmbedder};
use framepost_event_loop::GlobalId;
use framepost_messaging::ports::PortId;

use super::message_delivery::include_user_activation;
use super::message_port::MESSAGE_PORT;
use super::post_message::{PostMessageOptions, PostOptions};
use crate::dom::event_listeners::Listeners;
use crate::messaging::host;
use crate::script::origins::{self, Waits};
use crate::script::{Engine, realm};
use crate::webidl::serializable::Transferable;
use crate::webidl::{Interface, platform};

/// The transfer steps of a port.
pub(super) static TRANSFER: Transferable = ports::transfer_steps::<Engine>();

/// `postMessage()` of a port, or of an object with a hidden port: a `Worker` or a worker's global object.
pub(crate) fn post_message_to(
    port: PortId,
    object: &JsObject,
    message: &JsValue,
    options: Option<PostOptions>,
    cx: &mut Context,
) -> JsResult<()> {
    let options = options.map_or_else(PostMessageOptions::none, PostMessageOptions::from);
    let posted = host::post_to_port(cx, port, message, &options.transfer)?;
    crate::script::origins::posted(cx, posted);
    if options.include_user_activation
        && let Some(window) = platform::relevant_global(object)
    {
        include_user_activation(cx, posted, window);
    }
    Ok(())
}

impl PortEmbedder for Engine {
    const MESSAGE_PORT: &'static Interface = &MESSAGE_PORT;
}

/// Creates the object of a port that a window received or created.
pub(crate) fn create(ctx: &mut Context, window: GlobalId, port: PortId) -> JsObject {
    let realm = realm::realm_of(ctx, window);
    ports::create_port::<Engine>(ctx, &realm, port)
}

/// If the object is a port or a broadcast channel, records in messaging whether it has listeners.
pub(crate) fn listeners_changed(ctx: &Context, object: &JsObject) {
    let receiver = ports::listeners_changed::<Engine>(ctx, object, || {
        // The standard does not list `close`, but only its listeners can observe the difference.
        // A `Worker` also gets `error`.
        let heard = ["message", "messageerror", "close", "error"];
        let has_listener = platform::with_attached(object, |listeners: &Listeners| {
            let mut list = listeners.list.iter();
            list.any(|listener| heard.contains(&listener.event_type.as_str()))
        });
        has_listener.unwrap_or(false)
    });
    match receiver {
        Some(ports::Receiver::Port(port)) => origins::listens(ctx, Waits::Port(port)),
        Some(ports::Receiver::Channel(channel)) => origins::listens(ctx, Waits::Channel(channel)),
        _ => {}
    }
}
