//! [`when()`](https://wicg.github.io/observable/#dom-eventtarget-when) of event targets.

use boa_engine::{Context, JsObject, JsString, JsValue, NativeFunction};

use super::subscribing::{Captured, observable};
use super::subscription::{next, signal_of};
use crate::dom::aborting;
use crate::dom::event_listeners::{NewListener, add_an_event_listener};
use crate::script::callback::Callback;
use crate::webidl::interface;

interface! {
    /// The observables of event targets.
    partial interface EventTarget {
        [NewObject] Observable when(DOMString type, optional ObservableEventListenerOptions options = {});
    }

    dictionary ObservableEventListenerOptions {
        boolean capture = false;
        boolean passive;
    }
}

/// [`when()`](https://wicg.github.io/observable/#dom-eventtarget-when)
fn when(
    target: &JsObject,
    event_type: JsString,
    options: &ObservableEventListenerOptions,
    cx: &mut Context,
) -> JsObject {
    let captured = Captured {
        source: Some(target.clone()),
        capture: options.capture,
        passive: options.passive,
        text: event_type.into(),
        ..Captured::default()
    };
    observable(listen, captured, cx)
}

/// The subscribe callback: adds a listener that emits its events.
fn listen(cx: &mut Context, subscriber: &JsObject, captured: &Captured) {
    // 1. Without a target, return.
    let (Some(target), Some(signal)) = (&captured.source, signal_of(subscriber)) else {
        return;
    };
    // 2. With an aborted subscription, return.
    if aborting::is_aborted(&signal) {
        return;
    }
    // 3. Add the listener.
    let emit = NativeFunction::from_copy_closure_with_captures(
        |_, args, subscriber: &JsObject, cx| {
            let event = args.first().cloned().unwrap_or_default();
            next(subscriber, &event, cx);
            Ok(JsValue::undefined())
        },
        subscriber.clone(),
    );
    let emit = JsObject::from(emit.to_js_function(cx.realm()));
    let listener = NewListener {
        event_type: captured.text.as_string().unwrap_or_default(),
        callback: Callback::new(emit, cx),
        capture: captured.capture,
        once: false,
        passive: captured.passive,
        signal: Some(signal),
    };
    add_an_event_listener(target, listener, cx);
}
