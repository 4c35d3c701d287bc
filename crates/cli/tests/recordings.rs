//! `framepost run --record` and `framepost replay`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;

use support::{Ran, files, framepost};

mod support;

const PAGE: &str = "<!DOCTYPE html><p>x</p><iframe src=frame.html></iframe><script src=s.js></script><script>
    console.log(Math.random(), performance.now() > 0, Date.now());
    onmessage = (event) => { console.log(event.data); document.querySelector('p').textContent = event.data };
    setTimeout(() => console.warn('timer'), 20);
    new Worker('w.js').onmessage = (event) => console.log('worker', event.data);
    fetchNothing = new Image;
    queueMicrotask(() => { null.property });
</script>";

fn site() -> tempfile::TempDir {
    files([
        ("page.html", PAGE),
        (
            "frame.html",
            "<script>parent.postMessage('é from frame', '*')</script>",
        ),
        ("s.js", "var s = 1"),
        ("w.js", "postMessage(1)"),
    ])
}

/// Records a run, and replays it in an empty directory.
fn record_and_replay(site: &Path, arguments: &[&str], replay: &[&str]) -> (Ran, Ran) {
    let run = [&["run", "page.html", "--record", "run.json"], arguments].concat();
    let recorded = framepost(site, &run);
    let empty = tempfile::tempdir().unwrap();
    std::fs::copy(site.join("run.json"), empty.path().join("run.json")).unwrap();
    let replayed = framepost(empty.path(), &[&["replay", "run.json"], replay].concat());
    (recorded, replayed)
}

#[test]
fn replay_is_the_same_to_the_byte_in_any_order() {
    let site = site();
    let orders: [&[&str]; 4] = [
        &[],
        &["--order-seed", "1"],
        &["--order-seed", "2", "--model", "browsers"],
        &[
            "--order-seed",
            "3",
            "--eval",
            "console.log(s)",
            "--dump",
            "html",
        ],
    ];
    let mut seen = std::collections::BTreeSet::new();
    for order in orders {
        let (recorded, replayed) = record_and_replay(site.path(), order, &[]);
        assert_eq!(recorded.code, Some(1), "{}", recorded.err);
        assert_eq!(replayed.code, recorded.code);
        assert_eq!(replayed.out, recorded.out);
        assert_eq!(replayed.err, recorded.err);
        seen.insert(recorded.out);
    }
    assert!(seen.len() > 1);
}

#[test]
fn recorded_run_prints_what_an_unrecorded_one_prints() {
    let site = site();
    let usual = framepost(site.path(), &["run", "page.html"]);
    let (recorded, _) = record_and_replay(site.path(), &[], &[]);
    assert_eq!((recorded.out, recorded.err), (usual.out, usual.err));
}

#[test]
fn replay_stops_after_a_number_of_tasks_and_evaluates_there() {
    let site = site();
    let look = [
        "--until",
        "1",
        "--eval",
        "console.log(frames.length, document.readyState)",
    ];
    let (_, replayed) = record_and_replay(site.path(), &[], &look);
    assert!(
        replayed.out.contains("\n1 loading\n") || replayed.out.starts_with("1 loading\n"),
        "{}",
        replayed.out
    );
    assert!(!replayed.out.contains("from frame"), "{}", replayed.out);
}

#[test]
fn damaged_and_other_recordings_are_refused() {
    let site = site();
    record_and_replay(site.path(), &[], &[]);
    let text = std::fs::read_to_string(site.path().join("run.json")).unwrap();
    let refused = |name: &str, text: &str| {
        std::fs::write(site.path().join(name), text).unwrap();
        let ran = framepost(site.path(), &["replay", name]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        ran.err
    };
    let cut = refused("cut.json", &text[..text.len() / 2]);
    assert!(
        cut.contains("\"cut.json\"") && cut.contains("line "),
        "{cut}"
    );
    let changed = refused("changed.json", &text.replace("from frame", "from Frame"));
    assert!(changed.contains("checksum"), "{changed}");
    let older = refused("older.json", "{\"format\": 0, \"version\": \"0.0.9\"}");
    assert!(
        older.contains("\"format\" is 0, written by framepost 0.0.9"),
        "{older}"
    );
    let other = refused("other.json", "\"x\"");
    assert!(other.contains("it is not a recording"), "{other}");
    let absent = framepost(site.path(), &["replay", "absent.json"]);
    assert_eq!(absent.code, Some(2));
    assert!(
        absent.err.contains("cannot read \"absent.json\""),
        "{}",
        absent.err
    );
}

/// The pages of the fixtures and of the races, each with the directory above it.
const PAGES: [&str; 24] = [
    "fixtures/chat/index.html",
    "fixtures/cross-origin/index.html",
    "fixtures/errors/index.html",
    "fixtures/frames-in-flight/index.html",
    "fixtures/leader-election/index.html",
    "fixtures/mdn-channel-messaging/index.html",
    "fixtures/modules/index.html",
    "fixtures/relay/index.html",
    "fixtures/tab-counter/index.html",
    "fixtures/workers/index.html",
    "crates/cli/tests/races/call-without-ready/racy.html",
    "crates/cli/tests/races/closed-before-reply/racy.html",
    "crates/cli/tests/races/closed-connection/racy.html",
    "crates/cli/tests/races/count-of-remaining/racy.html",
    "crates/cli/tests/races/created-twice/racy.html",
    "crates/cli/tests/races/expired-job/racy.html",
    "crates/cli/tests/races/late-model/racy.html",
    "crates/cli/tests/races/lost-update/racy.html",
    "crates/cli/tests/races/one-handshake/racy.html",
    "crates/cli/tests/races/reopened-log/racy.html",
    "crates/cli/tests/races/shared-request/racy.html",
    "crates/cli/tests/races/stale-answer/racy.html",
    "crates/cli/tests/races/two-frames-register/racy.html",
    "crates/cli/tests/races/worker-before-listener/racy.html",
];

#[test]
fn replay_of_each_fixture_is_the_same_to_the_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (number, page) in PAGES.iter().enumerate() {
        let page = root.join(page);
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("run.json");
        let file = file.to_str().unwrap();
        let seed = number.to_string();
        let name = page.file_name().unwrap().to_str().unwrap();
        let order = ["--order-seed", &seed];
        let arguments = [&["run", name, "--offline", "--record", file], &order[..]].concat();
        let recorded = framepost(page.parent().unwrap(), &arguments);
        let replayed = framepost(directory.path(), &["replay", "run.json"]);
        let page = page.display();
        assert_eq!(replayed.out, recorded.out, "{page}");
        assert_eq!(replayed.err, recorded.err, "{page}");
        assert_eq!(replayed.code, recorded.code, "{page}");
    }
}

/// Answers requests until the listener is gone: counts them, redirects, and returns bodies.
fn serve(stream: TcpStream, count: &mut u32) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    *count += 1;
    let path = request.split(' ').nth(1).unwrap_or("/");
    let (status, location, content) = match path {
        "/moved" => ("302 Found", "Location: /count\r\n", String::new()),
        "/count" => ("200 OK", "", count.to_string()),
        "/echo" => ("200 OK", "", String::from_utf8_lossy(&body).into_owned()),
        _ => ("404 Not Found", "", "lost".to_owned()),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{location}Connection: close\r\nAccess-Control-Allow-Origin: *\r\n\
         Content-Length: {}\r\nContent-Type: text/plain\r\n\r\n{content}",
        content.len()
    )
}

/// Starts a server, and returns its port.
fn server() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut count = 0;
        for stream in listener.incoming() {
            let _ = serve(stream.unwrap(), &mut count);
        }
    });
    port
}

/// A page that counts messages until the network has answered four requests.
fn race_with_the_network() -> String {
    let port = server();
    format!(
        "<script>
            let done = 0, turns = 0;
            const ask = async (path, options) => {{
                const response = await fetch('http://127.0.0.1:{port}' + path, options);
                console.log(path, await response.text(), turns);
                done++;
            }};
            ask('/count');
            ask('/count');
            ask('/moved');
            ask('/echo', {{ method: 'POST', body: 'x' }});
            onmessage = () => {{ turns++; if (done < 4) postMessage('') }};
            postMessage('');
            setTimeout(() => console.log('timer'), 1);
        </script>"
    )
}

#[test]
fn order_in_which_the_network_answers_is_in_the_recording() {
    let page = race_with_the_network();
    let site = files([("page.html", page.as_str())]);
    let orders: [&[&str]; 4] = [&[], &[], &["--order-seed", "1"], &["--order-seed", "2"]];
    for order in orders {
        let (recorded, replayed) = record_and_replay(site.path(), order, &[]);
        assert_eq!((recorded.code, recorded.err.as_str()), (Some(0), ""));
        assert_eq!(
            recorded.out.matches("/count").count(),
            2,
            "{}",
            recorded.out
        );
        assert_eq!((replayed.out, replayed.err), (recorded.out, recorded.err));
        assert_eq!(replayed.code, Some(0));
    }
}

#[test]
fn load_that_is_not_answered_in_time_fails_in_the_replay_too() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let page = format!(
        "<script>fetch('http://127.0.0.1:{port}/').catch((error) => console.log(error.name));
        postMessage(''); onmessage = () => console.log('message')</script>"
    );
    let site = files([("page.html", page.as_str())]);
    let (recorded, replayed) = record_and_replay(site.path(), &["--load-time", "0.2"], &[]);
    assert!(
        recorded.out.starts_with("message\nTypeError\n"),
        "{}",
        recorded.out
    );
    assert_eq!((replayed.out, replayed.err), (recorded.out, recorded.err));
    assert_eq!(replayed.code, recorded.code);
    drop(listener);
}

#[test]
fn exploration_asks_the_network_once_and_tries_the_orders_of_its_answers() {
    let port = server();
    let page = format!(
        "<script>
            const ask = (path) => fetch('http://127.0.0.1:{port}' + path).then((response) => response.text());
            ask('/count').then((count) => console.log('count', count));
            ask('/absent').then((text) => console.log(text));
        </script>"
    );
    let site = files([("page.html", page.as_str())]);
    let explored = framepost(site.path(), &["explore", "page.html", "--runs", "20"]);
    assert_eq!(explored.code, Some(1), "{}{}", explored.out, explored.err);
    assert!(
        explored.out.starts_with("2 outcomes in 20 runs"),
        "{}",
        explored.out
    );
    assert!(
        explored
            .out
            .contains("only the order of lines of the console differs"),
        "{}",
        explored.out
    );
    let named = format!(
        "the response for http://127.0.0.1:{port}/count, requested at http://localhost/page.html:2:"
    );
    assert!(explored.out.contains(&named), "{}", explored.out);
    // The server has counted the two requests of one run.
    let usual = framepost(site.path(), &["run", "page.html", "--quiet"]);
    assert!(
        usual.out.contains("count 3") || usual.out.contains("count 4"),
        "{}",
        usual.out
    );
}

#[test]
fn report_of_a_recording_shows_its_tasks() {
    let site = site();
    let (recorded, replayed) = record_and_replay(site.path(), &[], &[]);
    assert_eq!(replayed.out, recorded.out);
    let arguments = ["replay", "run.json", "--html", "run.html"];
    let ran = framepost(site.path(), &arguments);
    assert_eq!(
        (ran.out, ran.err),
        (recorded.out.clone(), recorded.err.clone())
    );
    let html = std::fs::read_to_string(site.path().join("run.html")).unwrap();
    let task = "the message from http://localhost/frame.html to http://localhost/page.html";
    assert!(html.contains(task) && html.contains("One run, "), "{html}");
    let ran = framepost(site.path(), &["run", "page.html", "--html", "run.html"]);
    assert_eq!((ran.out, ran.err), (recorded.out, recorded.err));
    let of_run = std::fs::read_to_string(site.path().join("run.html")).unwrap();
    assert!(of_run.contains(task), "{of_run}");
}

#[test]
fn answers_of_the_network_are_in_the_recording() {
    let port = server();
    let page = format!(
        "<script type=module>
            const text = async (path, options) =>
                (await fetch('http://127.0.0.1:{port}' + path, options)).text();
            console.log(await text('/count'), await text('/count'), await text('/moved'));
            console.log(await text('/echo', {{ method: 'POST', body: 'one' }}));
            console.log(await text('/echo', {{ method: 'POST', body: 'two' }}));
            console.log(await text('/absent'), await text('/count'));
        </script>"
    );
    let site = files([("page.html", page.as_str())]);
    let (recorded, replayed) = record_and_replay(site.path(), &["--quiet"], &[]);
    assert_eq!(
        (recorded.out.as_str(), recorded.err.as_str()),
        ("1 2 4\none\ntwo\nlost 8\n", "")
    );
    assert_eq!((replayed.out, replayed.err), (recorded.out, recorded.err));
    // The server counts on, so a replay that asked it would print other numbers.
    let again = framepost(site.path(), &["run", "page.html", "--quiet"]);
    assert!(again.out.starts_with("9 10 12\n"), "{}", again.out);
}
