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

fn value(this: &JsObject, _: &mut Context) -> JsResult<String> {
    let (node, attribute) = read(this)?;
    Ok(elements::attribute_or_empty(&node, attribute))
}

fn set_value(this: &JsObject, value: &str, ctx: &mut Context) -> JsResult<()> {
    let (node, attribute) = read(this)?;
    tree::set_attribute(ctx, &node, attribute, value);
    Ok(())
}

fn add(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    change(this, tokens, ctx, |held, given| {
        for token in given {
            if !held.contains(&token) {
                held.push(token);
            }
        }
    })
}

fn remove(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    change(this, tokens, ctx, |held, given| {
        held.retain(|token| !given.contains(token));
    })
}

fn toggle(
    this: &JsObject,
    token: String,
    force: Option<bool>,
    ctx: &mut Context,
) -> JsResult<bool> {
    check(&token, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let has = held.contains(&token);
    match (has, force) {
        (true, None | Some(false)) => {
            held.retain(|other| *other != token);
            update(ctx, &node, attribute, &held);
            Ok(false)
        }
        (false, None | Some(true)) => {
            held.push(token);
            update(ctx, &node, attribute, &held);
            Ok(true)
        }
        (has, _) => Ok(has),
    }
}

fn replace(this: &JsObject, old: &str, new: &str, ctx: &mut Context) -> JsResult<bool> {
    for token in [old, new] {
        if token.is_empty() {
            return Err(exception::throw(
                "SyntaxError",
                "The token must not be empty.",
                ctx,
            ));
        }
    }
    check(old, ctx)?;
    check(new, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let Some(at) = held.iter().position(|token| token == old) else {
        return Ok(false);
    };
    new.clone_into(&mut held[at]);
    let mut seen = false;
    held.retain(|token| token != new || !std::mem::replace(&mut seen, true));
    update(ctx, &node, attribute, &held);
    Ok(true)
}
