//! `framepost run --har` and `--har-replay`.

#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use support::{files, framepost};

mod support;

const PAGE: &str =
    "<iframe src=frame.html></iframe><script src=script.js></script><script type=module>
    const post = async (body) => (await fetch('http://api.test/', { method: 'POST', body })).text();
    console.log(await post('1'), await post('2'), (await fetch('/gone')).status);
    const bytes = await (await fetch('bytes.bin?a=b%20c')).bytes();
    console.log([...bytes].join());
    setTimeout(async () => {
        console.log(await fetch('http://other.test/x').catch(String));
    }, 1500);
    </script>";

fn run(directory: &std::path::Path, arguments: &[&str]) -> support::Ran {
    framepost(
        directory,
        &[&["run", "--quiet", "--offline"], arguments].concat(),
    )
}

fn read(directory: &std::path::Path, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(directory.join(file)).unwrap()).unwrap()
}

/// A directory in which a run was recorded as `run.har`.
fn recorded() -> (tempfile::TempDir, support::Ran) {
    let directory = files([
        ("page.html", PAGE),
        ("frame.html", "frame"),
        ("script.js", "console.log('script')"),
        ("answer.txt", "answer"),
    ]);
    std::fs::write(directory.path().join("bytes.bin"), [0xff, 0x00, 0x0a]).unwrap();
    let routes = [
        "--route",
        "http://api.test/=answer.txt",
        "--route",
        "/gone=410",
    ];
    let arguments = [&["page.html", "--har", "run.har"], &routes[..]].concat();
    let ran = run(directory.path(), &arguments);
    (directory, ran)
}

#[test]
fn archive_has_all_requests_with_the_times_of_the_page() {
    let (directory, ran) = recorded();
    assert_eq!(
        ran.out,
        "script\nanswer answer 410\n255,0,10\nTypeError: Failed to fetch\n"
    );
    let text = std::fs::read(directory.path().join("run.har")).unwrap();
    let (again, _) = recorded();
    assert_eq!(text, std::fs::read(again.path().join("run.har")).unwrap());

    let log = &read(directory.path(), "run.har")["log"];
    assert_eq!(log["version"], "1.2");
    assert_eq!(log["creator"]["name"], "Framepost");
    let entries = log["entries"].as_array().unwrap();
    let seen: Vec<String> = entries
        .iter()
        .map(|entry| {
            let (request, response) = (&entry["request"], &entry["response"]);
            let kind = entry["_resourceType"].as_str().unwrap();
            format!(
                "{} {} {} {kind}",
                request["method"], request["url"], response["status"]
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "\"GET\" \"http://localhost/page.html\" 200 document",
            "\"GET\" \"http://localhost/frame.html\" 200 document",
            "\"GET\" \"http://localhost/script.js\" 200 script",
            "\"POST\" \"http://api.test/\" 200 fetch",
            "\"POST\" \"http://api.test/\" 200 fetch",
            "\"GET\" \"http://localhost/gone\" 410 fetch",
            "\"GET\" \"http://localhost/bytes.bin?a=b%20c\" 200 fetch",
            "\"GET\" \"http://other.test/x\" 0 fetch",
        ]
    );
    assert_eq!(entries[0]["startedDateTime"], "2025-01-01T00:00:00Z");
    assert_eq!(entries[7]["startedDateTime"], "2025-01-01T00:00:01.5Z");
    assert_eq!(entries[4]["request"]["postData"]["text"], "2");
    let bytes = &entries[6];
    assert_eq!(
        bytes["request"]["queryString"],
        json!([{ "name": "a", "value": "b c" }])
    );
    assert_eq!(bytes["response"]["content"]["text"], "/wAK");
    assert_eq!(bytes["response"]["content"]["encoding"], "base64");
    assert!(
        entries[7]["response"]["_error"]
            .as_str()
            .unwrap()
            .contains("no loader serves")
    );
}

#[test]
fn archive_answers_in_place_of_files_and_network() {
    let (directory, before) = recorded();
    let arguments = ["http://localhost/page.html", "--har-replay", "run.har"];
    let ran = framepost(
        directory.path(),
        &[&["run", "--quiet"], &arguments[..]].concat(),
    );
    assert_eq!(ran.out, before.out);
    assert!(
        ran.err.ends_with("not answered: GET http://other.test/x\n"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(0));
    // It may be recorded at the same time, and then answers itself.
    let again = ["--har", "run.har"];
    let ran = run(directory.path(), &[&arguments[..], &again].concat());
    assert_eq!(ran.out, before.out);
}

/// An archive as a browser writes it: of HTTP/2, with a preflight that is absent and a body that was left out.
fn of_a_browser() -> String {
    let entry = |method: &str, url: &str, answer: Value| {
        json!({
            "startedDateTime": "2024-05-05T10:00:00.000Z", "time": 30.5, "_priority": "High",
            "request": { "method": method, "url": url, "httpVersion": "h2", "headers": [], "cookies": [] },
            "response": answer, "cache": {}, "timings": { "send": 1, "wait": 29, "receive": 0.5 },
        })
    };
    let text = |text: &str| {
        json!({
            "status": 200, "statusText": "", "httpVersion": "h2",
            "headers": [
                { "name": ":status", "value": "200" },
                { "name": "Content-Type", "value": "text/plain; charset=iso-8859-1" },
                { "name": "Access-Control-Allow-Origin", "value": "*" },
            ],
            "content": { "size": 3, "mimeType": "text/plain", "text": text },
            "redirectURL": "",
        })
    };
    let left_out = json!({
        "status": 200, "headers": [], "content": { "size": 30, "mimeType": "text/plain" },
    });
    let har = json!({ "log": {
        "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" }, "pages": [],
        "entries": [
            entry("GET", "http://api.test/a", text("é")),
            entry("GET", "http://api.test/a", text("second")),
            entry("PUT", "http://api.test/a", text("put")),
            entry("GET", "http://api.test/left-out", left_out),
            entry("GET", "http://api.test/blocked", json!({ "status": 0, "headers": [] })),
            entry("GET", "wss://api.test/socket", json!({ "status": 101, "headers": [] })),
        ],
    }});
    format!("\u{feff}{har:#}")
}

#[test]
fn archive_of_a_browser_answers() {
    let page = "<script type=module>
        const get = async (path, method = 'GET') => {
            try {
                return await (await fetch('http://api.test/' + path, { method })).text();
            } catch { return 'none' }
        };
        const start = performance.now();
        const bytes = await (await fetch('http://api.test/a')).bytes();
        console.log([...bytes].join(), Math.floor(performance.now() - start));
        console.log(await get('a'), await get('a'), await get('a', 'PUT'), await get('a', 'DELETE'));
        console.log(await get('left-out'), await get('blocked'), await get('socket'));
        </script>";
    let directory = files([("page.html", page), ("b.har", &of_a_browser())]);
    let ran = run(directory.path(), &["page.html", "--har-replay", "b.har"]);
    assert_eq!(ran.out, "233 30\nsecond second put none\nnone none none\n");
    let unanswered: Vec<&str> = ran
        .err
        .lines()
        .filter(|line| line.starts_with("not "))
        .collect();
    assert_eq!(
        unanswered,
        [
            "not answered: GET http://api.test/blocked",
            "not answered: GET http://api.test/left-out",
            "not answered: GET http://api.test/socket",
            "not answered: OPTIONS http://api.test/a",
        ]
    );
    assert_eq!(ran.code, Some(0));
}

#[test]
fn file_of_somebody_else_is_not_overwritten() {
    for content in ["my notes", "{}", &of_a_browser()] {
        let directory = files([
            ("page.html", "<script>console.log(1)</script>"),
            ("x.har", content),
        ]);
        let ran = run(directory.path(), &["page.html", "--har", "x.har"]);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)));
        assert!(
            ran.err.contains("the HAR \"x.har\": it exists"),
            "{}",
            ran.err
        );
        let after = std::fs::read_to_string(directory.path().join("x.har")).unwrap();
        assert_eq!(after, content);
    }
}

#[test]
fn malformed_archive_is_refused_with_its_place() {
    let entry = |request: &str, status: &str, content: &str| {
        format!(
            "{{\"log\": {{\"entries\": [\n{{\"request\": {request},\n\
             \"response\": {{\"status\": {status}, \"content\": {content}}}}}\n]}}}}"
        )
    };
    let good = "{\"method\": \"GET\", \"url\": \"http://a.test/\"}";
    for (text, message) in [
        ("{\"log\":\n".to_owned(), "x.har:2:"),
        ("[]".to_owned(), "x.har:1:"),
        (
            "{\"log\": {\"entries\": 5}}".to_owned(),
            "x.har:1:21: invalid type",
        ),
        (
            entry("{\"method\": \"GET\"}", "200", "{}"),
            "missing field `url`",
        ),
        (
            entry("{\"method\": \"GET\", \"url\": \"x\"}", "200", "{}"),
            "\"x\" is not a URL",
        ),
        (entry(good, "999", "{}"), "999 is not a status"),
        (entry(good, "\"200\"", "{}"), "x.har:3:"),
        (
            entry(good, "200", "{\"text\": \"?\", \"encoding\": \"base64\"}"),
            "the body is not base64",
        ),
        (
            entry(good, "200", "{\"text\": \"?\", \"encoding\": \"gzip\"}"),
            "\"gzip\" is not an encoding",
        ),
    ] {
        let page = "<script>console.log(1)</script>";
        let directory = files([("page.html", page), ("x.har", &text), ("t.json", "kept")]);
        let arguments = [
            "page.html",
            "--har-replay",
            "x.har",
            "--har",
            "x.har",
            "--trace",
            "t.json",
        ];
        let ran = run(directory.path(), &arguments);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)), "{text}");
        assert!(
            ran.err.contains(message) && ran.err.contains("x.har:"),
            "{}",
            ran.err
        );
        for (file, content) in [("x.har", text.as_str()), ("t.json", "kept")] {
            assert_eq!(
                std::fs::read_to_string(directory.path().join(file)).unwrap(),
                content
            );
        }
    }
    let directory = files([("page.html", "")]);
    let ran = run(
        directory.path(),
        &["page.html", "--har-replay", "absent.har"],
    );
    assert!(
        ran.err.contains("cannot read the HAR \"absent.har\""),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(2));
}
