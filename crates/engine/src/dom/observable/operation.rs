//! The reactions of an operator to its source, and its state for a subscription.

use boa_engine::object::builtins::JsFunction;
use boa_engine::{Context, Finalize, JsData, JsError, JsObject, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};

use super::subscribing::Inspector;
use super::subscription::{complete, error_of, next};
use crate::script::callback::{Callback, invoke, invoke_and_report};
use crate::script::{clean_up_after_running_script, realm, report_exception};

/// The steps of an operator for the values of its source.
pub(super) struct Steps {
    pub(super) next: fn(&mut Context, &Operation, &JsValue),
    pub(super) error: fn(&mut Context, &Operation, &JsValue),
    pub(super) complete: fn(&mut Context, &Operation),
}

/// One subscription of an operator.
#[derive(Clone, Trace, Finalize, JsData)]
pub(super) struct Operation(Gc<GcRefCell<OperationData>>);

/// The state of an operator for a subscription.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct OperationData {
    /// The subscriber of the observable that the operator returned.
    pub(super) subscriber: Option<JsObject>,
    pub(super) callback: Option<Callback>,
    pub(super) inspector: Option<Inspector>,
    /// The index of the next value, or the number of remaining values.
    pub(super) index: f64,
    pub(super) queue: Vec<JsValue>,
    pub(super) value: Option<JsValue>,
    #[unsafe_ignore_trace]
    pub(super) outer_completed: bool,
    #[unsafe_ignore_trace]
    pub(super) inner_active: bool,
    /// The signal that ends the inner subscription, or the subscription of a promise.
    pub(super) signal: Option<JsObject>,
    pub(super) resolve: Option<JsFunction>,
    pub(super) reject: Option<JsFunction>,
}

impl Operation {
    pub(super) fn new(data: OperationData) -> Self {
        Self(Gc::new(GcRefCell::new(data)))
    }

    /// An operation that passes values on to this subscriber.
    pub(super) fn of(subscriber: &JsObject) -> Self {
        Self::new(OperationData {
            subscriber: Some(subscriber.clone()),
            ..OperationData::default()
        })
    }

    pub(super) fn read<R>(&self, read: impl FnOnce(&OperationData) -> R) -> R {
        read(&self.0.borrow())
    }

    pub(super) fn write<R>(&self, write: impl FnOnce(&mut OperationData) -> R) -> R {
        write(&mut self.0.borrow_mut())
    }

    pub(super) fn subscriber(&self) -> Option<JsObject> {
        self.read(|data| data.subscriber.clone())
    }

    /// Returns the index of the value, and increments it.
    pub(super) fn count(&self) -> f64 {
        self.write(|data| {
            data.index += 1.0;
            data.index - 1.0
        })
    }

    /// Calls the callback of the operation.
    pub(super) fn call(&self, cx: &mut Context, args: &[JsValue]) -> JsResult<JsValue> {
        match self.read(|data| data.callback.clone()) {
            Some(callback) => call(cx, &callback, args),
            None => Ok(JsValue::undefined()),
        }
    }
}

/// Error steps that pass the error on.
pub(super) fn pass_error(cx: &mut Context, operation: &Operation, error: &JsValue) {
    if let Some(subscriber) = operation.subscriber() {
        error_of(&subscriber, error, cx);
    }
}

/// Complete steps that pass it on.
pub(super) fn pass_complete(cx: &mut Context, operation: &Operation) {
    if let Some(subscriber) = operation.subscriber() {
        complete(&subscriber, cx);
    }
}

/// Next steps that pass the value on.
pub(super) fn pass_next(cx: &mut Context, operation: &Operation, value: &JsValue) {
    if let Some(subscriber) = operation.subscriber() {
        next(&subscriber, value, cx);
    }
}

/// Passes all values, errors and completions on.
pub(super) static PASS: Steps = Steps {
    next: pass_next,
    error: pass_error,
    complete: pass_complete,
};

/// Invokes a callback; the exception is the caller's.
pub(super) fn call(cx: &mut Context, callback: &Callback, args: &[JsValue]) -> JsResult<JsValue> {
    let result = invoke(callback, &JsValue::undefined(), args, cx);
    clean_up_after_running_script(cx);
    result
}

/// The value of an exception for script.
pub(super) fn thrown(error: JsError, cx: &mut Context) -> JsValue {
    if error.as_engine().is_some() {
        // A limit was reached: no observer may hide it.
        let window = realm::current_window(cx);
        report_exception(cx, window, error);
        return JsValue::undefined();
    }
    error.into_opaque(cx).unwrap_or_default()
}

/// Invokes a callback and reports its exception.
pub(super) fn report(cx: &mut Context, callback: &Callback, args: &[JsValue]) {
    let window = callback.incumbent;
    invoke_and_report(callback, &JsValue::undefined(), args, window, cx);
}

/// An object that stands for an operation, for the algorithms of signals.
pub(super) fn operation_object(operation: &Operation) -> JsObject {
    JsObject::from_proto_and_data(None, operation.clone())
}

/// The operation that an object stands for.
pub(super) fn operation_of(object: &JsObject) -> Option<Operation> {
    object
        .downcast_ref::<Operation>()
        .map(|operation| operation.clone())
}
