//! `EventTarget` ([DOM, interface EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget)), without trees.

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::events::ListenerOptions;

use super::event::{Event, EventData};
use super::events;
use super::state::with_world;
use crate::webidl::realm::global_of;
use crate::webidl::{exception, interface, platform};

interface! {
    /// The `EventTarget` interface.
    [Exposed=*]
    interface EventTarget {
        constructor() = || ();

        undefined addEventListener(DOMString type, object? callback, optional AddOptions options = {});
        undefined removeEventListener(DOMString type, object? callback, optional RemoveOptions options = {});
        boolean dispatchEvent(Event event);
    }

    /// The functions of a global object, which has no interface here.
    namespace GlobalEventTarget {
        undefined addEventListener(DOMString type, object? callback, optional AddOptions options = {}) =
            |type_: String, callback, options, cx| add_to_global(&type_, callback, options, cx);
        undefined removeEventListener(DOMString type, object? callback, optional RemoveOptions options = {}) =
            |type_: String, callback, options, cx| remove_from_global(&type_, callback, options, cx);
        boolean dispatchEvent(Event event) = |event: JsObject, cx| dispatch_to_global(&event, cx);
    }

    dictionary EventListenerOptions {
        boolean capture = false;
    }

    dictionary AddEventListenerOptions : EventListenerOptions {
        boolean passive;
        boolean once = false;
    }

    typedef (AddEventListenerOptions or boolean) AddOptions;

    typedef (EventListenerOptions or boolean) RemoveOptions;
}

/// [`addEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener)
fn add_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: Option<JsObject>,
    options: AddOptions,
    cx: &mut Context,
) {
    // 1. Flatten more of the options.
    let (capture, once, passive) = match options {
        AddOptions::Boolean(capture) => (capture, false, false),
        AddOptions::AddEventListenerOptions(options) => (
            options.capture,
            options.once,
            options.passive.unwrap_or(false),
        ),
    };
    // 2. Add an event listener; its step 3: without a callback, return.
    if let Some(callback) = callback {
        let options = ListenerOptions::default()
            .with_capture(capture)
            .with_once(once)
            .with_passive(passive);
        events::add_an_event_listener(target, event_type, callback, options, cx);
    }
}

/// [`removeEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener)
fn remove_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: Option<JsObject>,
    options: RemoveOptions,
    cx: &mut Context,
) {
    // 1. Flatten the options.
    let capture = match options {
        RemoveOptions::Boolean(capture) => capture,
        RemoveOptions::EventListenerOptions(options) => options.capture,
    };
    // 2. Remove the listener with this type, callback and capture.
    if let Some(callback) = callback {
        events::remove_an_event_listener(target, event_type, callback, capture, cx);
    }
}

/// [`dispatchEvent()`](https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent)
fn dispatch_event(target: &JsObject, event: &JsObject, cx: &mut Context) -> JsResult<bool> {
    // 1. Refuse an event that is being dispatched.
    if platform::read(event, |event: &EventData| event.dispatching)? {
        let message = "The event is already being dispatched.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. The event is not trusted.
    platform::write(event, |event: &mut EventData| event.trusted = false)?;
    // 3. Dispatch it.
    events::dispatch(cx, event, target)
}

/// The target of the current realm's messages.
pub(super) fn target_of_global(cx: &Context) -> JsResult<JsObject> {
    let global = global_of(cx.realm());
    let target = global
        .and_then(|global| with_world(cx, |world| Some(world.realms.get(&global)?.target.clone())));
    target.ok_or_else(platform::illegal_invocation)
}

fn add_to_global(
    event_type: &str,
    callback: Option<JsObject>,
    options: AddOptions,
    cx: &mut Context,
) -> JsResult<()> {
    let target = target_of_global(cx)?;
    add_event_listener(&target, event_type, callback, options, cx);
    Ok(())
}

fn remove_from_global(
    event_type: &str,
    callback: Option<JsObject>,
    options: RemoveOptions,
    cx: &mut Context,
) -> JsResult<()> {
    let target = target_of_global(cx)?;
    remove_event_listener(&target, event_type, callback, options, cx);
    Ok(())
}

fn dispatch_to_global(event: &JsObject, cx: &mut Context) -> JsResult<bool> {
    let target = target_of_global(cx)?;
    dispatch_event(&target, event, cx)
}
