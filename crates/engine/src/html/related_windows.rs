//! The windows around a window
//! ([HTML, accessing other browsing contexts](https://html.spec.whatwg.org/multipage/nav-history-apis.html#accessing-other-browsing-contexts)),
//! and the document in it.

use boa_engine::{Context, JsObject, JsResult, JsValue, js_string};
use framepost_browsing_context::{Contexts, NavigableId};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use crate::dom::node;
use crate::script::{discarded_windows, globals, with_contexts};
use crate::windows::window_proxy;

/// The navigable whose active window this is.
pub(crate) fn navigable_of(contexts: &Contexts, window: GlobalId) -> Option<NavigableId> {
    let navigable = contexts.window(window)?.navigable();
    contexts.is_active_window(window).then_some(navigable)
}

/// Finds another navigable from that of a window, for its WindowProxy.
fn related(
    window: GlobalId,
    cx: &Context,
    relation: impl FnOnce(&Contexts, NavigableId) -> Option<NavigableId>,
) -> JsValue {
    let found = with_contexts(cx, |contexts| {
        relation(contexts, navigable_of(contexts, window)?)
    });
    found.map_or_else(JsValue::null, |found| window_proxy::proxy_value(cx, found))
}

/// [`document`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-2)
pub(crate) fn document(window: GlobalId, cx: &mut Context) -> Option<Node> {
    let document = with_contexts(cx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(contexts.document(document)?.node().clone())
    });
    // A window that is gone keeps its document.
    document.or_else(|| discarded_windows::document_of(cx, window))
}

/// [`name`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-name)
pub(crate) fn name(window: GlobalId, cx: &mut Context) -> String {
    let name = with_contexts(cx, |contexts| {
        let navigable = contexts.navigable(navigable_of(contexts, window)?)?;
        Some(navigable.name().to_owned())
    });
    name.unwrap_or_default()
}

/// The setter of `name`.
pub(crate) fn set_name(window: GlobalId, name: &str, cx: &mut Context) {
    with_contexts(cx, |contexts| {
        if let Some(navigable) = navigable_of(contexts, window) {
            contexts.set_target_name(navigable, name);
        }
    });
}

/// [`length`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-length)
pub(crate) fn length(window: GlobalId, cx: &mut Context) -> usize {
    let count = with_contexts(cx, |contexts| {
        let navigable = navigable_of(contexts, window)?;
        Some(contexts.document_tree_children(navigable).len())
    });
    count.unwrap_or_default()
}

/// [`top`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-top)
pub(crate) fn top(window: GlobalId, cx: &mut Context) -> JsValue {
    related(window, cx, Contexts::top)
}

/// [`parent`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-parent): the window
/// itself if there is none.
pub(crate) fn parent(window: GlobalId, cx: &mut Context) -> JsValue {
    related(window, cx, |contexts, navigable| {
        Some(contexts.parent(navigable).unwrap_or(navigable))
    })
}

/// [`opener`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener)
pub(crate) fn opener(window: GlobalId, cx: &mut Context) -> JsValue {
    related(window, cx, |contexts, navigable| {
        contexts.navigable(navigable)?.opener()
    })
}

/// The setter of `opener`.
pub(crate) fn set_opener(this: &JsObject, value: &JsValue, cx: &mut Context) -> JsResult<()> {
    // 2. Any other value becomes an own property.
    if !value.is_null() {
        this.create_data_property_or_throw(js_string!("opener"), value.clone(), cx)?;
        return Ok(());
    }
    // 1. Null disowns the opener.
    let window = globals::global_of_receiver(this)?;
    with_contexts(cx, |contexts| {
        if let Some(navigable) = navigable_of(contexts, window) {
            contexts.disown_opener(navigable);
        }
    });
    Ok(())
}

/// [`frameElement`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-frameelement)
pub(crate) fn frame_element(window: GlobalId, cx: &mut Context) -> Option<Node> {
    // 1. to 4. A top-level window has none.
    let container = with_contexts(cx, |contexts| {
        let navigable = navigable_of(contexts, window)?;
        contexts.container(navigable).cloned()
    })?;
    // 5. Return null to scripts of another origin.
    let owner = node::window_of(cx, &container)?;
    window_proxy::may_access(cx, owner).then_some(container)
}
