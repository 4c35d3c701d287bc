//! Moving a node inside its tree ([DOM, move](https://dom.spec.whatwg.org/#move)).

use std::rc::Rc;

use crate::Contexts;
use crate::dom::{self, DomError, Node, NodeKind, is_same, node_kind};

impl Contexts {
    /// [Move](https://dom.spec.whatwg.org/#move) a node into a parent of the same tree, before a child or at the end. Frames
    /// and scripts in the node do not notice. The embedder updates ranges and queues mutation records.
    ///
    /// # Errors
    /// `HierarchyRequestError` and `NotFoundError` as there.
    // NOT YET: the moving steps of form controls.
    pub fn move_node(
        &mut self,
        parent: &Node,
        node: &Node,
        before: Option<&Node>,
    ) -> Result<(), DomError> {
        let refuse = |reason| {
            Err(DomError::Hierarchy {
                parent: dom::node_label(parent),
                child: dom::node_label(node),
                reason,
            })
        };
        // 1. Both have to be in the same tree.
        let root = self.shadow_including_root(parent);
        if !is_same(&root, &self.shadow_including_root(node)) {
            return refuse("it is in another tree");
        }
        // 2. to 6. The node may be inserted there.
        dom::ensure_pre_insertion_validity(parent, node, before)?;
        self.ensure_no_host_in_its_own_tree(parent, node)?;
        // 4. It has to be an element or character data.
        if matches!(
            node_kind(node),
            NodeKind::DocumentFragment | NodeKind::Doctype
        ) {
            return refuse("it cannot be moved");
        }
        // 7. to 16. Remove it from its old parent.
        dom::detach(node);
        // 17. to 24. Insert it.
        dom::attach(parent, before, Rc::clone(node));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{create_document_fragment, create_element, create_text};

    fn error(result: Result<(), DomError>) -> &'static str {
        result.err().map_or("", |error| error.name())
    }

    #[test]
    fn nodes_move_only_inside_their_tree() {
        let mut contexts = Contexts::new();
        let element = || create_element("div").unwrap();
        let (root, a, b, text) = (element(), element(), element(), create_text("x"));
        for child in [&a, &b, &text] {
            dom::attach(&root, None, Rc::clone(child));
        }
        assert_eq!(error(contexts.move_node(&a, &text, None)), "");
        assert!(is_same(&dom::first_child(&a).unwrap(), &text));
        assert_eq!(error(contexts.move_node(&root, &b, Some(&a))), "");
        assert!(is_same(&dom::first_child(&root).unwrap(), &b));
        for (parent, node, before, expected) in [
            (&a, &root, None, "HierarchyRequestError"),
            (&a, &element(), None, "HierarchyRequestError"),
            (
                &a,
                &create_document_fragment(),
                None,
                "HierarchyRequestError",
            ),
            (&text, &b, None, "HierarchyRequestError"),
            (&a, &b, Some(&b), "NotFoundError"),
        ] {
            assert_eq!(error(contexts.move_node(parent, node, before)), expected);
        }
    }
}
