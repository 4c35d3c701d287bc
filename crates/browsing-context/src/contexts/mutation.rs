//! Changing trees that may be shown: DOM's mutation algorithms with what HTML hangs on them
//! ([DOM, mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms)).
//!
//! The tree is changed when the method returns; what follows from it, frames that come and go and
//! scripts that run, is in the [`Steps`].

use std::collections::VecDeque;
use std::rc::Rc;

use framepost_event_loop::ClientId;

use super::Contexts;
use crate::Steps;
use crate::dom::{self, DomError, Node, is_same};
use crate::steps::{Action, Insertion};

impl Contexts {
    /// [Pre-insert](https://dom.spec.whatwg.org/#concept-node-pre-insert): before a child, or at
    /// the end. The children of a fragment are inserted in its stead.
    ///
    /// # Errors
    /// As [`dom::ensure_pre_insertion_validity`].
    pub fn insert(
        &mut self,
        parent: &Node,
        node: &Node,
        before: Option<&Node>,
    ) -> Result<Steps, DomError> {
        dom::ensure_pre_insertion_validity(parent, node, before)?;
        let after_itself = before.filter(|before| is_same(before, node));
        let reference = match after_itself {
            Some(node) => dom::next_sibling(node),
            None => before.cloned(),
        };
        Ok(self.insert_unchecked(parent, node, reference.as_ref()))
    }

    /// [Append](https://dom.spec.whatwg.org/#concept-node-append).
    ///
    /// # Errors
    /// As [`dom::ensure_pre_insertion_validity`].
    pub fn append(&mut self, parent: &Node, node: &Node) -> Result<Steps, DomError> {
        self.insert(parent, node, None)
    }

    fn insert_unchecked(&mut self, parent: &Node, node: &Node, before: Option<&Node>) -> Steps {
        let nodes: Vec<Node> = if dom::is_document_fragment(node) {
            node.children.borrow().iter().cloned().collect()
        } else {
            vec![Rc::clone(node)]
        };
        let mut actions = Vec::new();
        for node in &nodes {
            actions.extend(self.unlink(node));
        }
        for node in &nodes {
            self.detached_roots.remove(node);
            dom::attach(parent, before, Rc::clone(node));
        }
        let Some(document) = self.connected_document(parent) else {
            return Steps::sequence(actions);
        };
        if dom::is_html_element(parent, "script") {
            actions.push(Action::PrepareScript(Rc::clone(parent)));
        }
        let mut connected = VecDeque::new();
        let all = nodes
            .iter()
            .flat_map(|node| self.shadow_including_inclusive_descendants(node));
        for node in all.collect::<Vec<_>>() {
            match dom::html_name(&node) {
                Some("iframe" | "frame" | "script") => connected.push_back(node),
                Some("object" | "embed") => actions.push(Action::DetermineEmbeddedContent(node)),
                Some("meta") => actions.push(Action::MetaInserted(node)),
                Some("base") => {
                    if let Some(document) = self.documents.get_mut(&document) {
                        document.may_have_base = true;
                    }
                }
                _ => {}
            }
        }
        if !connected.is_empty() {
            actions.push(Action::PostConnection(connected));
        }
        Steps::sequence(actions)
    }

    /// Takes a node out of its tree, if it is in one, and answers what is to follow.
    fn unlink(&mut self, node: &Node) -> Vec<Action> {
        let document = self.document_of(node);
        if dom::detach(node).is_none() {
            return Vec::new();
        }
        if let Some(document) = document {
            self.detached_roots.insert(node, document);
        }
        // OPTIMIZATION: without frames there is nothing to look for.
        if self.content_navigables.is_empty() && self.embedding_elements.is_empty() {
            return Vec::new();
        }
        let mut actions = Vec::new();
        for node in self.shadow_including_inclusive_descendants(node) {
            let navigable = self.content_navigable(&node);
            actions.extend(navigable.map(Action::DestroyChildNavigable));
            if let Some(document) = self.forget_embedding_element(&node) {
                actions.push(Action::CheckLoad(document));
            }
        }
        actions
    }

    /// [Remove](https://dom.spec.whatwg.org/#concept-node-remove). A node without a parent stays
    /// as it is.
    pub fn remove(&mut self, node: &Node) -> Steps {
        Steps::sequence(self.unlink(node))
    }

    /// [Pre-remove](https://dom.spec.whatwg.org/#concept-node-pre-remove), which is `removeChild`.
    ///
    /// # Errors
    /// `NotFoundError` when `child` is not a child of `parent`.
    pub fn pre_remove(&mut self, parent: &Node, child: &Node) -> Result<Steps, DomError> {
        if dom::parent(child).is_some_and(|above| is_same(&above, parent)) {
            return Ok(self.remove(child));
        }
        Err(DomError::NotFound {
            parent: dom::node_label(parent),
            child: dom::node_label(child),
        })
    }

    /// [Replace](https://dom.spec.whatwg.org/#concept-node-replace) `child` by `node`.
    ///
    /// # Errors
    /// As [`dom::ensure_replace_validity`].
    pub fn replace(&mut self, parent: &Node, node: &Node, child: &Node) -> Result<Steps, DomError> {
        dom::ensure_replace_validity(parent, node, child)?;
        let mut reference = dom::next_sibling(child);
        if let Some(sibling) = &reference
            && is_same(sibling, node)
        {
            reference = dom::next_sibling(sibling);
        }
        let removal = Steps::sequence(self.unlink(child));
        let insertion = self.insert_unchecked(parent, node, reference.as_ref());
        Ok(removal.then(insertion))
    }

    /// [Replace all](https://dom.spec.whatwg.org/#concept-node-replace-all) children by `node`, or
    /// by nothing. The caller has made sure that the node may stand there.
    pub fn replace_all(&mut self, parent: &Node, node: Option<&Node>) -> Steps {
        let children: Vec<Node> = parent.children.borrow().iter().cloned().collect();
        // From the end, so that unlinking does not move what is left.
        let mut unlinked: Vec<Vec<Action>> = Vec::new();
        for child in children.iter().rev() {
            unlinked.push(self.unlink(child));
        }
        let removal = Steps::sequence(unlinked.into_iter().rev().flatten().collect());
        match node {
            Some(node) => removal.then(self.insert_unchecked(parent, node, None)),
            None => removal,
        }
    }

    /// [String replace all](https://dom.spec.whatwg.org/#string-replace-all): what setting
    /// `textContent` does to elements and fragments.
    pub fn string_replace_all(&mut self, parent: &Node, text: &str) -> Steps {
        let node = (!text.is_empty()).then(|| dom::create_text(text));
        self.replace_all(parent, node.as_ref())
    }

    /// [Adopt](https://dom.spec.whatwg.org/#concept-node-adopt): takes the node out of its tree
    /// and notes that it belongs to a document. Embedders call this for the nodes that they make
    /// for a document, too.
    pub fn adopt(&mut self, node: &Node, document: ClientId) -> Steps {
        let actions = self.unlink(node);
        self.detached_roots.insert(node, document);
        Steps::sequence(actions)
    }

    /// [`setAttribute`](https://dom.spec.whatwg.org/#dom-element-setattribute), with what HTML does
    /// when an attribute changes.
    ///
    /// # Errors
    /// `InvalidCharacterError` when the name is not a
    /// [valid attribute local name](https://dom.spec.whatwg.org/#valid-attribute-local-name).
    pub fn set_attribute(
        &mut self,
        node: &Node,
        name: &str,
        value: &str,
    ) -> Result<Steps, DomError> {
        if !dom::is_valid_attribute_local_name(name) {
            return Err(DomError::InvalidCharacter {
                name: name.to_owned(),
            });
        }
        let name = attribute_name(node, name);
        let old = dom::put_attribute(node, &name, value);
        Ok(self.attribute_changed(node, &name, old.as_deref(), Some(value)))
    }

    /// [`removeAttribute`](https://dom.spec.whatwg.org/#dom-element-removeattribute).
    pub fn remove_attribute(&mut self, node: &Node, name: &str) -> Steps {
        let name = attribute_name(node, name);
        match dom::take_attribute(node, &name) {
            Some(old) => self.attribute_changed(node, &name, Some(&old), None),
            None => Steps::none(),
        }
    }

    /// HTML's [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext).
    fn attribute_changed(
        &mut self,
        node: &Node,
        name: &str,
        old: Option<&str>,
        value: Option<&str>,
    ) -> Steps {
        match (dom::html_name(node), name) {
            (Some("iframe" | "frame"), _) => {
                let Some(navigable) = self.content_navigable(node) else {
                    return Steps::none();
                };
                // A changed name is for the next frame that the element makes, not for this one.
                match name {
                    "srcdoc" if dom::is_html_element(node, "iframe") => {}
                    "src" if !dom::has_attribute(node, "srcdoc") => {}
                    _ => return Steps::none(),
                }
                Steps::one(Action::ProcessFrameAttributes(navigable, Insertion::Later))
            }
            (Some("object"), "data") | (Some("embed"), "src" | "type") => {
                Steps::one(Action::DetermineEmbeddedContent(Rc::clone(node)))
            }
            (Some("script"), "src") if old.is_none() && value.is_some() => {
                Steps::one(Action::PrepareScript(Rc::clone(node)))
            }
            (Some("script"), "async") if value.is_some() => {
                self.script_elements.entry(node).force_async = Some(false);
                Steps::none()
            }
            _ => Steps::none(),
        }
    }

    /// Parses a fragment in the context of a node, as `innerHTML` does; the nodes have no parent,
    /// and their scripts will not run
    /// ([fragment parsing algorithm](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps)).
    #[must_use]
    pub fn parse_fragment(&mut self, context: &Node, html: &str) -> Node {
        let document = self.document_of(context);
        let held = document.and_then(|document| self.document(document));
        let (quirks_mode, scripting) = held.map_or(
            (html5ever::interface::QuirksMode::NoQuirks, false),
            |document| (document.quirks_mode, document.scripting_enabled()),
        );
        let parsed =
            crate::parser::parse_fragment_with_scripts(context, html, quirks_mode, scripting);
        for script in parsed.scripts {
            self.script_elements.entry(&script).already_started = true;
        }
        let fragment = dom::create_document_fragment();
        for node in parsed.nodes {
            dom::attach(&fragment, None, node);
        }
        if let Some(document) = document {
            self.detached_roots.insert(&fragment, document);
        }
        fragment
    }

    /// Sets the [`innerHTML`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml)
    /// of an element; that of a `template` goes into its contents.
    pub fn set_inner_html(&mut self, element: &Node, html: &str) -> Steps {
        let fragment = self.parse_fragment(element, html);
        let target = dom::template_contents(element).unwrap_or_else(|| Rc::clone(element));
        self.replace_all(&target, Some(&fragment))
    }

    /// [Clones](https://dom.spec.whatwg.org/#concept-node-clone) a node, with the facts that HTML
    /// keeps about scripts. The clone belongs to the node's document.
    #[must_use]
    pub fn clone_node(&mut self, node: &Node, subtree: bool) -> Node {
        let copy = dom::clone_node(node, subtree);
        let pairs = dom::inclusive_descendants(node).zip(dom::inclusive_descendants(&copy));
        for (from, to) in pairs {
            if self
                .script_elements
                .get(&from)
                .is_some_and(|held| held.already_started)
            {
                self.script_elements.entry(&to).already_started = true;
            }
        }
        self.clone_shadow_trees(node, &copy);
        if let Some(document) = self.document_of(node) {
            self.detached_roots.insert(&copy, document);
        }
        copy
    }
}

/// Names are in lower case on HTML elements.
fn attribute_name(node: &Node, name: &str) -> String {
    if dom::html_name(node).is_some() {
        name.to_ascii_lowercase()
    } else {
        name.to_owned()
    }
}
