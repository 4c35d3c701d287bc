//! The attempts to determine what `object` and `embed` elements represent.

use framepost_event_loop::{Arena, ClientId};
use url::Url;

use crate::Contexts;
use crate::dom::{Node, NodeTable};
use crate::ids::{EmbeddedContentId, RequestId};

/// The state of `object` and `embed` elements.
#[derive(Default)]
pub(crate) struct Embedded {
    /// The attempts in progress to determine it.
    pub(super) attempts: Arena<EmbeddedContentId, Attempt>,
    pub(super) elements: NodeTable<EmbeddingElement>,
}

/// An attempt to determine what an element represents. It delays the load event of the document.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) element: Node,
    pub(super) document: ClientId,
    /// The fetch, and its URL with the fragment.
    pub(super) fetched: Option<(RequestId, Url)>,
}

/// The state of one element.
#[derive(Debug, Default)]
pub(super) struct EmbeddingElement {
    /// The attempt in progress. A later one replaces it.
    pub(super) latest: Option<EmbeddedContentId>,
    /// Whether an `object` represents its children.
    pub(super) shows_fallback: bool,
}

impl Embedded {
    pub(crate) fn contains(&self, id: EmbeddedContentId) -> bool {
        self.attempts.contains(id)
    }

    /// Whether there is no state of any element.
    pub(crate) fn have_no_element(&self) -> bool {
        self.elements.is_empty()
    }

    pub(crate) fn elements_len(&self) -> usize {
        self.elements.len()
    }

    /// Whether the embedded content of a document delays its load event.
    pub(crate) fn delays_the_load_event(&self, document: ClientId) -> bool {
        let mut attempts = self.attempts.iter();
        attempts.any(|(_, held)| held.document == document)
    }
}

impl Contexts {
    pub(super) fn forget_embedded_content(&mut self, id: Option<EmbeddedContentId>) {
        let forgotten = id.and_then(|id| self.embedded.attempts.remove(id));
        if let Some((request, _)) = forgotten.and_then(|attempt| attempt.fetched) {
            self.requests.remove(request);
        }
    }

    /// An element was removed from its tree. Returns the document whose load event it delayed.
    pub(crate) fn forget_embedding_element(&mut self, element: &Node) -> Option<ClientId> {
        let id = self.embedded.elements.remove(element)?.latest?;
        let document = self.document_of_embedded_content(id);
        self.forget_embedded_content(Some(id));
        document
    }

    /// A document is destroyed: removes the attempts in progress in it.
    pub(crate) fn forget_embedded_contents(&mut self, document: ClientId) {
        for id in self.embedded.attempts.keys_in_order() {
            if self.document_of_embedded_content(id) == Some(document) {
                self.forget_embedded_content(Some(id));
            }
        }
    }

    pub(crate) fn document_of_embedded_content(&self, id: EmbeddedContentId) -> Option<ClientId> {
        self.embedded.attempts.get(id).map(|held| held.document)
    }
}
