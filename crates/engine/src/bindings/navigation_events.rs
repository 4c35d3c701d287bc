//! The events of navigation and session history
//! ([HTML, event interfaces](https://html.spec.whatwg.org/multipage/nav-history-apis.html#nav-traversal-apis)).

use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::callback;
use crate::platform::Kind;
use crate::webidl::{Interface, Member};

use super::event::{self, EVENT, EventOf, construct, read, write};

/// The [`PopStateEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#popstateevent) interface.
pub(crate) static POP_STATE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let transition = init.boolean("hasUAVisualTransition", ctx)?;
            let state = init.get("state", ctx)?.unwrap_or_else(JsValue::null);
            Ok(EventOf::PopState(state, transition))
        })
    })),
    members: &[&[
        Member::Attribute(
            "state",
            |this, _| {
                read(this, |event| match &event.of {
                    EventOf::PopState(state, _) => state.clone(),
                    _ => JsValue::null(),
                })
            },
            None,
        ),
        Member::Attribute(
            "hasUAVisualTransition",
            |this, _| {
                read(this, |event| {
                    matches!(event.of, EventOf::PopState(_, true)).into()
                })
            },
            None,
        ),
    ]],
    ..Interface::new(
        "PopStateEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::PopState(..))),
    )
};

/// The [`BeforeUnloadEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#beforeunloadevent) interface.
pub(crate) static BEFORE_UNLOAD_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    members: &[&[Member::Attribute(
        "returnValue",
        |this, _| {
            read(this, |event| match &event.of {
                EventOf::BeforeUnload(value) => value.clone().into(),
                _ => JsValue::undefined(),
            })
        },
        Some(|this, value, ctx| {
            let value = value.to_string(ctx)?;
            write(this, |event| event.of = EventOf::BeforeUnload(value))?;
            Ok(())
        }),
    )]],
    ..Interface::new(
        "BeforeUnloadEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::BeforeUnload(_))),
    )
};

/// The [`HashChangeEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#hashchangeevent) interface.
pub(crate) static HASH_CHANGE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let new = init.string("newURL", "", ctx)?;
            let old = init.string("oldURL", "", ctx)?;
            Ok(EventOf::HashChange(old, new))
        })
    })),
    members: &[&[
        Member::Attribute(
            "oldURL",
            |this, _| {
                read(this, |event| match &event.of {
                    EventOf::HashChange(old, _) => old.clone().into(),
                    _ => JsValue::undefined(),
                })
            },
            None,
        ),
        Member::Attribute(
            "newURL",
            |this, _| {
                read(this, |event| match &event.of {
                    EventOf::HashChange(_, new) => new.clone().into(),
                    _ => JsValue::undefined(),
                })
            },
            None,
        ),
    ]],
    ..Interface::new(
        "HashChangeEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::HashChange(..))),
    )
};

/// The [`PageTransitionEvent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#pagetransitionevent) interface.
pub(crate) static PAGE_TRANSITION_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            Ok(EventOf::PageTransition(init.boolean("persisted", ctx)?))
        })
    })),
    members: &[&[Member::Attribute(
        "persisted",
        |this, _| {
            read(this, |event| {
                matches!(event.of, EventOf::PageTransition(true)).into()
            })
        },
        None,
    )]],
    ..Interface::new(
        "PageTransitionEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::PageTransition(_))),
    )
};

/// What `document.createEvent()` makes, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<EventOf> {
    match name {
        "beforeunloadevent" => Some(EventOf::BeforeUnload(JsString::default())),
        "hashchangeevent" => Some(EventOf::HashChange(
            JsString::default(),
            JsString::default(),
        )),
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
    event::write(object, |event| {
        let is_beforeunload = event.type_ == "beforeunload";
        if let EventOf::BeforeUnload(value) = &mut event.of
            && is_beforeunload
        {
            if value.is_empty() {
                *value = text;
            }
            event.set_canceled();
        }
    })?;
    Ok(())
}
