//! Nodes as expressions see them ([XPath 1.0, data model](https://www.w3.org/TR/xpath-10/#data-model)).
//!
//! As in browsers, text that stands in several nodes is several nodes, `node()` finds the doctype, and there are no
//! namespace nodes.

use std::rc::Rc;

use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::{QualName, ns};
use markup5ever_rcdom::{Handle as Node, NodeData};

use super::syntax::{Axis, NodeTest};

/// A node, which may be an attribute.
#[derive(Clone)]
pub(crate) enum XPathNode {
    /// A node of a tree.
    Tree(Node),
    /// The attribute of an element at this index.
    Attribute(Node, usize),
    /// An attribute without an element: its name and its value.
    Loose(Rc<(QualName, String)>),
}

/// The children of a node. Character data has hidden ones in the tree.
fn children(node: &Node) -> Vec<Node> {
    match dom::is_character_data(node) {
        true => Vec::new(),
        false => node.children.borrow().clone(),
    }
}

impl XPathNode {
    /// The name of an attribute.
    pub(crate) fn attribute_name(&self) -> Option<QualName> {
        match self {
            Self::Tree(_) => None,
            Self::Attribute(owner, index) => dom::attribute_names(owner).into_iter().nth(*index),
            Self::Loose(attribute) => Some(attribute.0.clone()),
        }
    }

    /// The node itself, or the element of an attribute.
    pub(super) fn in_tree(&self) -> Option<&Node> {
        match self {
            Self::Tree(node) | Self::Attribute(node, _) => Some(node),
            Self::Loose(_) => None,
        }
    }

    /// The root of the tree.
    pub(super) fn root(&self) -> Self {
        match self.in_tree() {
            Some(node) => Self::Tree(dom::root(node)),
            None => self.clone(),
        }
    }

    /// [String-value](https://www.w3.org/TR/xpath-10/#dt-string-value)
    pub(super) fn string_value(&self) -> String {
        match self {
            Self::Tree(node) if node_kind(node) == NodeKind::Document => dom::descendants(node)
                .filter_map(|below| dom::text(&below))
                .collect(),
            Self::Tree(node) => dom::text_content(node).unwrap_or_default(),
            Self::Attribute(owner, index) => match &owner.data {
                NodeData::Element { attrs, .. } => {
                    let attrs = attrs.borrow();
                    let found = attrs.get(*index);
                    found.map_or_else(String::new, |found| found.value.to_string())
                }
                _ => String::new(),
            },
            Self::Loose(attribute) => attribute.1.clone(),
        }
    }

    /// The prefix, the local part and the namespace of its
    /// [expanded-name](https://www.w3.org/TR/xpath-10/#dt-expanded-name).
    pub(super) fn name(&self) -> Option<(Option<String>, String, String)> {
        let qualified = |name: &QualName| {
            let prefix = name.prefix.as_ref().map(ToString::to_string);
            let prefix = prefix.filter(|prefix| !prefix.is_empty());
            (prefix, name.local.to_string(), name.ns.to_string())
        };
        match self {
            Self::Tree(node) => match &node.data {
                NodeData::Element { name, .. } => Some(qualified(name)),
                NodeData::ProcessingInstruction { target, .. }
                    if node_kind(node) == NodeKind::ProcessingInstruction =>
                {
                    Some((None, target.to_string(), String::new()))
                }
                _ => None,
            },
            attribute => attribute.attribute_name().as_ref().map(qualified),
        }
    }

    /// Visits the nodes of an axis, in its order.
    pub(super) fn on_axis(&self, axis: Axis, visit: &mut dyn FnMut(Self)) {
        let mut all =
            |nodes: &mut dyn Iterator<Item = Node>| nodes.map(Self::Tree).for_each(&mut *visit);
        match (axis, self) {
            (Axis::SelfNode, node) => visit(node.clone()),
            (Axis::DescendantOrSelf, node) => {
                visit(node.clone());
                node.on_axis(Axis::Descendant, visit);
            }
            (Axis::AncestorOrSelf, node) => {
                visit(node.clone());
                node.on_axis(Axis::Ancestor, visit);
            }
            (Axis::Child, Self::Tree(node)) => all(&mut children(node).into_iter()),
            (Axis::Descendant, Self::Tree(node)) => all(&mut dom::descendants(node)),
            (Axis::Parent, Self::Tree(node)) => all(&mut dom::parent(node).into_iter()),
            (Axis::Parent, Self::Attribute(owner, _)) => visit(Self::Tree(owner.clone())),
            (Axis::Ancestor, Self::Tree(node)) => all(&mut dom::inclusive_ancestors(node).skip(1)),
            (Axis::Ancestor, Self::Attribute(owner, _)) => {
                all(&mut dom::inclusive_ancestors(owner));
            }
            (Axis::FollowingSibling, Self::Tree(node)) => {
                all(&mut siblings_after(node).into_iter());
            }
            (Axis::PrecedingSibling, Self::Tree(node)) => {
                all(&mut siblings_before(node).into_iter());
            }
            (Axis::Following, Self::Tree(node)) => all(&mut following(node)),
            (Axis::Following, Self::Attribute(owner, _)) => {
                all(&mut dom::descendants(owner).chain(following(owner)));
            }
            (Axis::Preceding, Self::Tree(node) | Self::Attribute(node, _)) => {
                let before =
                    dom::inclusive_ancestors(node).flat_map(|above| siblings_before(&above));
                all(&mut before.flat_map(|sibling| {
                    let mut nodes: Vec<Node> = dom::inclusive_descendants(&sibling).collect();
                    nodes.reverse();
                    nodes
                }));
            }
            (Axis::Attribute, Self::Tree(node)) => {
                for (index, name) in dom::attribute_names(node).into_iter().enumerate() {
                    // A declaration of a namespace is no attribute here.
                    if name.ns != ns!(xmlns) {
                        visit(Self::Attribute(node.clone(), index));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the node passes a [node test](https://www.w3.org/TR/xpath-10/#node-tests) on this axis.
    pub(super) fn passes(&self, test: &NodeTest, axis: Axis, is_html: bool) -> bool {
        let kind = match self {
            Self::Tree(node) => node_kind(node),
            Self::Attribute(..) | Self::Loose(_) => NodeKind::Attribute,
        };
        match test {
            NodeTest::Node => true,
            NodeTest::Text => matches!(kind, NodeKind::Text | NodeKind::CdataSection),
            NodeTest::Comment => kind == NodeKind::Comment,
            NodeTest::ProcessingInstruction(target) => {
                kind == NodeKind::ProcessingInstruction
                    && target.as_ref().is_none_or(|target| {
                        self.name().is_some_and(|(_, local, _)| local == *target)
                    })
            }
            NodeTest::AnyName | NodeTest::Namespace(_) | NodeTest::Name(..) => {
                let principal = match axis {
                    Axis::Attribute => NodeKind::Attribute,
                    _ => NodeKind::Element,
                };
                kind == principal && self.has_name(test, is_html)
            }
        }
    }

    /// Whether the name of an element or an attribute is that of the test. In an HTML document, a name without a prefix is
    /// that of an HTML element, in any case
    /// ([HTML, interactions with XPath](https://html.spec.whatwg.org/multipage/infrastructure.html#interactions-with-xpath-and-xslt)).
    fn has_name(&self, test: &NodeTest, is_html: bool) -> bool {
        match self {
            Self::Tree(node) => match &node.data {
                NodeData::Element { name, .. } => is_named(name, test, |namespace, local| {
                    match (is_html, name.ns == ns!(html)) {
                        (true, true) => {
                            (*name.local).eq_ignore_ascii_case(local)
                                && namespace.is_none_or(|namespace| *namespace == *name.ns)
                        }
                        (true, false) => *name.local == *local && namespace == Some(&*name.ns),
                        (false, _) => {
                            *name.local == *local && *name.ns == *namespace.unwrap_or_default()
                        }
                    }
                }),
                _ => false,
            },
            Self::Attribute(owner, index) => {
                let NodeData::Element {
                    name: of, attrs, ..
                } = &owner.data
                else {
                    return false;
                };
                let ignores_case = is_html && of.ns == ns!(html);
                let attrs = attrs.borrow();
                let name = attrs.get(*index).map(|found| &found.name);
                name.is_some_and(|name| is_attribute_named(name, test, ignores_case))
            }
            Self::Loose(attribute) => is_attribute_named(&attribute.0, test, false),
        }
    }
}

fn is_attribute_named(name: &QualName, test: &NodeTest, ignores_case: bool) -> bool {
    is_named(name, test, |namespace, local| {
        let is_same = match ignores_case && namespace.is_none() {
            true => (*name.local).eq_ignore_ascii_case(local),
            false => *name.local == *local,
        };
        is_same && *name.ns == *namespace.unwrap_or_default()
    })
}

/// Whether a name passes a test. `is_same` compares it with a name that has a namespace if it had a prefix.
fn is_named(
    name: &QualName,
    test: &NodeTest,
    is_same: impl FnOnce(Option<&str>, &str) -> bool,
) -> bool {
    match test {
        NodeTest::AnyName => true,
        NodeTest::Namespace(namespace) => *name.ns == **namespace,
        NodeTest::Name(namespace, local) => is_same(namespace.as_deref(), local),
        _ => false,
    }
}

fn siblings_after(node: &Node) -> Vec<Node> {
    let Some(parent) = dom::parent(node) else {
        return Vec::new();
    };
    let Some(index) = dom::index_of(&parent, node) else {
        return Vec::new();
    };
    let siblings = parent.children.borrow();
    siblings[index + 1..].to_vec()
}

/// The siblings before a node, the nearest one first.
fn siblings_before(node: &Node) -> Vec<Node> {
    let Some(parent) = dom::parent(node) else {
        return Vec::new();
    };
    let Some(index) = dom::index_of(&parent, node) else {
        return Vec::new();
    };
    let siblings = parent.children.borrow();
    siblings[..index].iter().rev().cloned().collect()
}

fn following(node: &Node) -> impl Iterator<Item = Node> {
    let after = dom::inclusive_ancestors(node).flat_map(|above| siblings_after(&above));
    after.flat_map(|sibling| dom::inclusive_descendants(&sibling))
}
