//! Filters of nodes, and walking over trees
//! ([DOM, traversal](https://dom.spec.whatwg.org/#traversal)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::node;
use crate::script::callback::{self, Callback};
use crate::script::wrappers::NodeWrapper;
use crate::webidl::{self, exception, interface, platform};

/// The nodes of all types.
pub(super) const SHOW_ALL: u32 = u32::MAX;
const FILTER_ACCEPT: u32 = 1;
const FILTER_REJECT: u32 = 2;

/// What a `TreeWalker` and a `NodeIterator` share.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Traversal {
    pub(super) root: NodeWrapper,
    #[unsafe_ignore_trace]
    what_to_show: u32,
    filter: Option<Callback>,
    /// The [active flag](https://dom.spec.whatwg.org/#concept-traversal-active).
    #[unsafe_ignore_trace]
    is_active: bool,
}

impl Traversal {
    pub(super) fn new(
        root: &Node,
        what_to_show: u32,
        filter: Option<JsObject>,
        cx: &mut Context,
    ) -> Self {
        node::wrap(cx, root);
        Self {
            root: NodeWrapper::holding(cx, root.clone()),
            what_to_show,
            filter: filter.map(|filter| Callback::new(filter, cx)),
            is_active: false,
        }
    }

    pub(super) fn what_to_show(&self) -> u32 {
        self.what_to_show
    }

    pub(super) fn filter(&self) -> Option<JsObject> {
        Some(self.filter.as_ref()?.object.clone())
    }
}

/// The data of an object that traverses a tree.
pub(super) trait Traverses: 'static {
    fn traversal(&mut self) -> &mut Traversal;
}

/// Whether a node passes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passes {
    Accept,
    Reject,
    Skip,
}

/// [Filter](https://dom.spec.whatwg.org/#concept-node-filter) a node.
pub(super) fn filter<T: Traverses>(
    object: &JsObject,
    node: &Node,
    cx: &mut Context,
) -> JsResult<Passes> {
    let (is_active, what_to_show, callback) = platform::write(object, |data: &mut T| {
        let held = data.traversal();
        (held.is_active, held.what_to_show, held.filter.clone())
    })?;
    // 1. A filter does not traverse with the object that it filters for.
    if is_active {
        let message = "The filter of this traversal is running.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. and 3. Skip the kinds of nodes that are not shown.
    if what_to_show & (1 << (node::node_type(node) - 1)) == 0 {
        return Ok(Passes::Skip);
    }
    // 4. Without a filter all others pass.
    let Some(callback) = callback else {
        return Ok(Passes::Accept);
    };
    // 5. to 8. Ask the filter.
    platform::write(object, |data: &mut T| data.traversal().is_active = true)?;
    let argument = node::wrap(cx, node).into();
    let undefined = JsValue::undefined();
    let result = callback::call_operation(&callback, "acceptNode", &undefined, &[argument], cx);
    platform::write(object, |data: &mut T| data.traversal().is_active = false)?;
    // 9. Return the result.
    Ok(match u32::from(result?.to_uint16(cx)?) {
        FILTER_ACCEPT => Passes::Accept,
        FILTER_REJECT => Passes::Reject,
        _ => Passes::Skip,
    })
}

/// The data of a `TreeWalker`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Walker {
    traversal: Traversal,
    current: NodeWrapper,
}

impl Traverses for Walker {
    fn traversal(&mut self) -> &mut Traversal {
        &mut self.traversal
    }
}

interface! {
    /// The [`NodeFilter`](https://dom.spec.whatwg.org/#interface-nodefilter) callback interface, as far as
    /// script sees it: its constants.
    // NOT YET: it is an interface, so that it has a prototype.
    [Exposed=Window]
    interface NodeFilter {
        const unsigned short FILTER_ACCEPT = 1;
        const unsigned short FILTER_REJECT = 2;
        const unsigned short FILTER_SKIP = 3;
        const unsigned long SHOW_ALL = 0xFFFFFFFF;
        const unsigned long SHOW_ELEMENT = 0x1;
        const unsigned long SHOW_ATTRIBUTE = 0x2;
        const unsigned long SHOW_TEXT = 0x4;
        const unsigned long SHOW_CDATA_SECTION = 0x8;
        const unsigned long SHOW_ENTITY_REFERENCE = 0x10;
        const unsigned long SHOW_ENTITY = 0x20;
        const unsigned long SHOW_PROCESSING_INSTRUCTION = 0x40;
        const unsigned long SHOW_COMMENT = 0x80;
        const unsigned long SHOW_DOCUMENT = 0x100;
        const unsigned long SHOW_DOCUMENT_TYPE = 0x200;
        const unsigned long SHOW_DOCUMENT_FRAGMENT = 0x400;
        const unsigned long SHOW_NOTATION = 0x800;
    }

    /// The [`TreeWalker`](https://dom.spec.whatwg.org/#interface-treewalker) interface.
    [Exposed=Window]
    interface TreeWalker(Walker) {
        [SameObject] readonly attribute Node root = |walker| walker.traversal.root.node.clone();
        readonly attribute unsigned long whatToShow = |walker| walker.traversal.what_to_show();
        readonly attribute NodeFilter? filter = |walker| walker.traversal.filter();
        attribute Node currentNode = |walker| walker.current.node.clone(),
            |walker: &JsObject, node: &Node, cx| set_current(walker, node, cx);

        Node? parentNode();
        Node? firstChild() = |walker: &JsObject, cx| traverse_children(walker, Way::Forward, cx);
        Node? lastChild() = |walker: &JsObject, cx| traverse_children(walker, Way::Backward, cx);
        Node? previousSibling() = |walker: &JsObject, cx| traverse_siblings(walker, Way::Backward, cx);
        Node? nextSibling() = |walker: &JsObject, cx| traverse_siblings(walker, Way::Forward, cx);
        Node? previousNode();
        Node? nextNode();
    }

    partial interface Document(Node) {
        [NewObject] TreeWalker createTreeWalker(
            Node root,
            optional unsigned long whatToShow,
            optional object? filter = null
        );
    }
}

/// [`createTreeWalker()`](https://dom.spec.whatwg.org/#dom-document-createtreewalker)
fn create_tree_walker(
    document: &Node,
    root: &Node,
    what_to_show: Option<u32>,
    filter: Option<JsObject>,
    cx: &mut Context,
) -> JsObject {
    // 1. to 5. The walker begins at its root.
    let traversal = Traversal::new(root, what_to_show.unwrap_or(SHOW_ALL), filter, cx);
    let current = traversal.root.clone();
    let realm = node::realm_of(cx, document);
    webidl::create_object(&realm, &TREE_WALKER, Walker { traversal, current }, cx)
}

/// The direction in which siblings and children are visited.
#[derive(Clone, Copy)]
enum Way {
    Forward,
    Backward,
}

impl Way {
    fn first_child(self, node: &Node) -> Option<Node> {
        match self {
            Self::Forward => dom::first_child(node),
            Self::Backward => dom::last_child(node),
        }
    }

    fn next_sibling(self, node: &Node) -> Option<Node> {
        match self {
            Self::Forward => dom::next_sibling(node),
            Self::Backward => dom::previous_sibling(node),
        }
    }
}

/// The root and the current node.
fn ends(walker: &JsObject) -> JsResult<(Node, Node)> {
    platform::read(walker, |walker: &Walker| {
        (
            walker.traversal.root.node.clone(),
            walker.current.node.clone(),
        )
    })
}

fn set_current(walker: &JsObject, node: &Node, cx: &mut Context) -> JsResult<()> {
    node::wrap(cx, node);
    let current = NodeWrapper::holding(cx, node.clone());
    let before = platform::write(walker, |walker: &mut Walker| {
        std::mem::replace(&mut walker.current, current)
    })?;
    drop(before);
    Ok(())
}

fn arrive(walker: &JsObject, node: Node, cx: &mut Context) -> JsResult<Option<Node>> {
    set_current(walker, &node, cx)?;
    Ok(Some(node))
}

fn passes(walker: &JsObject, node: &Node, cx: &mut Context) -> JsResult<Passes> {
    filter::<Walker>(walker, node, cx)
}

/// [`parentNode()`](https://dom.spec.whatwg.org/#dom-treewalker-parentnode)
fn parent_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. and 2. Go up until a node is accepted, or the root is reached.
    let (root, mut at) = ends(walker)?;
    while !dom::is_same(&at, &root) {
        let Some(parent) = dom::parent(&at) else {
            break;
        };
        at = parent;
        if passes(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3.
    Ok(None)
}

/// [Traverse children](https://dom.spec.whatwg.org/#concept-traverse-children)
fn traverse_children(walker: &JsObject, way: Way, cx: &mut Context) -> JsResult<Option<Node>> {
    let (root, current) = ends(walker)?;
    // 1. and 2. Begin with the first or the last child.
    let mut next = way.first_child(&current);
    // 3. Look at it, and at what is inside of it if it is skipped.
    'nodes: while let Some(node) = next {
        match passes(walker, &node, cx)? {
            Passes::Accept => return arrive(walker, node, cx),
            Passes::Skip => {
                if let Some(child) = way.first_child(&node) {
                    next = Some(child);
                    continue;
                }
            }
            Passes::Reject => {}
        }
        // Go on with what comes next, up to the current node.
        let mut at = node;
        loop {
            if let Some(sibling) = way.next_sibling(&at) {
                next = Some(sibling);
                continue 'nodes;
            }
            match dom::parent(&at) {
                Some(parent)
                    if !dom::is_same(&parent, &root) && !dom::is_same(&parent, &current) =>
                {
                    at = parent;
                }
                _ => return Ok(None),
            }
        }
    }
    // 4.
    Ok(None)
}

/// [Traverse siblings](https://dom.spec.whatwg.org/#concept-traverse-siblings)
fn traverse_siblings(walker: &JsObject, way: Way, cx: &mut Context) -> JsResult<Option<Node>> {
    let (root, mut at) = ends(walker)?;
    // 1. and 2. The root has no siblings.
    if dom::is_same(&at, &root) {
        return Ok(None);
    }
    // 3.
    loop {
        // 3.1. and 3.2. Look at the siblings, and inside of those that are skipped.
        let mut next = way.next_sibling(&at);
        while let Some(sibling) = next {
            at = sibling;
            let result = passes(walker, &at, cx)?;
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
            next = match result {
                Passes::Reject => None,
                _ => way.first_child(&at),
            };
            next = next.or_else(|| way.next_sibling(&at));
        }
        // 3.3. to 3.5. Go up, unless the parent is the root, or is one that is accepted.
        match dom::parent(&at) {
            Some(parent) if !dom::is_same(&parent, &root) => at = parent,
            _ => return Ok(None),
        }
        if passes(walker, &at, cx)? == Passes::Accept {
            return Ok(None);
        }
    }
}

/// [`previousNode()`](https://dom.spec.whatwg.org/#dom-treewalker-previousnode)
fn previous_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. and 2. Until the root is reached:
    let (root, mut at) = ends(walker)?;
    while !dom::is_same(&at, &root) {
        // 2.1. and 2.2. Look at the siblings before, and at their last descendants.
        let mut sibling = dom::previous_sibling(&at);
        while let Some(before) = sibling {
            at = before;
            let mut result = passes(walker, &at, cx)?;
            while result != Passes::Reject
                && let Some(child) = dom::last_child(&at)
            {
                at = child;
                result = passes(walker, &at, cx)?;
            }
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
            sibling = dom::previous_sibling(&at);
        }
        // 2.3. to 2.5. Go up.
        if dom::is_same(&at, &root) {
            return Ok(None);
        }
        let Some(parent) = dom::parent(&at) else {
            return Ok(None);
        };
        at = parent;
        if passes(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3.
    Ok(None)
}

/// [`nextNode()`](https://dom.spec.whatwg.org/#dom-treewalker-nextnode)
fn next_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    let (root, mut at) = ends(walker)?;
    // 1. and 2. A node that is rejected hides what is inside of it.
    let mut result = Passes::Accept;
    // 3.
    loop {
        // 3.1. Go down.
        while result != Passes::Reject
            && let Some(child) = dom::first_child(&at)
        {
            at = child;
            result = passes(walker, &at, cx)?;
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
        }
        // 3.2. to 3.4. Go to the next node that is not inside, up to the root.
        let mut from = at.clone();
        loop {
            if dom::is_same(&from, &root) {
                return Ok(None);
            }
            if let Some(sibling) = dom::next_sibling(&from) {
                at = sibling;
                break;
            }
            let Some(parent) = dom::parent(&from) else {
                return Ok(None);
            };
            from = parent;
        }
        // 3.5. and 3.6.
        result = passes(walker, &at, cx)?;
        if result == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
}
