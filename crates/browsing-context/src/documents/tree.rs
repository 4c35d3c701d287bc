//! Which document a node belongs to ([DOM, nodes](https://dom.spec.whatwg.org/#concept-node-document)).

use framepost_event_loop::ClientId;

use crate::Contexts;
use crate::dom::{self, Node};

impl Contexts {
    /// The [node document](https://dom.spec.whatwg.org/#concept-node-document), as far as it is
    /// known. That of a detached tree is known if [`adopt`](Self::adopt) was called for it, or if
    /// the tree was in a document before.
    #[must_use]
    pub fn document_of(&self, node: &Node) -> Option<ClientId> {
        let root = self.shadow_including_root(node);
        match self.document_of_root(&root) {
            Some(document) => Some(document),
            None => {
                let document = *self.documents.detached_roots.get(&root)?;
                let exists = self.documents.documents.contains_key(&document);
                exists.then_some(document)
            }
        }
    }

    /// The document that the node is [connected](https://dom.spec.whatwg.org/#connected) to, if it
    /// is one of a navigable.
    #[must_use]
    pub fn connected_document(&self, node: &Node) -> Option<ClientId> {
        self.document_of_root(&self.shadow_including_root(node))
    }

    /// The document whose own node this is.
    pub(crate) fn document_of_root(&self, root: &Node) -> Option<ClientId> {
        let by_node = &self.documents.by_node;
        by_node.get(&dom::address(root)).copied()
    }

    /// Notes the node document of the root of a detached tree.
    pub(crate) fn set_document_of_detached_root(&mut self, root: &Node, document: ClientId) {
        self.documents.detached_roots.insert(root, document);
    }

    /// The node is no longer the root of a detached tree.
    pub(crate) fn is_no_longer_a_detached_root(&mut self, node: &Node) {
        self.documents.detached_roots.remove(node);
    }
}
