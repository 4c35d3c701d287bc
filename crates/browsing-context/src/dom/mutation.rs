//! Changing the tree ([DOM, mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms)):
//! the validity checks, and linking and unlinking nodes without further consequences.

use std::rc::Rc;

use super::{
    DomError, Node, NodeKind, contains, index_of, is_same, node_kind, node_label, parent,
    tree_changed, watched_changed,
};
use crate::dom::roots::forget_shortcuts;

fn hierarchy(parent: &Node, child: &Node, reason: &'static str) -> DomError {
    DomError::Hierarchy {
        parent: node_label(parent),
        child: node_label(child),
        reason,
    }
}

/// [Ensure pre-insert validity](https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity).
///
/// # Errors
/// `HierarchyRequestError` or `NotFoundError`, as in the standard.
pub fn ensure_pre_insertion_validity(
    parent_node: &Node,
    node: &Node,
    child: Option<&Node>,
) -> Result<(), DomError> {
    // 1. to 5. The checks that do not depend on the siblings.
    ensure_common_validity(parent_node, node, child)?;
    // 6. In a document the order of the children matters.
    if node_kind(parent_node) != NodeKind::Document {
        return Ok(());
    }
    let at = child.and_then(|child| index_of(parent_node, child));
    ensure_document_validity(parent_node, node, at, None)
}

/// The checks of [replace](https://dom.spec.whatwg.org/#concept-node-replace), where `child` is the
/// child to replace.
///
/// # Errors
/// `HierarchyRequestError` or `NotFoundError`, as in the standard.
pub fn ensure_replace_validity(
    parent_node: &Node,
    node: &Node,
    child: &Node,
) -> Result<(), DomError> {
    // 1. to 5. The checks that do not depend on the siblings.
    ensure_common_validity(parent_node, node, Some(child))?;
    // 6. In a document the order of the children matters.
    if node_kind(parent_node) != NodeKind::Document {
        return Ok(());
    }
    let at = index_of(parent_node, child);
    ensure_document_validity(parent_node, node, at, Some(child))
}

/// Steps 1 to 5 of
/// [ensure pre-insert validity](https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity)
/// and of [replace](https://dom.spec.whatwg.org/#concept-node-replace).
fn ensure_common_validity(
    parent_node: &Node,
    node: &Node,
    child: Option<&Node>,
) -> Result<(), DomError> {
    // 1. The parent has to be a document, a fragment or an element.
    let parent_kind = node_kind(parent_node);
    if !matches!(
        parent_kind,
        NodeKind::Document | NodeKind::DocumentFragment | NodeKind::Element
    ) {
        return Err(hierarchy(parent_node, node, "it cannot have children"));
    }
    // 2. The node must not contain the parent.
    if is_host_including_inclusive_ancestor(node, parent_node) {
        return Err(hierarchy(parent_node, node, "it would contain itself"));
    }
    // 3. The reference child has to be a child of the parent.
    if let Some(child) = child
        && !parent(child).is_some_and(|above| is_same(&above, parent_node))
    {
        return Err(DomError::NotFound {
            parent: node_label(parent_node),
            child: node_label(child),
        });
    }
    // 4. and 5. The kind of the node has to be allowed there.
    match node_kind(node) {
        NodeKind::Document => Err(hierarchy(parent_node, node, "a document has no parent")),
        NodeKind::Attribute => Err(hierarchy(parent_node, node, "an attribute is no child")),
        NodeKind::Text | NodeKind::CdataSection if parent_kind == NodeKind::Document => {
            Err(hierarchy(parent_node, node, "a document has no text"))
        }
        NodeKind::Doctype if parent_kind != NodeKind::Document => Err(hierarchy(
            parent_node,
            node,
            "a doctype can only be a child of a document",
        )),
        _ => Ok(()),
    }
}

/// [Host-including inclusive ancestor](https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor).
// NOT YET: the host of a template's contents, which rcdom cannot find from the contents.
fn is_host_including_inclusive_ancestor(ancestor: &Node, node: &Node) -> bool {
    // OPTIMIZATION: most inserted nodes are leaves, which are ancestors only of themselves.
    if ancestor.children.borrow().is_empty() {
        return is_same(ancestor, node);
    }
    contains(ancestor, node)
}

/// The part for documents: at most one element and one doctype, the doctype first. `at` is the index
/// of the insertion, `replaced` the child that will be removed.
fn ensure_document_validity(
    document: &Node,
    node: &Node,
    at: Option<usize>,
    replaced: Option<&Node>,
) -> Result<(), DomError> {
    let children = document.children.borrow();
    let is_other = |child: &&Node| !replaced.is_some_and(|replaced| is_same(replaced, child));
    let place = at.unwrap_or(children.len());
    let has_element = children
        .iter()
        .filter(is_other)
        .any(|child| node_kind(child) == NodeKind::Element);
    let is_before_doctype = children
        .iter()
        .skip(place)
        .filter(is_other)
        .any(|child| node_kind(child) == NodeKind::Doctype);
    let check_element = || {
        if has_element {
            Err(hierarchy(document, node, "a document has one element"))
        } else if is_before_doctype {
            Err(hierarchy(document, node, "the doctype comes first"))
        } else {
            Ok(())
        }
    };
    match node_kind(node) {
        NodeKind::DocumentFragment => {
            let inner = node.children.borrow();
            let kinds = || inner.iter().map(node_kind);
            let elements = kinds().filter(|kind| *kind == NodeKind::Element).count();
            if elements > 1 {
                return Err(hierarchy(document, node, "a document has one element"));
            }
            if kinds().any(|kind| matches!(kind, NodeKind::Text | NodeKind::CdataSection)) {
                return Err(hierarchy(document, node, "a document has no text"));
            }
            if elements == 1 {
                return check_element();
            }
            Ok(())
        }
        NodeKind::Element => check_element(),
        NodeKind::Doctype => {
            let others = || children.iter().filter(is_other);
            if others().any(|child| node_kind(child) == NodeKind::Doctype) {
                return Err(hierarchy(document, node, "a document has one doctype"));
            }
            let element_first = children
                .iter()
                .take(place)
                .filter(is_other)
                .any(|child| node_kind(child) == NodeKind::Element);
            if element_first {
                return Err(hierarchy(document, node, "the doctype comes first"));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Links a node that has no parent into the tree, before `child` or at the end.
pub(crate) fn attach(parent_node: &Node, child: Option<&Node>, node: Node) {
    debug_assert!(parent(&node).is_none(), "the node is elsewhere");
    tree_changed(parent_node);
    // The node's own tree becomes a part of another one.
    watched_changed(&node);
    node.parent.set(Some(Rc::downgrade(parent_node)));
    let at = child.and_then(|child| index_of(parent_node, child));
    let mut children = parent_node.children.borrow_mut();
    match at {
        Some(index) => children.insert(index, node),
        None => children.push(node),
    }
}

/// Unlinks a node from its tree. Returns its old parent.
pub(crate) fn detach(node: &Node) -> Option<Node> {
    let above = parent(node);
    if let Some(above) = &above {
        tree_changed(above);
    }
    forget_shortcuts(node);
    node.parent.set(None);
    let above = above?;
    if let Some(index) = index_of(&above, node) {
        above.children.borrow_mut().remove(index);
    }
    Some(above)
}

/// Unlinks all children of a node, and returns them.
pub(crate) fn take_children(node: &Node) -> Vec<Node> {
    tree_changed(node);
    let children = std::mem::take(&mut *node.children.borrow_mut());
    for child in &children {
        forget_shortcuts(child);
        child.parent.set(None);
    }
    children
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{
        create_attribute_node, create_comment, create_doctype, create_document,
        create_document_fragment, create_element, create_text,
    };

    fn error(parent: &Node, node: &Node, child: Option<&Node>) -> &'static str {
        match ensure_pre_insertion_validity(parent, node, child) {
            Ok(()) => "",
            Err(error) => error.name(),
        }
    }

    #[test]
    fn insertion_validity_is_checked() {
        let (div, text) = (create_element("div").unwrap(), create_text("x"));
        let document = create_document();
        assert_eq!(error(&div, &text, None), "");
        assert_eq!(error(&text, &div, None), "HierarchyRequestError");
        assert_eq!(error(&div, &div, None), "HierarchyRequestError");
        assert_eq!(error(&div, &document, None), "HierarchyRequestError");
        assert_eq!(error(&document, &text, None), "HierarchyRequestError");
        let doctype = create_doctype("html", "", "");
        assert_eq!(error(&div, &doctype, None), "HierarchyRequestError");
        let attribute = create_attribute_node();
        assert_eq!(error(&div, &attribute, None), "HierarchyRequestError");
        assert_eq!(error(&attribute, &text, None), "HierarchyRequestError");
        let other = create_element("p").unwrap();
        assert_eq!(error(&div, &text, Some(&other)), "NotFoundError");
        attach(&div, None, Rc::clone(&other));
        assert_eq!(error(&other, &div, None), "HierarchyRequestError");
        assert_eq!(error(&div, &other, Some(&other)), "");
    }

    #[test]
    fn document_has_one_element_after_one_doctype() {
        let document = create_document();
        let (html, doctype) = (
            create_element("html").unwrap(),
            create_doctype("html", "", ""),
        );
        attach(&document, None, Rc::clone(&html));
        assert_eq!(error(&document, &doctype, None), "HierarchyRequestError");
        assert_eq!(error(&document, &doctype, Some(&html)), "");
        attach(&document, Some(&html), Rc::clone(&doctype));
        let second = create_element("html").unwrap();
        assert_eq!(error(&document, &second, None), "HierarchyRequestError");
        assert_eq!(error(&document, &create_comment(""), None), "");
        assert_eq!(ensure_replace_validity(&document, &second, &html), Ok(()));
        assert!(ensure_replace_validity(&document, &second, &doctype).is_err());
        let fragment = create_document_fragment();
        attach(&fragment, None, create_element("a").unwrap());
        attach(&fragment, None, create_element("b").unwrap());
        assert!(ensure_replace_validity(&document, &fragment, &html).is_err());
    }

    #[test]
    fn attached_node_can_be_detached() {
        let div = create_element("div").unwrap();
        let (a, b) = (create_text("a"), create_text("b"));
        attach(&div, None, Rc::clone(&b));
        attach(&div, Some(&b), Rc::clone(&a));
        assert_eq!(crate::dom::child_text_content(&div), "ab");
        assert!(is_same(&detach(&a).unwrap(), &div));
        assert!(detach(&a).is_none());
        assert_eq!(crate::dom::child_text_content(&div), "b");
    }
}
