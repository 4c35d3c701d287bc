//! The report of `framepost explore --html`: its size, and what a browser draws.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{files, framepost};

mod support;

fn race(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/races")
        .join(name)
}

/// Explores a page, and returns the report.
fn report(directory: &Path, page: &str, file: &Path) -> String {
    let html = file.to_str().unwrap();
    let ran = framepost(
        directory,
        &["explore", page, "--runs", "20", "--html", html],
    );
    assert!(matches!(ran.code, Some(0 | 1)), "{}{}", ran.out, ran.err);
    std::fs::read_to_string(file).unwrap()
}

/// The command of an installed Chromium. Without one, the test says that it was skipped.
fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|directory| names.map(|name| directory.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        eprintln!("SKIPPED: there is no Chromium that could draw the report");
    }
    found
}

/// Opens a report in Chromium with these arguments, and returns what it prints.
fn open(chromium: &Path, report: &Path, arguments: &[&str]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--hide-scrollbars",
            "--window-size=1400,1400",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", report.display()))
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn browser_draws_the_tasks_and_the_place_where_the_orders_part() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report.html");
    let text = report(&race("late-model"), "racy.html", &file);
    // Nothing is loaded from elsewhere.
    for external in ["src=", "url(", "@import", "<link rel=\"stylesheet\""] {
        assert!(!text.contains(external), "{external}");
    }
    let Some(chromium) = chromium() else { return };
    let drawn = open(
        &chromium,
        &file,
        &["--virtual-time-budget=3000", "--dump-dom"],
    );
    let count = |part: &str| drawn.matches(part).count();
    assert_eq!(count("<section class=\"side\""), 2, "{drawn}");
    assert!(count("class=\"task") > 20, "{drawn}");
    assert!(count("class=\"arrow\"") >= 2, "{drawn}");
    assert_eq!(count("the orders part here</div>"), 2, "{drawn}");
    // The two tasks of the departure are marked on both sides. The message overtakes the response.
    assert!(count(", runs first in the departure\"") >= 1, "{drawn}");
    assert!(
        count(", runs after the other in the departure\"") >= 1,
        "{drawn}"
    );
    // A line of the console is below its task, and screen readers hear it with the task.
    assert_eq!(count(". Prints: connected\""), 1, "{drawn}");
    assert_eq!(count("class=\"output\""), 1, "{drawn}");
    // One task of each side is in the order of the tabulator key.
    assert_eq!(
        count("<button type=\"button\" tabindex=\"0\""),
        2,
        "{drawn}"
    );
    let picture = directory.path().join("report.png");
    open(
        &chromium,
        &file,
        &[&format!("--screenshot={}", picture.display())],
    );
    let size = std::fs::metadata(&picture).unwrap().len();
    // A blank page of this size has 8 KB.
    assert!(size > 30_000, "{size}");
    if let Some(kept) = std::env::var_os("KEEP_SCREENSHOT") {
        std::fs::copy(&picture, kept).unwrap();
    }
}

#[test]
fn report_of_a_thousand_tasks_has_less_than_a_mebibyte() {
    let directory = files([(
        "page.html",
        "<script>
            let left = 990;
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => {
                console.log('message', data);
                if (--left) port2.postMessage(left);
            };
            port2.postMessage(left);
            setTimeout(() => console.log('timer'), 30);
        </script>",
    )]);
    let file = directory.path().join("report.html");
    let text = report(directory.path(), "page.html", &file);
    assert!(text.contains("\"texts\""));
    assert!(text.len() < 1 << 20, "{}", text.len());
}

#[test]
fn text_of_a_page_cannot_end_the_report() {
    let directory = files([(
        "page.html",
        "<script>console.log('<' + '/script><b id=injected>')</script>",
    )]);
    let file = directory.path().join("report.html");
    let text = report(directory.path(), "page.html", &file);
    assert!(
        text.contains("\\u003c/script>\\u003cb id=injected>") || text.contains("\\u003c/script")
    );
    assert!(!text.contains("<b id=injected>"));
}

#[test]
fn report_that_cannot_be_written_is_refused_before_the_runs() {
    let directory = files([("page.html", "")]);
    let ran = framepost(
        directory.path(),
        &["explore", "page.html", "--html", "absent/report.html"],
    );
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
    assert!(
        ran.err.contains("cannot write absent/report.html"),
        "{}",
        ran.err
    );
}
