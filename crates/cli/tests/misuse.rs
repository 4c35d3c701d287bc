//! Misuses of the command, and folders with hostile content: each ends by itself, with the right status and a
//! message.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Ran, framepost};

mod support;

const PAGE: &str = "<p>text<script>console.log('one'); console.log('two')</script>";
const HARNESS: &str = "
    let complete;
    self.add_completion_callback = (callback) => { complete = callback };
    self.setup = () => {};
    addEventListener('load', () => complete([{ name: 'fine', status: 0, message: null }],
                                            { status: 0, message: null }));
";
/// No limit of the engine ends this page.
const ENDLESS: &str =
    "<script>const f = () => { for (let i = 0; i < 1e7; i++); }; for (;;) f()</script>";
const TEST: &str = "<script src=testharness.js></script>";

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn link(to: &str, path: &Path) {
    std::os::unix::fs::symlink(to, path).unwrap();
}

/// Runs a line of a shell, in which `$F` is the command.
fn shell(directory: &Path, line: &str) -> Ran {
    let output = Command::new("bash")
        .args(["-c", line])
        .current_dir(directory)
        .env("F", env!("CARGO_BIN_EXE_framepost"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn site() -> tempfile::TempDir {
    support::files([
        ("page.html", PAGE),
        ("test.html", TEST),
        ("testharness.js", HARNESS),
        ("fixture/index.html", PAGE),
        ("fixture/expected.txt", "something else\n"),
    ])
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let directory = site();
    for command in [
        "run page.html",
        "check fixture",
        "test test.html",
        "--help",
        "--version",
        "run --help",
    ] {
        let ran = shell(directory.path(), &format!("$F {command} > /dev/full"));
        assert_eq!(ran.code, Some(2), "{command}: {}", ran.err);
        assert!(
            ran.err.contains("cannot write to standard output"),
            "{command}: {}",
            ran.err
        );
        assert_eq!(ran.err.lines().count(), 1, "{command}: {}", ran.err);
    }
    let ran = shell(directory.path(), "$F run page.html 2> /dev/full");
    assert_eq!(ran.code, Some(0), "nothing was to be written");
    std::fs::write(
        directory.path().join("warns.html"),
        "<script>console.warn(1)</script>",
    )
    .unwrap();
    let ran = shell(directory.path(), "$F run warns.html 2> /dev/full");
    assert_eq!(ran.code, Some(2));
}

#[test]
fn closed_output_pipe_is_not_an_error() {
    let directory = site();
    let long =
        "<script>for (let i = 0; i < 20000; i++) console.log('a line of some length', i)</script>";
    std::fs::write(directory.path().join("long.html"), long).unwrap();
    for command in ["run long.html", "check fixture", "test test.html", "--help"] {
        let line = format!("$F {command} | head -c 1; exit ${{PIPESTATUS[0]}}");
        let ran = shell(directory.path(), &line);
        let expected = i32::from(command.starts_with("check"));
        assert_eq!(ran.code, Some(expected), "{command}: {}", ran.err);
        assert_eq!(ran.err, "", "{command}");
    }
    for command in ["run page.html", "test test.html"] {
        let ran = shell(directory.path(), &format!("$F {command} >&-"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{command}");
    }
}

#[test]
fn invalid_options_are_refused_before_the_run() {
    let directory = site();
    std::fs::create_dir(directory.path().join("folder.json")).unwrap();
    pipe(&directory.path().join("pipe.json"));
    for (command, message) in [
        (
            "run page.html --click '(('",
            "\"((\" is not a valid selector",
        ),
        ("run page.html --trace no/such.json", "cannot write"),
        ("run page.html --trace folder.json", "cannot write"),
        ("run page.html --trace pipe.json", "nobody reads this pipe"),
        ("run page.html --trace trace.txt", "cannot tell the format"),
        (
            "run page.html --max-memory 10",
            "too small: a page needs at least 64 MiB",
        ),
        ("run page.html --max-memory many", "--max-memory"),
        (
            "run page.html --max-memory 99999999999999999999999",
            "--max-memory",
        ),
        (
            "run page.html --max-stack 1",
            "too small: a page needs at least 8 MiB",
        ),
        ("run page.html --max-stack 999999999", "too large"),
        ("run page.html --max-time nan", "--max-time"),
        ("run page.html --max-time inf", "--max-time"),
        ("run page.html --wall-time=-1", "--wall-time"),
        ("run page.html --max-tasks 1.5", "--max-tasks"),
        ("run ''", ""),
        ("run page.html/", ""),
        ("run page.html page.html", ""),
        ("test test.html --jobs 0", "from 1 to 1024"),
        ("test test.html --jobs 100000", "from 1 to 1024"),
        ("test test.html --report folder.json", "cannot write"),
        (
            "test test.html --report pipe.json",
            "nobody reads this pipe",
        ),
        ("test test.html --write-expect no/such", "cannot write"),
        ("test test.html --expect folder.json", "cannot read"),
        ("test ''", ""),
        ("check page.html", ""),
        ("check ''", ""),
        ("check folder.json", "folder.json is not a fixture"),
        ("inside-guard", ""),
        ("inside-guard 0,1", ""),
        ("inside-guard x run page.html", ""),
        ("test-page", ""),
    ] {
        let ran = shell(directory.path(), &format!("$F {command}"));
        assert_eq!(ran.code, Some(2), "{command}: {}", ran.err);
        assert!(ran.err.contains(message), "{command}: {}", ran.err);
        assert!(!ran.err.is_empty(), "{command}");
        assert!(!ran.err.contains("panicked"), "{command}: {}", ran.err);
        assert_eq!(ran.out, "", "{command}");
    }
    let full = shell(
        directory.path(),
        "$F test test.html --report /dev/full; exit $?",
    );
    assert_eq!(full.code, Some(2), "{}", full.err);
    assert!(full.err.contains("/dev/full"), "{}", full.err);
}

#[test]
fn pipe_that_is_named_is_read_within_the_limits() {
    let directory = site();
    for command in [
        "cat page.html | $F run /dev/stdin",
        "$F run <(cat page.html)",
        "mkfifo named && (cat page.html > named &) && $F run named",
    ] {
        let ran = shell(directory.path(), command);
        assert_eq!(ran.code, Some(0), "{command}: {}", ran.err);
        assert!(ran.out.starts_with("one\ntwo\n"), "{command}: {}", ran.out);
        assert!(ran.out.ends_with("  text\n"), "{command}: {}", ran.out);
    }
    let ran = shell(
        directory.path(),
        "cat test.html | $F test /dev/stdin --root .",
    );
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let ran = shell(directory.path(), "$F run /dev/zero --max-load 1");
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(
        ran.err.contains("larger than the limit of 1 MiB"),
        "{}",
        ran.err
    );
    let ran = shell(
        directory.path(),
        "mkfifo silent; $F run silent --wall-time 1",
    );
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(
        ran.err.contains("still waiting for the end of silent"),
        "{}",
        ran.err
    );
    let ran = shell(directory.path(), "$F test silent --wall-time 1");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("silent: no end after 1 s"), "{}", ran.err);
}

#[test]
fn malformed_folder_fails_only_its_rows() {
    let directory = site();
    let path = |name: &str| directory.path().join("t").join(name);
    std::fs::create_dir(directory.path().join("t")).unwrap();
    std::fs::write(path("fine.html"), TEST).unwrap();
    std::fs::write(path("testharness.js"), HARNESS).unwrap();
    pipe(&path("pipe.html"));
    link("..", &path("up"));
    link("gone", &path("gone.html"));
    link("/dev/zero", &path("zero.html"));
    File::create(path("large.html"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let ran = shell(directory.path(), "$F test t");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(
        ran.out,
        "OK         1 of 1    t/fine.html\n\
         ERROR      0 of 0    t/large.html\n    ERROR: cannot be read: larger than 64 MiB\n\
         ERROR      0 of 0    t/gone.html\n    \
         ERROR: cannot be read: No such file or directory (os error 2)\n\
         1 passed, 2 failed\n"
    );
    std::fs::create_dir(directory.path().join("resources")).unwrap();
    std::fs::rename(
        path("testharness.js"),
        directory.path().join("resources/testharness.js"),
    )
    .unwrap();
    std::fs::write(
        path("fine.html"),
        "<script src=/resources/testharness.js></script>",
    )
    .unwrap();
    let ran = shell(directory.path(), "$F test --wpt . /t");
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert_eq!(
        ran.out,
        "OK         1 of 1    /t/fine.html\n\
         ERROR      0 of 0    /t/large.html\n    ERROR: cannot be read: larger than 64 MiB\n\
         1 passed, 1 failed\n"
    );
}

#[test]
fn unknown_name_fails_only_its_row() {
    let directory = site();
    let ran = shell(directory.path(), "$F test nowhere.html test.html");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(
        ran.out,
        "ERROR      0 of 0    nowhere.html\n    \
         ERROR: no such file or directory: nowhere.html\n\
         OK         1 of 1    test.html\n1 passed, 1 failed\n"
    );
}

#[test]
fn page_finds_only_regular_files() {
    let page = "<script src=pipe.js onerror=\"console.log('no pipe')\"></script>\
                <script src=large.js onerror=\"console.log('not large')\"></script>\
                <iframe src=folder></iframe>";
    let directory = support::files([("page.html", page)]);
    pipe(&directory.path().join("pipe.js"));
    File::create(directory.path().join("large.js"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    std::fs::create_dir(directory.path().join("folder")).unwrap();
    pipe(&directory.path().join("folder/index.html"));
    let ran = framepost(directory.path(), &["run", "page.html", "--quiet"]);
    assert_eq!(ran.out, "no pipe\nnot large\n", "{}", ran.err);
}

#[test]
fn crashing_fixture_fails_only_itself() {
    let directory = support::files([
        ("loops/a/index.html", ENDLESS),
        ("loops/b/index.html", "<p>fine"),
        (
            "loops/b/expected.txt",
            "http://localhost/index.html\n  fine\n",
        ),
        ("b-differs/index.html", PAGE),
        ("c-toml/fixture.toml", "page = 3"),
        (
            "d-heap/index.html",
            "<script>const all = [], text = 'x'.repeat(4e6); for (;;) all.push(text + all.length)</script>",
        ),
        ("e-fine/index.html", "<p>fine"),
        (
            "e-fine/expected.txt",
            "http://localhost/index.html\n  fine\n",
        ),
        ("h-expected/index.html", "<p>fine"),
        ("i-link/index.html", "<p>fine"),
        ("outside.txt", "outside"),
    ]);
    let path = |name: &str| directory.path().join(name);
    std::fs::create_dir_all(path("f-page")).unwrap();
    pipe(&path("f-page/index.html"));
    std::fs::create_dir_all(path("g-toml")).unwrap();
    pipe(&path("g-toml/fixture.toml"));
    pipe(&path("h-expected/expected.txt"));
    link("../outside.txt", &path("i-link/expected.txt"));
    let arguments = ["check", ".", "--max-memory", "512"];
    let ran = framepost(directory.path(), &arguments);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
    for line in [
        "./c-toml/fixture.toml: ",
        "./d-heap: stopped: out of memory: the page needs more than 512 MiB (--max-memory)",
        "./f-page/index.html: not a regular file",
        "./g-toml/fixture.toml: not a regular file",
        "./h-expected/expected.txt: not a regular file",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    assert!(ran.out.contains("./b-differs: differs\n"), "{}", ran.out);
    assert!(ran.out.contains("./e-fine: same\n"), "{}", ran.out);

    let ran = framepost(directory.path(), &["check", "loops", "--wall-time", "10"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert_eq!(
        ran.err,
        "framepost: loops/a: stopped: not finished after 10 s of wall time (--wall-time)\n"
    );
    assert_eq!(ran.out, "loops/b: same\n");
    let ran = framepost(directory.path(), &["check", "i-link", "--bless"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("it is a link"), "{}", ran.err);
    let outside = std::fs::read_to_string(path("outside.txt")).unwrap();
    assert_eq!(outside, "outside");
}

/// The heap and the stack have their own messages, which name the option.
#[test]
fn limits_on_memory_name_their_options() {
    let heap = "<script>const all = [], text = 'x'.repeat(4e6); for (;;) all.push(text + all.length)</script>";
    let stack =
        "<script>let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x</script>";
    let directory = support::files([("heap.html", heap), ("stack.html", stack)]);
    let ran = framepost(
        directory.path(),
        &["run", "heap.html", "--max-memory", "256"],
    );
    assert_eq!(
        ran.err,
        "framepost: stopped: out of memory: the page needs more than 256 MiB (--max-memory)\n"
    );
    assert_eq!(ran.code, Some(3));
    let ran = framepost(directory.path(), &["run", "stack.html", "--max-stack", "8"]);
    assert_eq!(
        ran.err,
        "framepost: stopped: stack overflow: the page needs more than 8 MiB (--max-stack)\n"
    );
    assert_eq!(ran.code, Some(3));
}
