//! `fetch()` ([Fetch, fetch method](https://fetch.spec.whatwg.org/#fetch-method)).

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsError, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;

use super::bodies::with_body;
use super::calls::{self, Caller, Fetched};
use super::request::{REQUEST, RequestData, RequestInfo, RequestInit};
use super::{requests, responses};
use crate::boa::errors::type_error;
use crate::dom::aborting::{reason, run_on_abort};
use crate::script::report_exception;
use crate::webidl::{create_here, platform};

/// The text of the `TypeError` for a network error. It does not tell the reason, which may be a secret of another
/// origin.
const FAILED: &str = "Failed to fetch";

/// [fetch()](https://fetch.spec.whatwg.org/#dom-global-fetch)
pub(super) fn fetch(
    global: GlobalId,
    input: RequestInfo,
    init: RequestInit,
    cx: &mut Context,
) -> JsResult<JsValue> {
    // The promise (1.) is made after the checks: an exception rejects a promise of the binding. The abort steps (11.)
    // follow 12., whose fetch they end.
    // 2. Make a request.
    let data = requests::construct(input, init, cx)?;
    let signal = data.signal.clone();
    // 3. and 4. With an aborted signal, nothing is fetched.
    if let Some(reason) = reason(&signal) {
        return Err(JsError::from_opaque(reason));
    }
    let request = create_here(&REQUEST, data, cx);
    let parts = requests::to_send(&request)?;
    // 5. The global object is at hand.
    // 1. Make a promise.
    let (promise, functions) = JsPromise::new_pending(cx);
    // NOT YET: 6. Service workers.
    // 7. to 10. The request keeps its response and its fetch.
    // 12. Fetch.
    let caller = Caller::Promise(functions, request.clone());
    let call = calls::start(cx, global, parts, caller).ok_or_else(|| type_error(FAILED))?;
    platform::write(&request, |data: &mut RequestData| data.call = Some(call))?;
    // 11. An abort of the signal ends it.
    run_on_abort(&signal, abort, request);
    // 13. Return the promise.
    Ok(promise.into())
}

/// The abort steps of `fetch()`
/// ([abort the fetch() call](https://fetch.spec.whatwg.org/#abort-fetch)).
fn abort(cx: &mut Context, request: &JsObject, reason: &JsValue) {
    let found = platform::with(request, |data: &RequestData| {
        Some((data.call, data.response.clone()))
    });
    let Some((call, response)) = found else {
        return;
    };
    // 1. Reject the promise, if it is pending.
    let caller = call.and_then(|call| calls::terminate(cx, call));
    if let Some(Caller::Promise(functions, _)) = caller {
        let result = functions
            .reject
            .call(&JsValue::undefined(), std::slice::from_ref(reason), cx);
        if let Err(error) = result {
            report_exception(cx, None, error);
        }
    }
    // 2. The body of the request was read already.
    // 3. to 5. The body of the response fails.
    if let Some(response) = response {
        let failed = with_body(&response, |body| {
            if let Some(body) = body {
                body.fail(reason.clone());
            }
        });
        // The object is a response, which has a body or null.
        let _ = failed;
    }
}

/// [processResponse of fetch()](https://fetch.spec.whatwg.org/#dom-global-fetch): settles the promise.
pub(super) fn settle(
    cx: &mut Context,
    global: GlobalId,
    functions: &ResolvingFunctions,
    request: &JsObject,
    result: Fetched,
) {
    // 12.1. and 12.2. A fetch that was aborted has no result.
    let settled = match result {
        // 12.4. and 12.5. Resolve with a response.
        Ok(response) => {
            let response = responses::create(*response, cx);
            let held = response.clone();
            platform::with_mut(request, |data: &mut RequestData| {
                data.response = Some(held);
                Some(())
            });
            let resolve = &functions.resolve;
            resolve.call(&JsValue::undefined(), &[response.into()], cx)
        }
        // 12.3. Reject after a network error.
        Err(_) => {
            let error = type_error(FAILED).into_opaque(cx);
            let reject = &functions.reject;
            error.and_then(|error| reject.call(&JsValue::undefined(), &[error], cx))
        }
    };
    // A promise's own resolving functions throw only when the engine reaches a limit.
    if let Err(error) = settled {
        report_exception(cx, Some(global), error);
    }
}
