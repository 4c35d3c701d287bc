//! Finds the methods that the files of a crate add to its types, and the calls of them on `self`.

use crate::lexer::{Kind, Token};

/// A definition or a call of a method of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) line: usize,
    /// The name of the type, without its path and its parameters.
    pub(crate) owner: String,
    pub(crate) name: String,
}

/// The methods of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Methods {
    /// The methods of its `impl` blocks, except the methods of traits.
    pub(crate) defined: Vec<Method>,
    /// The methods that it calls as `self.name(…)` or `Self::name(…)`.
    pub(crate) called: Vec<Method>,
}

pub(crate) fn methods(tokens: &[Token]) -> Methods {
    let mut found = Methods::default();
    let mut at = 0;
    while at < tokens.len() {
        at = match header(tokens, at) {
            Some(header) => body(tokens, &header, &mut found),
            None => at + 1,
        };
    }
    found
}

/// The head of an `impl` block.
struct Header {
    owner: String,
    is_of_trait: bool,
    /// The start of the body, after its brace.
    body: usize,
}

/// Reads the head of the `impl` block that begins here.
fn header(tokens: &[Token], at: usize) -> Option<Header> {
    let begins = tokens.get(at)?.name() == Some("impl");
    let is_item = match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None => true,
        Some(before) => before.name() == Some("unsafe") || "{};]".chars().any(|end| before.is(end)),
    };
    if !begins || !is_item {
        return None;
    }
    let (mut owner, mut is_of_trait, mut names_end) = (None, false, false);
    let mut parameters = 0_usize;
    let mut body = at + 1;
    loop {
        let token = tokens.get(body)?;
        let after_dash = tokens.get(body - 1).is_some_and(|before| before.is('-'));
        match &token.kind {
            Kind::Other('<') => parameters += 1,
            Kind::Other('>') if !after_dash => parameters = parameters.saturating_sub(1),
            Kind::Other('{') if parameters == 0 => break,
            Kind::Name(name) if parameters == 0 && !names_end => match name.as_str() {
                "for" => is_of_trait = true,
                "where" => names_end = true,
                name => owner = Some(name.to_owned()),
            },
            _ => {}
        }
        body += 1;
    }
    Some(Header {
        owner: owner?,
        is_of_trait,
        body: body + 1,
    })
}

/// Reads the body of an `impl` block, and returns its end.
fn body(tokens: &[Token], header: &Header, found: &mut Methods) -> usize {
    let mut depth = 1_usize;
    let mut at = header.body;
    while let Some(token) = tokens.get(at)
        && depth > 0
    {
        let name = |offset: usize| tokens.get(at + offset).and_then(Token::name);
        let method = |name: &str| Method {
            line: token.line,
            owner: header.owner.clone(),
            name: name.to_owned(),
        };
        match &token.kind {
            Kind::Other('{') => depth += 1,
            Kind::Other('}') => depth -= 1,
            Kind::Name(word) => match (word.as_str(), tokens.get(at + 1)) {
                ("fn", _) if depth == 1 && !header.is_of_trait => {
                    found.defined.extend(name(1).map(method));
                }
                ("self", Some(next)) if next.is('.') && is_call(tokens, at + 3) => {
                    found.called.extend(name(2).map(method));
                }
                ("Self", Some(next)) if next.kind == Kind::Colons && is_call(tokens, at + 3) => {
                    found.called.extend(name(2).map(method));
                }
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether arguments follow, or type arguments.
fn is_call(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| token.is('(') || token.kind == Kind::Colons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer;

    #[test]
    fn methods_and_calls_are_found() {
        let source = "impl<F: Fn() -> u8> a::Tree<F> where F: Copy {\n fn one(&self) -> impl Iterator { self.two(); self.field.three(); self.four }\n}\nimpl Debug for Tree { fn fmt() { Self::five(); self.six::<u8>() } }\nfn f(x: impl Fn()) { self.no() }";
        let found = methods(&lexer::tokens(source));
        let text = |method: &Method| format!("{} {}::{}", method.line, method.owner, method.name);
        let defined: Vec<String> = found.defined.iter().map(text).collect();
        let called: Vec<String> = found.called.iter().map(text).collect();
        assert_eq!(defined, ["2 Tree::one"]);
        assert_eq!(called, ["2 Tree::two", "4 Tree::five", "4 Tree::six"]);
    }
}
