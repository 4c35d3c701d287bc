//! The state of a `History`, and traversal
//! ([HTML, the History interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{
    Contexts, DomError, EffectHost as _, HistoryHandling, SerializedState,
};
use framepost_event_loop::{ClientId, GlobalId};
use framepost_messaging::structured_clone::{
    structured_deserialize, structured_serialize_for_storage,
};

use super::history::{HISTORY, HistoryData};
use crate::script::{Host, MessageHost, realm, run_steps, with_contexts};
use crate::webidl::exception::OrThrow as _;
use crate::webidl::receiver::Receiver as _;
use crate::webidl::{self, platform};

/// The `History` of a window.
pub(crate) fn of_window(window: GlobalId, cx: &mut Context) -> JsObject {
    let realm = realm::realm_of(cx, window);
    realm::singleton(cx, &realm, "history", |cx, realm| {
        let data = HistoryData {
            window,
            version: 0,
            state: JsValue::null(),
        };
        webidl::create_object(realm, &HISTORY, data, cx)
    })
}

/// Queries the history of a `History`'s document. A document that is gone is not fully active.
pub(super) fn with_history<R>(
    history: &HistoryData,
    cx: &mut Context,
    ask: impl FnOnce(&mut Contexts, ClientId) -> Result<R, DomError>,
) -> JsResult<R> {
    let answer = with_contexts(cx, |contexts| match document_of(contexts, history.window) {
        Some(document) => ask(contexts, document),
        None => Err(gone()),
    });
    answer.or_throw(cx)
}

fn document_of(contexts: &Contexts, window: GlobalId) -> Option<ClientId> {
    Some(contexts.window(window)?.document())
}

fn gone() -> DomError {
    DomError::Security {
        reason: "the document of this history is gone".to_owned(),
    }
}

/// [Delta traverse](https://html.spec.whatwg.org/multipage/nav-history-apis.html#delta-traverse)
pub(super) fn delta_traverse(history: &HistoryData, delta: i32, cx: &mut Context) -> JsResult<()> {
    let steps = Host::new(cx).with_contexts(|contexts, queues| {
        let document = document_of(contexts, history.window).ok_or_else(gone)?;
        contexts.delta_traverse(queues, document, delta)
    });
    let steps = steps.or_throw(cx)?;
    run_steps(cx, steps);
    Ok(())
}

/// [Shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps)
pub(super) fn push_or_replace(
    history: &HistoryData,
    data: &JsValue,
    url: Option<&str>,
    handling: HistoryHandling,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. The document has to be fully active. NOT YET: a limit on the number of calls.
    with_history(history, cx, |contexts, document| {
        contexts.check_history_push_or_replace(document)
    })?;
    // 4. Serialize the state.
    let serialized = structured_serialize_for_storage(&mut MessageHost::new(cx), data)?;
    // 5. to 10. Serializing runs script, so the document may be gone afterwards.
    let steps = with_history(history, cx, |contexts, document| {
        let state = SerializedState::new(serialized);
        contexts.history_push_or_replace(document, state, url, handling)
    })?;
    run_steps(cx, steps);
    Ok(())
}

/// The getter of [`history.state`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-state):
/// the state is deserialized on first use
/// ([restore the history object state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-the-history-object-state)).
pub(super) fn state(this: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let history = HistoryData::of(this)?;
    let (version, serialized) = with_history(&history, cx, |contexts, document| {
        contexts.history_state(document)
    })?;
    if history.version == version {
        return Ok(history.state);
    }
    let state = match serialized.as_ref().and_then(SerializedState::get) {
        // A state that cannot be deserialized is null.
        Some(serialized) => {
            let realm = realm::realm_of(cx, history.window);
            structured_deserialize(&mut MessageHost::new(cx), serialized, &realm)
                .unwrap_or_else(|_| JsValue::null())
        }
        None => JsValue::null(),
    };
    platform::write(this, |data: &mut HistoryData| {
        data.version = version;
        data.state = state.clone();
    })?;
    Ok(state)
}

/// The `state` of a window's `History`, for the event `popstate`.
pub(crate) fn state_of_window(ctx: &mut Context, window: GlobalId) -> JsValue {
    let history = of_window(window, ctx);
    state(&history, ctx).unwrap_or_else(|_| JsValue::null())
}
