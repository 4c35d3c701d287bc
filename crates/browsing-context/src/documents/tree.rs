//! The document of a node ([DOM, nodes](https://dom.spec.whatwg.org/#concept-node-document)).

use std::rc::Rc;

use framepost_event_loop::ClientId;

use crate::Contexts;
use crate::dom::{self, Node, NodeKind, node_kind};

/// The node document of a detached tree.
#[derive(Clone)]
pub(crate) enum NodeDocument {
    /// A document that a navigable shows or has shown.
    Shown(ClientId),
    /// A document that no navigable shows.
    Inert(Node),
}

impl Contexts {
    /// The document of the node's [node document](https://dom.spec.whatwg.org/#concept-node-document),
    /// if a navigable shows it. The document of a detached tree is known if [`adopt`](Self::adopt) was
    /// called for it, or if the tree was in a document before.
    #[must_use]
    pub fn document_of(&self, node: &Node) -> Option<ClientId> {
        let root = self.shadow_including_root(node);
        match self.document_of_root(&root) {
            Some(document) => Some(document),
            None => match self.documents.detached_roots.get(&root)? {
                NodeDocument::Shown(document) => {
                    let exists = self.documents.documents.contains_key(document);
                    exists.then_some(*document)
                }
                NodeDocument::Inert(_) => None,
            },
        }
    }

    /// The [node document](https://dom.spec.whatwg.org/#concept-node-document) of a node, even if no navigable shows
    /// it. The node document of a document is the document itself.
    #[must_use]
    pub fn node_document(&self, node: &Node) -> Option<Node> {
        let root = self.shadow_including_root(node);
        if node_kind(&root) == NodeKind::Document {
            return Some(root);
        }
        match self.documents.detached_roots.get(&root)? {
            NodeDocument::Shown(document) => match self.documents.documents.get(document) {
                Some(held) => Some(Rc::clone(held.node())),
                None => self.documents.inert.destroyed(*document),
            },
            NodeDocument::Inert(document) => Some(Rc::clone(document)),
        }
    }

    /// The document that the node is [connected](https://dom.spec.whatwg.org/#connected) to, if it
    /// is one of a navigable.
    #[must_use]
    pub fn connected_document(&self, node: &Node) -> Option<ClientId> {
        self.document_of_root(&self.shadow_including_root(node))
    }

    /// From now on the steps of changes to the [named elements](https://html.spec.whatwg.org/multipage/dom.html#named-elements)
    /// of this document contain a [`TreeChange::NamedElements`](crate::dom::TreeChange::NamedElements). Returns whether
    /// the document may have named elements already. A document that no navigable shows cannot be watched.
    pub fn watch_named_elements(&mut self, document: &Node) -> bool {
        let id = self.document_of_root(document);
        id.and_then(|id| self.document_mut(id))
            .is_some_and(super::Document::watch_named_elements)
    }

    /// The document whose own node this is.
    pub(crate) fn document_of_root(&self, root: &Node) -> Option<ClientId> {
        let by_node = &self.documents.by_node;
        by_node.get(&dom::address(root)).copied()
    }

    /// The node document to record for a node that is removed from its tree.
    pub(crate) fn document_to_note(&self, node: &Node) -> Option<NodeDocument> {
        let root = self.shadow_including_root(node);
        if let Some(document) = self.document_of_root(&root) {
            return Some(NodeDocument::Shown(document));
        }
        if node_kind(&root) == NodeKind::Document {
            return Some(NodeDocument::Inert(root));
        }
        self.documents.detached_roots.get(&root).cloned()
    }

    /// Records the node document of the root of a detached tree.
    pub(crate) fn set_document_of_detached_root(&mut self, root: &Node, document: NodeDocument) {
        self.documents.detached_roots.insert(root, document);
    }

    pub(crate) fn set_inert_document_of_detached_root(&mut self, root: &Node, document: Node) {
        self.set_document_of_detached_root(root, NodeDocument::Inert(document));
    }

    pub(crate) fn has_document_of_detached_root(&self, root: &Node) -> bool {
        self.documents.detached_roots.get(root).is_some()
    }

    /// Removes the record of a node that is no longer the root of a detached tree.
    pub(crate) fn is_no_longer_a_detached_root(&mut self, node: &Node) {
        self.documents.detached_roots.remove(node);
    }
}
