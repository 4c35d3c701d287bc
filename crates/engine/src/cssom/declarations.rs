//! Lists of CSS declarations as text
//! ([CSSOM, CSS declaration blocks](https://drafts.csswg.org/cssom/#css-declaration-blocks)).
//!
//! Values are text here: there is no layout, so their meaning is not needed.

use boa_engine::Context;
use markup5ever_rcdom::Handle as Node;

use super::properties::is_property;
use crate::dom::tree;

/// A [CSS declaration](https://drafts.csswg.org/cssom/#css-declarations).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) important: bool,
}

/// The name of a property as it is kept: custom properties keep their case. `None` if it is not a property.
pub(super) fn property(name: &str) -> Option<String> {
    if name.starts_with("--") {
        return Some(name.to_owned());
    }
    let name = name.to_ascii_lowercase();
    is_property(&name).then_some(name)
}

/// [Parse a CSS declaration block](https://drafts.csswg.org/cssom/#parse-a-css-declaration-block).
/// Of several declarations of one property the last applies, unless only an earlier one is important.
pub(super) fn parse(text: &str) -> Vec<Declaration> {
    let mut declarations: Vec<Declaration> = Vec::new();
    for part in split(&closed(&without_comments(text)), ';') {
        let Some((name, value)) = part.split_once(':') else {
            continue;
        };
        let Some(name) = property(name.trim()) else {
            continue;
        };
        let (value, important) = importance(value.trim());
        if !is_value(value) {
            continue;
        }
        let earlier = declarations.iter().position(|held| held.name == name);
        if let Some(earlier) = earlier {
            if declarations[earlier].important && !important {
                continue;
            }
            declarations.remove(earlier);
        }
        declarations.push(Declaration {
            name,
            value: value.to_owned(),
            important,
        });
    }
    declarations
}

/// [Update style attribute for](https://drafts.csswg.org/cssom/#update-style-attribute-for) the declarations of an element.
pub(super) fn update_style_attribute(owner: &Node, declarations: &[Declaration], cx: &mut Context) {
    // 1. to 3. The owner node is an element.
    // 4. NOT YET: the updating flag. Declarations are parsed for each access, so a change needs no guard.
    // 5. Set the attribute to the serialized declarations.
    tree::set_attribute(cx, owner, "style", &serialize(declarations));
}

/// [Serialize a CSS declaration block](https://drafts.csswg.org/cssom/#serialize-a-css-declaration-block).
pub(super) fn serialize(declarations: &[Declaration]) -> String {
    let texts = declarations.iter().map(|declaration| {
        let important = if declaration.important {
            " !important"
        } else {
            ""
        };
        format!("{}: {}{important};", declaration.name, declaration.value)
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// [Set a CSS declaration](https://drafts.csswg.org/cssom/#set-a-css-declaration), in place if it exists. Returns
/// whether the list has changed.
pub(super) fn set(declarations: &mut Vec<Declaration>, declaration: Declaration) -> bool {
    let held = declarations
        .iter_mut()
        .find(|held| held.name == declaration.name);
    match held {
        Some(held) if *held == declaration => return false,
        Some(held) => *held = declaration,
        None => declarations.push(declaration),
    }
    true
}

/// Whether a text is accepted as a value.
// IMPLEMENTATION-DEFINED: the grammar of each property is unknown. So a text that no property accepts is refused, and
// any other text is kept as written.
pub(super) fn is_value(text: &str) -> bool {
    let mut whole = split(text, ';').into_iter();
    let first = whole.next().unwrap_or_default();
    !first.trim().is_empty() && whole.next().is_none() && !text.contains(['!', '{', '}'])
}

fn importance(value: &str) -> (&str, bool) {
    match value.rsplit_once('!') {
        Some((before, word)) if word.trim().eq_ignore_ascii_case("important") => {
            (before.trim_end(), true)
        }
        _ => (value, false),
    }
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The open strings and brackets at a position of a text.
#[derive(Default)]
struct Open {
    /// The closing character of each.
    closers: Vec<char>,
    escaped: bool,
}

impl Open {
    /// Reads a character. Returns whether it is outside all of them.
    fn read(&mut self, c: char) -> bool {
        if std::mem::take(&mut self.escaped) {
            return false;
        }
        let last = self.closers.last().copied();
        let in_string = matches!(last, Some('"' | '\''));
        match c {
            '\\' => self.escaped = true,
            _ if last == Some(c) => {
                self.closers.pop();
            }
            _ if in_string => {}
            '"' | '\'' => self.closers.push(c),
            '(' => self.closers.push(')'),
            '[' => self.closers.push(']'),
            '{' => self.closers.push('}'),
            _ => return last.is_none(),
        }
        false
    }
}

/// Closes the open ones at the end of a text, as the end of a style sheet does.
pub(super) fn closed(text: &str) -> String {
    let mut open = Open::default();
    for c in text.chars() {
        open.read(c);
    }
    let mut text = text.to_owned();
    if open.escaped {
        text.pop();
    }
    text.extend(open.closers.iter().rev());
    text
}

/// Splits a text at a mark outside strings and brackets.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut open) = (0, Open::default());
    for (at, c) in text.char_indices() {
        if open.read(c) && c == mark {
            parts.push(&text[begin..at]);
            begin = at + c.len_utf8();
        }
    }
    parts.push(&text[begin..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let parsed = parse(text);
        assert_eq!(serialize(&parsed), expected);
        assert_eq!(parse(expected), parsed, "serialized and parsed again");
    }

    #[test]
    fn declarations_are_parsed_and_serialized() {
        check("", "");
        check(";;", "");
        check("COLOR:red", "color: red;");
        check(
            "color: red ;width:1px!important",
            "color: red; width: 1px !important;",
        );
        check("--A-b: x y; --a-b: z", "--A-b: x y; --a-b: z;");
        check("/* a; */color: /* b */ red", "color: red;");
        check(
            "background: url(data:x;y); content: 'a;b\\';c'; color: red",
            "background: url(data:x;y); content: 'a;b\\';c'; color: red;",
        );
        check("unknown: 1; color; : red; width:", "");
        check(
            "color: red; width: 1px; color: blue",
            "width: 1px; color: blue;",
        );
        check(
            "color: red !important; color: blue",
            "color: red !important;",
        );
        check(
            "color: 'never closed; width: 1px",
            "color: 'never closed; width: 1px';",
        );
        check("width: calc(1px + (2px; x", "width: calc(1px + (2px; x));");
        check("color: red\\", "color: red;");
    }

    #[test]
    fn invalid_property_values_are_recognized() {
        for text in ["", " ", "a; b", "red !important", "}"] {
            assert!(!is_value(text), "{text:?}");
        }
        assert!(is_value("url(a;b)"));
    }
}
