//! `ProgressEvent` ([XMLHttpRequest, interface ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent)).

use boa_engine::{Context, JsResult, JsValue};

use super::event::{self, EVENT, EventOf, read};
use crate::platform::Kind;
use crate::webidl::convert::{Dictionary, double};
use crate::webidl::{Interface, Member};

/// What a `ProgressEvent` has of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
            |this, _| read(this, |event| data(&event.of).length_computable.into()),
            None,
        ),
        Member::Attribute(
            "loaded",
            |this, _| read(this, |event| data(&event.of).loaded.into()),
            None,
        ),
        Member::Attribute(
            "total",
            |this, _| read(this, |event| data(&event.of).total.into()),
            None,
        ),
    ]],
    ..Interface::new(
        "ProgressEvent",
        |kind| matches!(kind, Kind::Event(event) if matches!(event.of, EventOf::Progress(_))),
    )
};

fn data(of: &EventOf) -> ProgressData {
    match of {
        EventOf::Progress(data) => *data,
        _ => ProgressData::default(),
    }
}

/// [`ProgressEventInit`](https://xhr.spec.whatwg.org/#progresseventinit)
fn init(init: &Dictionary, ctx: &mut Context) -> JsResult<EventOf> {
    let length_computable = init.boolean("lengthComputable", ctx)?;
    let mut number = |name| -> JsResult<f64> {
        let value: Option<JsValue> = init.get(name, ctx)?;
        value.map_or(Ok(0.0), |value| double(&value, ctx))
    };
    let (loaded, total) = (number("loaded")?, number("total")?);
    Ok(EventOf::Progress(ProgressData {
        length_computable,
        loaded,
        total,
    }))
}
