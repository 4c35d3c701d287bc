//! The `data-*` attributes that a `DOMStringMap` shows
//! ([HTML, embedding custom non-visible data](https://html.spec.whatwg.org/multipage/dom.html#embedding-custom-non-visible-data-with-the-data-*-attributes)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::script::wrappers::OfNode;
use crate::webidl::exception;

/// The name of a `data-*` attribute in a dataset, if it has one.
fn property_name(attribute: &str) -> Option<String> {
    let rest = attribute.strip_prefix("data-")?;
    if rest.contains(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let mut name = String::new();
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(next) if c == '-' && next.is_ascii_lowercase() => {
                name.push(next.to_ascii_uppercase());
                characters.next();
            }
            _ => name.push(c),
        }
    }
    Some(name)
}

/// The attribute of a name in a dataset; `None` if no attribute can have that name.
fn attribute_name(name: &str) -> Option<String> {
    let mut attribute = "data-".to_owned();
    let mut after_hyphen = false;
    for c in name.chars() {
        if after_hyphen && c.is_ascii_lowercase() {
            return None;
        }
        after_hyphen = c == '-';
        if c.is_ascii_uppercase() {
            attribute.push('-');
        }
        attribute.push(c.to_ascii_lowercase());
    }
    Some(attribute)
}

/// [Get the name-value pairs](https://html.spec.whatwg.org/multipage/dom.html#concept-domstringmap-pairs)
fn pairs(node: &Node) -> Vec<(String, String)> {
    let attributes = dom::attributes(node).into_iter();
    attributes
        .filter_map(|(name, value)| Some((property_name(&name)?, value)))
        .collect()
}

/// The [supported property names](https://html.spec.whatwg.org/multipage/dom.html#the-domstringmap-interface:supported-property-names).
pub(super) fn names(node: &Node) -> Vec<String> {
    pairs(node).into_iter().map(|(name, _)| name).collect()
}

/// [Determine the value of a named property](https://html.spec.whatwg.org/multipage/dom.html#dom-domstringmap-nameditem)
pub(super) fn value_of(node: &Node, name: &str) -> Option<String> {
    let mut pairs = pairs(node).into_iter();
    pairs
        .find(|(held, _)| *held == name)
        .map(|(_, value)| value)
}

/// [Set the value of a new or existing named property](https://html.spec.whatwg.org/multipage/dom.html#dom-domstringmap-setitem)
pub(super) fn set(map: &OfNode, name: &str, value: &str, cx: &mut Context) -> JsResult<()> {
    let Some(attribute) = attribute_name(name) else {
        let message = format!("{name:?} has a hyphen before a lower-case letter.");
        return Err(exception::throw("SyntaxError", &message, cx));
    };
    if attribute.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '/', '=', '>']) {
        let message = format!("{attribute:?} is not a valid attribute name.");
        return Err(exception::throw("InvalidCharacterError", &message, cx));
    }
    tree::set_attribute(cx, &map.0.node, &attribute, value);
    Ok(())
}

/// [Delete an existing named property](https://html.spec.whatwg.org/multipage/dom.html#dom-domstringmap-removeitem)
pub(super) fn remove(map: &OfNode, name: &str, cx: &mut Context) {
    if let Some(attribute) = attribute_name(name) {
        tree::remove_attribute(cx, &map.0.node, &attribute);
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute_name, property_name};

    #[test]
    fn names_of_attributes_and_of_properties() {
        for (attribute, name) in [
            ("data-a", "a"),
            ("data-foo-bar", "fooBar"),
            ("data-", ""),
            ("data--x", "X"),
            ("data-a-1", "a-1"),
        ] {
            assert_eq!(property_name(attribute).as_deref(), Some(name));
            assert_eq!(attribute_name(name).as_deref(), Some(attribute));
        }
        assert_eq!(property_name("data-A"), None);
        assert_eq!(property_name("date-a"), None);
        assert_eq!(attribute_name("a-b"), None);
    }
}
