//! Navigation API method trackers
//! ([HTML, ongoing navigation tracking](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigation-tracking)).

use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::{
    Context, Finalize, JsObject, JsResult, JsValue, NativeFunction, Trace, js_string,
};
use boa_gc::{Gc, GcRefCell};
use framepost_browsing_context::SerializedState;

/// A promise with its functions.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Deferred {
    pub(super) promise: JsObject,
    resolve: JsFunction,
    reject: JsFunction,
}

impl Deferred {
    /// A pending promise of the current realm.
    pub(super) fn new(cx: &mut Context) -> Self {
        let (promise, functions) = JsPromise::new_pending(cx);
        Self {
            promise: promise.into(),
            resolve: functions.resolve,
            reject: functions.reject,
        }
    }

    pub(super) fn resolve(&self, value: JsValue, cx: &mut Context) {
        // The functions of a promise throw nothing.
        let _nothing = self.resolve.call(&JsValue::undefined(), &[value], cx);
    }

    pub(super) fn reject(&self, reason: JsValue, cx: &mut Context) {
        // The functions of a promise throw nothing.
        let _nothing = self.reject.call(&JsValue::undefined(), &[reason], cx);
    }

    /// Marks the promise as handled: a rejection is not reported.
    pub(super) fn mark_as_handled(&self, cx: &mut Context) {
        mark_as_handled(&self.promise, cx);
    }
}

/// Marks a promise as handled.
pub(super) fn mark_as_handled(promise: &JsObject, cx: &mut Context) {
    let nothing = NativeFunction::from_copy_closure(|_, _, _| Ok(JsValue::undefined()));
    let nothing = nothing.to_js_function(cx.realm());
    if let Ok(promise) = JsPromise::from_object(promise.clone()) {
        // Only a promise that script has changed could make this fail.
        let _derived = promise.then(None, Some(nothing), cx);
    }
}

/// A [navigation API method tracker](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-method-tracker).
#[derive(Clone, Trace, Finalize)]
pub(super) struct Tracker(Gc<GcRefCell<TrackerData>>);

/// The data of a tracker.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct TrackerData {
    /// The key of the target entry of a traversal.
    #[unsafe_ignore_trace]
    pub(super) key: Option<u64>,
    pub(super) info: JsValue,
    #[unsafe_ignore_trace]
    pub(super) state: Option<SerializedState>,
    committed: Deferred,
    finished: Deferred,
    /// The committed-to entry.
    committed_to: Option<JsObject>,
}

impl Tracker {
    pub(super) fn new(
        key: Option<u64>,
        info: Option<JsValue>,
        state: Option<SerializedState>,
        cx: &mut Context,
    ) -> Self {
        let (committed, finished) = (Deferred::new(cx), Deferred::new(cx));
        // If script handles only `committed`, the rejection of the other promise is not reported.
        finished.mark_as_handled(cx);
        Self(Gc::new(GcRefCell::new(TrackerData {
            key,
            info: info.unwrap_or_default(),
            state,
            committed,
            finished,
            committed_to: None,
        })))
    }

    pub(super) fn read<R>(&self, read: impl FnOnce(&TrackerData) -> R) -> R {
        read(&self.0.borrow())
    }

    /// Changes the state for the entry.
    pub(super) fn set_state(&self, state: SerializedState) {
        self.0.borrow_mut().state = Some(state);
    }

    /// Whether both are the same tracker.
    pub(super) fn is(&self, other: &Self) -> bool {
        Gc::ptr_eq(&self.0, &other.0)
    }

    fn promises(&self) -> (Deferred, Deferred) {
        self.read(|data| (data.committed.clone(), data.finished.clone()))
    }

    /// [A navigation API method tracker-derived result](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-method-tracker-derived-result)
    pub(super) fn result(&self, cx: &mut Context) -> JsResult<JsObject> {
        let (committed, finished) = self.promises();
        result(&committed.promise, &finished.promise, cx)
    }

    /// [Notify about the committed-to entry](https://html.spec.whatwg.org/multipage/nav-history-apis.html#notify-about-the-committed-to-entry),
    /// whose state is already set.
    pub(super) fn notify_about_the_committed_to_entry(&self, entry: &JsObject, cx: &mut Context) {
        self.0.borrow_mut().committed_to = Some(entry.clone());
        let (committed, _) = self.promises();
        committed.resolve(entry.clone().into(), cx);
    }

    /// [Resolve the finished promise](https://html.spec.whatwg.org/multipage/nav-history-apis.html#resolve-the-finished-promise)
    pub(super) fn resolve_the_finished_promise(&self, cx: &mut Context) {
        let Some(entry) = self.read(|data| data.committed_to.clone()) else {
            return;
        };
        let (committed, finished) = self.promises();
        committed.resolve(entry.clone().into(), cx);
        finished.resolve(entry.into(), cx);
    }

    /// [Reject the finished promise](https://html.spec.whatwg.org/multipage/nav-history-apis.html#reject-the-finished-promise)
    pub(super) fn reject_the_finished_promise(&self, reason: &JsValue, cx: &mut Context) {
        let (committed, finished) = self.promises();
        committed.reject(reason.clone(), cx);
        finished.reject(reason.clone(), cx);
    }
}

/// A `NavigationResult`.
fn result(committed: &JsObject, finished: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let result = JsObject::with_object_proto(cx.intrinsics());
    let key = js_string!("committed");
    result.create_data_property_or_throw(key, committed.clone(), cx)?;
    let key = js_string!("finished");
    result.create_data_property_or_throw(key, finished.clone(), cx)?;
    Ok(result)
}

/// [An early error result](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-early-error-result)
pub(super) fn early_error(reason: &JsValue, cx: &mut Context) -> JsResult<JsObject> {
    let (committed, finished) = (Deferred::new(cx), Deferred::new(cx));
    committed.reject(reason.clone(), cx);
    finished.mark_as_handled(cx);
    finished.reject(reason.clone(), cx);
    result(&committed.promise, &finished.promise, cx)
}

/// A result whose promises are resolved with an entry.
pub(super) fn early_result(entry: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let (committed, finished) = (Deferred::new(cx), Deferred::new(cx));
    committed.resolve(entry.clone().into(), cx);
    finished.resolve(entry.clone().into(), cx);
    result(&committed.promise, &finished.promise, cx)
}
