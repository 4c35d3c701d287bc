//! `StaticRange` ([DOM, interface StaticRange](https://dom.spec.whatwg.org/#interface-staticrange)).
//!
//! NOT YET: `Range`, which every mutation of a tree has to update.

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::dom::{NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use crate::script::wrappers;
use crate::webidl::{exception, interface};

/// The points at which a range [starts](https://dom.spec.whatwg.org/#concept-range-start) and
/// [ends](https://dom.spec.whatwg.org/#concept-range-end).
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RangeData {
    start: BoundaryPoint,
    end: BoundaryPoint,
}

/// A [boundary point](https://dom.spec.whatwg.org/#concept-range-bp).
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct BoundaryPoint {
    node: JsObject,
    offset: u32,
}

interface! {
    /// The `AbstractRange` interface.
    [Exposed=Window]
    interface AbstractRange(RangeData) {
        readonly attribute Node startContainer = |range| range.start.node.clone();
        readonly attribute unsigned long startOffset = |range| range.start.offset;
        readonly attribute Node endContainer = |range| range.end.node.clone();
        readonly attribute unsigned long endOffset = |range| range.end.offset;
        readonly attribute boolean collapsed = |RangeData { start, end }: &RangeData| {
            JsObject::equals(&start.node, &end.node) && start.offset == end.offset
        };
    }

    /// The `StaticRange` interface.
    [Exposed=Window]
    interface StaticRange(RangeData) : AbstractRange {
        constructor(StaticRangeInit init) = |init, cx| construct(init, cx);
    }

    dictionary StaticRangeInit {
        required Node(JsObject) startContainer;
        required unsigned long startOffset;
        required Node(JsObject) endContainer;
        required unsigned long endOffset;
    }
}

/// [The constructor](https://dom.spec.whatwg.org/#dom-staticrange-staticrange)
fn construct(init: StaticRangeInit, cx: &mut Context) -> JsResult<RangeData> {
    // 1. A range starts and ends in a node that can have children or data.
    for node in [&init.start_container, &init.end_container] {
        let kind = node_kind(&wrappers::node(node)?);
        if matches!(kind, NodeKind::Doctype | NodeKind::Attribute) {
            let message = "a range does not begin or end in a doctype or an attribute";
            return Err(exception::throw("InvalidNodeTypeError", message, cx));
        }
    }
    // 2. Set the start and the end.
    let point = |node, offset| BoundaryPoint { node, offset };
    Ok(RangeData {
        start: point(init.start_container, init.start_offset),
        end: point(init.end_container, init.end_offset),
    })
}
