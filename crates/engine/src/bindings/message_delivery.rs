//! Posting messages from script and firing the events of those that arrive
//! ([HTML, web messaging](https://html.spec.whatwg.org/multipage/web-messaging.html)).

use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::NavigableId;
use framepost_event_loop::{EventLoop, WindowId};
use framepost_messaging::{MessageTarget, PortId};

use crate::messaging_host;
use crate::output::Output;
use crate::platform;
use crate::realm;
use crate::target::{self, Target};
use crate::webidl::Member;
use crate::webidl::convert::{Dictionary, argument, sequence, usv_string};
use crate::window_proxy;
use crate::world::{Task, emit, with_loop, with_messaging, with_script};

use super::event::EventOf;
use super::message_event::MessageData;
use super::message_port;

/// What messaging adds to a window.
pub(crate) const WINDOW_MEMBERS: &[Member] = &[
    Member::Operation("postMessage", 1, post_message),
    Member::Operation("structuredClone", 1, |this, args, ctx| {
        let window = platform::window(this)?;
        let options = Dictionary::new(&argument(args, 1))?;
        let transfer = match options.get("transfer", ctx)? {
            Some(value) => objects(&value, ctx)?,
            None => Vec::new(),
        };
        messaging_host::structured_clone(ctx, window, &argument(args, 0), &transfer)
    }),
];

/// A `sequence<object>`.
fn objects(value: &JsValue, ctx: &mut Context) -> JsResult<Vec<JsObject>> {
    let values = sequence(value, ctx)?;
    let objects = values.into_iter().map(|value| {
        value.as_object().ok_or_else(|| {
            JsNativeError::typ()
                .with_message("the transfer list has a value that is no object")
                .into()
        })
    });
    objects.collect()
}

/// The transfer list of an argument that is a sequence or a dictionary
/// ([StructuredSerializeOptions](https://html.spec.whatwg.org/multipage/web-messaging.html#structuredserializeoptions)).
pub(crate) fn transfer_of(value: &JsValue, ctx: &mut Context) -> JsResult<Vec<JsObject>> {
    if let Some(object) = value.as_object()
        && object
            .get(boa_engine::JsSymbol::iterator(), ctx)?
            .is_callable()
    {
        return objects(value, ctx);
    }
    let options = Dictionary::new(value)?;
    match options.get("transfer", ctx)? {
        Some(list) => objects(&list, ctx),
        None => Ok(Vec::new()),
    }
}

/// [`window.postMessage()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-window-postmessage),
/// in both its forms.
fn post_message(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let target = platform::window(this)?;
    let incumbent = realm::incumbent(ctx).unwrap_or(target);
    let second = argument(args, 1);
    let with_options = args.len() < 3 && (second.is_null_or_undefined() || second.is_object());
    let (target_origin, transfer) = if with_options {
        let options = Dictionary::new(&second)?;
        let transfer = match options.get("transfer", ctx)? {
            Some(value) => objects(&value, ctx)?,
            None => Vec::new(),
        };
        let origin = match options.get("targetOrigin", ctx)? {
            Some(value) => usv_string(&value, ctx)?,
            None => "/".to_owned(),
        };
        (origin, transfer)
    } else {
        let origin = usv_string(&second, ctx)?;
        let list = argument(args, 2);
        let transfer = if list.is_undefined() {
            Vec::new()
        } else {
            objects(&list, ctx)?
        };
        (origin, transfer)
    };
    messaging_host::post_to_window(
        ctx,
        target,
        incumbent,
        &argument(args, 0),
        &target_origin,
        &transfer,
    )?;
    Ok(JsValue::undefined())
}

/// Fires `message`, or `messageerror` when the message could not be deserialized.
pub(crate) fn fire_message(
    ctx: &mut Context,
    target: MessageTarget,
    data: Option<JsValue>,
    origin: String,
    source: Option<NavigableId>,
    ports: Vec<JsObject>,
) {
    let type_ = if data.is_some() {
        "message"
    } else {
        "messageerror"
    };
    let data = MessageData {
        data: data.unwrap_or_else(JsValue::null),
        origin: JsString::from(origin),
        source: source_object(ctx, source),
        ports,
        ..MessageData::default()
    };
    fire(ctx, target, type_, data);
}

/// Fires `close` at a port.
pub(crate) fn fire_close(ctx: &mut Context, port: PortId) {
    let object = with_script(ctx, |script| script.port_objects.port(port));
    if let Some(object) = object {
        let target = Target::Object(object.clone());
        target::fire(ctx, &target, None, "close", (false, false), EventOf::Event);
        message_port::listeners_changed(ctx, &object);
    }
}

fn source_object(ctx: &Context, source: Option<NavigableId>) -> Option<JsObject> {
    let source = source?;
    let proxy = window_proxy::proxy_value(ctx, source).as_object();
    proxy.or_else(|| with_script(ctx, |script| script.gone_sources.get(&source).cloned()))
}

/// A navigable is about to be gone: its WindowProxy is still the source of the messages that were
/// posted from it.
pub(crate) fn source_gone(ctx: &Context, navigable: NavigableId) {
    if with_messaging(ctx, |messaging, _| messaging.in_tasks()) == 0 {
        return;
    }
    if let Some(proxy) = window_proxy::proxy_value(ctx, navigable).as_object() {
        with_script(ctx, |script| script.gone_sources.insert(navigable, proxy));
    }
}

/// Forgets the sources that are gone, once no message can name them any more.
pub(crate) fn forget_gone_sources(ctx: &Context) {
    if with_script(ctx, |script| script.gone_sources.is_empty())
        || with_messaging(ctx, |messaging, _| messaging.in_tasks()) > 0
    {
        return;
    }
    let forgotten = with_script(ctx, |script| std::mem::take(&mut script.gone_sources));
    drop(forgotten);
}

fn fire(ctx: &mut Context, target: MessageTarget, type_: &str, data: MessageData) {
    let object = match target {
        MessageTarget::Window(window) => {
            realm::window_record(ctx, window).map(|record| record.global)
        }
        MessageTarget::Port(port) => with_script(ctx, |script| script.port_objects.port(port)),
        MessageTarget::BroadcastChannel(channel) => {
            with_script(ctx, |script| script.port_objects.channel(channel))
        }
        _ => None,
    };
    if let Some(object) = object {
        let of = EventOf::Message(Box::new(data));
        target::fire(
            ctx,
            &Target::Object(object.clone()),
            None,
            type_,
            (false, false),
            of,
        );
        // A listener may have been for once.
        message_port::listeners_changed(ctx, &object);
    }
}

/// A window is gone: its ports and broadcast channels end.
pub(crate) fn window_gone(ctx: &Context, window: WindowId) {
    let channels = with_messaging(ctx, |messaging, queues| {
        let channels = messaging.broadcast_channels_of(window);
        messaging.window_gone(window, queues);
        channels
    });
    with_script(ctx, |script| {
        for channel in channels {
            script.port_objects.forget_channel(channel);
        }
    });
}

/// Tells the embedder which messages were dropped.
pub(crate) fn tell_of_drops(ctx: &Context) {
    for dropped in with_messaging(ctx, |messaging, _| messaging.take_dropped()) {
        emit(ctx, &Output::Dropped(dropped));
    }
}

/// Tells messaging which ports and broadcast channels were collected, so that the peers hear of it
/// and what waited there ends with a reason.
pub(crate) fn account_for_the_collected(ctx: &Context) {
    if !with_script(ctx, |script| script.port_objects.has_collected()) {
        return;
    }
    let collected = with_script(ctx, |script| script.port_objects.take_collected());
    with_messaging(ctx, |messaging, queues| {
        for port in collected.ports {
            messaging.port_collected(port, queues);
        }
        for &channel in &collected.channels {
            messaging.broadcast_channel_collected(channel);
        }
    });
    with_script(ctx, |script| {
        for channel in collected.channels {
            script.port_objects.forget_channel(channel);
        }
    });
}

/// Tells messaging which of its tasks went with their documents, so that each message ends with a
/// reason and the peers of its ports hear of it.
pub(crate) fn hand_back_dropped_tasks(ctx: &Context) {
    for dropped in with_loop(ctx, EventLoop::take_dropped) {
        if let Task::Messaging(task) = dropped.queued.task {
            with_messaging(ctx, |messaging, queues| {
                messaging.task_dropped(task, queues);
            });
        }
    }
}
