//! The tokens of a `DOMTokenList` ([DOM, interface DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::collection::Collection;
use super::elements;
use crate::boa::errors::type_error;
use crate::dom::tree;
use crate::webidl::{exception, platform};

/// The tokens of a list.
pub(super) fn token_set(list: &Collection) -> Vec<String> {
    tokens(&list.root.node, list.token_attribute())
}

pub(super) fn read(this: &JsObject) -> JsResult<(Node, &'static str)> {
    platform::read(this, |list: &Collection| {
        (list.root.node.clone(), list.token_attribute())
    })
}

/// The [token set](https://dom.spec.whatwg.org/#concept-dtl-tokens): the attribute's tokens, each once.
pub(crate) fn tokens(node: &Node, attribute: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for token in elements::attribute_or_empty(node, attribute).split_ascii_whitespace() {
        if !tokens.iter().any(|held| held == token) {
            tokens.push(token.to_owned());
        }
    }
    tokens
}

/// Refuses a token that is empty or contains whitespace.
fn check(token: &str, ctx: &mut Context) -> JsResult<()> {
    if token.is_empty() {
        return Err(exception::throw(
            "SyntaxError",
            "The token must not be empty.",
            ctx,
        ));
    }
    if token.contains(|c: char| c.is_ascii_whitespace()) {
        let message = format!("The token {token:?} contains whitespace.");
        return Err(exception::throw("InvalidCharacterError", &message, ctx));
    }
    Ok(())
}

/// [Update steps](https://dom.spec.whatwg.org/#concept-dtl-update)
fn update(ctx: &mut Context, node: &Node, attribute: &'static str, tokens: &[String]) {
    // 1. An element without the attribute does not get an empty one.
    if tokens.is_empty() && !dom::has_attribute(node, attribute) {
        return;
    }
    // 2. Set the attribute to the serialized token set.
    tree::set_attribute(ctx, node, attribute, &tokens.join(" "));
}

/// The steps that [`add()`](https://dom.spec.whatwg.org/#dom-domtokenlist-add) and
/// [`remove()`](https://dom.spec.whatwg.org/#dom-domtokenlist-remove) share.
fn change(
    this: &JsObject,
    given: Vec<String>,
    ctx: &mut Context,
    change: impl FnOnce(&mut Vec<String>, Vec<String>),
) -> JsResult<()> {
    // 1. Refuse tokens that are empty or contain whitespace.
    for token in &given {
        check(token, ctx)?;
    }
    // 2. Change the token set.
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    change(&mut held, given);
    // 3. Run the update steps.
    update(ctx, &node, attribute, &held);
    Ok(())
}

/// [`add()`](https://dom.spec.whatwg.org/#dom-domtokenlist-add)
pub(super) fn add(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    change(this, tokens, ctx, |held, given| {
        for token in given {
            if !held.contains(&token) {
                held.push(token);
            }
        }
    })
}

/// [`remove()`](https://dom.spec.whatwg.org/#dom-domtokenlist-remove)
pub(super) fn remove(this: &JsObject, tokens: Vec<String>, ctx: &mut Context) -> JsResult<()> {
    change(this, tokens, ctx, |held, given| {
        held.retain(|token| !given.contains(token));
    })
}

/// [`toggle()`](https://dom.spec.whatwg.org/#dom-domtokenlist-toggle)
pub(super) fn toggle(
    this: &JsObject,
    token: String,
    force: Option<bool>,
    ctx: &mut Context,
) -> JsResult<bool> {
    // 1. Refuse an empty token.
    // 2. Refuse a token that contains whitespace.
    check(&token, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    match (held.contains(&token), force) {
        // 3.1. Remove a token that is in the set, unless `force` is true.
        (true, None | Some(false)) => {
            held.retain(|other| *other != token);
            update(ctx, &node, attribute, &held);
            Ok(false)
        }
        // 4. Add a token that is not in the set, unless `force` is false.
        (false, None | Some(true)) => {
            held.push(token);
            update(ctx, &node, attribute, &held);
            Ok(true)
        }
        // 3.2. and 5. Otherwise nothing changes.
        (has, Some(_)) => Ok(has),
    }
}

/// [`replace()`](https://dom.spec.whatwg.org/#dom-domtokenlist-replace)
pub(super) fn replace(this: &JsObject, old: &str, new: &str, ctx: &mut Context) -> JsResult<bool> {
    // 1. Refuse empty tokens.
    for token in [old, new] {
        if token.is_empty() {
            let message = "The token must not be empty.";
            return Err(exception::throw("SyntaxError", message, ctx));
        }
    }
    // 2. Refuse tokens that contain whitespace.
    check(old, ctx)?;
    check(new, ctx)?;
    // 3. If the old token is not in the set, return false.
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let Some(at) = held.iter().position(|token| token == old) else {
        return Ok(false);
    };
    // 4. Replace it in the ordered set, in which the new token stands once.
    new.clone_into(&mut held[at]);
    let mut seen = false;
    held.retain(|token| token != new || !std::mem::replace(&mut seen, true));
    // 5. Run the update steps.
    update(ctx, &node, attribute, &held);
    // 6. Return true.
    Ok(true)
}

/// [Supports](https://dom.spec.whatwg.org/#concept-domtokenlist-validation): only `sandbox` has
/// supported tokens here.
pub(super) fn supports(this: &JsObject, token: &str, _: &mut Context) -> JsResult<bool> {
    const SANDBOX: &[&str] = &[
        "allow-downloads",
        "allow-forms",
        "allow-modals",
        "allow-orientation-lock",
        "allow-pointer-lock",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-presentation",
        "allow-same-origin",
        "allow-scripts",
        "allow-top-navigation",
        "allow-top-navigation-by-user-activation",
        "allow-top-navigation-to-custom-protocols",
    ];
    let token = token.to_ascii_lowercase();
    match read(this)?.1 {
        "sandbox" => Ok(SANDBOX.contains(&token.as_str())),
        attribute => Err(type_error(format!(
            "The attribute '{attribute}' has no supported tokens."
        ))),
    }
}
