//! `Event` and `CustomEvent` ([DOM, interface Event](https://dom.spec.whatwg.org/#interface-event)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::events::{self, ClosedTrees, PathItem};
use framepost_event_loop::GlobalId;

use crate::dom::event_dispatch::Target;
use crate::script::realm;
use crate::script::with_loop;
use crate::webidl::constructed::Constructed;
use crate::webidl::convert::{Dictionary, argument, optional};
use crate::webidl::interface;
use crate::webidl::platform;
use crate::webidl::platform::{Data, PlatformObject};
use crate::webidl::{self, Interface, Member, NewTarget};

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
    /// Its [related target](https://dom.spec.whatwg.org/#event-relatedtarget).
    pub(crate) related_target: Option<JsObject>,
    /// Whether it is a `UIEvent`: a `click` of these has activation behavior.
    pub(crate) is_ui: bool,
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

/// An event that is to be made: its interface, and what that keeps beside the data of `Event`.
pub(crate) struct NewEvent {
    interface: &'static Interface,
    own: Option<Box<dyn Data>>,
    /// Whether it is a `UIEvent`.
    pub(crate) is_ui: bool,
}

impl NewEvent {
    /// A plain `Event`.
    pub(crate) fn plain() -> Self {
        Self {
            interface: &EVENT,
            own: None,
            is_ui: false,
        }
    }

    /// An event of an interface that inherits from `Event`.
    pub(crate) fn of(interface: &'static Interface, own: impl Data) -> Self {
        Self {
            interface,
            own: Some(Box::new(own)),
            is_ui: false,
        }
    }
}

/// What a `CustomEvent` keeps: its `detail`.
#[derive(Trace, Finalize)]
struct Detail(JsValue);

/// What `document.createEvent()` makes of the name of a `CustomEvent`.
pub(crate) fn uninitialized_custom() -> NewEvent {
    NewEvent::of(&CUSTOM_EVENT, Detail(JsValue::null()))
}

impl EventData {
    /// An event that is not initialized.
    pub(crate) fn new(ctx: &Context) -> Self {
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
            time_stamp: crate::script::time::coarsen(now),
            target: None,
            current_target: None,
            path: Vec::new(),
            path_index: 0,
            related_target: None,
            is_ui: false,
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
        let event = inner_event_creation_steps(args, ctx, |_, _| Ok(()))?.0;
        target.create(event, ctx)
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
    ..Interface::new("Event")
};

/// The `CustomEvent` interface.
pub(crate) static CUSTOM_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            Ok(Detail(
                init.get("detail", ctx)?.unwrap_or_else(JsValue::null),
            ))
        })
    })),
    members: &[&[
        Member::Attribute(
            "detail",
            |this, _| platform::read(this, |detail: &Detail| detail.0.clone()),
            None,
        ),
        Member::Operation("initCustomEvent", 1, |this, args, ctx| {
            if init_event_steps(this, args, ctx)? {
                let detail = optional(args, 3).cloned().unwrap_or_else(JsValue::null);
                platform::write(this, |held: &mut Detail| held.0 = detail)?;
            }
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("CustomEvent")
};

/// Reads from an event.
pub(crate) fn read<R>(this: &JsObject, read: impl FnOnce(&EventData) -> R) -> JsResult<R> {
    platform::read(this, read)
}

/// Writes to an event.
pub(crate) fn write(this: &JsObject, write: impl FnOnce(&mut EventData)) -> JsResult<JsValue> {
    platform::write(this, write)?;
    Ok(JsValue::undefined())
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

interface! {
    /// What the constructors of all events take.
    dictionary EventInit {
        boolean bubbles = false;
        boolean cancelable = false;
        boolean composed = false;
    }
}

/// An event that is being constructed.
pub(crate) struct ConstructedEvent {
    pub(crate) event: EventData,
    own: Option<Box<dyn Data>>,
}

impl ConstructedEvent {
    /// Lets the event have what its interface keeps beside the data of `Event`.
    pub(crate) fn with(mut self, own: impl Data) -> Self {
        self.own = Some(Box::new(own));
        self
    }
}

impl Constructed for ConstructedEvent {
    fn construct(self, target: &NewTarget, ctx: &mut Context) -> JsResult<JsObject> {
        let mut parts = PlatformObject::new(self.event, target.interface());
        if let Some(own) = self.own {
            parts = parts.and_own(own);
        }
        target.create_with(parts, ctx)
    }
}

/// [Event constructing steps](https://dom.spec.whatwg.org/#concept-event-constructor), for an
/// interface whose constructor takes this dictionary or one that inherits from it.
pub(crate) fn constructing_steps(
    type_: JsString,
    init: &EventInit,
    ctx: &Context,
) -> ConstructedEvent {
    let mut event = EventData::new(ctx);
    event.initialize(type_, init.bubbles, init.cancelable);
    event.composed = init.composed;
    // An event that script makes reads the clock for it, and so takes time.
    event.time_stamp = crate::script::time::now(ctx);
    ConstructedEvent { event, own: None }
}

/// [`initEvent()`](https://dom.spec.whatwg.org/#dom-event-initevent); `false` while the event is
/// being dispatched, when it does nothing.
pub(crate) fn initialize(
    this: &JsObject,
    type_: JsString,
    bubbles: bool,
    cancelable: bool,
) -> JsResult<bool> {
    platform::write(this, |event: &mut EventData| {
        if !event.dispatching {
            event.initialize(type_, bubbles, cancelable);
        }
        !event.dispatching
    })
}

/// [Inner event creation steps](https://dom.spec.whatwg.org/#inner-event-creation-steps), with what
/// an interface reads of its own dictionary.
pub(crate) fn inner_event_creation_steps<T>(
    args: &[JsValue],
    ctx: &mut Context,
    own: impl FnOnce(&Dictionary, &mut Context) -> JsResult<T>,
) -> JsResult<(EventData, T)> {
    let type_ = argument(args, 0).to_string(ctx)?;
    let init = Dictionary::new(&argument(args, 1))?;
    let bubbles = init.boolean("bubbles", ctx)?;
    let cancelable = init.boolean("cancelable", ctx)?;
    let composed = init.boolean("composed", ctx)?;
    let own = own(&init, ctx)?;
    let mut event = EventData::new(ctx);
    event.initialize(type_, bubbles, cancelable);
    event.composed = composed;
    // An event that script makes reads the clock for it, and so takes time.
    event.time_stamp = crate::script::time::now(ctx);
    Ok((event, own))
}

/// The constructor of an interface that inherits from `Event` and keeps data of its own.
pub(crate) fn construct<T: Data>(
    target: &NewTarget,
    args: &[JsValue],
    ctx: &mut Context,
    own: impl FnOnce(&Dictionary, &mut Context) -> JsResult<T>,
) -> JsResult<JsObject> {
    let (event, own) = inner_event_creation_steps(args, ctx, own)?;
    create_constructed(target, event, own, ctx)
}

/// The object of an event that is constructed.
pub(crate) fn create_constructed(
    target: &NewTarget,
    event: EventData,
    own: impl Data,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let parts = PlatformObject::new(event, target.interface()).and_own(Box::new(own));
    target.create_with(parts, ctx)
}

/// [Create an event](https://dom.spec.whatwg.org/#concept-event-create) in the realm of a window,
/// not initialized.
pub(crate) fn create(ctx: &mut Context, window: Option<GlobalId>, new: NewEvent) -> JsObject {
    let realm = match window {
        Some(window) => realm::realm_of(ctx, window),
        None => ctx.realm().clone(),
    };
    let mut event = EventData::new(ctx);
    event.is_ui = new.is_ui;
    let mut parts = PlatformObject::new(event, new.interface);
    if let Some(own) = new.own {
        parts = parts.and_own(own);
    }
    webidl::create_with(&realm, parts, ctx)
}

/// A trusted event, ready to be dispatched.
pub(crate) fn create_trusted(
    ctx: &mut Context,
    window: Option<GlobalId>,
    type_: &str,
    bubbles: bool,
    cancelable: bool,
    new: NewEvent,
) -> JsObject {
    let object = create(ctx, window, new);
    let type_ = JsString::from(type_);
    // What was just created is an event.
    let _written = write(&object, |event| {
        event.initialize(type_, bubbles, cancelable);
        event.trusted = true;
    });
    object
}
