//! Which elements may have a shadow tree, and what their roots are
//! ([DOM, shadow trees](https://dom.spec.whatwg.org/#shadow-trees)).

use super::{Node, html_name};

/// The properties of a [shadow root](https://dom.spec.whatwg.org/#interface-shadowroot).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShadowRootInit {
    /// Whether its [mode](https://dom.spec.whatwg.org/#shadowroot-mode) is "closed".
    pub closed: bool,
    /// Its [delegates focus](https://dom.spec.whatwg.org/#shadowroot-delegates-focus).
    pub delegates_focus: bool,
    /// Whether it is [clonable](https://dom.spec.whatwg.org/#shadowroot-clonable).
    pub clonable: bool,
    /// Whether it is [serializable](https://dom.spec.whatwg.org/#shadowroot-serializable).
    pub serializable: bool,
    /// Whether it is [declarative](https://dom.spec.whatwg.org/#shadowroot-declarative).
    pub declarative: bool,
}

/// A shadow root that a parser has made of a template.
pub(crate) struct DeclaredShadowRoot {
    pub(crate) host: Node,
    pub(crate) root: Node,
    pub(crate) init: ShadowRootInit,
}

/// Names of elements that may be hosts without being custom elements
/// ([valid shadow host name](https://dom.spec.whatwg.org/#valid-shadow-host-name)).
const HOST_NAMES: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "body",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "p",
    "section",
    "span",
];

/// Names with a hyphen that no custom element has
/// ([valid custom element name](https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name)).
const RESERVED_NAMES: &[&str] = &[
    "annotation-xml",
    "color-profile",
    "font-face",
    "font-face-src",
    "font-face-uri",
    "font-face-format",
    "font-face-name",
    "missing-glyph",
];

fn is_valid_shadow_host_name(name: &str) -> bool {
    HOST_NAMES.contains(&name)
        || (name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.contains('-')
            && !name.contains(|c: char| c.is_ascii_uppercase())
            && !RESERVED_NAMES.contains(&name))
}

/// Whether an element has a name with which it may have a shadow tree.
pub(crate) fn can_be_shadow_host(element: &Node) -> bool {
    html_name(element).is_some_and(is_valid_shadow_host_name)
}
