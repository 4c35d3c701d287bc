//! `Range` ([DOM, interface Range](https://dom.spec.whatwg.org/#interface-range)).
//!
//! NOT YET: what a parser inserts in front of nodes does not move ranges.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::dom::{self, NodeKind, TreeOrder, node_kind, tree_order};
use markup5ever_rcdom::Handle as Node;

use super::data::units;
use super::live::{self, Point, Points};
use super::node;
use super::range_contents::{
    clone_contents, delete_contents, extract_contents, insert, stringify, surround_contents,
};
use crate::script::wrappers::NodeWrapper;
use crate::script::{realm, with_contexts};
use crate::webidl::receiver::receivers;
use crate::webidl::{self, exception, interface};

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
    fn live(start: Point, end: Point, cx: &mut Context) -> Self {
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

    fn root(&self) -> Node {
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

interface! {
    /// The `AbstractRange` interface.
    [Exposed=Window]
    interface AbstractRange(RangeData) {
        readonly attribute Node startContainer = |range| range.start().node;
        readonly attribute unsigned long startOffset = |range| range.start().offset;
        readonly attribute Node endContainer = |range| range.end().node;
        readonly attribute unsigned long endOffset = |range| range.end().offset;
        readonly attribute boolean collapsed = |range| range.is_collapsed();
    }

    /// The `Range` interface.
    [Exposed=Window]
    interface Range(RangeData) : AbstractRange {
        constructor() = |cx| construct(cx);

        readonly attribute Node commonAncestorContainer = |range| common_ancestor(&range.start().node, &range.end().node);

        undefined setStart(Node node, unsigned long offset);
        undefined setEnd(Node node, unsigned long offset);
        undefined setStartBefore(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, &node, 0, set_start, cx);
        undefined setStartAfter(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, &node, 1, set_start, cx);
        undefined setEndBefore(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, &node, 0, set_end, cx);
        undefined setEndAfter(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, &node, 1, set_end, cx);
        undefined collapse(optional boolean toStart = false);
        undefined selectNode(Node node);
        undefined selectNodeContents(Node node);

        const unsigned short START_TO_START = 0;
        const unsigned short START_TO_END = 1;
        const unsigned short END_TO_END = 2;
        const unsigned short END_TO_START = 3;
        short compareBoundaryPoints(unsigned short how, Range sourceRange);

        [CEReactions] undefined deleteContents();
        [CEReactions, NewObject] DocumentFragment extractContents();
        [CEReactions, NewObject] DocumentFragment cloneContents();
        [CEReactions] undefined insertNode(Node node) = |range: RangeData, node: Node, cx| insert(&range, &node, cx);
        [CEReactions] undefined surroundContents(Node newParent);

        [NewObject] Range cloneRange();
        undefined detach() = || ();

        boolean isPointInRange(Node node, unsigned long offset);
        short comparePoint(Node node, unsigned long offset);
        boolean intersectsNode(Node node);

        stringifier;
    }

    partial interface Document(Node) {
        [NewObject] Range createRange();
    }
}

/// The [constructor](https://dom.spec.whatwg.org/#dom-range-range)
fn construct(cx: &mut Context) -> JsResult<RangeData> {
    let window = realm::current_window(cx);
    let document = with_contexts(cx, |contexts| {
        let document = contexts.window(window?)?.document();
        Some(contexts.document(document)?.node().clone())
    });
    let Some(document) = document else {
        let message = "The window has no document.";
        return Err(exception::throw("InvalidStateError", message, cx));
    };
    let point = Point {
        node: document,
        offset: 0,
    };
    Ok(RangeData::live(point.clone(), point, cx))
}

/// [`createRange()`](https://dom.spec.whatwg.org/#dom-document-createrange)
fn create_range(document: &Node, cx: &mut Context) -> JsObject {
    let point = Point {
        node: document.clone(),
        offset: 0,
    };
    create(point.clone(), point, document, cx)
}

fn create(start: Point, end: Point, like: &Node, cx: &mut Context) -> JsObject {
    let data = RangeData::live(start, end, cx);
    let realm = node::realm_of(cx, like);
    webidl::create_object(&realm, &RANGE, data, cx)
}

/// The [length](https://dom.spec.whatwg.org/#concept-node-length) of a node.
pub(super) fn length(node: &Node) -> usize {
    match node_kind(node) {
        NodeKind::Doctype | NodeKind::Attribute => 0,
        _ if dom::is_character_data(node) => units(node).len(),
        _ => node.children.borrow().len(),
    }
}

/// The nearest node around both.
pub(super) fn common_ancestor(a: &Node, b: &Node) -> Node {
    let mut above = dom::inclusive_ancestors(a);
    above
        .find(|above| dom::contains(above, b))
        .unwrap_or_else(|| a.clone())
}

/// The [position](https://dom.spec.whatwg.org/#concept-range-bp-position) of a boundary point relative to
/// another one of the same tree.
pub(super) fn compare(a: &Point, b: &Point) -> Ordering {
    // 2. In one node the offsets decide.
    if dom::is_same(&a.node, &b.node) {
        return a.offset.cmp(&b.offset);
    }
    // 3. If the first node follows the second one, compare them the other way round.
    if tree_order(&a.node, &b.node) == TreeOrder::After {
        return compare_in_order(b, a).reverse();
    }
    compare_in_order(a, b)
}

fn compare_in_order(a: &Point, b: &Point) -> Ordering {
    // 4. If the first node is around the second one, the child around the second one decides.
    let mut around_b = dom::inclusive_ancestors(&b.node);
    let child = around_b
        .find(|node| dom::parent(node).is_some_and(|parent| dom::is_same(&parent, &a.node)));
    let index = child.and_then(|child| dom::index_of(&a.node, &child));
    match index {
        Some(index) if index < a.offset => Ordering::Greater,
        // 5.
        _ => Ordering::Less,
    }
}

/// Refuses a node in which no range begins or ends, and an offset that it does not have.
fn check_point(node: &Node, offset: usize, cx: &mut Context) -> JsResult<Point> {
    if node_kind(node) == NodeKind::Doctype {
        let message = "a range does not begin or end in a doctype";
        return Err(exception::throw("InvalidNodeTypeError", message, cx));
    }
    let length = length(node);
    if offset > length {
        let message = format!("the offset {offset} is larger than the node's length {length}");
        return Err(exception::throw("IndexSizeError", &message, cx));
    }
    Ok(Point {
        node: node.clone(),
        offset,
    })
}

/// [`setStart()`](https://dom.spec.whatwg.org/#dom-range-setstart)
fn set_start(range: &RangeData, node: &Node, offset: usize, cx: &mut Context) -> JsResult<()> {
    let start = check_point(node, offset, cx)?;
    let end = range.end();
    let is_valid = dom::is_same(&range.root(), &dom::root(node)) && compare(&start, &end).is_le();
    let end = if is_valid { end } else { start.clone() };
    range.set(start, end);
    Ok(())
}

/// [`setEnd()`](https://dom.spec.whatwg.org/#dom-range-setend)
fn set_end(range: &RangeData, node: &Node, offset: usize, cx: &mut Context) -> JsResult<()> {
    let end = check_point(node, offset, cx)?;
    let start = range.start();
    let is_valid = dom::is_same(&range.root(), &dom::root(node)) && compare(&start, &end).is_le();
    let start = if is_valid { start } else { end.clone() };
    range.set(start, end);
    Ok(())
}

/// The parent of a node, and the index of the node in it.
fn place_of(node: &Node, cx: &mut Context) -> JsResult<Point> {
    let parent = dom::parent(node);
    let place = parent.and_then(|parent| {
        let offset = dom::index_of(&parent, node)?;
        Some(Point {
            node: parent,
            offset,
        })
    });
    place.ok_or_else(|| {
        let message = "the node has no parent";
        exception::throw("InvalidNodeTypeError", message, cx)
    })
}

/// Sets one end of the range beside a node.
fn set_beside(
    range: &RangeData,
    node: &Node,
    behind: usize,
    set: fn(&RangeData, &Node, usize, &mut Context) -> JsResult<()>,
    cx: &mut Context,
) -> JsResult<()> {
    let place = place_of(node, cx)?;
    set(range, &place.node, place.offset + behind, cx)
}

/// [`collapse()`](https://dom.spec.whatwg.org/#dom-range-collapse)
fn collapse(range: &RangeData, to_start: bool, _: &mut Context) {
    match to_start {
        true => range.set(range.start(), range.start()),
        false => range.set(range.end(), range.end()),
    }
}

/// [`selectNode()`](https://dom.spec.whatwg.org/#concept-range-select)
pub(super) fn select_node(range: &RangeData, node: &Node, cx: &mut Context) -> JsResult<()> {
    let start = place_of(node, cx)?;
    let mut end = start.clone();
    end.offset += 1;
    range.set(start, end);
    Ok(())
}

/// [`selectNodeContents()`](https://dom.spec.whatwg.org/#dom-range-selectnodecontents)
fn select_node_contents(range: &RangeData, node: &Node, cx: &mut Context) -> JsResult<()> {
    let start = check_point(node, 0, cx)?;
    let end = Point {
        node: node.clone(),
        offset: length(node),
    };
    range.set(start, end);
    Ok(())
}

fn as_number(order: Ordering) -> i32 {
    order as i32
}

fn in_another_tree(cx: &mut Context) -> boa_engine::JsError {
    let message = "the node is in another tree than the range";
    exception::throw("WrongDocumentError", message, cx)
}

/// [`compareBoundaryPoints()`](https://dom.spec.whatwg.org/#dom-range-compareboundarypoints)
fn compare_boundary_points(
    range: &RangeData,
    how: u32,
    other: &JsObject,
    cx: &mut Context,
) -> JsResult<i32> {
    let other = webidl::platform::read(other, |range: &RangeData| range.clone())?;
    // 1. There are four ways.
    if how > 3 {
        let message = format!("{how} is not a way to compare boundary points");
        return Err(exception::throw("NotSupportedError", &message, cx));
    }
    // 2. The ranges have to be in one tree.
    if !dom::is_same(&range.root(), &other.root()) {
        return Err(in_another_tree(cx));
    }
    // 3. and 4. Compare the points.
    let (ours, theirs) = match how {
        0 => (range.start(), other.start()),
        1 => (range.end(), other.start()),
        2 => (range.end(), other.end()),
        _ => (range.start(), other.end()),
    };
    Ok(as_number(compare(&ours, &theirs)))
}

/// [`cloneRange()`](https://dom.spec.whatwg.org/#dom-range-clonerange)
fn clone_range(range: &RangeData, cx: &mut Context) -> JsObject {
    let start = range.start();
    let like = start.node.clone();
    create(start, range.end(), &like, cx)
}

/// [`isPointInRange()`](https://dom.spec.whatwg.org/#dom-range-ispointinrange)
fn is_point_in_range(
    range: &RangeData,
    node: &Node,
    offset: usize,
    cx: &mut Context,
) -> JsResult<bool> {
    // 1. A node of another tree is not.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return Ok(false);
    }
    // 2. and 3. Check the point.
    let point = check_point(node, offset, cx)?;
    // 4. and 5.
    Ok(compare(&point, &range.start()).is_ge() && compare(&point, &range.end()).is_le())
}

/// [`comparePoint()`](https://dom.spec.whatwg.org/#dom-range-comparepoint)
fn compare_point(range: &RangeData, node: &Node, offset: usize, cx: &mut Context) -> JsResult<i32> {
    // 1. The node has to be in the tree of the range.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return Err(in_another_tree(cx));
    }
    // 2. and 3. Check the point.
    let point = check_point(node, offset, cx)?;
    // 4. to 6.
    if compare(&point, &range.start()).is_lt() {
        return Ok(-1);
    }
    Ok(i32::from(compare(&point, &range.end()).is_gt()))
}

/// [`intersectsNode()`](https://dom.spec.whatwg.org/#dom-range-intersectsnode)
fn intersects_node(range: &RangeData, node: &Node, _: &mut Context) -> bool {
    // 1. A node of another tree does not.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return false;
    }
    // 2. and 3. The root does.
    let Some(parent) = dom::parent(node) else {
        return true;
    };
    // 4. to 6. Compare the points before and behind the node.
    let offset = dom::index_of(&parent, node).unwrap_or(0);
    let before = Point {
        node: parent,
        offset,
    };
    let behind = Point {
        offset: offset + 1,
        ..before.clone()
    };
    compare(&before, &range.end()).is_lt() && compare(&behind, &range.start()).is_gt()
}
