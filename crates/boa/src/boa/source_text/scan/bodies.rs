//! The names that the statements of a text may declare, and those that may be declared twice in the body of a function.

use std::ops::Range;

use super::super::chars::is_word_part;
use super::super::frames::{Declares, Frame, Kind};
use super::{Last, Scanner};

/// The longest parameters whose names are compared with those of the body, in bytes.
const MAX_PARAMETERS: usize = 4_096;

/// The names that the body of a function may declare.
#[derive(Debug, Default)]
pub(super) struct Body {
    parameters: Range<usize>,
    lexical: Vec<Range<usize>>,
    var: Vec<Range<usize>>,
}

impl Scanner<'_> {
    /// Whether the last tokens are `function` and a name or none.
    pub(super) fn follows_function(&self) -> bool {
        let Last::Word { at, .. } = &self.last else {
            return false;
        };
        let before = self.text[..at.start].trim_ascii_end();
        &self.text[at.clone()] == b"function"
            || before.ends_with(b"function")
            || before.ends_with(b"function*")
    }

    /// Begins the body of a function.
    pub(super) fn begin_body(&mut self) {
        let parameters = match self.last {
            Last::Parenthesis => self.parentheses.clone(),
            // Boa compares the parameters of arrow functions with the names in their bodies.
            _ => 0..0,
        };
        self.bodies.push(Body {
            parameters,
            ..Body::default()
        });
    }

    /// Finds the names that the body that ends here may declare twice.
    pub(super) fn end_body(&mut self) {
        let Some(body) = self.bodies.pop() else {
            return;
        };
        if body.lexical.is_empty() {
            return;
        }
        self.found
            .repeated
            .extend(repeated(self.text, &body.lexical, &body.var));
        if body.parameters.len() > MAX_PARAMETERS {
            return;
        }
        let parameters = &self.text[body.parameters];
        let is_parameter = |name: &&Range<usize>| {
            let name = &self.text[(*name).clone()];
            let mut words = parameters.split(|byte| !is_word_part(*byte));
            words.any(|word| word == name)
        };
        let parameters = body.lexical.iter().filter(is_parameter).cloned();
        self.found.repeated.extend(parameters);
    }

    /// Returns how the statement that begins with this word declares its names.
    pub(super) fn declaration(&mut self, word: &[u8]) -> Declares {
        let (is_top, in_function) = (self.level.is_top(), self.level.in_function());
        let after_async = self.last_word() == Some(b"async");
        let after_statement = self.last == Last::Statement;
        let frame = self.level.frame();
        let begins = frame.chain == 0 || after_statement || (after_async && frame.chain == 1);
        let in_body = frame.is_function;
        match word {
            b"let" | b"const" | b"class" if is_top => Declares::Lexical,
            b"var" | b"function" if !in_function => Declares::Var,
            b"var" => Declares::VarOfBody,
            b"let" | b"const" if in_body => Declares::LexicalOfBody,
            b"let" | b"const" => Declares::InBlock,
            // Others are expressions, or declare their names in a block.
            b"class" if in_body && begins => Declares::LexicalOfBody,
            b"function" if in_body && begins => Declares::VarOfBody,
            _ => Declares::Nothing,
        }
    }

    /// Records a name that may be declared here.
    pub(super) fn declare(&mut self, at: &Range<usize>) {
        let frame = self.level.frame();
        let declares = match frame.name_follows {
            true => frame.declares,
            false if frame.in_default => Declares::Nothing,
            false => frame.pattern,
        };
        let in_pattern = !std::mem::take(&mut frame.name_follows);
        if declares == Declares::Nothing {
            return;
        }
        // In a pattern, a name before a colon is a key.
        if in_pattern && self.next_token().starts_with(b":") {
            return;
        }
        let names = match declares {
            Declares::Lexical => Some(&mut self.found.lexical),
            Declares::Var => Some(&mut self.found.var),
            Declares::LexicalOfBody => self.bodies.last_mut().map(|body| &mut body.lexical),
            Declares::VarOfBody => self.bodies.last_mut().map(|body| &mut body.var),
            Declares::Nothing | Declares::InBlock => None,
        };
        if let Some(names) = names {
            names.push(at.clone());
        }
    }

    /// Finds out whether a pattern that closes here has no value.
    pub(super) fn end_pattern(&mut self, closed: &Frame) {
        let frame = self.level.frame();
        if closed.pattern == Declares::Nothing || frame.pattern != Declares::Nothing {
            return;
        }
        let in_head = frame.kind == Kind::Head;
        let next = self.next_token();
        let has_value = next.starts_with(b"=")
            || (in_head && (next.starts_with(b"of") || next.starts_with(b"in")));
        self.found.bare_pattern |= !has_value;
    }
}

/// Returns the names that are declared twice, at least once by `let`, `const` or `class`.
pub(crate) fn repeated(
    text: &[u8],
    lexical: &[Range<usize>],
    var: &[Range<usize>],
) -> Vec<Range<usize>> {
    let lexical = lexical.iter().map(|name| (name, true));
    let var = var.iter().map(|name| (name, false));
    let mut names: Vec<_> = lexical.chain(var).collect();
    names.sort_by_key(|(name, _)| (&text[(*name).clone()], name.start));
    let is_repeated = |pair: &&[(&Range<usize>, bool)]| {
        let [(first, first_is_lexical), (second, second_is_lexical)] = **pair else {
            return false;
        };
        (first_is_lexical || second_is_lexical) && text[first.clone()] == text[second.clone()]
    };
    let pairs = names.windows(2).filter(is_repeated);
    pairs.map(|pair| pair[1].0.clone()).collect()
}
