//! The model of ranges ([DOM, ranges](https://dom.spec.whatwg.org/#ranges)): boundary points, and the
//! algorithms that set the points of a range.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use boa_engine::{Context, Finalize, JsResult, Trace};
use framepost_browsing_context::dom::{self, NodeKind, TreeOrder, node_kind, tree_order};
use markup5ever_rcdom::Handle as Node;

use super::data::units;
use super::live::{self, Point, Points};
use super::node;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::exception;
use crate::webidl::receiver::receivers;

/// Where a range [starts](https://dom.spec.whatwg.org/#concept-range-start) and
/// [ends](https://dom.spec.whatwg.org/#concept-range-end).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RangeData {
    #[unsafe_ignore_trace]
    pub(super) points: Rc<Points>,
    /// Keeps the objects of the tree alive in which the range was made.
    tree: NodeWrapper,
}

receivers!(RangeData);

impl RangeData {
    /// A range that nothing moves.
    pub(super) fn new(start: Point, end: Point, cx: &mut Context) -> Self {
        node::wrap(cx, &start.node);
        let tree = NodeWrapper::holding(cx, start.node.clone());
        let points = Rc::new(Points {
            start: RefCell::new(start),
            end: RefCell::new(end),
        });
        Self { points, tree }
    }

    /// A [live range](https://dom.spec.whatwg.org/#concept-live-range).
    pub(super) fn live(start: Point, end: Point, cx: &mut Context) -> Self {
        let range = Self::new(start, end, cx);
        live::add_range(cx, &range.points);
        range
    }

    pub(super) fn start(&self) -> Point {
        self.points.start.borrow().clone()
    }

    pub(super) fn end(&self) -> Point {
        self.points.end.borrow().clone()
    }

    /// The node in which it starts.
    pub(crate) fn start_container(&self) -> Node {
        self.points.start.borrow().node.clone()
    }

    /// The [root](https://dom.spec.whatwg.org/#concept-range-root) of the range.
    pub(super) fn root(&self) -> Node {
        dom::root(&self.points.start.borrow().node)
    }

    pub(super) fn is_collapsed(&self) -> bool {
        let (start, end) = (self.points.start.borrow(), self.points.end.borrow());
        dom::is_same(&start.node, &end.node) && start.offset == end.offset
    }

    pub(super) fn set(&self, start: Point, end: Point) {
        self.points.start.replace(start);
        self.points.end.replace(end);
    }
}

/// The [length](https://dom.spec.whatwg.org/#concept-node-length) of a node.
pub(super) fn length(node: &Node) -> usize {
    match node_kind(node) {
        // 1. A doctype and an attribute have no length.
        NodeKind::Doctype | NodeKind::Attribute => 0,
        // 2. The length of character data is the length of its data.
        _ if dom::is_character_data(node) => units(node).len(),
        // 3. Any other node has the length of its children.
        _ => node.children.borrow().len(),
    }
}

/// The nearest inclusive ancestor that two nodes share.
pub(super) fn common_ancestor(a: &Node, b: &Node) -> Node {
    let mut ancestors = dom::inclusive_ancestors(a);
    ancestors
        .find(|ancestor| dom::contains(ancestor, b))
        .unwrap_or_else(|| a.clone())
}

/// The [position](https://dom.spec.whatwg.org/#concept-range-bp-position) of a boundary point relative to
/// another one.
pub(super) fn position(a: &Point, b: &Point) -> Ordering {
    // 1. The caller knows that both have the same root.
    // 2. In one node the offsets decide.
    if dom::is_same(&a.node, &b.node) {
        return a.offset.cmp(&b.offset);
    }
    // 3. If the first node follows the second one, reverse the position of the second point.
    if tree_order(&a.node, &b.node) == TreeOrder::After {
        return position_of_preceding(b, a).reverse();
    }
    position_of_preceding(a, b)
}

/// The rest of [`position`] for a node that precedes the other one.
fn position_of_preceding(a: &Point, b: &Point) -> Ordering {
    // 4. If the first node is an ancestor of the second one:
    // 4.1. and 4.2. Find its child that contains the second node.
    let mut ancestors = dom::inclusive_ancestors(&b.node);
    let child = ancestors
        .find(|node| dom::parent(node).is_some_and(|parent| dom::is_same(&parent, &a.node)));
    let index = child.and_then(|child| dom::index_of(&a.node, &child));
    match index {
        // 4.3. If this child comes before the offset, the first point is after the second one.
        Some(index) if index < a.offset => Ordering::Greater,
        // 5. The first point is before the second one.
        _ => Ordering::Less,
    }
}

/// Returns a boundary point. The first steps of several algorithms check its node and its offset.
pub(super) fn boundary_point(node: &Node, offset: usize, cx: &mut Context) -> JsResult<Point> {
    if node_kind(node) == NodeKind::Doctype {
        let message = "A range cannot begin or end in a doctype.";
        return Err(exception::throw("InvalidNodeTypeError", message, cx));
    }
    let length = length(node);
    if offset > length {
        let message = format!("The offset {offset} is larger than the node's length {length}.");
        return Err(exception::throw("IndexSizeError", &message, cx));
    }
    Ok(Point {
        node: node.clone(),
        offset,
    })
}

/// The boundary point before a node, in its parent.
pub(super) fn point_before(node: &Node, cx: &mut Context) -> JsResult<Point> {
    let parent = dom::parent(node);
    let point = parent.and_then(|parent| {
        let offset = dom::index_of(&parent, node)?;
        Some(Point {
            node: parent,
            offset,
        })
    });
    point.ok_or_else(|| {
        let message = "The node has no parent.";
        exception::throw("InvalidNodeTypeError", message, cx)
    })
}

/// Which end of a range an algorithm sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Start,
    End,
}

/// [Set the start or end](https://dom.spec.whatwg.org/#concept-range-bp-set) of a range.
pub(super) fn set_start_or_end(
    range: &RangeData,
    which: End,
    node: &Node,
    offset: usize,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. A doctype is refused.
    // 2. An offset beyond the node's length is refused.
    // 3. Let the point be the node and the offset.
    let point = boundary_point(node, offset, cx)?;
    let has_root = dom::is_same(&range.root(), &dom::root(node));
    let (start, end) = (range.start(), range.end());
    match which {
        // 4. To set the start:
        End::Start => {
            // 4.1. In another tree, or after the end, it becomes the end, too.
            let keeps_end = has_root && position(&point, &end).is_le();
            let end = if keeps_end { end } else { point.clone() };
            // 4.2. It becomes the start.
            range.set(point, end);
        }
        // 4. To set the end:
        End::End => {
            // 4.1. In another tree, or before the start, it becomes the start, too.
            let keeps_start = has_root && position(&point, &start).is_ge();
            let start = if keeps_start { start } else { point.clone() };
            // 4.2. It becomes the end.
            range.set(start, point);
        }
    }
    Ok(())
}

/// [Select](https://dom.spec.whatwg.org/#concept-range-select) a node.
pub(super) fn select(range: &RangeData, node: &Node, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. Find the parent and the index; a node without a parent is refused.
    let start = point_before(node, cx)?;
    // 4. The range starts before the node.
    // 5. It ends after the node.
    let mut end = start.clone();
    end.offset += 1;
    range.set(start, end);
    Ok(())
}
