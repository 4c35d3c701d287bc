//! The Test Anything Protocol: a line for each subtest, with a block of YAML below failures.

use std::io;

use super::{Case, CaseResult};
use crate::outcome::TestOutcome;

pub(super) fn write(
    to: &mut dyn io::Write,
    pages: &[(&TestOutcome, Vec<Case<'_>>)],
) -> io::Result<()> {
    let count: usize = pages.iter().map(|(_, cases)| cases.len()).sum();
    writeln!(to, "TAP version 14")?;
    writeln!(to, "1..{count}")?;
    let all = pages
        .iter()
        .flat_map(|(page, cases)| cases.iter().map(move |case| (&page.test, case)));
    for (number, (test, case)) in (1..).zip(all) {
        let mut name = escape(test);
        if let Some(subtest) = case.subtest {
            name.push_str(": ");
            name.push_str(&escape(subtest));
        }
        match &case.result {
            CaseResult::Passed => writeln!(to, "ok {number} - {name}")?,
            CaseResult::Skipped(why) => {
                writeln!(to, "ok {number} - {name} # SKIP {}", escape(why))?;
            }
            CaseResult::Known(why) => {
                writeln!(to, "not ok {number} - {name} # TODO {}", escape(why))?;
            }
            CaseResult::Failed(status, message) => {
                writeln!(to, "not ok {number} - {name}")?;
                writeln!(to, "  ---")?;
                // A string of JSON is one of YAML, in one line.
                writeln!(to, "  status: {}", serde_json::to_string(status)?)?;
                writeln!(to, "  message: {}", serde_json::to_string(message)?)?;
                writeln!(to, "  ...")?;
            }
        }
    }
    Ok(())
}

/// Escapes text for a line: no line breaks, and no `#`, which begins a directive.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' | '\\' => escaped.extend(['\\', character]),
            control if control.is_control() => escaped.extend(control.escape_default()),
            other => escaped.push(other),
        }
    }
    escaped
}
