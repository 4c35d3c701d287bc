//! The data of the events of the navigation API.

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::SerializedState;
use framepost_browsing_context::forms::Entry;
use framepost_event_loop::GlobalId;

use super::entries::{self, Identifier, uuid};
use super::event::{
    NAVIGATION_ACTIVATION, NAVIGATION_CURRENT_ENTRY_CHANGE_EVENT, NavigateEventInit,
};
use super::tracker::Deferred;
use super::{NavigationType, deserialize, with};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::script::callback::{Callback, is_left};
use crate::script::{realm, with_contexts};
use crate::webidl::platform;

/// An [interception state](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-navigateevent-interception-state).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Interception {
    #[default]
    None,
    Intercepted,
    Committed,
    Scrolled,
    Finished,
}

/// The data of a `NavigateEvent`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct NavigateEventData {
    #[unsafe_ignore_trace]
    pub(super) navigation_type: NavigationType,
    pub(super) destination: JsObject,
    pub(super) can_intercept: bool,
    pub(super) user_initiated: bool,
    pub(super) hash_change: bool,
    pub(super) signal: JsObject,
    pub(super) form_data: Option<JsObject>,
    #[unsafe_ignore_trace]
    pub(super) download: Option<String>,
    pub(super) info: JsValue,
    pub(super) visual_transition: bool,
    pub(super) source_element: Option<JsObject>,
    #[unsafe_ignore_trace]
    pub(super) interception: Interception,
    /// Its navigation handler list.
    pub(super) handlers: Vec<Callback>,
    /// Its navigation precommit handler list.
    pub(super) precommit_handlers: Vec<Callback>,
    /// The data for its commit.
    #[unsafe_ignore_trace]
    pub(super) fired: Option<Box<framepost_browsing_context::NavigateEvent>>,
}

impl NavigateEventData {
    pub(super) fn of_init(init: NavigateEventInit) -> Self {
        Self {
            navigation_type: init.navigation_type,
            destination: init.destination,
            can_intercept: init.can_intercept,
            user_initiated: init.user_initiated,
            hash_change: init.hash_change,
            signal: init.signal,
            form_data: init.form_data,
            download: init.download_request,
            info: init.info.unwrap_or_default(),
            visual_transition: init.has_ua_visual_transition,
            source_element: init.source_element,
            interception: Interception::None,
            handlers: Vec::new(),
            precommit_handlers: Vec::new(),
            fired: None,
        }
    }
}

/// Changes the data of a `NavigateEvent`.
pub(super) fn with_event<R>(
    event: &JsObject,
    change: impl FnOnce(&mut NavigateEventData) -> R,
) -> Option<R> {
    platform::with_mut(event, |data: &mut NavigateEventData| Some(change(data)))
}

/// The state of interception of an event.
pub(super) fn interception(event: &JsObject) -> Interception {
    with_event(event, |event| event.interception).unwrap_or_default()
}

/// The data of a `NavigationDestination`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Destination {
    #[unsafe_ignore_trace]
    pub(super) window: GlobalId,
    #[unsafe_ignore_trace]
    pub(super) url: String,
    pub(super) entry: Option<JsObject>,
    #[unsafe_ignore_trace]
    pub(super) state: Option<SerializedState>,
    pub(super) same_document: bool,
}

/// The data of a `NavigationTransition`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Transition {
    #[unsafe_ignore_trace]
    pub(super) navigation_type: NavigationType,
    pub(super) from: JsObject,
    pub(super) to: JsObject,
    pub(super) committed: Deferred,
    pub(super) finished: Deferred,
}

/// The data of a `NavigationActivation`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Activation {
    #[unsafe_ignore_trace]
    pub(super) navigation_type: NavigationType,
    pub(super) from: Option<JsObject>,
    pub(super) entry: JsObject,
}

/// The data of a `NavigationCurrentEntryChangeEvent`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct CurrentEntryChange {
    #[unsafe_ignore_trace]
    pub(super) navigation_type: Option<NavigationType>,
    pub(super) from: JsObject,
}

pub(super) fn destination_entry(destination: &JsObject) -> Option<JsObject> {
    platform::with(destination, |held: &Destination| held.entry.clone())
}

pub(super) fn destination_identifier(
    destination: &JsObject,
    cx: &mut Context,
    choose: impl FnOnce(&framepost_browsing_context::NavigationEntry) -> Identifier,
) -> String {
    let window = platform::with(destination, |held: &Destination| Some(held.window));
    if window.is_none_or(|window| is_left(cx, window)) {
        return String::new();
    }
    let entry = destination_entry(destination).and_then(|entry| entries::shown(&entry));
    entry.map_or_else(String::new, |entry| uuid(choose(&entry), cx))
}

pub(super) fn destination_state(destination: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let held = platform::read(destination, |held: &Destination| held.clone())?;
    deserialize(held.state.as_ref(), held.window, cx)
}

/// The entries of a form submission as [`FormData`].
pub(super) fn form_data(state: &SerializedState, cx: &mut Context) -> Option<JsObject> {
    crate::html::form_data::of_sent_entries(state.get::<Vec<Entry>>()?, cx)
}

/// [`activation`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-activation)
pub(super) fn activation(navigation: &JsObject, cx: &mut Context) -> Option<JsObject> {
    let (window, held) = with(navigation, |data| (data.window, data.activation.clone()))?;
    let known = with_contexts(cx, |contexts| contexts.navigation_activation(window));
    let (from, navigation_type) = known?;
    if held.is_some() {
        return held;
    }
    let entry = entries::current_entry(navigation, cx)?;
    let from = from.and_then(|from| entries::object_of(navigation, from, cx));
    let data = Activation {
        navigation_type,
        from,
        entry,
    };
    let made = realm::create_in(window, &NAVIGATION_ACTIVATION, data, cx);
    with(navigation, |data| data.activation = Some(made.clone()));
    Some(made)
}

/// Fires `currententrychange`.
pub(super) fn fire_current_entry_change(
    navigation: &JsObject,
    navigation_type: Option<NavigationType>,
    from: &JsObject,
    cx: &mut Context,
) {
    let data = CurrentEntryChange {
        navigation_type,
        from: from.clone(),
    };
    let event = NewEvent::of(&NAVIGATION_CURRENT_ENTRY_CHANGE_EVENT, data);
    let target = Target::Object(navigation.clone());
    let name = "currententrychange";
    event_dispatch::fire(cx, &target, None, name, (false, false), event);
}
