//! `ErrorEvent` and `PromiseRejectionEvent`
//! ([HTML, the ErrorEvent interface](https://html.spec.whatwg.org/multipage/webappapis.html#the-errorevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsString, JsValue, Trace};
use framepost_event_loop::GlobalId;

use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{NewEvent, construct_event};
use crate::script::error_place::Place;
use crate::script::realm::window_record;
use crate::webidl::interface;

interface! {
    /// The `ErrorEvent` interface.
    [Exposed=(Window,Worker)]
    interface ErrorEvent(ErrorEventInit) : Event {
        constructor(DOMString type, optional ErrorEventInit init = {}) = construct_event::<ErrorEventInit>;

        readonly attribute DOMString message = .message;
        readonly attribute USVString filename = .filename;
        readonly attribute unsigned long lineno = .lineno;
        readonly attribute unsigned long colno = .colno;
        readonly attribute any error = .error;
    }

    #[derive(Clone, Trace, Finalize)]
    #[boa_gc(unsafe_no_drop)]
    dictionary ErrorEventInit : EventInit {
        #[unsafe_ignore_trace]
        DOMString(JsString) message = "";
        #[unsafe_ignore_trace]
        USVString(JsString) filename = "";
        unsigned long lineno = 0;
        unsigned long colno = 0;
        any error = undefined;
    }

    /// The `PromiseRejectionEvent` interface.
    [Exposed=(Window,Worker)]
    interface PromiseRejectionEvent(PromiseRejectionEventInit) : Event {
        constructor(DOMString type, PromiseRejectionEventInit init) = construct_event::<PromiseRejectionEventInit>;

        readonly attribute object promise = .promise;
        readonly attribute any reason = .reason;
    }

    #[derive(Trace, Finalize)]
    dictionary PromiseRejectionEventInit : EventInit {
        required object promise;
        any reason = undefined;
    }
}

/// Fires `error` at a window for an exception. Returns whether no listener handled it.
pub(crate) fn fire_error(
    ctx: &mut Context,
    global: GlobalId,
    message: &str,
    place: &Place,
    error: &JsValue,
) -> bool {
    match window_record(ctx, global) {
        Some(record) => fire_error_at(ctx, record.global, message, place, error),
        None => true,
    }
}

/// Fires `error` at any object for an exception.
pub(crate) fn fire_error_at(
    ctx: &mut Context,
    object: JsObject,
    message: &str,
    place: &Place,
    error: &JsValue,
) -> bool {
    let data = ErrorEventInit {
        parent: EventInit::default(),
        message: JsString::from(message),
        filename: JsString::from(place.url.as_str()),
        lineno: place.line,
        colno: place.column,
        error: error.clone(),
    };
    event_dispatch::fire(
        ctx,
        &Target::Object(object),
        None,
        "error",
        (false, true),
        NewEvent::of(&ERROR_EVENT, data),
    )
}

/// Fires an event about a rejected promise at a window. Returns whether it was not canceled.
pub(crate) fn fire_rejection(
    ctx: &mut Context,
    global: GlobalId,
    type_: &str,
    promise: &JsObject,
    reason: &JsValue,
    cancelable: bool,
) -> bool {
    let Some(record) = window_record(ctx, global) else {
        return true;
    };
    let of = NewEvent::of(
        &PROMISE_REJECTION_EVENT,
        PromiseRejectionEventInit {
            parent: EventInit::default(),
            promise: promise.clone(),
            reason: reason.clone(),
        },
    );
    let target = Target::Object(record.global);
    event_dispatch::fire(ctx, &target, None, type_, (false, cancelable), of)
}
