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

pub(super) fn check(token: &str, ctx: &mut Context) -> JsResult<()> {
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
pub(super) fn update(ctx: &mut Context, node: &Node, attribute: &'static str, tokens: &[String]) {
    if tokens.is_empty() && !dom::has_attribute(node, attribute) {
        return;
    }
    tree::set_attribute(ctx, node, attribute, &tokens.join(" "));
}

pub(super) fn change(
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
