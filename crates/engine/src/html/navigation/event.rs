//! The events of the navigation API, and their objects
//! ([HTML, the NavigateEvent interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigateevent-interface)).

use boa_engine::{JsObject, JsString};

use super::entries::{self, Identifier};
use super::entry::NavigationHistoryEntry;
use super::event_data::{
    Activation, CurrentEntryChange, Destination, NavigateEventData, Transition, destination_entry,
    destination_identifier, destination_state,
};
use super::interception::{add_handler, intercept, redirect, scroll};
use super::{NavigationNavigateOptions, NavigationType};
use crate::dom::abort::AbortSignal;
use crate::dom::element::Element;
use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::constructing_steps;
use crate::html::form_data::FormData;
use crate::webidl::interface;

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
