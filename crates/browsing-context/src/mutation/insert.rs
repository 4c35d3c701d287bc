//! DOM's [mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms).

use std::collections::VecDeque;
use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues};

use crate::Contexts;
use crate::documents::NodeDocument;
use crate::dom::{self, DomError, Node, TreeChange, is_same};
use crate::steps::{
    Action, ContextTask, Effect, EmbeddedAction, LoadingAction, MutationAction, NavigableAction,
    NavigationAction, Next, ScriptAction, Steps,
};

impl Contexts {
    /// [Pre-insert](https://dom.spec.whatwg.org/#concept-node-pre-insert) `node` into `parent`,
    /// before a child or at the end.
    ///
    /// # Errors
    /// As [`dom::ensure_pre_insertion_validity`].
    pub fn insert(
        &mut self,
        parent: &Node,
        node: &Node,
        before: Option<&Node>,
    ) -> Result<Steps, DomError> {
        // 1. Ensure pre-insertion validity.
        dom::ensure_pre_insertion_validity(parent, node, before)?;
        self.ensure_no_host_in_its_own_tree(parent, node)?;
        // 2. and 3. The reference child is `before`, or its next sibling if `before` is the node.
        let before_itself = before.filter(|before| is_same(before, node));
        let reference = match before_itself {
            Some(node) => dom::next_sibling(node),
            None => before.cloned(),
        };
        // 4. Insert.
        Ok(self.insert_unchecked(parent, node, reference.as_ref()))
    }

    /// The part of [host-including inclusive ancestor](https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor)
    /// about hosts: a shadow host cannot be inserted into its shadow tree, and no template into its
    /// contents.
    ///
    /// # Errors
    /// `HierarchyRequestError`.
    pub(super) fn ensure_no_host_in_its_own_tree(
        &self,
        parent: &Node,
        node: &Node,
    ) -> Result<(), DomError> {
        let root = dom::root(parent);
        if !dom::is_document_fragment(&root) {
            return Ok(());
        }
        // The trees whose host is in the tree of `node`, at any depth.
        let mut trees = vec![Rc::clone(node)];
        while let Some(tree) = trees.pop() {
            for held in dom::inclusive_descendants(&tree) {
                let hosted = [dom::template_contents(&held), self.shadow_root(&held)];
                for hosted in hosted.into_iter().flatten() {
                    if is_same(&hosted, &root) {
                        return Err(DomError::Hierarchy {
                            parent: dom::node_label(parent),
                            child: dom::node_label(node),
                            reason: "a host cannot be in its own tree",
                        });
                    }
                    trees.push(hosted);
                }
            }
        }
        Ok(())
    }

    /// [Append](https://dom.spec.whatwg.org/#concept-node-append).
    ///
    /// # Errors
    /// As [`dom::ensure_pre_insertion_validity`].
    pub fn append(&mut self, parent: &Node, node: &Node) -> Result<Steps, DomError> {
        self.insert(parent, node, None)
    }

    /// [Insert](https://dom.spec.whatwg.org/#concept-node-insert). The embedder updates ranges and queues mutation
    /// records.
    pub(super) fn insert_unchecked(
        &mut self,
        parent: &Node,
        node: &Node,
        before: Option<&Node>,
    ) -> Steps {
        // 1. The nodes are the children of a fragment, or the node itself.
        let nodes: Vec<Node> = if dom::is_document_fragment(node) {
            node.children.borrow().iter().cloned().collect()
        } else {
            vec![Rc::clone(node)]
        };
        // 4. Remove them from their parents, from the end, so that no removal moves the others.
        let mut unlinked: Vec<Vec<Action>> = Vec::new();
        let old = self.node_document(node);
        for node in nodes.iter().rev() {
            unlinked.push(self.unlink(node));
        }
        let mut actions: Vec<Action> = unlinked.into_iter().rev().flatten().collect();
        // 7. Insert each of them into the tree, whose document adopts it.
        for node in &nodes {
            self.is_no_longer_a_detached_root(node);
            dom::attach(parent, before, Rc::clone(node));
            self.template_adopting_steps(node, old.as_ref());
        }
        let root = self.shadow_including_root(parent);
        let Some(document) = self.document_of_root(&root) else {
            if dom::node_kind(&root) == dom::NodeKind::Document {
                self.prepare_scripts_of_an_inert_document(parent, &nodes);
            }
            return Steps::sequence(actions);
        };
        // 9. Run the children changed steps: a script prepares itself.
        if dom::is_script_element(parent) {
            actions.push(ScriptAction::Prepare(Rc::clone(parent)).into());
        }
        // 7.7. Run the insertion steps of all shadow-including inclusive descendants.
        // 10. to 12. Collect those that have post-connection steps, and run these.
        let mut connected = VecDeque::new();
        let mut are_named = false;
        let all = nodes
            .iter()
            .flat_map(|node| self.shadow_including_inclusive_descendants(node));
        for node in all.collect::<Vec<_>>() {
            are_named |= dom::may_be_named_element(&node);
            match dom::html_name(&node) {
                _ if dom::is_script_element(&node) => connected.push_back(node),
                Some("iframe" | "frame") => connected.push_back(node),
                Some("object" | "embed") => actions.push(EmbeddedAction::Determine(node).into()),
                Some("meta") => actions.push(NavigationAction::MetaInserted(node).into()),
                Some("base") => {
                    if let Some(document) = self.document_mut(document) {
                        document.set_may_have_base(true);
                    }
                }
                _ => {}
            }
        }
        if !connected.is_empty() {
            actions.push(MutationAction::PostConnectionSteps(connected).into());
        }
        // The named properties of the document change before a script can run.
        if are_named && let Some(changed) = self.named_elements_changed(document) {
            actions.insert(0, changed);
        }
        Steps::sequence(actions)
    }

    /// The named elements of a document have changed: returns the effect for the embedder, if it wants to know.
    pub(super) fn named_elements_changed(&mut self, document: ClientId) -> Option<Action> {
        let held = self.document_mut(document)?;
        let document = Rc::clone(held.node());
        let change = TreeChange::NamedElements { document };
        held.named_elements_changed()
            .then(|| Action::effect(Effect::TreeChanged(vec![change])))
    }

    pub(crate) fn run_mutation_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: MutationAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            MutationAction::PostConnectionSteps(nodes) => {
                self.post_connection_steps(queues, nodes, next)
            }
        }
    }

    /// Runs the [post-connection steps](https://dom.spec.whatwg.org/#concept-node-post-connection-ext)
    /// of the first of these nodes that is still connected, and returns the others as an action: step 12 of
    /// [insert](https://dom.spec.whatwg.org/#concept-node-insert).
    fn post_connection_steps(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        mut nodes: VecDeque<Node>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 12. For each node that is connected:
        while let Some(node) = nodes.pop_front() {
            let Some(document) = self.connected_document(&node) else {
                continue;
            };
            // A script prepares itself.
            if dom::is_script_element(&node) {
                next.push_all([
                    ScriptAction::Prepare(node).into(),
                    MutationAction::PostConnectionSteps(nodes).into(),
                ]);
                return None;
            }
            // A frame creates its child navigable, if it has none.
            if self.content_navigable(&node).is_some() {
                continue;
            }
            next.push(MutationAction::PostConnectionSteps(nodes));
            return self.frame_post_connection_steps(queues, &node, document, next);
        }
        None
    }

    /// Removes a node from its tree, if it is in one, and returns the steps that follow: HTML's
    /// [removing steps](https://html.spec.whatwg.org/multipage/infrastructure.html#html-element-removing-steps).
    pub(super) fn unlink(&mut self, node: &Node) -> Vec<Action> {
        let document = self.document_to_note(node);
        if dom::detach(node).is_none() {
            return Vec::new();
        }
        let mut actions = Vec::new();
        if let Some(NodeDocument::Shown(document)) = &document
            && let Some(held) = self.document(*document)
            // OPTIMIZATION: most documents have no named elements.
            && held.may_have_named_elements()
            && dom::inclusive_descendants(node).any(|node| dom::may_be_named_element(&node))
        {
            actions.extend(self.named_elements_changed(*document));
        }
        if let Some(document) = document {
            self.set_document_of_detached_root(node, document);
        }
        // OPTIMIZATION: without frames and embedded content no node has removing steps.
        if self.navigables.have_no_container() && self.embedded.have_no_element() {
            return actions;
        }
        for node in self.shadow_including_inclusive_descendants(node) {
            // A frame destroys its child navigable.
            let navigable = self.content_navigable(&node);
            actions.extend(navigable.map(|child| NavigableAction::RemoveChild(child).into()));
            // An object or embed no longer delays the load event.
            if let Some(document) = self.forget_embedding_element(&node) {
                actions.push(LoadingAction::CheckLoad(document).into());
            }
        }
        actions
    }

    /// [Remove](https://dom.spec.whatwg.org/#concept-node-remove). A node without a parent does not change.
    pub fn remove(&mut self, node: &Node) -> Steps {
        Steps::sequence(self.unlink(node))
    }

    /// [Pre-remove](https://dom.spec.whatwg.org/#concept-node-pre-remove), which is `removeChild`.
    ///
    /// # Errors
    /// `NotFoundError` when `child` is not a child of `parent`.
    pub fn pre_remove(&mut self, parent: &Node, child: &Node) -> Result<Steps, DomError> {
        // 1. The child has to be one of the parent.
        if dom::parent(child).is_some_and(|above| is_same(&above, parent)) {
            // 2. Remove it.
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
        // 1. to 6. Ensure that the node may replace the child.
        dom::ensure_replace_validity(parent, node, child)?;
        self.ensure_no_host_in_its_own_tree(parent, node)?;
        // 7. and 8. The reference child is the next sibling of the child, or the one after it if that is the node.
        let mut reference = dom::next_sibling(child);
        if let Some(sibling) = &reference
            && is_same(sibling, node)
        {
            reference = dom::next_sibling(sibling);
        }
        // 11. Remove the child.
        let removal = Steps::sequence(self.unlink(child));
        // 13. Insert the node.
        let insertion = self.insert_unchecked(parent, node, reference.as_ref());
        Ok(removal.then(insertion))
    }

    /// [Replace all](https://dom.spec.whatwg.org/#concept-node-replace-all) children by `node`, or
    /// remove all of them. The caller ensures that the node may be inserted.
    pub fn replace_all(&mut self, parent: &Node, node: Option<&Node>) -> Steps {
        // 5. Remove all children, from the end, so that each removal moves no other child.
        let children: Vec<Node> = parent.children.borrow().iter().cloned().collect();
        let mut unlinked: Vec<Vec<Action>> = Vec::new();
        for child in children.iter().rev() {
            unlinked.push(self.unlink(child));
        }
        let removal = Steps::sequence(unlinked.into_iter().rev().flatten().collect());
        // 6. Insert the node, if there is one.
        match node {
            Some(node) => removal.then(self.insert_unchecked(parent, node, None)),
            None => removal,
        }
    }

    /// [String replace all](https://dom.spec.whatwg.org/#string-replace-all): what setting
    /// `textContent` does to elements and fragments.
    pub fn string_replace_all(&mut self, parent: &Node, text: &str) -> Steps {
        // 1. and 2. Create a text node, unless the text is empty.
        let node = (!text.is_empty()).then(|| dom::create_text(text));
        // 3. Replace all children by it.
        self.replace_all(parent, node.as_ref())
    }

    /// [Adopt](https://dom.spec.whatwg.org/#concept-node-adopt): removes the node from its tree and sets its node
    /// document. The embedder also calls this for nodes that it creates.
    pub fn adopt(&mut self, node: &Node, document: ClientId) -> Steps {
        self.adopt_for(node, NodeDocument::Shown(document))
    }

    /// Adopts a node into the node document of `like`, even if no navigable shows it.
    pub fn adopt_like(&mut self, node: &Node, like: &Node) -> Steps {
        match self.document_to_note(like) {
            Some(document) => self.adopt_for(node, document),
            None => self.remove(node),
        }
    }

    fn adopt_for(&mut self, node: &Node, document: NodeDocument) -> Steps {
        // 1. Keep the old document.
        let old = self.node_document(node);
        // 2. Remove the node.
        let actions = self.unlink(node);
        // 3. Set its node document, and run the adopting steps.
        self.set_document_of_detached_root(node, document);
        self.template_adopting_steps(node, old.as_ref());
        Steps::sequence(actions)
    }
}
