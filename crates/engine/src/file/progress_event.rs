//! `ProgressEvent` ([XMLHttpRequest, interface ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent)).

use boa_engine::{Finalize, JsString, Trace};

use crate::dom::event::{EVENT, EventInit, constructing_steps};
use crate::webidl::interface;

/// What a `ProgressEvent` has of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct ProgressData {
    pub(crate) length_computable: bool,
    pub(crate) loaded: f64,
    pub(crate) total: f64,
}

interface! {
    /// The `ProgressEvent` interface.
    [Exposed=(Window,Worker)]
    interface ProgressEvent(ProgressData) : Event {
        constructor(DOMString type, optional ProgressEventInit eventInitDict = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(ProgressData::from(&init));
        readonly attribute boolean lengthComputable = .length_computable;
        readonly attribute double loaded = .loaded;
        readonly attribute double total = .total;
    }

    dictionary ProgressEventInit : EventInit {
        boolean lengthComputable = false;
        double loaded = 0;
        double total = 0;
    }
}

impl From<&ProgressEventInit> for ProgressData {
    fn from(init: &ProgressEventInit) -> Self {
        Self {
            length_computable: init.length_computable,
            loaded: init.loaded,
            total: init.total,
        }
    }
}
