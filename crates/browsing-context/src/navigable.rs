//! Navigables ([HTML, navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#navigables)).

use framepost_event_loop::{ClientId, GlobalId, new_key_type};

use crate::dom::Node;
use crate::fetch::RequestId;
use crate::navigation::Navigation;
use crate::sandbox::SandboxFlags;
use crate::session_history::{SessionHistory, Traversable};

new_key_type! {
    /// Names a navigable: a top-level one or that of a frame. It is also the identity of a
    /// [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object),
    /// which stays the same when the navigable's document changes.
    pub struct NavigableId: "navigable";
}

/// A navigable. Navigables and their browsing contexts are one here: no navigation swaps a
/// browsing context group.
pub struct Navigable {
    pub(crate) id: NavigableId,
    pub(crate) parent: Option<NavigableId>,
    /// The element whose content this is; `None` for a top-level one.
    pub(crate) container: Option<Node>,
    pub(crate) opener: Option<NavigableId>,
    pub(crate) name: String,
    /// Of a top-level one: the first one of its
    /// [browsing context group](https://html.spec.whatwg.org/multipage/document-sequences.html#browsing-context-group).
    // IMPLEMENTATION-DEFINED: groups share the agent, and so its event loop; they cannot reach each
    // other.
    pub(crate) group: NavigableId,
    /// Whether script has opened it, and it may be told to close by script therefore.
    pub(crate) is_auxiliary: bool,
    /// Of a top-level one: [is popup](https://html.spec.whatwg.org/multipage/document-sequences.html#is-popup).
    pub(crate) is_popup: bool,
    /// Of a top-level one: [is closing](https://html.spec.whatwg.org/multipage/document-sequences.html#is-closing).
    pub(crate) is_closing: bool,
    /// The active document. Gone only in the moment of making or ending the navigable.
    pub(crate) document: Option<ClientId>,
    /// The window behind the WindowProxy.
    pub(crate) window: Option<GlobalId>,
    pub(crate) ongoing: Option<OngoingNavigation>,
    /// Counts navigations, so that a late answer to an old one is known as such.
    pub(crate) navigations: u64,
    pub(crate) is_delaying_load_events: bool,
    /// Flags that a popup was opened with.
    pub(crate) popup_sandbox: SandboxFlags,
    /// The one [permitted sandboxed navigator](https://html.spec.whatwg.org/multipage/browsers.html#one-permitted-sandboxed-navigator):
    /// who opened this from within a sandbox may navigate it.
    pub(crate) one_permitted_sandboxed_navigator: Option<NavigableId>,
    pub(crate) history: SessionHistory,
    /// Of a top-level one: what its joint history needs.
    pub(crate) traversable: Traversable,
    /// How many ancestors there are.
    pub(crate) depth: usize,
}

/// The navigation that a navigable is in the middle of.
#[derive(Clone, Debug)]
pub(crate) struct OngoingNavigation {
    pub(crate) id: u64,
    pub(crate) request: Option<RequestId>,
    /// It comes from going back or forward: other navigations do not end it.
    pub(crate) is_traversal: bool,
    /// What is to be loaded, when nobody outside is asked.
    pub(crate) local: Option<Box<Navigation>>,
}

/// How a navigation changes the session history
/// ([history handling behavior](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigationhistorybehavior)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HistoryHandling {
    /// Replaces when the URL is the same, and otherwise adds an entry.
    #[default]
    Auto,
    /// Adds an entry.
    Push,
    /// Replaces the current entry.
    Replace,
}

impl Navigable {
    /// Its name for those who hold it.
    #[must_use]
    pub fn id(&self) -> NavigableId {
        self.id
    }

    /// The navigable that shows the document that the container is in.
    #[must_use]
    pub fn parent(&self) -> Option<NavigableId> {
        self.parent
    }

    /// The element whose content this is; `None` for a top-level navigable.
    #[must_use]
    pub fn container(&self) -> Option<&Node> {
        self.container.as_ref()
    }

    /// The navigable that opened this one, unless it disowned it.
    #[must_use]
    pub fn opener(&self) -> Option<NavigableId> {
        self.opener
    }

    /// The [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target),
    /// which `window.name` shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The [active document](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-document).
    #[must_use]
    pub fn active_document(&self) -> Option<ClientId> {
        self.document
    }

    /// The [active window](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-window).
    #[must_use]
    pub fn active_window(&self) -> Option<GlobalId> {
        self.window
    }

    /// [Is popup](https://html.spec.whatwg.org/multipage/document-sequences.html#is-popup): script
    /// has opened it without the bars of a browser's window.
    #[must_use]
    pub fn is_popup(&self) -> bool {
        self.is_popup
    }

    /// [Is closing](https://html.spec.whatwg.org/multipage/document-sequences.html#is-closing):
    /// script has closed it, and it will be gone soon.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// Whether a navigation is under way.
    #[must_use]
    pub fn is_navigating(&self) -> bool {
        self.ongoing.is_some()
    }

    /// The entries that were shown here.
    #[must_use]
    pub fn history(&self) -> &SessionHistory {
        &self.history
    }
}

impl core::fmt::Debug for Navigable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Navigable")
            .field("id", &self.id)
            .field("parent", &self.parent)
            .field("document", &self.document)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
