//! `ProgressEvent` ([XMLHttpRequest, interface ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent)).

use crate::webidl::platform;
use boa_engine::{Context, Finalize, JsResult, JsValue, Trace};

use crate::dom::event;
use crate::dom::event::EVENT;
use crate::webidl::convert::{Dictionary, double};
use crate::webidl::{Interface, Member};

/// What a `ProgressEvent` has of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct ProgressData {
    pub(crate) length_computable: bool,
    pub(crate) loaded: f64,
    pub(crate) total: f64,
}

/// The `ProgressEvent` interface.
pub(crate) static PROGRESS_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        event::construct(target, args, ctx, init)
    })),
    members: &[&[
        Member::Attribute(
            "lengthComputable",
            |this, _| platform::read(this, |data: &ProgressData| data.length_computable.into()),
            None,
        ),
        Member::Attribute(
            "loaded",
            |this, _| platform::read(this, |data: &ProgressData| data.loaded.into()),
            None,
        ),
        Member::Attribute(
            "total",
            |this, _| platform::read(this, |data: &ProgressData| data.total.into()),
            None,
        ),
    ]],
    ..Interface::new("ProgressEvent")
};

/// [`ProgressEventInit`](https://xhr.spec.whatwg.org/#progresseventinit)
fn init(init: &Dictionary, ctx: &mut Context) -> JsResult<ProgressData> {
    let length_computable = init.boolean("lengthComputable", ctx)?;
    let mut number = |name| -> JsResult<f64> {
        let value: Option<JsValue> = init.get(name, ctx)?;
        value.map_or(Ok(0.0), |value| double(&value, ctx))
    };
    let (loaded, total) = (number("loaded")?, number("total")?);
    Ok(ProgressData {
        length_computable,
        loaded,
        total,
    })
}
