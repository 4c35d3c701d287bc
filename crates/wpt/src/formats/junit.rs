//! The XML of JUnit: a suite for each page, a case for each subtest.

use std::io;

use super::{Case, CaseResult};
use crate::outcome::TestOutcome;

pub(super) fn write(
    to: &mut dyn io::Write,
    pages: &[(&TestOutcome, Vec<Case<'_>>)],
) -> io::Result<()> {
    let all = pages.iter().flat_map(|(_, cases)| cases);
    writeln!(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(to, "<testsuites name=\"framepost\" {}>", counts(all))?;
    for (page, cases) in pages {
        let test = escape(&page.test);
        writeln!(to, "  <testsuite name=\"{test}\" {}>", counts(cases.iter()))?;
        for case in cases {
            let name = case.subtest.map_or_else(|| test.clone(), escape);
            let inside = match &case.result {
                CaseResult::Passed => None,
                CaseResult::Skipped(why) => Some(format!("<skipped message=\"{}\"/>", escape(why))),
                CaseResult::Known(why) => Some(format!(
                    "<skipped message=\"known failure: {}\"/>",
                    escape(why)
                )),
                CaseResult::Failed(status, message) => Some(format!(
                    "<failure type=\"{}\" message=\"{}\"/>",
                    escape(status),
                    escape(message)
                )),
            };
            write!(to, "    <testcase classname=\"{test}\" name=\"{name}\"")?;
            match inside {
                None => writeln!(to, "/>")?,
                Some(inside) => writeln!(to, ">{inside}</testcase>")?,
            }
        }
        writeln!(to, "  </testsuite>")?;
    }
    writeln!(to, "</testsuites>")
}

fn counts<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> String {
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for case in cases {
        tests += 1;
        match case.result {
            CaseResult::Passed => {}
            CaseResult::Failed(..) => failures += 1,
            CaseResult::Known(_) | CaseResult::Skipped(_) => skipped += 1,
        }
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

/// Escapes text for the value of an attribute. XML cannot contain most control characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            control if control < ' ' || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            other => escaped.push(other),
        }
    }
    escaped
}
