//! What tests share: pages that log lines.

// Every test file is a crate of its own, and uses of this what it needs.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

use expect_test::Expect;
use framepost::{Outcome, Page, PageOptions};
use url::Url;

/// Runs a page until nothing is left to do and compares what it logs, line by line; an error that
/// nothing handles is a line as well. `UPDATE_EXPECT=1` writes the expected lines into the test.
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "callers write `expect![[...]]` as the argument"
)]
pub fn check_page(url: &str, html: &str, expected: Expect) {
    let url = Url::parse(url).unwrap();
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, html)).unwrap();
    assert_eq!(page.run_until_idle(), Outcome::Idle);
    let messages = page.console().into_iter().map(|message| message.text);
    let mut lines: Vec<String> = messages.collect();
    let errors = page.errors().into_iter();
    lines.extend(errors.map(|error| format!("error: {}", error.message)));
    lines.push(String::new());
    expected.assert_eq(&lines.join("\n"));
}
