//! `NavigationHistoryEntry`
//! ([HTML, the NavigationHistoryEntry interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigationhistoryentry-interface)).

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::deserialize;
use super::entries::{Identifier, data_of, index, show, uuid};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;

interface! {
    /// The `NavigationHistoryEntry` interface.
    [Exposed=Window]
    interface NavigationHistoryEntry(EntryData) : EventTarget {
        readonly attribute USVString? url = |entry: &JsObject, cx| {
            show(entry, Some(String::new()), cx, |entry| entry.url.as_ref().map(ToString::to_string))
        };
        readonly attribute DOMString key = |entry: &JsObject, cx| {
            let key = show(entry, None, cx, |entry| Some(entry.key));
            key.map_or_else(String::new, |key| uuid(Identifier::Key(key), cx))
        };
        readonly attribute DOMString id = |entry: &JsObject, cx| {
            let id = show(entry, None, cx, |entry| Some(entry.id));
            id.map_or_else(String::new, |id| uuid(Identifier::Id(id), cx))
        };
        readonly attribute long long index;
        readonly attribute boolean sameDocument = |entry: &JsObject, cx| show(entry, false, cx, |entry| entry.same_document);
        any getState() = state_of;
        attribute EventHandler ondispose;
    }
}

/// [`getState()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigationhistoryentry-getstate)
fn state_of(entry: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    match data_of(entry, cx) {
        Some(data) => deserialize(data.entry.state.as_ref(), data.window, cx),
        None => Ok(JsValue::undefined()),
    }
}
