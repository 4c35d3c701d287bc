//! The tree sink, through which html5ever's tree builder changes trees.
//!
//! `rcdom`'s own sink cannot be used: it assumes that only the parser changes the tree, but scripts change it when
//! the parser stops.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::LazyLock;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, LocalName, QualName, ns};
use markup5ever_rcdom::{Node as RcNode, NodeData};

use super::Recording;
use crate::dom::{
    self, DeclaredShadowRoot, Node, ShadowRootInit, TreeChange, attach, detach, is_html_element,
    is_same, parent,
};

/// The name that the tree builder gets for a node that is not an element.
static NO_NAME: LazyLock<QualName> =
    LazyLock::new(|| QualName::new(None, ns!(), LocalName::from("")));

/// A script that the parser created.
pub(crate) struct NewScript {
    pub(crate) node: Node,
    /// The line at which its text begins.
    pub(crate) line: u64,
    pub(crate) already_started: bool,
}

pub(crate) struct DomSink {
    document: Node,
    quirks_mode: Cell<QuirksMode>,
    line: Cell<u64>,
    saw_base: Cell<bool>,
    saw_named_elements: Cell<bool>,
    metas: RefCell<Vec<Node>>,
    scripts: RefCell<Vec<NewScript>>,
    /// `object` elements that were inserted and are not complete.
    open_objects: RefCell<Vec<Node>>,
    /// The last SVG script, until its end tag.
    open_svg_script: RefCell<Option<Node>>,
    /// `embed` elements that were inserted, and `object` elements that are complete.
    embedding_elements: RefCell<Vec<Node>>,
    /// Frame elements that were inserted and not taken yet.
    frames: RefCell<VecDeque<Node>>,
    /// Whether the first frame is still open, so that its text comes next.
    frame_is_open: Cell<bool>,
    /// The ancestors of the element that was inserted last, and the element itself. Its depth is
    /// their number.
    path: RefCell<Vec<Node>>,
    inserted: RefCell<Option<Node>>,
    recording: Recording,
    changes: RefCell<Vec<TreeChange>>,
    /// Whether the document [allows declarative shadow roots](https://dom.spec.whatwg.org/#document-allow-declarative-shadow-roots).
    allows_shadow_roots: bool,
    /// The elements that have got a shadow root, and the roots that were not taken yet.
    hosts: RefCell<dom::NodeTable<()>>,
    shadow_roots: RefCell<Vec<DeclaredShadowRoot>>,
}

impl DomSink {
    pub(crate) fn new(document: Node, recording: Recording) -> Self {
        Self {
            document,
            quirks_mode: Cell::new(QuirksMode::NoQuirks),
            line: Cell::new(1),
            saw_base: Cell::new(false),
            saw_named_elements: Cell::new(false),
            metas: RefCell::default(),
            scripts: RefCell::default(),
            open_objects: RefCell::default(),
            open_svg_script: RefCell::default(),
            embedding_elements: RefCell::default(),
            frames: RefCell::default(),
            frame_is_open: Cell::new(false),
            path: RefCell::default(),
            inserted: RefCell::default(),
            recording,
            changes: RefCell::default(),
            allows_shadow_roots: false,
            hosts: RefCell::default(),
            shadow_roots: RefCell::default(),
        }
    }

    /// The same, in a document that allows declarative shadow roots or not.
    pub(crate) fn allowing_shadow_roots(mut self, allows: bool) -> Self {
        self.allows_shadow_roots = allows;
        self
    }

    /// The declarative shadow roots that were made since the last call.
    pub(crate) fn take_shadow_roots(&self) -> Vec<DeclaredShadowRoot> {
        self.shadow_roots.take()
    }

    pub(crate) fn quirks_mode(&self) -> QuirksMode {
        self.quirks_mode.get()
    }

    pub(crate) fn saw_base(&self) -> bool {
        self.saw_base.get()
    }

    /// Whether an element that may be a named element of the document was inserted since the last call.
    pub(crate) fn take_saw_named_elements(&self) -> bool {
        self.saw_named_elements.take()
    }

    pub(crate) fn take_changes(&self) -> Vec<TreeChange> {
        self.changes.take()
    }

    /// Records the addition of nodes that are in the tree.
    fn record_added(&self, parent_node: &Node, node: &Node) {
        if self.recording.is_on() {
            self.changes.borrow_mut().push(TreeChange::Children {
                target: Rc::clone(parent_node),
                added: vec![Rc::clone(node)],
                removed: Vec::new(),
                previous_sibling: dom::previous_sibling(node),
                next_sibling: dom::next_sibling(node),
            });
        }
    }

    /// Records the removal of a node that is still in the tree.
    fn record_removed(&self, node: &Node) {
        if self.recording.is_on()
            && let Some(target) = parent(node)
        {
            self.changes.borrow_mut().push(TreeChange::Children {
                target,
                added: Vec::new(),
                removed: vec![Rc::clone(node)],
                previous_sibling: dom::previous_sibling(node),
                next_sibling: dom::next_sibling(node),
            });
        }
    }

    pub(crate) fn take_metas(&self) -> Vec<Node> {
        self.metas.take()
    }

    pub(crate) fn take_scripts(&self) -> Vec<NewScript> {
        self.scripts.take()
    }

    pub(crate) fn take_embedding_elements(&self) -> Vec<Node> {
        self.embedding_elements.take()
    }

    /// The parser has ended: completes the `object` elements that are open.
    pub(crate) fn complete_objects(&self) {
        let open = self.open_objects.take();
        self.embedding_elements.borrow_mut().extend(open);
    }

    pub(crate) fn is_open_object(&self, node: &Node) -> bool {
        let open = self.open_objects.borrow();
        open.iter().any(|object| is_same(object, node))
    }

    /// The last SVG script, if it was not taken yet.
    pub(crate) fn take_open_svg_script(&self) -> Option<Node> {
        self.open_svg_script.take()
    }

    pub(crate) fn has_pending_frames(&self) -> bool {
        !self.frames.borrow().is_empty()
    }

    /// The inserted frames are complete.
    pub(crate) fn close_frames(&self) {
        self.frame_is_open.set(false);
    }

    pub(crate) fn take_pending_frame_unless_open(&self) -> Option<Node> {
        if self.frame_is_open.get() {
            return None;
        }
        self.frames.borrow_mut().pop_front()
    }

    /// The element that was inserted since the last call, and its depth.
    pub(crate) fn take_inserted(&self) -> Option<(Node, usize)> {
        let node = self.inserted.take()?;
        Some((node, self.path.borrow().len()))
    }

    fn note_insertion(&self, parent: &Node, child: &Node) {
        let NodeData::Element { name, .. } = &child.data else {
            return;
        };
        let mut path = self.path.borrow_mut();
        while path.last().is_some_and(|last| !is_same(last, parent)) {
            path.pop();
        }
        if path.is_empty() {
            let above = dom::inclusive_ancestors(parent).filter(dom::is_element);
            path.extend(above);
            path.reverse();
        }
        path.push(Rc::clone(child));
        *self.inserted.borrow_mut() = Some(Rc::clone(child));
        if name.ns == ns!(html) {
            if dom::may_be_named_element(child) {
                self.saw_named_elements.set(true);
            }
            match &*name.local {
                "iframe" | "frame" => {
                    self.frames.borrow_mut().push_back(Rc::clone(child));
                    self.frame_is_open.set(true);
                }
                "object" => self.open_objects.borrow_mut().push(Rc::clone(child)),
                "embed" => {
                    let mut inserted = self.embedding_elements.borrow_mut();
                    inserted.push(Rc::clone(child));
                }
                "base" => self.saw_base.set(true),
                "meta" => self.metas.borrow_mut().push(Rc::clone(child)),
                _ => {}
            }
        }
    }

    fn insert(&self, parent_node: &Node, before: Option<&Node>, child: NodeOrText<Node>) {
        match child {
            NodeOrText::AppendNode(node) => {
                self.record_removed(&node);
                detach(&node);
                attach(parent_node, before, Rc::clone(&node));
                self.record_added(parent_node, &node);
                self.note_insertion(parent_node, &node);
            }
            NodeOrText::AppendText(text) => {
                let previous = match before {
                    Some(before) => dom::previous_sibling(before),
                    None => dom::last_child(parent_node),
                };
                if let Some(previous) = previous.filter(dom::is_exclusive_text)
                    && let NodeData::Text { contents } = &previous.data
                {
                    // [Insert a character](https://html.spec.whatwg.org/multipage/parsing.html#insert-a-character)
                    // appends to the data directly, which queues no mutation record.
                    contents.borrow_mut().push_slice(&text);
                    return;
                }
                let node = RcNode::new(NodeData::Text {
                    contents: RefCell::new(text),
                });
                attach(parent_node, before, Rc::clone(&node));
                self.record_added(parent_node, &node);
            }
        }
    }
}

impl TreeSink for DomSink {
    type Handle = Node;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    // A parse error is not reported.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Node {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Node) -> ExpandedName<'a> {
        match &target.data {
            NodeData::Element { name, .. } => name.expanded(),
            _ => NO_NAME.expanded(),
        }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Node {
        let node = dom::new_element(name, attrs, flags.mathml_annotation_xml_integration_point);
        if dom::is_script_element(&node) {
            if !is_html_element(&node, "script") {
                self.open_svg_script.replace(Some(Rc::clone(&node)));
            }
            self.scripts.borrow_mut().push(NewScript {
                node: Rc::clone(&node),
                line: self.line.get(),
                already_started: false,
            });
        }
        node
    }

    fn create_comment(&self, text: StrTendril) -> Node {
        RcNode::new(NodeData::Comment { contents: text })
    }

    fn create_pi(&self, target: StrTendril, contents: StrTendril) -> Node {
        RcNode::new(NodeData::ProcessingInstruction { target, contents })
    }

    fn append(&self, parent: &Node, child: NodeOrText<Node>) {
        self.insert(parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Node,
        prev_element: &Node,
        child: NodeOrText<Node>,
    ) {
        if parent(element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.insert(prev_element, None, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        let doctype = RcNode::new(NodeData::Doctype {
            name,
            public_id,
            system_id,
        });
        attach(&self.document, None, Rc::clone(&doctype));
        self.record_added(&self.document, &doctype);
    }

    fn mark_script_already_started(&self, node: &Node) {
        let mut scripts = self.scripts.borrow_mut();
        match scripts
            .iter_mut()
            .find(|script| is_same(&script.node, node))
        {
            Some(script) => script.already_started = true,
            None => scripts.push(NewScript {
                node: Rc::clone(node),
                line: self.line.get(),
                already_started: true,
            }),
        }
    }

    fn pop(&self, node: &Node) {
        if !is_html_element(node, "object") {
            return;
        }
        let mut open = self.open_objects.borrow_mut();
        if let Some(at) = open.iter().rposition(|object| is_same(object, node)) {
            let object = open.remove(at);
            self.embedding_elements.borrow_mut().push(object);
        }
    }

    fn get_template_contents(&self, target: &Node) -> Node {
        dom::template_contents(target).unwrap_or_else(|| Rc::clone(target))
    }

    fn same_node(&self, x: &Node, y: &Node) -> bool {
        is_same(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.quirks_mode.set(mode);
    }

    fn append_before_sibling(&self, sibling: &Node, child: NodeOrText<Node>) {
        if let Some(parent) = parent(sibling) {
            self.insert(&parent, Some(sibling), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Node, attrs: Vec<Attribute>) {
        if let NodeData::Element { attrs: held, .. } = &target.data {
            dom::tree_changed(target);
            let mut held = held.borrow_mut();
            for attribute in attrs {
                if !held.iter().any(|known| known.name == attribute.name) {
                    if self.recording.is_on() {
                        self.changes.borrow_mut().push(TreeChange::Attribute {
                            target: Rc::clone(target),
                            name: attribute.name.local.to_string(),
                        });
                    }
                    held.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Node) {
        self.record_removed(target);
        detach(target);
    }

    fn reparent_children(&self, node: &Node, new_parent: &Node) {
        if self.recording.is_on() {
            for child in node.children.borrow().iter() {
                self.record_removed(child);
            }
        }
        let previous_sibling = dom::last_child(new_parent);
        let children = dom::take_children(node);
        for child in &children {
            child.parent.set(Some(Rc::downgrade(new_parent)));
        }
        if self.recording.is_on() && !children.is_empty() {
            self.changes.borrow_mut().push(TreeChange::Children {
                target: Rc::clone(new_parent),
                added: children.clone(),
                removed: Vec::new(),
                previous_sibling,
                next_sibling: None,
            });
        }
        new_parent.children.borrow_mut().extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Node) -> bool {
        match &target.data {
            NodeData::Element {
                mathml_annotation_xml_integration_point,
                ..
            } => *mathml_annotation_xml_integration_point,
            _ => false,
        }
    }

    fn set_current_line(&self, line_number: u64) {
        self.line.set(line_number);
    }

    fn allow_declarative_shadow_roots(&self, _: &Node) -> bool {
        self.allows_shadow_roots
    }

    /// A start tag whose tag name is "template", in
    /// [the "in head" insertion mode](https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inhead):
    /// attach a shadow root, and make it the contents of the template.
    fn attach_declarative_shadow(&self, host: &Node, template: &Node, attrs: &[Attribute]) -> bool {
        let is_host_already = self.hosts.borrow().get(host).is_some();
        if is_host_already || !dom::can_be_shadow_host(host) {
            return false;
        }
        let value_of = |name: &str| {
            let mut attrs = attrs.iter();
            attrs.find(|attribute| attribute.name.local == *name)
        };
        let init = ShadowRootInit {
            closed: value_of("shadowrootmode").is_some_and(|mode| &*mode.value == "closed"),
            delegates_focus: value_of("shadowrootdelegatesfocus").is_some(),
            clonable: value_of("shadowrootclonable").is_some(),
            serializable: value_of("shadowrootserializable").is_some(),
            declarative: true,
        };
        let root = dom::create_shadow_root();
        if let NodeData::Element {
            template_contents, ..
        } = &template.data
        {
            *template_contents.borrow_mut() = Some(Rc::clone(&root));
        }
        self.hosts.borrow_mut().insert(host, ());
        self.shadow_roots.borrow_mut().push(DeclaredShadowRoot {
            host: Rc::clone(host),
            root,
            init,
        });
        true
    }

    // NOT YET: selectedcontent.
}
