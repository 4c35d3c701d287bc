//! Reports: for the tools of web-platform-tests, and lines for people.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use crate::expectations::{Complaint, Verdict};
use crate::outcome::{SubtestStatus, TestOutcome};

/// The content of the file. It contains no times, so equal runs have equal reports.
#[derive(Serialize)]
struct Report<'a> {
    run_info: RunInfo<'a>,
    results: Vec<&'a TestOutcome>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct RunInfo<'a> {
    product: Cow<'a, str>,
    browser_version: Cow<'a, str>,
}

impl RunInfo<'static> {
    /// This program.
    fn this() -> Self {
        Self {
            product: Cow::Borrowed("framepost"),
            browser_version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        }
    }
}

/// The results in the order of their tests, which every format has. So it does not depend on the order of the pages'
/// names or on the shards.
pub(crate) fn sorted(results: &[TestOutcome]) -> Vec<&TestOutcome> {
    let mut sorted: Vec<&TestOutcome> = results.iter().collect();
    sorted.sort_by(|one, other| one.test.cmp(&other.test));
    sorted
}

/// Writes a report in the format of `wptreport.json`.
pub fn write_report(to: impl io::Write, results: &[TestOutcome]) -> io::Result<()> {
    let report = Report {
        run_info: RunInfo::this(),
        results: sorted(results),
    };
    let mut to = io::BufWriter::new(to);
    serde_json::to_writer_pretty(&mut to, &report)?;
    io::Write::write_all(&mut to, b"\n")?;
    io::Write::flush(&mut to)
}

/// The reason why a report cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// It is not such a report.
    #[error(transparent)]
    Malformed(#[from] serde_json::Error),
    /// It comes from another program or version.
    #[error("the report comes from {0}, not from framepost {version}", version = env!("CARGO_PKG_VERSION"))]
    OfAnother(String),
    /// It has two results of one test.
    #[error("the report contains two results of {0}")]
    Twice(String),
}

/// Reads a report of [`write_report`].
///
/// # Errors
/// It is not such a report.
pub fn read_report(content: &[u8]) -> Result<Vec<TestOutcome>, ReportError> {
    #[derive(Deserialize)]
    struct Read {
        run_info: RunInfo<'static>,
        results: Vec<TestOutcome>,
    }
    let Read { run_info, results } = serde_json::from_slice(content)?;
    if run_info != RunInfo::this() {
        let RunInfo {
            product,
            browser_version,
        } = run_info;
        return Err(ReportError::OfAnother(format!(
            "{product} {browser_version}"
        )));
    }
    let mut tests = BTreeSet::new();
    if let Some(twice) = results.iter().find(|page| !tests.insert(&page.test)) {
        return Err(ReportError::Twice(twice.test.clone()));
    }
    Ok(results)
}

/// A line for a page, and one for each problem.
pub fn describe(page: &TestOutcome, verdict: &Verdict) -> String {
    let passes = page
        .subtests
        .iter()
        .filter(|subtest| subtest.status == SubtestStatus::Pass)
        .count();
    let mut text = format!("{:<8}", page.status.name());
    if !verdict.skipped {
        let _ = write!(text, "{passes:>4} of {:<4}", page.subtests.len());
    }
    let _ = write!(text, " {}", page.test);
    if verdict.skipped {
        let _ = write!(
            text,
            " ({})",
            page.message.as_deref().unwrap_or("no reason given")
        );
    }
    text.push('\n');
    for Complaint {
        subtest,
        status,
        message,
    } in &verdict.complaints
    {
        let _ = write!(text, "    {status}");
        if let Some(name) = subtest {
            let _ = write!(text, " {}", one_line(name));
        }
        if let Some(message) = message {
            let _ = write!(text, ": {}", one_line(message));
        }
        text.push('\n');
    }
    text
}

/// The counts of all verdicts, in one line.
pub fn summary<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> String {
    let (mut passed, mut failed, mut known, mut skipped) = (0, 0, 0, 0);
    for verdict in verdicts {
        passed += verdict.passed;
        failed += verdict.complaints.len();
        known += verdict.known;
        skipped += usize::from(verdict.skipped);
    }
    let mut text = format!("{passed} passed, {failed} failed");
    if known > 0 {
        let _ = write!(text, ", {known} failed as expected");
    }
    if skipped > 0 {
        let _ = write!(text, ", {skipped} skipped");
    }
    text
}

/// Escapes text of a page, so that it cannot start a line or control a terminal.
fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let escaped = character.is_control();
            let plain = (!escaped).then_some(character);
            plain.into_iter().chain(
                escaped
                    .then(|| character.escape_default())
                    .into_iter()
                    .flatten(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expectations::Expectations;
    use crate::outcome::{PageStatus, Subtest};

    fn page() -> TestOutcome {
        let subtest = |name: &str, status, message: Option<&str>| Subtest {
            name: name.to_owned(),
            status,
            message: message.map(str::to_owned),
        };
        TestOutcome {
            test: "/a.html".to_owned(),
            status: PageStatus::Ok,
            message: None,
            subtests: vec![
                subtest("x", SubtestStatus::Pass, None),
                subtest("y\nz", SubtestStatus::NotRun, Some("two\nlines \u{1b}[1m")),
            ],
        }
    }

    #[test]
    fn page_is_described_by_a_line_and_its_failures() {
        let page = page();
        let verdict = Expectations::default().judge(&page);
        assert_eq!(
            describe(&page, &verdict),
            "OK         1 of 2    /a.html\n    NOTRUN y\\nz: two\\nlines \\u{1b}[1m\n"
        );
        assert_eq!(summary([&verdict].into_iter()), "1 passed, 1 failed");
    }

    #[test]
    fn skipped_page_says_why() {
        let page = TestOutcome::without_subtests("/b.html", PageStatus::Skip, "needs a moon");
        let verdict = Expectations::default().judge(&page);
        assert_eq!(
            describe(&page, &verdict),
            "SKIP     /b.html (needs a moon)\n"
        );
        assert_eq!(
            summary([&verdict].into_iter()),
            "0 passed, 0 failed, 1 skipped"
        );
    }

    #[test]
    fn report_has_the_format_that_tools_read() {
        let mut written = Vec::new();
        write_report(&mut written, &[page()]).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(
            report["results"],
            serde_json::json!([{
                "test": "/a.html", "status": "OK", "message": null,
                "subtests": [
                    {"name": "x", "status": "PASS", "message": null},
                    {"name": "y\nz", "status": "NOTRUN", "message": "two\nlines \u{1b}[1m"},
                ],
            }])
        );
        assert_eq!(report["run_info"]["product"], "framepost");
    }

    #[test]
    fn report_is_read_again() {
        let mut written = Vec::new();
        let other = TestOutcome::without_subtests("/0.html", PageStatus::Crash, "gone");
        write_report(&mut written, &[page(), other.clone()]).unwrap();
        let read = read_report(&written).unwrap();
        assert_eq!(read, [other, page()]);
        let mut again = Vec::new();
        write_report(&mut again, &read).unwrap();
        assert_eq!(again, written);
    }

    #[test]
    fn other_text_is_not_a_report() {
        let say = |text: &str| read_report(text.as_bytes()).unwrap_err().to_string();
        let wrong = say("{\n  \"results\": 3");
        assert!(wrong.ends_with(" at line 2 column 14"), "{wrong}");
        assert!(say("{\"results\": []}").contains("run_info"));
        let info = format!(
            r#"{{"product": "framepost", "browser_version": "{}"}}"#,
            env!("CARGO_PKG_VERSION")
        );
        let page = r#"{"test": "/a", "status": "OK", "message": null, "subtests": []}"#;
        assert_eq!(
            say(&format!(
                r#"{{"run_info": {info}, "results": [{page}, {page}]}}"#
            )),
            "the report contains two results of /a"
        );
        assert!(
            say(r#"{"run_info": {"product": "servo", "browser_version": "1"}, "results": []}"#)
                .starts_with("the report comes from servo 1, not from framepost")
        );
    }
}
