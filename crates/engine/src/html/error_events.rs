//! `ErrorEvent` and `PromiseRejectionEvent`
//! ([HTML, the ErrorEvent interface](https://html.spec.whatwg.org/multipage/webappapis.html#the-errorevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsString, JsValue, Trace};
use framepost_event_loop::GlobalId;

use crate::dom::event::{EVENT, EventInit, NewEvent, constructing_steps};
use crate::dom::event_dispatch::{self, Target};
use crate::script::error_place::Place;
use crate::script::realm::window_record;
use crate::webidl::interface;

/// What an `ErrorEvent` holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ErrorData {
    #[unsafe_ignore_trace]
    message: JsString,
    #[unsafe_ignore_trace]
    filename: JsString,
    lineno: u32,
    colno: u32,
    error: JsValue,
}

impl ErrorData {
    /// What an `onerror` handler of a window is called with
    /// ([OnErrorEventHandler](https://html.spec.whatwg.org/multipage/webappapis.html#onerroreventhandler)).
    pub(crate) fn handler_arguments(&self) -> [JsValue; 5] {
        [
            self.message.clone().into(),
            self.filename.clone().into(),
            self.lineno.into(),
            self.colno.into(),
            self.error.clone(),
        ]
    }
}

interface! {
    /// The `ErrorEvent` interface.
    [Exposed=(Window,Worker)]
    interface ErrorEvent(ErrorData) : Event {
        constructor(DOMString type, optional ErrorEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(ErrorData::from(init));

        readonly attribute DOMString message = .message;
        readonly attribute USVString filename = .filename;
        readonly attribute unsigned long lineno = .lineno;
        readonly attribute unsigned long colno = .colno;
        readonly attribute any error = .error;
    }

    dictionary ErrorEventInit : EventInit {
        DOMString(JsString) message = "";
        USVString(JsString) filename = "";
        unsigned long lineno = 0;
        unsigned long colno = 0;
        any error = undefined;
    }

    /// The `PromiseRejectionEvent` interface.
    [Exposed=(Window,Worker)]
    interface PromiseRejectionEvent(Rejection) : Event {
        constructor(DOMString type, PromiseRejectionEventInit init) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(Rejection {
                promise: init.promise,
                reason: init.reason.unwrap_or_default(),
            });

        readonly attribute object promise = .promise;
        readonly attribute any reason = .reason;
    }

    dictionary PromiseRejectionEventInit : EventInit {
        required object promise;
        any reason;
    }
}

impl From<ErrorEventInit> for ErrorData {
    fn from(init: ErrorEventInit) -> Self {
        let ErrorEventInit {
            message,
            filename,
            lineno,
            colno,
            error,
            ..
        } = init;
        Self {
            message,
            filename,
            lineno,
            colno,
            error,
        }
    }
}

/// The promise and the reason that a `PromiseRejectionEvent` tells.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Rejection {
    promise: JsObject,
    reason: JsValue,
}

/// Fires `error` at a window for an exception. Answers whether nothing has handled it.
pub(crate) fn fire_error(
    ctx: &mut Context,
    window: GlobalId,
    message: &str,
    place: &Place,
    error: &JsValue,
) -> bool {
    match window_record(ctx, window) {
        Some(record) => fire_error_at(ctx, record.global, message, place, error),
        None => true,
    }
}

/// The same at any object.
pub(crate) fn fire_error_at(
    ctx: &mut Context,
    object: JsObject,
    message: &str,
    place: &Place,
    error: &JsValue,
) -> bool {
    let data = ErrorData {
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

/// Fires an event about a rejected promise at a window. Answers whether it was not canceled.
pub(crate) fn fire_rejection(
    ctx: &mut Context,
    window: GlobalId,
    type_: &str,
    promise: &JsObject,
    reason: &JsValue,
    cancelable: bool,
) -> bool {
    let Some(record) = window_record(ctx, window) else {
        return true;
    };
    let of = NewEvent::of(
        &PROMISE_REJECTION_EVENT,
        Rejection {
            promise: promise.clone(),
            reason: reason.clone(),
        },
    );
    let target = Target::Object(record.global);
    event_dispatch::fire(ctx, &target, None, type_, (false, cancelable), of)
}
