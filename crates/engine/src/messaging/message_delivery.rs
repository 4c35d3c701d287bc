//! Firing the events of arriving messages
//! ([HTML, web messaging](https://html.spec.whatwg.org/multipage/web-messaging.html)).

use std::sync::atomic::{AtomicBool, Ordering};

use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_boa::ports;
use framepost_browsing_context::{Origin, SerializedOrigin};
use framepost_event_loop::{EventLoop, FxHashMap, GlobalId};
use framepost_messaging::MessageTarget;
use framepost_messaging::accounting::{MessageId, Posted};
use framepost_messaging::ports::{Owner, PortId};

use super::message_event::{EventOrigin, MESSAGE_EVENT, MessageData};
use super::post_message::PostMessageOptions;
use crate::boa::slots::Slot;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::html::user_activation::{self, Activation};
use crate::messaging::host::post_to_window;
use crate::messaging::port_steps;
use crate::output::Output;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{Engine, State, Task, emit, origins, realm, with_loop, with_messaging};
use crate::webidl::platform;

/// The messages that carry their senders' user activation.
static ACTIVATIONS: Slot<FxHashMap<MessageId, Activation>> = Slot::new();

/// The WindowProxies of windows that are gone, while a waiting message has one as its source.
static GONE_SOURCES: Slot<FxHashMap<GlobalId, JsObject>> = Slot::new();

// OPTIMIZATION: each message asks whether there are any of these, and few processes ever have one.
/// Whether any agent of the process has put one into [`ACTIVATIONS`].
static ANY_ACTIVATIONS: AtomicBool = AtomicBool::new(false);
/// Whether any agent of the process has put one into [`GONE_SOURCES`].
static ANY_GONE_SOURCES: AtomicBool = AtomicBool::new(false);

/// Records the present user activation of the sender with a posted message.
pub(crate) fn include_user_activation(ctx: &Context, posted: Posted, sender: GlobalId) {
    if posted.dropped.is_none() {
        let activation = user_activation::of_window(ctx, sender);
        ANY_ACTIVATIONS.store(true, Ordering::Relaxed);
        ACTIVATIONS.with(ctx, |activations| activations.insert(posted.id, activation));
    }
}

/// Takes the user activation of a message, if it has one.
pub(crate) fn take_activation(ctx: &Context, message: MessageId) -> Option<Activation> {
    if !ANY_ACTIVATIONS.load(Ordering::Relaxed) {
        return None;
    }
    ACTIVATIONS.with(ctx, |activations| activations.remove(&message))
}

/// The parts of a delivery of which a message event is made.
pub(crate) struct Arrived {
    pub(crate) target: MessageTarget,
    /// The message's value; `None` if it could not be deserialized.
    pub(crate) data: Option<JsValue>,
    pub(crate) origin: SerializedOrigin,
    /// The window whose WindowProxy is the event's `source`.
    pub(crate) source: Option<GlobalId>,
    pub(crate) ports: Vec<JsObject>,
}

/// Fires `message`, or `messageerror` when the message could not be deserialized. `object` is that of
/// the target, if the caller has it.
pub(crate) fn fire_message(
    ctx: &mut Context,
    state: &State,
    arrived: Arrived,
    object: Option<JsObject>,
    activation: Option<Activation>,
) {
    let Arrived {
        target,
        data,
        origin,
        source,
        ports,
    } = arrived;
    let (type_, name) = match data {
        Some(_) => ("message", js_string!("message")),
        None => ("messageerror", js_string!("messageerror")),
    };
    let user_activation = activation.and_then(|activation| {
        let window = receiver(ctx, target)?;
        Some(user_activation::snapshot(ctx, window, activation))
    });
    let data = MessageData {
        data: data.unwrap_or_else(JsValue::null),
        origin: EventOrigin::Sender(origin),
        source: source.and_then(|source| realm::window_value(ctx, source).as_object()),
        ports,
        user_activation,
        sender: source,
        ..MessageData::default()
    };
    let Some(object) = object.or_else(|| object_of(ctx, target)) else {
        return;
    };
    let of = NewEvent::of(&MESSAGE_EVENT, data);
    let target = Target::Object(object);
    event_dispatch::fire_simple(ctx, state, &target, type_, name, of);
}

/// Fires `connect` at a shared worker, for the page at the other end of this port.
pub(crate) fn fire_connect(ctx: &mut Context, worker: GlobalId, port: PortId) {
    let Some(record) = realm::window_record(ctx, worker) else {
        return;
    };
    let port = port_steps::create(ctx, worker, port);
    let data = MessageData {
        data: JsString::default().into(),
        source: Some(port.clone()),
        ports: vec![port],
        ..MessageData::default()
    };
    let of = NewEvent::of(&MESSAGE_EVENT, data);
    let target = Target::Object(record.global);
    event_dispatch::fire(ctx, &target, None, "connect", (false, false), of);
}

/// Fires `close` at a port.
pub(crate) fn fire_close(ctx: &mut Context, port: PortId) {
    let object = PORT_OBJECTS.with(ctx, |port_objects| port_objects.port(port));
    if let Some(object) = object {
        let target = Target::Object(object);
        event_dispatch::fire(
            ctx,
            &target,
            None,
            "close",
            (false, false),
            NewEvent::plain(),
        );
    }
}

/// The window that an event is for.
fn receiver(ctx: &Context, target: MessageTarget) -> Option<GlobalId> {
    match target {
        MessageTarget::Global(window) => Some(window),
        MessageTarget::Port(port) => with_messaging(ctx, |messaging, _| {
            messaging.owner(port).and_then(Owner::global)
        }),
        _ => None,
    }
}

/// A window is being discarded, or has posted a message after that: keeps its WindowProxy as the source of its
/// messages.
fn hold_source(ctx: &mut Context, window: GlobalId) {
    if with_messaging(ctx, |messaging, _| messaging.has_undelivered_from(window))
        && let Some(proxy) = realm::window_value(ctx, window).as_object()
    {
        ANY_GONE_SOURCES.store(true, Ordering::Relaxed);
        GONE_SOURCES.with(ctx, |gone_sources| gone_sources.insert(window, proxy));
    }
}

/// A window that is gone has posted a message.
pub(crate) fn hold_discarded_source(ctx: &mut Context, window: GlobalId) {
    if !realm::is_live(ctx, window) {
        hold_source(ctx, window);
    }
}

/// The number of WindowProxies that are kept as sources.
#[cfg(test)]
pub(crate) fn gone_sources(ctx: &Context) -> usize {
    GONE_SOURCES.with(ctx, |sources| sources.len())
}

/// Removes the sources that are gone and that no message has any more.
fn forget_gone_sources(ctx: &Context) {
    let are_held = ANY_GONE_SOURCES.load(Ordering::Relaxed)
        && GONE_SOURCES.with(ctx, |gone_sources| !gone_sources.is_empty());
    if !are_held {
        return;
    }
    let mut sources = GONE_SOURCES.with(ctx, std::mem::take);
    with_messaging(ctx, |messaging, _| {
        sources.retain(|window, _| messaging.has_undelivered_from(*window));
    });
    GONE_SOURCES.set(ctx, sources);
}

/// The object of a target.
fn object_of(ctx: &Context, target: MessageTarget) -> Option<JsObject> {
    match target {
        MessageTarget::Global(window) => {
            realm::window_record(ctx, window).map(|record| record.global)
        }
        MessageTarget::Worker(worker) => {
            PORT_OBJECTS.with(ctx, |port_objects| port_objects.worker(worker))
        }
        MessageTarget::Port(port) => PORT_OBJECTS.with(ctx, |port_objects| port_objects.port(port)),
        MessageTarget::BroadcastChannel(channel) => {
            PORT_OBJECTS.with(ctx, |port_objects| port_objects.channel(channel))
        }
        _ => None,
    }
}

/// A window is gone: its ports and broadcast channels end.
pub(crate) fn window_discarded(ctx: &mut Context, window: GlobalId) {
    hold_source(ctx, window);
    let channels = with_messaging(ctx, |messaging, queues| {
        let channels = messaging.broadcast_channels_of(window);
        messaging.global_ended(queues, window);
        channels
    });
    forget_channels(ctx, channels);
}

/// A worker is gone: its ports and broadcast channels end.
pub(crate) fn worker_ended(ctx: &Context, worker: GlobalId) {
    hand_back_dropped_tasks(ctx);
    let channels = with_messaging(ctx, |messaging, queues| {
        let channels = messaging.broadcast_channels_of(worker);
        messaging.global_ended(queues, worker);
        channels
    });
    forget_channels(ctx, channels);
}

fn forget_channels(
    ctx: &Context,
    channels: Vec<framepost_messaging::broadcast_channel::BroadcastChannelId>,
) {
    PORT_OBJECTS.with(ctx, |port_objects| {
        for channel in channels {
            port_objects.forget_channel(channel);
        }
    });
}

/// Reports dropped messages to the embedder, and removes their data.
pub(crate) fn report_drops(ctx: &Context, state: &State) {
    forget_gone_sources(ctx);
    if !state.world.borrow().messaging.has_dropped() {
        return;
    }
    for dropped in with_messaging(ctx, |messaging, _| messaging.take_dropped()) {
        take_activation(ctx, dropped.message.id);
        emit(ctx, &Output::Dropped(dropped));
    }
}

/// Reports collected ports and broadcast channels to messaging, so that their peers get `close` and their messages
/// end with a reason.
pub(crate) fn account_for_the_collected(ctx: &Context) {
    ports::account_for_the_collected::<Engine>(ctx);
}

/// Returns the tasks of messaging that were dropped with their documents, so that each message ends with a reason and
/// the peers of its ports get `close`.
pub(crate) fn hand_back_dropped_tasks(ctx: &Context) {
    for dropped in with_loop(ctx, EventLoop::take_dropped) {
        if let Task::Messaging(task) = dropped.queued.task {
            with_messaging(ctx, |messaging, queues| {
                messaging.task_dropped(queues, task);
            });
        }
    }
}

/// [Extract an origin](https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface:extract-an-origin)
/// of an event: that of the sender. An event that script created has none.
pub(crate) fn extract_an_origin(cx: &mut Context, event: &JsObject) -> Option<Origin> {
    let sender = platform::with(event, |data: &MessageData| data.sender)?;
    realm::origin_of_window(cx, sender)
}

/// The [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps)
/// for a message from the incumbent window.
pub(super) fn window_post_message_steps(
    target: GlobalId,
    message: &JsValue,
    target_origin: &str,
    options: &PostMessageOptions,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Find the target and the incumbent window.
    let incumbent = realm::incumbent(cx).unwrap_or(target);
    let posted = post_to_window(
        cx,
        target,
        incumbent,
        message,
        target_origin,
        &options.transfer,
    )?;
    origins::posted(cx, posted);
    hold_discarded_source(cx, incumbent);
    if options.include_user_activation {
        include_user_activation(cx, posted, incumbent);
    }
    Ok(())
}
