//! The data of navigations for the navigation API.

use core::any::Any;
use core::fmt;
use std::sync::Arc;

use url::Url;

use crate::dom::{Node, node_label};
use crate::ids::NavigableId;

/// The argument of `history.pushState()` or of the navigation API, serialized
/// ([serialized state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#serialized-state)).
/// Only the embedder can read it.
#[derive(Clone)]
pub struct SerializedState(Arc<dyn Any + Send + Sync>);

impl SerializedState {
    /// Wraps a value that the embedder has serialized.
    #[must_use]
    pub fn new(state: impl Any + Send + Sync) -> Self {
        Self(Arc::new(state))
    }

    /// The wrapped value, if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for SerializedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SerializedState").finish_non_exhaustive()
    }
}

/// A [navigation type](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigationtype).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NavigationType {
    /// A new entry is added.
    #[default]
    Push,
    /// A new entry replaces the current one.
    Replace,
    /// The current entry is loaded again.
    Reload,
    /// Another entry becomes the current one.
    Traverse,
}

impl NavigationType {
    /// The value of `navigationType`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Replace => "replace",
            Self::Reload => "reload",
            Self::Traverse => "traverse",
        }
    }
}

/// A [session history entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history-entry)
/// in the form for the navigation API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NavigationEntry {
    /// Its number. An entry that replaces another has a new one.
    pub id: u64,
    /// The number of its position in the history. An entry that replaces another keeps it.
    pub key: u64,
    /// Its URL; `None` when its document's referrer policy hides it.
    pub url: Option<Url>,
    /// Whether it is an entry of the active document.
    pub same_document: bool,
    /// Its [navigation API state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-navigation-api-state);
    /// `None` for `undefined`.
    pub state: Option<SerializedState>,
}

/// The data of the `activation` of a `pageswap` event
/// ([fire the pageswap event](https://html.spec.whatwg.org/multipage/browsing-the-web.html#fire-the-pageswap-event)).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PageSwap {
    /// The entry that becomes the current one.
    pub entry: NavigationEntry,
    /// The type of the navigation.
    pub navigation_type: NavigationType,
}

/// The result of the
/// [inner navigate event firing algorithm](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inner-navigate-event-firing-algorithm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NavigateEventOutcome {
    /// The navigation continues.
    Continue,
    /// A listener has canceled or intercepted the navigation.
    Stop,
}

/// A `navigate` event to fire
/// ([inner navigate event firing algorithm](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inner-navigate-event-firing-algorithm)).
#[derive(Clone)]
#[non_exhaustive]
pub struct NavigateEvent {
    /// Its `navigationType`.
    pub navigation_type: NavigationType,
    /// The URL of its destination.
    pub url: Url,
    /// Whether the destination is the same document.
    pub same_document: bool,
    /// The target entry of a traversal.
    pub entry: Option<NavigationEntry>,
    /// The navigation API state of its destination.
    pub state: Option<SerializedState>,
    /// The state that was passed to `history.pushState()` or `replaceState()`.
    pub classic_state: Option<SerializedState>,
    /// The element that navigates.
    pub source_element: Option<Node>,
    /// The form's entries, as the embedder passed them.
    pub form_data: Option<SerializedState>,
    /// The suggested name of a download.
    pub download: Option<String>,
    /// Whether the user navigates.
    pub user_initiated: bool,
    /// Its `canIntercept`.
    pub can_intercept: bool,
    /// Its `cancelable`.
    pub cancelable: bool,
    /// Its `hashChange`.
    pub hash_change: bool,
    /// The traversable and the step, if this is a traversal that can be deferred.
    pub traversal: Option<(NavigableId, u32)>,
}

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
impl fmt::Debug for NavigateEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NavigateEvent")
            .field("navigation_type", &self.navigation_type)
            .field("url", &self.url.as_str())
            .field(
                "source_element",
                &self.source_element.as_ref().map(node_label),
            )
            .finish_non_exhaustive()
    }
}
