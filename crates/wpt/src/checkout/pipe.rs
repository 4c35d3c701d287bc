//! Parses pipes, which change the response to a request. A request names them with `?pipe=…` or by its
//! file name.

use std::time::Duration;

/// One pipe with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pipe {
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
}

/// Splits `name(argument,argument)|name` into pipes. A backslash escapes the next
/// character.
pub(super) fn parse(text: &str) -> Vec<Pipe> {
    let mut pipes = Vec::new();
    let mut characters = text.chars();
    loop {
        let mut name = String::new();
        let mut has_arguments = false;
        for character in characters.by_ref() {
            match character {
                '|' if name.is_empty() => {}
                '|' => break,
                '(' => {
                    has_arguments = true;
                    break;
                }
                _ => name.push(character),
            }
        }
        if name.is_empty() && !has_arguments {
            return pipes;
        }
        let arguments = if has_arguments {
            parse_arguments(&mut characters)
        } else {
            Vec::new()
        };
        pipes.push(Pipe { name, arguments });
    }
}

fn parse_arguments(characters: &mut core::str::Chars<'_>) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut argument = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => argument.extend(characters.next().map(|escaped| match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            ',' => arguments.push(core::mem::take(&mut argument)),
            ')' => break,
            _ => argument.push(character),
        }
    }
    arguments.push(argument);
    arguments
}

/// `trickle(d1:100:d0.5:r2)`: the total delay. `d` is a delay in seconds, a plain number is a number of bytes, and
/// `r` repeats the given number of last parts up to the end of the body. The repetition counts once.
pub(super) fn trickle_delay(parts: &str) -> Duration {
    let seconds = parts
        .split(':')
        .filter_map(|part| part.trim().strip_prefix('d')?.parse::<f64>().ok());
    Duration::try_from_secs_f64(seconds.sum()).unwrap_or_default()
}

/// `slice(start,end)`: part of the body. Negative numbers count from its end; `null` means no bound.
pub(super) fn slice(body: &[u8], arguments: &[String]) -> Option<Vec<u8>> {
    let bound = |argument: Option<&String>, default: usize| match argument.map(String::as_str) {
        None | Some("null") => Some(default),
        Some(text) => {
            let number: isize = text.parse().ok()?;
            let length = isize::try_from(body.len()).ok()?;
            let index = if number < 0 {
                length.saturating_add(number).max(0)
            } else {
                number.min(length)
            };
            usize::try_from(index).ok()
        }
    };
    let start = bound(arguments.first(), 0)?;
    let end = bound(arguments.get(1), body.len())?;
    Some(body.get(start..end.max(start)).unwrap_or_default().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipe(name: &str, arguments: &[&str]) -> Pipe {
        Pipe {
            name: name.to_owned(),
            arguments: arguments
                .iter()
                .map(|argument| (*argument).to_owned())
                .collect(),
        }
    }

    #[test]
    fn adds_up_delays() {
        for (parts, milliseconds) in [
            ("d1", 1000),
            ("100:d0.5:d.25:r2", 750),
            ("d-1", 0),
            ("3", 0),
        ] {
            let expected = Duration::from_millis(milliseconds);
            assert_eq!(trickle_delay(parts), expected, "{parts}");
        }
    }

    #[test]
    fn parses_pipes() {
        assert_eq!(parse(""), []);
        assert_eq!(parse("sub"), [pipe("sub", &[])]);
        assert_eq!(
            parse("sub|header(X-A, b\\,c\\n)|status(404)"),
            [
                pipe("sub", &[]),
                pipe("header", &["X-A", " b,c\n"]),
                pipe("status", &["404"])
            ]
        );
        assert_eq!(parse("trickle(d1"), [pipe("trickle", &["d1"])]);
    }

    #[test]
    fn slices() {
        let slice = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            slice(b"abcdef", &arguments).map(|bytes| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(slice(&["1", "3"]).as_deref(), Some("bc"));
        assert_eq!(slice(&["null", "-2"]).as_deref(), Some("abcd"));
        assert_eq!(slice(&["-2"]).as_deref(), Some("ef"));
        assert_eq!(slice(&["4", "2"]).as_deref(), Some(""));
        assert_eq!(slice(&["99"]).as_deref(), Some(""));
        assert_eq!(slice(&["x"]), None);
    }
}
