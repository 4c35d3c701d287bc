//! `AbortController` and `AbortSignal`
//! ([DOM, aborting ongoing activities](https://dom.spec.whatwg.org/#aborting-ongoing-activities)).

use boa_engine::JsError;

use super::aborting::{
    SignalData, any, create, create_aborted, reason_or_default, signal_abort, timeout,
};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;
use crate::webidl::platform::{self, OfObject};

interface! {
    /// The `AbortController` interface.
    [Exposed=*]
    interface AbortController(OfObject) {
        constructor() = |cx| OfObject(create(SignalData::default(), cx));

        [SameObject] readonly attribute AbortSignal signal = |controller| controller.0.clone();

        undefined abort(optional any reason) = |controller, reason, cx| {
            let reason = reason_or_default(reason, cx);
            let signal = platform::read(controller, |signal: &OfObject| signal.0.clone())?;
            signal_abort(cx, &signal, &reason);
            Ok::<_, JsError>(())
        };
    }

    /// The `AbortSignal` interface.
    [Exposed=*]
    interface AbortSignal(SignalData) : EventTarget {
        [NewObject] static AbortSignal abort(optional any reason) = create_aborted;
        [Exposed=(Window,Worker), NewObject] static AbortSignal timeout([EnforceRange] unsigned long long milliseconds);
        [NewObject] static AbortSignal any(sequence<AbortSignal> signals);

        readonly attribute boolean aborted = |signal| signal.reason.is_some();
        readonly attribute any reason = |signal| signal.reason.clone().unwrap_or_default();
        undefined throwIfAborted() = |signal: &SignalData| {
            signal.reason.clone().map_or(Ok(()), |reason| Err(JsError::from_opaque(reason)))
        };
    }
}
