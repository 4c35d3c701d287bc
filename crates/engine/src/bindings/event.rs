//! `Event` and `CustomEvent` ([DOM, interface Event](https://dom.spec.whatwg.org/#interface-event)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::events::{self, ClosedTrees, PathItem};
use framepost_event_loop::GlobalId;

use crate::platform::{self, Kind};
use crate::realm;
use crate::target::Target;
use crate::webidl::convert::{Dictionary, argument, optional};
use crate::webidl::{self, Interface, Member, NewTarget};
use crate::world::with_loop;

/// The state of an event.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct EventData {
    #[unsafe_ignore_trace]
    pub(crate) type_: JsString,
    pub(crate) bubbles: bool,
    pub(crate) cancelable: bool,
    pub(crate) composed: bool,
    pub(crate) trusted: bool,
    pub(crate) initialized: bool,
    pub(crate) dispatching: bool,
    pub(crate) stop_propagation: bool,
    pub(crate) stop_immediate_propagation: bool,
    pub(crate) canceled: bool,
    pub(crate) in_passive_listener: bool,
    pub(crate) phase: u32,
    pub(crate) time_stamp: f64,
    pub(crate) target: Option<Target>,
    pub(crate) current_target: Option<Target>,
    pub(crate) path: Vec<PathEntry>,
    /// Which of the path the listeners that are being called are at.
    pub(crate) path_index: usize,
    pub(crate) of: EventOf,
}

/// A stop of an event's path, as far as `composedPath()` asks.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct PathEntry {
    pub(crate) target: Target,
    #[unsafe_ignore_trace]
    pub(crate) closed: ClosedTrees,
}

impl PathEntry {
    /// The stop.
    pub(crate) fn of(item: &PathItem<Target>) -> Self {
        Self {
            target: item.invocation_target.clone(),
            closed: item.closed,
        }
    }
}

/// What a kind of event has of its own.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum EventOf {
    /// Nothing.
    Event,
    /// A `CustomEvent`'s `detail`.
    Custom(JsValue),
    /// A `UIEvent` or one that inherits from it.
    Ui(Box<super::events_ui::UiData>),
    /// A `MessageEvent`.
    Message(Box<super::message_event::MessageData>),
    /// An `ErrorEvent`.
    Error(Box<super::error_events::ErrorData>),
    /// A `PromiseRejectionEvent`: the promise and the reason.
    Rejection(JsObject, JsValue),
    /// A `PopStateEvent`'s `state` and `hasUAVisualTransition`.
    PopState(JsValue, bool),
    /// A `BeforeUnloadEvent`'s `returnValue`.
    BeforeUnload(#[unsafe_ignore_trace] JsString),
    /// A `HashChangeEvent`: the old and the new URL.
    HashChange(
        #[unsafe_ignore_trace] JsString,
        #[unsafe_ignore_trace] JsString,
    ),
    /// A `PageTransitionEvent`'s `persisted`.
    PageTransition(bool),
    /// A `SubmitEvent`'s `submitter`.
    Submit(Option<JsObject>),
    /// A `FormDataEvent`'s `formData`.
    FormData(JsObject),
    /// A `ToggleEvent`'s old and new state.
    Toggle(
        #[unsafe_ignore_trace] JsString,
        #[unsafe_ignore_trace] JsString,
    ),
    /// What a `ProgressEvent` has of its own.
    Progress(#[unsafe_ignore_trace] super::progress_event::ProgressData),
}

impl EventData {
    /// An event that is not initialized.
    pub(crate) fn new(of: EventOf, ctx: &Context) -> Self {
        let now = with_loop(ctx, |event_loop| event_loop.peek_now());
        Self {
            type_: JsString::default(),
            bubbles: false,
            cancelable: false,
            composed: false,
            trusted: false,
            initialized: false,
            dispatching: false,
            stop_propagation: false,
            stop_immediate_propagation: false,
            canceled: false,
            in_passive_listener: false,
            phase: 0,
            time_stamp: super::navigator::coarsen(now),
            target: None,
            current_target: None,
            path: Vec::new(),
            path_index: 0,
            of,
        }
    }

    /// [Initialize](https://dom.spec.whatwg.org/#concept-event-initialize)
    pub(crate) fn initialize(&mut self, type_: JsString, bubbles: bool, cancelable: bool) {
        self.initialized = true;
        self.stop_propagation = false;
        self.stop_immediate_propagation = false;
        self.canceled = false;
        self.trusted = false;
        self.target = None;
        self.type_ = type_;
        self.bubbles = bubbles;
        self.cancelable = cancelable;
    }

    /// [Set the canceled flag](https://dom.spec.whatwg.org/#set-the-canceled-flag)
    pub(crate) fn set_canceled(&mut self) {
        if self.cancelable && !self.in_passive_listener {
            self.canceled = true;
        }
    }
}

/// The `Event` interface.
pub(crate) static EVENT: Interface = Interface {
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |_, _| Ok(EventOf::Event))
    })),
    constants: &[
        ("NONE", 0),
        ("CAPTURING_PHASE", 1),
        ("AT_TARGET", 2),
        ("BUBBLING_PHASE", 3),
    ],
    members: &[&[
        Member::Attribute(
            "type",
            |this, _| read(this, |event| event.type_.clone().into()),
            None,
        ),
        Member::Attribute(
            "target",
            |this, ctx| target_value(this, ctx, |event| event.target.clone()),
            None,
        ),
        Member::Attribute(
            "srcElement",
            |this, ctx| target_value(this, ctx, |event| event.target.clone()),
            None,
        ),
        Member::Attribute(
            "currentTarget",
            |this, ctx| target_value(this, ctx, |event| event.current_target.clone()),
            None,
        ),
        Member::Operation("composedPath", 0, composed_path),
        Member::Attribute(
            "eventPhase",
            |this, _| read(this, |event| event.phase.into()),
            None,
        ),
        Member::Operation("stopPropagation", 0, |this, _, _| {
            write(this, |event| event.stop_propagation = true)
        }),
        Member::Attribute(
            "cancelBubble",
            |this, _| read(this, |event| event.stop_propagation.into()),
            Some(|this, value, _| {
                if value.to_boolean() {
                    write(this, |event| event.stop_propagation = true)?;
                }
                Ok(())
            }),
        ),
        Member::Operation("stopImmediatePropagation", 0, |this, _, _| {
            write(this, |event| {
                event.stop_propagation = true;
                event.stop_immediate_propagation = true;
            })
        }),
        Member::Attribute(
            "bubbles",
            |this, _| read(this, |event| event.bubbles.into()),
            None,
        ),
        Member::Attribute(
            "cancelable",
            |this, _| read(this, |event| event.cancelable.into()),
            None,
        ),
        Member::Attribute(
            "returnValue",
            |this, _| read(this, |event| (!event.canceled).into()),
            Some(|this, value, _| {
                if !value.to_boolean() {
                    write(this, EventData::set_canceled)?;
                }
                Ok(())
            }),
        ),
        Member::Operation("preventDefault", 0, |this, _, _| {
            write(this, EventData::set_canceled)
        }),
        Member::Attribute(
            "defaultPrevented",
            |this, _| read(this, |event| event.canceled.into()),
            None,
        ),
        Member::Attribute(
            "composed",
            |this, _| read(this, |event| event.composed.into()),
            None,
        ),
        Member::UnforgeableAttribute(
            "isTrusted",
            |this, _| read(this, |event| event.trusted.into()),
            None,
        ),
        Member::Attribute(
            "timeStamp",
            |this, _| read(this, |event| event.time_stamp.into()),
            None,
        ),
        Member::Operation("initEvent", 1, init_event),
    ]],
    ..Interface::new("Event", |kind| matches!(kind, Kind::Event(_)))
};

/// The `CustomEvent` interface.
pub(crate) static CUSTOM_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            Ok(EventOf::Custom(
                init.get("detail", ctx)?.unwrap_or_else(JsValue::null),
            ))
        })
    })),
    members: &[&[
        Member::Attribute(
            "detail",
            |this, _| {
                read(this, |event| match &event.of {
                    EventOf::Custom(detail) => detail.clone(),
                    _ => JsValue::null(),
                })
            },
            None,
        ),
        Member::Operation("initCustomEvent", 1, |this, args, ctx| {
            if init_event_steps(this, args, ctx)? {
                let detail = optional(args, 3).cloned().unwrap_or_else(JsValue::null);
                write(this, |event| event.of = EventOf::Custom(detail))?;
            }
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new(
        "CustomEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::Custom(_))),
    )
};

/// Reads from an event.
pub(crate) fn read<R>(this: &JsObject, read: impl FnOnce(&EventData) -> R) -> JsResult<R> {
    platform::with(this, |kind| match kind {
        Kind::Event(event) => Some(read(event)),
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)
}

/// Writes to an event.
pub(crate) fn write(this: &JsObject, write: impl FnOnce(&mut EventData)) -> JsResult<JsValue> {
    platform::with_mut(this, |kind| match kind {
        Kind::Event(event) => {
            write(event);
            Some(JsValue::undefined())
        }
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)
}

fn target_value(
    this: &JsObject,
    ctx: &mut Context,
    which: impl FnOnce(&EventData) -> Option<Target>,
) -> JsResult<JsValue> {
    let target = read(this, which)?;
    Ok(target.map_or_else(JsValue::null, |target| target.value(ctx)))
}

/// [`composedPath()`](https://dom.spec.whatwg.org/#dom-event-composedpath)
fn composed_path(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let targets: Vec<Target> = read(this, |event| {
        if event.path.is_empty() {
            return Vec::new();
        }
        let closed: Vec<ClosedTrees> = event.path.iter().map(|entry| entry.closed).collect();
        events::composed_path(&closed, event.path_index)
            .into_iter()
            .filter_map(|index| event.path.get(index).map(|entry| entry.target.clone()))
            .collect()
    })?;
    let targets: Vec<JsValue> = targets.iter().map(|target| target.value(ctx)).collect();
    Ok(boa_engine::object::builtins::JsArray::from_iter(targets, ctx).into())
}

fn init_event(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    init_event_steps(this, args, ctx)?;
    Ok(JsValue::undefined())
}

/// [`initEvent()`](https://dom.spec.whatwg.org/#dom-event-initevent); `false` while the event is
/// being dispatched, when it does nothing.
pub(crate) fn init_event_steps(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<bool> {
    let type_ = argument(args, 0).to_string(ctx)?;
    let bubbles = argument(args, 1).to_boolean();
    let cancelable = argument(args, 2).to_boolean();
    let dispatching = read(this, |event| event.dispatching)?;
    if !dispatching {
        write(this, |event| event.initialize(type_, bubbles, cancelable))?;
    }
    Ok(!dispatching)
}

/// [Inner event creation steps](https://dom.spec.whatwg.org/#inner-event-creation-steps) of a
/// constructor, with what the interface reads of its own dictionary.
pub(crate) fn construct(
    target: &NewTarget,
    args: &[JsValue],
    ctx: &mut Context,
    of: impl FnOnce(&Dictionary, &mut Context) -> JsResult<EventOf>,
) -> JsResult<JsObject> {
    let type_ = argument(args, 0).to_string(ctx)?;
    let init = Dictionary::new(&argument(args, 1))?;
    let bubbles = init.boolean("bubbles", ctx)?;
    let cancelable = init.boolean("cancelable", ctx)?;
    let composed = init.boolean("composed", ctx)?;
    let of = of(&init, ctx)?;
    let mut event = EventData::new(of, ctx);
    event.initialize(type_, bubbles, cancelable);
    event.composed = composed;
    // An event that script makes reads the clock for it, and so takes time.
    event.time_stamp = super::navigator::now(ctx);
    target.create(Kind::Event(Box::new(event)), ctx)
}

/// The interface of events that have this of their own.
fn interface_of(of: &EventOf) -> &'static Interface {
    match of {
        EventOf::Event => &EVENT,
        EventOf::Custom(_) => &CUSTOM_EVENT,
        EventOf::Ui(data) => super::events_ui::interface_of(data),
        EventOf::Message(_) => &super::message_event::MESSAGE_EVENT,
        EventOf::Error(_) => &super::error_events::ERROR_EVENT,
        EventOf::Rejection(..) => &super::error_events::PROMISE_REJECTION_EVENT,
        EventOf::PopState(..) => &super::navigation_events::POP_STATE_EVENT,
        EventOf::BeforeUnload(_) => &super::navigation_events::BEFORE_UNLOAD_EVENT,
        EventOf::HashChange(..) => &super::navigation_events::HASH_CHANGE_EVENT,
        EventOf::PageTransition(_) => &super::navigation_events::PAGE_TRANSITION_EVENT,
        EventOf::Submit(_) => &super::events_ui::SUBMIT_EVENT,
        EventOf::FormData(_) => &super::form_data::FORM_DATA_EVENT,
        EventOf::Toggle(..) => &super::details::TOGGLE_EVENT,
        EventOf::Progress(_) => &super::progress_event::PROGRESS_EVENT,
    }
}

/// [Create an event](https://dom.spec.whatwg.org/#concept-event-create) in the realm of a window,
/// not initialized.
pub(crate) fn create(ctx: &mut Context, window: Option<GlobalId>, of: EventOf) -> JsObject {
    let realm = match window {
        Some(window) => realm::realm_of(ctx, window),
        None => ctx.realm().clone(),
    };
    let interface = interface_of(&of);
    let event = EventData::new(of, ctx);
    webidl::create_object(&realm, interface, Kind::Event(Box::new(event)), ctx)
}

/// A trusted event, ready to be dispatched.
pub(crate) fn create_trusted(
    ctx: &mut Context,
    window: Option<GlobalId>,
    type_: &str,
    bubbles: bool,
    cancelable: bool,
    of: EventOf,
) -> JsObject {
    let object = create(ctx, window, of);
    let type_ = JsString::from(type_);
    // What was just created is an event.
    let _written = write(&object, |event| {
        event.initialize(type_, bubbles, cancelable);
        event.trusted = true;
    });
    object
}
