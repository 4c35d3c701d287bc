//! Finds the paths in a file to other files of its crate.

use crate::lexer::{Kind, Token};

/// A path in the source, and the line of its last part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
}

/// All paths that begin with `crate`, `self` or `super`, those of `use` trees one by one.
pub(crate) fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins = matches!(token.name(), Some("crate" | "super" | "self"))
            && tokens
                .get(at + 1)
                .is_some_and(|next| next.kind == Kind::Colons);
        if begins {
            at = tree(tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads a path with all its branches, and returns its end. The recursion has the depth of the source.
fn tree(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
    let mut segments = prefix.to_vec();
    let mut line = tokens.get(at).map_or(0, |token| token.line);
    loop {
        match tokens.get(at) {
            Some(token) if token.name().is_some() => {
                segments.extend(token.name().map(str::to_owned));
                line = token.line;
                at += 1;
            }
            Some(token) if token.is('{') => {
                at += 1;
                while tokens.get(at).is_some_and(|token| !token.is('}')) {
                    let before = at;
                    at = tree(tokens, at, &segments, found);
                    // `as name`, a comma, or not a path.
                    while tokens
                        .get(at)
                        .is_some_and(|token| at == before || !token.is(',') && !token.is('}'))
                    {
                        at += 1;
                    }
                    if tokens.get(at).is_some_and(|token| token.is(',')) {
                        at += 1;
                    }
                }
                return at + 1;
            }
            _ => break,
        }
        if tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Colons)
        {
            at += 1;
        } else {
            break;
        }
    }
    if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
        segments.pop();
    }
    if !segments.is_empty() {
        found.push(Path { line, segments });
    }
    at
}

/// The module and item of a path, from the crate's root; `None` if it leaves the crate.
pub(crate) fn from_root(module: &[String], path: &Path) -> Option<Vec<String>> {
    let mut base = module.to_vec();
    let mut rest = path.segments.iter().peekable();
    if rest.next_if(|segment| *segment == "crate").is_some() {
        base.clear();
    }
    while let Some(segment) = rest.next_if(|segment| matches!(segment.as_str(), "self" | "super")) {
        if segment == "super" {
            base.pop()?;
        }
    }
    base.extend(rest.cloned());
    Some(base)
}

/// The names that a crate's root gives to items of its modules by `pub use`, with their modules.
pub(crate) fn root_names(tokens: &[Token]) -> Vec<(String, Vec<String>)> {
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.name() != Some("use") {
            continue;
        }
        let mut found = Vec::new();
        tree(tokens, at + 1, &[], &mut found);
        for mut path in found {
            if path
                .segments
                .first()
                .is_some_and(|first| matches!(first.as_str(), "crate" | "self"))
            {
                path.segments.remove(0);
            }
            if let Some(name) = path.segments.last() {
                names.push((name.clone(), path.segments.clone()));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    fn written(source: &str) -> Vec<String> {
        let paths = paths(&tokens(source)).into_iter();
        paths
            .map(|path| format!("{} {}", path.line, path.segments.join("::")))
            .collect()
    }

    #[test]
    fn branches_are_paths() {
        assert_eq!(
            written(
                "use crate::{\n a::{self, B as C},\n d::*, e};\nfn f() { super::g(crate::h::I { x }) }"
            ),
            [
                "2 crate::a",
                "2 crate::a::B",
                "3 crate::d",
                "3 crate::e",
                "4 super::g",
                "4 crate::h::I"
            ]
        );
    }

    #[test]
    fn paths_are_followed() {
        let module = ["a".to_owned(), "b".to_owned()];
        let from = |path: &str| {
            let segments = path.split("::").map(str::to_owned).collect();
            from_root(&module, &Path { line: 1, segments }).map(|path| path.join("::"))
        };
        assert_eq!(from("crate::x::y").as_deref(), Some("x::y"));
        assert_eq!(from("super::y").as_deref(), Some("a::y"));
        assert_eq!(from("super::super::y").as_deref(), Some("y"));
        assert_eq!(from("self::y").as_deref(), Some("a::b::y"));
    }

    #[test]
    fn root_reexports_give_names() {
        let names = root_names(&tokens("pub use a::b::C; use d::{E, F as G};"));
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["C", "E", "F"]);
    }
}
