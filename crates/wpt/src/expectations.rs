//! Compares results with a list of known failures.
//!
//! A list has one failure per line, in four parts with bars between them:
//!
//! ```text
//! # A comment.
//! /dom/events/some-test.html | the name of a subtest | FAIL | why it fails
//! /dom/events/other-test.html | | TIMEOUT | a line without a subtest is about the page itself
//! ```
//!
//! The third part is the status of the subtest or page. Inside a part, `\|` is a bar, `\n` a line break
//! and `\\` a backslash. Every line needs a reason. Lines about pages that are not run have no effect.

use std::collections::{BTreeMap, BTreeSet};

use crate::outcome::{PageStatus, SubtestStatus, TestOutcome};

/// Known failures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// By test, then by subtest; the page itself has no subtest's name.
    known: BTreeMap<String, BTreeMap<Option<String>, Known>>,
}

/// A known failure.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    status: String,
    reason: String,
}

/// The reason of a new failure.
const UNEXPLAINED: &str = "not explained yet";

/// The reason why a list of known failures cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ExpectationError {
    line: usize,
    problem: &'static str,
}

/// A result that was not expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The subtest; `None` for the page itself.
    pub subtest: Option<String>,
    /// Its status, and the expected one if the list has one.
    pub status: String,
    /// Its message.
    pub message: Option<String>,
}

/// The results of a page, compared with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The number of passed subtests.
    pub passed: usize,
    /// The number of known failures.
    pub known: usize,
    /// Unknown failures, and known failures that did not happen.
    pub complaints: Vec<Complaint>,
    /// Whether the page was not run.
    pub skipped: bool,
}

impl Expectations {
    /// Parses a list.
    pub fn parse(text: &str) -> Result<Self, ExpectationError> {
        let mut known: BTreeMap<String, BTreeMap<Option<String>, Known>> = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let wrong = |problem| ExpectationError {
                line: index + 1,
                problem,
            };
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let parts: [String; 4] = split(line)
                .try_into()
                .map_err(|_| wrong("expected TEST | SUBTEST | STATUS | REASON"))?;
            let [test, subtest, status, reason] = parts;
            let subtest = Some(subtest).filter(|name| !name.is_empty());
            if test.is_empty() {
                return Err(wrong("the test has no name"));
            }
            if reason.is_empty() {
                return Err(wrong("a known failure needs a reason"));
            }
            let possible = if subtest.is_some() {
                ["FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED"].contains(&status.as_str())
            } else {
                ["ERROR", "TIMEOUT", "CRASH", "PRECONDITION_FAILED"].contains(&status.as_str())
            };
            if !possible {
                return Err(wrong("no failure has such a status"));
            }
            if known
                .entry(test)
                .or_default()
                .insert(subtest, Known { status, reason })
                .is_some()
            {
                return Err(wrong("this failure is listed twice"));
            }
        }
        Ok(Self { known })
    }

    /// The list that agrees with these results. It keeps the reasons, and the lines about pages that
    /// were not run.
    pub fn updated(&self, pages: &[TestOutcome]) -> String {
        let mut known = self.known.clone();
        for page in pages {
            let old = known.remove(&page.test).unwrap_or_default();
            let failed = page.subtests.iter().filter_map(|subtest| {
                let fails = subtest.status != SubtestStatus::Pass;
                fails.then(|| (Some(subtest.name.clone()), subtest.status.name()))
            });
            let itself = !matches!(page.status, PageStatus::Ok | PageStatus::Skip);
            let itself = itself.then(|| (None, page.status.name()));
            let new: BTreeMap<Option<String>, Known> = itself
                .into_iter()
                .chain(failed)
                .map(|(name, status)| {
                    let reason = old.get(&name).map_or(UNEXPLAINED, |known| &known.reason);
                    let known = Known {
                        status: status.to_owned(),
                        reason: reason.to_owned(),
                    };
                    (name, known)
                })
                .collect();
            if !new.is_empty() {
                known.insert(page.test.clone(), new);
            }
        }
        let mut text = String::new();
        for (test, failures) in &known {
            for (subtest, Known { status, reason }) in failures {
                let subtest = escape(subtest.as_deref().unwrap_or_default());
                let (test, reason) = (escape(test), escape(reason));
                text.push_str(&format!("{test} | {subtest} | {status} | {reason}\n"));
            }
        }
        text
    }

    /// The reason of a known failure: of a subtest, or of the page itself.
    #[must_use]
    pub fn reason(&self, test: &str, subtest: Option<&str>) -> Option<&str> {
        let known = self.known.get(test)?.get(&subtest.map(str::to_owned))?;
        Some(&known.reason)
    }

    /// Compares the results of a page with the list.
    pub fn judge(&self, page: &TestOutcome) -> Verdict {
        let mut verdict = Verdict::default();
        if page.status == PageStatus::Skip {
            verdict.skipped = true;
            return verdict;
        }
        let nothing = BTreeMap::new();
        let known = self.known.get(&page.test).unwrap_or(&nothing);
        let mut seen = BTreeSet::new();
        let mut judge = |name: Option<&str>, fine: bool, status: &str, message: Option<&String>| {
            let name = name.map(str::to_owned);
            let expected = known.get(&name).map(|known| &known.status);
            let complaint = match (expected, fine) {
                // The completion of a page does not count as a pass.
                (None, true) => {
                    verdict.passed += usize::from(name.is_some());
                    None
                }
                (Some(expected), false) if expected == status => {
                    verdict.known += 1;
                    None
                }
                (None, false) => Some(status.to_owned()),
                (Some(expected), _) => Some(format!("{status} (expected {expected})")),
            };
            verdict.complaints.extend(complaint.map(|status| Complaint {
                subtest: name.clone(),
                status,
                message: message.cloned(),
            }));
            seen.insert(name);
        };
        let fine = page.status == PageStatus::Ok;
        judge(None, fine, page.status.name(), page.message.as_ref());
        for subtest in &page.subtests {
            let fine = subtest.status == SubtestStatus::Pass;
            judge(
                Some(&subtest.name),
                fine,
                subtest.status.name(),
                subtest.message.as_ref(),
            );
        }
        let missing = known.iter().filter(|(name, _)| !seen.contains(*name));
        verdict
            .complaints
            .extend(missing.map(|(name, expected)| Complaint {
                subtest: name.clone(),
                status: format!("MISSING (expected {})", expected.status),
                message: None,
            }));
        verdict
    }
}

/// The parts of a line, trimmed and unescaped.
fn split(line: &str) -> Vec<String> {
    // An escaped character is never trimmed from the end of a part.
    let mut parts = vec![String::new()];
    let mut kept = 0;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match character {
            '|' => {
                finish(part, kept);
                parts.push(String::new());
                kept = 0;
            }
            '\\' => {
                part.push(match characters.next() {
                    Some('n') => '\n',
                    Some(other) => other,
                    None => '\\',
                });
                kept = part.len();
            }
            space if space.is_whitespace() && part.is_empty() => {}
            other => part.push(other),
        }
    }
    if let Some(part) = parts.last_mut() {
        finish(part, kept);
    }
    parts
}

/// Escapes text as a part of a line, for [`split`].
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let last = text.len() - text.chars().next_back().map_or(0, char::len_utf8);
    for (at, character) in text.char_indices() {
        let at_an_edge = at == 0 || at == last;
        match character {
            '\n' => escaped.push_str("\\n"),
            '\\' | '|' => escaped.extend(['\\', character]),
            '#' if at == 0 => escaped.push_str("\\#"),
            space if at_an_edge && space.is_whitespace() => escaped.extend(['\\', space]),
            other => escaped.push(other),
        }
    }
    escaped
}

fn finish(part: &mut String, kept: usize) {
    part.truncate(part.trim_end().len().max(kept));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Subtest;

    fn page(status: PageStatus, subtests: &[(&str, SubtestStatus)]) -> TestOutcome {
        let subtests = subtests.iter().map(|(name, status)| Subtest {
            name: (*name).to_owned(),
            status: *status,
            message: None,
        });
        TestOutcome {
            test: "/a.html".to_owned(),
            status,
            message: None,
            subtests: subtests.collect(),
        }
    }

    #[track_caller]
    fn check(list: &str, page: &TestOutcome, passed: usize, known: usize, complaints: &[&str]) {
        let verdict = Expectations::parse(list).unwrap().judge(page);
        let written: Vec<String> = verdict
            .complaints
            .iter()
            .map(|complaint| {
                format!(
                    "{}: {}",
                    complaint.subtest.as_deref().unwrap_or("page"),
                    complaint.status
                )
            })
            .collect();
        assert_eq!((verdict.passed, verdict.known), (passed, known));
        assert_eq!(written, complaints);
    }

    #[test]
    fn every_failure_counts_without_a_list() {
        let page = page(
            PageStatus::Ok,
            &[("x", SubtestStatus::Pass), ("y", SubtestStatus::Fail)],
        );
        check("", &page, 1, 0, &["y: FAIL"]);
    }

    #[test]
    fn known_failure_is_not_reported() {
        let page = page(
            PageStatus::Ok,
            &[("x", SubtestStatus::Pass), ("y", SubtestStatus::Fail)],
        );
        check("# why\n\n/a.html | y | FAIL | because\n", &page, 1, 1, &[]);
        check(
            "/b.html | x | FAIL | because\n/a.html|y|FAIL|because",
            &page,
            1,
            1,
            &[],
        );
    }

    #[test]
    fn other_status_or_pass_is_reported() {
        let page = page(
            PageStatus::Ok,
            &[("x", SubtestStatus::Pass), ("y", SubtestStatus::Fail)],
        );
        check(
            "/a.html | x | FAIL | r\n/a.html | y | TIMEOUT | r\n/a.html | z | FAIL | r",
            &page,
            0,
            0,
            &[
                "x: PASS (expected FAIL)",
                "y: FAIL (expected TIMEOUT)",
                "z: MISSING (expected FAIL)",
            ],
        );
    }

    #[test]
    fn crash_of_a_page_can_be_expected() {
        check(
            "/a.html | | CRASH | r",
            &page(PageStatus::Crash, &[]),
            0,
            1,
            &[],
        );
        check(
            "",
            &page(PageStatus::Timeout, &[]),
            0,
            0,
            &["page: TIMEOUT"],
        );
        check(
            "/a.html | | CRASH | r",
            &page(PageStatus::Ok, &[]),
            0,
            0,
            &["page: OK (expected CRASH)"],
        );
        let skipped = Expectations::default().judge(&page(PageStatus::Skip, &[]));
        assert!(skipped.skipped && skipped.complaints.is_empty());
    }

    #[test]
    fn names_may_contain_anything() {
        let page = page(PageStatus::Ok, &[("a | b\n\\c ", SubtestStatus::Fail)]);
        check("/a.html | a \\| b\\n\\\\c\\  | FAIL | r", &page, 0, 1, &[]);
    }

    #[test]
    fn list_can_be_updated() {
        let old = "/a.html | x | FAIL | because of x\n\
                   /a.html | z | FAIL | mended\n\
                   /b.html |  | CRASH | was not run\n";
        let page = page(
            PageStatus::Timeout,
            &[
                ("x", SubtestStatus::NotRun),
                ("y", SubtestStatus::Pass),
                (" | \\\n#", SubtestStatus::Fail),
            ],
        );
        let new = Expectations::parse(old)
            .unwrap()
            .updated(std::slice::from_ref(&page));
        assert_eq!(
            new,
            "/a.html |  | TIMEOUT | not explained yet\n\
             /a.html | \\ \\| \\\\\\n# | FAIL | not explained yet\n\
             /a.html | x | NOTRUN | because of x\n\
             /b.html |  | CRASH | was not run\n"
        );
        check(&new, &page, 1, 3, &[]);
    }

    #[test]
    fn malformed_lists_are_refused() {
        let error = |list: &str| Expectations::parse(list).unwrap_err().to_string();
        assert_eq!(
            error("\n/a.html | x | FAIL"),
            "line 2: expected TEST | SUBTEST | STATUS | REASON"
        );
        assert_eq!(
            error("/a.html | x | FAIL |  "),
            "line 1: a known failure needs a reason"
        );
        assert_eq!(
            error("/a.html | x | PASS | r"),
            "line 1: no failure has such a status"
        );
        assert_eq!(
            error("/a.html | | FAIL | r"),
            "line 1: no failure has such a status"
        );
        assert_eq!(
            error("/a.html | x | FAIL | r\n/a.html | x | FAIL | r"),
            "line 2: this failure is listed twice"
        );
    }
}
