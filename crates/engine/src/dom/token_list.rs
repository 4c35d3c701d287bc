//! `DOMTokenList` ([DOM, interface DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist)).

use super::collections::Collection;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::convert::{argument, dom_string, js_str, optional};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::{Interface, Iterable, Member};

use super::collections::{self, Of};
use super::element;
use crate::webidl::legacy_old as legacy;

/// The `DOMTokenList` interface.
pub(crate) static DOM_TOKEN_LIST: Interface = Interface {
    members: &[
        legacy::INDEXED_MEMBERS,
        &[
            Member::Operation("contains", 1, |this, args, ctx| {
                let token = dom_string(&argument(args, 0), ctx)?;
                let (node, attribute) = read(this)?;
                Ok(tokens(&node, attribute).contains(&token).into())
            }),
            Member::Operation("add", 0, |this, args, ctx| {
                change(this, args, ctx, |held, given| {
                    for token in given {
                        if !held.contains(&token) {
                            held.push(token);
                        }
                    }
                })
            }),
            Member::Operation("remove", 0, |this, args, ctx| {
                change(this, args, ctx, |held, given| {
                    held.retain(|token| !given.contains(token));
                })
            }),
            Member::Operation("toggle", 1, toggle),
            Member::Operation("replace", 2, replace),
            Member::Operation("supports", 1, supports),
            Member::Attribute(
                "value",
                value,
                Some(|this, value, ctx| {
                    let value = dom_string(value, ctx)?;
                    let (node, attribute) = read(this)?;
                    tree::set_attribute(ctx, &node, attribute, &value);
                    Ok(())
                }),
            ),
            Member::Operation("toString", 0, |this, _, ctx| value(this, ctx)),
        ],
    ],
    iterable: Iterable::Values,
    ..Interface::new("DOMTokenList")
};

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

fn value(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let (node, attribute) = read(this)?;
    Ok(js_str(element::attribute_or_empty(&node, attribute)))
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
    args: &[JsValue],
    ctx: &mut Context,
    change: impl FnOnce(&mut Vec<String>, Vec<String>),
) -> JsResult<JsValue> {
    let mut given = Vec::with_capacity(args.len());
    for arg in args {
        given.push(dom_string(arg, ctx)?);
    }
    for token in &given {
        check(token, ctx)?;
    }
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    change(&mut held, given);
    update(ctx, &node, attribute, &held);
    Ok(JsValue::undefined())
}

fn toggle(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let token = dom_string(&argument(args, 0), ctx)?;
    check(&token, ctx)?;
    let force = optional(args, 1).map(JsValue::to_boolean);
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let has = held.contains(&token);
    match (has, force) {
        (true, None | Some(false)) => {
            held.retain(|other| *other != token);
            update(ctx, &node, attribute, &held);
            Ok(false.into())
        }
        (false, None | Some(true)) => {
            held.push(token);
            update(ctx, &node, attribute, &held);
            Ok(true.into())
        }
        (has, _) => Ok(has.into()),
    }
}

fn replace(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let old = dom_string(&argument(args, 0), ctx)?;
    let new = dom_string(&argument(args, 1), ctx)?;
    for token in [&old, &new] {
        if token.is_empty() {
            return Err(exception::throw(
                "SyntaxError",
                "The token must not be empty.",
                ctx,
            ));
        }
    }
    check(&old, ctx)?;
    check(&new, ctx)?;
    let (node, attribute) = read(this)?;
    let mut held = tokens(&node, attribute);
    let Some(at) = held.iter().position(|token| *token == old) else {
        return Ok(false.into());
    };
    held[at].clone_from(&new);
    let mut seen = false;
    held.retain(|token| *token != new || !std::mem::replace(&mut seen, true));
    update(ctx, &node, attribute, &held);
    Ok(true.into())
}

/// [Supports](https://dom.spec.whatwg.org/#concept-domtokenlist-validation): only `sandbox` has
/// supported tokens here.
fn supports(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
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
    let token = dom_string(&argument(args, 0), ctx)?.to_ascii_lowercase();
    match read(this)?.1 {
        "sandbox" => Ok(SANDBOX.contains(&token.as_str()).into()),
        attribute => Err(JsNativeError::typ()
            .with_message(format!(
                "the attribute '{attribute}' has no supported tokens"
            ))
            .into()),
    }
}
