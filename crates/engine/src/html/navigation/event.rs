//! The events of the navigation API, and their objects
//! ([HTML, the NavigateEvent interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigateevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::SerializedState;
use framepost_browsing_context::forms::Entry;
use framepost_event_loop::GlobalId;

use super::entries::{self, Identifier, uuid};
use super::entry::NavigationHistoryEntry;
use super::interception::{add_handler, intercept, redirect, scroll};
use super::tracker::Deferred;
use super::{NavigationNavigateOptions, NavigationType, deserialize, with};
use crate::dom::abort::AbortSignal;
use crate::dom::element::Element;
use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{NewEvent, constructing_steps};
use crate::html::form_data::FormData;
use crate::script::callback::{Callback, is_left};
use crate::script::{realm, with_contexts};
use crate::webidl::{interface, platform};

interface! {
    /// The `NavigateEvent` interface.
    [Exposed=Window]
    interface NavigateEvent(NavigateEventData) : Event {
        constructor(DOMString type, NavigateEventInit eventInitDict) =
            |type_: JsString, init: NavigateEventInit, cx| {
                let base = constructing_steps(type_, &init.parent, cx);
                base.with(NavigateEventData::of_init(init))
            };

        readonly attribute NavigationType navigationType = .navigation_type;
        readonly attribute NavigationDestination destination = .destination;
        readonly attribute boolean canIntercept = .can_intercept;
        readonly attribute boolean userInitiated = .user_initiated;
        readonly attribute boolean hashChange = .hash_change;
        readonly attribute AbortSignal signal = .signal;
        readonly attribute FormData? formData = .form_data;
        readonly attribute DOMString? downloadRequest = .download;
        readonly attribute any info = .info;
        readonly attribute boolean hasUAVisualTransition = .visual_transition;
        readonly attribute Element? sourceElement = .source_element;

        undefined intercept(optional NavigationInterceptOptions options = {});
        undefined scroll();
    }

    dictionary NavigateEventInit : EventInit {
        NavigationType navigationType = "push";
        required NavigationDestination destination;
        boolean canIntercept = false;
        boolean userInitiated = false;
        boolean hashChange = false;
        required AbortSignal signal;
        FormData? formData = null;
        DOMString? downloadRequest = null;
        any info;
        boolean hasUAVisualTransition = false;
        Element? sourceElement = null;
    }

    dictionary NavigationInterceptOptions {
        NavigationPrecommitHandler precommitHandler;
        NavigationInterceptHandler handler;
        NavigationFocusReset focusReset;
        NavigationScrollBehavior scroll;
    }

    enum NavigationFocusReset { "after-transition", "manual" };
    enum NavigationScrollBehavior { "after-transition", "manual" };

    callback NavigationInterceptHandler = Promise<undefined> ();
    callback NavigationPrecommitHandler = Promise<undefined> (NavigationPrecommitController controller);

    /// The `NavigationPrecommitController` interface.
    [Exposed=Window]
    interface NavigationPrecommitController(Controller) {
        undefined redirect(USVString url, optional NavigationNavigateOptions options = {});
        undefined addHandler(NavigationInterceptHandler handler);
    }

    /// The `NavigationDestination` interface.
    [Exposed=Window]
    interface NavigationDestination(Destination) {
        readonly attribute USVString url = |destination| destination.url.clone();
        readonly attribute DOMString key = |destination: &JsObject, cx| destination_identifier(destination, cx, |entry| Identifier::Key(entry.key));
        readonly attribute DOMString id = |destination: &JsObject, cx| destination_identifier(destination, cx, |entry| Identifier::Id(entry.id));
        readonly attribute long long index = |destination: &JsObject, cx| match destination_entry(destination) {
            Some(entry) => entries::index(&entry, cx),
            None => -1.0,
        };
        readonly attribute boolean sameDocument = .same_document;
        any getState() = destination_state;
    }

    /// The `NavigationTransition` interface.
    [Exposed=Window]
    interface NavigationTransition(Transition) {
        readonly attribute NavigationType navigationType = .navigation_type;
        readonly attribute NavigationHistoryEntry from = .from;
        readonly attribute NavigationDestination to = .to;
        readonly attribute object committed = |transition| transition.committed.promise.clone();
        readonly attribute object finished = |transition| transition.finished.promise.clone();
    }

    /// The `NavigationActivation` interface.
    [Exposed=Window]
    interface NavigationActivation(Activation) {
        readonly attribute NavigationHistoryEntry? from = .from;
        readonly attribute NavigationHistoryEntry entry = .entry;
        readonly attribute NavigationType navigationType = .navigation_type;
    }

    /// The `NavigationCurrentEntryChangeEvent` interface.
    [Exposed=Window]
    interface NavigationCurrentEntryChangeEvent(CurrentEntryChange) : Event {
        constructor(DOMString type, NavigationCurrentEntryChangeEventInit eventInitDict) =
            |type_: JsString, init: NavigationCurrentEntryChangeEventInit, cx| {
                let data = CurrentEntryChange {
                    navigation_type: init.navigation_type,
                    from: init.from.clone(),
                };
                constructing_steps(type_, &init.parent, cx).with(data)
            };

        readonly attribute NavigationType? navigationType = .navigation_type;
        readonly attribute NavigationHistoryEntry from = .from;
    }

    dictionary NavigationCurrentEntryChangeEventInit : EventInit {
        NavigationType? navigationType = null;
        required NavigationHistoryEntry from;
    }
}

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
    fn of_init(init: NavigateEventInit) -> Self {
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
    navigation_type: NavigationType,
    from: Option<JsObject>,
    entry: JsObject,
}

/// The data of a `NavigationCurrentEntryChangeEvent`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct CurrentEntryChange {
    #[unsafe_ignore_trace]
    navigation_type: Option<NavigationType>,
    from: JsObject,
}

fn destination_entry(destination: &JsObject) -> Option<JsObject> {
    platform::with(destination, |held: &Destination| held.entry.clone())
}

fn destination_identifier(
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

fn destination_state(destination: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
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
