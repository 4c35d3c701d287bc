//! The state of events, and how they are created and initialized
//! ([DOM, constructing events](https://dom.spec.whatwg.org/#constructing-events)).

use std::ops::Deref;
use std::time::Duration;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, Trace};
use framepost_browsing_context::events::{self, ClosedTrees, PathItem};
use framepost_event_loop::GlobalId;

use super::event::{EVENT, EventInit};
use crate::dom::event_dispatch::Target;
use crate::script::{State, realm, with_loop};
use crate::webidl::constructed::ConstructedWith;
use crate::webidl::platform::{self, Data, PlatformObject};
use crate::webidl::{self, Interface, NewTarget};

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
    pub(crate) path: EventPath,
    /// The item of the path whose listeners are being called.
    pub(crate) path_index: usize,
    /// Its [related target](https://dom.spec.whatwg.org/#event-relatedtarget).
    pub(crate) related_target: Option<JsObject>,
    /// Whether it is a `UIEvent`: a `click` of these has activation behavior.
    pub(crate) is_ui: bool,
}

/// An event's path, for `composedPath()`.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum EventPath {
    /// No path: the event is not being dispatched.
    #[default]
    None,
    /// One target outside trees.
    ///
    /// OPTIMIZATION: the event of a message has such a path, which needs no allocation.
    One(Target),
    /// The path through a tree.
    Tree(Vec<PathEntry>),
}

/// An item of an event's path, for `composedPath()`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct PathEntry {
    pub(crate) target: Target,
    #[unsafe_ignore_trace]
    pub(crate) closed: ClosedTrees,
}

impl PathEntry {
    /// The item.
    pub(crate) fn of(item: &PathItem<Target>) -> Self {
        Self {
            target: item.invocation_target.clone(),
            closed: item.closed,
        }
    }
}

/// An event to create: its interface, and the data of that interface beside the data of `Event`.
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

    /// The data of its object.
    fn parts(self, mut event: EventData) -> PlatformObject {
        event.is_ui = self.is_ui;
        let parts = PlatformObject::new(event, self.interface);
        match self.own {
            Some(own) => parts.and_own(own),
            None => parts,
        }
    }
}

impl EventData {
    /// An event that is not initialized.
    pub(crate) fn new(ctx: &Context) -> Self {
        Self::at(with_loop(ctx, |event_loop| event_loop.peek_now()))
    }

    fn at(now: Duration) -> Self {
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
            path: EventPath::None,
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

    /// [`composedPath()`](https://dom.spec.whatwg.org/#dom-event-composedpath)
    pub(super) fn composed_path(&self) -> Vec<Target> {
        let path = match &self.path {
            // 1. to 3. Without a path, the result is empty.
            EventPath::None => return Vec::new(),
            EventPath::One(target) => return vec![target.clone()],
            EventPath::Tree(path) => path,
        };
        // 4. to 16. Omit items that closed shadow trees hide from the current target.
        let closed: Vec<ClosedTrees> = path.iter().map(|entry| entry.closed).collect();
        let shown = events::composed_path(&closed, self.path_index).into_iter();
        shown
            .filter_map(|index| path.get(index).map(|entry| entry.target.clone()))
            .collect()
    }

    /// [Set the canceled flag](https://dom.spec.whatwg.org/#set-the-canceled-flag)
    pub(crate) fn set_canceled(&mut self) {
        if self.cancelable && !self.in_passive_listener {
            self.canceled = true;
        }
    }
}

/// Reads from an event.
pub(crate) fn read<R>(this: &JsObject, read: impl FnOnce(&EventData) -> R) -> JsResult<R> {
    platform::read(this, read)
}

/// Writes to an event.
pub(crate) fn write<R>(this: &JsObject, write: impl FnOnce(&mut EventData) -> R) -> JsResult<R> {
    platform::write(this, write)
}

/// An event that is being constructed.
pub(crate) type ConstructedEvent = ConstructedWith<EventData>;

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
    // An event that script creates reads the clock, and so takes virtual time.
    event.time_stamp = crate::script::time::now(ctx);
    ConstructedEvent::new(event)
}

/// The constructor of an interface whose objects keep the dictionary.
pub(crate) fn construct_event<I: Data + Deref<Target = EventInit>>(
    _: &NewTarget,
    type_: JsString,
    init: I,
    cx: &mut Context,
) -> ConstructedEvent {
    constructing_steps(type_, &init, cx).with(init)
}

/// [`initEvent()`](https://dom.spec.whatwg.org/#dom-event-initevent); while the event is being dispatched, it does
/// nothing and returns `false`.
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

/// [Create an event](https://dom.spec.whatwg.org/#concept-event-create) in the realm of a window,
/// not initialized.
pub(crate) fn create(ctx: &mut Context, window: Option<GlobalId>, new: NewEvent) -> JsObject {
    let event = EventData::new(ctx);
    create_from(ctx, window, event, new)
}

/// Creates the object of an event in the realm of a window.
fn create_from(
    ctx: &mut Context,
    window: Option<GlobalId>,
    event: EventData,
    new: NewEvent,
) -> JsObject {
    let realm = match window {
        Some(window) => realm::realm_of(ctx, window),
        None => ctx.realm().clone(),
    };
    webidl::create_with(&realm, new.parts(event), ctx)
}

/// [`create_from`], for a caller that has the state.
///
/// OPTIMIZATION: the parts of the last event's realm and interface are kept.
pub(crate) fn create_in(
    ctx: &mut Context,
    state: &State,
    window: Option<GlobalId>,
    event: EventData,
    new: NewEvent,
) -> JsObject {
    let Some(window) = window else {
        return create_from(ctx, None, event, new);
    };
    let interface = new.interface;
    let maker = state.recent_realms.borrow().maker(window, interface);
    if let Some(maker) = maker {
        return maker.create(new.parts(event));
    }
    let object = create_from(ctx, Some(window), event, new);
    let mut recent = state.recent_realms.borrow_mut();
    recent.set_maker(window, interface);
    object
}

/// A trusted event, ready to be dispatched.
pub(crate) fn create_trusted(
    ctx: &mut Context,
    window: Option<GlobalId>,
    type_: impl Into<JsString>,
    bubbles: bool,
    cancelable: bool,
    new: NewEvent,
) -> JsObject {
    let event = trusted(ctx, type_.into(), bubbles, cancelable);
    create_from(ctx, window, event, new)
}

/// The state of a trusted event.
fn trusted(ctx: &Context, type_: JsString, bubbles: bool, cancelable: bool) -> EventData {
    let mut event = EventData::new(ctx);
    event.initialize(type_, bubbles, cancelable);
    event.trusted = true;
    event
}

/// The state of a trusted event that neither bubbles nor can be canceled, at a time of the loop's clock.
pub(crate) fn trusted_at(now: Duration, type_: JsString) -> EventData {
    EventData {
        type_,
        trusted: true,
        initialized: true,
        ..EventData::at(now)
    }
}
