//! Gets the results of testharness.js: appends a few lines to the response with the harness, and reads
//! the results that those lines store in the page.

use std::sync::atomic::{AtomicBool, Ordering};

use framepost::Page;
use framepost_browsing_context::{FetchRequest, Response};
use serde::Deserialize;

use crate::outcome::{PageStatus, Subtest, SubtestStatus, TestOutcome};

/// Stores the results in the page.
const REPORTER: &str = include_str!("reporter.js");
/// Reads the results: JSON, or an empty string while there are none.
pub(crate) const READ_RESULTS: &str =
    "String(Object.getOwnPropertyDescriptor(window, Symbol.for('framepost.results'))?.value ?? '')";

/// Appends the reporter to every `testharness.js`, and records that the page loaded one.
pub(crate) fn extend(seen: &AtomicBool, request: &FetchRequest, response: &mut Response) {
    let file = request.url.path().rsplit('/').next();
    if file == Some("testharness.js") && response.status == 200 {
        seen.store(true, Ordering::Relaxed);
        response.body.push(b'\n');
        response.body.extend_from_slice(REPORTER.as_bytes());
    }
}

/// Makes the results of testharness.js readable, for
/// [`PageOptions::rewrite_responses`](framepost::PageOptions::rewrite_responses).
#[derive(Debug, Default)]
pub struct Harness {
    seen: AtomicBool,
}

impl Harness {
    /// Appends the reporter to the response, if it is the harness.
    pub fn extend(&self, request: &FetchRequest, response: &mut Response) {
        extend(&self.seen, request, response);
    }
}

/// Returns the subtests of a page that did not pass, a line for each, and the status of the harness if that is not OK.
/// There are none if the page has no results, for example because it does not load testharness.js through a
/// [`Harness`].
pub fn failed_subtests(page: &mut Page) -> Vec<String> {
    let results = page.eval(READ_RESULTS).unwrap_or_default();
    if results.is_empty() {
        return Vec::new();
    }
    let outcome = outcome("", &results);
    let line = |status: &str, name: &str, message: Option<&str>| match message {
        Some(message) => format!("{status} {name}: {message}"),
        None => format!("{status} {name}"),
    };
    let mut lines = Vec::new();
    if outcome.status != PageStatus::Ok {
        let message = outcome.message.as_deref();
        lines.push(line(outcome.status.name(), "the harness", message));
    }
    let failed = outcome.subtests.iter();
    let failed = failed.filter(|subtest| subtest.status != SubtestStatus::Pass);
    lines.extend(failed.map(|subtest| {
        line(
            subtest.status.name(),
            &format!("{:?}", subtest.name),
            subtest.message.as_deref(),
        )
    }));
    lines
}

#[derive(Deserialize)]
struct Results {
    status: u8,
    message: Option<String>,
    subtests: Vec<SubtestResult>,
}

#[derive(Deserialize)]
struct SubtestResult {
    name: String,
    status: u8,
    message: Option<String>,
}

/// The outcome of a page whose harness has completed with these results.
pub(crate) fn outcome(test: &str, results: &str) -> TestOutcome {
    match serde_json::from_str::<Results>(results) {
        Ok(results) => TestOutcome {
            test: test.to_owned(),
            status: page_status(results.status),
            message: results.message,
            subtests: results.subtests.into_iter().map(subtest).collect(),
        },
        Err(error) => {
            let message = format!("the page's results cannot be read: {error}");
            TestOutcome::without_subtests(test, PageStatus::Error, message)
        }
    }
}

fn subtest(result: SubtestResult) -> Subtest {
    let status = match result.status {
        0 => SubtestStatus::Pass,
        2 => SubtestStatus::Timeout,
        3 => SubtestStatus::NotRun,
        4 => SubtestStatus::PreconditionFailed,
        _ => SubtestStatus::Fail,
    };
    Subtest {
        name: result.name,
        status,
        message: result.message,
    }
}

fn page_status(status: u8) -> PageStatus {
    match status {
        0 => PageStatus::Ok,
        2 => PageStatus::Timeout,
        3 => PageStatus::PreconditionFailed,
        _ => PageStatus::Error,
    }
}

#[cfg(test)]
mod tests {
    use framepost_browsing_context::{Destination, Url};

    use super::*;

    #[test]
    fn results_become_an_outcome() {
        let results = r#"{"status": 2, "message": null, "subtests": [
            {"name": "a", "status": 0, "message": null},
            {"name": "b", "status": 3, "message": "late"}]}"#;
        let outcome = outcome("/t.html", results);
        assert_eq!(
            (outcome.status, outcome.message),
            (PageStatus::Timeout, None)
        );
        let subtests: Vec<(&str, &str)> = outcome
            .subtests
            .iter()
            .map(|subtest| (subtest.name.as_str(), subtest.status.name()))
            .collect();
        assert_eq!(subtests, [("a", "PASS"), ("b", "NOTRUN")]);
        assert_eq!(outcome.subtests[1].message.as_deref(), Some("late"));
    }

    #[test]
    fn malformed_results_are_an_error() {
        assert_eq!(outcome("/t.html", "[]").status, PageStatus::Error);
    }

    #[test]
    fn only_the_harness_is_extended() {
        let seen = AtomicBool::new(false);
        let body = |path: &str, status: u16| {
            let url = Url::parse(&format!("http://localhost{path}")).unwrap();
            let mut response = Response::new(url.clone(), "", "a").with_status(status);
            extend(
                &seen,
                &FetchRequest::new(url, Destination::Script),
                &mut response,
            );
            String::from_utf8(response.body).unwrap()
        };
        assert_eq!(body("/x/my.js", 200), "a");
        assert_eq!(body("/x/testharness.js", 404), "a");
        assert!(!seen.load(Ordering::Relaxed));
        assert_eq!(body("/x/testharness.js", 200), format!("a\n{REPORTER}"));
        assert!(seen.load(Ordering::Relaxed));
    }
}
