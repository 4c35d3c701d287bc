//! The tokens of an expression ([XPath 1.0, lexical structure](https://www.w3.org/TR/xpath-10/#exprlex)).

use super::error::XPathError;

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Multiply,
    Divide,
    Modulo,
    Union,
    Slash,
    DoubleSlash,
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Dot,
    DoubleDot,
    At,
    Comma,
    DoubleColon,
    Dollar,
    Literal(String),
    Number(f64),
    Operator(Operator),
    /// `*` as a name test.
    Star,
    /// `prefix:*`.
    PrefixStar(String),
    /// A name, with its prefix.
    Name(Option<String>, String),
}

/// The white space of XML.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Splits an expression into tokens.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, XPathError> {
    let mut lexer = Lexer {
        rest: source,
        tokens: Vec::new(),
    };
    while lexer.next()? {}
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    /// Reads one token. Returns false at the end.
    fn next(&mut self) -> Result<bool, XPathError> {
        self.rest = self.rest.trim_start_matches(is_space);
        let Some(first) = self.rest.chars().next() else {
            return Ok(false);
        };
        let token = match self.symbol() {
            Some(token) => token,
            None if matches!(first, '"' | '\'') => self.literal(first)?,
            None if first.is_ascii_digit() || first == '.' => self.number()?,
            None if is_name_start(first) => self.name()?,
            None => return Err(XPathError::Syntax),
        };
        self.tokens.push(token);
        Ok(true)
    }

    /// Whether an operand has just ended, so that `*` and names are operators.
    fn is_after_operand(&self) -> bool {
        !matches!(
            self.tokens.last(),
            None | Some(
                Token::At
                    | Token::Dollar
                    | Token::DoubleColon
                    | Token::OpenParenthesis
                    | Token::OpenBracket
                    | Token::Comma
                    | Token::Operator(_)
            )
        )
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        token
    }

    /// A token of one or two punctuation characters.
    fn symbol(&mut self) -> Option<Token> {
        let star = match self.is_after_operand() {
            true => Token::Operator(Operator::Multiply),
            false => Token::Star,
        };
        let mut after = self.rest.chars().skip(1);
        let is_number = after.next().is_some_and(|c| c.is_ascii_digit());
        let symbols = [
            ("::", Token::DoubleColon),
            ("..", Token::DoubleDot),
            ("//", Token::Operator(Operator::DoubleSlash)),
            ("!=", Token::Operator(Operator::NotEqual)),
            ("<=", Token::Operator(Operator::LessOrEqual)),
            (">=", Token::Operator(Operator::GreaterOrEqual)),
            ("(", Token::OpenParenthesis),
            (")", Token::CloseParenthesis),
            ("[", Token::OpenBracket),
            ("]", Token::CloseBracket),
            ("@", Token::At),
            (",", Token::Comma),
            ("$", Token::Dollar),
            ("|", Token::Operator(Operator::Union)),
            ("+", Token::Operator(Operator::Plus)),
            ("-", Token::Operator(Operator::Minus)),
            ("=", Token::Operator(Operator::Equal)),
            ("<", Token::Operator(Operator::Less)),
            (">", Token::Operator(Operator::Greater)),
            ("/", Token::Operator(Operator::Slash)),
            ("*", star),
            (".", Token::Dot),
        ];
        let found = symbols
            .into_iter()
            .find(|(text, _)| self.rest.starts_with(text));
        let (text, token) = found.filter(|(text, _)| *text != "." || !is_number)?;
        self.take(text.len());
        Some(token)
    }

    fn literal(&mut self, quote: char) -> Result<Token, XPathError> {
        let (text, rest) = self.rest[1..].split_once(quote).ok_or(XPathError::Syntax)?;
        self.rest = rest;
        Ok(Token::Literal(text.to_owned()))
    }

    fn number(&mut self) -> Result<Token, XPathError> {
        let digits = |text: &str| {
            text.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len())
        };
        let mut length = digits(self.rest);
        if self.rest[length..].starts_with('.') {
            length += 1;
            length += digits(&self.rest[length..]);
        }
        let number = self.take(length).parse();
        number.map(Token::Number).map_err(|_| XPathError::Syntax)
    }

    /// A name, a prefix with `*`, or the name of an operator.
    fn name(&mut self) -> Result<Token, XPathError> {
        if self.is_after_operand() {
            let operator = match self.nc_name() {
                "and" => Operator::And,
                "or" => Operator::Or,
                "div" => Operator::Divide,
                "mod" => Operator::Modulo,
                _ => return Err(XPathError::Syntax),
            };
            return Ok(Token::Operator(operator));
        }
        let first = self.nc_name();
        let Some(rest) = self.rest.strip_prefix(':') else {
            return Ok(Token::Name(None, first.to_owned()));
        };
        match rest.chars().next() {
            Some('*') => {
                self.take(2);
                Ok(Token::PrefixStar(first.to_owned()))
            }
            Some(start) if is_name_start(start) => {
                self.take(1);
                let local = self.nc_name().to_owned();
                Ok(Token::Name(Some(first.to_owned()), local))
            }
            _ => Ok(Token::Name(None, first.to_owned())),
        }
    }

    /// [NCName](https://www.w3.org/TR/xml-names/#NT-NCName)
    fn nc_name(&mut self) -> &'a str {
        let end = self.rest.find(|c| !is_name_character(c));
        self.take(end.unwrap_or(self.rest.len()))
    }
}

/// [NCNameStartChar](https://www.w3.org/TR/xml-names/#NT-NCNameStartChar)
fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// [NCNameChar](https://www.w3.org/TR/xml-names/#NT-NCNameChar)
fn is_name_character(c: char) -> bool {
    is_name_start(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
