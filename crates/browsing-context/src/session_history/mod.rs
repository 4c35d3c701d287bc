//! Session history ([HTML, session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history)).
//!
//! Every navigable has its own entries. Each entry has a step in the joint history of the top-level traversable. Only
//! that traversable has a current step. Traversing to a step means: in every navigable, the entry with the greatest
//! step that is not greater becomes the current one.
//!
//! A navigation destroys the old document. A traversal to the document loads it again.
//! Until then its document state keeps the histories of its frames.
// IMPLEMENTATION-DEFINED: there is no back/forward cache, so `persisted` is always false.

mod entries;
pub(crate) mod history_api;
pub(crate) mod navigation_api;
mod traverse;
mod waiting;

use std::collections::{BTreeMap, VecDeque};

use framepost_event_loop::{Arena, ClientId, GlobalId};
use url::Url;

use crate::Contexts;
use crate::ids::{DocumentStateId, NavigableId};
use crate::origin::Origin;
use crate::steps::{DocumentResource, NavigationType, SerializedState, Traversal};

/// [Scroll restoration mode](https://html.spec.whatwg.org/multipage/browsing-the-web.html#scroll-restoration-mode).
/// There is no scrolling; pages can read the value that they set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScrollRestoration {
    /// `auto`
    #[default]
    Auto,
    /// `manual`
    Manual,
}

impl ScrollRestoration {
    /// The value of `history.scrollRestoration`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Manual => "manual",
        }
    }
}

/// A [session history entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history-entry).
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    /// Unique. An entry that replaces another has a new one.
    id: u64,
    /// Its [navigation API key](https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-navigation-api-key):
    /// the number of the first entry at this position.
    key: u64,
    /// [Navigation API state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-navigation-api-state);
    /// `None` for `undefined`.
    navigation_state: Option<SerializedState>,
    step: u32,
    url: Url,
    document_state: DocumentStateId,
    /// [Classic history API state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-classic-history-api-state).
    state: Option<SerializedState>,
    scroll_restoration: ScrollRestoration,
}

impl HistoryEntry {
    /// Its step in the joint history of its top-level traversable.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Its navigation API state; `None` for `undefined`.
    #[must_use]
    pub fn navigation_state(&self) -> Option<&SerializedState> {
        self.navigation_state.as_ref()
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The state that script stored in it.
    #[must_use]
    pub fn state(&self) -> Option<&SerializedState> {
        self.state.as_ref()
    }
}

/// [Document state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-2):
/// the data that several entries of one document share, and the data to load the document again.
#[derive(Debug, Default)]
struct DocumentState {
    /// The document, while it exists.
    document: Option<ClientId>,
    /// The origin of the document.
    origin: Option<Origin>,
    /// Whether the referrer policy of the document hid its URL when it was unloaded.
    hides_url: bool,
    resource: DocumentResource,
    /// The [target name](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-nav-target-name)
    /// of the navigable when the document was unloaded.
    target_name: Option<String>,
    /// The [nested histories](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-nested-histories):
    /// the histories of the document's frames when the document was destroyed, in tree order.
    nested_histories: VecDeque<SessionHistory>,
}

/// The session history of one navigable.
#[derive(Debug, Default)]
pub struct SessionHistory {
    entries: Vec<HistoryEntry>,
    /// The index of the [current entry](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-current-history-entry).
    current: usize,
    /// Whether the navigable was created again and still has to load the document of its entry.
    restoring: bool,
}

impl SessionHistory {
    /// Its entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[HistoryEntry] {
        &self.entries
    }

    /// The current entry.
    #[must_use]
    pub fn current(&self) -> Option<&HistoryEntry> {
        self.entries.get(self.current)
    }

    fn entry(&self, id: u64) -> Option<&HistoryEntry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

/// The state of a [traversable navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#traversable-navigable)
/// in addition to its own entries.
#[derive(Debug, Default)]
struct Traversable {
    /// [Current session history step](https://html.spec.whatwg.org/multipage/document-sequences.html#tn-current-session-history-step).
    step: u32,
    /// No entry has a greater step.
    greatest_step: u32,
    /// The traversals that wait until the one in progress has loaded its documents.
    waiting: VecDeque<Traversal>,
}

/// The state of a document's `History` object.
#[derive(Debug, Default)]
struct DocumentHistory {
    /// The document's [latest entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#latest-entry).
    latest_entry: u64,
    /// The state of its `History`.
    state: Option<SerializedState>,
    /// The number of times that the state was set.
    state_version: u64,
    /// The entry that was current before the document became active, and how it became active.
    activation: Option<(Option<HistoryEntry>, NavigationType)>,
}

impl DocumentHistory {
    /// [Restore the history object state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-the-history-object-state).
    fn restore_the_history_object_state(&mut self, state: Option<SerializedState>) {
        self.state = state;
        self.state_version += 1;
    }
}

/// The session histories of the agent.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    by_navigable: BTreeMap<NavigableId, SessionHistory>,
    traversables: BTreeMap<NavigableId, Traversable>,
    by_document: BTreeMap<ClientId, DocumentHistory>,
    document_states: Arena<DocumentStateId, DocumentState>,
    navigation_api: navigation_api::NavigationApi,
    last_entry: u64,
}

impl Histories {
    pub(crate) fn document_states_len(&self) -> usize {
        self.document_states.len()
    }

    /// The entries of a navigable, oldest first.
    pub(crate) fn entries_of(&self, navigable: NavigableId) -> &[HistoryEntry] {
        let history = self.by_navigable.get(&navigable);
        history.map_or(&[], SessionHistory::entries)
    }

    pub(crate) fn forget_window(&mut self, window: GlobalId) {
        self.navigation_api.forget_window(window);
    }

    pub(crate) fn forget_document(&mut self, document: ClientId) {
        self.by_document.remove(&document);
    }

    pub(crate) fn next_entry_id(&mut self) -> u64 {
        self.last_entry += 1;
        self.last_entry
    }

    fn of_document(&mut self, document: ClientId) -> &mut DocumentHistory {
        self.by_document.entry(document).or_default()
    }
}

impl Contexts {
    /// The session history of a navigable.
    #[must_use]
    pub fn session_history(&self, navigable: NavigableId) -> Option<&SessionHistory> {
        self.history.by_navigable.get(&navigable)
    }

    /// The current session history entry of a navigable.
    #[must_use]
    pub fn active_entry(&self, navigable: NavigableId) -> Option<&HistoryEntry> {
        self.session_history(navigable)?.current()
    }
}
