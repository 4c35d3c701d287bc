//! `fetch()` ([Fetch, fetch method](https://fetch.spec.whatwg.org/#fetch-method)).

use std::sync::Arc;

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsValue, Trace};
use framepost_event_loop::GlobalId;

use super::bodies::{error_stream, with_body};
use super::calls::{self, Caller, Fetched};
use super::request::{REQUEST, RequestData, RequestInfo, RequestInit};
use super::requests::BodyToSend;
use super::{requests, responses};
use crate::boa::errors::type_error;
use crate::dom::aborting::{reason, run_on_abort};
use crate::script::report_exception;
use crate::streams::promises::thrown;
use crate::streams::read_all::{Receiver, read_all_bytes};
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
    // The promise (1.) is made after the checks: an exception rejects a promise of the binding.
    // 2. Make a request.
    let data = requests::construct(input, init, cx)?;
    let signal = data.signal.clone();
    // 3. and 4. With an aborted signal, nothing is fetched.
    if let Some(reason) = reason(&signal) {
        return Err(JsError::from_opaque(reason));
    }
    let request = create_here(&REQUEST, data, cx);
    let body = requests::body_to_send(&request)?;
    // 5. The global object is at hand.
    // 1. Make a promise.
    let (promise, functions) = JsPromise::new_pending(cx);
    // NOT YET: 6. Service workers.
    // 7. to 10. The request keeps its response and its fetch.
    // 11. An abort of the signal ends it.
    run_on_abort(&signal, abort, request.clone());
    // 12. Fetch.
    match body {
        BodyToSend::Bytes(bytes) => start(cx, global, functions, &request, bytes)?,
        // NOT YET: a stream is sent while it is read. Here it is read first.
        BodyToSend::Stream(stream) => {
            let waiting = Waiting {
                global,
                request,
                resolve: functions.resolve,
                reject: functions.reject,
            };
            read_all_bytes(&stream, waiting, &SENDER, cx)?;
        }
    }
    // 13. Return the promise.
    Ok(promise.into())
}

/// Starts the fetch of a request whose body was read.
fn start(
    cx: &mut Context,
    global: GlobalId,
    functions: ResolvingFunctions,
    request: &JsObject,
    body: Option<Vec<u8>>,
) -> JsResult<()> {
    let mut parts = requests::to_send(request)?;
    parts.request.body = body.map(Arc::new);
    let caller = Caller::Promise(functions, request.clone());
    let call = calls::start(cx, global, parts, caller).ok_or_else(|| type_error(FAILED))?;
    platform::write(request, |data: &mut RequestData| data.call = Some(call))
}

/// A fetch whose body is being read.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Waiting {
    #[unsafe_ignore_trace]
    global: GlobalId,
    request: JsObject,
    resolve: JsFunction,
    reject: JsFunction,
}

impl Waiting {
    fn reject(&self, reason: JsValue, cx: &mut Context) -> JsResult<()> {
        self.reject
            .call(&JsValue::undefined(), &[reason], cx)
            .map(drop)
    }
}

static SENDER: Receiver<Waiting> = Receiver {
    success: |cx, waiting, bytes| {
        // The signal may have been aborted meanwhile.
        let signal = platform::read(&waiting.request, |data: &RequestData| data.signal.clone())?;
        if let Some(reason) = reason(&signal) {
            return waiting.reject(reason, cx);
        }
        let functions = ResolvingFunctions {
            resolve: waiting.resolve.clone(),
            reject: waiting.reject.clone(),
        };
        match start(cx, waiting.global, functions, &waiting.request, Some(bytes)) {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = thrown(error, cx)?;
                waiting.reject(error, cx)
            }
        }
    },
    // An error of the stream is a network error.
    failure: |cx, waiting, _| {
        let error = thrown(type_error(FAILED), cx)?;
        waiting.reject(error, cx)
    },
};

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
        let stream = with_body(&response, |body| body.as_mut()?.fail(reason.clone()));
        // The object is a response, which has a body or null.
        if let Ok(Some(stream)) = stream
            && let Err(error) = error_stream(&stream, reason, cx)
        {
            report_exception(cx, None, error);
        }
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
