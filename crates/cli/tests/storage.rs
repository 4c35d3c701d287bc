//! `framepost run --storage`.

#![allow(clippy::unwrap_used, missing_docs)]

use support::{files, framepost};

mod support;

const COUNTER: &str = "<script>
    console.log(localStorage.count, localStorage.length);
    localStorage.count = 1 + Number(localStorage.count ?? 0);
    localStorage['\\ud800'] = '\\u00e9';
    sessionStorage.gone = 1;
    </script>";

#[test]
fn storage_is_kept_over_runs_and_empty_by_default() {
    let directory = files([("page.html", COUNTER)]);
    let run = |arguments: &[&str]| {
        let arguments = [&["run", "--quiet", "page.html"], arguments].concat();
        let ran = framepost(directory.path(), &arguments);
        assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
        ran.out
    };
    assert_eq!(run(&["--storage", "s.json"]), "undefined 0\n");
    let first = std::fs::read_to_string(directory.path().join("s.json")).unwrap();
    assert_eq!(run(&["--storage", "s.json"]), "1 2\n");
    assert_eq!(run(&["--storage", "s.json"]), "2 2\n");
    assert_eq!(run(&[]), "undefined 0\n");
    let content: serde_json::Value = serde_json::from_str(&first).unwrap();
    let expected = serde_json::json!({ "localStorage": [{
        "origin": "http://localhost",
        "items": [["count", "1"], [[0xd800], "é"]],
    }]});
    assert_eq!(content, expected);
}

#[test]
fn malformed_storage_is_refused_with_its_place_and_not_changed() {
    let area = |text: &str| format!("{{\"localStorage\": [\n{text}\n]}}\n");
    for (text, place) in [
        ("{".to_owned(), "s.json:1:1: EOF while parsing"),
        (
            area("{\"origin\": \"http://a.test\"}"),
            "s.json:2:27: missing field `items`",
        ),
        (
            area("{\"origin\": \"a.test\", \"items\": []}"),
            "\"a.test\" is not an origin",
        ),
        (
            area("{\"origin\": \"http://a.test\", \"items\": [[1, \"x\"]]}"),
            "s.json:2:",
        ),
        (
            area("{\"origin\": \"http://a.test\", \"items\": [], \"x\": 1}"),
            "unknown field `x`",
        ),
        ("[]".to_owned(), "s.json:1:"),
    ] {
        let directory = files([("page.html", COUNTER), ("s.json", &text)]);
        let arguments = ["run", "page.html", "--storage", "s.json"];
        let ran = framepost(directory.path(), &arguments);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)), "{text}");
        assert!(
            ran.err.contains(place) && ran.err.contains("s.json:"),
            "{}",
            ran.err
        );
        let after = std::fs::read_to_string(directory.path().join("s.json")).unwrap();
        assert_eq!(after, text);
    }
}

#[test]
fn storage_that_cannot_be_used_is_named() {
    let directory = files([("page.html", COUNTER), ("folder/x", "")]);
    for file in ["folder", "none/s.json"] {
        let ran = framepost(directory.path(), &["run", "page.html", "--storage", file]);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)));
        assert!(
            ran.err.contains(&format!("the storage {file:?}")),
            "{}",
            ran.err
        );
    }
}

#[test]
fn storage_limit_is_an_option() {
    let page = "<script>
        try { localStorage.a = 'x'.repeat(10) } catch (error) { console.log(error.message) }
        </script>";
    let directory = files([("page.html", page)]);
    let arguments = ["run", "--quiet", "page.html", "--max-storage", "20"];
    let ran = framepost(directory.path(), &arguments);
    assert!(
        ran.out
            .contains("needs 22 bytes, but the quota is 20 bytes"),
        "{}",
        ran.out
    );
}
