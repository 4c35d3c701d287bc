//! The steps of ports and broadcast channels, for any embedder
//! ([HTML, message ports](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports)).

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString};
use framepost_event_loop::GlobalId;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{Owner, PortId};
use framepost_messaging::structured_clone::{CloneError, TransferDataHolder};

use crate::host::Embedder;
use crate::port_objects::{ChannelData, PORT_OBJECTS, PortObjects, as_port, hidden_port};
use crate::webidl::realm::global_of;
use crate::webidl::serializable::Transferable;
use crate::webidl::{self, Interface, NewTarget, platform};

/// An embedder with objects of ports.
pub trait PortEmbedder: Embedder {
    /// Its interface `MessagePort`, whose objects have the data `PortRef`.
    const MESSAGE_PORT: &'static Interface;
}

/// [The transfer steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps)
/// and the transfer-receiving steps of a port.
#[must_use]
pub const fn transfer_steps<E: PortEmbedder>() -> Transferable {
    Transferable {
        is_detached: |object, ctx| {
            as_port(object).is_some_and(|port| {
                E::with_messaging(ctx, |messaging, _, _| messaging.is_detached(port))
            })
        },
        transfer: |object, ctx| {
            let refused = || CloneError::NotSerializable("MessagePort".to_owned());
            let port = as_port(object).ok_or_else(refused)?;
            let half = E::with_messaging(ctx, |messaging, _, _| messaging.detach(port));
            Ok(TransferDataHolder::Port(half.map_err(|_| refused())?))
        },
        receive: |realm, holder, ctx| {
            let (TransferDataHolder::Port(half), Some(global)) = (holder, global_of(realm)) else {
                return None;
            };
            let attached = E::with_messaging(ctx, |messaging, queues, _| {
                messaging.attach(queues, Owner::Global(global), half)
            });
            attached.ok().map(|port| create_port::<E>(ctx, realm, port))
        },
    }
}

/// Creates the object of a port that a global of this realm received or created.
pub fn create_port<E: PortEmbedder>(ctx: &mut Context, realm: &Realm, port: PortId) -> JsObject {
    let (half, has_tasks) = E::with_messaging(ctx, |messaging, _, _| {
        (messaging.half_of(port), messaging.has_tasks(port))
    });
    let data = PORT_OBJECTS.with(ctx, |objects| objects.new_port(port, half, has_tasks));
    let object = webidl::create_object(realm, E::MESSAGE_PORT, data.clone(), ctx);
    data.set_object(&object);
    object
}

/// Creates the two ports of a [`MessageChannel`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messagechannel)
/// of this realm and global.
pub fn create_channel<E: PortEmbedder>(
    ctx: &mut Context,
    realm: &Realm,
    global: GlobalId,
) -> (JsObject, JsObject) {
    // Free the channels that the task has created and dropped, so that they do not accumulate until its end.
    account_for_the_collected::<E>(ctx);
    // 1. to 3. Two entangled ports.
    let (port1, port2) = E::with_messaging(ctx, |messaging, _, _| {
        messaging.create_channel(Owner::Global(global))
    });
    let port1 = create_port::<E>(ctx, realm, port1);
    (port1, create_port::<E>(ctx, realm, port2))
}

/// [`new BroadcastChannel()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel)
///
/// # Errors
/// An exception that script throws: the prototype of `new.target` may have a getter.
pub fn create_broadcast_channel<E: Embedder>(
    target: &NewTarget,
    global: GlobalId,
    name: JsString,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let units = name.to_vec();
    let channel = E::with_messaging(ctx, |messaging, _, _| {
        messaging.create_broadcast_channel(global, &units)
    });
    let channel = PORT_OBJECTS.with(ctx, |objects| objects.new_channel(channel));
    let data = ChannelData {
        channel: channel.clone(),
        name,
    };
    let object = target.create(data, ctx)?;
    channel.set_object(&object);
    Ok(object)
}

/// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-close) of a broadcast
/// channel.
pub fn close_broadcast_channel<E: Embedder>(ctx: &Context, channel: BroadcastChannelId) {
    E::with_messaging(ctx, |messaging, _, _| {
        messaging.close_broadcast_channel(channel);
    });
    // It gets no more messages, so only script keeps it alive.
    PORT_OBJECTS.with(ctx, |objects| objects.hold_channel(channel, false));
}

/// A port or a broadcast channel, which waits for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Receiver {
    /// A port.
    Port(PortId),
    /// A broadcast channel.
    Channel(BroadcastChannelId),
}

/// If the object is a port or a broadcast channel, records in messaging whether it has listeners. Returns which one it
/// is.
pub fn listeners_changed<E: Embedder>(
    ctx: &Context,
    object: &JsObject,
    has_listener: impl FnOnce() -> bool,
) -> Option<Receiver> {
    if let Some(port) = as_port(object).or_else(|| hidden_port(object)) {
        let has_listener = has_listener();
        E::with_messaging(ctx, |messaging, _, _| {
            messaging.set_has_listener(port, has_listener);
        });
        return Some(Receiver::Port(port));
    }
    let channel = platform::with(object, |data: &ChannelData| Some(data.channel.channel));
    let channel = channel?;
    let hold =
        has_listener() && E::with_messaging(ctx, |messaging, _, _| messaging.is_open(channel));
    PORT_OBJECTS.with(ctx, |objects| objects.hold_channel(channel, hold));
    Some(Receiver::Channel(channel))
}

/// Tells messaging which objects of ports and channels were collected.
pub fn account_for_the_collected<E: Embedder>(ctx: &Context) {
    if !PORT_OBJECTS.with(ctx, |objects| objects.has_collected()) {
        return;
    }
    let collected = PORT_OBJECTS.with(ctx, PortObjects::take_collected);
    let forgotten: Vec<GlobalId> = E::with_messaging(ctx, |messaging, queues, _| {
        let ports = collected.ports.iter();
        let workers = ports.filter_map(|port| messaging.worker_of_outside_port(*port));
        let workers = workers.collect();
        for port in collected.ports {
            messaging.port_collected(queues, port);
        }
        for &channel in &collected.channels {
            messaging.broadcast_channel_collected(channel);
        }
        workers
    });
    PORT_OBJECTS.with(ctx, |objects| {
        objects.forgotten_workers.extend(forgotten);
        for channel in collected.channels {
            objects.forget_channel(channel);
        }
    });
}
