//! Session history ([HTML, session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history)).
//!
//! Every navigable has the entries of its own. They carry the steps of the joint history of their
//! top-level traversable, which alone knows the current step: going back means to show, in every
//! navigable, the entry of the greatest step that is not behind the new current one.
//!
//! A document that is left is unloaded and ended, and loaded again when it is come back to; the
//! entries of its frames are kept meanwhile in its document state.
// IMPLEMENTATION-DEFINED: no document is kept for later (there is no "back/forward cache"), so that
// `persisted` is always false.

mod entries;
mod history_api;
mod traverse;

use core::any::Any;
use core::fmt;
use std::collections::VecDeque;
use std::sync::Arc;

use framepost_event_loop::{ClientId, new_key_type};
use url::Url;

use crate::Origin;
use crate::fetch::PostResource;
use crate::navigable::NavigableId;
use crate::sandbox::SandboxFlags;

pub(crate) use traverse::HistoryChange;

new_key_type! {
    /// Names a document state: what several entries of one document have in common.
    pub struct DocumentStateId: "document state";
}

/// What `history.pushState()` was given, serialized
/// ([serialized state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#serialized-state)).
/// Only the embedder knows how to read it.
#[derive(Clone)]
pub struct SerializedState(Arc<dyn Any + Send + Sync>);

impl SerializedState {
    /// Takes whatever the embedder serializes to.
    #[must_use]
    pub fn new(state: impl Any + Send + Sync) -> Self {
        Self(Arc::new(state))
    }

    /// What it was made of, if that was a `T`.
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

/// [Scroll restoration mode](https://html.spec.whatwg.org/multipage/browsing-the-web.html#scroll-restoration-mode).
/// Nothing scrolls here; it is kept for pages that ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScrollRestoration {
    /// `auto`
    #[default]
    Auto,
    /// `manual`
    Manual,
}

impl ScrollRestoration {
    /// What `history.scrollRestoration` shows.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Manual => "manual",
        }
    }
}

/// An entry of a [session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history-entry).
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    /// Never that of another entry: an entry that replaces one is another.
    pub(crate) id: u64,
    pub(crate) step: u32,
    pub(crate) url: Url,
    pub(crate) document_state: DocumentStateId,
    /// [Classic history API state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-classic-history-api-state).
    pub(crate) state: Option<SerializedState>,
    pub(crate) scroll_restoration: ScrollRestoration,
}

impl HistoryEntry {
    /// Its place in the joint history of its top-level traversable.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What script has stored with it.
    #[must_use]
    pub fn state(&self) -> Option<&SerializedState> {
        self.state.as_ref()
    }
}

/// [Document state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-2):
/// how to load the document of an entry again.
#[derive(Debug, Default)]
pub(crate) struct DocumentState {
    /// The document, while it lives.
    pub(crate) document: Option<ClientId>,
    pub(crate) srcdoc: Option<String>,
    pub(crate) post_resource: Option<PostResource>,
    pub(crate) initiator_origin: Option<Origin>,
    pub(crate) initiator_base_url: Option<Url>,
    /// The flags that the initiator's content security policies set.
    pub(crate) initiator_csp_sandbox: SandboxFlags,
    pub(crate) referrer: String,
    /// The [target name](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-nav-target-name)
    /// that the navigable had when it was left.
    pub(crate) target_name: Option<String>,
    /// The histories that its frames had when it was left, in tree order.
    pub(crate) nested_histories: VecDeque<SessionHistory>,
}

/// The session history of one navigable.
#[derive(Debug, Default)]
pub struct SessionHistory {
    pub(crate) entries: Vec<HistoryEntry>,
    /// Where the [active entry](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-active-history-entry) is.
    pub(crate) current: usize,
    /// The navigable was made anew, and is still to show its entry.
    pub(crate) restoring: bool,
}

impl SessionHistory {
    /// Its entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[HistoryEntry] {
        &self.entries
    }

    /// The entry that is shown.
    #[must_use]
    pub fn current(&self) -> Option<&HistoryEntry> {
        self.entries.get(self.current)
    }
}

/// What a top-level traversable has besides ([traversable navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#traversable-navigable)).
#[derive(Debug, Default)]
pub(crate) struct Traversable {
    /// [Current session history step](https://html.spec.whatwg.org/multipage/document-sequences.html#tn-current-session-history-step).
    pub(crate) step: u32,
    /// Traversals that wait until the one under way has loaded its documents.
    pub(crate) waiting: VecDeque<Traversal>,
}

/// A wish to [traverse the history by a delta](https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traversal {
    /// The top-level traversable.
    pub(crate) traversable: NavigableId,
    pub(crate) delta: i32,
    /// Whose script wants it; `None` for the user.
    pub(crate) source: Option<ClientId>,
}
