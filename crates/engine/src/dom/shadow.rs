//! Shadow trees ([DOM, interface ShadowRoot](https://dom.spec.whatwg.org/#interface-shadowroot)).

use crate::script::wrappers;
use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::ShadowRootInit;
use framepost_browsing_context::dom;

use super::document::DOCUMENT_FRAGMENT;
use super::node::{wrap, wrap_or_null};
use super::{element, reflect};
use crate::dom::tree;
use crate::html::event_handlers;
use crate::script::with_contexts;
use crate::webidl::convert::{Dictionary, argument, dom_string_null_empty, js_str};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

/// The `ShadowRoot` interface.
pub(crate) static SHADOW_ROOT: Interface = Interface {
    parent: Some(&DOCUMENT_FRAGMENT),
    members: &[&[
        Member::Attribute(
            "mode",
            |this, ctx| {
                let closed = init(this, ctx)?.closed;
                Ok(js_str(if closed { "closed" } else { "open" }))
            },
            None,
        ),
        Member::Attribute(
            "delegatesFocus",
            |this, ctx| Ok(init(this, ctx)?.delegates_focus.into()),
            None,
        ),
        Member::Attribute("slotAssignment", |_, _| Ok(js_str("named")), None),
        Member::Attribute(
            "clonable",
            |this, ctx| Ok(init(this, ctx)?.clonable.into()),
            None,
        ),
        Member::Attribute(
            "serializable",
            |this, ctx| Ok(init(this, ctx)?.serializable.into()),
            None,
        ),
        Member::Attribute(
            "host",
            |this, ctx| {
                let root = wrappers::node(this)?;
                let host = with_contexts(ctx, |contexts| contexts.shadow_host(&root));
                Ok(wrap_or_null(ctx, host))
            },
            None,
        ),
        // Nothing is focused within.
        Member::Attribute("activeElement", |_, _| Ok(JsValue::null()), None),
        Member::Attribute(
            "innerHTML",
            |this, _| Ok(js_str(dom::serialize_inner(&wrappers::node(this)?))),
            Some(set_inner_html),
        ),
        event_handlers::handler("onslotchange"),
    ]],
    ..Interface::new("ShadowRoot")
};

/// What shadow trees add to `Element`.
pub(crate) const ELEMENT_MEMBERS: &[Member] = &[
    Member::Operation("attachShadow", 1, attach_shadow),
    Member::Attribute(
        "shadowRoot",
        |this, ctx| {
            let host = wrappers::node(this)?;
            let root = with_contexts(ctx, |contexts| {
                let root = contexts.shadow_root(&host)?;
                (!contexts.shadow_root_init(&root)?.closed).then_some(root)
            });
            match root {
                Some(root) => Ok(wrap_shadow_root(this, &root, ctx)?.into()),
                None => Ok(JsValue::null()),
            }
        },
        None,
    ),
];

/// The [Slottable](https://dom.spec.whatwg.org/#mixin-slotable) mixin.
pub(crate) const SLOTTABLE: &[Member] = &[Member::Attribute(
    "assignedSlot",
    |this, ctx| {
        let node = wrappers::node(this)?;
        let slot = with_contexts(ctx, |contexts| contexts.find_an_open_slot(&node));
        Ok(wrap_or_null(ctx, slot))
    },
    None,
)];

/// The members of `HTMLSlotElement`.
pub(crate) const SLOT: &[Member] = &[
    reflect::string("name", "name"),
    Member::Operation("assignedNodes", 0, |this, args, ctx| {
        assigned(this, args, |_| true, ctx)
    }),
    Member::Operation("assignedElements", 0, |this, args, ctx| {
        assigned(this, args, dom::is_element, ctx)
    }),
];

fn init(this: &JsObject, ctx: &mut Context) -> JsResult<ShadowRootInit> {
    let root = wrappers::node(this)?;
    let init = with_contexts(ctx, |contexts| contexts.shadow_root_init(&root));
    Ok(init.unwrap_or_default())
}

/// The object of a shadow root. It and its host's object hold each other, so that the listeners in
/// the tree live as long as those around it.
fn wrap_shadow_root(host: &JsObject, root: &dom::Node, ctx: &mut Context) -> JsResult<JsObject> {
    let object = platform::companion(host, "shadow root", ctx, |ctx| Ok(wrap(ctx, root)))?;
    platform::companion(&object, "host", ctx, |_| Ok(host.clone()))?;
    Ok(object)
}

/// [`attachShadow()`](https://dom.spec.whatwg.org/#dom-element-attachshadow)
fn attach_shadow(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let options = Dictionary::new(&argument(args, 0))?;
    let clonable = options.boolean("clonable", ctx)?;
    let delegates_focus = options.boolean("delegatesFocus", ctx)?;
    let Some(mode) = options.get("mode", ctx)? else {
        return Err(JsNativeError::typ()
            .with_message("the required member mode is missing")
            .into());
    };
    let mode = mode.to_string(ctx)?.to_std_string_lossy();
    let serializable = options.boolean("serializable", ctx)?;
    let assignment = options.string("slotAssignment", "named", ctx)?;
    let assignment = assignment.to_std_string_lossy();
    for (given, type_, allowed) in [
        (&mode, "ShadowRootMode", ["open", "closed"]),
        (&assignment, "SlotAssignmentMode", ["named", "manual"]),
    ] {
        if !allowed.contains(&given.as_str()) {
            return Err(JsNativeError::typ()
                .with_message(format!(
                    "The provided value '{given}' is not a valid enum value of type {type_}."
                ))
                .into());
        }
    }
    if assignment == "manual" {
        // NOT YET
        let message = "Manual slot assignment is not supported.";
        return Err(exception::throw("NotSupportedError", message, ctx));
    }
    let mut init = ShadowRootInit::default();
    init.closed = mode == "closed";
    init.delegates_focus = delegates_focus;
    init.clonable = clonable;
    init.serializable = serializable;
    let host = wrappers::node(this)?;
    let root = with_contexts(ctx, |contexts| contexts.attach_a_shadow_root(&host, init));
    let root = root.or_throw(ctx)?;
    Ok(wrap_shadow_root(this, &root, ctx)?.into())
}

/// [`innerHTML`'s setter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-shadowroot-innerhtml)
fn set_inner_html(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let html = dom_string_null_empty(value, ctx)?;
    let root = wrappers::node(this)?;
    let host = with_contexts(ctx, |contexts| contexts.shadow_host(&root));
    if let Some(host) = host {
        let fragment = element::parse_fragment(ctx, &host, &html);
        tree::replace_all(ctx, &root, Some(&fragment));
    }
    Ok(())
}

/// [`assignedNodes()`](https://html.spec.whatwg.org/multipage/scripting.html#dom-slot-assignednodes)
/// and [`assignedElements()`](https://html.spec.whatwg.org/multipage/scripting.html#dom-slot-assignedelements)
fn assigned(
    this: &JsObject,
    args: &[JsValue],
    wanted: fn(&dom::Node) -> bool,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let flatten = Dictionary::new(&argument(args, 0))?.boolean("flatten", ctx)?;
    let slot = wrappers::node(this)?;
    let nodes = with_contexts(ctx, |contexts| {
        if flatten {
            contexts.find_flattened_slottables(&slot)
        } else {
            contexts.find_slottables(&slot)
        }
    });
    let mut objects = Vec::new();
    for node in nodes.iter().filter(|node| wanted(node)) {
        objects.push(JsValue::from(wrap(ctx, node)));
    }
    Ok(JsArray::from_iter(objects, ctx).into())
}
