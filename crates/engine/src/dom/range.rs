//! `Range` ([DOM, interface Range](https://dom.spec.whatwg.org/#interface-range)).
//!
//! NOT YET: what a parser inserts in front of nodes does not move ranges.

use std::cmp::Ordering;

use boa_engine::{Context, JsError, JsObject, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::live::Point;
use super::node;
use super::range_contents::{
    clone_contents, delete_contents, extract_contents, insert, stringify, surround_contents,
};
use super::ranges::{
    End, RangeData, boundary_point, common_ancestor, length, point_before, position, select,
    set_start_or_end,
};
use crate::script::{realm, with_contexts};
use crate::webidl::{self, exception, interface};

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

        undefined setStart(Node node, unsigned long offset) =
            |range: RangeData, node: Node, offset, cx| set_start_or_end(&range, End::Start, &node, offset as usize, cx);
        undefined setEnd(Node node, unsigned long offset) =
            |range: RangeData, node: Node, offset, cx| set_start_or_end(&range, End::End, &node, offset as usize, cx);
        undefined setStartBefore(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, End::Start, &node, 0, cx);
        undefined setStartAfter(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, End::Start, &node, 1, cx);
        undefined setEndBefore(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, End::End, &node, 0, cx);
        undefined setEndAfter(Node node) = |range: RangeData, node: Node, cx| set_beside(&range, End::End, &node, 1, cx);
        undefined collapse(optional boolean toStart = false);
        undefined selectNode(Node node) = |range: RangeData, node: Node, cx| select(&range, &node, cx);
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

/// [`setStartBefore()`](https://dom.spec.whatwg.org/#dom-range-setstartbefore) and the three methods like it.
/// `behind` is 1 to set the end behind the node.
fn set_beside(
    range: &RangeData,
    which: End,
    node: &Node,
    behind: usize,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Let the parent be the node's parent.
    // 2. A node without a parent is refused.
    let point = point_before(node, cx)?;
    // 3. Set the start or the end to the parent and the index.
    set_start_or_end(range, which, &point.node, point.offset + behind, cx)
}

/// [`collapse()`](https://dom.spec.whatwg.org/#dom-range-collapse)
fn collapse(range: &RangeData, to_start: bool, _: &mut Context) {
    match to_start {
        true => range.set(range.start(), range.start()),
        false => range.set(range.end(), range.end()),
    }
}

/// [`selectNodeContents()`](https://dom.spec.whatwg.org/#dom-range-selectnodecontents)
fn select_node_contents(range: &RangeData, node: &Node, cx: &mut Context) -> JsResult<()> {
    // 1. A doctype is refused.
    let start = boundary_point(node, 0, cx)?;
    // 2. Let the length be the node's length.
    let offset = length(node);
    // 3. The range starts at offset 0 of the node.
    // 4. It ends at the length.
    let end = Point {
        node: node.clone(),
        offset,
    };
    range.set(start, end);
    Ok(())
}

fn in_another_tree(cx: &mut Context) -> JsError {
    let message = "The node is in another tree than the range.";
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
        let message = format!("{how} is not one of the four ways to compare boundary points.");
        return Err(exception::throw("NotSupportedError", &message, cx));
    }
    // 2. The ranges have to be in one tree.
    if !dom::is_same(&range.root(), &other.root()) {
        return Err(in_another_tree(cx));
    }
    // 3. Find the points by the way.
    let (this_point, other_point) = match how {
        0 => (range.start(), other.start()),
        1 => (range.end(), other.start()),
        2 => (range.end(), other.end()),
        _ => (range.start(), other.end()),
    };
    // 4. Return -1, 0 or 1 by the position.
    Ok(position(&this_point, &other_point) as i32)
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
    // 1. A node of another tree is not in the range.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return Ok(false);
    }
    // 2. A doctype is refused.
    // 3. An offset beyond the node's length is refused.
    let point = boundary_point(node, offset, cx)?;
    // 4. A point before the start or after the end is not in the range.
    // 5. Any other point is.
    Ok(position(&point, &range.start()).is_ge() && position(&point, &range.end()).is_le())
}

/// [`comparePoint()`](https://dom.spec.whatwg.org/#dom-range-comparepoint)
fn compare_point(range: &RangeData, node: &Node, offset: usize, cx: &mut Context) -> JsResult<i32> {
    // 1. The node has to be in the tree of the range.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return Err(in_another_tree(cx));
    }
    // 2. A doctype is refused.
    // 3. An offset beyond the node's length is refused.
    let point = boundary_point(node, offset, cx)?;
    // 4. A point before the start is -1.
    if position(&point, &range.start()) == Ordering::Less {
        return Ok(-1);
    }
    // 5. A point after the end is 1.
    // 6. Any other point is 0.
    Ok(i32::from(position(&point, &range.end()).is_gt()))
}

/// [`intersectsNode()`](https://dom.spec.whatwg.org/#dom-range-intersectsnode)
fn intersects_node(range: &RangeData, node: &Node, _: &mut Context) -> bool {
    // 1. A node of another tree does not intersect.
    if !dom::is_same(&range.root(), &dom::root(node)) {
        return false;
    }
    // 2. Let the parent be the node's parent.
    // 3. A root intersects.
    let Some(parent) = dom::parent(node) else {
        return true;
    };
    // 4. Let the offset be the node's index.
    let offset = dom::index_of(&parent, node).unwrap_or(0);
    let before = Point {
        node: parent,
        offset,
    };
    let behind = Point {
        offset: offset + 1,
        ..before.clone()
    };
    // 5. It intersects if the range ends behind the point before it and starts before the point behind it.
    // 6. Otherwise it does not.
    position(&before, &range.end()).is_lt() && position(&behind, &range.start()).is_gt()
}
