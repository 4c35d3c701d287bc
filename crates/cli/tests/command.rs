//! The command from the view of a shell.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use support::{Ran, framepost};

mod support;

fn files(files: &[(&str, &str)]) -> tempfile::TempDir {
    support::files(files.iter().copied())
}

/// Runs a single page.
fn run(html: &str, arguments: &[&str]) -> Ran {
    let directory = files(&[("page.html", html)]);
    framepost(
        directory.path(),
        &[&["run", "page.html"], arguments].concat(),
    )
}

#[test]
fn page_prints_its_log_and_then_its_documents() {
    let ran = run(
        "<p>one<p>two<iframe srcdoc='<b>in</b>side'></iframe>\
         <script>console.log('a', { b: [1] }); console.warn('careful'); console.log('c\\nd')</script>",
        &[],
    );
    assert_eq!(
        ran.out,
        "a { b: [ 1 ] }\nc\nd\n\
         http://localhost/page.html\n  one\n  two\n  about:srcdoc\n    inside\n"
    );
    assert_eq!(ran.err, "careful\n");
    assert_eq!(ran.code, Some(0));
}

#[test]
fn dump_selects_what_is_printed() {
    let page = "<!DOCTYPE html><p id=a>x<script>console.log(1)</script>";
    assert_eq!(run(page, &["--quiet"]).out, "1\n");
    assert_eq!(run(page, &["--dump", "none"]).out, "1\n");
    assert_eq!(
        run(page, &["--dump", "html"]).out,
        "1\nhttp://localhost/page.html\n\
         <!DOCTYPE html><html><head></head><body><p id=\"a\">x<script>console.log(1)</script></p></body></html>\n"
    );
}

#[test]
fn scripts_of_the_user_run_in_order_when_the_page_is_idle() {
    let ran = run(
        "<button>b</button><script>
           let n = 0;
           document.querySelector('button').onclick = () => setTimeout(() => console.log('clicked', ++n), 1000);
           setTimeout(() => console.log('idle'), 500);
         </script>",
        &[
            "--quiet",
            "--eval",
            "document.querySelector('button').click()",
            "--eval",
            "console.log('last', n)",
        ],
    );
    assert_eq!(ran.out, "idle\nclicked 1\nlast 1\n");
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
}

#[test]
fn directories_are_served_as_origins() {
    let directory = files(&[
        (
            "site/deep/page.html",
            "<iframe src='/top.html'></iframe><iframe src='http://b.test/x.html'></iframe>",
        ),
        ("site/top.html", "top"),
        ("other/x.html", "x"),
    ]);
    let expected = "http://localhost/deep/page.html\n  http://localhost/top.html\n    top\n  http://b.test/x.html\n    x\n";
    let ran = framepost(
        directory.path(),
        &[
            "run",
            "site/deep/page.html",
            "--root",
            "site",
            "--origin",
            "http://b.test=other",
        ],
    );
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str(), ran.code),
        (expected, "", Some(0))
    );
    let ran = framepost(
        directory.path(),
        &[
            "run",
            "http://b.test/x.html",
            "--origin",
            "http://b.test=other",
        ],
    );
    assert_eq!(
        (ran.out.as_str(), ran.code),
        ("http://b.test/x.html\n  x\n", Some(0))
    );
}

#[test]
fn unhandled_error_is_reported_and_the_page_continues() {
    let ran = run(
        "<script>\n  setTimeout(() => console.log('on'));\n  throw new Error('thrown');\n</script>\
         <script>Promise.reject(new Error('no'))</script>",
        &["--quiet", "--errors", "line"],
    );
    assert_eq!(ran.out, "on\n");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.err);
    assert!(
        lines[0].starts_with("http://localhost/page.html:3:"),
        "{}",
        ran.err
    );
    assert!(lines[0].contains("Uncaught Error: thrown"), "{}", ran.err);
    assert!(
        lines[1].contains("Uncaught (in promise) Error: no"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(1));
}

#[test]
fn command_that_cannot_start_is_an_error() {
    let directory = files(&[("page.html", ""), ("below/page.html", "")]);
    for (arguments, message) in [
        (&["run", "absent.html"][..], "no such file: absent.html"),
        (&["run", "below"], "not a file: below"),
        (
            &["run", "http://localhost/page.html", "--offline"],
            "no directory is served as the origin of http://localhost/page.html",
        ),
        (
            &[
                "run",
                "http://b.test/absent.html",
                "--origin",
                "http://b.test=below",
            ],
            "no such file: http://b.test/absent.html",
        ),
        (
            &["run", "page.html", "--origin", "http://b.test=absent"],
            "no such directory: absent",
        ),
        (
            &["run", "page.html", "--origin", "http://localhost=below"],
            "the origin http://localhost is given two directories",
        ),
        (
            &["run", "page.html", "--root", "below"],
            "page.html is not below below",
        ),
        (&["run", "page.html", "--nonsense"], "--nonsense"),
        (&["run", "page.html", "--max-time=-1"], "--max-time"),
        (&["run"], "PAGE"),
        (&[], "Usage"),
    ] {
        let ran = framepost(directory.path(), arguments);
        assert!(ran.err.contains(message), "{arguments:?}: {}", ran.err);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)), "{arguments:?}");
    }
}

#[test]
fn help_explains_options_and_exit_status() {
    let ran = framepost(Path::new("."), &["run", "--help"]);
    for word in [
        "--root",
        "--origin",
        "--route",
        "--eval",
        "--quiet",
        "--dump",
        "--max-time",
        "--max-tasks",
        "--wall-time",
        "--max-memory",
        "--offline",
        "--resolve",
        "--load-time",
        "Exit status",
        "http://localhost/",
    ] {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
}

/// A limit ends each of these pages, with one line that names it.
#[test]
fn endless_page_is_stopped() {
    for (script, arguments, message) in [
        (
            "setInterval(() => {}, 1000)",
            &[][..],
            "not idle after 60 s of virtual time",
        ),
        (
            "setInterval(() => {}, 1000)",
            &["--max-time", "5.5"],
            "not idle after 5.5 s of virtual time",
        ),
        (
            "setInterval(() => {}, 1000)",
            &["--max-tasks", "10"],
            "not idle after 10 tasks",
        ),
        (
            "(function again() { queueMicrotask(again) })()",
            &[],
            "microtasks per checkpoint",
        ),
        ("(function again() { again() })()", &[], "script stopped"),
        (
            "(function again() { again() })()",
            &["--max-recursion", "100"],
            "(--max-recursion)",
        ),
        ("for (;;);", &["--max-loops", "1000"], "(--max-loops)"),
        (
            "for (let i = 0; i < 3; i++) new Worker('data:text/javascript,onmessage = () => {}')",
            &["--max-workers", "2"],
            "a worker is not started: there are 2 already (--max-workers)",
        ),
        (
            "const frame = document.createElement('iframe'); document.documentElement.append(frame)",
            &["--max-frames", "1"],
            "a frame is not created: there are 1 already (--max-frames)",
        ),
        (
            "const frame = document.createElement('iframe'); document.documentElement.append(frame)",
            &["--max-frame-depth", "0"],
            "(--max-frame-depth)",
        ),
        ("for (;;) {}", &["--wall-time", "1"], "stopped"),
        (
            "const { port1, port2 } = new MessageChannel;
             port1.onmessage = port2.onmessage = ({ target }) => target.postMessage(0);
             port1.postMessage(0)",
            &["--max-tasks", "10000"],
            "not idle after 10000 tasks",
        ),
    ] {
        let ran = run(
            &format!("<script>console.log('begun')</script><script>{script}</script>"),
            &[&["--quiet", "--errors", "line"], arguments].concat(),
        );
        assert_eq!(ran.out, "begun\n", "{script}");
        assert!(ran.err.contains(message), "{script}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{script}: {}", ran.err);
        assert_eq!(ran.code, Some(3), "{script}");
    }
}

/// A crash of the script engine causes one line and an exit status.
#[test]
fn crash_of_the_engine_is_reported() {
    let nested = format!(
        "<script>x = {}{}</script>",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let directory = files(&[("page.html", &nested)]);
    let ran = framepost(directory.path(), &["run", "page.html", "--quiet"]);
    assert!(
        matches!(ran.code, Some(1 | 3)),
        "{:?}: {}",
        ran.code,
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);

    let ran = run(
        "<script>let text = 'x'; for (;;) text += text</script>",
        &["--quiet", "--max-memory", "600"],
    );
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
}

#[test]
fn two_runs_are_equal_to_the_byte() {
    let page = "<script>
        console.log(Math.random(), Date.now(), performance.now());
        setTimeout(() => console.log(new Date().toISOString()), 1234);
    </script>";
    let first = run(page, &[]);
    let second = run(page, &[]);
    assert_eq!(first.out, second.out);
    assert_eq!(first.code, Some(0));
}

#[test]
fn wall_clock_is_real_time() {
    // Virtual time begins with the year 2025 and jumps over an hour.
    let page =
        "<script>setTimeout(() => console.log(new Date().getFullYear() > 2025), 20)</script>";
    let ran = run(page, &["--quiet", "--clock", "wall"]);
    assert_eq!((ran.out.as_str(), ran.code), ("true\n", Some(0)));
    let ran = run(page, &["--quiet", "--clock", "virtual"]);
    assert_eq!((ran.out.as_str(), ran.code), ("false\n", Some(0)));
    let ran = run(page, &["--clock", "sundial"]);
    assert_eq!(ran.code, Some(2));
}
