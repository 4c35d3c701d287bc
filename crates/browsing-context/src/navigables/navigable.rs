//! One navigable.

use framepost_event_loop::{ClientId, GlobalId};

use crate::dom::Node;
use crate::ids::NavigableId;
use crate::origin::SandboxFlags;

/// A [navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#navigable).
pub struct Navigable {
    id: NavigableId,
    parent: Option<NavigableId>,
    container: Option<Node>,
    pub(super) opener: Option<NavigableId>,
    pub(super) name: String,
    /// For a top-level one: the first one of its
    /// [browsing context group](https://html.spec.whatwg.org/multipage/document-sequences.html#browsing-context-group).
    // IMPLEMENTATION-DEFINED: groups share the agent and its event loop, but cannot access each other.
    pub(super) group: NavigableId,
    /// Whether a page has opened it, so that script may close it.
    is_opened_by_a_page: bool,
    is_popup: bool,
    /// The width and height, and the left and top, that `window.open()` requested.
    requested_geometry: [(Option<i32>, Option<i32>); 2],
    pub(super) is_closing: bool,
    /// `None` only while the navigable is created or destroyed.
    document: Option<ClientId>,
    window: Option<GlobalId>,
    /// The [popup sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#popup-sandboxing-flag-set).
    popup_sandbox: SandboxFlags,
    /// The [one permitted sandboxed navigator](https://html.spec.whatwg.org/multipage/browsers.html#one-permitted-sandboxed-navigator):
    /// the sandboxed navigable that opened this one and may navigate it.
    pub(super) one_permitted_sandboxed_navigator: Option<NavigableId>,
    /// The number of its ancestors.
    depth: usize,
}

/// The properties of a new navigable.
pub(crate) struct NewNavigable {
    pub(crate) parent: Option<NavigableId>,
    pub(crate) container: Option<Node>,
    pub(crate) opener: Option<NavigableId>,
    pub(crate) name: String,
    pub(crate) popup_sandbox: SandboxFlags,
}

impl Navigable {
    pub(super) fn new(id: NavigableId, depth: usize, new: NewNavigable) -> Self {
        Self {
            id,
            parent: new.parent,
            container: new.container,
            opener: new.opener,
            name: new.name,
            group: id,
            is_opened_by_a_page: false,
            is_popup: false,
            requested_geometry: Default::default(),
            is_closing: false,
            document: None,
            window: None,
            popup_sandbox: new.popup_sandbox,
            one_permitted_sandboxed_navigator: None,
            depth,
        }
    }

    /// Its key.
    #[must_use]
    pub fn id(&self) -> NavigableId {
        self.id
    }

    /// The width and the height that `window.open()` requested.
    #[must_use]
    pub fn requested_size(&self) -> (Option<i32>, Option<i32>) {
        self.requested_geometry[0]
    }

    /// The distances from the left and from the top that `window.open()` requested.
    #[must_use]
    pub fn requested_position(&self) -> (Option<i32>, Option<i32>) {
        self.requested_geometry[1]
    }

    pub(crate) fn set_requested_geometry(
        &mut self,
        size: (Option<i32>, Option<i32>),
        position: (Option<i32>, Option<i32>),
    ) {
        self.requested_geometry = [size, position];
    }

    /// Its parent: the navigable whose document contains its container.
    #[must_use]
    pub fn parent(&self) -> Option<NavigableId> {
        self.parent
    }

    /// Its [container](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-container);
    /// `None` for a top-level navigable.
    #[must_use]
    pub fn container(&self) -> Option<&Node> {
        self.container.as_ref()
    }

    /// The navigable that opened this one, unless this one disowned it.
    #[must_use]
    pub fn opener(&self) -> Option<NavigableId> {
        self.opener
    }

    pub(crate) fn set_opener(&mut self, opener: Option<NavigableId>) {
        self.opener = opener;
    }

    /// Its [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target),
    /// the value of `window.name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets the target name and returns the old one.
    pub(crate) fn replace_name(&mut self, name: String) -> String {
        core::mem::replace(&mut self.name, name)
    }

    /// Its [active document](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-document).
    #[must_use]
    pub fn active_document(&self) -> Option<ClientId> {
        self.document
    }

    /// Its [active window](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-window).
    #[must_use]
    pub fn active_window(&self) -> Option<GlobalId> {
        self.window
    }

    pub(super) fn set_active(&mut self, document: ClientId, window: GlobalId) {
        self.document = Some(document);
        self.window = Some(window);
    }

    /// [Is popup](https://html.spec.whatwg.org/multipage/document-sequences.html#is-popup): script
    /// opened it without the bars of a browser's window.
    #[must_use]
    pub fn is_popup(&self) -> bool {
        self.is_popup
    }

    pub(crate) fn set_is_popup(&mut self, is_popup: bool) {
        self.is_popup = is_popup;
    }

    /// [Is closing](https://html.spec.whatwg.org/multipage/document-sequences.html#is-closing):
    /// script has closed it, and a task will destroy it.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.is_closing
    }

    pub(crate) fn begin_to_close(&mut self) {
        self.is_closing = true;
    }

    /// Whether a page has opened it.
    pub(crate) fn is_opened_by_a_page(&self) -> bool {
        self.is_opened_by_a_page
    }

    pub(crate) fn set_opened_by_a_page(&mut self) {
        self.is_opened_by_a_page = true;
    }

    pub(crate) fn group(&self) -> NavigableId {
        self.group
    }

    /// Makes it an auxiliary navigable of this browsing context group.
    pub(crate) fn join_group(&mut self, group: NavigableId) {
        self.group = group;
    }

    pub(crate) fn popup_sandbox(&self) -> SandboxFlags {
        self.popup_sandbox
    }

    pub(crate) fn permit_sandboxed_navigator(&mut self, navigator: NavigableId) {
        self.one_permitted_sandboxed_navigator = Some(navigator);
    }

    /// The number of its ancestors.
    pub(crate) fn depth(&self) -> usize {
        self.depth
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
