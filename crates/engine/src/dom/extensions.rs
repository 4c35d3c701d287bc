//! Extension points of the DOM standard, which other standards fill.
//!
//! The module `host` sets the table. The DOM does not depend on the families in it.

use std::any::Any;
use std::sync::OnceLock;

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::Origin;
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use crate::dom::event_dispatch::Target;
use crate::dom::events::NewEvent;
use crate::webidl::Interface;

/// A change of an attribute, for
/// [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext).
pub(crate) struct AttributeChange<'a> {
    pub(crate) element: &'a Node,
    pub(crate) name: &'a str,
    /// The old value, if there was one.
    pub(crate) old: Option<&'a str>,
    /// The new value, if there is one.
    pub(crate) new: Option<&'a str>,
}

/// The [activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior) of
/// elements.
pub(crate) struct ActivationBehavior {
    /// Whether an element has activation behavior.
    pub(crate) has: fn(&Node) -> bool,
    /// [Legacy-pre-activation behavior](https://dom.spec.whatwg.org/#eventtarget-legacy-pre-activation-behavior).
    /// Returns the state for undoing it.
    pub(crate) legacy_pre: fn(&mut Context, &Node) -> Option<Box<dyn Any>>,
    /// [Legacy-canceled-activation behavior](https://dom.spec.whatwg.org/#eventtarget-legacy-canceled-activation-behavior).
    pub(crate) legacy_canceled: fn(&mut Context, Option<Box<dyn Any>>),
    /// The behavior itself, after an event that was not canceled.
    pub(crate) run: fn(&mut Context, &Node, &JsObject),
}

/// Calls a listener of the engine, such as an event handler. The arguments are the context, the object with the
/// listener, the listener's name, the current target and the event.
pub(crate) type ListenerSteps =
    fn(&mut Context, &JsObject, &'static str, &Target, &JsObject) -> JsResult<()>;

/// The extension points.
pub(crate) struct Extensions {
    /// Attribute change steps, which run for each change.
    pub(crate) attribute_changed: &'static [fn(&mut Context, &AttributeChange<'_>)],
    /// The interface of an element that is not a plain `Element`.
    pub(crate) element_interface: fn(&Node) -> Option<&'static Interface>,
    /// Whether a node needs its object before its listeners are called.
    pub(crate) has_declared_listeners: fn(&Node) -> bool,
    /// Runs when the named elements of a document have changed.
    pub(crate) named_elements_changed: fn(&mut Context, &Node),
    /// Runs when a node gets its object.
    pub(crate) wrapped: fn(&mut Context, &Node, &JsObject),
    /// Runs before the listeners of a global object are read.
    pub(crate) before_global_listeners: fn(&mut Context, GlobalId),
    /// Runs when listeners of an object were added or removed.
    pub(crate) listeners_changed: fn(&Context, &JsObject),
    /// [Extract an origin](https://html.spec.whatwg.org/multipage/browsers.html#extract-an-origin) of
    /// an object of a family.
    pub(crate) extract_an_origin: &'static [fn(&mut Context, &JsObject) -> Option<Origin>],
    /// The event that [`createEvent()`](https://dom.spec.whatwg.org/#dom-document-createevent) creates for a name in lower
    /// case.
    pub(crate) creatable_events: &'static [fn(&str) -> Option<NewEvent>],
    /// Activation behavior.
    pub(crate) activation: ActivationBehavior,
}

static EXTENSIONS: OnceLock<&'static Extensions> = OnceLock::new();

/// Sets the table. All agents of a process share one table, so later calls have no effect.
pub(crate) fn install(extensions: &'static Extensions) {
    EXTENSIONS.get_or_init(|| extensions);
}

/// The table; an empty one before it was set.
pub(crate) fn extensions() -> &'static Extensions {
    EXTENSIONS.get().copied().unwrap_or(&NONE)
}

static NONE: Extensions = Extensions {
    attribute_changed: &[],
    element_interface: |_| None,
    has_declared_listeners: |_| false,
    named_elements_changed: |_, _| {},
    wrapped: |_, _, _| {},
    before_global_listeners: |_, _| {},
    listeners_changed: |_, _| {},
    extract_an_origin: &[],
    creatable_events: &[],
    activation: ActivationBehavior {
        has: |_| false,
        legacy_pre: |_, _| None,
        legacy_canceled: |_, _| {},
        run: |_, _, _| {},
    },
};
