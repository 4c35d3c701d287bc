//! A limit on nested brackets in a source text.
//!
//! Boa's parser recurses at each bracket, and a stack overflow would end the process. So a text
//! that is nested too deeply is refused before it is parsed.

use crate::boa::errors::range_error;
use boa_engine::{JsError, JsResult};

/// The greatest depth of brackets in a text.
// IMPLEMENTATION-DEFINED: the standard has no limit. The stack of a page's thread has room for
// more. Recursion without brackets, as in ten thousand exclamation marks, is not counted.
pub(crate) const MAX_NESTING: usize = 5_000;

/// Refuses a text whose brackets are nested deeper than [`MAX_NESTING`].
pub(crate) fn check(units: impl Iterator<Item = u16>) -> JsResult<()> {
    if is_too_deep(units) {
        let message = format!("the source is nested deeper than {MAX_NESTING} brackets");
        let error: JsError = range_error(message);
        return Err(error);
    }
    Ok(())
}

/// Whether the brackets are nested too deeply. Brackets in strings that end on their line do not
/// count. A better count would have to tokenize the text.
fn is_too_deep(units: impl Iterator<Item = u16>) -> bool {
    let mut depth = 0_usize;
    // The open quotation mark, and the depth before it.
    let mut quote: Option<(u16, usize)> = None;
    let mut units = units;
    while let Some(unit) = units.next() {
        match u8::try_from(unit).unwrap_or(b' ') {
            b'\\' => {
                units.next();
            }
            // No string continues on the next line, so the mark was an apostrophe.
            b'\n' => quote = None,
            b'"' | b'\'' => match quote {
                Some((mark, before)) if mark == unit => {
                    depth = before;
                    quote = None;
                }
                Some(_) => {}
                None => quote = Some((unit, depth)),
            },
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if quote.is_none() && depth > MAX_NESTING {
            return true;
        }
    }
    depth > MAX_NESTING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        check(text.encode_utf16()).is_err()
    }

    #[test]
    fn depth_counts_and_length_does_not() {
        assert!(!refused(&"[](){}".repeat(MAX_NESTING)));
        assert!(!refused(&"[".repeat(MAX_NESTING)));
        assert!(refused(&"[".repeat(MAX_NESTING + 1)));
        assert!(refused(&"f({a:[".repeat(MAX_NESTING / 2)));
        assert!(!refused(&")".repeat(MAX_NESTING * 2)));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let deep = "(".repeat(MAX_NESTING + 1);
        assert!(!refused(&format!("f('{deep}', \"{deep}\")")));
        assert!(!refused(&format!("'\\'{deep}'")));
        assert!(refused(&format!("// don't\n{deep}")));
        assert!(refused(&format!("'' {deep}")));
        assert!(refused(&format!("don't {deep}")));
    }
}
