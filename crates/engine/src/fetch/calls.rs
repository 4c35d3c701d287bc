//! The fetches of scripts that are under way, from the call to its response.
//!
//! [`Fetching`] decides which requests are sent. This module loads them, and queues a networking task for the result.

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::{Context, JsObject};
use framepost_browsing_context::fetch::{FetchStep, Fetching, FilteredResponse};
use framepost_browsing_context::{FetchRequest, LoadError, Response};
use framepost_event_loop::{Arena, GlobalId, TaskSource, new_key_type};

use super::requests::RequestParts;
use crate::boa::slots::Slot;
use crate::file::blob_data::BlobData;
use crate::loads::{self, Receiver, To};
use crate::output::{OriginKind, Output};
use crate::script::realm::{in_realm, realm_of};
use crate::script::{
    EngineTask, TaskId, TaskKind, clean_up_after_running_script, emit, origins,
    prepare_to_run_script, task_log, with_contexts, with_loop,
};

new_key_type! {
    /// Identifies a fetch of a script.
    pub struct CallId: "fetch of a script";
}

/// The result of a fetch: a response, or a network error.
pub(crate) type Fetched = Result<Box<FilteredResponse>, LoadError>;

/// The receiver of a result.
pub(crate) enum Caller {
    /// A promise, and the request that it belongs to.
    Promise(ResolvingFunctions, JsObject),
    /// An object of another interface, with the steps that take the result.
    Object(JsObject, fn(&mut Context, &JsObject, Fetched)),
    /// Nobody.
    Nobody,
}

/// A fetch that is under way.
struct Call {
    global: GlobalId,
    fetching: Fetching,
    blob: Option<BlobData>,
    caller: Caller,
    result: Option<Fetched>,
    /// The place of the call.
    origin: Option<Box<origins::Position>>,
}

/// The fetches that are under way.
static CALLS: Slot<Arena<CallId, Call>> = Slot::new();

static RECEIVER: Receiver = Receiver {
    is_awaited: |ctx, id| CALLS.with(ctx, |calls| calls.get(id.key()).is_some()),
    take: |ctx, id, answer| {
        let id = id.key();
        let step = CALLS.with(ctx, |calls| {
            Some(calls.get_mut(id)?.fetching.answered(answer))
        });
        if let Some(step) = step {
            proceed(ctx, id, step);
        }
    },
    origin: |ctx, id| {
        let position = CALLS.with(ctx, |calls| calls.get(id.key())?.origin.clone())?;
        let origin = origins::of_position(ctx, OriginKind::Request, &position);
        Some((origin, origins::age(ctx, &position)))
    },
};

/// Starts a fetch of a global. `None` if the global is gone.
pub(crate) fn start(
    ctx: &mut Context,
    global: GlobalId,
    parts: RequestParts,
    caller: Caller,
) -> Option<CallId> {
    let RequestParts { request, blob } = parts;
    let mut fetching = with_contexts(ctx, |contexts| contexts.begin_fetch(global, request))?;
    let step = fetching.begin();
    let call = Call {
        global,
        fetching,
        blob,
        caller,
        result: None,
        origin: origins::of_call(ctx),
    };
    let id = CALLS.with(ctx, |calls| calls.insert(call));
    proceed(ctx, id, step);
    Some(id)
}

/// Performs the next step of a fetch.
fn proceed(ctx: &mut Context, id: CallId, step: FetchStep) {
    match step {
        FetchStep::Send(request) => {
            let blob = CALLS.with(ctx, |calls| calls.get(id)?.blob.clone());
            match blob_response(&request, blob.as_ref()) {
                Some(response) => (RECEIVER.take)(ctx, id.into(), Ok(response)),
                None => loads::load(ctx, To::Family(&RECEIVER, id.into()), *request),
            }
        }
        FetchStep::Done(result) => ended(ctx, id, result),
    }
}

/// The response of a blob whose URL was resolved when the request was made.
fn blob_response(request: &FetchRequest, blob: Option<&BlobData>) -> Option<Response> {
    let blob = blob.filter(|_| request.url.scheme() == "blob")?;
    let mut response = Response::new(
        request.url.clone(),
        blob.content_type.clone(),
        blob.bytes().to_vec(),
    );
    response.content_type = response.content_type.filter(|text| !text.is_empty());
    Some(response)
}

/// Keeps the result of a fetch, and queues the task that passes it on.
fn ended(ctx: &mut Context, id: CallId, result: Fetched) {
    report(ctx, &result);
    let delay = result.as_ref().map(|response| response.delay);
    let delay = delay.unwrap_or_default();
    let global = CALLS.with(ctx, |calls| {
        let call = calls.get_mut(id)?;
        call.result = Some(result);
        Some(call.global)
    });
    let Some(global) = global else { return };
    with_loop(ctx, |event_loop| {
        let Some(client) = event_loop.client_of(global) else {
            return;
        };
        let task = EngineTask::new(&PROCESS_RESPONSE, id);
        if delay.is_zero() {
            event_loop.queue_task_in_parallel(TaskSource::Networking, Some(client), task);
        } else {
            event_loop.queue_task_after(delay, TaskSource::Networking, Some(client), task);
        }
    });
}

/// Tells the user why a fetch has failed. The script does not get the reason.
fn report(ctx: &Context, result: &Fetched) {
    if let Err(error) = result {
        emit(ctx, &Output::Diagnostic(error.to_string()));
    }
}

/// [Process response](https://fetch.spec.whatwg.org/#process-response)
static PROCESS_RESPONSE: TaskKind = TaskKind {
    name: "process the response to a fetch",
    run: |ctx, id| {
        if let Some(Call {
            global,
            fetching,
            caller,
            result: Some(result),
            origin,
            ..
        }) = take(ctx, id)
        {
            let url = || fetching.request().url.to_string();
            task_log::passes_on_response(ctx, url, origin.as_deref());
            let realm = realm_of(ctx, global);
            in_realm(ctx, &realm, |ctx| match caller {
                Caller::Promise(functions, request) => {
                    prepare_to_run_script(ctx, Some(global));
                    super::method::settle(ctx, global, &functions, &request, result);
                    clean_up_after_running_script(ctx);
                }
                Caller::Object(object, steps) => steps(ctx, &object, result),
                Caller::Nobody => {}
            });
        }
    },
};

fn take(ctx: &Context, id: TaskId) -> Option<Call> {
    CALLS.with(ctx, |calls| calls.remove(id.key()))
}

/// [Terminates](https://fetch.spec.whatwg.org/#fetch-controller-terminate) a fetch, and returns its caller. `None` if
/// its result was passed on.
pub(crate) fn terminate(ctx: &Context, id: CallId) -> Option<Caller> {
    take(ctx, id.into()).map(|call| call.caller)
}

/// Fetches without running any task.
pub(crate) fn fetch_now(ctx: &mut Context, global: GlobalId, parts: RequestParts) -> Fetched {
    let RequestParts { request, blob } = parts;
    let url = request.url.to_string();
    let fetching = with_contexts(ctx, |contexts| contexts.begin_fetch(global, request));
    let Some(mut fetching) = fetching else {
        let reason = "its window or worker is gone";
        return Err(LoadError::Refused { url, reason });
    };
    let mut step = fetching.begin();
    loop {
        let request = match step {
            FetchStep::Send(request) => request,
            FetchStep::Done(result) => {
                report(ctx, &result);
                return result;
            }
        };
        let answer = match blob_response(&request, blob.as_ref()) {
            Some(response) => Ok(response),
            None => loads::load_now(ctx, &request),
        };
        step = fetching.answered(answer);
    }
}

/// Ends the fetches of a discarded window or an ended worker. Those with
/// [keepalive](https://fetch.spec.whatwg.org/#request-keepalive-flag) continue, without anybody who waits.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    let ended = CALLS.with(ctx, |calls| {
        let ids = calls.keys_in_order().into_iter();
        let of_global = |id: &CallId| calls.get(*id).is_some_and(|call| call.global == global);
        let ids: Vec<CallId> = ids.filter(of_global).collect();
        let mut ended = Vec::new();
        for id in ids {
            let keepalive = calls
                .get(id)
                .is_some_and(|call| call.fetching.request().keepalive && call.result.is_none());
            match calls.get_mut(id).filter(|_| keepalive) {
                Some(call) => ended.push(std::mem::replace(&mut call.caller, Caller::Nobody)),
                None => ended.extend(calls.remove(id).map(|call| call.caller)),
            }
        }
        ended
    });
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(ended);
}
