//! The algorithms of the messaging crate on the engine's realms.

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;
use framepost_messaging::accounting::{MessageInfo, Posted};
use framepost_messaging::ports::{PortId, message_port_post_message_steps};
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
use framepost_messaging::window_post_message::window_post_message_steps;
use framepost_messaging::{Delivery, MessageTarget, MessagingTask, run_messaging_task};

use crate::html::user_activation::Activation;
use crate::locks::requests;
use crate::messaging::message_delivery::{self, Arrived};
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{MessageHost, State, state, task_log};
use crate::storage::storage_event;

/// [Window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps)
pub(crate) fn post_to_window(
    ctx: &mut Context,
    target: GlobalId,
    incumbent: GlobalId,
    message: &JsValue,
    target_origin: &str,
    transfer: &[JsObject],
) -> JsResult<Posted> {
    let host = &mut MessageHost::new(ctx);
    window_post_message_steps(host, target, incumbent, message, target_origin, transfer)
}

/// [Message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps)
pub(crate) fn post_to_port(
    ctx: &mut Context,
    port: PortId,
    message: &JsValue,
    transfer: &[JsObject],
) -> JsResult<Posted> {
    message_port_post_message_steps(&mut MessageHost::new(ctx), port, message, transfer)
}

/// [`structuredClone()`](https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone)
pub(crate) fn structured_clone(
    ctx: &mut Context,
    window: GlobalId,
    value: &JsValue,
    transfer: &[JsObject],
) -> JsResult<JsValue> {
    let realm = crate::script::realm::realm_of(ctx, window);
    let host = &mut MessageHost::new(ctx);
    let message = structured_serialize_with_transfer(host, value, transfer)?;
    Ok(structured_deserialize_with_transfer(host, message, &realm)?.deserialized)
}

/// Runs a task of messaging and fires its event.
pub(crate) fn run(ctx: &mut Context, task: MessagingTask) {
    // The task may have been the root of a port's object. From here on this function keeps the object alive, since
    // deserializing can collect.
    let held = match &task {
        MessagingTask::Port(token) => PORT_OBJECTS
            .with(ctx, |port_objects| port_objects.port(token.port))
            .map(|object| (MessageTarget::Port(token.port), object)),
        _ => None,
    };
    let delivery = run_messaging_task(&mut MessageHost::new(ctx), task);
    let (target, data, origin, source, ports, info) = match delivery {
        Some(Delivery::Message {
            target,
            data,
            origin,
            source,
            ports,
            info,
        }) => (target, Some(data), origin, source, ports, info),
        Some(Delivery::MessageError {
            target,
            origin,
            source,
            info,
        }) => (target, None, origin, source, Vec::new(), info),
        Some(Delivery::Lock { request, event }) => {
            return requests::take_outcome(ctx, request, event);
        }
        Some(Delivery::Storage {
            target,
            kind,
            change,
            info,
        }) => {
            return handling(ctx, &info, |ctx, _, _| {
                storage_event::fire(ctx, target, kind, &change);
            });
        }
        Some(Delivery::Close { port }) => return message_delivery::fire_close(ctx, port),
        // Rust code that owns a port receives its messages itself.
        _ => return,
    };
    let object = held.filter(|(of, _)| *of == target);
    let object = object.map(|(_, object)| object);
    let arrived = Arrived {
        target,
        data,
        origin,
        // The id of the window finds its WindowProxy even after its navigable is gone.
        source: source.and_then(|_| info.from.global()),
        ports,
    };
    handling(ctx, &info, |ctx, state, activation| {
        message_delivery::fire_message(ctx, state, arrived, object, activation);
    });
}

/// Calls a function for a message, with the user activation in it.
fn handling(
    ctx: &mut Context,
    info: &MessageInfo,
    f: impl FnOnce(&mut Context, &State, Option<Activation>),
) {
    let state = state(ctx);
    state.handling.set(Some(info.id));
    task_log::delivers(ctx, info);
    let activation = message_delivery::take_activation(ctx, info.id);
    f(ctx, &state, activation);
    state.handling.set(None);
}
