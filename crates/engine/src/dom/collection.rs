//! What is in a collection ([DOM, old-style collections](https://dom.spec.whatwg.org/#old-style-collections)).

use std::cell::RefCell;

use boa_engine::{Finalize, Trace};
use framepost_browsing_context::dom::{self, Descendants, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::collections::{HTML_COLLECTION, NODE_LIST, has_id_or_name};
use super::{elements, named_node_map, token_list};
use crate::script::wrappers::NodeWrapper;
use crate::webidl::Interface;

/// A collection rooted at a node.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Collection {
    pub(crate) root: NodeWrapper,
    #[unsafe_ignore_trace]
    pub(crate) of: Of,
    #[unsafe_ignore_trace]
    found: RefCell<Found>,
}

/// The first nodes of a live collection, found in an earlier state of the tree.
///
/// OPTIMIZATION: a loop over a collection reads each index. Without this list, each step traversed the tree: 20,000
/// elements took six seconds.
#[derive(Clone, Default)]
struct Found {
    /// The number of [changes](dom::tree_changes) at that time; `None` before.
    changes: Option<u64>,
    pub(super) nodes: Vec<Node>,
    /// The part of the tree with the remaining nodes.
    rest: Option<Descendants>,
}

/// The kind of a collection.
#[derive(Clone)]
#[non_exhaustive]
pub(crate) enum Of {
    /// `childNodes`.
    ChildNodes,
    /// A static list.
    Static(Vec<Node>),
    /// `getElementsByName()`.
    Named(String),
    /// `children`.
    Children,
    /// `getElementsByTagName()`, and whether the document is an HTML document.
    TagName(String, bool),
    /// `getElementsByTagNameNS()`.
    TagNameNs(Option<String>, String),
    /// `getElementsByClassName()`.
    Classes(Vec<String>, bool),
    /// HTML elements below of one of these names, such as `document.links`.
    Html(fn(&Node) -> bool),
    /// The elements with a name on a window, if there are several.
    WindowNamed(String),
    /// The named elements of a document with a name.
    DocumentNamed(String),
    /// All elements, for `document.all`.
    All(&'static Interface),
    /// The elements of one name in `document.all`.
    AllNamed(String),
    /// The controls of a form.
    Listed(fn(&Node) -> Vec<Node>),
    /// The same with an interface of their own, and those of one name only.
    Controls(fn(&Node) -> Vec<Node>, &'static Interface, Option<String>),
    /// The attributes of an element.
    Attributes,
    /// The tokens of an attribute.
    Tokens(&'static str),
}

/// Whether an element is in [`document.all`](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#concept-get-all-named)
/// under this name.
pub(crate) fn is_named_in_all(node: &Node, name: &str) -> bool {
    const BY_NAME: &[&str] = &[
        "a", "button", "embed", "form", "frame", "frameset", "iframe", "img", "input", "map",
        "meta", "object", "select", "textarea",
    ];
    dom::attribute(node, "id").is_some_and(|id| id == name)
        || (dom::is_one_of(node, BY_NAME)
            && dom::attribute(node, "name").is_some_and(|held| held == name))
}

impl Collection {
    pub(super) fn new(root: NodeWrapper, of: Of) -> Self {
        let found = RefCell::default();
        Self { root, of, found }
    }

    fn is_node_list(&self) -> bool {
        matches!(self.of, Of::ChildNodes | Of::Static(_) | Of::Named(_))
    }

    /// Whether it is a `NamedNodeMap`.
    pub(crate) fn is_attributes(&self) -> bool {
        matches!(self.of, Of::Attributes)
    }

    /// Whether it is a `DOMTokenList`.
    pub(crate) fn is_tokens(&self) -> bool {
        matches!(self.of, Of::Tokens(_))
    }

    /// The attribute of a `DOMTokenList`.
    pub(super) fn token_attribute(&self) -> &'static str {
        match self.of {
            Of::Tokens(attribute) => attribute,
            _ => "",
        }
    }

    pub(super) fn interface(&self) -> &'static Interface {
        if let Of::Controls(_, interface, _) | Of::All(interface) = &self.of {
            interface
        } else if self.is_node_list() {
            &NODE_LIST
        } else if self.is_attributes() {
            &named_node_map::NAMED_NODE_MAP
        } else if self.is_tokens() {
            &token_list::DOM_TOKEN_LIST
        } else {
            &HTML_COLLECTION
        }
    }

    /// Counts the nodes in it.
    pub(crate) fn length(&self) -> usize {
        match &self.of {
            Of::ChildNodes => self.children(<[Node]>::len),
            Of::Static(nodes) => nodes.len(),
            _ => self.found(usize::MAX, <[Node]>::len),
        }
    }

    /// The node at an index, in tree order.
    pub(crate) fn item(&self, index: usize) -> Option<Node> {
        match &self.of {
            Of::ChildNodes => self.children(|nodes| nodes.get(index).cloned()),
            Of::Static(nodes) => nodes.get(index).cloned(),
            _ => {
                let end = index.saturating_add(1);
                self.found(end, |nodes| nodes.get(index).cloned())
            }
        }
    }

    /// Reads the child nodes of the root.
    fn children<R>(&self, read: impl FnOnce(&[Node]) -> R) -> R {
        let root = &self.root.node;
        // The children of character data are hidden.
        match dom::is_character_data(root) {
            true => read(&[]),
            false => read(&root.children.borrow()),
        }
    }

    /// The nodes in it, for the present tree, in tree order.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        match &self.of {
            Of::ChildNodes => self.children(<[Node]>::to_vec),
            Of::Static(nodes) => nodes.clone(),
            _ => self.found(usize::MAX, <[Node]>::to_vec),
        }
    }

    /// Reads the first nodes of a live collection: at least `least` of them, if there are so many.
    fn found<R>(&self, least: usize, read: impl FnOnce(&[Node]) -> R) -> R {
        let found = &mut *self.found.borrow_mut();
        let root = &self.root.node;
        let now = Some(dom::tree_changes());
        if found.changes != now {
            found.changes = now;
            found.nodes.clear();
            found.rest = None;
            match &self.of {
                Of::Listed(list) => found.nodes = list(root),
                Of::Controls(list, _, name) => {
                    found.nodes = list(root);
                    if let Some(name) = name {
                        found.nodes.retain(|node| has_id_or_name(node, name));
                    }
                }
                Of::Children => found.nodes = super::parent_node::element_children(root),
                _ => found.rest = Some(dom::descendants(root)),
            }
        }
        while found.nodes.len() < least
            && let Some(rest) = &mut found.rest
        {
            match rest.find(|node| node_kind(node) == NodeKind::Element && self.contains(node)) {
                Some(node) => found.nodes.push(node),
                None => found.rest = None,
            }
        }
        read(&found.nodes)
    }

    /// Whether an element below the root is in it.
    fn contains(&self, node: &Node) -> bool {
        match &self.of {
            Of::Named(name) => {
                elements::is_html(node)
                    && dom::attribute(node, "name").is_some_and(|held| held == *name)
            }
            Of::TagName(name, html_document) => {
                let qualified = elements::qualified_name(node);
                name == "*"
                    || match *html_document && elements::is_html(node) {
                        true => qualified == name.to_ascii_lowercase(),
                        false => qualified == *name,
                    }
            }
            Of::TagNameNs(namespace, local) => {
                (namespace.as_deref() == Some("*") || elements::namespace(node) == *namespace)
                    && (local == "*" || dom::local_name(node) == Some(local))
            }
            Of::Classes(wanted, ignore_case) => {
                let held = elements::attribute_or_empty(node, "class");
                let held: Vec<&str> = held.split_ascii_whitespace().collect();
                !wanted.is_empty()
                    && wanted.iter().all(|class| {
                        held.iter().any(|other| {
                            if *ignore_case {
                                other.eq_ignore_ascii_case(class)
                            } else {
                                other == class
                            }
                        })
                    })
            }
            Of::Html(test) => elements::is_html(node) && test(node),
            Of::WindowNamed(name) => {
                const BY_NAME: &[&str] = &["embed", "form", "img", "object"];
                dom::attribute(node, "id").is_some_and(|id| id == *name)
                    || (BY_NAME.iter().any(|tag| dom::is_html_element(node, tag))
                        && dom::attribute(node, "name").is_some_and(|held| held == *name))
            }
            Of::DocumentNamed(name) => dom::is_named_element(node, name),
            Of::All(_) => true,
            Of::AllNamed(name) => is_named_in_all(node, name),
            // These are not found by walking the tree below the root, or have no nodes.
            Of::ChildNodes
            | Of::Static(_)
            | Of::Children
            | Of::Listed(_)
            | Of::Controls(..)
            | Of::Attributes
            | Of::Tokens(_) => false,
        }
    }

    /// The first element with this ID or, for an HTML element, this `name`
    /// ([`namedItem()`](https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem)).
    pub(super) fn named_item(&self, name: &str) -> Option<Node> {
        if name.is_empty() {
            return None;
        }
        self.nodes().into_iter().find(|node| {
            dom::attribute(node, "id").is_some_and(|id| id == name)
                || (elements::is_html(node)
                    && dom::attribute(node, "name").is_some_and(|held| held == name))
        })
    }

    /// The [supported property names](https://dom.spec.whatwg.org/#interface-htmlcollection:supported-property-names).
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for node in self.nodes() {
            let name = match elements::is_html(&node) {
                true => dom::attribute(&node, "name"),
                false => None,
            };
            names.extend(dom::attribute(&node, "id").into_iter().chain(name));
        }
        names.retain(|name| !name.is_empty());
        names
    }
}
