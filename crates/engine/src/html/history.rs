//! `History` ([HTML, the History interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface)).

use boa_engine::{Finalize, JsValue, Trace};
use framepost_boa::enumerations::ScrollRestoration;
use framepost_browsing_context::HistoryHandling;
use framepost_event_loop::GlobalId;

use super::history_state::{delta_traverse, push_or_replace, state, with_history};
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

/// The data of a `History`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct HistoryData {
    #[unsafe_ignore_trace]
    pub(super) window: GlobalId,
    /// The number of times that the state had been set when it was deserialized.
    #[unsafe_ignore_trace]
    pub(super) version: u64,
    pub(super) state: JsValue,
}

receivers!(HistoryData);

interface! {
    /// The `History` interface.
    [Exposed=Window]
    interface History(HistoryData) {
        readonly attribute unsigned long length = |history: HistoryData, cx| with_history(&history, cx, |contexts, document| contexts.history_length(document));
        attribute ScrollRestoration scrollRestoration =
            |history: HistoryData, cx| with_history(&history, cx, |contexts, document| contexts.scroll_restoration(document)),
            |history: HistoryData, mode, cx| with_history(&history, cx, |contexts, document| contexts.set_scroll_restoration(document, mode));
        readonly attribute any state;
        undefined go(optional long delta = 0) = delta_traverse;
        undefined back() = |history: HistoryData, cx| delta_traverse(&history, -1, cx);
        undefined forward() = |history: HistoryData, cx| delta_traverse(&history, 1, cx);
        undefined pushState(any data, DOMString unused, optional USVString? url = null) =
            |history: HistoryData, data, _, url, cx| push_or_replace(&history, &data, url.as_deref(), HistoryHandling::Push, cx);
        undefined replaceState(any data, DOMString unused, optional USVString? url = null) =
            |history: HistoryData, data, _, url, cx| push_or_replace(&history, &data, url.as_deref(), HistoryHandling::Replace, cx);
    }
}
