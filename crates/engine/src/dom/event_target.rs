//! `EventTarget` ([DOM, interface EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget)).

use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::dom::abort::AbortSignal;
use crate::dom::event::Event;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::event_listeners::{NewListener, add_an_event_listener, remove_an_event_listener};
use crate::dom::events;
use crate::script::callback::Callback;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::types::Category;
use crate::webidl::{exception, interface};

interface! {
    /// The `EventTarget` interface.
    [Exposed=*]
    interface EventTarget {
        constructor() = || ();

        undefined addEventListener(DOMString type, EventListener? callback, optional AddOptions options = {});
        undefined removeEventListener(DOMString type, EventListener? callback, optional RemoveOptions options = {});
        boolean dispatchEvent(Event event);
    }

    dictionary EventListenerOptions {
        boolean capture = false;
    }

    dictionary AddEventListenerOptions : EventListenerOptions {
        boolean passive;
        boolean once = false;
        AbortSignal signal;
    }

    typedef (AddEventListenerOptions or boolean) AddOptions;

    typedef (EventListenerOptions or boolean) RemoveOptions;
}

/// [`EventListener`](https://dom.spec.whatwg.org/#callbackdef-eventlistener), a callback interface.
struct EventListener(Callback);

impl FromJs for EventListener {
    const CATEGORY: Category = Category::Object;

    fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        let object = value.as_object().ok_or_else(|| place.is_not("Object"))?;
        Ok(Self(Callback::new(object, cx)))
    }
}

/// [`addEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener)
fn add_event_listener(
    target: &JsObject,
    event_type: JsString,
    callback: Option<EventListener>,
    options: AddOptions,
    cx: &mut Context,
) {
    // 1. Flatten more of the options.
    let (capture, once, passive, signal) = match options {
        AddOptions::Boolean(capture) => (capture, false, None, None),
        AddOptions::AddEventListenerOptions(options) => (
            options.capture,
            options.once,
            options.passive,
            options.signal,
        ),
    };
    // 2. Add an event listener; its step 3: without a callback, return.
    if let Some(EventListener(callback)) = callback {
        let listener = NewListener {
            event_type,
            callback,
            capture,
            once,
            passive,
            signal,
        };
        add_an_event_listener(target, listener, cx);
    }
}

/// [`removeEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener)
fn remove_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: Option<EventListener>,
    options: RemoveOptions,
    cx: &mut Context,
) {
    // 1. Flatten the options.
    let capture = match options {
        RemoveOptions::Boolean(capture) => capture,
        RemoveOptions::EventListenerOptions(options) => options.capture,
    };
    // 2. Remove the listener with this type, callback and capture.
    if let Some(EventListener(callback)) = callback {
        remove_an_event_listener(target, event_type, callback, capture, cx);
    }
}

/// [`dispatchEvent()`](https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent)
fn dispatch_event(target: &JsObject, event: &JsObject, cx: &mut Context) -> JsResult<bool> {
    // 1. Refuse an event that is being dispatched or is not initialized.
    if !events::read(event, event_dispatch::can_be_dispatched)? {
        let message = "The event is already being dispatched, or was not initialized.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. The event is not trusted.
    events::write(event, |event| event.trusted = false)?;
    // 3. Dispatch it.
    event_dispatch::dispatch(cx, event, &Target::of(target), None)
}
