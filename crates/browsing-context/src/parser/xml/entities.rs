//! Doctypes and entities of XML.

use std::collections::HashMap;

use html5ever::data::NAMED_ENTITIES;

use super::Malformed;
use crate::dom::is_xml_name;

/// The limit on the length of an entity's text, including the entities in it.
const MAX_EXPANSION: usize = 1 << 20;

/// The limit on the nesting of entities.
const MAX_EXPANSION_DEPTH: usize = 16;

/// The public identifiers that declare the entities of HTML
/// ([HTML, writing XHTML documents](https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-documents)).
const XHTML: [&str; 9] = [
    "-//W3C//DTD XHTML 1.0 Transitional//EN",
    "-//W3C//DTD XHTML 1.1//EN",
    "-//W3C//DTD XHTML 1.0 Strict//EN",
    "-//W3C//DTD XHTML 1.0 Frameset//EN",
    "-//W3C//DTD XHTML Basic 1.0//EN",
    "-//W3C//DTD XHTML 1.1 plus MathML 2.0//EN",
    "-//W3C//DTD XHTML 1.1 plus MathML 2.0 plus SVG 1.1//EN",
    "-//W3C//DTD MathML 2.0//EN",
    "-//WAPFORUM//DTD XHTML Mobile 1.0//EN",
];

/// The entities that a document may refer to.
#[derive(Default)]
pub(super) struct Entities {
    declared: HashMap<String, String>,
    has_those_of_html: bool,
}

/// A document type declaration.
pub(super) struct Doctype {
    pub(super) name: String,
    pub(super) public_id: String,
    pub(super) system_id: String,
}

impl Entities {
    /// Reads a document type declaration with its internal subset.
    // NOT YET: attribute defaults, parameter entities, and entities with markup.
    pub(super) fn read_doctype(&mut self, text: &str) -> Result<Doctype, Malformed> {
        let text = text.trim_start();
        let end = text.find(|c: char| c.is_ascii_whitespace() || c == '[');
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        if !is_xml_name(name) {
            return Err(format!("{name:?} is not a name of a doctype"));
        }
        let mut rest = rest.trim_start();
        let (mut public_id, mut system_id) = (String::new(), String::new());
        if let Some(after) = rest.strip_prefix("PUBLIC") {
            (public_id, rest) = quoted(after).ok_or("the public identifier is not quoted")?;
            (system_id, rest) = quoted(rest).ok_or("the system identifier is not quoted")?;
        } else if let Some(after) = rest.strip_prefix("SYSTEM") {
            (system_id, rest) = quoted(after).ok_or("the system identifier is not quoted")?;
        }
        self.has_those_of_html = XHTML.contains(&public_id.as_str());
        match rest.trim_start() {
            "" => {}
            subset if subset.starts_with('[') => self.read_internal_subset(subset),
            _ => return Err("the doctype does not end here".to_owned()),
        }
        Ok(Doctype {
            name: name.to_owned(),
            public_id,
            system_id,
        })
    }

    fn read_internal_subset(&mut self, mut rest: &str) {
        while let Some(start) = rest.find('<') {
            rest = &rest[start..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            } else if let Some(declaration) = rest.strip_prefix("<!ENTITY") {
                let declaration = declaration.trim_start();
                let end = declaration.find(|c: char| c.is_ascii_whitespace());
                let (name, value) = declaration.split_at(end.unwrap_or(declaration.len()));
                rest = value;
                if let Some((value, after)) = quoted(value) {
                    // The first declaration of a name applies.
                    self.declared.entry(name.to_owned()).or_insert(value);
                    rest = after;
                }
            } else {
                rest = &rest[1..];
            }
        }
    }

    /// The replacement text of an entity reference.
    pub(super) fn expand(&self, name: &str) -> Result<String, Malformed> {
        let mut out = String::new();
        self.expand_into(name, 0, &mut out)?;
        Ok(out)
    }

    fn expand_into(&self, name: &str, depth: usize, out: &mut String) -> Result<(), Malformed> {
        let predefined = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
        if let Some(character) = predefined {
            out.push(character);
            return Ok(());
        }
        if let Some(value) = self.declared.get(name) {
            if depth >= MAX_EXPANSION_DEPTH || out.len() > MAX_EXPANSION {
                return Err(format!("the entity {name:?} is too large"));
            }
            if value.contains('<') {
                return Err(format!("the entity {name:?} has markup"));
            }
            return self.replace_references(value, depth + 1, out);
        }
        if self.has_those_of_html
            && let Some((first, second)) = NAMED_ENTITIES.get(&format!("{name};"))
            && *first != 0
        {
            let characters = [*first, *second].into_iter().filter(|code| *code != 0);
            out.extend(characters.filter_map(char::from_u32));
            return Ok(());
        }
        Err(format!("the entity {name:?} is not defined"))
    }

    /// Appends text with its references replaced. The depth bounds the recursion.
    fn replace_references(
        &self,
        text: &str,
        depth: usize,
        out: &mut String,
    ) -> Result<(), Malformed> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            out.push_str(before);
            let (name, behind) = after.split_once(';').ok_or("a reference has no end")?;
            match name.strip_prefix('#') {
                Some(number) => out.push(character(number)?),
                None => self.expand_into(name, depth, out)?,
            }
            rest = behind;
        }
        out.push_str(rest);
        Ok(())
    }

    /// [Attribute-value normalization](https://www.w3.org/TR/xml/#AVNormalize)
    pub(super) fn attribute_value(&self, raw: &str) -> Result<String, Malformed> {
        if raw.contains('<') {
            return Err("\"<\" is not allowed in the value of an attribute".to_owned());
        }
        let spaces = raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " ");
        let mut out = String::with_capacity(spaces.len());
        self.replace_references(&spaces, 0, &mut out)?;
        Ok(out)
    }
}

/// The character of a character reference.
fn character(number: &str) -> Result<char, Malformed> {
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let character = code.ok().and_then(char::from_u32);
    character.ok_or_else(|| format!("\"&#{number};\" is no character"))
}

/// A quoted text, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (inner, rest) = text[1..].split_once(quote)?;
    Some((inner.to_owned(), rest))
}
