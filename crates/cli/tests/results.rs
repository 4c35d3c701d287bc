//! Results of `framepost test` for other tools, divided into shards and merged again.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use support::{Ran, framepost};

mod support;

/// A harness that passes, fails, and passes by the name of the page.
const HARNESS: &str = "
    let complete;
    self.setup = () => {};
    self.add_completion_callback = (callback) => { complete = callback };
    addEventListener('load', () => {
      const status = Number(location.pathname.match(/\\d+/)[0]) % 3 === 0 ? 1 : 0;
      complete([{ name: 'a test', status, message: status ? 'it failed' : null }], { status: 0, message: null });
    });
";

fn suite() -> tempfile::TempDir {
    let page = "<script src=/testharness.js></script>";
    let names: Vec<String> = (0..12).map(|number| format!("t/{number}.html")).collect();
    let pages = names.iter().map(|name| (name.as_str(), page));
    support::files([("testharness.js", HARNESS)].into_iter().chain(pages))
}

fn test(directory: &Path, arguments: &[&str]) -> Ran {
    framepost(
        directory,
        &[&["test", "--root", ".", "t"], arguments].concat(),
    )
}

#[test]
fn formats_do_not_depend_on_jobs_or_parts() {
    let directory = suite();
    let path = directory.path();
    for format in ["junit", "tap", "json"] {
        let whole = test(path, &["--format", format, "--report", "whole"]);
        assert_eq!((whole.code, whole.err.as_str()), (Some(1), ""), "{format}");
        let jobs = test(
            path,
            &["--format", format, "--jobs", "3", "--report", "jobs"],
        );
        assert_eq!(jobs.out, whole.out, "{format}");
        let mut merge = vec!["merge", "--format", format, "--report", "merged"];
        for part in ["3", "1", "2"] {
            let shard = format!("{part}/3");
            let ran = test(
                path,
                &["--shard", &shard, "--report", part, "--format", "json"],
            );
            let written = std::fs::read_to_string(path.join(part)).unwrap();
            assert_eq!(ran.out, written);
            merge.push(part);
        }
        let merged = framepost(path, &merge);
        assert_eq!(merged.out, whole.out, "{format}");
        assert_eq!(
            (merged.code, merged.err.as_str()),
            (Some(1), ""),
            "{format}"
        );
        let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
        assert_eq!(read("merged"), read("whole"));
        assert_eq!(read("jobs"), read("whole"));
    }
}

#[test]
fn each_page_is_in_one_part() {
    let directory = suite();
    let lines: Vec<String> = ["1/2", "2/2"]
        .into_iter()
        .flat_map(|shard| {
            let ran = test(directory.path(), &["--shard", shard]);
            let pages = ran.out.lines().filter(|line| line.starts_with("OK"));
            let pages: Vec<String> = pages.map(str::to_owned).collect();
            assert!(pages.len() > 2, "{}", ran.out);
            pages
        })
        .collect();
    assert_eq!(lines.len(), 12, "{lines:?}");
}

#[test]
fn merged_results_are_compared_with_known_failures() {
    let directory = suite();
    let path = directory.path();
    test(path, &["--report", "all", "--write-expect", "known"]);
    let ran = framepost(
        path,
        &["merge", "all", "--expect", "known", "--format", "tap"],
    );
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("# TODO not explained yet"), "{}", ran.out);
    let lines = framepost(path, &["merge", "all"]);
    assert_eq!(lines.code, Some(1));
    assert!(lines.out.ends_with("8 passed, 4 failed\n"), "{}", lines.out);
}

#[test]
fn overlapping_reports_are_an_error() {
    let directory = suite();
    let path = directory.path();
    test(path, &["--shard", "1/3", "--report", "one"]);
    std::fs::copy(path.join("one"), path.join("two")).unwrap();
    let ran = framepost(path, &["merge", "one", "two"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("in one and in two"), "{}", ran.err);
    let mut cut = std::fs::read(path.join("one")).unwrap();
    cut.truncate(cut.len() / 2);
    std::fs::write(path.join("cut"), cut).unwrap();
    let ran = framepost(path, &["merge", "cut"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("framepost: cut: "), "{}", ran.err);
    assert!(ran.err.contains(" at line "), "{}", ran.err);
}
