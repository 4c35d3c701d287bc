//! Attributes ([DOM, interface Attr](https://dom.spec.whatwg.org/#interface-attr)), and the names of
//! elements.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};
use markup5ever_rcdom::NodeData;

use super::{Node, NodeKind, node_kind};

/// An element's local name.
#[must_use]
pub fn local_name(node: &Node) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

/// Whether this is the HTML element with this local name.
#[must_use]
pub fn is_html_element(node: &Node, local: &str) -> bool {
    match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(html) && &*name.local == local,
        _ => false,
    }
}

/// Whether this is a `script` element of HTML or of SVG.
#[must_use]
pub fn is_script_element(node: &Node) -> bool {
    match &node.data {
        NodeData::Element { name, .. } => {
            matches!(name.ns, ns!(html) | ns!(svg)) && &*name.local == "script"
        }
        _ => false,
    }
}

/// The URL of a script element, from its attribute: `src` of an HTML element, `href` or
/// `xlink:href` of an SVG element
/// ([the script element](https://svgwg.org/svg2-draft/interact.html#ScriptElement)).
#[must_use]
pub fn script_source(script: &Node) -> Option<String> {
    let NodeData::Element { name, attrs, .. } = &script.data else {
        return None;
    };
    if name.ns == ns!(html) {
        return attribute(script, "src");
    }
    let of_xlink = || {
        let attrs = attrs.borrow();
        let is_link = |held: &&Attribute| held.name.ns == ns!(xlink) && &*held.name.local == "href";
        attrs
            .iter()
            .find(is_link)
            .map(|held| held.value.to_string())
    };
    attribute(script, "href").or_else(of_xlink)
}

/// The local name of an HTML element; `None` for everything else.
#[must_use]
pub fn html_name(node: &Node) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } if name.ns == ns!(html) => Some(&name.local),
        _ => None,
    }
}

/// Whether this is an HTML element with one of these local names.
#[must_use]
pub fn is_one_of(node: &Node, locals: &[&str]) -> bool {
    html_name(node).is_some_and(|name| locals.contains(&name))
}

/// The name of a node in messages: `<div>`, `#text`.
#[must_use]
pub fn node_label(node: &Node) -> String {
    match node_kind(node) {
        NodeKind::Element => format!("<{}>", local_name(node).unwrap_or_default()),
        NodeKind::Text => "#text".to_owned(),
        NodeKind::CdataSection => "#cdata-section".to_owned(),
        NodeKind::Comment => "#comment".to_owned(),
        NodeKind::ProcessingInstruction => "a processing instruction".to_owned(),
        NodeKind::Doctype => "a doctype".to_owned(),
        NodeKind::Attribute => "an attribute".to_owned(),
        NodeKind::Document => "#document".to_owned(),
        NodeKind::DocumentFragment => "#document-fragment".to_owned(),
    }
}

/// The value of the attribute without a namespace that has this local name. For HTML elements the
/// name must be in lower case
/// ([get an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-get-value)).
#[must_use]
pub fn attribute(node: &Node, local: &str) -> Option<String> {
    with_attribute(node, local, |value| value.map(ToString::to_string))
}

/// Whether the element has this attribute.
#[must_use]
pub fn has_attribute(node: &Node, local: &str) -> bool {
    with_attribute(node, local, |value| value.is_some())
}

fn with_attribute<R>(node: &Node, local: &str, f: impl FnOnce(Option<&StrTendril>) -> R) -> R {
    match &node.data {
        NodeData::Element { attrs, .. } => {
            let attrs = attrs.borrow();
            let found = attrs.iter().find(|held| is_named(held, local));
            f(found.map(|held| &held.value))
        }
        _ => f(None),
    }
}

/// All attributes as qualified names and values, in order.
#[must_use]
pub fn attributes(node: &Node) -> Vec<(String, String)> {
    match &node.data {
        NodeData::Element { attrs, .. } => attrs
            .borrow()
            .iter()
            .map(|held| (qualified_name(&held.name), held.value.to_string()))
            .collect(),
        _ => Vec::new(),
    }
}

/// The name of an element's first attribute of this qualified name
/// ([get an attribute by name](https://dom.spec.whatwg.org/#concept-element-attributes-get-by-name)).
#[must_use]
pub fn attribute_name(node: &Node, qualified: &str) -> Option<QualName> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    let attrs = attrs.borrow();
    let mut names = attrs.iter().map(|held| &held.name);
    names
        .find(|name| has_qualified_name(name, qualified))
        .cloned()
}

/// The names of all attributes, in order.
#[must_use]
pub fn attribute_names(node: &Node) -> Vec<QualName> {
    match &node.data {
        NodeData::Element { attrs, .. } => attrs
            .borrow()
            .iter()
            .map(|held| held.name.clone())
            .collect(),
        _ => Vec::new(),
    }
}

/// The name of an attribute without a namespace.
#[must_use]
pub fn plain_attribute_name(local: &str) -> QualName {
    QualName::new(None, ns!(), LocalName::from(local))
}

/// The value of the attribute of this namespace and local name
/// ([get an attribute by namespace and local name](https://dom.spec.whatwg.org/#concept-element-attributes-get-by-namespace)).
#[must_use]
pub fn attribute_ns(node: &Node, namespace: &str, local: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    let attrs = attrs.borrow();
    let mut attrs = attrs.iter();
    let is_it = |held: &&Attribute| *held.name.ns == *namespace && &*held.name.local == local;
    attrs.find(is_it).map(|held| held.value.to_string())
}

fn has_qualified_name(name: &QualName, qualified: &str) -> bool {
    match &name.prefix {
        Some(prefix) if !prefix.is_empty() => {
            let rest = qualified.strip_prefix(&**prefix);
            rest.and_then(|rest| rest.strip_prefix(':')) == Some(&*name.local)
        }
        _ => &*name.local == qualified,
    }
}

pub(super) fn qualified_name(name: &QualName) -> String {
    match &name.prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", name.local),
        _ => name.local.to_string(),
    }
}

fn is_named(attribute: &Attribute, local: &str) -> bool {
    attribute.name.ns == ns!() && &*attribute.name.local == local
}

/// [Set an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-set-value);
/// returns the old value.
pub(crate) fn put_attribute(node: &Node, name: &QualName, value: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    super::tree_changed(node);
    let mut attrs = attrs.borrow_mut();
    let value = StrTendril::from_slice(value);
    match attrs.iter_mut().find(|held| is_same_attribute(held, name)) {
        Some(held) => Some(std::mem::replace(&mut held.value, value).to_string()),
        None => {
            attrs.push(Attribute {
                name: name.clone(),
                value,
            });
            None
        }
    }
}

/// [Remove an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-remove-by-namespace);
/// returns its value.
pub(crate) fn take_attribute(node: &Node, name: &QualName) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    super::tree_changed(node);
    let mut attrs = attrs.borrow_mut();
    let index = attrs
        .iter()
        .position(|held| is_same_attribute(held, name))?;
    Some(attrs.remove(index).value.to_string())
}

fn is_same_attribute(held: &Attribute, name: &QualName) -> bool {
    held.name.ns == name.ns && held.name.local == name.local
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::create_element;

    #[test]
    fn attributes_keep_their_order_and_last_value() {
        let node = create_element("a").unwrap();
        let (x, y) = (plain_attribute_name("x"), plain_attribute_name("y"));
        assert_eq!(put_attribute(&node, &x, "1"), None);
        assert_eq!(put_attribute(&node, &y, "2"), None);
        assert_eq!(put_attribute(&node, &x, "3").as_deref(), Some("1"));
        assert_eq!(attribute(&node, "x").as_deref(), Some("3"));
        let all: Vec<(String, String)> = attributes(&node);
        assert_eq!(all[0], ("x".to_owned(), "3".to_owned()));
        assert_eq!(all.len(), 2);
        assert_eq!(take_attribute(&node, &x).as_deref(), Some("3"));
        assert!(!has_attribute(&node, "x"));
        assert_eq!(take_attribute(&node, &x), None);
    }
}
