//! Documents that no navigable shows: documents that script creates, documents of template contents, and destroyed
//! documents.

use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use framepost_event_loop::ClientId;
use markup5ever_rcdom::Node as RcNode;

use super::{DocumentKind, DocumentProperties};
use crate::Contexts;
use crate::dom::{self, Node, NodeTable};
use crate::origin::about_blank;

/// The documents that no navigable shows. This table does not keep them alive.
#[derive(Default)]
pub(super) struct InertDocuments {
    properties: NodeTable<DocumentProperties>,
    /// The nodes of destroyed documents, for the detached trees that still belong to them.
    destroyed: BTreeMap<ClientId, Weak<RcNode>>,
    /// The [associated inert template documents](https://html.spec.whatwg.org/multipage/scripting.html#associated-inert-template-document)
    /// of documents.
    template_documents: NodeTable<Node>,
    /// The documents that are themselves inert template documents.
    are_template_documents: NodeTable<()>,
    /// Whether there was ever an XML document.
    ///
    /// OPTIMIZATION: until then the comparison of names does not depend on the document.
    pub(super) have_xml: bool,
}

impl InertDocuments {
    pub(super) fn len(&self) -> usize {
        self.properties.len() + self.destroyed.len() + self.template_documents.len()
    }

    pub(super) fn destroyed(&self, document: ClientId) -> Option<Node> {
        self.destroyed.get(&document).and_then(Weak::upgrade)
    }

    /// Keeps the properties of a destroyed document.
    pub(super) fn keep_destroyed(
        &mut self,
        document: ClientId,
        node: &Node,
        properties: DocumentProperties,
    ) {
        self.destroyed.retain(|_, node| node.strong_count() > 0);
        self.destroyed.insert(document, Rc::downgrade(node));
        self.properties.insert(node, properties);
    }
}

impl Contexts {
    /// Creates a document without a browsing context.
    #[must_use]
    pub fn create_an_inert_document(&mut self, properties: DocumentProperties) -> Node {
        let node = dom::create_document();
        let inert = &mut self.documents.inert;
        inert.have_xml |= properties.kind == DocumentKind::Xml;
        inert.properties.insert(&node, properties);
        node
    }

    /// Gives a new document the properties of another one.
    pub(crate) fn give_the_properties_of(&mut self, document: &Node, copy: &Node) {
        let origin = self.origin_of_document(document);
        let properties = self.document_properties(document).cloned();
        if let Some(properties) = properties {
            let properties = properties.with_origin(origin);
            self.documents.inert.properties.insert(copy, properties);
        }
    }

    /// The properties of the document of this node, even if no navigable shows it.
    #[must_use]
    pub fn document_properties(&self, document: &Node) -> Option<&DocumentProperties> {
        match self.document_of_root(document) {
            Some(shown) => self.document(shown).map(super::Document::properties),
            None => self.documents.inert.properties.get(document),
        }
    }

    pub(crate) fn set_quirks_mode_of_inert_document(
        &mut self,
        document: &Node,
        mode: html5ever::interface::QuirksMode,
    ) {
        if let Some(properties) = self.documents.inert.properties.get_mut(document) {
            properties.quirks_mode = mode;
        }
    }

    /// Whether the [node document](https://dom.spec.whatwg.org/#concept-node-document) of a node is an
    /// [HTML document](https://dom.spec.whatwg.org/#html-document). A node without a document counts as a node of an
    /// HTML document.
    #[must_use]
    pub fn is_in_html_document(&self, node: &Node) -> bool {
        if !self.documents.inert.have_xml {
            return true;
        }
        let document = self.node_document(node);
        let properties = document.and_then(|document| self.document_properties(&document));
        properties.is_none_or(DocumentProperties::is_html)
    }

    /// [Appropriate template contents owner document](https://html.spec.whatwg.org/multipage/scripting.html#appropriate-template-contents-owner-document)
    fn appropriate_template_contents_owner_document(&mut self, document: &Node) -> Node {
        // 1. A document that this algorithm created is its own owner document.
        let inert = &self.documents.inert;
        if inert.are_template_documents.get(document).is_some() {
            return Rc::clone(document);
        }
        // 1.1. Each other document has one.
        // IMPLEMENTATION-DEFINED: as in browsers, it has the document's origin.
        if let Some(held) = inert.template_documents.get(document) {
            return Rc::clone(held);
        }
        let kind = match self.document_properties(document) {
            Some(properties) => properties.kind,
            None => DocumentKind::Html,
        };
        let content_type = match kind {
            DocumentKind::Html => "text/html",
            DocumentKind::Xml => "application/xml",
        };
        let origin = self.origin_of_document(document);
        let properties =
            DocumentProperties::new(about_blank(), kind, content_type).with_origin(origin);
        let made = self.create_an_inert_document(properties);
        let inert = &mut self.documents.inert;
        inert.are_template_documents.insert(&made, ());
        inert.template_documents.insert(document, Rc::clone(&made));
        // 2. Return it.
        made
    }

    /// The [contents of a `template`](https://html.spec.whatwg.org/multipage/scripting.html#template-contents),
    /// with their node document.
    // OPTIMIZATION: contents get their document when script first uses them, not with the template.
    #[must_use]
    pub fn template_contents(&mut self, template: &Node) -> Option<Node> {
        let contents = dom::template_contents(template)?;
        if !self.has_document_of_detached_root(&contents)
            && let Some(document) = self.node_document(template)
        {
            let owner = self.appropriate_template_contents_owner_document(&document);
            self.set_inert_document_of_detached_root(&contents, owner);
        }
        Some(contents)
    }

    /// The [adopting steps](https://html.spec.whatwg.org/multipage/scripting.html#the-template-element:concept-node-adopt-ext)
    /// of the templates among the inclusive descendants of a node, which has come from the document `old`.
    pub(crate) fn template_adopting_steps(&mut self, node: &Node, old: Option<&Node>) {
        // OPTIMIZATION: contents that script has not used need no adoption.
        if self.documents.inert.template_documents.is_empty() {
            return;
        }
        let new = self.node_document(node);
        let is_the_same = match (old, &new) {
            (Some(old), Some(new)) => dom::is_same(old, new),
            _ => false,
        };
        let Some(new) = new.filter(|_| !is_the_same) else {
            return;
        };
        // 1. Find the owner of the contents.
        let owner = self.appropriate_template_contents_owner_document(&new);
        // 2. Adopt the contents, and those of the templates in them.
        let mut trees = vec![Rc::clone(node)];
        while let Some(tree) = trees.pop() {
            for node in dom::inclusive_descendants(&tree) {
                if let Some(contents) = dom::template_contents(&node)
                    && self.has_document_of_detached_root(&contents)
                {
                    self.set_inert_document_of_detached_root(&contents, Rc::clone(&owner));
                    trees.push(contents);
                }
            }
        }
    }
}
