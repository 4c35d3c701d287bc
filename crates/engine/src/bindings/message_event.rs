//! `MessageEvent` ([HTML, the MessageEvent interface](https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface)).

use boa_engine::object::IntegrityLevel;
use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace};

use crate::platform;
use crate::webidl::convert::{argument, optional, sequence};
use crate::webidl::{Interface, Member};
use crate::window_proxy;

use super::event::{EVENT, NewEvent, construct, init_event_steps};
use super::message_port::MESSAGE_PORT;
use super::user_activation::USER_ACTIVATION;

/// What a `MessageEvent` holds.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct MessageData {
    pub(crate) data: JsValue,
    #[unsafe_ignore_trace]
    pub(crate) origin: JsString,
    #[unsafe_ignore_trace]
    pub(crate) last_event_id: JsString,
    /// A WindowProxy or a port.
    pub(crate) source: Option<JsObject>,
    pub(crate) ports: Vec<JsObject>,
    /// The [frozen array](https://webidl.spec.whatwg.org/#idl-frozen-array) of the ports, once
    /// script has asked for it.
    pub(crate) frozen: Option<JsObject>,
    /// What the message says of its sender's user activation.
    pub(crate) user_activation: Option<JsObject>,
}

/// The `MessageEvent` interface.
pub(crate) static MESSAGE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let data = init.get("data", ctx)?.unwrap_or_else(JsValue::null);
            let last_event_id = init.string("lastEventId", "", ctx)?;
            let origin = init.string("origin", "", ctx)?;
            let ports = match init.get("ports", ctx)? {
                Some(value) => ports_of(&value, ctx)?,
                None => Vec::new(),
            };
            let source = init.get("source", ctx)?;
            let source = source.map_or(Ok(None), |source| source_of(&source, ctx))?;
            let user_activation = init.get("userActivation", ctx)?;
            let user_activation =
                user_activation.map_or(Ok(None), |value| user_activation_of(&value))?;
            let data = MessageData {
                data,
                origin,
                last_event_id,
                source,
                ports,
                frozen: None,
                user_activation,
            };
            Ok(data)
        })
    })),
    members: &[&[
        Member::Attribute(
            "data",
            |this, _| message(this, |data| data.data.clone()),
            None,
        ),
        Member::Attribute(
            "origin",
            |this, _| message(this, |data| data.origin.clone().into()),
            None,
        ),
        Member::Attribute(
            "lastEventId",
            |this, _| message(this, |data| data.last_event_id.clone().into()),
            None,
        ),
        Member::Attribute(
            "source",
            |this, _| {
                message(this, |data| {
                    data.source
                        .clone()
                        .map_or_else(JsValue::null, JsValue::from)
                })
            },
            None,
        ),
        Member::Attribute("ports", ports, None),
        Member::Attribute(
            "userActivation",
            |this, _| {
                message(this, |data| {
                    let held = data.user_activation.clone();
                    held.map_or_else(JsValue::null, JsValue::from)
                })
            },
            None,
        ),
        Member::Operation("initMessageEvent", 1, init_message_event),
    ]],
    ..Interface::new("MessageEvent")
};

fn message<R>(this: &JsObject, part: impl FnOnce(&MessageData) -> R) -> JsResult<R> {
    platform::read(this, part)
}

fn ports(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let (frozen, ports) = message(this, |data| (data.frozen.clone(), data.ports.clone()))?;
    if let Some(frozen) = frozen {
        return Ok(frozen.into());
    }
    let array: JsObject = JsArray::from_iter(ports.into_iter().map(JsValue::from), ctx).into();
    array.set_integrity_level(IntegrityLevel::Frozen, ctx)?;
    let held = array.clone();
    platform::write(this, |data: &mut MessageData| data.frozen = Some(held))?;
    Ok(array.into())
}

/// A `sequence<MessagePort>`.
fn ports_of(value: &JsValue, ctx: &mut Context) -> JsResult<Vec<JsObject>> {
    let values = sequence(value, ctx)?;
    let ports = values.into_iter().map(|value| {
        let port = value
            .as_object()
            .filter(|object| platform::implements(object, &MESSAGE_PORT));
        port.ok_or_else(|| {
            JsNativeError::typ()
                .with_message("the sequence has a value that is no MessagePort")
                .into()
        })
    });
    ports.collect()
}

/// A `MessageEventSource?`.
fn source_of(value: &JsValue, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    let object = value.as_object().filter(|object| {
        window_proxy::is_window(ctx, object) || platform::implements(object, &MESSAGE_PORT)
    });
    object.map(Some).ok_or_else(|| {
        JsNativeError::typ()
            .with_message("the source is neither a Window nor a MessagePort")
            .into()
    })
}

/// A `UserActivation?`.
fn user_activation_of(value: &JsValue) -> JsResult<Option<JsObject>> {
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    let object = value
        .as_object()
        .filter(|object| platform::implements(object, &USER_ACTIVATION));
    object.map(Some).ok_or_else(|| {
        JsNativeError::typ()
            .with_message("the user activation is no UserActivation")
            .into()
    })
}

/// [`initMessageEvent()`](https://html.spec.whatwg.org/multipage/comms.html#dom-messageevent-initmessageevent)
fn init_message_event(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let data = optional(args, 3).cloned().unwrap_or_else(JsValue::null);
    let string = |index, ctx: &mut Context| match optional(args, index) {
        Some(value) => value.to_string(ctx),
        None => Ok(JsString::default()),
    };
    let origin = string(4, ctx)?;
    let last_event_id = string(5, ctx)?;
    let source = source_of(&argument(args, 6), ctx)?;
    let ports = optional(args, 7).map_or(Ok(Vec::new()), |value| ports_of(value, ctx))?;
    if init_event_steps(this, args, ctx)? {
        let data = MessageData {
            data,
            origin,
            last_event_id,
            source,
            ports,
            ..MessageData::default()
        };
        platform::write(this, |held: &mut MessageData| *held = data)?;
    }
    Ok(JsValue::undefined())
}

/// What `document.createEvent()` makes, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    if name != "messageevent" {
        return None;
    }
    let data = MessageData {
        data: JsValue::null(),
        ..MessageData::default()
    };
    Some(NewEvent::of(&MESSAGE_EVENT, data))
}
