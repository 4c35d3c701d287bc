//! The events of navigation and session history
//! ([HTML, event interfaces](https://html.spec.whatwg.org/multipage/nav-history-apis.html#nav-traversal-apis)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};

use crate::script::callback;
use crate::webidl::platform;
use crate::webidl::platform::Untraced;
use crate::webidl::{Interface, Member};

use crate::dom::event;
use crate::dom::event::{EVENT, NewEvent, construct};

/// What a `PopStateEvent` keeps.
#[derive(Trace, Finalize)]
struct PopState {
    state: JsValue,
    transition: bool,
}

/// A `popstate` event.
pub(crate) fn pop_state(state: JsValue, transition: bool) -> NewEvent {
    NewEvent::of(&POP_STATE_EVENT, PopState { state, transition })
}

/// The `returnValue` of a `BeforeUnloadEvent`.
#[derive(Trace, Finalize)]
struct ReturnValue(#[unsafe_ignore_trace] JsString);

/// A `beforeunload` event.
pub(crate) fn before_unload() -> NewEvent {
    NewEvent::of(&BEFORE_UNLOAD_EVENT, ReturnValue(JsString::default()))
}

/// What a `HashChangeEvent` keeps.
struct HashChange {
    old: JsString,
    new: JsString,
}

/// A `hashchange` event.
pub(crate) fn hash_change(old: JsString, new: JsString) -> NewEvent {
    NewEvent::of(&HASH_CHANGE_EVENT, Untraced(HashChange { old, new }))
}

/// What a `PageTransitionEvent` keeps.
struct Persisted(bool);

/// A `pageshow` or `pagehide` event.
pub(crate) fn page_transition(persisted: bool) -> NewEvent {
    NewEvent::of(&PAGE_TRANSITION_EVENT, Untraced(Persisted(persisted)))
}

/// The [`PopStateEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#popstateevent) interface.
pub(crate) static POP_STATE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let transition = init.boolean("hasUAVisualTransition", ctx)?;
            let state = init.get("state", ctx)?.unwrap_or_else(JsValue::null);
            Ok(PopState { state, transition })
        })
    })),
    members: &[&[
        Member::Attribute(
            "state",
            |this, _| platform::read(this, |data: &PopState| data.state.clone()),
            None,
        ),
        Member::Attribute(
            "hasUAVisualTransition",
            |this, _| platform::read(this, |data: &PopState| data.transition.into()),
            None,
        ),
    ]],
    ..Interface::new("PopStateEvent")
};

/// The [`BeforeUnloadEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#beforeunloadevent) interface.
pub(crate) static BEFORE_UNLOAD_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    members: &[&[Member::Attribute(
        "returnValue",
        |this, _| platform::read(this, |data: &ReturnValue| data.0.clone().into()),
        Some(|this, value, ctx| {
            let value = value.to_string(ctx)?;
            platform::write(this, |data: &mut ReturnValue| data.0 = value)
        }),
    )]],
    ..Interface::new("BeforeUnloadEvent")
};

/// The [`HashChangeEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#hashchangeevent) interface.
pub(crate) static HASH_CHANGE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let new = init.string("newURL", "", ctx)?;
            let old = init.string("oldURL", "", ctx)?;
            Ok(Untraced(HashChange { old, new }))
        })
    })),
    members: &[&[
        Member::Attribute(
            "oldURL",
            |this, _| {
                platform::read(this, |data: &Untraced<HashChange>| {
                    data.0.old.clone().into()
                })
            },
            None,
        ),
        Member::Attribute(
            "newURL",
            |this, _| {
                platform::read(this, |data: &Untraced<HashChange>| {
                    data.0.new.clone().into()
                })
            },
            None,
        ),
    ]],
    ..Interface::new("HashChangeEvent")
};

/// The [`PageTransitionEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#pagetransitionevent) interface.
pub(crate) static PAGE_TRANSITION_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            Ok(Untraced(Persisted(init.boolean("persisted", ctx)?)))
        })
    })),
    members: &[&[Member::Attribute(
        "persisted",
        |this, _| platform::read(this, |data: &Untraced<Persisted>| data.0.0.into()),
        None,
    )]],
    ..Interface::new("PageTransitionEvent")
};

/// What `document.createEvent()` makes, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    match name {
        "beforeunloadevent" => Some(before_unload()),
        "hashchangeevent" => Some(hash_change(JsString::default(), JsString::default())),
        _ => None,
    }
}

/// What [the event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm)
/// does with what an `onbeforeunload` handler has returned: that is a `DOMString?`, and so is never
/// `false`.
pub(crate) fn beforeunload_handler_returned(
    ctx: &mut Context,
    returned: &JsValue,
    window: Option<framepost_event_loop::GlobalId>,
    object: &JsObject,
) -> JsResult<()> {
    if returned.is_null_or_undefined() {
        return Ok(());
    }
    let text = match returned.to_string(ctx) {
        Ok(text) => text,
        Err(error) => {
            callback::finish(Err(error), window, ctx);
            return Ok(());
        }
    };
    let is_beforeunload = event::read(object, |event| event.type_ == "beforeunload")?;
    let set = |value: &mut ReturnValue| {
        if value.0.is_empty() {
            value.0 = text;
        }
        Some(())
    };
    if is_beforeunload && platform::with_mut(object, set).is_some() {
        event::write(object, event::EventData::set_canceled)?;
    }
    Ok(())
}
