//! The [named elements](https://html.spec.whatwg.org/multipage/dom.html#named-elements) of a document.

use super::{
    Node, attribute, descendants, has_attribute, html_name, inclusive_ancestors, is_html_element,
};

/// Whether the kind of this element lets it be a named element.
pub(crate) fn is_nameable(node: &Node) -> bool {
    matches!(
        html_name(node),
        Some("embed" | "form" | "iframe" | "img" | "object")
    )
}

/// Whether this element may be a named element of its document.
pub(crate) fn may_be_named_element(node: &Node) -> bool {
    is_nameable(node) && (has_attribute(node, "name") || is_html_element(node, "object"))
}

/// Whether an `embed` or `object` element is [exposed](https://html.spec.whatwg.org/multipage/dom.html#exposed).
// IMPLEMENTATION-DEFINED: as in browsers, an object that shows its fallback content is exposed, too.
fn is_exposed(node: &Node) -> bool {
    match html_name(node) {
        Some("embed" | "object") => !inclusive_ancestors(node)
            .skip(1)
            .any(|above| is_html_element(&above, "object")),
        _ => true,
    }
}

/// The names under which an element is a named element: those of its `name` and of its `id`.
fn names_of(node: &Node) -> [Option<String>; 2] {
    if !may_be_named_element(node) || !is_exposed(node) {
        return [None, None];
    }
    let get = |name| attribute(node, name).filter(|value: &String| !value.is_empty());
    let name = get("name");
    let has_id =
        is_html_element(node, "object") || (is_html_element(node, "img") && name.is_some());
    let id = if has_id { get("id") } else { None };
    [name, id]
}

/// Whether an element is a named element of its document with this name.
#[must_use]
pub fn is_named_element(node: &Node, name: &str) -> bool {
    let names = names_of(node);
    names.iter().flatten().any(|held| held == name)
}

/// The [supported property names](https://html.spec.whatwg.org/multipage/dom.html#dom-document-namedItem-which) of a
/// document, in tree order and without duplicates.
#[must_use]
pub fn supported_property_names(document: &Node) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    descendants(document)
        .flat_map(|node| names_of(&node))
        .flatten()
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{
        attach, create_document, create_element, plain_attribute_name, put_attribute,
    };

    fn add(parent: &Node, tag: &str, attributes: &[(&str, &str)]) -> Node {
        let node = create_element(tag).unwrap();
        for (name, value) in attributes {
            put_attribute(&node, &plain_attribute_name(name), value);
        }
        attach(parent, None, node.clone());
        node
    }

    #[test]
    fn documents_have_the_names_of_their_named_elements() {
        let document = create_document();
        let body = add(&document, "body", &[("name", "body")]);
        add(&body, "form", &[("name", "form"), ("id", "form-id")]);
        add(&body, "img", &[("id", "id-only")]);
        add(&body, "img", &[("id", "img-id"), ("name", "img")]);
        add(&body, "form", &[("name", "form")]);
        add(&body, "iframe", &[("name", "")]);
        let object = add(&body, "object", &[("id", "object")]);
        add(&object, "object", &[("id", "inner")]);
        add(&object, "embed", &[("name", "inner")]);
        assert_eq!(
            supported_property_names(&document),
            ["form", "img", "img-id", "object"]
        );
        assert!(is_named_element(&object, "object"));
        assert!(!is_named_element(&body, "body"));
    }
}
