//! What tests share: pages that log lines.

// Every test file is a crate of its own, and uses of this what it needs.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

use framepost::{Outcome, Page, PageOptions};
use url::Url;

/// Runs a page until nothing is left to do and compares what it logs, line by line; an error that
/// nothing handles is a line as well. Empty lines and indents of `expected` do not count.
#[track_caller]
pub fn check_page(url: &str, html: &str, expected: &str) {
    let url = Url::parse(url).unwrap();
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, html)).unwrap();
    assert_eq!(page.run_until_idle(), Outcome::Idle);
    let messages = page.console().into_iter().map(|message| message.text);
    let mut lines: Vec<String> = messages.collect();
    let errors = page.errors().into_iter();
    lines.extend(errors.map(|error| format!("error: {}", error.message)));
    let trimmed = expected.lines().map(str::trim);
    let expected: Vec<&str> = trimmed.filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "\nlogged:\n{}\n", lines.join("\n"));
}
