//! Calls back into script: [Web IDL, callbacks](https://webidl.spec.whatwg.org/#js-invoking-callback-functions).

use std::rc::Rc;

use boa_engine::builtins::function::OrdinaryFunction;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace, js_string};
use framepost_event_loop::GlobalId;

use crate::boa::errors::type_error;
use crate::script::host::clean_up_in;
use crate::script::realm::window_of_realm;
use crate::script::{State, running, state, with_contexts};

/// A callback function or callback interface object, with its
/// [callback context](https://webidl.spec.whatwg.org/#dfn-callback-context).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Callback {
    pub(crate) object: JsObject,
    /// The incumbent global when script passed the object in.
    #[unsafe_ignore_trace]
    pub(crate) incumbent: Option<GlobalId>,
    /// See [`window`](Self::window).
    #[unsafe_ignore_trace]
    window: Option<GlobalId>,
}

impl Callback {
    /// Creates a callback from an object; its callback context is that of the running script.
    pub(crate) fn new(object: JsObject, ctx: &Context) -> Self {
        let incumbent = crate::script::realm::incumbent(ctx);
        Self::with_incumbent(object, incumbent, ctx)
    }

    /// Creates a callback from an object, with this incumbent global.
    pub(crate) fn with_incumbent(
        object: JsObject,
        incumbent: Option<GlobalId>,
        ctx: &Context,
    ) -> Self {
        let function = object.downcast_ref::<OrdinaryFunction>();
        let window = function.and_then(|function| window_of_realm(ctx, function.realm()));
        Self {
            object,
            incumbent,
            // Boa exposes the realm of ordinary functions only. The incumbent is the fallback.
            window: window.or(incumbent),
        }
    }

    /// Returns the window of the callback's
    /// [associated realm](https://webidl.spec.whatwg.org/#dfn-associated-realm). The callback's exceptions are
    /// reported there, for any caller.
    pub(crate) fn window(&self) -> Option<GlobalId> {
        self.window
    }
}

/// [Call a user object's operation](https://webidl.spec.whatwg.org/#call-a-user-objects-operation)
///
/// Calls the object itself if it is callable, else its method of this name. The caller cleans up after running script,
/// with [`finish`] or [`clean_up_after_running_script`](super::clean_up_after_running_script).
pub(crate) fn call_operation(
    callback: &Callback,
    operation: &'static str,
    this: &JsValue,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    prepared(callback, ctx, |ctx| {
        if callback.object.is_callable() {
            return callback.object.call(this, args, ctx);
        }
        let method = callback.object.get(js_string!(operation), ctx)?;
        let Some(method) = method.as_callable() else {
            return Err(type_error(format!(
                "The listener's '{operation}' is not a function."
            )));
        };
        method.call(&callback.object.clone().into(), args, ctx)
    })
}

/// Whether this is a window whose document is no longer fully active, or a worker that has ended.
pub(crate) fn is_left(ctx: &Context, global: GlobalId) -> bool {
    with_contexts(ctx, |contexts| {
        !contexts.is_in_a_fully_active_document(global)
    })
}

fn prepared(
    callback: &Callback,
    ctx: &mut Context,
    call: impl FnOnce(&mut Context) -> JsResult<JsValue>,
) -> JsResult<JsValue> {
    prepared_in(&state(ctx), callback, ctx, call)
}

fn prepared_in(
    state: &State,
    callback: &Callback,
    ctx: &mut Context,
    call: impl FnOnce(&mut Context) -> JsResult<JsValue>,
) -> JsResult<JsValue> {
    // The caller reports an exception, and does so before the microtask checkpoint.
    running::call_prepared(ctx, state, callback.window(), callback.incumbent, call)
}

/// [Invoke a callback function](https://webidl.spec.whatwg.org/#invoke-a-callback-function). The caller cleans up, as for
/// [`call_operation`].
pub(crate) fn invoke(
    callback: &Callback,
    this: &JsValue,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    prepared(callback, ctx, |ctx| callback.object.call(this, args, ctx))
}

/// [Invokes a callback function](https://webidl.spec.whatwg.org/#invoke-a-callback-function), reports
/// the exception that it throws, then performs the microtask checkpoint.
pub(crate) fn invoke_and_report(
    callback: &Callback,
    this: &JsValue,
    args: &[JsValue],
    window: Option<GlobalId>,
    ctx: &mut Context,
) -> Option<JsValue> {
    let state = state(ctx);
    let result = prepared_in(&state, callback, ctx, |ctx| {
        callback.object.call(this, args, ctx)
    });
    finish_in(&state, result, callback.window().or(window), ctx)
}

/// Reports the exception of an invoked callback, then cleans up after running script.
pub(crate) fn finish(
    result: JsResult<JsValue>,
    window: Option<GlobalId>,
    ctx: &mut Context,
) -> Option<JsValue> {
    finish_in(&state(ctx), result, window, ctx)
}

fn finish_in(
    state: &Rc<State>,
    result: JsResult<JsValue>,
    window: Option<GlobalId>,
    ctx: &mut Context,
) -> Option<JsValue> {
    let value = match result {
        Ok(value) => Some(value),
        Err(error) => {
            crate::script::report_exception(ctx, window, error);
            None
        }
    };
    clean_up_in(ctx, state);
    value
}
