//! `framepost run --trace`.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use support::{files, framepost};

mod support;

const DOCUMENTS: [&str; 2] = ["../../docs/tracing.md", "../../README.md"];
const FIXTURE: &str = "../../fixtures/mdn-channel-messaging/index.html";

/// `UPDATE_EXPECT=1` writes the diagram into the documents.
#[test]
fn documents_show_the_diagram_that_the_command_writes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().unwrap();
    let fixture = here.join(FIXTURE);
    let page = fixture.to_str().unwrap();
    let ran = framepost(
        directory.path(),
        &["run", "--quiet", "--trace", "out.mmd", page],
    );
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let diagram = std::fs::read_to_string(directory.path().join("out.mmd")).unwrap();

    for document in DOCUMENTS {
        let text = std::fs::read_to_string(here.join(document)).unwrap();
        let (before, rest) = text.split_once("```mermaid\n").unwrap();
        let (shown, after) = rest.split_once("```\n").unwrap();
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let text = format!("{before}```mermaid\n{diagram}```\n{after}");
            std::fs::write(here.join(document), text).unwrap();
        } else {
            assert_eq!(shown, diagram, "{document}");
        }
    }
}

#[test]
fn readme_shows_what_the_command_prints() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("../../README.md")).unwrap();
    let (_, rest) = text.split_once("```console\n$ framepost ").unwrap();
    let (session, _) = rest.split_once("```\n").unwrap();
    let (command, shown) = session.split_once('\n').unwrap();
    let (options, fixture) = command.rsplit_once(' ').unwrap();
    let directory = tempfile::tempdir().unwrap();
    let page = here.join("../..").join(fixture);
    let mut arguments: Vec<&str> = options.split(' ').collect();
    arguments.push(page.to_str().unwrap());
    let ran = framepost(directory.path(), &arguments);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (shown, ""));
}

#[test]
fn trace_events_are_json_and_two_runs_write_the_same() {
    let html = "<script>const { port1, port2 } = new MessageChannel(); port2.onmessage = () => {};
        port1.postMessage('x')</script>";
    let directory = files([("page.html", html)]);
    for file in ["a.json", "b.json"] {
        let ran = framepost(directory.path(), &["run", "page.html", "--trace", file]);
        assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    }
    let read = |file: &str| std::fs::read_to_string(directory.path().join(file)).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&read("a.json")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    assert!(
        events
            .iter()
            .any(|event| event["name"] == "message#1 arrives")
    );
    assert_eq!(read("a.json"), read("b.json"));
}

#[test]
fn unknown_trace_format_is_refused_before_the_page_runs() {
    let directory = files([("page.html", "<script>console.log('ran')</script>")]);
    let ran = framepost(
        directory.path(),
        &["run", "page.html", "--trace", "out.txt"],
    );
    assert_eq!(ran.out, "");
    assert!(
        ran.err
            .contains("cannot tell the format of the trace \"out.txt\""),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(2));
    assert!(!directory.path().join("out.txt").exists());
}

#[test]
fn unwritable_trace_file_is_named() {
    let directory = files([("page.html", "")]);
    let ran = framepost(
        directory.path(),
        &["run", "page.html", "--trace", "no/out.mmd"],
    );
    assert!(
        ran.err.contains("cannot write \"no/out.mmd\""),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(2));
}

#[test]
fn message_beyond_the_limit_is_dropped_and_reported() {
    let html = "<script>const { port1, port2 } = new MessageChannel();
        for (let n = 0; n < 3; n++) port1.postMessage(n);
        port2.onmessage = (event) => console.log(event.data)</script>";
    let directory = files([("page.html", html)]);
    let arguments = ["run", "--quiet", "page.html", "--max-port-messages", "2"];
    let ran = framepost(directory.path(), &arguments);
    assert_eq!(ran.out, "0\n1\n");
    assert!(ran.err.contains("message#3"), "{}", ran.err);
    assert!(
        ran.err.contains("a limit on waiting messages was reached"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(3));
    let ran = framepost(directory.path(), &arguments[..3]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("0\n1\n2\n", ""));
}

#[test]
fn first_dropped_messages_are_reported_and_the_rest_counted() {
    let html = "<script>const { port1 } = new MessageChannel();
        for (let n = 0; n < 1000; n++) port1.postMessage(n)</script>";
    let directory = files([("page.html", html)]);
    let arguments = ["run", "--quiet", "page.html", "--max-port-messages", "2"];
    let ran = framepost(directory.path(), &arguments);
    assert_eq!(ran.err.lines().count(), 11, "{}", ran.err);
    assert!(ran.err.contains("message#12 from"), "{}", ran.err);
    assert!(
        ran.err
            .contains("\n988 more messages were dropped: a limit"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(3));
}

/// A page whose messages end for many reasons.
const ENDS: &str =
    "<iframe srcdoc='x'></iframe><iframe srcdoc='x'></iframe><script>onload = () => {
    const channel = () => new MessageChannel();
    frames[0].postMessage('another origin', 'http://elsewhere.test');
    const carried = channel();
    frames[0].postMessage('a port is in it', 'http://elsewhere.test', [carried.port2]);
    carried.port1.postMessage('to the port in it');
    frames[1].postMessage('the window goes', '*');
    document.querySelectorAll('iframe')[1].remove();
    const closed = channel();
    closed.port1.postMessage('closed'); closed.port2.close();
    closed.port1.postMessage('no peer');
    const own = channel();
    own.port1.postMessage('its own peer', [own.port2]);
    const from = new BroadcastChannel('x'), to = new BroadcastChannel('x');
    from.postMessage('closed'); to.close();
    globalThis.waits = channel();
    waits.port1.postMessage('is never started');
    postMessage('arrives', '*');
}</script>";

/// Every arrow begins in the slice of a post, and ends, if it does, later in that of an arrival or
/// a drop: so that Perfetto draws it.
#[test]
fn arrows_of_trace_events_begin_and_end_in_slices() {
    let directory = files([("page.html", ENDS)]);
    let ran = framepost(
        directory.path(),
        &["run", "--quiet", "page.html", "--trace", "a.json"],
    );
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let text = std::fs::read_to_string(directory.path().join("a.json")).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&text).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let number = |event: &serde_json::Value, of: &str| event[of].as_f64().unwrap();
    let of_kind = |kind: &'static str| events.iter().filter(move |event| event["ph"] == kind);
    let slice_of = |arrow: &serde_json::Value| {
        let mut slices = of_kind("X").filter(|slice| {
            let (begin, at) = (number(slice, "ts"), number(arrow, "ts"));
            slice["tid"] == arrow["tid"] && begin <= at && at < begin + number(slice, "dur")
        });
        let slice = slices.next().unwrap();
        assert!(slices.next().is_none(), "two slices for {arrow}");
        assert_eq!(slice["args"]["message"], arrow["id"]);
        slice["name"].as_str().unwrap()
    };
    let mut open = Vec::new();
    for begin in of_kind("s") {
        assert!(slice_of(begin).starts_with("post message#"), "{begin}");
        let mut ends = of_kind("f").filter(|end| end["id"] == begin["id"]);
        match ends.next() {
            Some(end) => {
                assert!(number(end, "ts") > number(begin, "ts"));
                let title = slice_of(end);
                assert!(title.ends_with("arrives") || title.ends_with("is dropped"));
            }
            None => open.push(begin["id"].as_u64().unwrap()),
        }
        assert!(ends.next().is_none(), "two ends of {begin}");
    }
    assert_eq!(of_kind("s").count(), 10);
    assert_eq!(of_kind("f").count(), 9);
    assert_eq!(
        open.len(),
        1,
        "one message waits at a port that is not started"
    );
    assert!(!text.contains("99999"), "times are what they are");
    let said = format!("message#{} still waits: half#", open[0]);
    assert!(text.contains(&said), "{said}");
}

#[test]
fn waiting_messages_are_named_at_the_end() {
    let html = "<iframe srcdoc='<script>onmessage = ({ ports: [port] }) => {
           port.addEventListener(\"message\", () => {});
         }</script>'></iframe><script>onload = () => {
           const { port1, port2 } = new MessageChannel();
           globalThis.kept = port1;
           port2.start();
           port1.postMessage('waits');
           frames[0].postMessage('the port', '*', [port2]);
           const started = new MessageChannel();
           started.port1.onmessage = () => {};
           started.port2.postMessage('arrives');
         }</script>";
    let directory = files([("page.html", html)]);
    let arguments = ["run", "--quiet", "page.html", "--trace", "a.mmd"];
    let ran = framepost(directory.path(), &arguments);
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let text = std::fs::read_to_string(directory.path().join("a.mmd")).unwrap();
    let waiting: Vec<&str> = text.lines().filter(|line| line.contains("still")).collect();
    let expected = "    Note over p1: message#35;1 still waits: half#35;2 has not been started";
    assert_eq!(waiting, [expected]);
}

#[test]
fn trace_shows_storage_events_and_locks() {
    let page = "<iframe src=frame.html></iframe><script>
        onload = () => {
          localStorage.a = 1;
          navigator.locks.request('l', () => {});
          navigator.locks.request('l', { mode: 'shared' }, () => {});
        };
        </script>";
    let directory = files([("page.html", page), ("frame.html", "<p>")]);
    let read = |file: &str| {
        let arguments = ["run", "--quiet", "page.html", "--trace", file];
        let ran = framepost(directory.path(), &arguments);
        assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
        std::fs::read_to_string(directory.path().join(file)).unwrap()
    };
    let diagram = read("out.mmd");
    for part in [
        "local storage to local storage, 4 bytes",
        "exclusive lock \"l\": held",
        "shared lock \"l\": waiting",
        "exclusive lock \"l\": released",
        "shared lock \"l\": held",
        "shared lock \"l\": released",
    ] {
        assert!(diagram.contains(part), "{part}: {diagram}");
    }
    let trace: serde_json::Value = serde_json::from_str(&read("out.json")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let names: Vec<&str> = events
        .iter()
        .filter_map(|event| event["name"].as_str())
        .collect();
    for stage in ["waiting", "held", "released"] {
        let name = format!("lock \"l\": {stage}");
        assert!(names.contains(&name.as_str()), "{names:?}");
    }
    let posted = events
        .iter()
        .find(|event| event["name"] == "post message#1")
        .unwrap();
    let from = posted["args"]["from"].as_str().unwrap();
    assert!(from.starts_with("local storage ("), "{from}");
}
