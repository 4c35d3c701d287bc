//! `CloseEvent` ([WebSockets, the CloseEvent interface](https://websockets.spec.whatwg.org/#the-closeevent-interface)).

use boa_engine::{Finalize, JsString, Trace};

use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::constructing_steps;
use crate::webidl::interface;

/// The data of a `CloseEvent`.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct CloseData {
    pub(super) was_clean: bool,
    pub(super) code: u16,
    pub(super) reason: String,
}

interface! {
    /// The `CloseEvent` interface.
    [Exposed=(Window,Worker)]
    interface CloseEvent(CloseData) : Event {
        constructor(DOMString type, optional CloseEventInit eventInitDict = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(CloseData::from(init));

        readonly attribute boolean wasClean = .was_clean;
        readonly attribute unsigned short code = .code;
        readonly attribute USVString reason = .reason;
    }

    dictionary CloseEventInit : EventInit {
        boolean wasClean = false;
        unsigned short code = 0;
        USVString reason = "";
    }
}

impl From<CloseEventInit> for CloseData {
    fn from(init: CloseEventInit) -> Self {
        Self {
            was_clean: init.was_clean,
            code: init.code,
            reason: init.reason,
        }
    }
}
