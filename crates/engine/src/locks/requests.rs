//! Lock requests with their callbacks and promises
//! ([Web Locks, LockManager](https://w3c.github.io/web-locks/#api-lock-manager)).

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::{JsArray, JsPromise};
use boa_engine::{
    Context, Finalize, JsData, JsError, JsObject, JsResult, JsString, JsValue, NativeFunction,
    Trace, js_string,
};
use framepost_event_loop::{FxHashMap, GlobalId, Key};
use framepost_messaging::Messaging;
use framepost_messaging::locks::{
    self, LockError, LockEvent, LockId, LockInfo, LockRequestId, LockSnapshot,
    WEB_LOCKS_TASK_SOURCE,
};

use super::interface::{LOCK, LockData, LockMode, LockOptions};
use crate::boa::random;
use crate::boa::slots::Slot;
use crate::dom::aborting;
use crate::script::callback::{self, Callback};
use crate::script::origins::{self, Waits};
use crate::script::realm::{in_realm, realm_of};
use crate::script::{
    clean_up_after_running_script, report_exception, settlement, with_contexts, with_messaging,
    with_messaging_and_contexts,
};
use crate::webidl::{self, exception, platform};

/// The requests whose promises are not settled. Never iterated where the order shows.
static REQUESTS: Slot<FxHashMap<LockRequestId, Request>> = Slot::new();

/// The script side of a request.
struct Request {
    client: GlobalId,
    /// `None` once it was called.
    callback: Option<Callback>,
    /// The functions of its promise.
    functions: ResolvingFunctions,
    name: JsString,
    mode: LockMode,
}

/// How a promise is settled.
#[derive(Clone, Copy)]
enum Settled {
    Resolved,
    Rejected,
}

/// The request that a signal aborts.
#[derive(Clone, Copy, Trace, Finalize, JsData)]
#[boa_gc(empty_trace)]
struct Aborted(LockRequestId);

/// A lock whose promise is being waited for.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct Waiting {
    request: LockRequestId,
    lock: Option<LockId>,
}

fn global_of(manager: &JsObject) -> JsResult<GlobalId> {
    platform::relevant_global(manager).ok_or_else(platform::illegal_invocation)
}

/// The exception for an error, in the realm of a global.
fn thrown(error: LockError, global: GlobalId, cx: &mut Context) -> JsError {
    let realm = realm_of(cx, global);
    in_realm(cx, &realm, |cx| {
        exception::throw(error.dom_exception_name(), &error.to_string(), cx)
    })
}

/// [`request()`](https://w3c.github.io/web-locks/#dom-lockmanager-request)
pub(super) fn request(
    manager: &JsObject,
    name: &JsString,
    options: LockOptions,
    callback: JsObject,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // The signal is examined (9.) before the library makes its checks (1. to 8.) and the request (11.), which it does at
    // once. The promise (10.) is made when nothing can fail any more.
    let client = global_of(manager)?;
    let callback = Callback::new(callback, cx);
    let mut wanted = locks::LockOptions::new();
    wanted.mode = match options.mode {
        LockMode::Shared => locks::LockMode::Shared,
        LockMode::Exclusive => locks::LockMode::Exclusive,
    };
    wanted.if_available = options.if_available;
    wanted.steal = options.steal;
    wanted.has_signal = options.signal.is_some();
    let units = name.to_vec();
    // 9. An aborted signal rejects the promise, if the earlier steps do not.
    let reason = options.signal.as_ref().and_then(aborting::reason);
    if let Some(reason) = reason {
        let checked = with_contexts(cx, |contexts| {
            Messaging::check_lock_request(contexts, client, &units, wanted)
        });
        checked.map_err(|error| thrown(error, client, cx))?;
        return Err(JsError::from_opaque(reason));
    }
    // 1. to 8. and 11. Check the options, and request the lock.
    let requested = with_messaging_and_contexts(cx, |messaging, queues, contexts| {
        messaging.request_lock(queues, contexts, client, &units, wanted)
    });
    let id = requested.map_err(|error| thrown(error, client, cx))?;
    // 10. Create the promise.
    let (promise, functions) = JsPromise::new_pending(cx);
    let request = Request {
        client,
        callback: Some(callback),
        functions,
        name: name.clone(),
        mode: options.mode,
    };
    REQUESTS.with(cx, |requests| requests.insert(id, request));
    origins::listens(cx, Waits::Lock(id));
    // Step 2 of "request a lock": the signal aborts the request.
    if let Some(signal) = options.signal {
        let aborted = JsObject::from_proto_and_data(None, Aborted(id));
        aborting::run_on_abort(&signal, signal_to_abort_the_request, aborted);
    }
    // 12. Return it.
    Ok(promise.into())
}

/// [Signal to abort the request](https://w3c.github.io/web-locks/#signal-to-abort-the-request)
fn signal_to_abort_the_request(cx: &mut Context, aborted: &JsObject, reason: &JsValue) {
    let Some(id) = aborted.downcast_ref::<Aborted>().map(|aborted| aborted.0) else {
        return;
    };
    // A request whose callback was called is not aborted any more.
    let request = REQUESTS.with(cx, |requests| {
        let waits = requests
            .get(&id)
            .is_some_and(|held| held.callback.is_some());
        waits.then(|| requests.remove(&id)).flatten()
    });
    let Some(request) = request else { return };
    // 1. Abort the request.
    with_messaging(cx, |messaging, queues| {
        messaging.abort_lock_request(queues, id);
    });
    // 2. Reject its promise.
    settle(&request, Settled::Rejected, reason, cx);
}

/// Resolves or rejects the promise of a request.
fn settle(request: &Request, settled: Settled, value: &JsValue, cx: &mut Context) {
    let function = match settled {
        Settled::Resolved => &request.functions.resolve,
        Settled::Rejected => &request.functions.reject,
    };
    // The promise's own functions throw only when the engine reaches one of its limits.
    if let Err(error) = function.call(&JsValue::undefined(), std::slice::from_ref(value), cx) {
        report_exception(cx, Some(request.client), error);
    }
}

/// The task of a request: calls the callback, or rejects the promise. It is the part of
/// [process the lock request queue](https://w3c.github.io/web-locks/#process-the-lock-request-queue) and of
/// [request a lock](https://w3c.github.io/web-locks/#request-a-lock) that runs in the event loop of the callback.
pub(crate) fn take_outcome(cx: &mut Context, id: LockRequestId, event: LockEvent) {
    match event {
        // Process the lock request queue, 2.14. The lock is granted.
        LockEvent::Granted { lock } => call_back(cx, id, Some(lock)),
        // Request a lock, 3.5.1. The lock is not available.
        LockEvent::NotAvailable => call_back(cx, id, None),
        // Request a lock, 3.4.1.1.2. The lock was stolen: reject its promise.
        LockEvent::Stolen => {
            let request = REQUESTS.with(cx, |requests| requests.remove(&id));
            let Some(request) = request else { return };
            crate::script::prepare_to_run_script(cx, Some(request.client));
            let realm = realm_of(cx, request.client);
            in_realm(cx, &realm, |cx| {
                let message = "Another request has stolen the lock.";
                let error = exception::create("AbortError", message, cx);
                settle(&request, Settled::Rejected, &error.into(), cx);
            });
            clean_up_after_running_script(cx);
        }
        _ => {}
    }
}

/// Calls the callback of a request with its lock, and waits for the promise that it returns: step 2.14 of
/// [process the lock request queue](https://w3c.github.io/web-locks/#process-the-lock-request-queue), or step 3.5.1 of
/// [request a lock](https://w3c.github.io/web-locks/#request-a-lock) without a lock.
fn call_back(cx: &mut Context, id: LockRequestId, lock: Option<LockId>) {
    // 2.14.1. An aborted request is gone. From now on the signal does not abort it.
    let found = REQUESTS.with(cx, |requests| {
        let request = requests.get_mut(&id)?;
        let callback = request.callback.take()?;
        Some((request.client, callback, request.name.clone(), request.mode))
    });
    let Some((client, callback, name, mode)) = found else {
        return;
    };
    let realm = realm_of(cx, client);
    in_realm(cx, &realm, |cx| {
        // 2.14.2. (3.5.1.1.) Call the callback with the lock, or with null.
        let argument = match lock {
            Some(_) => {
                let mode = mode.as_str().into();
                webidl::create_object(&realm, &LOCK, LockData { name, mode }, cx).into()
            }
            None => JsValue::null(),
        };
        let called = callback::invoke(&callback, &JsValue::undefined(), &[argument], cx);
        // 2.14.3. (3.5.1.2.) The waiting promise follows the result.
        let promise = match called {
            Ok(value) => JsPromise::resolve(value, cx),
            Err(error) => JsPromise::reject(error, cx),
        };
        match promise {
            Ok(promise) => wait_for(&promise, Waiting { request: id, lock }, cx),
            // Only an engine's limit gets here.
            Err(error) => report_exception(cx, Some(client), error),
        }
    });
    clean_up_after_running_script(cx);
}

/// When the [waiting promise](https://w3c.github.io/web-locks/#lock-concept-waiting-promise) of a lock is settled:
/// releases the lock, and settles the promise of its request in the same way.
fn wait_for(promise: &JsPromise, waiting: Waiting, cx: &mut Context) {
    let reaction = |settled: Settled| {
        NativeFunction::from_copy_closure_with_captures(
            move |_, args, waiting: &Waiting, cx| {
                if let Some(lock) = waiting.lock {
                    with_messaging(cx, |messaging, queues| messaging.release_lock(queues, lock));
                }
                let request = REQUESTS.with(cx, |requests| requests.remove(&waiting.request));
                if let Some(request) = request {
                    let value = args.first().cloned().unwrap_or_default();
                    settle(&request, settled, &value, cx);
                }
                Ok(JsValue::undefined())
            },
            waiting,
        )
    };
    let fulfilled = reaction(Settled::Resolved).to_js_function(cx.realm());
    let rejected = reaction(Settled::Rejected).to_js_function(cx.realm());
    // Only a promise that script has changed could make this fail.
    let _derived = promise.then(Some(fulfilled), Some(rejected), cx);
}

/// [`query()`](https://w3c.github.io/web-locks/#dom-lockmanager-query)
pub(super) fn query(manager: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let client = global_of(manager)?;
    let snapshot = with_messaging_and_contexts(cx, |messaging, _, contexts| {
        messaging.query_locks(contexts, client)
    });
    let snapshot = snapshot.map_err(|error| thrown(error, client, cx))?;
    let realm = realm_of(cx, client);
    in_realm(cx, &realm, |cx| {
        let snapshot = object_of(&snapshot, cx)?;
        let source = WEB_LOCKS_TASK_SOURCE;
        Ok(settlement::resolve_in_parallel(cx, source, snapshot))
    })
}

/// A `LockManagerSnapshot`.
fn object_of(snapshot: &LockSnapshot, cx: &mut Context) -> JsResult<JsObject> {
    let object = JsObject::with_object_proto(cx.intrinsics());
    for (name, infos) in [
        (js_string!("held"), &snapshot.held),
        (js_string!("pending"), &snapshot.pending),
    ] {
        let infos = infos.iter().map(|info| Ok(info_of(info, cx)?.into()));
        let infos: Vec<JsValue> = infos.collect::<JsResult<_>>()?;
        let infos = JsArray::from_iter(infos, cx);
        object.create_data_property_or_throw(name, infos, cx)?;
    }
    Ok(object)
}

/// A `LockInfo`.
fn info_of(info: &LockInfo, cx: &mut Context) -> JsResult<JsObject> {
    let object = JsObject::with_object_proto(cx.intrinsics());
    for (name, value) in [
        (js_string!("clientId"), client_id(info.client)),
        (js_string!("mode"), info.mode.to_string().into()),
        (js_string!("name"), JsString::from(&*info.name)),
    ] {
        object.create_data_property_or_throw(name, value, cx)?;
    }
    Ok(object)
}

/// The `clientId` of a window or a worker: the same in every run.
fn client_id(client: GlobalId) -> JsString {
    // Any odd multiplier spreads the numbers.
    let spread = client.serial().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    random::uuid(spread, spread.rotate_left(29) ^ client.serial()).into()
}

/// Returns the requests that wait for their locks, with their clients and names, in the order of the requests.
pub(crate) fn waiting(cx: &Context) -> Vec<(LockRequestId, GlobalId, String)> {
    let mut waiting = REQUESTS.with(cx, |requests| {
        let waiting = requests.iter().filter(|(_, held)| held.callback.is_some());
        let waiting =
            waiting.map(|(id, held)| (*id, held.client, held.name.to_std_string_escaped()));
        waiting.collect::<Vec<_>>()
    });
    waiting.sort_unstable_by_key(|(id, ..)| *id);
    waiting
}

/// The document of a window is destroyed, or a global has ended: its requests and locks end. Their promises stay
/// pending.
pub(crate) fn client_ended(cx: &Context, client: GlobalId) {
    if REQUESTS.with(cx, |requests| requests.is_empty()) {
        return;
    }
    with_messaging(cx, |messaging, queues| {
        messaging.terminate_remaining_locks_and_requests(queues, client);
    });
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(REQUESTS.with(cx, |requests| {
        let ended: Vec<LockRequestId> = requests
            .iter()
            .filter(|(_, request)| request.client == client)
            .map(|(id, _)| *id)
            .collect();
        ended
            .into_iter()
            .filter_map(|id| requests.remove(&id))
            .collect::<Vec<_>>()
    }));
}
