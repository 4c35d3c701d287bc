//! The events of arriving messages.

use boa_engine::{Context, JsObject, JsValue};
use framepost_browsing_context::SerializedOrigin;
use framepost_event_loop::GlobalId;
use framepost_messaging::{Delivery, MessageTarget, MessagingTask, run_messaging_task};

use super::event_targets::{Incoming, MessageParts};
use super::events;
use super::state::{MessageHost, event_targets, record, report};
use crate::port_objects::PORT_OBJECTS;

/// Runs a task of messaging and fires its event.
pub(super) fn run(ctx: &mut Context, task: MessagingTask) {
    // The task may have been the root of a port's object. From here on this function keeps the object alive.
    let held = match &task {
        MessagingTask::Port(token) => port(ctx, MessageTarget::Port(token.port)),
        _ => None,
    };
    let delivery = run_messaging_task(&mut MessageHost::new(ctx), task);
    match delivery {
        Some(Delivery::Message {
            target,
            data,
            origin,
            ports,
            info,
            ..
        }) => {
            let parts = parts(ctx, data, &origin, info.from.global(), ports);
            fire(ctx, target, Incoming::Message(parts));
        }
        Some(Delivery::MessageError {
            target,
            origin,
            info,
            ..
        }) => {
            let none = JsValue::null();
            let parts = parts(ctx, none, &origin, info.from.global(), Vec::new());
            fire(ctx, target, Incoming::MessageError(parts));
        }
        Some(Delivery::Close { port }) => fire(ctx, MessageTarget::Port(port), Incoming::Close),
        _ => {}
    }
    drop(held);
}

fn parts(
    ctx: &Context,
    data: JsValue,
    origin: &SerializedOrigin,
    from: Option<GlobalId>,
    ports: Vec<JsObject>,
) -> MessageParts {
    MessageParts {
        data,
        origin: origin.to_string(),
        source: from.and_then(|global| Some(record(ctx, global)?.global)),
        ports,
    }
}

fn port(ctx: &Context, target: MessageTarget) -> Option<JsObject> {
    PORT_OBJECTS.with(ctx, |objects| match target {
        MessageTarget::Port(port) => objects.port(port),
        MessageTarget::BroadcastChannel(channel) => objects.channel(channel),
        _ => None,
    })
}

fn fire(ctx: &mut Context, target: MessageTarget, event: Incoming) {
    let own = event_targets(ctx);
    let object = match target {
        MessageTarget::Global(global) => record(ctx, global).map(|record| match own {
            Some(_) => record.global,
            None => record.target,
        }),
        target => port(ctx, target),
    };
    // An object that nobody reaches has no listeners.
    let Some(object) = object else { return };
    let fired = match own {
        Some(targets) => targets.fire(&object, event, ctx),
        None => events::fire(&object, event, ctx),
    };
    if let Err(error) = fired {
        report(ctx, error);
    }
}
