//! Promises ([Web IDL, creating and manipulating promises](https://webidl.spec.whatwg.org/#js-promise-manipulation)).

use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsValue, NativeFunction, Trace};

/// A promise that the engine settles.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Deferred {
    pub(crate) promise: JsPromise,
    resolve: JsFunction,
    reject: JsFunction,
}

impl Deferred {
    /// [A new promise](https://webidl.spec.whatwg.org/#a-new-promise)
    pub(crate) fn new(cx: &mut Context) -> Self {
        let (promise, functions) = JsPromise::new_pending(cx);
        Self {
            promise,
            resolve: functions.resolve,
            reject: functions.reject,
        }
    }

    /// A promise that is resolved with undefined.
    pub(crate) fn resolved(cx: &mut Context) -> JsResult<Self> {
        let deferred = Self::new(cx);
        deferred.resolve(&JsValue::undefined(), cx)?;
        Ok(deferred)
    }

    /// A promise that is rejected, and marked as handled.
    pub(crate) fn rejected(reason: &JsValue, cx: &mut Context) -> JsResult<Self> {
        let deferred = Self::new(cx);
        deferred.reject_handled(reason, cx)?;
        Ok(deferred)
    }

    /// [Resolve](https://webidl.spec.whatwg.org/#resolve)
    pub(crate) fn resolve(&self, value: &JsValue, cx: &mut Context) -> JsResult<()> {
        let args = std::slice::from_ref(value);
        self.resolve.call(&JsValue::undefined(), args, cx).map(drop)
    }

    /// [Reject](https://webidl.spec.whatwg.org/#reject)
    pub(crate) fn reject(&self, reason: &JsValue, cx: &mut Context) -> JsResult<()> {
        let args = std::slice::from_ref(reason);
        self.reject.call(&JsValue::undefined(), args, cx).map(drop)
    }

    /// Rejects the promise, and marks it as handled.
    pub(crate) fn reject_handled(&self, reason: &JsValue, cx: &mut Context) -> JsResult<()> {
        mark_as_handled(&self.promise, cx)?;
        self.reject(reason, cx)
    }

    /// Whether the promise is pending.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(
            self.promise.state(),
            boa_engine::builtins::promise::PromiseState::Pending
        )
    }
}

/// [A promise resolved with](https://webidl.spec.whatwg.org/#a-promise-resolved-with) a value.
pub(crate) fn resolved_with(value: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    let deferred = Deferred::new(cx);
    deferred.resolve(value, cx)?;
    Ok(deferred.promise)
}

/// A promise resolved with undefined.
pub(crate) fn resolved(cx: &mut Context) -> JsResult<JsPromise> {
    resolved_with(&JsValue::undefined(), cx)
}

/// [A promise rejected with](https://webidl.spec.whatwg.org/#a-promise-rejected-with) a reason.
pub(crate) fn rejected_with(reason: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    JsPromise::reject(JsError::from_opaque(reason.clone()), cx)
}

/// A promise rejected with an exception.
pub(crate) fn rejected_with_error(error: JsError, cx: &mut Context) -> JsResult<JsPromise> {
    let reason = thrown(error, cx)?;
    rejected_with(&reason, cx)
}

/// The value of an exception. A limit of the engine stays an error.
pub(crate) fn thrown(error: JsError, cx: &mut Context) -> JsResult<JsValue> {
    error.into_opaque(cx)
}

/// A value as a promise: the promise itself, or one resolved with the value.
pub(crate) fn promise_of(value: &JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    let promise = value.as_object().map(JsPromise::from_object);
    match promise {
        Some(Ok(promise)) => Ok(promise),
        _ => resolved_with(value, cx),
    }
}

/// Steps that run when a promise is settled, with captured data and the value or the reason.
pub(crate) type Steps<C> = fn(&mut Context, &C, &JsValue) -> JsResult<()>;

/// Steps whose result settles a derived promise.
pub(crate) type Transform<C> = fn(&mut Context, &C, &JsValue) -> JsResult<JsValue>;

fn first(args: &[JsValue]) -> JsValue {
    args.first().cloned().unwrap_or_default()
}

fn function_of<C: Trace + 'static>(steps: Steps<C>, captured: C, cx: &Context) -> JsFunction {
    NativeFunction::from_copy_closure_with_captures(
        move |_, args, captured: &C, cx| {
            steps(cx, captured, &first(args))?;
            Ok(JsValue::undefined())
        },
        captured,
    )
    .to_js_function(cx.realm())
}

fn transform_of<C: Trace + 'static>(steps: Transform<C>, captured: C, cx: &Context) -> JsFunction {
    NativeFunction::from_copy_closure_with_captures(
        move |_, args, captured: &C, cx| steps(cx, captured, &first(args)),
        captured,
    )
    .to_js_function(cx.realm())
}

/// Reacts [upon fulfillment](https://webidl.spec.whatwg.org/#upon-fulfillment) and
/// [upon rejection](https://webidl.spec.whatwg.org/#upon-rejection) of a promise.
pub(crate) fn upon<C: Clone + Trace + 'static>(
    promise: &JsPromise,
    captured: C,
    fulfilled: Steps<C>,
    rejected: Steps<C>,
    cx: &mut Context,
) -> JsResult<()> {
    let fulfilled = function_of(fulfilled, captured.clone(), cx);
    let rejected = function_of(rejected, captured, cx);
    promise.then(Some(fulfilled), Some(rejected), cx).map(drop)
}

/// Reacts [upon rejection](https://webidl.spec.whatwg.org/#upon-rejection) of a promise.
pub(crate) fn upon_rejection<C: Trace + 'static>(
    promise: &JsPromise,
    captured: C,
    rejected: Steps<C>,
    cx: &mut Context,
) -> JsResult<()> {
    let rejected = function_of(rejected, captured, cx);
    promise.then(None, Some(rejected), cx).map(drop)
}

/// [React](https://webidl.spec.whatwg.org/#dfn-perform-steps-once-promise-is-settled) to a promise. The result is the
/// derived promise. Without steps, the settlement passes on.
pub(crate) fn react<C: Clone + Trace + 'static>(
    promise: &JsPromise,
    captured: C,
    fulfilled: Option<Transform<C>>,
    rejected: Option<Transform<C>>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    let fulfilled = fulfilled.map(|steps| transform_of(steps, captured.clone(), cx));
    let rejected = rejected.map(|steps| transform_of(steps, captured, cx));
    promise.then(fulfilled, rejected, cx)
}

/// [Mark as handled](https://webidl.spec.whatwg.org/#mark-a-promise-as-handled)
///
/// Boa does not expose the slot, so a reaction marks the promise.
pub(crate) fn mark_as_handled(promise: &JsPromise, cx: &mut Context) -> JsResult<()> {
    upon_rejection(promise, (), |_, (), _| Ok(()), cx)
}

/// [Waiting for all](https://webidl.spec.whatwg.org/#wait-for-all) of two or fewer promises: the result is settled
/// when all are fulfilled, or one is rejected.
pub(crate) fn wait_for_all(promises: Vec<JsPromise>, cx: &mut Context) -> JsResult<JsPromise> {
    let result = Deferred::new(cx);
    let left = boa_gc::Gc::new(boa_gc::GcRefCell::new(promises.len()));
    if promises.is_empty() {
        result.resolve(&JsValue::undefined(), cx)?;
    }
    for promise in promises {
        upon(
            &promise,
            (result.clone(), left.clone()),
            |cx, (result, left), _| {
                let is_last = {
                    let mut left = left.borrow_mut();
                    *left -= 1;
                    *left == 0
                };
                match is_last {
                    true => result.resolve(&JsValue::undefined(), cx),
                    false => Ok(()),
                }
            },
            |cx, (result, _), reason| result.reject(reason, cx),
            cx,
        )?;
    }
    Ok(result.promise)
}

/// The object of a promise.
pub(crate) fn object_of(promise: &JsPromise) -> JsObject {
    promise.clone().into()
}
