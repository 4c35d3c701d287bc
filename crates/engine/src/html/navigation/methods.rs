//! The navigating methods: `navigate()`, `reload()`, `traverseTo()`, `back()` and `forward()`
//! ([HTML, initiating navigations](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-initiating-navigations)).

use boa_engine::{Context, JsError, JsObject, JsResult, JsValue};
use framepost_browsing_context::{
    Contexts, EffectHost as _, HistoryHandling, NavigateParams, SerializedState, Url,
};
use framepost_event_loop::{ClientId, GlobalId};

use super::entries::{self, Identifier, uuid};
use super::tracker::{Tracker, early_error, early_result};
use super::{
    NavigationNavigateOptions, NavigationOptions, NavigationReloadOptions, serialize, window_of,
    with,
};
use crate::script::callback::is_left;
use crate::script::{Host, run_steps, with_contexts};
use crate::webidl::exception;

fn early(name: &str, message: &str, cx: &mut Context) -> JsResult<JsObject> {
    let reason = exception::create(name, message, cx).into();
    early_error(&reason, cx)
}

/// An early error result for a thrown value.
fn thrown(error: JsError, cx: &mut Context) -> JsResult<JsObject> {
    let reason = error.into_opaque(cx)?;
    early_error(&reason, cx)
}

fn document_of(contexts: &Contexts, window: GlobalId) -> Option<ClientId> {
    Some(contexts.window(window)?.document())
}

/// The name of the exception if the document of a window cannot be navigated by this API.
fn refused(window: GlobalId, cx: &mut Context) -> Option<&'static str> {
    // The document is not fully active.
    if is_left(cx, window) {
        return Some("The document is not fully active.");
    }
    // Its unload counter is greater than 0.
    let unloads = with_contexts(cx, |contexts| {
        let document = document_of(contexts, window);
        document.is_some_and(|document| contexts.is_unloading(document))
    });
    unloads.then_some("The document is being unloaded.")
}

/// [`navigate()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-navigate)
pub(super) fn navigate(
    navigation: &JsObject,
    url: &str,
    options: NavigationNavigateOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let window = window_of(navigation)?;
    // 1. and 2. Parse the URL.
    let parsed = with_contexts(cx, |contexts| match document_of(contexts, window) {
        Some(document) => contexts.parse_url(document, url).ok(),
        None => parse_apart(url),
    });
    let Some(url) = parsed else {
        return early("SyntaxError", "The URL is not valid.", cx);
    };
    // 4. A navigation that must be a replace cannot add an entry.
    let is_initial = with_contexts(cx, |contexts| {
        let document = document_of(contexts, window);
        let document = document.and_then(|document| contexts.document(document));
        document.is_some_and(framepost_browsing_context::Document::is_initial_about_blank)
    });
    // A javascript: URL has no history entry.
    let is_javascript = url.scheme() == "javascript";
    if is_javascript || (options.history == HistoryHandling::Push && is_initial) {
        let message = "This navigation cannot add such an entry to the history.";
        return early("NotSupportedError", message, cx);
    }
    // Only a page from a file may navigate to a file.
    let is_file = with_contexts(cx, |contexts| {
        let own = contexts
            .url_of_global(window)
            .map(|url| url.scheme() == "file");
        own.unwrap_or_default()
    });
    if url.scheme() == "file" && !is_file {
        return early("AbortError", "The page may not navigate to a file URL.", cx);
    }
    // 5. to 7. Serialize the state.
    let state = match serialize(&options.state.unwrap_or_default(), cx) {
        Ok(state) => state,
        Err(error) => return thrown(error, cx),
    };
    // 8. and 9. The document has to be active.
    if let Some(message) = refused(window, cx) {
        return early("InvalidStateError", message, cx);
    }
    // 10. and 11. Set up the tracker.
    let tracker = set_up_a_tracker(navigation, options.parent.info, Some(state.clone()), cx);
    // 12. Navigate.
    let history = options.history;
    let steps = Host::new(cx).with_contexts(|contexts, queues| {
        let held = contexts.window(window)?;
        let (document, navigable) = (held.document(), held.navigable());
        let mut params = NavigateParams::new(url).by(document).with_history(history);
        params.navigation_state = Some(state);
        Some(contexts.navigate(queues, navigable, params))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
    finish(navigation, &tracker, cx)
}

/// Parses a URL for a document that is gone. The caller uses only the success of parsing.
fn parse_apart(url: &str) -> Option<Url> {
    let base = Url::parse("http://localhost/").ok()?;
    Url::options().base_url(Some(&base)).parse(url).ok()
}

/// [Maybe set the upcoming non-traverse API method tracker](https://html.spec.whatwg.org/multipage/nav-history-apis.html#maybe-set-the-upcoming-non-traverse-api-method-tracker)
fn set_up_a_tracker(
    navigation: &JsObject,
    info: Option<JsValue>,
    state: Option<SerializedState>,
    cx: &mut Context,
) -> Tracker {
    let tracker = Tracker::new(None, info, state, cx);
    let window = with(navigation, |data| data.window);
    let disabled = with_contexts(cx, |contexts| {
        window.is_none_or(|window| contexts.has_entries_and_events_disabled(window))
    });
    if !disabled {
        with(navigation, |data| data.upcoming = Some(tracker.clone()));
    }
    tracker
}

/// The result of a navigation. A navigation without an event has failed.
fn finish(navigation: &JsObject, tracker: &Tracker, cx: &mut Context) -> JsResult<JsObject> {
    let failed = with(navigation, |data| {
        let waits = data
            .upcoming
            .as_ref()
            .is_some_and(|upcoming| upcoming.is(tracker));
        if waits {
            data.upcoming = None;
        }
        waits
    });
    if failed == Some(true) {
        return early("AbortError", "The navigation was aborted.", cx);
    }
    tracker.result(cx)
}

/// [`reload()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-reload)
pub(super) fn reload(
    navigation: &JsObject,
    options: NavigationReloadOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let window = window_of(navigation)?;
    // 2. to 4. Serialize the state; without one, the entry keeps its own.
    let state = match options.state.filter(|state| !state.is_undefined()) {
        Some(state) => match serialize(&state, cx) {
            Ok(state) => Some(state),
            Err(error) => return thrown(error, cx),
        },
        None => None,
    };
    // 5. and 6. The document has to be active.
    if let Some(message) = refused(window, cx) {
        return early("InvalidStateError", message, cx);
    }
    // 7. and 8. Set up the tracker.
    let tracker = set_up_a_tracker(navigation, options.parent.info, state.clone(), cx);
    // 9. Reload.
    let steps = with_contexts(cx, |contexts| {
        let navigable = contexts.window(window)?.navigable();
        Some(contexts.reload_with_state(navigable, state))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
    // 10. Return the result of the tracker.
    finish(navigation, &tracker, cx)
}

/// [`traverseTo()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-traverseto)
pub(super) fn traverse_to(
    navigation: &JsObject,
    key: &str,
    options: NavigationOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Find the entry.
    entries::synchronize(navigation, cx);
    let keys: Vec<u64> = with(navigation, |data| {
        data.known.iter().map(|known| known.entry.key).collect()
    })
    .unwrap_or_default();
    let found = keys
        .into_iter()
        .find(|known| uuid(Identifier::Key(*known), cx) == key);
    match found {
        Some(key) => perform_a_traversal(navigation, key, options, cx),
        None => early("InvalidStateError", "There is no entry with this key.", cx),
    }
}

/// [`back()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-back) and
/// [`forward()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-forward)
pub(super) fn go(
    navigation: &JsObject,
    delta: isize,
    options: NavigationOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. There has to be such an entry.
    let position = entries::position(navigation, cx);
    let target = position.and_then(|(at, _)| at.checked_add_signed(delta));
    // 2. and 3. Take the key of that entry.
    let key = target.and_then(|target| {
        with(navigation, |data| {
            data.known.get(target).map(|known| known.entry.key)
        })
        .flatten()
    });
    match key {
        Some(key) => perform_a_traversal(navigation, key, options, cx),
        None => early("InvalidStateError", "There is no such entry.", cx),
    }
}

/// [Perform a navigation API traversal](https://html.spec.whatwg.org/multipage/nav-history-apis.html#performing-a-navigation-api-traversal)
fn perform_a_traversal(
    navigation: &JsObject,
    key: u64,
    options: NavigationOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let window = window_of(navigation)?;
    // 1. to 3. The document has to be active.
    if let Some(message) = refused(window, cx) {
        return early("InvalidStateError", message, cx);
    }
    // 4. and 5. The current entry needs no traversal.
    if let Some(current) = entries::current_entry(navigation, cx)
        && entries::shown(&current).is_some_and(|entry| entry.key == key)
    {
        return early_result(&current, cx);
    }
    // 6. A waiting traversal to this entry is used again.
    let waiting = with(navigation, |data| {
        let mut waiting = data.upcoming_traversals.iter();
        waiting
            .find(|tracker| tracker.read(|data| data.key) == Some(key))
            .cloned()
    });
    if let Some(waiting) = waiting.flatten() {
        return waiting.result(cx);
    }
    // 7. and 8. Add the tracker.
    let tracker = Tracker::new(Some(key), options.info, None, cx);
    with(navigation, |data| {
        data.upcoming_traversals.push(tracker.clone());
    });
    // 9. to 12. Append the traversal.
    Host::new(cx).with_contexts(|contexts, queues| contexts.traverse_to_a_key(queues, window, key));
    // 13. Return the result of the tracker.
    tracker.result(cx)
}
