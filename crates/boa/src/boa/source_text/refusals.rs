//! The places of syntax errors to which Boa gives no place, or the start of the text.
//!
//! They are found among the tokens of the text, after it was refused. If several tokens are possible, there is no place.

use std::collections::HashMap;
use std::ops::Range;

use super::places::place_of_byte;
use super::scan::{Goal, tokens};
use crate::boa::error_text::LineAndColumn;

/// Returns a better message with its place.
pub(super) fn locate(message: &str, text: &[u8], goal: Goal) -> Option<(String, LineAndColumn)> {
    let what = message
        .rsplit_once(" at line ")
        .map_or(message, |(what, _)| what);
    let what = what
        .strip_prefix("failed to parse function body: ")
        .unwrap_or(what);
    let tokens = tokens(text, goal);
    let found = if what.starts_with("lexical name ") && what.ends_with(" declared multiple times") {
        let token = declared_again(text, &tokens)?;
        let name = String::from_utf8_lossy(&text[token.clone()]);
        let words = format!("identifier '{name}' has already been declared");
        return Some((words, place(text, token.start)));
    } else {
        match what {
            "unterminated string literal" => unterminated(text, &tokens, b"\"'"),
            "unterminated template literal" => unterminated(text, &tokens, b"`}"),
            "illegal break statement" => only(text, &tokens, b"break"),
            "illegal continue statement" => only(text, &tokens, b"continue"),
            "invalid super usage" | "invalid super call usage" => only(text, &tokens, b"super"),
            "invalid private identifier usage" => private_name(text, &tokens),
            _ => None,
        }
    };
    Some((what.to_owned(), place(text, found?.start)))
}

/// Returns the place of a name in the import declarations of a module.
pub fn place_of_import(text: &str, name: &str) -> Option<LineAndColumn> {
    let text = text.as_bytes();
    let tokens = tokens(text, Goal::Module);
    let word = |at: usize| {
        tokens
            .get(at)
            .map_or(&b""[..], |token| &text[token.clone()])
    };
    let mut found = None;
    let mut in_import = false;
    for (at, token) in tokens.iter().enumerate() {
        match word(at) {
            b"import" => in_import = !matches!(word(at + 1), b"(" | b"."),
            b"from" | b";" => in_import = false,
            here if in_import => {
                let is_default = name == "default" && word(at - 1) == b"import" && is_name(here);
                let is_named = here == name.as_bytes() && word(at - 1) != b"as";
                if is_default || (is_named && matches!(word(at - 1), b"{" | b",")) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(token.start);
                }
            }
            _ => {}
        }
    }
    Some(place(text, found?))
}

/// Whether a token can be a name.
fn is_name(word: &[u8]) -> bool {
    word.first().is_some_and(|first| {
        first.is_ascii_alphabetic() || matches!(first, b'_' | b'$') || *first >= 0x80
    })
}

fn place(text: &[u8], byte: usize) -> LineAndColumn {
    let (line, column) = place_of_byte(text, byte);
    LineAndColumn { line, column }
}

/// Returns the only token with these characters.
fn only(text: &[u8], tokens: &[Range<usize>], word: &[u8]) -> Option<Range<usize>> {
    let mut found = tokens
        .iter()
        .filter(|token| &text[(*token).clone()] == word);
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

/// Returns the first literal with one of these starts that does not end.
fn unterminated(text: &[u8], tokens: &[Range<usize>], starts: &[u8]) -> Option<Range<usize>> {
    let is_open = |token: &&Range<usize>| {
        let token = &text[(*token).clone()];
        let Some(start) = token.first().filter(|start| starts.contains(start)) else {
            return false;
        };
        match start {
            b'`' | b'}' => {
                !(token.len() > 1 && (token.ends_with(b"`") || token.ends_with(b"${")))
                    && token != b"}"
            }
            quote => token.len() == 1 || token.last() != Some(quote),
        }
    };
    tokens.iter().find(is_open).cloned()
}

/// Returns the only private name that occurs once, so that nothing declares it.
fn private_name(text: &[u8], tokens: &[Range<usize>]) -> Option<Range<usize>> {
    let mut counts: HashMap<&[u8], (usize, Range<usize>)> = HashMap::new();
    for pair in tokens.windows(2) {
        if &text[pair[0].clone()] == b"#" {
            let start = pair[0].start;
            let entry = counts.entry(&text[pair[1].clone()]);
            entry.or_insert((0, start..pair[1].end)).0 += 1;
        }
    }
    let mut found = counts.into_values().filter(|(count, _)| *count == 1);
    let (_, first) = found.next()?;
    found.next().is_none().then_some(first)
}

/// Returns the first name that is declared twice in its block, at least once by `let`, `const` or `class`.
fn declared_again(text: &[u8], tokens: &[Range<usize>]) -> Option<Range<usize>> {
    let mut blocks: Vec<HashMap<&[u8], bool>> = vec![HashMap::new()];
    let mut before: &[u8] = b"";
    for (at, token) in tokens.iter().enumerate() {
        let word = &text[token.clone()];
        if word.first() == Some(&b'}') || word == b")" || word == b"]" {
            blocks.pop();
        }
        if matches!(word, b"{" | b"(" | b"[") || word.ends_with(b"${") {
            blocks.push(HashMap::new());
        }
        let is_lexical = matches!(word, b"let" | b"const" | b"class");
        let declares = is_lexical || matches!(word, b"var" | b"function");
        // A function or a class after an operator is an expression.
        let begins = matches!(
            before,
            b"" | b";" | b"{" | b"}" | b"(" | b")" | b"export" | b"async"
        ) || text[..token.start].ends_with(b"\n");
        if declares && begins && before != b"." {
            for name in names_behind(text, &tokens[at + 1..], word) {
                let block = blocks.last_mut()?;
                let held = block.insert(&text[name.clone()], is_lexical);
                if held.is_some_and(|held| held || is_lexical) {
                    return Some(name);
                }
            }
        }
        before = word;
    }
    None
}

/// Returns the names that a declaration declares, without those in patterns.
fn names_behind(text: &[u8], tokens: &[Range<usize>], keyword: &[u8]) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut name_follows = true;
    for (at, token) in tokens.iter().enumerate() {
        let word = &text[token.clone()];
        if name_follows && word == b"*" {
            continue;
        }
        if name_follows && is_name(word) {
            names.push(token.clone());
        }
        name_follows = false;
        let more = matches!(keyword, b"let" | b"const" | b"var");
        match word {
            b"(" | b"[" | b"{" => depth += 1,
            b")" | b"]" | b"}" if depth == 0 => break,
            b")" | b"]" | b"}" => depth -= 1,
            b"," if depth == 0 => name_follows = true,
            b";" if depth == 0 => break,
            _ => {}
        }
        // On a new line, another statement may begin.
        let next = tokens.get(at + 1).map_or(text.len(), |next| next.start);
        let new_line = text[token.end..next].contains(&b'\n');
        if !more || (depth == 0 && new_line && !matches!(word, b"," | b"=")) {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, text: &str, expected: Option<(&str, u32, u32)>) {
        let found = locate(message, text.as_bytes(), Goal::Script);
        let found = found.map(|(words, place)| (words, place.line, place.column));
        let expected = expected.map(|(words, line, column)| (words.to_owned(), line, column));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn repeated_declarations_are_found() {
        let message = "lexical name declared multiple times at line 1, col 1";
        let already = |name: &str| format!("identifier '{name}' has already been declared");
        for (text, name, line, column) in [
            ("let a = 1;\nlet b = 2, a = 3;", "a", 2, 12),
            ("var f;\nclass f {}", "f", 2, 7),
            ("function f() {}\nconst f = 1", "f", 2, 7),
            ("const x = `${y}`\nif (x) { let x }\nconst x = 2", "x", 3, 7),
            ("{ let q; function q() {} }", "q", 1, 19),
            ("const a = {class: 1}\nconst b = a.let\nlet b", "b", 3, 5),
        ] {
            check(message, text, Some((&already(name), line, column)));
        }
        check(message, "let {a} = o, [b] = p", None);
    }

    #[test]
    fn literals_without_an_end_are_found() {
        let string = "unterminated string literal";
        check(string, "f('a')\nf(\"it's\n)", Some((string, 2, 3)));
        check(string, "'\\\n' + '", Some((string, 2, 5)));
        let template = "unterminated template literal";
        check(template, "`a` + `b${c}`\n`d${e} f", Some((template, 2, 6)));
        check(template, "f(`a", Some((template, 1, 3)));
    }

    #[test]
    fn imported_names_are_found() {
        let text =
            "import a, {b,\n c as d, default as e} from 'x'\nimport f from 'y'\nd(b, import('c'))";
        let at = |name| place_of_import(text, name).map(|place| (place.line, place.column));
        assert_eq!(at("b"), Some((1, 12)));
        assert_eq!(at("c"), Some((2, 2)));
        assert_eq!(at("d"), None);
        assert_eq!(at("default"), None, "three are possible");
        assert_eq!(
            place_of_import("import f from 'y'", "default").map(|it| it.column),
            Some(8)
        );
    }

    #[test]
    fn misplaced_words_are_found_if_there_is_one() {
        let message = "illegal break statement at line 1, col 1";
        check(
            message,
            "f()\nbreak",
            Some(("illegal break statement", 2, 1)),
        );
        check(message, "for (;;) break\nbreak", None);
        let message = "invalid private identifier usage at line 1, col 1";
        let words = "invalid private identifier usage";
        check(
            message,
            "class A { #a; m() { return this.#a + this.#b } }",
            Some((words, 1, 43)),
        );
    }
}
