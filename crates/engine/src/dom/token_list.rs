//! `DOMTokenList` ([DOM, interface DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist)).

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::collection::Collection;
use super::collections;
use super::elements;
use super::tokens::{add, read, remove, replace, supports, toggle, token_set};
use crate::dom::tree;
use crate::webidl::interface;

interface! {
    /// The `DOMTokenList` interface.
    [Exposed=Window]
    interface DOMTokenList(Collection) {
        readonly attribute unsigned long length = |list| token_set(list).len();
        getter DOMString? item(unsigned long index) = |list, index: usize| token_set(list).into_iter().nth(index);
        boolean contains(DOMString token) = |list, token: String| token_set(list).contains(&token);
        [CEReactions] undefined add(DOMString... tokens);
        [CEReactions] undefined remove(DOMString... tokens);
        [CEReactions] boolean toggle(DOMString token, optional boolean force);
        [CEReactions] boolean replace(DOMString token, DOMString newToken);
        boolean supports(DOMString token);
        [CEReactions] stringifier attribute DOMString value;
        iterable<DOMString>;
    }
}

/// `classList` of an element.
pub(crate) fn class_list(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    collections::of_node(this, "classList", ctx)
}

/// [`value`](https://dom.spec.whatwg.org/#dom-domtokenlist-value)
fn value(this: &JsObject, _: &mut Context) -> JsResult<String> {
    let (node, attribute) = read(this)?;
    Ok(elements::attribute_or_empty(&node, attribute))
}

fn set_value(this: &JsObject, value: &str, ctx: &mut Context) -> JsResult<()> {
    let (node, attribute) = read(this)?;
    tree::set_attribute(ctx, &node, attribute, value);
    Ok(())
}
