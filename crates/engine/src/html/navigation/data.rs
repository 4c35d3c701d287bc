//! The state of a `Navigation`.

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::{NavigationEntry, SerializedState};
use framepost_event_loop::GlobalId;
use framepost_messaging::structured_clone::{
    structured_deserialize, structured_serialize_for_storage,
};

use super::tracker::Tracker;
use super::{NAVIGATION, entries};
use crate::script::{MessageHost, realm, with_contexts};
use crate::webidl::platform;

/// The data of a `Navigation`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct NavigationData {
    #[unsafe_ignore_trace]
    pub(super) window: GlobalId,
    /// Its [entry list](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-entry-list).
    pub(super) known: Vec<Known>,
    /// Its [current entry index](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-current-entry-index).
    #[unsafe_ignore_trace]
    pub(super) current: Option<usize>,
    /// Its [ongoing navigate event](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigate-event).
    pub(super) ongoing: Option<JsObject>,
    /// The ongoing event whose handlers run when the current entry has changed.
    pub(super) awaits_commit: Option<JsObject>,
    /// Its [ongoing API method tracker](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigation-tracker).
    pub(super) tracker: Option<Tracker>,
    /// Its upcoming non-traverse API method tracker.
    pub(super) upcoming: Option<Tracker>,
    /// Its [upcoming traverse API method trackers](https://html.spec.whatwg.org/multipage/nav-history-apis.html#upcoming-traverse-navigation-trackers).
    pub(super) upcoming_traversals: Vec<Tracker>,
    /// Its [transition](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-navigation-transition).
    pub(super) transition: Option<JsObject>,
    /// Its [activation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-activation).
    pub(super) activation: Option<JsObject>,
}

/// An entry of the list, and its object, if there is one.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Known {
    #[unsafe_ignore_trace]
    pub(super) entry: NavigationEntry,
    pub(super) object: Option<JsObject>,
}

/// The `Navigation` of a window.
pub(super) fn of_window(window: GlobalId, cx: &mut Context) -> JsObject {
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
pub(super) fn held(window: GlobalId, cx: &Context) -> Option<JsObject> {
    let realm = realm::realm_of(cx, window);
    realm::held_singleton(&realm, "navigation")
}

/// Changes the data of a `Navigation`.
pub(super) fn with<R>(
    navigation: &JsObject,
    change: impl FnOnce(&mut NavigationData) -> R,
) -> Option<R> {
    platform::with_mut(navigation, |data: &mut NavigationData| Some(change(data)))
}

/// The window of a `Navigation`.
pub(super) fn window_of(navigation: &JsObject) -> JsResult<GlobalId> {
    platform::read(navigation, |data: &NavigationData| data.window)
}

/// Serializes a state.
pub(super) fn serialize(value: &JsValue, cx: &mut Context) -> JsResult<SerializedState> {
    structured_serialize_for_storage(&mut MessageHost::new(cx), value).map(SerializedState::new)
}

/// Deserializes a state in the realm of a window.
pub(super) fn deserialize(
    state: Option<&SerializedState>,
    window: GlobalId,
    cx: &mut Context,
) -> JsResult<JsValue> {
    match state.and_then(SerializedState::get) {
        Some(serialized) => {
            let realm = realm::realm_of(cx, window);
            structured_deserialize(&mut MessageHost::new(cx), serialized, &realm)
        }
        None => Ok(JsValue::undefined()),
    }
}
