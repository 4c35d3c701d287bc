//! One pass over the tokens of a source text, before Boa parses it.
//!
//! It finds a bound on the depth of the text's syntax tree, the places where Boa's parser needs
//! help, and the names that may be declared. It builds no tree and does not recurse. It accepts every text: the
//! parser refuses invalid programs.

use std::ops::Range;

use super::chars::{ends_line, is_word_part, line_terminator, white_space};
use super::frames::{Frame, Kind, Level};

mod bodies;
mod words;

use bodies::Body;
pub(super) use bodies::repeated;

/// The goal symbol of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Script,
    Module,
}

/// A change of the text that keeps its meaning and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// The replaced bytes.
    pub(super) at: Range<usize>,
    pub(super) by: &'static str,
}

/// The result of the pass.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// An upper bound on the depth of the syntax tree, and on the recursion of the parser.
    pub(super) depth: usize,
    /// The most nested blocks and bodies.
    pub(super) blocks: usize,
    /// The most labels of one statement.
    pub(super) labels: usize,
    /// The most nested `default` clauses.
    pub(super) default_clauses: usize,
    /// Whether a bracket closes that was not opened.
    pub(super) unmatched: bool,
    /// The places where Boa's parser needs help, in order.
    pub(super) edits: Vec<Edit>,
    /// Names that `let`, `const` or `class` may declare at the top.
    pub(super) lexical: Vec<Range<usize>>,
    /// Names that `var` or `function` may declare at the top.
    pub(super) var: Vec<Range<usize>>,
    /// Names that may be declared a second time in the body of a function.
    pub(super) repeated: Vec<Range<usize>>,
    /// Whether a declared pattern may have no value.
    pub(super) bare_pattern: bool,
    /// Whether the text has the words or signs of the deletion of a private member through `?.`.
    pub(super) deletes: bool,
    pub(super) optional: bool,
    pub(super) private: bool,
}

/// The last token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Last {
    /// A name, a literal or a closing bracket: the end of an operand.
    Operand,
    /// A word that is not a keyword before an operand. It may be a property's name.
    Word { at: Range<usize>, property: bool },
    /// A keyword or an operator before an operand.
    Operator,
    /// `.`, `?.` or `#`: a name follows, not a keyword.
    Dot,
    /// A token before a statement or a body: the start, `;`, `{`, `else`, `=>`, a label's colon.
    Statement,
    /// `=>`.
    Arrow,
    /// The `}` of a block or a body.
    Block,
    /// The `)` of parameters, of a call or of an expression.
    Parenthesis,
}

impl Last {
    fn ends_operand(&self) -> bool {
        matches!(self, Self::Operand | Self::Word { .. } | Self::Parenthesis)
    }
}

/// Operators of several characters, longer ones first.
const OPERATORS: &[&[u8]] = &[
    b">>>=", b"...", b"===", b"!==", b"**=", b"<<=", b">>=", b">>>", b"&&=", b"||=", b"??=", b"==",
    b"!=", b"<=", b">=", b"&&", b"||", b"??", b"+=", b"-=", b"*=", b"/=", b"%=", b"&=", b"|=",
    b"^=", b"<<", b">>", b"**",
];

/// Scans a text.
pub(super) fn scan(text: &[u8], goal: Goal) -> Scan {
    let mut scanner = Scanner::new(text, goal);
    scanner.run(&mut |_| {});
    let mut found = scanner.found;
    found.edits.sort_by_key(|edit| edit.at.start);
    found
}

/// Returns the tokens of a text. A template ends a token at its end and at each substitution.
pub(super) fn tokens(text: &[u8], goal: Goal) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    Scanner::new(text, goal).run(&mut |token| tokens.push(token));
    tokens
}

/// The position of the scan in an `import` declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Import {
    No,
    /// After `import` itself.
    Begun,
    /// After the name of the default export.
    Named,
    /// In the braces, before a name.
    Name,
    /// In the braces, after `as`.
    As,
}

struct Scanner<'a> {
    text: &'a [u8],
    goal: Goal,
    at: usize,
    /// Whether a line has ended since the last token.
    new_line: bool,
    any_token: bool,
    /// The end of the last token.
    end_of_last: usize,
    import: Import,
    /// Whether an `export default async …` needs a closing parenthesis.
    exported: bool,
    /// Whether the last `async` follows an operand on the line before.
    async_begins: bool,
    /// Whether a semicolon ended a statement that only `else` continues.
    ended: bool,
    /// Whether the last bracket that closed was the parentheses of `function (`.
    parameters: bool,
    /// Whether a parenthesis would be that of `if`, `for` and so on.
    head: bool,
    level: Level,
    /// The open bodies of functions.
    bodies: Vec<Body>,
    /// The last parentheses.
    parentheses: Range<usize>,
    last: Last,
    found: Scan,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8], goal: Goal) -> Self {
        Self {
            text,
            goal,
            at: 0,
            new_line: true,
            any_token: false,
            end_of_last: 0,
            ended: false,
            import: Import::No,
            exported: false,
            async_begins: false,
            head: false,
            parameters: false,
            level: Level::default(),
            bodies: Vec::new(),
            parentheses: 0..0,
            last: Last::Statement,
            found: Scan::default(),
        }
    }

    fn run(&mut self, see: &mut impl FnMut(Range<usize>)) {
        if self.text.starts_with(b"#!") {
            self.skip_line();
        }
        while let Some(&byte) = self.text.get(self.at) {
            if self.skip_space_or_comment(byte) {
                continue;
            }
            let start = self.at;
            self.token(byte);
            see(start..self.at.min(self.text.len()));
            self.new_line = false;
            self.any_token = true;
            self.end_of_last = self.at;
        }
        self.end_export();
        if self.last_word() == Some(b"async") || self.last_word() == Some(b"let") {
            // Boa's parser looks ahead after these words.
            self.edit(self.end_of_last..self.end_of_last, ";");
        }
        self.found.depth = self.level.depth();
        (self.found.blocks, self.found.labels) = self.level.blocks_and_labels();
        self.found.default_clauses = self.level.default_clauses();
    }

    /// Returns the last token, if it is a word but not a property's name.
    fn last_word(&self) -> Option<&[u8]> {
        match &self.last {
            Last::Word {
                at,
                property: false,
            } => Some(&self.text[at.clone()]),
            _ => None,
        }
    }

    /// The expression of `export default async …` ends before this token.
    fn end_export(&mut self) {
        if std::mem::take(&mut self.exported) {
            self.edit(self.end_of_last..self.end_of_last, ")");
        }
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn skip_line(&mut self) {
        while self.at < self.text.len() && line_terminator(self.rest()) == 0 {
            self.at += 1;
        }
    }

    /// Skips white space or a comment. Returns whether there was some.
    fn skip_space_or_comment(&mut self, byte: u8) -> bool {
        let (line, space) = (line_terminator(self.rest()), white_space(self.rest()));
        if line > 0 {
            self.new_line = true;
            self.at += line;
            return true;
        }
        if space > 0 {
            self.at += space;
            return true;
        }
        match byte {
            b'/' if self.rest().starts_with(b"//") => self.skip_line(),
            b'/' if self.rest().starts_with(b"/*") => {
                let body = &self.rest()[2..];
                let length = body.windows(2).position(|pair| pair == b"*/");
                let length = length.map_or(self.rest().len(), |length| length + 4);
                self.new_line |= ends_line(&self.rest()[..length]);
                self.at += length;
            }
            // https://tc39.es/ecma262/#sec-html-like-comments
            b'<' if self.goal == Goal::Script && self.rest().starts_with(b"<!--") => {
                self.skip_line();
            }
            b'-' if self.goal == Goal::Script
                && self.new_line
                && self.rest().starts_with(b"-->") =>
            {
                if !self.any_token {
                    // Boa supports such a comment only after a line terminator.
                    self.edit(self.at..self.at + 2, "//");
                }
                self.skip_line();
            }
            _ => return false,
        }
        true
    }

    fn edit(&mut self, at: Range<usize>, by: &'static str) {
        self.found.edits.push(Edit { at, by });
    }

    fn token(&mut self, byte: u8) {
        match byte {
            b'"' | b'\'' => {
                self.begins_operand();
                self.string(byte);
                self.last = Last::Operand;
            }
            b'`' => {
                self.level.frame().chain += 1;
                self.at += 1;
                self.template();
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.rest().get(1).is_some_and(u8::is_ascii_digit) => self.number(),
            b'/' if !self.last.ends_operand() => {
                self.begins_operand();
                self.regular_expression();
                self.last = Last::Operand;
            }
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b';' => {
                if self.level.frame().kind == Kind::Head {
                    self.level.end_element();
                } else {
                    self.continues(false);
                    if self.level.is_top() {
                        self.end_export();
                    }
                    self.ended = true;
                }
                self.import = Import::No;
                self.at += 1;
                self.last = Last::Statement;
            }
            b',' => {
                self.end_import_name();
                self.continues(false);
                self.level.comma();
                self.at += 1;
                self.last = Last::Operator;
            }
            b'#' | b'@' => {
                self.found.private |= byte == b'#';
                self.at += 1;
                self.last = Last::Dot;
            }
            _ if is_word_part(byte) => self.word(),
            _ => self.operator(byte),
        }
    }

    /// An operand begins. After another operand or a block, a statement begins with it.
    fn begins_operand(&mut self) {
        let after_operand = self.new_line && self.last.ends_operand();
        self.continues(after_operand || self.last == Last::Block);
    }

    /// Ends the statement before this token, if it was ended or if this token begins one.
    fn continues(&mut self, begins_statement: bool) {
        if begins_statement || self.ended {
            if begins_statement && self.level.is_top() {
                self.end_export();
            }
            self.level.end_element();
            self.ended = false;
        }
    }

    fn string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'\n' | b'\r' => return,
                _ if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// The characters of a template up to its end or to a substitution.
    fn template(&mut self) {
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'`' => {
                    self.at += 1;
                    self.last = Last::Operand;
                    return;
                }
                b'$' if self.rest().starts_with(b"${") => {
                    self.at += 2;
                    self.level.push(Frame::new(Kind::Substitution));
                    self.last = Last::Operator;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn number(&mut self) {
        self.begins_operand();
        let start = self.at;
        let is_decimal = !self.rest().starts_with(b"0x") && !self.rest().starts_with(b"0X");
        let mut dots = 0;
        while let Some(&byte) = self.text.get(self.at) {
            let before = self.at.checked_sub(1).map(|before| self.text[before]);
            let is_sign_of_exponent = is_decimal
                && self.at > start
                && matches!(byte, b'+' | b'-')
                && matches!(before, Some(b'e' | b'E'));
            if byte == b'.' && dots == 0 && is_decimal {
                dots = 1;
            } else if !byte.is_ascii_alphanumeric() && byte != b'_' && !is_sign_of_exponent {
                break;
            }
            self.at += 1;
        }
        self.last = Last::Operand;
    }

    fn regular_expression(&mut self) {
        self.at += 1;
        let mut in_class = false;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'\n' | b'\r' => return,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            self.at += 1;
        }
        while self.text.get(self.at).copied().is_some_and(is_word_part) {
            self.at += 1;
        }
    }

    fn open(&mut self, byte: u8) {
        let begins_statement = self.last == Last::Block && byte == b'{';
        self.continues(begins_statement);
        let start = self.at;
        let kind = match byte {
            b'(' if self.head => Kind::Head,
            b'(' if self.last.ends_operand() => Kind::List,
            b'(' => Kind::Group,
            b'[' if self.last.ends_operand() => Kind::Group,
            b'[' => Kind::List,
            _ if matches!(self.last, Last::Operator) => Kind::Object,
            _ => Kind::Block,
        };
        let mut frame = Frame::new(kind);
        frame.of_async = match &self.last {
            Last::Word {
                at,
                property: false,
            } if byte == b'(' && &self.text[at.clone()] == b"async" => {
                Some((at.clone(), self.async_begins))
            }
            _ => None,
        };
        self.import = match (self.import, byte) {
            (Import::Begun | Import::Named, b'{') => Import::Name,
            _ => Import::No,
        };
        frame.is_function =
            kind == Kind::Block && matches!(self.last, Last::Arrow | Last::Parenthesis);
        frame.of_function = byte == b'(' && self.follows_function();
        frame.start = start;
        if frame.is_function {
            self.begin_body();
        }
        // On the next line it may be a block after a call.
        frame.binds_this = kind == Kind::Block
            && self.last == Last::Parenthesis
            && (!self.new_line || self.parameters || self.level.in_function());
        // A pattern declares all names in it.
        frame.pattern = self.level.pattern();
        self.level.frame().chain += 1;
        self.level.frame().name_follows = false;
        self.level.push(frame);
        self.head = false;
        self.at += 1;
        self.last = if kind == Kind::Block {
            Last::Statement
        } else {
            Last::Operator
        };
    }

    fn close(&mut self, byte: u8) {
        self.end_import_name();
        self.import = Import::No;
        self.at += 1;
        self.ended = false;
        self.found.unmatched |= self.level.is_top();
        let closed = self.level.pop();
        self.parameters = closed.of_function;
        if closed.is_function {
            self.end_body();
        }
        if byte == b')' {
            self.parentheses = closed.start..self.at;
        }
        self.end_pattern(&closed);
        if byte == b'}' && closed.lends_this {
            // Boa keeps the `this` of a function for the arrow functions in it, but not for nested arrow functions,
            // unless the function needs an environment for another reason.
            self.edit(self.at - 1..self.at - 1, ";new.target");
        }
        self.last = match (byte, closed.kind) {
            (b'}', Kind::Substitution) => return self.template(),
            (b'}', Kind::Block) => Last::Block,
            (b')', Kind::Head) => Last::Statement,
            (b')', _) => {
                if let Some((callee, begins_statement)) = closed.of_async
                    && self.is_call()
                {
                    // Boa expects an arrow. A parenthesis alone would continue the line before.
                    let open = if begins_statement { ";(" } else { "(" };
                    self.edit(callee.start..callee.start, open);
                    self.edit(callee.end..callee.end, ")");
                }
                Last::Parenthesis
            }
            _ => Last::Operand,
        };
    }

    fn operator(&mut self, byte: u8) {
        self.import = Import::No;
        let rest = self.rest();
        if rest.starts_with(b"=>") {
            self.arrow();
            return;
        }
        if rest.starts_with(b"++") || rest.starts_with(b"--") {
            let postfix = self.last.ends_operand() && !self.new_line;
            if !postfix {
                self.begins_operand();
                self.last = Last::Operator;
            }
            self.level.frame().prefixed = !postfix;
            self.level.frame().chain += 1;
            self.at += 2;
            return;
        }
        if rest.starts_with(b"?.") && !rest.get(2).is_some_and(u8::is_ascii_digit) {
            self.found.optional = true;
            self.level.frame().chain += 1;
            self.at += 2;
            self.last = Last::Dot;
            // `?.(`, `?.[`, and a template follow an operand.
            if matches!(self.rest().first(), Some(b'(' | b'[' | b'`')) {
                self.last = Last::Operand;
            }
            return;
        }
        let length = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(operator))
            .map_or(1, |operator| operator.len());
        self.continues(self.last == Last::Block && matches!(byte, b'!' | b'~'));
        self.at += length;
        let frame = self.level.frame();
        frame.chain += 1;
        frame.prefixed &= byte == b'.';
        frame.in_default |= byte == b'=' && length == 1;
        self.last = match (byte, length) {
            (b'.', 1) => Last::Dot,
            // `function*` and `yield*` are followed by the name of the declaration or by an operand.
            (b'*', 1) => Last::Operator,
            (b'?', 1) => {
                frame.questions += 1;
                Last::Operator
            }
            (b':', 1) if frame.questions > 0 => {
                frame.questions -= 1;
                Last::Operator
            }
            (b':', 1) if matches!(frame.kind, Kind::Block) => {
                self.level.label();
                Last::Statement
            }
            _ => Last::Operator,
        };
    }

    fn arrow(&mut self) {
        if let Last::Word {
            at,
            property: false,
        } = &self.last
            && matches!(&self.text[at.clone()], b"of" | b"async" | b"let")
        {
            // Boa accepts these names as parameters only in parentheses.
            let (start, end) = (at.start, at.end);
            self.edit(start..start, "(");
            self.edit(end..end, ")");
        }
        let frame = self.level.frame();
        frame.chain += 1;
        frame.arrows += 1;
        self.at += 2;
        self.last = Last::Arrow;
    }
}
