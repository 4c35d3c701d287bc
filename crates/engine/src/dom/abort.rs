//! `AbortController` and `AbortSignal`
//! ([DOM, aborting ongoing activities](https://dom.spec.whatwg.org/#aborting-ongoing-activities)).

use boa_engine::{Context, Finalize, JsError, JsObject, JsValue, Trace};
use framepost_browsing_context::events::ListenerId;

use crate::dom::event::NewEvent;
use crate::dom::event_dispatch::{Target, fire};
use crate::dom::event_listeners::Listeners;
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::platform::{self, OfObject, with_attached_mut};
use crate::webidl::{self, exception, interface};

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
    ///
    /// NOT YET: `timeout()`.
    [Exposed=*]
    interface AbortSignal(SignalData) : EventTarget {
        [NewObject] static AbortSignal abort(optional any reason) = |reason, cx| {
            let reason = Some(reason_or_default(reason, cx));
            create(SignalData { reason, ..SignalData::default() }, cx)
        };
        [NewObject] static AbortSignal any(sequence<AbortSignal> signals);

        readonly attribute boolean aborted = |signal| signal.reason.is_some();
        readonly attribute any reason = |signal| signal.reason.clone().unwrap_or_default();
        undefined throwIfAborted() = |signal: &SignalData| {
            signal.reason.clone().map_or(Ok(()), |reason| Err(JsError::from_opaque(reason)))
        };
    }
}

/// The data of a signal.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SignalData {
    /// The [abort reason](https://dom.spec.whatwg.org/#abortsignal-abort-reason), once aborted.
    reason: Option<JsValue>,
    /// The [abort algorithms](https://dom.spec.whatwg.org/#abortsignal-abort-algorithms): listeners
    /// to remove.
    listeners: Vec<(JsObject, SignalListener)>,
    /// The [dependent signals](https://dom.spec.whatwg.org/#abortsignal-dependent-signals).
    dependents: Vec<JsObject>,
}

/// A listener that a signal removes.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct SignalListener(ListenerId);

fn create(data: SignalData, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    webidl::create_object(&realm, &ABORT_SIGNAL, data, cx)
}

fn reason(signal: &JsObject) -> Option<JsValue> {
    platform::with(signal, |data: &SignalData| data.reason.clone())
}

fn write<R>(signal: &JsObject, write: impl FnOnce(&mut SignalData) -> R) -> Option<R> {
    platform::with_mut(signal, |data: &mut SignalData| Some(write(data)))
}

/// Whether a signal is [aborted](https://dom.spec.whatwg.org/#abortsignal-aborted).
pub(crate) fn is_aborted(signal: &JsObject) -> bool {
    reason(signal).is_some()
}

/// Removes a listener when the signal is aborted.
pub(crate) fn remove_listener_on_abort(signal: &JsObject, target: JsObject, listener: ListenerId) {
    write(signal, |data| {
        data.listeners.push((target, SignalListener(listener)));
    });
}

fn reason_or_default(reason: Option<JsValue>, cx: &mut Context) -> JsValue {
    reason.unwrap_or_else(|| {
        exception::create("AbortError", "signal is aborted without reason", cx).into()
    })
}

/// [Signal abort](https://dom.spec.whatwg.org/#abortsignal-signal-abort)
fn signal_abort(cx: &mut Context, signal: &JsObject, reason: &JsValue) {
    // 1. A signal is aborted once.
    if is_aborted(signal) {
        return;
    }
    // 2. to 4. The signal and its dependent signals get the reason.
    let mut all = vec![signal.clone()];
    all.extend(write(signal, |data| std::mem::take(&mut data.dependents)).unwrap_or_default());
    all.retain(|signal| !is_aborted(signal));
    for signal in &all {
        write(signal, |data| data.reason = Some(reason.clone()));
    }
    // 5. and 6. Run the abort steps of each.
    for signal in &all {
        run_the_abort_steps(cx, signal);
    }
}

/// [Run the abort steps](https://dom.spec.whatwg.org/#run-the-abort-steps)
fn run_the_abort_steps(cx: &mut Context, signal: &JsObject) {
    // 1. and 2. Run the abort algorithms, and empty their set.
    let listeners = write(signal, |data| std::mem::take(&mut data.listeners));
    for (target, listener) in listeners.unwrap_or_default() {
        with_attached_mut(&target, |listeners: &mut Listeners| {
            listeners.list.remove_by_id(listener.0)
        });
    }
    // 3. Fire an event named `abort`.
    let target = Target::Object(signal.clone());
    fire(
        cx,
        &target,
        None,
        "abort",
        (false, false),
        NewEvent::plain(),
    );
}

/// [`AbortSignal.any()`](https://dom.spec.whatwg.org/#dom-abortsignal-any)
/// ([create a dependent abort signal](https://dom.spec.whatwg.org/#create-a-dependent-abort-signal)).
///
/// NOT YET: a source that itself depends on others is not replaced by its own sources.
fn any(signals: &[JsObject], cx: &mut Context) -> JsObject {
    // 1. and 2. With an aborted source the result is aborted.
    let reason = signals.iter().find_map(reason);
    let is_aborted = reason.is_some();
    let result = create(
        SignalData {
            reason,
            ..SignalData::default()
        },
        cx,
    );
    // 3. to 5. Otherwise each source aborts the result.
    if !is_aborted {
        for source in signals {
            write(source, |data| data.dependents.push(result.clone()));
        }
    }
    result
}
