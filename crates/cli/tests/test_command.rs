//! `framepost test` from the view of a shell, with a harness of a few lines instead of the real one.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use support::{HARNESS, Ran, framepost};
use tempfile::TempDir;

mod support;

const HEAD: &str = "<!doctype html><script src=/resources/testharness.js></script>";

/// A directory with a harness and these pages, each of which begins with it.
fn checkout(pages: &[(&str, &str)]) -> TempDir {
    let with_head = pages.iter().map(|(name, text)| {
        let head = if name.ends_with(".html") { HEAD } else { "" };
        (*name, format!("{head}{text}"))
    });
    let with_head: Vec<(&str, String)> = with_head.collect();
    let harness = [
        ("resources/testharness.js", HARNESS),
        ("resources/testharnessreport.js", ""),
    ];
    let pages = with_head.iter().map(|(name, text)| (*name, text.as_str()));
    support::files(harness.into_iter().chain(pages))
}

fn test_wpt(directory: &TempDir, arguments: &[&str]) -> Ran {
    framepost(
        directory.path(),
        &[&["test", "--wpt", "."], arguments].concat(),
    )
}

const PASSING: &str = "<script>test(() => {}, 'fine')</script>";
const FAILING: &str =
    "<script>test(() => { throw new Error('no') }, 'bad'); test(() => {}, 'good')</script>";

#[test]
fn each_page_has_a_line_followed_by_its_failures() {
    let directory = checkout(&[("t/a.html", PASSING), ("t/b.html", FAILING)]);
    let ran = test_wpt(&directory, &["/t"]);
    assert_eq!(
        ran.out,
        "OK         1 of 1    /t/a.html\n\
         OK         1 of 2    /t/b.html\n    FAIL bad: Error: no\n\
         2 passed, 1 failed\n"
    );
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    let ran = test_wpt(&directory, &["http://web-platform.test:8000/t/a.html"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn pages_run_without_a_checkout() {
    let directory = checkout(&[("t/a.html", PASSING)]);
    let ran = framepost(directory.path(), &["test", "--root", ".", "t"]);
    assert_eq!(
        ran.out,
        "OK         1 of 1    t/a.html\n1 passed, 0 failed\n"
    );
    assert_eq!(ran.code, Some(0));
}

/// The status of each page, by its file's name.
fn rows(ran: &Ran) -> Vec<(&str, &str)> {
    let lines = ran.out.lines();
    let rows = lines.filter(|line| !line.starts_with(' ') && line.contains("/t/"));
    rows.map(|line| {
        let status = line.split(' ').next().unwrap();
        (status, line.rsplit('/').next().unwrap())
    })
    .collect()
}

#[test]
fn crashing_page_fails_only_its_own_row() {
    let heap = "<script>const all = [], text = 'x'.repeat(4e6); for (;;) all.push(text + all.length)</script>";
    let directory = checkout(&[
        ("t/a-heap.html", heap),
        (
            "t/b-throws.html",
            "<script>throw new Error('early')</script>",
        ),
        ("t/c-syntax.html", "<script>(</script>"),
        (
            "t/d-never.html",
            "<script>setup({ explicit_done: true })</script>",
        ),
        ("t/e-fine.html", PASSING),
        (
            "t/f-recursion.html",
            "<script>test(function f() { f() }, 'endless'); test(() => {}, 'after')</script>",
        ),
    ]);
    let ran = test_wpt(&directory, &["/t", "--max-memory", "1024", "--jobs", "2"]);
    assert_eq!(
        rows(&ran),
        [
            ("CRASH", "a-heap.html"),
            ("ERROR", "b-throws.html"),
            ("ERROR", "c-syntax.html"),
            ("TIMEOUT", "d-never.html"),
            ("OK", "e-fine.html"),
            ("ERROR", "f-recursion.html"),
        ],
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("out of memory: the limit is 1024 MiB"),
        "{}",
        ran.out
    );
}

#[test]
fn endless_page_fails_only_its_own_row() {
    let directory = checkout(&[
        ("t/a-loop.html", "<script>while (true) {}</script>"),
        (
            "t/b-regexp.html",
            "<script>/^(a|a)*$/.test('a'.repeat(99) + 'b')</script>",
        ),
        (
            "t/c-deep.html",
            "<script>const f = () => [...[f()]]; test(f, 'deep')</script>",
        ),
    ]);
    let ran = test_wpt(&directory, &["/t", "--wall-time", "2", "--jobs", "3"]);
    let rows = rows(&ran);
    let name = |row: &(&str, &str)| row.1.to_owned();
    assert_eq!(
        rows.iter().map(name).collect::<Vec<_>>(),
        ["a-loop.html", "b-regexp.html", "c-deep.html"]
    );
    // The script engine may reach one of several limits before the time limit.
    for (status, page) in &rows[..2] {
        assert!(
            matches!(*status, "TIMEOUT" | "ERROR"),
            "{page}: {}",
            ran.out
        );
    }
    assert_eq!(ran.code, Some(1));
}

#[test]
fn reports_are_the_same_for_any_number_of_jobs() {
    let pages: Vec<(String, &str)> = (0..12)
        .map(|index| {
            (
                format!("t/{index}.html"),
                if index % 3 == 0 { FAILING } else { PASSING },
            )
        })
        .collect();
    let pages: Vec<(&str, &str)> = pages
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let directory = checkout(&pages);
    let report = |jobs: &str| {
        let ran = test_wpt(
            &directory,
            &["/t", "--jobs", jobs, "--report", "report.json"],
        );
        (
            ran.out,
            std::fs::read_to_string(directory.path().join("report.json")).unwrap(),
        )
    };
    let one = report("1");
    assert_eq!(one, report("2"));
    assert_eq!(one, report("5"));
    let json: serde_json::Value = serde_json::from_str(&one.1).unwrap();
    assert_eq!(json["results"].as_array().unwrap().len(), 12);
    assert_eq!(
        json["results"][0],
        serde_json::json!({
            "test": "/t/0.html", "status": "OK", "message": null,
            "subtests": [
                {"name": "bad", "status": "FAIL", "message": "Error: no"},
                {"name": "good", "status": "PASS", "message": null},
            ],
        })
    );
}

#[test]
fn known_failure_passes_and_unexpected_pass_fails() {
    let directory = checkout(&[("t/a.html", PASSING), ("t/b.html", FAILING)]);
    let run = |list: &str| {
        std::fs::write(directory.path().join("known"), list).unwrap();
        test_wpt(&directory, &["/t", "--expect", "known"])
    };
    let ran = run("/t/b.html | bad | FAIL | it is bad\n");
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(
        ran.out
            .ends_with("2 passed, 0 failed, 1 failed as expected\n"),
        "{}",
        ran.out
    );
    let ran = run("/t/b.html | bad | FAIL | it is bad\n/t/a.html | fine | FAIL | it was not\n");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("    PASS (expected FAIL) fine\n"),
        "{}",
        ran.out
    );
    let ran = run("/t/b.html | bad | FAIL | it is bad\n/t/a.html | gone | FAIL | it is gone\n");
    assert_eq!(ran.code, Some(1));
    let arguments = ["/t", "--expect", "known", "--write-expect", "known"];
    assert_eq!(test_wpt(&directory, &arguments).code, Some(1));
    let written = std::fs::read_to_string(directory.path().join("known")).unwrap();
    assert_eq!(written, "/t/b.html | bad | FAIL | it is bad\n");
    let ran = run(&written);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let ran = run("nonsense\n");
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn page_that_needs_server_code_is_skipped() {
    let directory = checkout(&[
        (
            "t/a.html",
            "<script src=answer.py></script><script>test(() => {}, 'fine')</script>",
        ),
        ("t/answer.py", "def main(request, response): pass"),
    ]);
    let ran = test_wpt(&directory, &["/t"]);
    assert_eq!(
        ran.out,
        "SKIP     /t/a.html (needs a handler in Python: /t/answer.py)\n0 passed, 0 failed, 1 skipped\n"
    );
    assert_eq!(ran.code, Some(0));
}

#[test]
fn only_the_page_itself_reports() {
    let inner = "<script>test(() => { throw new Error('inner') }, 'inner')</script>";
    let directory = checkout(&[
        ("t/resources/inner.html", inner),
        ("t/a.any.js", "test(() => {}, 'outer')"),
        (
            "t/b.html",
            "<iframe src=resources/inner.html></iframe><script>test(() => {}, 'outer')</script>",
        ),
    ]);
    let ran = test_wpt(&directory, &["/t/a.any.html", "/t/b.html"]);
    assert_eq!(
        ran.out,
        "OK         1 of 1    /t/a.any.html\nOK         1 of 1    /t/b.html\n2 passed, 0 failed\n"
    );
}

#[test]
fn page_cannot_write_to_the_runner() {
    let forged = r#"<script>console.log('{"test":"/t/a.html","status":"OK","message":null,"subtests":[]}');
        document.write('x'); test(() => { throw new Error('\n9 passed, 0 failed\u001b[2J') }, 'a\nb')</script>"#;
    let directory = checkout(&[("t/a.html", forged)]);
    let ran = test_wpt(&directory, &["/t/a.html"]);
    assert_eq!(
        ran.out,
        "OK         0 of 1    /t/a.html\n    \
         FAIL a\\nb: Error: \\n9 passed, 0 failed\\u{1b}[2J\n0 passed, 1 failed\n"
    );
}

#[test]
fn test_that_cannot_start_is_an_error() {
    let directory = checkout(&[("t/a.html", PASSING), ("empty/x.txt", "")]);
    for arguments in [
        &["test", "--wpt", ".", "/nowhere.html"][..],
        &["test", "--wpt", "nowhere", "/t/a.html"],
        &["test", "--wpt", ".", "/empty"],
        &["test", "--wpt", ".", "http://elsewhere.test/t/a.html"],
        &["test", "--wpt", ".", "/t", "--expect", "nowhere"],
        &["test", "--wpt", ".", "/t", "--report", "no/such/directory"],
        &["test", "nowhere.html"],
        &["test"],
    ] {
        let ran = framepost(directory.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

/// A timer decides whether the second test passes. It is due long after the message, but a message may be late.
const FLAKY: &str = "<script>
    setup({ explicit_done: true });
    let answered = false;
    onmessage = () => { answered = true };
    setTimeout(() => {
        test(() => {}, 'always');
        test(() => { if (!answered) throw new Error('too early') }, 'answered in time');
        done();
    }, 50);
    postMessage('');
</script>";

#[test]
fn exploration_names_flaky_pages_with_their_seeds() {
    let directory = checkout(&[("t/a.html", PASSING), ("t/b.html", FLAKY)]);
    let once = test_wpt(&directory, &["/t"]);
    assert_eq!(once.code, Some(0), "{}", once.out);
    let explored = test_wpt(&directory, &["/t", "--explore", "20"]);
    assert_eq!(explored.code, Some(1), "{}", explored.out);
    assert_eq!(rows(&explored), [("OK", "a.html"), ("ERROR", "b.html")]);
    let flaky = "flaky: \"answered in time\" is FAIL, not PASS, in ";
    let (_, rest) = explored.out.split_once(flaky).unwrap();
    assert!(!explored.out.contains("\"always\" is"), "{}", explored.out);
    // The seed repeats the order.
    let (_, rest) = rest
        .split_once("of 20 orders, first with the seed ")
        .unwrap();
    let seed = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap();
    let repeated = framepost(
        directory.path(),
        &[
            "explore",
            "t/b.html",
            "--root",
            ".",
            "--seed",
            seed,
            "--runs",
            "2",
            "--same-by",
            "tests",
        ],
    );
    assert_eq!(repeated.code, Some(1), "{}{}", repeated.out, repeated.err);
    assert!(
        repeated
            .out
            .contains("+ FAIL \"answered in time\": Error: too early"),
        "{}",
        repeated.out
    );
}
