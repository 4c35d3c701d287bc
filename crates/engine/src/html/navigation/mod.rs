//! `Navigation` ([HTML, the navigation API](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api)).
//!
//! `framepost-browsing-context` keeps the history and requests the events. This module contains the objects, the
//! promises and the events. They are created when script first uses `window.navigation`.

pub(crate) mod aborting;
mod entries;
pub(crate) mod entry;
pub(crate) mod event;
pub(crate) mod firing;
mod interception;
mod methods;
mod tracker;
mod update;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::{NavigationEntry, SerializedState};
use framepost_event_loop::GlobalId;
use framepost_messaging::structured_clone::{
    structured_deserialize, structured_serialize_for_storage,
};

use crate::dom::event_target::EVENT_TARGET;
use crate::script::{Host, realm, with_contexts};
use crate::webidl::{interface, platform};

use tracker::Tracker;
use update::update_current_entry;

interface! {
    /// The `Navigation` interface.
    [Exposed=Window]
    interface Navigation(NavigationData) : EventTarget {
        sequence<NavigationHistoryEntry> entries() = entries::entries;
        readonly attribute NavigationHistoryEntry? currentEntry = entries::current_entry;
        undefined updateCurrentEntry(NavigationUpdateCurrentEntryOptions options);
        readonly attribute NavigationTransition? transition = |navigation| navigation.transition.clone();
        readonly attribute NavigationActivation? activation = event::activation;

        readonly attribute boolean canGoBack = |navigation: &JsObject, cx| entries::position(navigation, cx).is_some_and(|(at, _)| at > 0);
        readonly attribute boolean canGoForward = |navigation: &JsObject, cx| entries::position(navigation, cx).is_some_and(|(at, length)| at + 1 < length);

        object navigate(USVString url, optional NavigationNavigateOptions options = {}) = methods::navigate;
        object reload(optional NavigationReloadOptions options = {}) = methods::reload;
        object traverseTo(DOMString key, optional NavigationOptions options = {}) = methods::traverse_to;
        object back(optional NavigationOptions options = {}) =
            |navigation: &JsObject, options, cx| methods::go(navigation, -1, options, cx);
        object forward(optional NavigationOptions options = {}) =
            |navigation: &JsObject, options, cx| methods::go(navigation, 1, options, cx);

        attribute EventHandler onnavigate;
        attribute EventHandler onnavigatesuccess;
        attribute EventHandler onnavigateerror;
        attribute EventHandler oncurrententrychange;
    }

    dictionary NavigationUpdateCurrentEntryOptions {
        required any state;
    }

    dictionary NavigationOptions {
        any info;
    }

    dictionary NavigationNavigateOptions : NavigationOptions {
        any state;
        NavigationHistoryBehavior history = "auto";
    }

    dictionary NavigationReloadOptions : NavigationOptions {
        any state;
    }

    /// The change of the history by a navigation.
    enum NavigationHistoryBehavior(framepost_browsing_context::HistoryHandling) { "auto", "push", "replace" };

    /// The kinds of navigations.
    enum NavigationType(framepost_browsing_context::NavigationType) { "push", "replace", "reload", "traverse" };

    /// The navigation API of windows.
    partial interface Window(GlobalId) {
        readonly attribute Navigation navigation = of_window;
    }
}

/// The data of a `Navigation`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct NavigationData {
    #[unsafe_ignore_trace]
    window: GlobalId,
    /// Its [entry list](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-entry-list).
    known: Vec<Known>,
    /// Its [current entry index](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-current-entry-index).
    #[unsafe_ignore_trace]
    current: Option<usize>,
    /// Its [ongoing navigate event](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigate-event).
    ongoing: Option<JsObject>,
    /// The ongoing event whose handlers run when the current entry has changed.
    awaits_commit: Option<JsObject>,
    /// Its [ongoing API method tracker](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigation-tracker).
    tracker: Option<Tracker>,
    /// Its upcoming non-traverse API method tracker.
    upcoming: Option<Tracker>,
    /// Its [upcoming traverse API method trackers](https://html.spec.whatwg.org/multipage/nav-history-apis.html#upcoming-traverse-navigation-trackers).
    upcoming_traversals: Vec<Tracker>,
    /// Its [transition](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-navigation-transition).
    transition: Option<JsObject>,
    /// Its [activation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-activation).
    activation: Option<JsObject>,
}

/// An entry of the list, and its object, if there is one.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Known {
    #[unsafe_ignore_trace]
    entry: NavigationEntry,
    object: Option<JsObject>,
}

/// The `Navigation` of a window.
fn of_window(window: GlobalId, cx: &mut Context) -> JsObject {
    let realm = realm::realm_of(cx, window);
    realm::singleton(cx, &realm, "navigation", |cx, _| {
        with_contexts(cx, |contexts| contexts.use_the_navigation_api(window));
        let data = NavigationData {
            window,
            known: Vec::new(),
            current: None,
            ongoing: None,
            awaits_commit: None,
            tracker: None,
            upcoming: None,
            upcoming_traversals: Vec::new(),
            transition: None,
            activation: None,
        };
        let navigation = realm::create_in(window, &NAVIGATION, data, cx);
        entries::synchronize(&navigation, cx);
        navigation
    })
}

/// The `Navigation` of a window, if script has used it.
fn held(window: GlobalId, cx: &Context) -> Option<JsObject> {
    let realm = realm::realm_of(cx, window);
    realm::held_singleton(&realm, "navigation")
}

/// Changes the data of a `Navigation`.
fn with<R>(navigation: &JsObject, change: impl FnOnce(&mut NavigationData) -> R) -> Option<R> {
    platform::with_mut(navigation, |data: &mut NavigationData| Some(change(data)))
}

/// The window of a `Navigation`.
fn window_of(navigation: &JsObject) -> JsResult<GlobalId> {
    platform::read(navigation, |data: &NavigationData| data.window)
}

/// Serializes a state.
fn serialize(value: &JsValue, cx: &mut Context) -> JsResult<SerializedState> {
    structured_serialize_for_storage(&mut Host(cx), value).map(SerializedState::new)
}

/// Deserializes a state in the realm of a window.
fn deserialize(
    state: Option<&SerializedState>,
    window: GlobalId,
    cx: &mut Context,
) -> JsResult<JsValue> {
    match state.and_then(SerializedState::get) {
        Some(serialized) => {
            let realm = realm::realm_of(cx, window);
            structured_deserialize(&mut Host(cx), serialized, &realm)
        }
        None => Ok(JsValue::undefined()),
    }
}
