//! The steps of message port objects: posting, transfer, creation
//! ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{Owner, PortId};
use framepost_messaging::structured_clone::{CloneError, TransferDataHolder};

use super::message_delivery::include_user_activation;
use super::message_port::MESSAGE_PORT;
use super::post_message::{PostMessageOptions, PostOptions};
use crate::dom::event_listeners::Listeners;
use crate::messaging::host;
use crate::script::port_objects::{self, ChannelData, PORT_OBJECTS, PortRef, as_port};
use crate::script::{realm, with_messaging};
use crate::webidl::serializable::Transferable;
use crate::webidl::{self, platform};

/// [The transfer steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps)
/// and the transfer-receiving steps of a port.
pub(super) static TRANSFER: Transferable = Transferable {
    is_detached: |object, cx| {
        as_port(object)
            .is_some_and(|port| with_messaging(cx, |messaging, _| messaging.is_detached(port)))
    },
    transfer: |object, cx| {
        let refused = || CloneError::NotSerializable("MessagePort".to_owned());
        let port = as_port(object).ok_or_else(refused)?;
        let half = with_messaging(cx, |messaging, _| messaging.detach(port));
        Ok(TransferDataHolder::Port(half.map_err(|_| refused())?))
    },
    receive: |realm, holder, cx| {
        let (TransferDataHolder::Port(half), Some(window)) = (holder, realm::window_of(realm))
        else {
            return None;
        };
        let owner = Owner::Global(window);
        let attached = with_messaging(cx, |messaging, queues| {
            messaging.attach(queues, owner, half)
        });
        attached.ok().map(|port| create(cx, window, port))
    },
};

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

/// Creates the object of a port that a window received or created.
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

/// If the object is a port or a broadcast channel, records in messaging whether it has listeners.
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
    // The standard does not list `close`, but only its listeners can observe the difference.
    // A `Worker` also gets `error`.
    let heard = ["message", "messageerror", "close", "error"];
    let has_listener = platform::with_attached(object, |listeners: &Listeners| {
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
