//! The words of a source text: keywords, names, and the cases in which Boa confuses them.

use std::ops::Range;

use super::super::chars::{ends_line, is_word_part, line_terminator, white_space};
use super::super::frames::{Declares, Kind};
use super::{Import, Last, OPERATORS, Scanner};

impl Scanner<'_> {
    pub(super) fn word(&mut self) {
        let start = self.at;
        while let Some(&byte) = self.text.get(self.at) {
            let spaced =
                byte >= 0x80 && white_space(self.rest()) + line_terminator(self.rest()) > 0;
            match byte {
                // An escape with braces.
                b'{' if self.text[start..self.at].ends_with(b"\\u") => {
                    let close = self.rest().iter().position(|byte| *byte == b'}');
                    self.at += close.unwrap_or(self.rest().len());
                }
                _ if !is_word_part(byte) || spaced => break,
                _ => {}
            }
            self.at += 1;
        }
        // A single character outside words.
        self.at = self.at.max(start + 1).min(self.text.len());
        let at = start..self.at;
        if self.last == Last::Dot {
            self.assigned_length(&at);
            self.last = Last::Word { at, property: true };
            return;
        }
        self.named_word(at);
    }

    /// A word that is not the name of a property.
    pub(super) fn named_word(&mut self, at: Range<usize>) {
        let word = &self.text[at.clone()];
        let head = std::mem::take(&mut self.head);
        let exports = self.last_word() == Some(b"export") && word == b"default";
        if self.import != Import::No {
            self.word_of_import(&at);
        }
        match word {
            b"in" | b"instanceof" => {
                self.continues(false);
                self.level.frame().chain += 1;
                self.last = Last::Operator;
            }
            b"of" if self.level.frame().kind == Kind::Head && self.last.ends_operand() => {
                self.level.frame().chain += 1;
                self.last = Last::Operator;
            }
            b"else" => {
                self.ended = false;
                self.level.frame().chain += 1;
                self.last = Last::Statement;
            }
            b"catch" | b"finally" | b"while" if self.last == Last::Block => {
                self.level.frame().chain += 1;
                self.head = word != b"finally";
                self.last = Last::Operand;
            }
            b"default" if exports => {
                self.level.frame().chain += 1;
                self.exported = self.wraps_export();
                if self.exported {
                    self.edit(self.at..self.at, " (");
                }
                self.last = Last::Operator;
            }
            b"case" | b"default" => {
                let is_default = word == b"default";
                if self.level.frame().kind == Kind::Block {
                    self.level.end_element();
                    self.level.frame().in_default_clause = is_default;
                    self.ended = false;
                }
                self.level.frame().chain += 1;
                self.last = Last::Operator;
            }
            _ => {
                self.begins_operand_after_async();
                self.other_word(at, head);
            }
        }
    }

    /// Boa keeps the place of a property that was set by its name, and sets it there the next time. It then
    /// passes by what the `length` of an array does. It keeps no place for a computed name.
    fn assigned_length(&mut self, at: &Range<usize>) {
        let before = self.text[..at.start].trim_ascii_end();
        let Some(target) = before.strip_suffix(b".") else {
            return;
        };
        if &self.text[at.clone()] != b"length" || target.ends_with(b"?") || target.ends_with(b".") {
            return;
        }
        let dot = target.len();
        let rest = self.next_token();
        let same_line = !ends_line(&self.rest()[..self.rest().len() - rest.len()]);
        let is_updated = rest.starts_with(b"++") || rest.starts_with(b"--");
        if assigns(rest) || (same_line && is_updated) || self.level.frame().prefixed {
            self.edit(dot..dot + 1, "[");
            self.edit(at.start..at.start, "\"");
            self.edit(at.end..at.end, "\"]");
        }
    }

    /// Whether a closed parenthesis is followed by neither an arrow nor a body.
    pub(super) fn is_call(&self) -> bool {
        let rest = self.next_token();
        !rest.starts_with(b"=>") && !rest.starts_with(b"{")
    }

    /// Returns the text from the next token on.
    pub(super) fn next_token(&self) -> &[u8] {
        let mut rest = self.rest();
        loop {
            let (line, space) = (line_terminator(rest), white_space(rest));
            let skipped = match rest {
                _ if line + space > 0 => line + space,
                [b'/', b'/', ..] => rest
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .unwrap_or(rest.len()),
                [b'/', b'*', ..] => {
                    let length = rest[2..].windows(2).position(|pair| pair == b"*/");
                    length.map_or(rest.len(), |length| length + 4)
                }
                _ => return rest,
            };
            rest = &rest[skipped..];
        }
    }

    /// Whether `export default` is followed by an `async` that does not begin a function. Boa accepts no other
    /// expression there.
    pub(super) fn wraps_export(&self) -> bool {
        let rest = self.rest().trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"async") else {
            return false;
        };
        let on_line = rest.trim_ascii_start();
        let same_line = !ends_line(&rest[..rest.len() - on_line.len()]);
        let is_longer = rest.first().copied().is_some_and(is_word_part);
        let is_function = same_line && on_line.starts_with(b"function");
        !is_longer && !is_function
    }

    /// Boa does not accept `async` and `of` as names in an `import` declaration.
    pub(super) fn word_of_import(&mut self, at: &Range<usize>) {
        let word = &self.text[at.clone()];
        let needs_help = matches!(word, b"async" | b"of");
        self.import = match self.import {
            Import::Begun => {
                if needs_help {
                    self.edit(at.start..at.start, "{default as ");
                    self.edit(at.end..at.end, "}");
                }
                Import::Named
            }
            Import::Named => Import::No,
            Import::Name if word == b"as" && self.last_word().is_some() => Import::As,
            other => other,
        };
    }

    /// A name in the braces of an `import` declaration has ended.
    pub(super) fn end_import_name(&mut self) {
        if self.import == Import::Name {
            let end = self.end_of_last;
            match self.last_word() {
                Some(b"async") => self.edit(end..end, " as async"),
                Some(b"of") => self.edit(end..end, " as of"),
                _ => {}
            }
        }
        if self.import == Import::As {
            self.import = Import::Name;
        }
    }

    /// Boa treats `async` at the end of a line as the start of a method.
    pub(super) fn begins_operand_after_async(&mut self) {
        let end_of_async = match &self.last {
            Last::Word {
                at,
                property: false,
            } if self.new_line && &self.text[at.clone()] == b"async" => Some(at.end),
            _ => None,
        };
        if let Some(end) = end_of_async
            && !self.exported
        {
            self.edit(end..end, ";");
        }
        self.begins_operand();
    }

    pub(super) fn other_word(&mut self, at: Range<usize>, head: bool) {
        let word = &self.text[at.clone()];
        match word {
            b"if" | b"for" | b"while" | b"with" | b"switch" | b"catch" => {
                self.level.frame().chain += 1;
                self.head = true;
                self.last = Last::Operand;
            }
            b"do" => {
                self.level.frame().chain += 1;
                self.last = Last::Statement;
            }
            b"return" | b"typeof" | b"new" | b"delete" | b"void" | b"throw" | b"await"
            | b"yield" | b"extends" => {
                self.found.deletes |= word == b"delete";
                self.level.frame().chain += 1;
                // `for await (` is a head, too.
                self.head = head;
                self.last = Last::Operator;
            }
            b"let" | b"const" | b"class" | b"var" | b"function" => {
                let declares = self.declaration(word);
                self.level.frame().chain += 1;
                let frame = self.level.frame();
                frame.declares = declares;
                frame.name_follows = declares != Declares::Nothing;
                // A class or a function declares one name.
                frame.names_follow = matches!(word, b"let" | b"const" | b"var");
                self.last = Last::Word {
                    at,
                    property: false,
                };
            }
            b"import" => {
                self.import = Import::Begun;
                self.last = Last::Word {
                    at,
                    property: false,
                };
            }
            _ => {
                self.declare(&at);
                if word == b"this" {
                    self.level.this();
                }
                if word == b"async" {
                    self.async_begins = self.new_line && self.last.ends_operand();
                    self.level.frame().chain += 1;
                }
                self.last = Last::Word {
                    at,
                    property: false,
                };
            }
        }
    }
}

/// Whether a text begins with an operator that assigns.
fn assigns(rest: &[u8]) -> bool {
    match OPERATORS.iter().find(|operator| rest.starts_with(operator)) {
        Some(operator) => {
            let compares = matches!(*operator, b"==" | b"===" | b"!=" | b"!==" | b"<=" | b">=");
            operator.ends_with(b"=") && !compares
        }
        None => rest.starts_with(b"=") && !rest.starts_with(b"=>"),
    }
}
