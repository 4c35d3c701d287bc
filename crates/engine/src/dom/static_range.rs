//! `StaticRange` ([DOM, interface StaticRange](https://dom.spec.whatwg.org/#interface-staticrange)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom::{NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::live::Point;
use super::range::ABSTRACT_RANGE;
use super::ranges::RangeData;
use crate::webidl::{exception, interface};

interface! {
    /// The `StaticRange` interface.
    [Exposed=Window]
    interface StaticRange(RangeData) : AbstractRange {
        constructor(StaticRangeInit init) = |init, cx| construct(init, cx);
    }

    dictionary StaticRangeInit {
        required Node startContainer;
        required unsigned long startOffset;
        required Node endContainer;
        required unsigned long endOffset;
    }
}

/// [The constructor](https://dom.spec.whatwg.org/#dom-staticrange-staticrange)
fn construct(init: StaticRangeInit, cx: &mut Context) -> JsResult<RangeData> {
    // 1. A range starts and ends in a node that can have children or data.
    for node in [&init.start_container, &init.end_container] {
        if matches!(node_kind(node), NodeKind::Doctype | NodeKind::Attribute) {
            let message = "A range cannot begin or end in a doctype or an attribute.";
            return Err(exception::throw("InvalidNodeTypeError", message, cx));
        }
    }
    // 2. Set the start and the end.
    let point = |node, offset| Point { node, offset };
    let start = point(init.start_container, init.start_offset as usize);
    let end = point(init.end_container, init.end_offset as usize);
    Ok(RangeData::new(start, end, cx))
}
