//! Cloning ([DOM, clone a node](https://dom.spec.whatwg.org/#concept-node-clone)).

use std::cell::RefCell;
use std::rc::Rc;

use markup5ever_rcdom::{Node as RcNode, NodeData};

use super::{Node, attach};

/// The part of a tree that is cloned: the "subtree" of
/// [clone a node](https://dom.spec.whatwg.org/#concept-node-clone).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloneScope {
    /// The node alone.
    Node,
    /// The node, its descendants and the contents of templates.
    Subtree,
}

/// [Clone a node](https://dom.spec.whatwg.org/#concept-node-clone).
#[must_use]
pub fn clone_node(node: &Node, scope: CloneScope) -> Node {
    let copy = clone_single(node);
    if scope == CloneScope::Node {
        return copy;
    }
    let mut to_do = vec![(Rc::clone(node), Rc::clone(&copy))];
    while let Some((from, to)) = to_do.pop() {
        for child in from
            .children
            .borrow()
            .iter()
            .filter(|_| !super::is_character_data(&from))
        {
            let child_copy = clone_single(child);
            attach(&to, None, Rc::clone(&child_copy));
            to_do.push((Rc::clone(child), child_copy));
        }
        if let (Some(from), Some(to)) = (
            super::template_contents(&from),
            super::template_contents(&to),
        ) {
            to_do.push((from, to));
        }
    }
    copy
}

fn clone_single(node: &Node) -> Node {
    let copy = RcNode::new(match &node.data {
        NodeData::Element {
            name,
            attrs,
            template_contents,
            mathml_annotation_xml_integration_point,
        } => NodeData::Element {
            name: name.clone(),
            attrs: RefCell::new(attrs.borrow().clone()),
            template_contents: RefCell::new(
                template_contents
                    .borrow()
                    .is_some()
                    .then(super::create_template_contents),
            ),
            mathml_annotation_xml_integration_point: *mathml_annotation_xml_integration_point,
        },
        // No other kind of node contains a node, so this copies no tree.
        other => other.clone(),
    });
    if super::is_character_data(node) {
        // The hidden children have no parent, and are never changed.
        copy.children
            .borrow_mut()
            .clone_from(&node.children.borrow());
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{create_element, serialize_outer};
    use crate::parser::{FragmentOptions, parse_fragment};

    #[test]
    fn clone_is_equal_and_independent() {
        let body = create_element("body").unwrap();
        let nodes = parse_fragment(
            &body,
            "<p a=1>x<!--y--><template><i>z</i></template></p>",
            FragmentOptions::default(),
        );
        let copy = clone_node(&nodes[0], CloneScope::Subtree);
        assert_eq!(serialize_outer(&copy), serialize_outer(&nodes[0]));
        crate::dom::put_attribute(&copy, &crate::dom::plain_attribute_name("a"), "2");
        assert_ne!(serialize_outer(&copy), serialize_outer(&nodes[0]));
        let shallow = clone_node(&nodes[0], CloneScope::Node);
        assert_eq!(serialize_outer(&shallow), "<p a=\"1\"></p>");
    }

    #[test]
    fn deep_tree_is_cloned_without_recursion() {
        let top = create_element("div").unwrap();
        let mut bottom = Rc::clone(&top);
        for _ in 0..100_000 {
            let next = create_element("div").unwrap();
            attach(&bottom, None, Rc::clone(&next));
            bottom = next;
        }
        let copy = clone_node(&top, CloneScope::Subtree);
        assert_eq!(crate::dom::descendants(&copy).count(), 100_000);
    }
}
