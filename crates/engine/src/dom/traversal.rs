//! The model of traversal: filters of nodes, and the walks of `TreeWalker` and `NodeIterator`
//! ([DOM, traversal](https://dom.spec.whatwg.org/#traversal)).

use std::rc::Rc;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::live::{self, Position, Reference};
use super::node;
use crate::script::callback::{self, Callback};
use crate::script::clean_up_after_running_script;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::{exception, platform};

/// The nodes of all types.
pub(super) const SHOW_ALL: u32 = u32::MAX;
const FILTER_ACCEPT: u32 = 1;
const FILTER_REJECT: u32 = 2;
const FILTER_SKIP: u32 = 3;

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
    /// Another number, as of a filter that returns a boolean. The algorithms compare it with these three.
    Other,
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
    // 1. A filter must not traverse with the object that it filters for.
    if is_active {
        let message = "The filter of this traversal is running.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. Let n be the node's type minus 1.
    let n = node::node_type(node) - 1;
    // 3. Skip the kinds of nodes that are not shown.
    if what_to_show & (1 << n) == 0 {
        return Ok(Passes::Skip);
    }
    // 4. Without a filter, accept the node.
    let Some(callback) = callback else {
        return Ok(Passes::Accept);
    };
    // 5. Set the active flag.
    platform::write(object, |data: &mut T| data.traversal().is_active = true)?;
    // 6. Call the filter.
    let argument = node::wrap(cx, node).into();
    let undefined = JsValue::undefined();
    let result = callback::call_operation(&callback, "acceptNode", &undefined, &[argument], cx);
    clean_up_after_running_script(cx);
    // 7. Unset the active flag, also after an exception.
    platform::write(object, |data: &mut T| data.traversal().is_active = false)?;
    // 8. Return the result.
    Ok(match u32::from(result?.to_uint16(cx)?) {
        FILTER_ACCEPT => Passes::Accept,
        FILTER_REJECT => Passes::Reject,
        FILTER_SKIP => Passes::Skip,
        _ => Passes::Other,
    })
}

/// The data of a `TreeWalker`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Walker {
    pub(super) traversal: Traversal,
    pub(super) current: NodeWrapper,
}

impl Traverses for Walker {
    fn traversal(&mut self) -> &mut Traversal {
        &mut self.traversal
    }
}

/// The data of a `NodeIterator`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct IteratorData {
    pub(super) traversal: Traversal,
    #[unsafe_ignore_trace]
    pub(super) position: Rc<Position>,
}

impl Traverses for IteratorData {
    fn traversal(&mut self) -> &mut Traversal {
        &mut self.traversal
    }
}

/// The direction in which nodes are visited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

impl Direction {
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

/// The root and the current node of a `TreeWalker`.
pub(super) fn root_and_current(walker: &JsObject) -> JsResult<(Node, Node)> {
    platform::read(walker, |walker: &Walker| {
        (
            walker.traversal.root.node.clone(),
            walker.current.node.clone(),
        )
    })
}

/// Makes a node the current one.
pub(super) fn set_current(walker: &JsObject, node: &Node, cx: &mut Context) -> JsResult<()> {
    node::wrap(cx, node);
    let current = NodeWrapper::holding(cx, node.clone());
    let before = platform::write(walker, |walker: &mut Walker| {
        std::mem::replace(&mut walker.current, current)
    })?;
    drop(before);
    Ok(())
}

/// Makes an accepted node the current one, and returns it.
pub(super) fn arrive(walker: &JsObject, node: Node, cx: &mut Context) -> JsResult<Option<Node>> {
    set_current(walker, &node, cx)?;
    Ok(Some(node))
}

/// [Traverse children](https://dom.spec.whatwg.org/#concept-traverse-children)
pub(super) fn traverse_children(
    walker: &JsObject,
    direction: Direction,
    cx: &mut Context,
) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, current) = root_and_current(walker)?;
    // 2. Go to its first child, or backward to its last one.
    let mut next = direction.first_child(&current);
    // 3. While there is a node:
    'nodes: while let Some(node) = next {
        // 3.1. Filter it.
        match filter::<Walker>(walker, &node, cx)? {
            // 3.2. It becomes the current node if it is accepted.
            Passes::Accept => return arrive(walker, node, cx),
            // 3.3. If it is skipped, go on with its first or last child if there is one.
            Passes::Skip => {
                if let Some(child) = direction.first_child(&node) {
                    next = Some(child);
                    continue;
                }
            }
            Passes::Reject | Passes::Other => {}
        }
        // 3.4. Find what comes next:
        let mut at = node;
        loop {
            // 3.4.1. Let the sibling be the next or the previous one.
            // 3.4.2. Go on with it if there is one.
            if let Some(sibling) = direction.next_sibling(&at) {
                next = Some(sibling);
                continue 'nodes;
            }
            // 3.4.3. Let the parent be the node's parent.
            match dom::parent(&at) {
                // 3.4.5. Go up.
                Some(parent)
                    if !dom::is_same(&parent, &root) && !dom::is_same(&parent, &current) =>
                {
                    at = parent;
                }
                // 3.4.4. End at the root and at the current node.
                _ => return Ok(None),
            }
        }
    }
    // 4. There is none.
    Ok(None)
}

/// [Traverse siblings](https://dom.spec.whatwg.org/#concept-traverse-siblings)
pub(super) fn traverse_siblings(
    walker: &JsObject,
    direction: Direction,
    cx: &mut Context,
) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. The root has no siblings.
    if dom::is_same(&at, &root) {
        return Ok(None);
    }
    // 3. Until something returns:
    loop {
        // 3.1. Let the sibling be the next or the previous one.
        let mut next = direction.next_sibling(&at);
        // 3.2. While there is a sibling:
        while let Some(sibling) = next {
            // 3.2.1. Go to it.
            at = sibling;
            // 3.2.2. Filter it.
            let result = filter::<Walker>(walker, &at, cx)?;
            // 3.2.3. It becomes the current node if it is accepted.
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
            // 3.2.4. Let the sibling be its first or last child.
            // 3.2.5. If it is rejected or has no child, let the sibling be the one behind it.
            next = match result {
                Passes::Reject => None,
                _ => direction.first_child(&at),
            };
            next = next.or_else(|| direction.next_sibling(&at));
        }
        // 3.3. Go to the parent.
        // 3.4. End at the root.
        match dom::parent(&at) {
            Some(parent) if !dom::is_same(&parent, &root) => at = parent,
            _ => return Ok(None),
        }
        // 3.5. End if the parent is accepted.
        if filter::<Walker>(walker, &at, cx)? == Passes::Accept {
            return Ok(None);
        }
    }
}

/// [`parentNode()`](https://dom.spec.whatwg.org/#dom-treewalker-parentnode)
pub(super) fn parent_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Until the root is reached:
    while !dom::is_same(&at, &root) {
        // 2.1. Go to the parent.
        let Some(parent) = dom::parent(&at) else {
            break;
        };
        at = parent;
        // 2.2. It becomes the current node if it is accepted.
        if filter::<Walker>(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3. There is none.
    Ok(None)
}

/// [`previousNode()`](https://dom.spec.whatwg.org/#dom-treewalker-previousnode)
pub(super) fn previous_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Until the root is reached:
    while !dom::is_same(&at, &root) {
        // 2.1. Let the sibling be the previous one.
        let mut sibling = dom::previous_sibling(&at);
        // 2.2. While there is a sibling:
        while let Some(before) = sibling {
            // 2.2.1. Go to it.
            at = before;
            // 2.2.2. Filter it.
            let mut result = filter::<Walker>(walker, &at, cx)?;
            // 2.2.3. Go down to last children, as long as none is rejected.
            while result != Passes::Reject
                && let Some(child) = dom::last_child(&at)
            {
                at = child;
                result = filter::<Walker>(walker, &at, cx)?;
            }
            // 2.2.4. The node becomes the current one if it is accepted.
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
            // 2.2.5. Let the sibling be the previous one.
            sibling = dom::previous_sibling(&at);
        }
        // 2.3. End at the root, and at a node without a parent.
        if dom::is_same(&at, &root) {
            return Ok(None);
        }
        let Some(parent) = dom::parent(&at) else {
            return Ok(None);
        };
        // 2.4. Go to the parent.
        at = parent;
        // 2.5. It becomes the current node if it is accepted.
        if filter::<Walker>(walker, &at, cx)? == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
    // 3. There is none.
    Ok(None)
}

/// [`nextNode()`](https://dom.spec.whatwg.org/#dom-treewalker-nextnode)
pub(super) fn next_node(walker: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // 1. Let the node be the current node.
    let (root, mut at) = root_and_current(walker)?;
    // 2. Let the result be that it is accepted.
    let mut result = Passes::Accept;
    // 3. Until something returns:
    loop {
        // 3.1. Go down to first children, as long as none is rejected.
        while result != Passes::Reject
            && let Some(child) = dom::first_child(&at)
        {
            at = child;
            result = filter::<Walker>(walker, &at, cx)?;
            if result == Passes::Accept {
                return arrive(walker, at, cx);
            }
        }
        // 3.2. Let the sibling be none.
        // 3.3. Let the temporary node be the node.
        let mut temporary = at.clone();
        // 3.4. Until there is a sibling:
        loop {
            // 3.4.1. End at the root.
            if dom::is_same(&temporary, &root) {
                return Ok(None);
            }
            // 3.4.2. Let the sibling be the next one.
            // 3.4.3. Go to it if there is one.
            if let Some(sibling) = dom::next_sibling(&temporary) {
                at = sibling;
                break;
            }
            // 3.4.4. Otherwise go to the parent of the temporary node.
            let Some(parent) = dom::parent(&temporary) else {
                return Ok(None);
            };
            temporary = parent;
        }
        // 3.5. Filter the node.
        result = filter::<Walker>(walker, &at, cx)?;
        // 3.6. It becomes the current node if it is accepted.
        if result == Passes::Accept {
            return arrive(walker, at, cx);
        }
    }
}

/// [Traverse](https://dom.spec.whatwg.org/#concept-nodeiterator-traverse) with a node iterator.
pub(super) fn traverse(
    iterator: &JsObject,
    direction: Direction,
    cx: &mut Context,
) -> JsResult<Option<Node>> {
    let position = platform::read(iterator, |data: &IteratorData| data.position.clone())?;
    let forward = direction == Direction::Forward;
    // 1. Let the node be the reference.
    // 2. Let `before` say whether the pointer is before the node.
    let Reference {
        mut node,
        pointer_before: mut before,
    } = position.at.borrow().clone();
    // 3. Until a node is accepted:
    loop {
        // 3.1. Pass the node, or go to the following or the preceding one; without one there is nothing left.
        if before == forward {
            before = !before;
        } else {
            let next = match direction {
                Direction::Forward => following(&node, &position.root),
                Direction::Backward => preceding(&node, &position.root),
            };
            match next {
                Some(next) => node = next,
                None => return Ok(None),
            }
        }
        // 3.2. Filter it.
        // 3.3. End if it is accepted.
        if filter::<IteratorData>(iterator, &node, cx)? == Passes::Accept {
            break;
        }
    }
    // 4. The node becomes the reference.
    // 5. The pointer is before it or not.
    position.at.replace(Reference {
        node: node.clone(),
        pointer_before: before,
    });
    // 6. Return the node.
    Ok(Some(node))
}

/// The next node in tree order, below a root.
fn following(node: &Node, root: &Node) -> Option<Node> {
    dom::first_child(node).or_else(|| live::following(node, root))
}

/// The previous node in tree order, below a root or the root itself.
fn preceding(node: &Node, root: &Node) -> Option<Node> {
    if dom::is_same(node, root) {
        return None;
    }
    let Some(mut at) = dom::previous_sibling(node) else {
        return dom::parent(node);
    };
    while let Some(last) = dom::last_child(&at) {
        at = last;
    }
    Some(at)
}
