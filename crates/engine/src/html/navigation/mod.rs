//! `Navigation` ([HTML, the navigation API](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api)).
//!
//! `framepost-browsing-context` keeps the history and requests the events. This module contains the objects, the
//! promises and the events. They are created when script first uses `window.navigation`.

pub(crate) mod aborting;
mod data;
mod entries;
pub(crate) mod entry;
pub(crate) mod event;
mod event_data;
pub(crate) mod firing;
mod interception;
mod methods;
pub(crate) mod page_swap;
mod tracker;
mod update;

use boa_engine::JsObject;
use framepost_boa::enumerations::{NavigationHistoryBehavior, NavigationType};

use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;

pub(crate) use data::NavigationData;
use data::{Known, deserialize, held, of_window, serialize, window_of, with};
use update::update_current_entry;

interface! {
    /// The `Navigation` interface.
    [Exposed=Window]
    interface Navigation(NavigationData) : EventTarget {
        sequence<NavigationHistoryEntry> entries() = entries::entries;
        readonly attribute NavigationHistoryEntry? currentEntry = entries::current_entry;
        undefined updateCurrentEntry(NavigationUpdateCurrentEntryOptions options);
        readonly attribute NavigationTransition? transition = |navigation| navigation.transition.clone();
        readonly attribute NavigationActivation? activation = event_data::activation;

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

    /// The navigation API of windows.
    partial interface Window(GlobalId) {
        readonly attribute Navigation navigation = of_window;
    }
}
