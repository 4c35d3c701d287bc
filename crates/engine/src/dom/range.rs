//! `Range` ([DOM, interface Range](https://dom.spec.whatwg.org/#interface-range)).
//!
//! NOT YET: what a parser inserts in front of nodes does not move ranges.

use boa_engine::{Context, JsObject, JsResult};
use markup5ever_rcdom::Handle as Node;

use super::live::Point;
use super::node;
use super::range_contents::{
    clone_contents, delete_contents, extract_contents, insert, stringify, surround_contents,
};
use super::ranges::{
    End, RangeData, boundary_point, common_ancestor, compare_boundary_points, compare_point,
    intersects_node, is_point_in_range, length, point_before, select, set_start_or_end,
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

/// [`cloneRange()`](https://dom.spec.whatwg.org/#dom-range-clonerange)
fn clone_range(range: &RangeData, cx: &mut Context) -> JsObject {
    let start = range.start();
    let like = start.node.clone();
    create(start, range.end(), &like, cx)
}
