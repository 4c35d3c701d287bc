//! `ErrorEvent` and `PromiseRejectionEvent`
//! ([HTML, the ErrorEvent interface](https://html.spec.whatwg.org/multipage/webappapis.html#the-errorevent-interface)).

use crate::webidl::platform;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_event_loop::GlobalId;

use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::script::error_place::Place;
use crate::script::realm::window_record;
use crate::webidl::convert::unsigned_long;
use crate::webidl::{Interface, Member};

use crate::dom::event::{EVENT, NewEvent, construct};

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

/// The `ErrorEvent` interface.
pub(crate) static ERROR_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let colno = init
                .get("colno", ctx)?
                .map_or(Ok(0), |value| unsigned_long(&value, ctx))?;
            let error = init.get("error", ctx)?.unwrap_or_default();
            let filename = init.string("filename", "", ctx)?;
            let lineno = init
                .get("lineno", ctx)?
                .map_or(Ok(0), |value| unsigned_long(&value, ctx))?;
            let message = init.string("message", "", ctx)?;
            let data = ErrorData {
                message,
                filename,
                lineno,
                colno,
                error,
            };
            Ok(data)
        })
    })),
    members: &[&[
        Member::Attribute(
            "message",
            |this, _| part(this, |data| data.message.clone().into()),
            None,
        ),
        Member::Attribute(
            "filename",
            |this, _| part(this, |data| data.filename.clone().into()),
            None,
        ),
        Member::Attribute(
            "lineno",
            |this, _| part(this, |data| data.lineno.into()),
            None,
        ),
        Member::Attribute(
            "colno",
            |this, _| part(this, |data| data.colno.into()),
            None,
        ),
        Member::Attribute(
            "error",
            |this, _| part(this, |data| data.error.clone()),
            None,
        ),
    ]],
    ..Interface::new("ErrorEvent")
};

/// The promise and the reason that a `PromiseRejectionEvent` tells.
#[derive(Trace, Finalize)]
struct Rejection(JsObject, JsValue);

/// The `PromiseRejectionEvent` interface.
pub(crate) static PROMISE_REJECTION_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((2, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            let promise = init
                .get("promise", ctx)?
                .and_then(|value| value.as_object());
            let promise = promise.ok_or_else(|| {
                JsNativeError::typ().with_message("the required member promise is not an object")
            })?;
            let reason = init.get("reason", ctx)?.unwrap_or_default();
            Ok(Rejection(promise, reason))
        })
    })),
    members: &[&[
        Member::Attribute(
            "promise",
            |this, _| platform::read(this, |rejection: &Rejection| rejection.0.clone().into()),
            None,
        ),
        Member::Attribute(
            "reason",
            |this, _| platform::read(this, |rejection: &Rejection| rejection.1.clone()),
            None,
        ),
    ]],
    ..Interface::new("PromiseRejectionEvent")
};

fn part(this: &JsObject, part: impl FnOnce(&ErrorData) -> JsValue) -> JsResult<JsValue> {
    platform::read(this, part)
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
    target::fire(
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
        Rejection(promise.clone(), reason.clone()),
    );
    let target = Target::Object(record.global);
    target::fire(ctx, &target, None, type_, (false, cancelable), of)
}

/// `reportError()` of a window.
/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror)
pub(crate) fn report_error(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let window = crate::webidl::platform::window(this)?;
    let error = boa_engine::JsError::from_opaque(args.first().cloned().unwrap_or_default());
    crate::script::report_exception(ctx, Some(window), error);
    Ok(JsValue::undefined())
}
