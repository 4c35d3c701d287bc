//! `DOMTokenList` ([DOM, interface DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist)).

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::collection::Collection;
use super::collections;
use super::elements;
use super::tokens::{change, check, read, supports, token_set, tokens, update};
use crate::dom::tree;
use crate::webidl::{exception, interface};

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

/// Sets [`value`](https://dom.spec.whatwg.org/#dom-domtokenlist-value).
fn set_value(this: &JsObject, value: &str, ctx: &mut Context) -> JsResult<()> {
    let (node, attribute) = read(this)?;
    tree::set_attribute(ctx, &node, attribute, value);
    Ok(())
}

/// [`add()`](https://dom.spec.whatwg.org/#dom-domtokenlist-add)
fn add(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    // 1. and 3. `change` checks the tokens, and runs the update steps afterwards.
    // 2. Append each token that is not in the set.
    change(this, tokens, ctx, |held, given| {
        for token in given {
            if !held.contains(&token) {
                held.push(token);
            }
        }
    })
}

/// [`remove()`](https://dom.spec.whatwg.org/#dom-domtokenlist-remove)
fn remove(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    // 1. and 3. `change` checks the tokens, and runs the update steps afterwards.
    // 2. Remove each token.
    change(this, tokens, ctx, |held, given| {
        held.retain(|token| !given.contains(token));
    })
}

/// [`toggle()`](https://dom.spec.whatwg.org/#dom-domtokenlist-toggle)
fn toggle(
    this: &JsObject,
    token: String,
    force: Option<bool>,
    ctx: &mut Context,
) -> JsResult<bool> {
    // 1. and 2. Check the token.
    check(&token, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let has = held.contains(&token);
    match (has, force) {
        // 3.1. Remove a token that is in the set, unless it is forced to stay.
        (true, None | Some(false)) => {
            held.retain(|other| *other != token);
            update(ctx, &node, attribute, &held);
            Ok(false)
        }
        // 4. Append a token that is not in the set, unless it is forced to stay away.
        (false, None | Some(true)) => {
            held.push(token);
            update(ctx, &node, attribute, &held);
            Ok(true)
        }
        // 3.2. and 5. Otherwise nothing changes.
        (has, _) => Ok(has),
    }
}

/// [`replace()`](https://dom.spec.whatwg.org/#dom-domtokenlist-replace)
fn replace(this: &JsObject, old: &str, new: &str, ctx: &mut Context) -> JsResult<bool> {
    // 1. Neither token may be empty.
    for token in [old, new] {
        if token.is_empty() {
            return Err(exception::throw(
                "SyntaxError",
                "The token must not be empty.",
                ctx,
            ));
        }
    }
    // 2. Neither may contain whitespace.
    check(old, ctx)?;
    check(new, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    // 3. If the set does not contain the old token, return false.
    let Some(at) = held.iter().position(|token| token == old) else {
        return Ok(false);
    };
    // 4. Replace it, and keep the first of two equal tokens.
    new.clone_into(&mut held[at]);
    let mut seen = false;
    held.retain(|token| token != new || !std::mem::replace(&mut seen, true));
    // 5. Run the update steps.
    update(ctx, &node, attribute, &held);
    // 6. Return true.
    Ok(true)
}
