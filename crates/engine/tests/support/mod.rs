//! What tests share: running the command, files for it, and pages that log lines.

// Every test file is a crate of its own, and uses of this what it needs.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

use std::path::Path;
use std::process::Command;

use framepost::{Outcome, Page, PageOptions};
use tempfile::TempDir;
use url::Url;

/// What a run of the command came to.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs the command in a directory.
pub fn framepost(directory: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_framepost"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory with these files.
pub fn files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

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
