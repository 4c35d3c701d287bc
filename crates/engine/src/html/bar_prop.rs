//! `BarProp` ([HTML, browser interface elements](https://html.spec.whatwg.org/multipage/nav-history-apis.html#browser-interface-elements)).

use boa_engine::{Context, JsObject};
use framepost_browsing_context::Navigable;
use framepost_event_loop::GlobalId;

use super::related_windows::navigable_of;
use crate::script::{realm, with_contexts};
use crate::webidl::{interface, platform};

interface! {
    /// The `BarProp` interface.
    [Exposed=Window]
    interface BarProp {
        readonly attribute boolean visible;
    }
}

/// One of the bars of a window.
pub(crate) fn bar(window: GlobalId, cx: &mut Context) -> JsObject {
    realm::create_in(window, &BAR_PROP, (), cx)
}

/// [`visible`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-barprop-visible)
fn visible(bar: &JsObject, cx: &mut Context) -> bool {
    let is_popup = with_contexts(cx, |contexts| {
        let navigable = navigable_of(contexts, platform::relevant_global(bar)?)?;
        let top = contexts.top(navigable);
        let top = top.and_then(|top| contexts.navigable(top));
        Some(top.is_some_and(Navigable::is_popup))
    });
    // SPEC-ISSUE: the bars of a window that is gone are visible in the standard, but not in browsers.
    is_popup == Some(false)
}
