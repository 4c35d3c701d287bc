//! Looking at the state. Nothing here changes anything.

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::Contexts;
use crate::Origin;
use crate::document::Document;
use crate::dom::{self, Node};
use crate::fetch::RequestId;
use crate::navigable::{Navigable, NavigableId};
use crate::script::{Script, ScriptId};
use crate::url_helpers::matches_about;
use crate::window::Window;

impl Contexts {
    /// The document of that name, unless it is gone.
    #[must_use]
    pub fn document(&self, document: ClientId) -> Option<&Document> {
        self.documents.get(&document)
    }

    /// The window of that name, unless it is gone.
    #[must_use]
    pub fn window(&self, window: GlobalId) -> Option<&Window> {
        self.windows.get(&window)
    }

    /// The navigable of that name, unless it is gone.
    #[must_use]
    pub fn navigable(&self, navigable: NavigableId) -> Option<&Navigable> {
        self.navigables.get(navigable)
    }

    /// The script of that name, until it has run.
    #[must_use]
    pub fn script(&self, script: ScriptId) -> Option<&Script> {
        self.scripts.get(script)
    }

    /// The [active document](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-document).
    #[must_use]
    pub fn active_document(&self, navigable: NavigableId) -> Option<ClientId> {
        self.navigable(navigable)?.document
    }

    /// The [active window](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-window):
    /// where the WindowProxy points.
    #[must_use]
    pub fn active_window(&self, navigable: NavigableId) -> Option<GlobalId> {
        self.navigable(navigable)?.window
    }

    /// The origin of a window's document, or of a worker.
    #[must_use]
    pub fn origin_of_window(&self, window: GlobalId) -> Option<&Origin> {
        match self.window(window) {
            Some(held) => Some(&self.document(held.document)?.origin),
            None => self.worker(window).map(|worker| &worker.origin),
        }
    }

    /// Whether a window is what its navigable shows.
    #[must_use]
    pub fn is_active_window(&self, window: GlobalId) -> bool {
        self.window(window)
            .is_some_and(|held| self.active_window(held.navigable) == Some(window))
    }

    /// The navigable whose document the container is in.
    #[must_use]
    pub fn parent(&self, navigable: NavigableId) -> Option<NavigableId> {
        self.navigable(navigable)?.parent
    }

    /// The [top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-top).
    #[must_use]
    pub fn top(&self, navigable: NavigableId) -> Option<NavigableId> {
        self.inclusive_ancestor_navigables(navigable).last()
    }

    /// The navigable, its parent, and so on.
    pub fn inclusive_ancestor_navigables(
        &self,
        navigable: NavigableId,
    ) -> impl Iterator<Item = NavigableId> + '_ {
        let first = self.navigable(navigable).map(|_| navigable);
        std::iter::successors(first, |navigable| self.parent(*navigable))
    }

    /// The navigables of the frames in the tree of the active document, in tree order
    /// ([document-tree child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#document-tree-child-navigables)).
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

    /// The navigables of all frames of the active document, those in shadow trees included, in
    /// tree order ([child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#child-navigable)).
    #[must_use]
    pub fn children(&self, navigable: NavigableId) -> &[NavigableId] {
        let document = self.active_document(navigable);
        let document = document.and_then(|document| self.document(document));
        document.map_or(&[], |document| &document.child_navigables)
    }

    /// The first frame of a window's document that has this target name.
    #[must_use]
    pub fn child_navigable_of_name(&self, window: GlobalId, name: &str) -> Option<NavigableId> {
        let held = self.window(window)?;
        if name.is_empty() || !self.is_active_window(window) {
            return None;
        }
        let mut children = self.children(held.navigable).iter().copied();
        children.find(|child| {
            let held = self.navigable(*child);
            held.is_some_and(|held| held.name == name) && self.is_in_document_tree(*child)
        })
    }

    /// The frame that a name of the [document-tree child navigable target name property set](https://html.spec.whatwg.org/multipage/nav-history-apis.html#document-tree-child-navigable-target-name-property-set)
    /// of a window stands for: the first one of that name, if it is of the window's own origin.
    // SPEC-ISSUE: browsers also show a frame of another origin whose element has the name
    // (it told the frame that name itself), and the tests of `document.domain` rely on it.
    #[must_use]
    pub fn document_tree_child_navigable(
        &self,
        window: GlobalId,
        name: &str,
    ) -> Option<NavigableId> {
        let child = self.child_navigable_of_name(window, name)?;
        let theirs = self.document(self.active_document(child)?)?;
        let same = self.origin_of_window(window)?.same_origin(&theirs.origin);
        let given = self
            .container(child)
            .and_then(|container| dom::attribute(container, "name"));
        (same || given.as_deref() == Some(name)).then_some(child)
    }

    /// The navigable and all below it, parents before their children, children in tree order.
    #[must_use]
    pub fn inclusive_descendant_navigables(&self, navigable: NavigableId) -> Vec<NavigableId> {
        let mut found = Vec::new();
        let mut to_visit = vec![navigable];
        while let Some(next) = to_visit.pop() {
            if self.navigables.contains(next) {
                found.push(next);
                to_visit.extend(self.children(next).iter().rev());
            }
        }
        found
    }

    /// The top-level navigables in the order they were made.
    #[must_use]
    pub fn top_level_navigables(&self) -> Vec<NavigableId> {
        let mut all = self.navigables.keys_in_order();
        all.retain(|navigable| self.parent(*navigable).is_none());
        all
    }

    /// The [content navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#content-navigable)
    /// of a frame element.
    #[must_use]
    pub fn content_navigable(&self, container: &Node) -> Option<NavigableId> {
        self.content_navigables
            .get(&dom::address(container))
            .copied()
    }

    /// The [content document](https://html.spec.whatwg.org/multipage/document-sequences.html#concept-bcc-content-document)
    /// of a frame element: none if it is not same origin-domain with the element's own document.
    #[must_use]
    pub fn content_document(&self, container: &Node) -> Option<ClientId> {
        let document = self.active_document(self.content_navigable(container)?)?;
        let held = self.document(document)?;
        let own = self.document(self.connected_document(container)?)?;
        held.origin
            .same_origin_domain(&own.origin)
            .then_some(document)
    }

    /// The document that [`getSVGDocument()`](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#dom-media-getsvgdocument)
    /// answers for a frame element: its content document, if that came as SVG.
    #[must_use]
    pub fn svg_document(&self, container: &Node) -> Option<ClientId> {
        let document = self.content_document(container)?;
        let held = self.document(document)?;
        (held.content_type == "image/svg+xml").then_some(document)
    }

    /// The element whose content a navigable is.
    #[must_use]
    pub fn container(&self, navigable: NavigableId) -> Option<&Node> {
        self.navigable(navigable)?.container.as_ref()
    }

    /// The [node document](https://dom.spec.whatwg.org/#concept-node-document), as far as it is
    /// known: that of a detached tree is known when [`adopt`](Self::adopt) was told of it, or the
    /// tree was once in a document.
    #[must_use]
    pub fn document_of(&self, node: &Node) -> Option<ClientId> {
        let root = self.shadow_including_root(node);
        match self.documents_by_node.get(&dom::address(&root)) {
            Some(document) => Some(*document),
            None => {
                let document = *self.detached_roots.get(&root)?;
                self.documents.contains_key(&document).then_some(document)
            }
        }
    }

    /// The document that the node is [connected](https://dom.spec.whatwg.org/#connected) to, among
    /// those shown in a navigable.
    #[must_use]
    pub fn connected_document(&self, node: &Node) -> Option<ClientId> {
        let root = self.shadow_including_root(node);
        self.documents_by_node.get(&dom::address(&root)).copied()
    }

    /// Whether a document is [fully active](https://html.spec.whatwg.org/multipage/document-sequences.html#fully-active).
    #[must_use]
    pub fn is_fully_active(&self, document: ClientId) -> bool {
        // A document below one that is not active is destroyed together with it, so that to be
        // active is to be fully active.
        self.document(document)
            .is_some_and(|held| self.active_document(held.navigable) == Some(document))
    }

    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url).
    #[must_use]
    pub fn base_url(&self, document: ClientId) -> Option<Url> {
        let held = self.document(document)?;
        let fallback = held.fallback_base_url();
        if !held.may_have_base {
            return Some(fallback.clone());
        }
        let base = dom::descendants(&held.node)
            .filter(|node| dom::is_html_element(node, "base"))
            .find_map(|node| dom::attribute(&node, "href"));
        // What this yields is the frozen base URL: it may not be of these schemes.
        let parsed = base.and_then(|href| fallback.join(&href).ok());
        Some(match parsed {
            Some(url) if !matches!(url.scheme(), "data" | "javascript") => url,
            _ => fallback.clone(),
        })
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a document.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    // NOT YET: queries in the document's encoding rather than UTF-8.
    pub fn parse_url(&self, document: ClientId, url: &str) -> Result<Url, crate::DomError> {
        let syntax_error = || crate::DomError::Syntax {
            input: url.to_owned(),
            expected: "a URL",
        };
        let base = self.base_url(document).ok_or_else(syntax_error)?;
        Url::options()
            .base_url(Some(&base))
            .parse(url)
            .map_err(|_| syntax_error())
    }

    /// Whether somebody still waits for the answer to this request.
    #[must_use]
    pub fn is_awaited(&self, request: RequestId) -> bool {
        self.requests
            .get(request)
            .is_some_and(|pending| pending.answer.is_none())
    }

    /// How many entries the tables hold, for those who look for leaks.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            navigables: self.navigables.len(),
            documents: self.documents.len(),
            windows: self.windows.len(),
            workers: self.workers.len(),
            scripts: self.scripts.len(),
            modules: self.modules.len(),
            requests: self.requests.len(),
            document_states: self.document_states.len(),
            node_entries: self.detached_roots.len()
                + self.script_elements.len()
                + self.embedding_elements.len(),
        }
    }
}

/// What [`Contexts::counts`] counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Navigables.
    pub navigables: usize,
    /// Documents.
    pub documents: usize,
    /// Windows.
    pub windows: usize,
    /// Workers.
    pub workers: usize,
    /// Scripts that were prepared and have not run.
    pub scripts: usize,
    /// Module scripts of documents that are there.
    pub modules: usize,
    /// Loads without an answer.
    pub requests: usize,
    /// Document states of session history entries.
    pub document_states: usize,
    /// Facts kept about nodes; some of them may belong to nodes that are gone.
    pub node_entries: usize,
}

impl Document {
    /// [Fallback base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fallback-base-url).
    pub(crate) fn fallback_base_url(&self) -> &Url {
        match &self.about_base_url {
            Some(base)
                if matches_about(&self.url, "srcdoc") || matches_about(&self.url, "blank") =>
            {
                base
            }
            _ => &self.url,
        }
    }
}
