//! `HTMLScriptElement` ([HTML, the script element](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;

use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::Member;
use crate::webidl::convert::dom_string;

use crate::dom::reflect;

/// The members that are not shared.
pub(crate) const MEMBERS: &[Member] = &[
    reflect::url("src", "src"),
    reflect::string("type", "type"),
    reflect::boolean("noModule", "nomodule"),
    reflect::boolean("defer", "defer"),
    reflect::cors("crossOrigin", "crossorigin"),
    reflect::string("referrerPolicy", "referrerpolicy"),
    reflect::string("integrity", "integrity"),
    reflect::string("charset", "charset"),
    reflect::string("htmlFor", "for"),
    reflect::string("event", "event"),
    Member::Attribute("async", is_async, Some(set_async)),
    Member::Static("supports", 1, |args, ctx| {
        let type_ = dom_string(&crate::webidl::convert::argument(args, 0), ctx)?;
        Ok(matches!(type_.as_str(), "classic" | "module" | "importmap").into())
    }),
];

/// [`async`](https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async)
fn is_async(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let forced = with_contexts(ctx, |contexts| contexts.is_force_async(&node));
    Ok((forced || dom::has_attribute(&node, "async")).into())
}

fn set_async(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let node = wrappers::node(this)?;
    with_contexts(ctx, |contexts| contexts.unset_force_async(&node));
    if value.to_boolean() {
        tree::set_attribute(ctx, &node, "async", "");
    } else {
        tree::remove_attribute(ctx, &node, "async");
    }
    Ok(())
}
