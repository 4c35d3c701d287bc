//! The instruction that threw an error, read from Boa's debug text. Boa provides it in no other way.
//!
//! Boa compiles the places of few expressions. The places of the instructions before and after the throwing one often
//! identify the expression.

use std::fmt::{self, Write};

use boa_engine::builtins::error::Error;
use boa_engine::{JsError, JsObject};

use super::error_text::LineAndColumn;

/// The place of the throwing instruction, and of its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorTrace {
    /// The last different place before the instruction.
    pub before: Option<LineAndColumn>,
    /// Boa's place of the instruction.
    pub at: Option<LineAndColumn>,
    /// The next different place after the instruction.
    pub behind: Option<LineAndColumn>,
    /// The bytes of code between the instruction and that place.
    pub distance: u32,
}

/// Returns the trace of an exception of Boa that is not an object yet.
pub fn of_native(error: &JsError) -> Option<ErrorTrace> {
    error.as_native()?;
    let mut text = Innermost::default();
    write!(text, "{error:?}").ok()?;
    parse(&text.0)
}

/// Returns the trace of an error object.
pub fn of_object(object: &JsObject) -> Option<ErrorTrace> {
    let mut text = Innermost::default();
    write!(text, "{:?}", &*object.downcast_ref::<Error>()?).ok()?;
    parse(&text.0)
}

/// Keeps the text of the last call that is printed, which is the innermost one.
#[derive(Default)]
struct Innermost(String);

impl Write for Innermost {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text == "Bytecode" {
            self.0.clear();
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// Reads `Bytecode { pc: 7, … entries: [Entry { pc: 0, position: Some(Position { line_number: 1,
/// column_number: 2 }) }, …] … }`.
fn parse(text: &str) -> Option<ErrorTrace> {
    let rest = text.strip_prefix("Bytecode { pc: ")?;
    let pc = number(rest)?;
    let (_, rest) = rest.split_once("entries: [")?;
    let (entries, _) = rest.split_once("], path: ").unwrap_or((rest, ""));
    let mut trace = ErrorTrace::default();
    for entry in entries.split("Entry { pc: ").skip(1) {
        let start = number(entry)?;
        let place = entry.split_once("line_number: ").and_then(|(_, rest)| {
            let (_, column) = rest.split_once("column_number: ")?;
            Some(LineAndColumn {
                line: number(rest)?,
                column: number(column)?,
            })
        });
        if start > pc {
            trace.behind = place;
            // Boa's counter is one less than the start of the next instruction.
            trace.distance = start - pc - 1;
            break;
        }
        trace.before = trace.at;
        trace.at = place;
    }
    Some(trace)
}

fn number(text: &str) -> Option<u32> {
    let end = text.find(|char: char| !char.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use boa_engine::{Context, Source};

    use super::*;

    fn place(line: u32, column: u32) -> Option<LineAndColumn> {
        Some(LineAndColumn { line, column })
    }

    #[test]
    fn debug_text_of_boa_contains_the_neighbouring_places() {
        let mut context = Context::default();
        let source =
            Source::from_bytes("function f(a) {\n  f2();\n  a.b();\n} function f2() {}\nf()");
        let error = context.eval(source).unwrap_err();
        let trace = of_native(&error).unwrap();
        let expected = ErrorTrace {
            before: place(2, 5),
            at: place(1, 15),
            behind: place(3, 6),
            distance: 10,
        };
        assert_eq!(trace, expected);
        let value = error.into_opaque(&mut context).unwrap();
        assert_eq!(of_object(&value.as_object().unwrap()), Some(expected));
    }
}
