//! Shadow trees ([DOM, interface ShadowRoot](https://dom.spec.whatwg.org/#interface-shadowroot)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::{self as contexts, dom};
use markup5ever_rcdom::Handle as Node;

use super::document::DOCUMENT_FRAGMENT;
use super::node::wrap;
use super::tree;
use crate::script::{with_contexts, wrappers};
use crate::webidl::exception::OrThrow;
use crate::webidl::{exception, interface, platform};

interface! {
    /// The `ShadowRoot` interface.
    [Exposed=Window]
    interface ShadowRoot(Node) : DocumentFragment {
        readonly attribute ShadowRootMode mode = |root: &Node, cx| match init(root, cx).closed {
            true => ShadowRootMode::Closed,
            false => ShadowRootMode::Open,
        };
        readonly attribute boolean delegatesFocus = |root: &Node, cx| init(root, cx).delegates_focus;
        readonly attribute SlotAssignmentMode slotAssignment = "named";
        readonly attribute boolean clonable = |root: &Node, cx| init(root, cx).clonable;
        readonly attribute boolean serializable = |root: &Node, cx| init(root, cx).serializable;
        readonly attribute Element host = |root: &Node, cx| with_contexts(cx, |contexts| contexts.shadow_host(root));
    }

    enum ShadowRootMode { "open", "closed" };

    enum SlotAssignmentMode { "manual", "named" };

    dictionary ShadowRootInit {
        required ShadowRootMode mode;
        boolean delegatesFocus = false;
        SlotAssignmentMode slotAssignment = "named";
        boolean clonable = false;
        boolean serializable = false;
    }

    /// The mixin `Slottable`.
    interface mixin Slottable(Node) {
        readonly attribute HTMLSlotElement? assignedSlot =
            |node: &Node, cx| with_contexts(cx, |contexts| contexts.find_an_open_slot(node));
    }
}

fn init(root: &Node, cx: &Context) -> contexts::ShadowRootInit {
    with_contexts(cx, |contexts| contexts.shadow_root_init(root)).unwrap_or_default()
}

/// The object of a shadow root. It and its host's object hold each other, so the listeners in the tree live as long
/// as those outside it.
fn wrap_shadow_root(host: &JsObject, root: &dom::Node, cx: &mut Context) -> JsResult<JsObject> {
    let object = platform::companion(host, "shadow root", cx, |cx| Ok(wrap(cx, root)))?;
    platform::companion(&object, "host", cx, |_| Ok(host.clone()))?;
    Ok(object)
}

/// [`attachShadow()`](https://dom.spec.whatwg.org/#dom-element-attachshadow)
pub(crate) fn attach_shadow(
    element: &JsObject,
    given: &ShadowRootInit,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // NOT YET: 1. Custom element registries.
    if given.slot_assignment == SlotAssignmentMode::Manual {
        // NOT YET: manual slot assignment.
        let message = "Manual slot assignment is not supported.";
        return Err(exception::throw("NotSupportedError", message, cx));
    }
    // 2. Attach a shadow root. One that the parser has made is taken over, without its children.
    let host = wrappers::node(element)?;
    let mut init = contexts::ShadowRootInit::default();
    init.closed = given.mode == ShadowRootMode::Closed;
    init.delegates_focus = given.delegates_focus;
    init.clonable = given.clonable;
    init.serializable = given.serializable;
    let declared = with_contexts(cx, |contexts| {
        contexts.take_over_a_declarative_shadow_root(&host, init)
    });
    if let Some(root) = declared {
        tree::replace_all(cx, &root, None);
        return wrap_shadow_root(element, &root, cx);
    }
    let root = with_contexts(cx, |contexts| contexts.attach_a_shadow_root(&host, init));
    // 3. Return it.
    let root = root.or_throw(cx)?;
    wrap_shadow_root(element, &root, cx)
}

/// [`shadowRoot`](https://dom.spec.whatwg.org/#dom-element-shadowroot)
pub(crate) fn shadow_root(element: &JsObject, cx: &mut Context) -> JsResult<Option<JsObject>> {
    // 1. and 2. Return null for a closed root.
    let host = wrappers::node(element)?;
    let root = with_contexts(cx, |contexts| {
        let root = contexts.shadow_root(&host)?;
        (!contexts.shadow_root_init(&root)?.closed).then_some(root)
    });
    // 3. Return the root.
    root.map(|root| wrap_shadow_root(element, &root, cx))
        .transpose()
}
