//! Converts names of Web IDL to names of Rust.

use proc_macro2::{Ident, Span};
use quote::format_ident;

/// Acronyms at the start of interface names.
const ACRONYMS: &[&str] = &["CDATA", "HTML", "CSS", "DOM", "SVG", "URL", "XML", "UI"];

/// Keywords of Rust.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name in camel case, in lower case. A run of capitals is one word
/// (`innerHTML`), a single capital belongs to the next word (`HTMLUListElement`), and `2D` is a
/// word.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = name;
    while let Some(acronym) = ACRONYMS.iter().find(|acronym| {
        rest.strip_prefix(**acronym)
            .is_some_and(|after| after.is_empty() || after.starts_with(char::is_uppercase))
    }) {
        words.push((*acronym).to_owned());
        rest = &rest[acronym.len()..];
    }
    let letters: Vec<char> = rest.chars().collect();
    let mut word = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after_is_small = letters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || after_is_small);
        if starts_word || matches!(letter, '_' | '-') {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.push(*letter);
        }
    }
    words.push(word);
    let mut joined: Vec<String> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.len() == 1 && last.starts_with(char::is_uppercase) => {
                last.push_str(&word);
            }
            Some(last) if last.len() > 1 && last.ends_with('2') && word == "D" => {
                last.pop();
                joined.push("2D".to_owned());
            }
            _ => joined.push(word),
        }
    }
    joined.iter().map(|word| word.to_lowercase()).collect()
}

/// The name of the `static` of an interface: `MessagePort` is `MESSAGE_PORT`.
pub(crate) fn static_of(name: &Ident) -> Ident {
    let joined = words(&plain(name)).join("_").to_uppercase();
    Ident::new(&joined, name.span())
}

/// The name of the function or field of a member: `getElementsByTagNameNS` is
/// `get_elements_by_tag_name_ns`, `type` is `type_`.
pub(crate) fn snake(name: &Ident) -> Ident {
    let joined = words(&plain(name)).join("_");
    if KEYWORDS.contains(&joined.as_str()) {
        return format_ident!("{joined}_", span = name.span());
    }
    Ident::new(&joined, name.span())
}

/// The name of the function that sets an attribute.
pub(crate) fn setter(name: &Ident) -> Ident {
    format_ident!("set_{}", words(&plain(name)).join("_"), span = name.span())
}

/// The name of a variant for a value of an enumeration: `no-referrer` is `NoReferrer`.
pub(crate) fn variant(value: &str, span: Span) -> Option<Ident> {
    let mut name = String::new();
    let mut starts = true;
    for letter in value.chars() {
        if !letter.is_ascii_alphanumeric() {
            starts = true;
        } else if starts {
            name.extend(letter.to_uppercase());
            starts = false;
        } else {
            name.push(letter);
        }
    }
    if value.is_empty() {
        name.push_str("Empty");
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name == "Self" {
        return None;
    }
    Some(Ident::new(&name, span))
}

/// An identifier in JavaScript.
pub(crate) fn plain(name: &Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name, Span::call_site())
    }

    #[test]
    fn statics_are_named_by_the_words_of_their_interfaces() {
        for (interface, expected) in [
            ("MessagePort", "MESSAGE_PORT"),
            ("URL", "URL"),
            ("URLSearchParams", "URL_SEARCH_PARAMS"),
            ("HTMLElement", "HTML_ELEMENT"),
            ("HTMLBRElement", "HTML_BR_ELEMENT"),
            ("HTMLUListElement", "HTML_ULIST_ELEMENT"),
            ("HTMLIFrameElement", "HTML_IFRAME_ELEMENT"),
            ("HTMLDataListElement", "HTML_DATA_LIST_ELEMENT"),
            ("HTMLCollection", "HTML_COLLECTION"),
            ("DOMRectReadOnly", "DOM_RECT_READ_ONLY"),
            ("DOMException", "DOM_EXCEPTION"),
            ("CDATASection", "CDATA_SECTION"),
            ("CSSStyleDeclaration", "CSS_STYLE_DECLARATION"),
            ("XMLSerializer", "XML_SERIALIZER"),
            ("UIEvent", "UI_EVENT"),
            ("CanvasRenderingContext2D", "CANVAS_RENDERING_CONTEXT_2D"),
            ("Node", "NODE"),
        ] {
            assert_eq!(static_of(&ident(interface)).to_string(), expected);
        }
    }

    #[test]
    fn functions_are_named_by_the_words_of_their_members() {
        for (member, expected) in [
            ("postMessage", "post_message"),
            ("URL", "url"),
            ("documentURI", "document_uri"),
            ("innerHTML", "inner_html"),
            ("getElementsByTagNameNS", "get_elements_by_tag_name_ns"),
            ("toJSON", "to_json"),
            ("m11", "m11"),
            ("type", "type_"),
            ("is2D", "is_2d"),
            ("xOffset", "x_offset"),
            ("encodeInto", "encode_into"),
        ] {
            assert_eq!(snake(&ident(member)).to_string(), expected);
        }
        assert_eq!(setter(&ident("type")).to_string(), "set_type");
    }

    #[test]
    fn variants_are_named_by_their_values() {
        for (value, expected) in [
            ("auto", Some("Auto")),
            ("no-referrer", Some("NoReferrer")),
            ("text/html", Some("TextHtml")),
            ("", Some("Empty")),
            ("2d", None),
        ] {
            let found = variant(value, Span::call_site()).map(|name| name.to_string());
            assert_eq!(found.as_deref(), expected);
        }
    }
}
