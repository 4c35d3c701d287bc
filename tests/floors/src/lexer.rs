//! Splits Rust source into the tokens that matter for paths, without comments, literals and tests.

/// A token and the line that it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or a keyword.
    Name(String),
    /// `::`
    Colons,
    /// Any other character except a space.
    Other(char),
}

impl Token {
    pub(crate) fn is(&self, character: char) -> bool {
        self.kind == Kind::Other(character)
    }

    pub(crate) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// The tokens of a file, without those of its tests.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    without_tests(&all_tokens(source))
}

fn all_tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let get = |at: usize| text.get(at).copied().unwrap_or('\0');
    while at < text.len() {
        let start = at;
        let character = get(at);
        if character == '/' && get(at + 1) == '/' {
            while at < text.len() && get(at) != '\n' {
                at += 1;
            }
        } else if character == '/' && get(at + 1) == '*' {
            at = after_block_comment(&text, at);
        } else if character == '"' {
            at = after_string(&text, at);
        } else if let Some(end) = after_prefixed_string(&text, at) {
            at = end;
        } else if character == '\'' {
            at = after_quote(&text, at);
        } else if character.is_alphanumeric() || character == '_' {
            while get(at).is_alphanumeric() || get(at) == '_' {
                at += 1;
            }
            let name = text.get(start..at).unwrap_or_default().iter().collect();
            tokens.push(Token {
                line,
                kind: Kind::Name(name),
            });
        } else if character == ':' && get(at + 1) == ':' {
            tokens.push(Token {
                line,
                kind: Kind::Colons,
            });
            at += 2;
        } else {
            if !character.is_whitespace() {
                tokens.push(Token {
                    line,
                    kind: Kind::Other(character),
                });
            }
            at += 1;
        }
        let passed = text.get(start..at).unwrap_or_default();
        line += passed
            .iter()
            .filter(|character| **character == '\n')
            .count();
    }
    tokens
}

fn after_block_comment(text: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < text.len() {
        match (text.get(at), text.get(at + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                at += 2;
            }
            (Some('*'), Some('/')) => {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// `at` is the opening quote.
fn after_string(text: &[char], mut at: usize) -> usize {
    at += 1;
    while let Some(character) = text.get(at) {
        match character {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The end of a string with a prefix, such as `br#"..."#`.
fn after_prefixed_string(text: &[char], at: usize) -> Option<usize> {
    let letters = text.get(at..)?;
    let letters = letters
        .iter()
        .take_while(|character| "brc".contains(**character));
    let prefix: String = letters.collect();
    if !["b", "c", "r", "br", "cr"].contains(&prefix.as_str()) {
        return None;
    }
    let mut quote = at + prefix.len();
    if !prefix.ends_with('r') {
        return (text.get(quote) == Some(&'"')).then(|| after_string(text, quote));
    }
    let mut hashes = 0;
    while text.get(quote) == Some(&'#') {
        hashes += 1;
        quote += 1;
    }
    if text.get(quote) != Some(&'"') {
        // A raw identifier, or a name that begins with these letters.
        return None;
    }
    let mut end = quote + 1;
    while end < text.len() {
        let closes = text.get(end) == Some(&'"')
            && (1..=hashes).all(|hash| text.get(end + hash) == Some(&'#'));
        if closes {
            return Some(end + 1 + hashes);
        }
        end += 1;
    }
    Some(end)
}

/// `at` is the quote of a character or of a lifetime.
fn after_quote(text: &[char], at: usize) -> usize {
    match (text.get(at + 1), text.get(at + 2)) {
        (Some('\\'), _) => {
            let rest = text.get(at + 3..).unwrap_or_default();
            let length = rest.iter().position(|character| *character == '\'');
            length.map_or(text.len(), |length| at + 3 + length + 1)
        }
        (_, Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// Skips items with `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_test_attribute(tokens, at) {
            at = after_item(tokens, at);
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept
}

/// Whether `#[cfg(test)]`, `#[cfg(all(test, ...))]` or `#[cfg(doctest)]` begins here.
fn is_test_attribute(tokens: &[Token], at: usize) -> bool {
    let names = tokens.get(at + 2..at + 6).unwrap_or_default();
    let opens = |index: usize, character| {
        tokens
            .get(at + index)
            .is_some_and(|token| token.is(character))
    };
    let mut names = names.iter().filter_map(Token::name);
    opens(0, '#')
        && opens(1, '[')
        && names.next() == Some("cfg")
        && match names.next() {
            Some("test" | "doctest") => true,
            Some("all") => names.next() == Some("test"),
            _ => false,
        }
}

/// The end of the item that begins here with its attributes.
fn after_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0_usize;
    let mut attribute = false;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.kind {
            Kind::Other('[' | '(' | '{') => depth += 1,
            Kind::Other(']' | ')' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.is('}') {
                    break;
                }
                if depth == 0 && token.is(']') {
                    attribute = false;
                }
            }
            Kind::Other('#') if depth == 0 => attribute = true,
            Kind::Other(';') if depth == 0 && !attribute => break,
            _ => {}
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let tokens = tokens(source).into_iter();
        tokens
            .filter_map(|token| token.name().map(str::to_owned))
            .collect()
    }

    #[test]
    fn comments_and_literals_are_left_out() {
        let source =
            "a // b\n/* c /* d */ e */ f \"g \\\" h\" r#\"i \" j\"# b\"k\" 'l' '\\'' m<'n>";
        assert_eq!(names(source), ["a", "f", "m", "n"]);
        assert_eq!(names("r#\"x\"# br\"y\" r#type cr8"), ["r", "type", "cr8"]);
    }

    #[test]
    fn tests_are_left_out() {
        assert_eq!(
            names("a; #[cfg(test)] #[allow(x)] mod tests { b } c; #[cfg(test)] mod d; e"),
            ["a", "c", "e"]
        );
    }

    #[test]
    fn lines_are_counted() {
        let tokens = tokens("\"x\ny\"\na::b");
        assert_eq!(tokens[0].line, 3);
        assert_eq!(tokens[1].kind, Kind::Colons);
    }
}
