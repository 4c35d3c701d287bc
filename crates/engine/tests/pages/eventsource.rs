//! Tests of server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use framepost::{Har, HttpOptions, Page, PageOptions, RunOutcome};
use framepost_browsing_context::fetch::headers;
use framepost_browsing_context::{FetchRequest, Response};
use url::Url;

use crate::support::{idle, lines, open};

const EVENTS: &str = "<script>
    const source = new EventSource('/events');
    const log = (...all) => console.log(Math.round(performance.now()), ...all);
    log(source.url, source.readyState, source.withCredentials);
    source.onopen = () => log('open', source.readyState);
    source.onmessage = (e) => log('message', e.data, e.lastEventId, e.origin, e instanceof MessageEvent);
    source.addEventListener('own', (e) => log('own', e.data, e.lastEventId));
    source.onerror = () => log('error', source.readyState);
    </script>";

/// Runs a page until idle. A function answers the requests of the page, by their number. Returns the lines, and what each
/// request had as `Last-Event-ID`, `Accept` and `Cache-Control`.
fn run(
    page: &str,
    answer: impl Fn(usize, &FetchRequest) -> Option<Response> + Send + 'static,
) -> (Vec<String>, Vec<String>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let options = PageOptions::new().route(move |request| {
        if request.url.path() == "/" {
            return None;
        }
        let mut seen = seen.lock().unwrap();
        let header = |name| headers::get(&request.headers, name).unwrap_or_default();
        seen.push(format!(
            "{} {:?} {} {}",
            request.method(),
            header("last-event-id"),
            header("accept"),
            header("cache-control")
        ));
        answer(seen.len(), request)
    });
    let mut page = open(&[("", page)], options);
    idle(&mut page);
    let seen = requests.lock().unwrap().clone();
    (lines(&page), seen)
}

fn stream(request: &FetchRequest, body: &str) -> Option<Response> {
    Some(Response::new(
        request.url.clone(),
        "text/event-stream; charset=utf-8",
        body,
    ))
}

#[test]
fn events_arrive_and_the_source_reconnects_by_the_clock_of_the_page() {
    let (lines, requests) = run(EVENTS, |number, request| match number {
        1 => stream(
            request,
            "retry: 250\nid: 7\ndata: a\ndata: b\n\nevent: own\ndata: c\n\ndata: cut",
        ),
        2 => stream(request, "data: again\n\n"),
        _ => Some(Response::new(request.url.clone(), "", "").with_status(204)),
    });
    assert_eq!(
        lines,
        [
            "0 http://a.test/events 0 false",
            "0 open 1",
            "0 message a\nb 7 http://a.test true",
            "0 own c 7",
            "0 error 0",
            "250 open 1",
            "250 message again 7 http://a.test true",
            "250 error 0",
            "500 error 2",
        ]
    );
    let accept = "text/event-stream no-cache";
    assert_eq!(
        requests,
        [
            format!("GET \"\" {accept}"),
            format!("GET \"7\" {accept}"),
            format!("GET \"7\" {accept}"),
        ]
    );
}

#[test]
fn closed_source_is_silent_and_lets_the_page_become_idle() {
    let page = "<script>
        const source = new EventSource('/events');
        source.onmessage = (e) => { console.log(e.data); source.close(); console.log(source.readyState) };
        source.onerror = () => console.log('error');
        const other = new EventSource('/events');
        other.onopen = () => console.log('open');
        other.close();
        </script>";
    let (lines, requests) = run(page, |_, request| stream(request, "data: 1\n\ndata: 2\n\n"));
    assert_eq!(lines, ["1", "2"]);
    assert_eq!(requests.len(), 2);
}

#[test]
fn other_origin_has_to_allow_it_and_no_preflight_is_sent() {
    let page = "<script>
        for (const [url, init] of [['http://b.test/no'], ['http://b.test/yes'], ['http://b.test/yes', { withCredentials: true }]]) {
            const source = new EventSource(url, init);
            source.onmessage = (e) => { if (e.lastEventId === '2') source.close(); console.log(url, init?.withCredentials, e.data, e.origin) };
            source.onerror = () => console.log(url, 'error', source.readyState);
        }
        </script>";
    let (lines, requests) = run(page, |number, request| {
        let response = stream(
            request,
            &format!("retry:10\nid: {}\ndata: x\n\n", number / 4 + 1),
        )?;
        Some(match request.url.path() {
            "/yes" => response
                .with_header("access-control-allow-origin", "http://a.test")
                .with_header("access-control-allow-credentials", "true"),
            _ => response,
        })
    });
    assert_eq!(
        lines,
        [
            "http://b.test/no error 2",
            "http://b.test/yes undefined x http://b.test",
            "http://b.test/yes error 0",
            "http://b.test/yes true x http://b.test",
            "http://b.test/yes error 0",
            "http://b.test/yes undefined x http://b.test",
            "http://b.test/yes true x http://b.test",
        ]
    );
    assert_eq!(requests.len(), 5);
    assert!(
        requests.iter().all(|line| line.starts_with("GET")),
        "{requests:?}"
    );
}

#[test]
fn invalid_url_is_a_syntax_error_and_other_answers_fail() {
    let page = "<script>
        try { new EventSource('http://[') } catch (error) { console.log(error.name) }
        for (const url of ['/type', '/status', 'http://nobody.test/'])
            new EventSource(url).onerror = ({ target }) => console.log(url, target.readyState);
        console.log(EventSource.CONNECTING, EventSource.prototype.CLOSED, EventSource.length);
        </script>";
    let (lines, _) = run(page, |_, request| match request.url.path() {
        "/type" => Some(Response::new(
            request.url.clone(),
            "text/plain",
            "data: 1\n\n",
        )),
        "/status" => stream(request, "data: 1\n\n").map(|response| response.with_status(404)),
        _ => None,
    });
    let errors: Vec<&String> = lines
        .iter()
        .filter(|line| !line.contains("stream") && !line.contains("loader"))
        .collect();
    assert_eq!(
        errors,
        [
            "SyntaxError",
            "0 2 1",
            "/type 2",
            "/status 2",
            "http://nobody.test/ 2"
        ]
    );
}

/// A server that sends an event at once, and the second one when it is asked for `/more`.
fn server() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut open = None;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let cors = "Access-Control-Allow-Origin: *\r\n";
            if request.contains("/events") {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\n{cors}Content-Type: text/event-stream\r\n\r\nid: 1\ndata: first\n\nda"
                )
                .unwrap();
                open = Some(stream);
            } else {
                write!(stream, "HTTP/1.1 200 OK\r\n{cors}Content-Length: 0\r\n\r\n").unwrap();
                if let Some(open) = &mut open {
                    write!(open, "ta: second\r\n\r\n").unwrap();
                }
            }
        }
    });
    port
}

#[test]
fn events_of_a_server_arrive_while_the_response_is_open() {
    let port = server();
    let page = format!(
        "<script>
        const source = new EventSource('http://127.0.0.1:{port}/events');
        source.onopen = () => console.log('open');
        source.onmessage = (e) => {{
            console.log(e.data, e.lastEventId);
            if (e.data === 'first') fetch('http://127.0.0.1:{port}/more');
        }};
        source.onerror = () => console.log('error');
        </script>"
    );
    let mut http = HttpOptions::new();
    http.quiet_time = Duration::from_millis(200);
    let mut page = open(&[("", &page)], PageOptions::new().http(http).har(true));
    // The stream never ends. A run does not wait for ever.
    idle(&mut page);
    assert_eq!(lines(&page), ["open", "first 1", "second 1"]);

    let har = Har::parse(page.har().as_bytes()).unwrap();
    let page = format!(
        "<script>
        const source = new EventSource('http://127.0.0.1:{port}/events');
        source.onmessage = (e) => {{ console.log(e.data); if (e.data === 'second') source.close() }};
        </script>"
    );
    let mut page = open(&[("", &page)], PageOptions::new().har_replay(har));
    idle(&mut page);
    assert_eq!(lines(&page), ["first", "second"]);
}

#[test]
fn server_that_is_gone_is_asked_again() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let html = format!(
        "<script>
        const source = new EventSource('http://127.0.0.1:{port}/');
        source.onerror = () => console.log(Math.round(performance.now()), source.readyState);
        </script>"
    );
    let url = Url::parse("http://a.test/").unwrap();
    let options = PageOptions::new()
        .document(url.clone(), html)
        .http(HttpOptions::new());
    let mut page = Page::open(url, options).unwrap();
    let outcome = page.run_within(Duration::from_secs(7), None);
    assert_eq!(outcome, RunOutcome::TimeReached);
    let shown: Vec<String> = page
        .console()
        .into_iter()
        .map(|message| message.text)
        .collect();
    assert_eq!(shown, ["0 0", "3000 0", "6000 0"]);
}

#[test]
fn close_ends_the_connection_of_a_silent_server() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (ended, has_ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).unwrap();
        assert!(length > 0);
        let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/event-stream\r\n\r\n";
        write!(stream, "{head}data: only\n\n").unwrap();
        // The server says nothing more. The client ends the connection.
        assert_eq!(stream.read(&mut bytes).unwrap_or(0), 0);
        ended.send(()).unwrap();
    });
    let page = format!(
        "<script>
        const source = new EventSource('http://127.0.0.1:{port}/');
        source.onmessage = (e) => {{ console.log(e.data); source.close() }};
        </script>"
    );
    let http = HttpOptions::new();
    let load_time = http.load_time;
    let mut page = open(&[("", &page)], PageOptions::new().http(http));
    idle(&mut page);
    assert_eq!(lines(&page), ["only"]);
    assert!(load_time >= Duration::from_secs(20));
    let waited = has_ended.recv_timeout(Duration::from_secs(5));
    assert!(waited.is_ok(), "the connection is still open");
}
