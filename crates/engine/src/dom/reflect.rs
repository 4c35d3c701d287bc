//! Attributes that reflect a content attribute
//! ([HTML, reflecting content attributes](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

pub(crate) use super::reflect_enumerated::{
    autocomplete, decoding, direction, enter_key_hint, fetch_priority, form_enctype, form_method,
    input_mode, kind, link_as, loading, preload, referrer_policy, scope, set_autocomplete,
    set_decoding, set_direction, set_enter_key_hint, set_fetch_priority, set_form_enctype,
    set_form_method, set_input_mode, set_kind, set_link_as, set_loading, set_preload,
    set_referrer_policy, set_scope, set_shadow_root_mode, shadow_root_mode,
};
use crate::dom::tree;
use crate::script::with_contexts;

/// A `DOMString` attribute.
pub(crate) fn string(element: &Node, attribute: &str, _: &mut Context) -> String {
    dom::attribute(element, attribute).unwrap_or_default()
}

/// Sets a `DOMString` attribute.
pub(crate) fn set_string(element: &Node, attribute: &str, value: &str, cx: &mut Context) {
    tree::set_attribute(cx, element, attribute, value);
}

/// A `USVString` attribute that holds a URL.
pub(crate) fn url(element: &Node, attribute: &str, cx: &mut Context) -> String {
    let value = match dom::attribute(element, attribute) {
        Some(value) if !value.is_empty() || attribute == "action" => value,
        _ => return String::new(),
    };
    let parsed = with_contexts(cx, |contexts| contexts.parse_url_of(element, &value).ok());
    parsed.map_or(value, |url| url.to_string())
}

/// Sets a `USVString` attribute that holds a URL.
pub(crate) fn set_url(element: &Node, attribute: &str, value: &str, cx: &mut Context) {
    set_string(element, attribute, value, cx);
}

/// A `boolean` attribute.
pub(crate) fn boolean(element: &Node, attribute: &str, _: &mut Context) -> bool {
    dom::has_attribute(element, attribute)
}

/// Sets a `boolean` attribute.
pub(crate) fn set_boolean(element: &Node, attribute: &str, value: bool, cx: &mut Context) {
    set_nullable_string(element, attribute, value.then_some(""), cx);
}

/// A `long` attribute that defaults to zero.
pub(crate) fn integer(element: &Node, attribute: &str, _: &mut Context) -> i32 {
    dom::attribute(element, attribute)
        .and_then(|text| parse_integer(&text))
        .and_then(|number| i32::try_from(number).ok())
        .unwrap_or(0)
}

/// Sets a `long` attribute.
pub(crate) fn set_integer(element: &Node, attribute: &str, value: i32, cx: &mut Context) {
    set_string(element, attribute, &value.to_string(), cx);
}

/// A `USVString` attribute that holds a URL. Without one, it is the URL of the document.
pub(crate) fn form_action(element: &Node, attribute: &str, cx: &mut Context) -> String {
    let value = dom::attribute(element, attribute).filter(|value| !value.is_empty());
    let url = with_contexts(cx, |contexts| match &value {
        Some(value) => contexts.parse_url_of(element, value).ok(),
        None => {
            let document = contexts.node_document(element)?;
            Some(contexts.document_properties(&document)?.url().clone())
        }
    });
    url.map_or_else(|| value.unwrap_or_default(), String::from)
}

/// Sets a `USVString` attribute that holds a URL.
pub(crate) fn set_form_action(element: &Node, attribute: &str, value: &str, cx: &mut Context) {
    set_string(element, attribute, value, cx);
}

/// A `DOMString?` attribute limited to the CORS settings.
pub(crate) fn cors(element: &Node, attribute: &str, _: &mut Context) -> Option<&'static str> {
    let value = dom::attribute(element, attribute)?;
    Some(match value.eq_ignore_ascii_case("use-credentials") {
        true => "use-credentials",
        false => "anonymous",
    })
}

/// Sets a `DOMString?` attribute limited to the CORS settings.
pub(crate) fn set_cors(element: &Node, attribute: &str, value: Option<&str>, cx: &mut Context) {
    set_nullable_string(element, attribute, value, cx);
}

/// Sets a content attribute, or removes it for null.
fn set_nullable_string(element: &Node, attribute: &str, value: Option<&str>, cx: &mut Context) {
    match value {
        Some(value) => tree::set_attribute(cx, element, attribute, value),
        None => tree::remove_attribute(cx, element, attribute),
    }
}

/// The value of an attribute that is [limited to only known values](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#limited-to-only-known-values):
/// the first of these values if the attribute has none of them.
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
