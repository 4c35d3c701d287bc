//! `StaticRange` ([DOM, interface StaticRange](https://dom.spec.whatwg.org/#interface-staticrange)).
//!
//! NOT YET: `Range`, which every mutation of a tree has to keep up to date.

use crate::script::wrappers;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom::{NodeKind, node_kind};

use crate::webidl::convert::{Dictionary, argument, unsigned_long};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{Interface, Member, NewTarget};

/// What a `StaticRange` holds: where it [starts](https://dom.spec.whatwg.org/#concept-range-start)
/// and [ends](https://dom.spec.whatwg.org/#concept-range-end).
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RangeData {
    start: BoundaryPoint,
    end: BoundaryPoint,
}

/// A [boundary point](https://dom.spec.whatwg.org/#concept-range-bp).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct BoundaryPoint {
    node: JsObject,
    offset: u32,
}

/// The `AbstractRange` interface.
pub(crate) static ABSTRACT_RANGE: Interface = Interface {
    members: &[&[
        Member::Attribute(
            "startContainer",
            |this, _| Ok(points(this)?.0.node.into()),
            None,
        ),
        Member::Attribute(
            "startOffset",
            |this, _| Ok(points(this)?.0.offset.into()),
            None,
        ),
        Member::Attribute(
            "endContainer",
            |this, _| Ok(points(this)?.1.node.into()),
            None,
        ),
        Member::Attribute(
            "endOffset",
            |this, _| Ok(points(this)?.1.offset.into()),
            None,
        ),
        Member::Attribute(
            "collapsed",
            |this, _| {
                let (start, end) = points(this)?;
                let collapsed =
                    JsObject::equals(&start.node, &end.node) && start.offset == end.offset;
                Ok(collapsed.into())
            },
            None,
        ),
    ]],
    ..Interface::new("AbstractRange")
};

/// The `StaticRange` interface.
pub(crate) static STATIC_RANGE: Interface = Interface {
    parent: Some(&ABSTRACT_RANGE),
    constructor: Some((1, construct)),
    ..Interface::new("StaticRange")
};

fn points(this: &JsObject) -> JsResult<(BoundaryPoint, BoundaryPoint)> {
    platform::with(this, |data: &RangeData| {
        Some((data.start.clone(), data.end.clone()))
    })
    .ok_or_else(platform::illegal_invocation)
}

/// [The constructor](https://dom.spec.whatwg.org/#dom-staticrange-staticrange)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let init = Dictionary::new(&argument(args, 0))?;
    let missing = |name: &str| {
        let message = format!("the required member {name} is missing or no Node");
        JsNativeError::typ().with_message(message)
    };
    let container = |name: &str, ctx: &mut Context| -> JsResult<JsObject> {
        let value = init.get(name, ctx)?;
        let object = value.and_then(|value| value.as_object());
        let node = object.filter(|object| wrappers::as_node(object).is_some());
        Ok(node.ok_or_else(|| missing(name))?)
    };
    let offset = |name: &str, ctx: &mut Context| -> JsResult<u32> {
        let value = init.get(name, ctx)?.ok_or_else(|| missing(name))?;
        unsigned_long(&value, ctx)
    };
    // Members of a dictionary are read in the order of their names.
    let end = BoundaryPoint {
        node: container("endContainer", ctx)?,
        offset: offset("endOffset", ctx)?,
    };
    let start = BoundaryPoint {
        node: container("startContainer", ctx)?,
        offset: offset("startOffset", ctx)?,
    };
    for point in [&start, &end] {
        let kind = node_kind(&wrappers::node(&point.node)?);
        if matches!(kind, NodeKind::Doctype | NodeKind::Attribute) {
            let message = "a range does not begin or end in a doctype or an attribute";
            return Err(exception::throw("InvalidNodeTypeError", message, ctx));
        }
    }
    let data = RangeData { start, end };
    target.create(data, ctx)
}
