//! Queries about the tree of navigables, without changes.

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use crate::Contexts;
use crate::documents::Document;
use crate::dom::{self, Node};
use crate::ids::NavigableId;
use crate::origin::{Origin, matches_about_srcdoc};

impl Contexts {
    /// The [active document](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-document).
    #[must_use]
    pub fn active_document(&self, navigable: NavigableId) -> Option<ClientId> {
        self.navigable(navigable)?.active_document()
    }

    /// The [active window](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-window),
    /// which the WindowProxy stands for.
    #[must_use]
    pub fn active_window(&self, navigable: NavigableId) -> Option<GlobalId> {
        self.navigable(navigable)?.active_window()
    }

    /// Whether a window is the active window of its navigable.
    #[must_use]
    pub fn is_active_window(&self, window: GlobalId) -> bool {
        self.window(window)
            .is_some_and(|held| self.active_window(held.navigable()) == Some(window))
    }

    /// Whether a document is [fully active](https://html.spec.whatwg.org/multipage/document-sequences.html#fully-active).
    #[must_use]
    pub fn is_fully_active(&self, document: ClientId) -> bool {
        // A document in a frame of an inactive document is destroyed together with it. So every active document is
        // fully active.
        self.document(document)
            .is_some_and(|held| self.active_document(held.navigable()) == Some(document))
    }

    /// The parent of a navigable.
    #[must_use]
    pub fn parent(&self, navigable: NavigableId) -> Option<NavigableId> {
        self.navigable(navigable)?.parent()
    }

    /// The element that contains a navigable.
    #[must_use]
    pub fn container(&self, navigable: NavigableId) -> Option<&Node> {
        self.navigable(navigable)?.container()
    }

    /// The [top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-top).
    #[must_use]
    pub fn top(&self, navigable: NavigableId) -> Option<NavigableId> {
        self.inclusive_ancestor_navigables(navigable).last()
    }

    /// The navigable, its parent, and so on
    /// ([inclusive ancestor navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#inclusive-ancestor-navigables)).
    pub fn inclusive_ancestor_navigables(
        &self,
        navigable: NavigableId,
    ) -> impl Iterator<Item = NavigableId> + '_ {
        let first = self.navigable(navigable).map(|_| navigable);
        std::iter::successors(first, |navigable| self.parent(*navigable))
    }

    /// The parent of the navigable, its parent, and so on
    /// ([ancestor navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#ancestor-navigables)).
    pub fn ancestor_navigables(
        &self,
        navigable: NavigableId,
    ) -> impl Iterator<Item = NavigableId> + '_ {
        self.inclusive_ancestor_navigables(navigable).skip(1)
    }

    /// The origins of the documents around a navigable, the nearest first.
    pub fn ancestor_origins(&self, navigable: NavigableId) -> impl Iterator<Item = &Origin> + '_ {
        let documents = self
            .ancestor_navigables(navigable)
            .filter_map(|ancestor| self.document(self.active_document(ancestor)?));
        documents.map(Document::origin)
    }

    /// The navigable and its descendants, parents before their children, children in tree order
    /// ([inclusive descendant navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#inclusive-descendant-navigables)).
    #[must_use]
    pub fn inclusive_descendant_navigables(&self, navigable: NavigableId) -> Vec<NavigableId> {
        let mut found = Vec::new();
        let mut to_visit = vec![navigable];
        while let Some(next) = to_visit.pop() {
            if self.navigable(next).is_some() {
                found.push(next);
                to_visit.extend(self.children(next).iter().rev());
            }
        }
        found
    }

    /// The top-level navigables in the order of their creation.
    #[must_use]
    pub fn top_level_navigables(&self) -> Vec<NavigableId> {
        let mut all = self.navigables.navigables.keys_in_order();
        all.retain(|navigable| self.parent(*navigable).is_none());
        all
    }

    /// The [child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#child-navigable)
    /// of the active document, in tree order. Those in shadow trees are included.
    #[must_use]
    pub fn children(&self, navigable: NavigableId) -> &[NavigableId] {
        let document = self.active_document(navigable);
        document.map_or(&[], |document| self.child_navigables_of(document))
    }

    /// The [document-tree child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#document-tree-child-navigables)
    /// of the active document, in tree order.
    #[must_use]
    pub fn document_tree_children(&self, navigable: NavigableId) -> Vec<NavigableId> {
        let mut children = self.children(navigable).to_vec();
        children.retain(|child| self.is_in_document_tree(*child));
        children
    }

    /// Whether the container is in a document's own tree, and not in a shadow tree.
    fn is_in_document_tree(&self, child: NavigableId) -> bool {
        self.container(child).is_some_and(|container| {
            // OPTIMIZATION: most agents have no shadow tree.
            self.has_no_shadow_trees() || !dom::is_shadow_root(&dom::root(container))
        })
    }

    /// The first document-tree child navigable of a window that has this target name.
    #[must_use]
    pub fn child_navigable_of_name(&self, window: GlobalId, name: &str) -> Option<NavigableId> {
        let held = self.window(window)?;
        if name.is_empty() || !self.is_active_window(window) {
            return None;
        }
        let mut children = self.children(held.navigable()).iter().copied();
        children.find(|child| {
            let held = self.navigable(*child);
            held.is_some_and(|held| held.name() == name) && self.is_in_document_tree(*child)
        })
    }

    /// The navigable that the [document-tree child navigable target name property set](https://html.spec.whatwg.org/multipage/nav-history-apis.html#document-tree-child-navigable-target-name-property-set)
    /// of a window contains for a name: the first one of that name, if it is same origin with the window.
    // SPEC-ISSUE: in browsers the set also contains a frame of another origin if its element's own attribute gives
    // the name, and the tests of `document.domain` rely on that.
    #[must_use]
    pub fn document_tree_child_navigable(
        &self,
        window: GlobalId,
        name: &str,
    ) -> Option<NavigableId> {
        let child = self.child_navigable_of_name(window, name)?;
        let theirs = self.document(self.active_document(child)?)?;
        let own = self.document(self.window(window)?.document())?.origin();
        let same = own.same_origin(theirs.origin());
        let given = self
            .container(child)
            .and_then(|container| dom::attribute(container, "name"));
        (same || given.as_deref() == Some(name)).then_some(child)
    }

    /// The [content document](https://html.spec.whatwg.org/multipage/document-sequences.html#concept-bcc-content-document)
    /// of a frame element.
    #[must_use]
    pub fn content_document(&self, container: &Node) -> Option<ClientId> {
        // 1. and 2. Take the active document of the content navigable, if there is one.
        let document = self.active_document(self.content_navigable(container)?)?;
        // 3. It has to be same origin-domain with the element's own document.
        let held = self.document(document)?;
        let own = self.document(self.connected_document(container)?)?;
        let same = held.origin().same_origin_domain(own.origin());
        // 4. Return it.
        same.then_some(document)
    }

    /// The document that [`getSVGDocument()`](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#dom-media-getsvgdocument)
    /// returns for a frame element: its content document, if it was loaded as SVG.
    #[must_use]
    pub fn svg_document(&self, container: &Node) -> Option<ClientId> {
        let document = self.content_document(container)?;
        let held = self.document(document)?;
        (held.content_type() == "image/svg+xml").then_some(document)
    }

    /// The URL from which the referrers of a document's requests are derived: for `about:srcdoc` the URL of its
    /// container ([determine request's
    /// referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer)).
    pub(crate) fn referrer_source<'a>(&'a self, document: &'a Document) -> Option<&'a Url> {
        let mut document = document;
        while matches_about_srcdoc(document.url()) {
            let container = self.container(document.navigable())?;
            document = self.document(self.connected_document(container)?)?;
        }
        Some(document.url())
    }
}
