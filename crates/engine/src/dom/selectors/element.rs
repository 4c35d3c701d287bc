//! The view of the tree for the selector matcher: `Copy` elements that know their siblings.
//!
//! An rcdom node does not know its siblings or its index, and is not `Copy`. Each query therefore
//! numbers the nodes that it visits and caches their siblings. A query visits only the nodes that
//! it reaches, and walks each list of children at most once.

use framepost_event_loop::FxHashMap;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use html5ever::{LocalName, Namespace, QualName, local_name, ns};
use markup5ever_rcdom::{Handle, Node, NodeData};
use selectors::OpaqueElement;
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::context::MatchingContext;
use selectors::matching::ElementSelectorFlags;

use super::DocumentMode;
use super::language::{directionality, is_in_language};
use super::parser::{Name, PseudoClass, PseudoElement, Selectors, Text};

/// The elements that one query has visited.
pub(super) struct Tree {
    mode: DocumentMode,
    slots: RefCell<Vec<Slot>>,
    /// The index of each node in `slots`. `slots` keeps the nodes alive, so an address is never
    /// reused. Never iterated.
    places: RefCell<FxHashMap<*const Node, u32>>,
}

struct Slot {
    node: Handle,
    /// `None` until the siblings are first needed.
    siblings: Option<Siblings>,
    parent: Option<Option<u32>>,
}

#[derive(Clone, Copy, Default)]
struct Siblings {
    previous: Option<u32>,
    next: Option<u32>,
}

impl Tree {
    pub(super) fn new(mode: DocumentMode) -> Self {
        Self {
            mode,
            slots: RefCell::default(),
            places: RefCell::default(),
        }
    }

    pub(super) fn mode(&self) -> DocumentMode {
        self.mode
    }

    /// The element at this node, if the node is one.
    pub(super) fn element(&self, node: &Handle) -> Option<Element<'_>> {
        matches!(node.data, NodeData::Element { .. }).then(|| Element {
            tree: self,
            place: self.place(node),
        })
    }

    fn place(&self, node: &Handle) -> u32 {
        *self
            .places
            .borrow_mut()
            .entry(Rc::as_ptr(node))
            .or_insert_with(|| {
                let mut slots = self.slots.borrow_mut();
                slots.push(Slot {
                    node: node.clone(),
                    siblings: None,
                    parent: None,
                });
                (slots.len() - 1) as u32
            })
    }

    fn at(&self, place: u32) -> Element<'_> {
        Element { tree: self, place }
    }

    /// Links the element children of `parent` to their siblings and returns the first.
    fn link_children(&self, parent: &Node) -> Option<u32> {
        let places: Vec<u32> = parent
            .children
            .borrow()
            .iter()
            .filter(|child| matches!(child.data, NodeData::Element { .. }))
            .map(|child| self.place(child))
            .collect();
        let mut slots = self.slots.borrow_mut();
        for (index, place) in places.iter().enumerate() {
            slots[*place as usize].siblings = Some(Siblings {
                previous: index.checked_sub(1).map(|before| places[before]),
                next: places.get(index + 1).copied(),
            });
        }
        places.first().copied()
    }
}

/// An element of a [`Tree`].
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    tree: &'a Tree,
    place: u32,
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.with_name(|name| name.local.clone()))
    }
}

/// The parent node, of any kind.
pub(super) fn parent_node(node: &Node) -> Option<Handle> {
    let parent = node.parent.take();
    let upgraded = parent.as_ref().and_then(std::rc::Weak::upgrade);
    node.parent.set(parent);
    upgraded
}

/// Reads the value of an attribute without a namespace.
pub(super) fn attribute<R>(
    node: &Node,
    wanted: &LocalName,
    read: impl FnOnce(&str) -> R,
) -> Option<R> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    attrs
        .borrow()
        .iter()
        .find(|attribute| attribute.name.ns == ns!() && attribute.name.local == *wanted)
        .map(|attribute| read(&attribute.value))
}

fn has_attribute(node: &Node, wanted: &LocalName) -> bool {
    attribute(node, wanted, |_| ()).is_some()
}

/// The local name of an element, if it is an HTML element.
pub(super) fn html_name(node: &Node) -> Option<&LocalName> {
    match &node.data {
        NodeData::Element { name, .. } if name.ns == ns!(html) => Some(&name.local),
        _ => None,
    }
}

impl Element<'_> {
    pub(super) fn node(&self) -> Handle {
        self.tree.slots.borrow()[self.place as usize].node.clone()
    }

    /// The identity by which the matcher compares elements.
    pub(super) fn opaque_node(node: &Handle) -> OpaqueElement {
        OpaqueElement::new::<Node>(node)
    }

    fn with_name<R>(&self, read: impl FnOnce(&QualName) -> R) -> R {
        let empty = QualName::new(None, ns!(), local_name!(""));
        match &self.tree.slots.borrow()[self.place as usize].node.data {
            NodeData::Element { name, .. } => read(name),
            _ => read(&empty),
        }
    }

    fn siblings(&self) -> Siblings {
        if let Some(siblings) = self.tree.slots.borrow()[self.place as usize].siblings {
            return siblings;
        }
        if let Some(parent) = parent_node(&self.node()) {
            self.tree.link_children(&parent);
        }
        *self.tree.slots.borrow_mut()[self.place as usize]
            .siblings
            .get_or_insert_default()
    }
}

impl selectors::Element for Element<'_> {
    type Impl = Selectors;

    fn opaque(&self) -> OpaqueElement {
        Self::opaque_node(&self.node())
    }

    fn parent_element(&self) -> Option<Self> {
        let known = self.tree.slots.borrow()[self.place as usize].parent;
        let parent = known.unwrap_or_else(|| {
            let parent = parent_node(&self.node())
                .and_then(|parent| self.tree.element(&parent))
                .map(|parent| parent.place);
            self.tree.slots.borrow_mut()[self.place as usize].parent = Some(parent);
            parent
        });
        parent.map(|place| self.tree.at(place))
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.siblings().previous.map(|place| self.tree.at(place))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        self.siblings().next.map(|place| self.tree.at(place))
    }

    fn first_element_child(&self) -> Option<Self> {
        self.tree
            .link_children(&self.node())
            .map(|place| self.tree.at(place))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.tree.mode.html && self.with_name(|name| name.ns == ns!(html))
    }

    fn has_local_name(&self, local_name: &Name) -> bool {
        self.with_name(|name| name.local == local_name.0)
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.with_name(|name| name.ns == *namespace)
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.with_name(|name| other.with_name(|other| name.expanded() == other.expanded()))
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Text>,
    ) -> bool {
        let node = self.node();
        let NodeData::Element { attrs, .. } = &node.data else {
            return false;
        };
        attrs.borrow().iter().any(|attribute| {
            attribute.name.local == local_name.0
                && match namespace {
                    NamespaceConstraint::Any => true,
                    NamespaceConstraint::Specific(namespace) => attribute.name.ns == **namespace,
                }
                && operation.eval_str(&attribute.value)
        })
    }

    fn match_non_ts_pseudo_class(
        &self,
        class: &PseudoClass,
        _context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        let node = self.node();
        match class {
            PseudoClass::AnyLink | PseudoClass::Link => self.is_link(),
            PseudoClass::Checked => is_checked(&node),
            PseudoClass::Defined => is_defined(&node),
            PseudoClass::Disabled => can_be_disabled(&node) && is_actually_disabled(&node),
            PseudoClass::Dir(direction) => *direction == Some(directionality(&node)),
            PseudoClass::Lang(ranges) => is_in_language(&node, ranges),
            PseudoClass::Enabled => can_be_disabled(&node) && !is_actually_disabled(&node),
            PseudoClass::Optional => {
                can_be_required(&node) && !has_attribute(&node, &local_name!("required"))
            }
            PseudoClass::Required => {
                can_be_required(&node) && has_attribute(&node, &local_name!("required"))
            }
            PseudoClass::Target => self.tree.mode.target == Some(Rc::as_ptr(&node)),
            PseudoClass::Pointed | PseudoClass::Never => false,
        }
    }

    fn match_pseudo_element(
        &self,
        _element: &PseudoElement,
        _context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        false
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        let node = self.node();
        matches!(
            html_name(&node),
            Some(&local_name!("a") | &local_name!("area"))
        ) && has_attribute(&node, &local_name!("href"))
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case: CaseSensitivity) -> bool {
        attribute(&self.node(), &local_name!("id"), |value| {
            case.eq(value.as_bytes(), id.0.as_bytes())
        })
        .unwrap_or(false)
    }

    fn has_class(&self, class: &Name, case: CaseSensitivity) -> bool {
        attribute(&self.node(), &local_name!("class"), |value| {
            value
                .split_ascii_whitespace()
                .any(|token| case.eq(token.as_bytes(), class.0.as_bytes()))
        })
        .unwrap_or(false)
    }

    fn has_custom_state(&self, _name: &Name) -> bool {
        false
    }

    fn imported_part(&self, _name: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _name: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.node()
            .children
            .borrow()
            .iter()
            .all(|child| match &child.data {
                NodeData::Element { .. } => false,
                NodeData::Text { contents } => contents.borrow().is_empty(),
                _ => true,
            })
    }

    fn is_root(&self) -> bool {
        parent_node(&self.node()).is_some_and(|parent| matches!(parent.data, NodeData::Document))
    }

    fn add_element_unique_hashes(&self, _filter: &mut BloomFilter) -> bool {
        // There is no filter, because building one walks the subtree recursively.
        false
    }
}

/// [`:checked`](https://html.spec.whatwg.org/multipage/semantics-other.html#selector-checked).
///
/// NOT YET: reads only the content attributes and ignores checkedness set by scripts or clicks.
fn is_checked(node: &Node) -> bool {
    match html_name(node) {
        Some(&local_name!("input")) => {
            attribute(node, &local_name!("type"), |kind| {
                kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio")
            })
            .unwrap_or(false)
                && has_attribute(node, &local_name!("checked"))
        }
        Some(&local_name!("option")) => has_attribute(node, &local_name!("selected")),
        _ => false,
    }
}

/// [`:defined`](https://html.spec.whatwg.org/multipage/semantics-other.html#selector-defined):
/// there are no custom elements, so an HTML element is undefined if it has a custom element name.
fn is_defined(node: &Node) -> bool {
    html_name(node).is_none_or(|name| !name.contains('-'))
}

fn can_be_required(node: &Node) -> bool {
    matches!(
        html_name(node),
        Some(&local_name!("input") | &local_name!("select") | &local_name!("textarea"))
    )
}

fn can_be_disabled(node: &Node) -> bool {
    matches!(
        html_name(node),
        Some(
            &local_name!("button")
                | &local_name!("input")
                | &local_name!("select")
                | &local_name!("textarea")
                | &local_name!("optgroup")
                | &local_name!("option")
                | &local_name!("fieldset")
        )
    )
}

/// [Actually disabled](https://html.spec.whatwg.org/multipage/semantics-other.html#concept-element-disabled).
fn is_actually_disabled(node: &Handle) -> bool {
    if has_attribute(node, &local_name!("disabled")) {
        return true;
    }
    match html_name(node) {
        Some(&local_name!("optgroup")) => false,
        Some(&local_name!("option")) => parent_node(node).is_some_and(|parent| {
            html_name(&parent) == Some(&local_name!("optgroup"))
                && has_attribute(&parent, &local_name!("disabled"))
        }),
        _ => is_in_disabled_fieldset(node),
    }
}

/// Whether the element is inside a disabled `fieldset`, but not inside its first `legend`.
fn is_in_disabled_fieldset(node: &Handle) -> bool {
    let mut child = node.clone();
    while let Some(parent) = parent_node(&child) {
        if html_name(&parent) == Some(&local_name!("fieldset"))
            && has_attribute(&parent, &local_name!("disabled"))
        {
            let legend = parent
                .children
                .borrow()
                .iter()
                .find(|node| html_name(node) == Some(&local_name!("legend")))
                .cloned();
            if !legend.is_some_and(|legend| Rc::ptr_eq(&legend, &child)) {
                return true;
            }
        }
        child = parent;
    }
    false
}
