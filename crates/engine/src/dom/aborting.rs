//! Aborting ([DOM, aborting ongoing activities](https://dom.spec.whatwg.org/#aborting-ongoing-activities)).

use core::time::Duration;

use boa_engine::{Context, Finalize, JsObject, JsValue, Trace};
use framepost_browsing_context::events::ListenerId;
use framepost_event_loop::{FxHashMap, GlobalId, TaskSource};

use super::abort::ABORT_SIGNAL;
use crate::boa::slots::Slot;
use crate::dom::event_dispatch::{Target, fire};
use crate::dom::event_listeners::Listeners;
use crate::dom::events::NewEvent;
use crate::script::{EngineTask, TaskId, TaskKind, realm, with_loop};
use crate::webidl::platform::{self, with_attached_mut};
use crate::webidl::{self, exception};

/// The data of a signal.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SignalData {
    /// The [abort reason](https://dom.spec.whatwg.org/#abortsignal-abort-reason), once aborted.
    pub(super) reason: Option<JsValue>,
    /// The [abort algorithms](https://dom.spec.whatwg.org/#abortsignal-abort-algorithms).
    algorithms: Vec<AbortAlgorithm>,
    /// Whether it is [dependent](https://dom.spec.whatwg.org/#abortsignal-dependent).
    is_dependent: bool,
    /// The [source signals](https://dom.spec.whatwg.org/#abortsignal-source-signals).
    sources: Vec<JsObject>,
    /// The [dependent signals](https://dom.spec.whatwg.org/#abortsignal-dependent-signals).
    ///
    /// IMPLEMENTATION-DEFINED: the references are strong. This affects only the lifetime of memory.
    dependents: Vec<JsObject>,
}

/// An action at the abort of a signal.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
enum AbortAlgorithm {
    /// Removes a listener of the object.
    RemoveListener(JsObject, SignalListener),
    /// Calls the steps with the object and the abort reason.
    Run(#[unsafe_ignore_trace] AbortSteps, JsObject),
}

/// Steps that a family adds to a signal, with an object of the family and the abort reason.
pub(crate) type AbortSteps = fn(&mut Context, &JsObject, &JsValue);

/// A listener that a signal removes.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct SignalListener(ListenerId);

/// The signals of `AbortSignal.timeout()` that wait, each with its global.
static TIMEOUTS: Slot<FxHashMap<u64, (GlobalId, JsObject)>> = Slot::new();

/// The number of the last signal that waits.
static LAST_TIMEOUT: Slot<u64> = Slot::new();

/// Creates a signal in the current realm.
pub(crate) fn create(data: SignalData, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    webidl::create_object(&realm, &ABORT_SIGNAL, data, cx)
}

/// The [abort reason](https://dom.spec.whatwg.org/#abortsignal-abort-reason), once aborted.
pub(crate) fn reason(signal: &JsObject) -> Option<JsValue> {
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
    let algorithm = AbortAlgorithm::RemoveListener(target, SignalListener(listener));
    add(signal, algorithm);
}

/// Runs steps when the signal is aborted.
pub(crate) fn run_on_abort(signal: &JsObject, steps: AbortSteps, object: JsObject) {
    add(signal, AbortAlgorithm::Run(steps, object));
}

/// [Add](https://dom.spec.whatwg.org/#abortsignal-add) an algorithm to a signal.
fn add(signal: &JsObject, algorithm: AbortAlgorithm) {
    write(signal, |data| {
        // 1. and 2. An aborted signal accepts none.
        if data.reason.is_none() {
            data.algorithms.push(algorithm);
        }
    });
}

/// The reason, or a new `AbortError`.
pub(crate) fn reason_or_default(reason: Option<JsValue>, cx: &mut Context) -> JsValue {
    reason.unwrap_or_else(|| {
        exception::create("AbortError", "signal is aborted without reason", cx).into()
    })
}

/// [`AbortSignal.abort()`](https://dom.spec.whatwg.org/#dom-abortsignal-abort)
pub(super) fn create_aborted(reason: Option<JsValue>, cx: &mut Context) -> JsObject {
    let reason = Some(reason_or_default(reason, cx));
    let data = SignalData {
        reason,
        ..SignalData::default()
    };
    create(data, cx)
}

/// [Signal abort](https://dom.spec.whatwg.org/#abortsignal-signal-abort)
pub(crate) fn signal_abort(cx: &mut Context, signal: &JsObject, reason: &JsValue) {
    // 1. A signal is aborted only once.
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
        run_the_abort_steps(cx, signal, reason);
    }
}

/// [Run the abort steps](https://dom.spec.whatwg.org/#run-the-abort-steps)
fn run_the_abort_steps(cx: &mut Context, signal: &JsObject, reason: &JsValue) {
    // 1. and 2. Run the abort algorithms, and empty their set.
    let algorithms = write(signal, |data| std::mem::take(&mut data.algorithms));
    for algorithm in algorithms.unwrap_or_default() {
        match algorithm {
            AbortAlgorithm::RemoveListener(target, listener) => {
                with_attached_mut(&target, |listeners: &mut Listeners| {
                    listeners.list.remove_by_id(listener.0)
                });
            }
            AbortAlgorithm::Run(steps, object) => steps(cx, &object, reason),
        }
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

/// [`AbortSignal.timeout()`](https://dom.spec.whatwg.org/#dom-abortsignal-timeout)
pub(super) fn timeout(milliseconds: f64, cx: &mut Context) -> JsObject {
    // 1. Create the signal.
    let signal = create(SignalData::default(), cx);
    // 2. and 3. After the time, queue a task that aborts it.
    let Some(global) = realm::current_window(cx) else {
        return signal;
    };
    let live = realm::live(cx);
    let number = LAST_TIMEOUT.with(cx, |last| {
        *last += 1;
        *last
    });
    TIMEOUTS.with(cx, |waiting| {
        // Signals of globals that are gone never fire.
        waiting.retain(|_, (global, _)| live.contains(global));
        waiting.insert(number, (global, signal.clone()));
    });
    let delay = Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(Duration::MAX);
    with_loop(cx, |event_loop| {
        let client = event_loop.client_of(global);
        if client.is_some() {
            let task = EngineTask::new(&TIMEOUT, TaskId::number(number));
            event_loop.queue_task_after(delay, TaskSource::Timer, client, task);
        }
    });
    // 4. Return it.
    signal
}

/// The task that aborts a signal after its time.
static TIMEOUT: TaskKind = TaskKind {
    name: "abort signal timeout",
    run: |ctx, id| {
        let waiting = TIMEOUTS.with(ctx, |waiting| waiting.remove(&id.as_number()));
        let Some((global, signal)) = waiting else {
            return;
        };
        let Some(record) = realm::window_record(ctx, global) else {
            return;
        };
        let reason = realm::in_realm(ctx, &record.realm, |ctx| {
            exception::create("TimeoutError", "signal timed out", ctx)
        });
        signal_abort(ctx, &signal, &reason.into());
    },
};

/// [`AbortSignal.any()`](https://dom.spec.whatwg.org/#dom-abortsignal-any)
pub(super) fn any(signals: &[JsObject], cx: &mut Context) -> JsObject {
    create_a_dependent_abort_signal(signals, create, cx)
}

/// [Create a dependent abort signal](https://dom.spec.whatwg.org/#create-a-dependent-abort-signal)
///
/// `create` creates the signal from its data: an `AbortSignal`, or one that inherits from it.
pub(crate) fn create_a_dependent_abort_signal(
    signals: &[JsObject],
    create: impl FnOnce(SignalData, &mut Context) -> JsObject,
    cx: &mut Context,
) -> JsObject {
    // 1. and 2. If one of the signals is aborted, the result is aborted.
    if let Some(reason) = signals.iter().find_map(reason) {
        let data = SignalData {
            reason: Some(reason),
            ..SignalData::default()
        };
        return create(data, cx);
    }
    // 3. and 4. Otherwise it depends on the signals, or on their source signals.
    let mut sources: Vec<JsObject> = Vec::new();
    for signal in signals {
        let own = platform::with(signal, |data: &SignalData| {
            data.is_dependent.then(|| data.sources.clone())
        });
        for source in own.unwrap_or_else(|| vec![signal.clone()]) {
            if !sources.iter().any(|held| JsObject::equals(held, &source)) {
                sources.push(source);
            }
        }
    }
    let data = SignalData {
        is_dependent: true,
        sources: sources.clone(),
        ..SignalData::default()
    };
    let result = create(data, cx);
    for source in &sources {
        write(source, |data| data.dependents.push(result.clone()));
    }
    // 5. Return it.
    result
}
