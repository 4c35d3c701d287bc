//! Shadow trees ([DOM, shadow trees](https://dom.spec.whatwg.org/#shadow-trees)).
//!
//! Tables beside the tree hold the root of each host and the host of each root, because `rcdom` has no fields for
//! them. Otherwise a shadow tree is like other trees.
//!
//! NOT YET: manual slot assignment, `slotchange` events.

mod retarget;
mod slots;

use std::rc::{Rc, Weak};

use markup5ever_rcdom::Node as RcNode;

use crate::Contexts;
use crate::dom::{self, DeclaredShadowRoot, DomError, Node, ShadowRootInit};

/// The shadow trees of the agent.
#[derive(Default)]
pub(crate) struct ShadowTrees {
    /// The roots by their hosts.
    roots: dom::NodeTable<(Node, ShadowRootInit)>,
    /// The hosts by their roots.
    hosts: dom::NodeTable<Weak<RcNode>>,
}

impl ShadowTrees {
    fn insert(&mut self, host: &Node, root: &Node, init: ShadowRootInit) {
        self.hosts.insert(root, Rc::downgrade(host));
        self.roots.insert(host, (Rc::clone(root), init));
    }
}

impl Contexts {
    /// [Attach a shadow root](https://dom.spec.whatwg.org/#concept-attach-a-shadow-root).
    ///
    /// # Errors
    /// `NotSupportedError` when the element cannot be a host, or is already one.
    pub fn attach_a_shadow_root(
        &mut self,
        host: &Node,
        init: ShadowRootInit,
    ) -> Result<Node, DomError> {
        if !dom::can_be_shadow_host(host) {
            return Err(DomError::NotSupported {
                what: dom::node_label(host),
                reason: "it cannot have a shadow tree",
            });
        }
        if self.shadow_root(host).is_some() {
            return Err(DomError::NotSupported {
                what: dom::node_label(host),
                reason: "it already has a shadow tree",
            });
        }
        let root = dom::create_shadow_root();
        self.shadow_trees.insert(host, &root, init);
        Ok(root)
    }

    /// Attaches the shadow roots that a parser has made.
    // NOT YET: a script that attaches a shadow root while the parser is inside of the host makes the
    // parser's one disappear; in the standard the template stays a template then.
    pub(crate) fn attach_declared_shadow_roots(&mut self, declared: Vec<DeclaredShadowRoot>) {
        for declared in declared {
            if self.shadow_root(&declared.host).is_none() {
                let (host, root) = (&declared.host, &declared.root);
                self.shadow_trees.insert(host, root, declared.init);
            }
        }
    }

    /// Takes over the declarative shadow root of an element, if it has this mode
    /// ([attach a shadow root](https://dom.spec.whatwg.org/#concept-attach-a-shadow-root), step 4). It is not
    /// declarative any more. The caller removes its children.
    pub fn take_over_a_declarative_shadow_root(
        &mut self,
        host: &Node,
        closed: bool,
    ) -> Option<Node> {
        let (root, init) = self.shadow_trees.roots.get_mut(host)?;
        let matches = init.declarative && init.closed == closed;
        init.declarative &= !matches;
        matches.then(|| Rc::clone(root))
    }

    /// The [shadow root](https://dom.spec.whatwg.org/#concept-element-shadow-root) of an element.
    #[must_use]
    pub fn shadow_root(&self, host: &Node) -> Option<Node> {
        Some(self.shadow_trees.roots.get(host)?.0.clone())
    }

    /// The properties of a shadow root; `None` for other nodes.
    #[must_use]
    pub fn shadow_root_init(&self, root: &Node) -> Option<ShadowRootInit> {
        let host = self.shadow_host(root)?;
        Some(self.shadow_trees.roots.get(&host)?.1)
    }

    /// The [host](https://dom.spec.whatwg.org/#concept-documentfragment-host) of a shadow root;
    /// `None` for other nodes.
    #[must_use]
    pub fn shadow_host(&self, root: &Node) -> Option<Node> {
        if !dom::is_shadow_root(root) {
            return None;
        }
        self.shadow_trees.hosts.get(root)?.upgrade()
    }

    pub(crate) fn has_no_shadow_trees(&self) -> bool {
        self.shadow_trees.roots.is_empty()
    }

    /// [Shadow-including root](https://dom.spec.whatwg.org/#concept-shadow-including-root).
    #[must_use]
    pub fn shadow_including_root(&self, node: &Node) -> Node {
        let mut root = dom::root(node);
        while let Some(host) = self.shadow_host(&root) {
            root = dom::root(&host);
        }
        root
    }

    /// [Shadow-including inclusive descendants](https://dom.spec.whatwg.org/#concept-shadow-including-inclusive-descendant),
    /// in [shadow-including tree order](https://dom.spec.whatwg.org/#concept-shadow-including-tree-order).
    pub(crate) fn shadow_including_inclusive_descendants(&self, node: &Node) -> Vec<Node> {
        // OPTIMIZATION: most agents have no shadow tree.
        if self.shadow_trees.roots.is_empty() {
            return dom::inclusive_descendants(node).collect();
        }
        let (mut found, mut stack) = (Vec::new(), vec![Rc::clone(node)]);
        while let Some(node) = stack.pop() {
            stack.extend(node.children.borrow().iter().rev().cloned());
            stack.extend(self.shadow_root(&node));
            found.push(node);
        }
        found
    }

    /// The part of [clone a node](https://dom.spec.whatwg.org/#concept-node-clone) that clones shadow
    /// trees: gives `copy`, a clone of `node`, copies of the clonable ones.
    pub(crate) fn clone_shadow_trees(&mut self, node: &Node, copy: &Node) {
        if self.shadow_trees.roots.is_empty() {
            return;
        }
        let mut pairs = vec![(Rc::clone(node), Rc::clone(copy))];
        while let Some((from, to)) = pairs.pop() {
            let ours = from.children.borrow();
            pairs.extend(
                ours.iter()
                    .cloned()
                    .zip(to.children.borrow().iter().cloned()),
            );
            let Some(root) = self.shadow_root(&from) else {
                continue;
            };
            let Some(init) = self.shadow_root_init(&root).filter(|init| init.clonable) else {
                continue;
            };
            // A copy of a host is a valid host and has no shadow tree yet.
            let Ok(new) = self.attach_a_shadow_root(&to, init) else {
                continue;
            };
            for child in root.children.borrow().iter() {
                let child_copy = dom::clone_node(child, dom::CloneScope::Subtree);
                dom::attach(&new, None, Rc::clone(&child_copy));
                pairs.push((Rc::clone(child), child_copy));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_some_elements_can_be_hosts() {
        let mut contexts = Contexts::new();
        let init = ShadowRootInit::default();
        for (name, may) in [
            ("div", true),
            ("x-y", true),
            ("a", false),
            ("font-face", false),
        ] {
            let host = dom::create_element(name).unwrap();
            let attached = contexts.attach_a_shadow_root(&host, init);
            assert_eq!(attached.is_ok(), may, "{name}");
            let again = contexts.attach_a_shadow_root(&host, init);
            assert_eq!(again.unwrap_err().name(), "NotSupportedError");
        }
    }

    #[test]
    fn clonable_trees_inside_clonable_trees_are_cloned() {
        let mut contexts = Contexts::new();
        let clonable = ShadowRootInit {
            clonable: true,
            ..ShadowRootInit::default()
        };
        let (outer, inner) = (
            dom::create_element("div").unwrap(),
            dom::create_element("p").unwrap(),
        );
        let root = contexts.attach_a_shadow_root(&outer, clonable).unwrap();
        dom::attach(&root, None, Rc::clone(&inner));
        let inner_root = contexts.attach_a_shadow_root(&inner, clonable).unwrap();
        dom::attach(&inner_root, None, dom::create_text("x"));
        let copy = contexts.clone_node(&outer, dom::CloneScope::Node);
        let copied_root = contexts.shadow_root(&copy).unwrap();
        let copied_inner = dom::first_child(&copied_root).unwrap();
        let copied_inner_root = contexts.shadow_root(&copied_inner).unwrap();
        assert_eq!(dom::text_content(&copied_inner_root).unwrap(), "x");
        assert!(dom::is_same(
            &contexts.shadow_including_root(&dom::first_child(&copied_inner_root).unwrap()),
            &copy
        ));
        assert_eq!(
            contexts.shadow_including_inclusive_descendants(&copy).len(),
            5
        );
    }
}
