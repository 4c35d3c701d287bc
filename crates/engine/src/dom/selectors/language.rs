//! The language and the directionality of an element, for `:lang()` and `:dir()`.

use html5ever::{local_name, ns};
use markup5ever_rcdom::{Handle, Node, NodeData};

use super::element::{attribute, html_name, parent_node};

/// A direction of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ltr,
    Rtl,
}

/// Whether the [language](https://html.spec.whatwg.org/multipage/dom.html#language) of an element is in one of
/// these ranges.
pub(super) fn is_in_language(element: &Handle, ranges: &[String]) -> bool {
    let mut node = Some(element.clone());
    while let Some(current) = node {
        if let Some(language) = own_language(&current) {
            return ranges.iter().any(|range| is_in_range(&language, range));
        }
        node = parent_node(&current);
    }
    // NOT YET: the default language of `meta` elements and of headers.
    false
}

/// The language that the attributes of a node give it.
fn own_language(node: &Node) -> Option<String> {
    let NodeData::Element { name, attrs, .. } = &node.data else {
        return None;
    };
    let attributes = attrs.borrow();
    let of_xml = attributes.iter().find(|attribute| {
        attribute.name.ns == ns!(xml) && attribute.name.local == local_name!("lang")
    });
    let of_html = attributes.iter().find(|attribute| {
        name.ns == ns!(html)
            && attribute.name.ns == ns!()
            && attribute.name.local == local_name!("lang")
    });
    of_xml
        .or(of_html)
        .map(|attribute| attribute.value.to_string())
}

/// [Extended filtering](https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2) with an implied wildcard
fn is_in_range(language: &str, range: &str) -> bool {
    let (mut tags, mut wanted) = (language.split('-'), range.split('-'));
    let (Some(first), Some(first_wanted)) = (tags.next(), wanted.next()) else {
        return false;
    };
    if language.is_empty() || range.is_empty() {
        return language.is_empty() && range.is_empty();
    }
    if first_wanted != "*" && !first.eq_ignore_ascii_case(first_wanted) {
        return false;
    }
    wanted.filter(|wanted| *wanted != "*").all(|wanted| {
        for tag in tags.by_ref() {
            if tag.eq_ignore_ascii_case(wanted) {
                return true;
            }
            // What follows a single character is private or an extension.
            if tag.len() == 1 {
                return false;
            }
        }
        false
    })
}

/// The [directionality](https://html.spec.whatwg.org/multipage/dom.html#the-directionality) of an element
pub(super) fn directionality(element: &Handle) -> Direction {
    let mut node = Some(element.clone());
    while let Some(current) = node {
        if html_name(&current).is_some() {
            let dir = attribute(&current, &local_name!("dir"), str::to_ascii_lowercase);
            match dir.as_deref() {
                Some("ltr") => return Direction::Ltr,
                Some("rtl") => return Direction::Rtl,
                Some("auto") => return direction_of_text(&current).unwrap_or(Direction::Ltr),
                _ if html_name(&current) == Some(&local_name!("bdi")) => {
                    return direction_of_text(&current).unwrap_or(Direction::Ltr);
                }
                _ => {}
            }
        }
        node = parent_node(&current);
    }
    Direction::Ltr
}

/// The direction of the first character in the text of an element that has one.
// NOT YET: the values of form controls.
fn direction_of_text(element: &Handle) -> Option<Direction> {
    let mut open = vec![element.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Text { contents } = &node.data {
            let direction = contents.borrow().chars().find_map(direction_of);
            if direction.is_some() {
                return direction;
            }
        }
        let has_own = !std::rc::Rc::ptr_eq(&node, element)
            && (attribute(&node, &local_name!("dir"), |_| ()).is_some()
                || matches!(
                    html_name(&node),
                    Some(
                        &local_name!("bdi")
                            | &local_name!("script")
                            | &local_name!("style")
                            | &local_name!("textarea")
                    )
                ));
        if !has_own {
            open.extend(node.children.borrow().iter().rev().cloned());
        }
    }
    None
}

/// The direction of a character, if it has a strong one.
fn direction_of(char: char) -> Option<Direction> {
    let is_rtl = matches!(
        char,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    );
    char.is_alphabetic().then_some(match is_rtl {
        true => Direction::Rtl,
        false => Direction::Ltr,
    })
}
