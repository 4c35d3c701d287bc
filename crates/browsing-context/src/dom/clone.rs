//! Cloning ([DOM, clone a node](https://dom.spec.whatwg.org/#concept-node-clone)).

use std::cell::RefCell;
use std::rc::Rc;

use markup5ever_rcdom::{Node as RcNode, NodeData};

use super::{Node, attach};

/// [Clone a node](https://dom.spec.whatwg.org/#concept-node-clone), with what is below it when
/// `subtree` says so. The contents of templates are cloned with a subtree only.
#[must_use]
pub fn clone_node(node: &Node, subtree: bool) -> Node {
    let copy = clone_single(node);
    if !subtree {
        return copy;
    }
    let mut to_do = vec![(Rc::clone(node), Rc::clone(&copy))];
    while let Some((from, to)) = to_do.pop() {
        for child in from.children.borrow().iter() {
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
    RcNode::new(match &node.data {
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
                    .then(super::create_document_fragment),
            ),
            mathml_annotation_xml_integration_point: *mathml_annotation_xml_integration_point,
        },
        // Nothing else holds a node, so this copies no tree.
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{create_element, serialize_outer};
    use crate::parser::parse_fragment;

    #[test]
    fn a_clone_is_equal_and_apart() {
        let body = create_element("body").unwrap();
        let nodes = parse_fragment(
            &body,
            "<p a=1>x<!--y--><template><i>z</i></template></p>",
            html5ever::interface::QuirksMode::NoQuirks,
            true,
        );
        let copy = clone_node(&nodes[0], true);
        assert_eq!(serialize_outer(&copy), serialize_outer(&nodes[0]));
        crate::dom::put_attribute(&copy, "a", "2");
        assert_ne!(serialize_outer(&copy), serialize_outer(&nodes[0]));
        let shallow = clone_node(&nodes[0], false);
        assert_eq!(serialize_outer(&shallow), "<p a=\"1\"></p>");
    }

    #[test]
    fn depth_costs_no_stack() {
        let top = create_element("div").unwrap();
        let mut bottom = Rc::clone(&top);
        for _ in 0..100_000 {
            let next = create_element("div").unwrap();
            attach(&bottom, None, Rc::clone(&next));
            bottom = next;
        }
        let copy = clone_node(&top, true);
        assert_eq!(crate::dom::descendants(&copy).count(), 100_000);
    }
}
