//! The ongoing navigations. Higher modules contain the algorithms that navigate.

use std::collections::BTreeMap;
use std::time::Duration;

use framepost_event_loop::{Arena, ClientId};
use url::Url;

use crate::Contexts;
use crate::ids::{JavascriptUrlId, NavigableId, RequestId};
use crate::steps::{Action, LoadingAction, Navigation, Next};

/// The ongoing navigations of all navigables.
#[derive(Debug, Default)]
pub(crate) struct Navigations {
    pub(super) by_navigable: BTreeMap<NavigableId, OfNavigable>,
    /// The documents that [will declaratively refresh](https://html.spec.whatwg.org/multipage/semantics.html#will-declaratively-refresh).
    pub(super) refreshes: BTreeMap<ClientId, Refresh>,
    /// The navigations to `javascript:` URLs that wait for their tasks.
    pub(super) javascript_urls: Arena<JavascriptUrlId, JavascriptUrl>,
}

/// A navigation to a `javascript:` URL that waits for its task.
#[derive(Debug)]
pub(super) struct JavascriptUrl {
    /// The document that is active when the task is queued.
    pub(super) document: ClientId,
    pub(super) navigation: Box<Navigation>,
}

/// The ongoing navigation of one navigable.
#[derive(Debug, Default)]
pub(super) struct OfNavigable {
    /// Its [ongoing navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#ongoing-navigation).
    pub(super) ongoing: Option<OngoingNavigation>,
    /// The number of its last navigation. It identifies late responses to older ones.
    pub(super) last: u64,
    /// Its [is delaying load events](https://html.spec.whatwg.org/multipage/document-sequences.html#delaying-load-events-mode)
    /// flag.
    pub(super) is_delaying_load_events: bool,
}

#[derive(Debug)]
pub(super) struct OngoingNavigation {
    pub(super) id: u64,
    pub(super) request: Option<RequestId>,
    /// Whether a traversal is loading a document. No other navigation cancels it.
    pub(super) is_traversal: bool,
    /// The navigation, if it creates its document without a fetch.
    pub(super) local: Option<Box<Navigation>>,
}

impl Navigations {
    /// Removes a navigable. Returns the fetch that it waits for.
    pub(crate) fn forget(&mut self, navigable: NavigableId) -> Option<RequestId> {
        self.by_navigable.remove(&navigable)?.ongoing?.request
    }

    pub(crate) fn forget_document(&mut self, document: ClientId) {
        self.refreshes.remove(&document);
    }

    /// Cancels the `javascript:` URLs that wait to run in a navigable.
    pub(super) fn forget_javascript_urls_to(&mut self, navigable: NavigableId) {
        self.forget_javascript_urls_if(|planned| planned.navigation.navigable == navigable);
    }

    /// Cancels the `javascript:` URLs that wait to run in a document.
    pub(crate) fn forget_javascript_urls_of(&mut self, document: ClientId) {
        self.forget_javascript_urls_if(|planned| planned.document == document);
    }

    fn forget_javascript_urls_if(&mut self, is_canceled: impl Fn(&JavascriptUrl) -> bool) {
        for id in self.javascript_urls.keys_in_order() {
            if self.javascript_urls.get(id).is_some_and(&is_canceled) {
                self.javascript_urls.remove(id);
            }
        }
    }

    /// Ends the navigation of a navigable whose document has become active.
    pub(crate) fn finish(&mut self, navigable: NavigableId) {
        if let Some(held) = self.by_navigable.get_mut(&navigable) {
            held.ongoing = None;
            held.is_delaying_load_events = false;
        }
    }

    /// Whether this is the number of the ongoing navigation.
    pub(crate) fn is_ongoing(&self, navigable: NavigableId, id: u64) -> bool {
        let ongoing = self.ongoing(navigable);
        ongoing.is_some_and(|ongoing| ongoing.id == id)
    }

    /// Whether a traversal is loading a document in a navigable.
    pub(crate) fn is_traversing(&self, navigable: NavigableId) -> bool {
        let ongoing = self.ongoing(navigable);
        ongoing.is_some_and(|ongoing| ongoing.is_traversal)
    }

    pub(crate) fn is_delaying_load_events(&self, navigable: NavigableId) -> bool {
        let held = self.by_navigable.get(&navigable);
        held.is_some_and(|held| held.is_delaying_load_events)
    }

    pub(super) fn ongoing(&self, navigable: NavigableId) -> Option<&OngoingNavigation> {
        self.by_navigable.get(&navigable)?.ongoing.as_ref()
    }

    /// The ongoing navigation of this number.
    pub(super) fn ongoing_mut(
        &mut self,
        navigable: NavigableId,
        id: u64,
    ) -> Option<&mut OngoingNavigation> {
        let ongoing = self.by_navigable.get_mut(&navigable)?.ongoing.as_mut()?;
        (ongoing.id == id).then_some(ongoing)
    }
}

/// The refresh that a document has declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refresh {
    pub(super) delay: Duration,
    pub(super) url: Url,
}

impl Contexts {
    /// Whether a navigation of a navigable is ongoing.
    #[must_use]
    pub fn is_navigating(&self, navigable: NavigableId) -> bool {
        self.navigation.ongoing(navigable).is_some()
    }

    /// [Stop loading](https://html.spec.whatwg.org/multipage/document-lifecycle.html#nav-stop) a
    /// navigable.
    pub(crate) fn stop_loading(&mut self, navigable: NavigableId) {
        self.cancel_the_ongoing_navigation(navigable);
        if let Some(held) = self.navigation.by_navigable.get_mut(&navigable) {
            held.is_delaying_load_events = false;
        }
    }

    /// Removes the ongoing navigation. A late response to its fetch is dropped.
    pub(super) fn cancel_the_ongoing_navigation(&mut self, navigable: NavigableId) {
        if let Some(held) = self.navigation.by_navigable.get_mut(&navigable)
            && let Some(ongoing) = held.ongoing.take()
            && let Some(request) = ongoing.request
        {
            self.requests.remove(request);
        }
    }

    /// Sets the navigable's is delaying load events flag, if it has a parent.
    pub(super) fn delay_load_events(&mut self, navigable: NavigableId) {
        let has_parent = self.parent(navigable).is_some();
        let held = self.navigation.by_navigable.entry(navigable).or_default();
        held.is_delaying_load_events = has_parent;
    }

    /// Unsets the navigable's is delaying load events flag, and checks whether the parent's load event may be fired.
    pub(super) fn cease_to_delay_load_events(
        &mut self,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) {
        if let Some(held) = self.navigation.by_navigable.get_mut(&navigable) {
            held.is_delaying_load_events = false;
        }
        next.push_all(self.check_load_around(navigable));
    }

    /// Checks whether the load events of a navigable's document and of its ancestors may be fired.
    pub(crate) fn check_load_around(&self, navigable: NavigableId) -> Vec<Action> {
        [Some(navigable), self.parent(navigable)]
            .into_iter()
            .flatten()
            .filter_map(|navigable| self.active_document(navigable))
            .map(|document| LoadingAction::CheckLoad(document).into())
            .collect()
    }
}
