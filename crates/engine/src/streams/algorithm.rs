//! The algorithms of a stream's source, sink or transformer: callbacks of script, or steps of the engine.

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, NativeFunction, Trace};

use super::handle::{Handle, Interfaced};
use super::promises::{promise_of, rejected_with_error, resolved_with};
use crate::boa::recursion;
use crate::script::callback::{Callback, invoke};
use crate::script::clean_up_after_running_script;

/// An algorithm.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum Algorithm {
    /// Returns undefined.
    Nothing,
    /// Invokes a callback of script, with this `this` value.
    Script(Callback, JsValue),
    /// Performs steps of the engine.
    Native(NativeFunction),
}

impl Algorithm {
    /// The algorithm that invokes a callback, if there is one.
    pub(crate) fn of(callback: Option<JsObject>, this: &JsValue, cx: &Context) -> Self {
        match callback {
            Some(callback) => Self::Script(Callback::new(callback, cx), this.clone()),
            None => Self::Nothing,
        }
    }

    /// An algorithm of the engine.
    pub(crate) fn native<C: Trace + 'static>(
        captured: C,
        steps: fn(&mut Context, &C, &[JsValue]) -> JsResult<JsValue>,
    ) -> Self {
        Self::Native(NativeFunction::from_copy_closure_with_captures(
            move |_, args, captured: &C, cx| steps(cx, captured, args),
            captured,
        ))
    }

    /// Performs the algorithm.
    pub(crate) fn call(&self, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
        match self {
            Self::Nothing => Ok(JsValue::undefined()),
            Self::Script(callback, this) => {
                let result = invoke(callback, this, args, cx);
                clean_up_after_running_script(cx);
                result
            }
            // A stream may be a branch of a branch, and so on.
            Self::Native(function) => {
                recursion::enter(cx, |cx| function.call(&JsValue::undefined(), args, cx))
            }
        }
    }

    /// Performs the algorithm. Only a callback of script receives the controller, behind the arguments.
    pub(crate) fn call_with<T: Interfaced>(
        &self,
        mut args: Vec<JsValue>,
        controller: &Handle<T>,
        cx: &mut Context,
    ) -> JsResult<JsValue> {
        if matches!(self, Self::Script(..)) {
            args.push(controller.object(cx).into());
        }
        self.call(&args, cx)
    }

    /// Performs the algorithm. The result is a promise, also for an exception.
    pub(crate) fn promise(&self, args: &[JsValue], cx: &mut Context) -> JsResult<JsPromise> {
        let result = self.call(args, cx);
        self.settled(result, cx)
    }

    /// [`call_with`](Self::call_with), with a promise as the result.
    pub(crate) fn promise_with<T: Interfaced>(
        &self,
        args: Vec<JsValue>,
        controller: &Handle<T>,
        cx: &mut Context,
    ) -> JsResult<JsPromise> {
        let result = self.call_with(args, controller, cx);
        self.settled(result, cx)
    }

    fn settled(&self, result: JsResult<JsValue>, cx: &mut Context) -> JsResult<JsPromise> {
        match (result, self) {
            (Ok(value), Self::Native(_)) => promise_of(&value, cx),
            (Ok(value), _) => resolved_with(&value, cx),
            (Err(error), _) => rejected_with_error(error, cx),
        }
    }
}
