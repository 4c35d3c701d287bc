//! `DOMTokenList` ([DOM, interface DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::collections::{self, Collection, Of};
use super::element;
use crate::boa::errors::type_error;
use crate::dom::tree;
use crate::webidl::{exception, interface, platform};

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

/// The tokens of a list.
fn token_set(list: &Collection) -> Vec<String> {
    match list.of {
        Of::Tokens(attribute) => tokens(&list.root.node, attribute),
        _ => Vec::new(),
    }
}

fn read(this: &JsObject) -> JsResult<(Node, &'static str)> {
    platform::with(this, |collection: &Collection| match collection.of {
        Of::Tokens(attribute) => Some((collection.root.node.clone(), attribute)),
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)
}

/// The [token set](https://dom.spec.whatwg.org/#concept-dtl-tokens): the attribute's tokens, each once.
pub(crate) fn tokens(node: &Node, attribute: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for token in element::attribute_or_empty(node, attribute).split_ascii_whitespace() {
        if !tokens.iter().any(|held| held == token) {
            tokens.push(token.to_owned());
        }
    }
    tokens
}

/// `classList` of an element.
pub(crate) fn class_list(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    collections::of_node(this, "classList", ctx)
}

fn value(this: &JsObject, _: &mut Context) -> JsResult<String> {
    let (node, attribute) = read(this)?;
    Ok(element::attribute_or_empty(&node, attribute))
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
    if tokens.is_empty() && !dom::has_attribute(node, attribute) {
        return;
    }
    tree::set_attribute(ctx, node, attribute, &tokens.join(" "));
}

fn change(
    this: &JsObject,
    given: Vec<String>,
    ctx: &mut Context,
    change: impl FnOnce(&mut Vec<String>, Vec<String>),
) -> JsResult<()> {
    for token in &given {
        check(token, ctx)?;
    }
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    change(&mut held, given);
    update(ctx, &node, attribute, &held);
    Ok(())
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

/// [Supports](https://dom.spec.whatwg.org/#concept-domtokenlist-validation): only `sandbox` has
/// supported tokens here.
fn supports(this: &JsObject, token: &str, _: &mut Context) -> JsResult<bool> {
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
            "the attribute '{attribute}' has no supported tokens"
        ))),
    }
}
