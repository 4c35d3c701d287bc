//! Documents and windows: their properties, the documents of nodes, and origins
//! ([HTML, documents](https://html.spec.whatwg.org/multipage/dom.html#documents)).
//!
//! Higher modules keep the loading, the scripts and the history of a document under its key.

mod agents;
mod base_url;
mod document;
mod domain;
mod inert;
mod origins;
mod properties;
mod tree;
mod window;

use framepost_event_loop::{ClientId, FxHashMap, GlobalId, TaskQueues};

use agents::AgentNumbers;
pub(crate) use base_url::parse_relative;
pub use document::Document;
pub(crate) use document::NewDocument;
use inert::InertDocuments;
use origins::OriginNumbers;
pub use properties::{DocumentKind, DocumentProperties};
pub(crate) use tree::NodeDocument;
pub(crate) use window::LastActivation;
pub use window::{AgentClusterKey, Window};

use crate::Contexts;
use crate::dom::{self, NodeTable};
use crate::steps::ContextTask;

/// The documents and windows of the agent.
#[derive(Default)]
pub(crate) struct Documents {
    // Never iterated where the order shows.
    documents: FxHashMap<ClientId, Document>,
    windows: FxHashMap<GlobalId, Window>,
    /// The documents that are not destroyed, by the addresses of their nodes, which they hold.
    by_node: FxHashMap<usize, ClientId>,
    /// The node documents of the roots of detached trees.
    detached_roots: NodeTable<NodeDocument>,
    inert: InertDocuments,
    origins: OriginNumbers,
    agents: AgentNumbers,
}

impl Documents {
    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    pub(crate) fn node_of(&self, document: ClientId) -> Option<dom::Node> {
        let held = self.documents.get(&document);
        held.map(|document| document.node().clone())
    }

    /// There is an XML document.
    pub(crate) fn note_an_xml_document(&mut self) {
        self.inert.have_xml = true;
    }

    pub(crate) fn windows_len(&self) -> usize {
        self.windows.len()
    }

    pub(crate) fn detached_roots_len(&self) -> usize {
        self.detached_roots.len() + self.inert.len()
    }
}

impl Contexts {
    /// The document with this key, until it is gone.
    #[must_use]
    pub fn document(&self, document: ClientId) -> Option<&Document> {
        self.documents.documents.get(&document)
    }

    pub(crate) fn document_mut(&mut self, document: ClientId) -> Option<&mut Document> {
        self.documents.documents.get_mut(&document)
    }

    /// The window with this key, until it is gone.
    #[must_use]
    pub fn window(&self, window: GlobalId) -> Option<&Window> {
        self.documents.windows.get(&window)
    }

    /// The windows, in the order of their creation.
    #[must_use]
    pub fn windows(&self) -> Vec<GlobalId> {
        let mut windows: Vec<GlobalId> = self.documents.windows.keys().copied().collect();
        windows.sort_unstable();
        windows
    }

    pub(crate) fn window_mut(&mut self, window: GlobalId) -> Option<&mut Window> {
        self.documents.windows.get_mut(&window)
    }

    /// Adds a document and, unless it is there, its window. The document is not active yet.
    pub(crate) fn add_a_document(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        new: NewDocument,
    ) -> ClientId {
        let id = queues.create_client(new.window);
        let node = dom::create_document();
        self.documents.by_node.insert(dom::address(&node), id);
        self.documents
            .windows
            .entry(new.window)
            .and_modify(|window| window.document = id)
            .or_insert_with(|| Window::new(&new, id));
        let key = self.documents.windows.get(&new.window);
        let key = key.map(|window| window.agent_cluster_key().clone());
        if let Some(key) = key {
            self.obtain_a_window_agent(queues, id, &key);
        }
        let document = Document::new(id, node, new);
        self.documents.documents.insert(id, document);
        id
    }

    /// Destroys a document: its nodes are no longer connected to it. It can still be looked up until it is removed.
    pub(crate) fn disconnect_the_nodes_of(&mut self, document: ClientId) {
        if let Some(held) = self.documents.documents.get(&document) {
            let (node, properties) = (held.node().clone(), held.properties().clone());
            self.documents.by_node.remove(&dom::address(&node));
            self.documents
                .inert
                .keep_destroyed(document, &node, properties);
        }
    }

    /// Removes a destroyed document.
    pub(crate) fn forget_a_document(&mut self, document: ClientId) {
        if let Some(gone) = self.documents.documents.remove(&document) {
            self.forget_the_domain_of(gone.origin());
        }
    }

    /// Removes a destroyed window.
    pub(crate) fn forget_a_window(&mut self, window: GlobalId) {
        self.documents.windows.remove(&window);
    }
}
