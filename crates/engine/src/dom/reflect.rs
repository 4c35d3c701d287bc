//! Attributes that reflect a content attribute
//! ([HTML, reflecting content attributes](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::script::{with_contexts, wrappers};
use crate::webidl::Member;
use crate::webidl::convert::{dom_string, js_str, js_str_or_null, long, nullable_string};

/// A `DOMString` attribute.
pub(crate) const fn string(name: &'static str, attribute: &'static str) -> Member {
    Member::Named(name, attribute, get_string, Some(set_string))
}

/// A `USVString` attribute that holds a URL.
pub(crate) const fn url(name: &'static str, attribute: &'static str) -> Member {
    Member::Named(name, attribute, get_url, Some(set_string))
}

/// A `boolean` attribute.
pub(crate) const fn boolean(name: &'static str, attribute: &'static str) -> Member {
    Member::Named(name, attribute, get_boolean, Some(set_boolean))
}

/// A `long` attribute that defaults to zero.
pub(crate) const fn integer(name: &'static str, attribute: &'static str) -> Member {
    Member::Named(name, attribute, get_long, Some(set_integer))
}

/// A `DOMString?` attribute limited to the CORS settings.
pub(crate) const fn cors(name: &'static str, attribute: &'static str) -> Member {
    Member::Named(name, attribute, get_cors, Some(set_nullable))
}

fn get_string(this: &JsObject, attribute: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok(js_str(
        dom::attribute(&wrappers::node(this)?, attribute).unwrap_or_default(),
    ))
}

pub(crate) fn set_string(
    this: &JsObject,
    attribute: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let value = dom_string(value, ctx)?;
    tree::set_attribute(ctx, &wrappers::node(this)?, attribute, &value);
    Ok(())
}

fn get_url(this: &JsObject, attribute: &'static str, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let Some(value) = dom::attribute(&node, attribute) else {
        return Ok(js_str(""));
    };
    if value.is_empty() && attribute != "action" {
        return Ok(js_str(""));
    }
    let parsed = with_contexts(ctx, |contexts| contexts.parse_url_of(&node, &value).ok());
    Ok(js_str(parsed.map_or(value, |url| url.to_string())))
}

fn get_boolean(this: &JsObject, attribute: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok(dom::has_attribute(&wrappers::node(this)?, attribute).into())
}

fn set_boolean(
    this: &JsObject,
    attribute: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let node = wrappers::node(this)?;
    if value.to_boolean() {
        tree::set_attribute(ctx, &node, attribute, "");
    } else {
        tree::remove_attribute(ctx, &node, attribute);
    }
    Ok(())
}

/// The value of an attribute that is [limited to only known values](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#limited-to-only-known-values):
/// the first of these where the element has none of them.
pub(crate) fn limited_to_known_values(
    element: &Node,
    attribute: &str,
    known: &[&'static str],
) -> &'static str {
    let given = dom::attribute(element, attribute).unwrap_or_default();
    let mut values = known.iter().copied();
    let first = values.next().unwrap_or_default();
    values
        .find(|value| value.eq_ignore_ascii_case(&given))
        .unwrap_or(first)
}

/// [Rules for parsing integers](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers)
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let number: i64 = digits[..end].parse().ok()?;
    Some(if negative { -number } else { number })
}

fn get_long(this: &JsObject, attribute: &'static str, _: &mut Context) -> JsResult<JsValue> {
    let value = dom::attribute(&wrappers::node(this)?, attribute);
    let value = value
        .and_then(|text| parse_integer(&text))
        .and_then(|number| i32::try_from(number).ok());
    Ok(value.unwrap_or(0).into())
}

pub(crate) fn set_integer(
    this: &JsObject,
    attribute: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let value = long(value, ctx)?;
    tree::set_attribute(ctx, &wrappers::node(this)?, attribute, &value.to_string());
    Ok(())
}

fn get_cors(this: &JsObject, attribute: &'static str, _: &mut Context) -> JsResult<JsValue> {
    let value = dom::attribute(&wrappers::node(this)?, attribute);
    Ok(js_str_or_null(value.map(|value| {
        if value.eq_ignore_ascii_case("use-credentials") {
            "use-credentials"
        } else {
            "anonymous"
        }
    })))
}

fn set_nullable(
    this: &JsObject,
    attribute: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let node = wrappers::node(this)?;
    match nullable_string(value, ctx)? {
        Some(value) => tree::set_attribute(ctx, &node, attribute, &value),
        None => tree::remove_attribute(ctx, &node, attribute),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parse_integer;

    #[test]
    fn integers_are_parsed_up_to_the_first_other_character() {
        assert_eq!(parse_integer(" 12px"), Some(12));
        assert_eq!(parse_integer("-3"), Some(-3));
        assert_eq!(parse_integer("+4.9"), Some(4));
        assert_eq!(parse_integer("x"), None);
        assert_eq!(parse_integer(""), None);
        assert_eq!(parse_integer("99999999999999999999"), None);
    }
}
