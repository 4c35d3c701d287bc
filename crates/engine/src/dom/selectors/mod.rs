//! CSS selectors over the DOM tree, for `querySelector` and similar methods.
//!
//! Servo's `selectors` crate parses and matches; this module gives it a view of the tree. It has no
//! access to scripts, styles or windows. Pseudo-classes that depend on them (`:hover`, `:focus`)
//! are evaluated for a headless page without a user.

mod element;
mod language;
mod parser;

use crate::webidl::exception::ExceptionName;
use html5ever::tree_builder::QuirksMode;
use markup5ever_rcdom::{Handle, Node, NodeData};
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags,
    QuirksMode as SelectorQuirksMode, SelectorCaches,
};
use selectors::matching::matches_selector_list;
use selectors::parser::{ParseRelative, SelectorList};
use thiserror::Error;

use self::element::{Element, Tree};
use self::parser::{SelectorParser, Selectors};

/// The maximum length of a selector string in bytes. Matching recurses once per combinator.
///
/// IMPLEMENTATION-DEFINED: a longer string is a syntax error.
pub(crate) const MAX_SELECTOR_LENGTH: usize = 64 * 1024;

/// The reason why a selector string was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub(crate) enum SelectorError {
    /// The string is not a selector, or the engine does not support it: a `SyntaxError` in the DOM.
    #[error("{0:?} is not a valid selector")]
    Syntax(String),
    /// The string is longer than [`MAX_SELECTOR_LENGTH`]: a `SyntaxError` in the DOM.
    #[error("a selector of {length} bytes is longer than the limit of {MAX_SELECTOR_LENGTH}")]
    TooLong {
        /// The length of the string in bytes.
        length: usize,
    },
}

/// The comparison of names in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentMode {
    /// An HTML document: names of HTML elements match case-insensitively.
    pub(crate) html: bool,
    /// Quirks mode: classes and ids match case-insensitively.
    pub(crate) quirks: bool,
    /// The element that `:target` matches, which lives longer than the query.
    pub(crate) target: Option<*const Node>,
}

impl DocumentMode {
    /// The modes of an HTML document that was parsed in this quirks mode.
    pub(crate) fn html(quirks: QuirksMode) -> Self {
        Self {
            html: true,
            quirks: quirks == QuirksMode::Quirks,
            target: None,
        }
    }
}

impl Default for DocumentMode {
    fn default() -> Self {
        Self {
            html: true,
            quirks: false,
            target: None,
        }
    }
}

/// [Scope-match a selectors string](https://dom.spec.whatwg.org/#scope-match-a-selectors-string):
/// returns the descendants of `node` that match, in tree order.
pub(crate) fn query_selector_all(
    node: &Handle,
    selectors: &str,
    mode: DocumentMode,
) -> Result<Vec<Handle>, SelectorError> {
    scope_match_a_selectors_string(node, selectors, mode, false)
}

/// Whether a selectors string can be parsed.
pub(crate) fn check_selector(selectors: &str) -> Result<(), SelectorError> {
    parse_a_selector(selectors).map(|_| ())
}

/// [querySelector](https://dom.spec.whatwg.org/#dom-parentnode-queryselector): returns the first
/// result of [`query_selector_all`] in tree order.
pub(crate) fn query_selector(
    node: &Handle,
    selectors: &str,
    mode: DocumentMode,
) -> Result<Option<Handle>, SelectorError> {
    Ok(scope_match_a_selectors_string(node, selectors, mode, true)?.pop())
}

/// [matches](https://dom.spec.whatwg.org/#dom-element-matches).
pub(crate) fn matches(
    element: &Handle,
    selectors: &str,
    mode: DocumentMode,
) -> Result<bool, SelectorError> {
    let list = parse_a_selector(selectors)?;
    let tree = Tree::new(mode);
    let mut caches = SelectorCaches::default();
    let mut context = context(&tree, element, &mut caches);
    Ok(tree
        .element(element)
        .is_some_and(|element| matches_selector_list(&list, element, &mut context)))
}

/// [closest](https://dom.spec.whatwg.org/#dom-element-closest): returns the nearest inclusive
/// ancestor that matches.
pub(crate) fn closest(
    element: &Handle,
    selectors: &str,
    mode: DocumentMode,
) -> Result<Option<Handle>, SelectorError> {
    let list = parse_a_selector(selectors)?;
    let tree = Tree::new(mode);
    let mut caches = SelectorCaches::default();
    let mut context = context(&tree, element, &mut caches);
    let mut next = tree.element(element);
    while let Some(candidate) = next {
        if matches_selector_list(&list, candidate, &mut context) {
            return Ok(Some(candidate.node()));
        }
        next = selectors::Element::parent_element(&candidate);
    }
    Ok(None)
}

/// [Parse a selector](https://drafts.csswg.org/selectors-4/#parse-a-selector).
fn parse_a_selector(source: &str) -> Result<SelectorList<Selectors>, SelectorError> {
    if source.len() > MAX_SELECTOR_LENGTH {
        return Err(SelectorError::TooLong {
            length: source.len(),
        });
    }
    let mut input = cssparser::Parser::new(source);
    SelectorList::parse(&SelectorParser, &mut input, ParseRelative::No)
        .map_err(|_| SelectorError::Syntax(source.to_owned()))
}

fn scope_match_a_selectors_string(
    node: &Handle,
    selectors: &str,
    mode: DocumentMode,
    first: bool,
) -> Result<Vec<Handle>, SelectorError> {
    let list = parse_a_selector(selectors)?;
    let tree = Tree::new(mode);
    let mut caches = SelectorCaches::default();
    let mut context = context(&tree, node, &mut caches);
    let mut found = Vec::new();
    let mut pending: Vec<Handle> = node.children.borrow().iter().rev().cloned().collect();
    while let Some(candidate) = pending.pop() {
        if let Some(element) = tree.element(&candidate) {
            pending.extend(candidate.children.borrow().iter().rev().cloned());
            if matches_selector_list(&list, element, &mut context) {
                found.push(candidate);
                if first {
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// Creates a matching context whose `:scope` is `node`, or the root element if `node` is not an
/// element.
fn context<'a>(
    tree: &Tree,
    node: &Handle,
    caches: &'a mut SelectorCaches,
) -> MatchingContext<'a, Selectors> {
    let quirks = if tree.mode().quirks {
        SelectorQuirksMode::Quirks
    } else {
        SelectorQuirksMode::NoQuirks
    };
    let mut context = MatchingContext::new(
        MatchingMode::Normal,
        None,
        caches,
        quirks,
        NeedsSelectorFlags::No,
        MatchingForInvalidation::No,
    );
    if matches!(node.data, NodeData::Element { .. }) {
        context.scope_element = Some(Element::opaque_node(node));
    }
    context
}

impl ExceptionName for SelectorError {
    fn exception_name(&self) -> &'static str {
        "SyntaxError"
    }
}

#[cfg(test)]
mod tests;
