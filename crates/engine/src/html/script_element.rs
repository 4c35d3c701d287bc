//! Members of `HTMLScriptElement` ([HTML, the script element](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::script::with_contexts;

/// [`async`](https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async)
pub(super) fn is_async(script: &Node, cx: &Context) -> bool {
    // 1. A script with the flag "force async" is asynchronous.
    // 2. and 3. Otherwise use the attribute.
    with_contexts(cx, |contexts| contexts.is_force_async(script))
        || dom::has_attribute(script, "async")
}

/// Sets [`async`](https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async).
pub(super) fn set_async(script: &Node, is_async: bool, cx: &mut Context) {
    // 1. Unset the flag.
    with_contexts(cx, |contexts| contexts.unset_force_async(script));
    // 2. and 3. Set or remove the attribute.
    if is_async {
        tree::set_attribute(cx, script, "async", "");
    } else {
        tree::remove_attribute(cx, script, "async");
    }
}

/// [`supports()`](https://html.spec.whatwg.org/multipage/scripting.html#dom-script-supports)
pub(super) fn supports(type_: &str, _: &mut Context) -> bool {
    // NOT YET: "speculationrules".
    matches!(type_, "classic" | "module" | "importmap")
}
