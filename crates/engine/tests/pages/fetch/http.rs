//! Tests of loading over HTTP, with a minimal server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use framepost::{HttpOptions, Output, Page, PageOptions, RunOutcome};
use url::Url;

use crate::support::lines;

/// A request that the server received.
#[derive(Clone, Debug)]
struct Request {
    line: String,
    headers: String,
    body: String,
}

/// A server on its own port. A function maps each path to the bytes of the response, or to `None`
/// for no response.
struct Server {
    port: u16,
    requests: Arc<(Mutex<Vec<Request>>, Condvar)>,
}

impl Server {
    fn new(answer: impl Fn(&Server, &str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            requests: Arc::default(),
        };
        let of_thread = Self {
            port: server.port,
            requests: Arc::clone(&server.requests),
        };
        let shared = Arc::new((of_thread, answer));
        std::thread::spawn(move || {
            let mut unanswered = Vec::new();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                unanswered.push(stream.try_clone().unwrap());
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.0.serve(stream, &shared.1));
            }
        });
        server
    }

    fn serve(&self, mut stream: TcpStream, answer: &dyn Fn(&Server, &str) -> Option<Vec<u8>>) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut headers = String::new();
        while reader.read_line(&mut headers).unwrap() > 2 {}
        let length = headers.lines().find_map(|header| {
            let (name, value) = header.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        let path = line.split(' ').nth(1).unwrap().to_owned();
        let (requests, changed) = &*self.requests;
        requests.lock().unwrap().push(Request {
            line: line.trim_end().to_owned(),
            headers,
            body: String::from_utf8(body).unwrap(),
        });
        changed.notify_all();
        if let Some(bytes) = answer(self, &path) {
            // The client may close the connection early.
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    /// Serves pages by path, and 404 for every other path.
    fn of_pages(pages: &'static [(&'static str, &'static str)]) -> Self {
        Self::new(|_, path| {
            let page = pages.iter().find(|(name, _)| *name == path);
            Some(page.map_or_else(
                || answer("404 Not Found", "Content-Type: text/html\r\n", "<p>lost"),
                |(_, html)| html_answer(html),
            ))
        })
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    /// Waits until a path was requested.
    fn wait_for(&self, path: &str) {
        let (requests, changed) = &*self.requests;
        let mut requests = requests.lock().unwrap();
        while !requests.iter().any(|request| request.line.contains(path)) {
            requests = changed.wait(requests).unwrap();
        }
    }

    #[track_caller]
    fn request(&self, path: &str) -> Request {
        let requests = self.requests.0.lock().unwrap();
        let found = requests.iter().find(|request| request.line.contains(path));
        found.unwrap().clone()
    }
}

fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

fn html_answer(html: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", html)
}

fn redirect(status: &str, location: &str) -> Vec<u8> {
    answer(status, &format!("Location: {location}\r\n"), "")
}

fn open_with(url: Url, http: HttpOptions) -> (Page, RunOutcome) {
    let mut page = Page::open(url, PageOptions::new().http(http)).unwrap();
    let outcome = page.run_until_idle();
    (page, outcome)
}

#[track_caller]
fn open(url: Url) -> Page {
    let (page, outcome) = open_with(url, HttpOptions::new());
    assert_eq!(outcome, RunOutcome::Idle);
    page
}

fn diagnostics(page: &mut Page) -> Vec<String> {
    let output = page.take_output().into_iter();
    output
        .filter_map(|output| match output {
            Output::Diagnostic(text) => Some(text),
            _ => None,
        })
        .collect()
}

#[test]
fn page_scripts_and_frames_load_over_http() {
    let server = Server::of_pages(&[
        (
            "/a/page.html",
            "<p id=p><script src=../x.js?1></script><iframe src=frame.html></iframe>",
        ),
        (
            "/x.js?1",
            "p.textContent = 'by script ' + document.readyState",
        ),
        ("/a/frame.html", "<p>in frame"),
    ]);
    let mut page = open(server.url("/a/page.html"));
    let base = server.url("");
    assert_eq!(
        page.dump(framepost::DumpFormat::Text),
        format!("{base}a/page.html\n  by script loading\n  {base}a/frame.html\n    in frame\n")
    );
    assert_eq!(page.load_error(), None);
}

#[test]
fn requests_have_standard_headers() {
    let server = Server::of_pages(&[
        (
            "/page.html?q",
            "<script src=/x.js></script><iframe src=/frame.html#f></iframe>",
        ),
        ("/x.js", "console.log(navigator.userAgent)"),
        (
            "/frame.html",
            "<script>console.log(document.referrer)</script>",
        ),
    ]);
    let page = open(server.url("/page.html?q#x"));
    let [agent, referrer] = lines(&page).try_into().unwrap();
    assert_eq!(referrer, server.url("/page.html?q").as_str());

    let top = server.request("/page.html");
    assert_eq!(top.line, "GET /page.html?q HTTP/1.1");
    assert_eq!(top.body, "");
    let has = |request: &Request, header: &str| {
        let header = header.to_ascii_lowercase();
        let mut headers = request.headers.lines().map(str::to_ascii_lowercase);
        headers.any(|held| held.starts_with(&header))
    };
    assert!(has(&top, &format!("host: 127.0.0.1:{}", server.port)));
    assert!(has(&top, &format!("user-agent: {agent}")), "{top:?}");
    assert!(has(&top, "accept: text/html"), "{top:?}");
    assert!(!has(&top, "referer:") && !has(&top, "origin:"), "{top:?}");
    let script = server.request("/x.js");
    assert!(has(&script, "accept: */*"), "{script:?}");
    assert!(has(&script, &format!("referer: {referrer}")), "{script:?}");
    let frame = server.request("/frame.html");
    assert_eq!(frame.line, "GET /frame.html HTTP/1.1");
    assert!(has(&frame, &format!("referer: {referrer}")), "{frame:?}");
}

#[test]
fn redirects_are_followed() {
    let server = Server::new(|_, path| {
        Some(match path {
            "/1" => redirect("302 Found", "/2"),
            "/2" => redirect("308 Permanent Redirect", "/below/3?x"),
            "/below/3?x" => html_answer("<script src=4.js></script>"),
            "/below/4.js" => redirect("301 Moved", "/5.js"),
            _ => answer(
                "200 OK",
                "Content-Type: text/javascript\r\n",
                "console.log(location.href, document.currentScript.src)",
            ),
        })
    });
    let page = open(server.url("/1#f"));
    let base = server.url("");
    assert_eq!(
        lines(&page),
        [format!("{base}below/3?x#f {base}below/4.js")]
    );
}

#[test]
fn referrer_of_a_document_is_what_the_last_redirect_leaves_of_it() {
    let other = Server::new(|_, _| {
        Some(html_answer(
            "<script>console.log(document.referrer)</script>",
        ))
    });
    let port = other.port;
    let server = Server::new(move |_, path| {
        Some(match path {
            "/page.html?q" => html_answer("<iframe src=/away></iframe><iframe src=/near></iframe>"),
            "/away" => redirect("302 Found", &format!("http://127.0.0.1:{port}/")),
            "/near" => redirect("302 Found", "/here"),
            _ => html_answer("<script>console.log(document.referrer)</script>"),
        })
    });
    let page = open(server.url("/page.html?q"));
    let mut lines = lines(&page);
    lines.sort();
    assert_eq!(
        lines,
        [
            server.url("/").to_string(),
            server.url("/page.html?q").to_string()
        ]
    );
}

#[test]
fn endless_redirects_are_an_error() {
    let server = Server::new(|_, _| Some(redirect("302 Found", "/again")));
    let mut page = open(server.url("/"));
    let error = page.load_error().unwrap().to_string();
    assert!(error.contains("redirected more than 20 times"), "{error}");
    assert_eq!(diagnostics(&mut page), [error]);
    assert_eq!(server.requests.0.lock().unwrap().len(), 21);
}

#[test]
fn content_type_charset_decodes_the_body() {
    let server = Server::new(|_, path| {
        let body = |text: &str| text.replace('@', "\u{fffd}");
        // Insert one byte that is not valid UTF-8.
        let with_byte = |mut bytes: Vec<u8>| {
            if let Some(at) = bytes
                .windows(3)
                .position(|window| window == "\u{fffd}".as_bytes())
            {
                bytes.splice(at..at + 3, *b"\xe4  ");
            }
            bytes
        };
        Some(with_byte(match path {
            "/" => answer(
                "200 OK",
                "Content-Type: text/html;charset=windows-1252\r\n",
                &body("<p>@<script src=x.js></script>"),
            ),
            _ => answer(
                "200 OK",
                "Content-Type: text/javascript; charset=iso-8859-2\r\n",
                &body("console.log('@'.charCodeAt(0), document.characterSet)"),
            ),
        }))
    });
    let mut page = open(server.url("/"));
    assert_eq!(page.text(), "ä\n");
    assert_eq!(lines(&page), ["228 windows-1252"]);
}

#[test]
fn non_html_types_load_as_text_or_fail() {
    let server = Server::new(|_, path| {
        let kind = match path {
            "/plain" => "Content-Type: text/plain\r\n",
            "/json" => "Content-Type: application/json\r\n",
            "/image" => "Content-Type: image/png\r\n",
            "/archive" => "Content-Type: application/zip\r\n",
            "/none" => "",
            _ => return Some(answer("204 No Content", "", "")),
        };
        Some(answer("200 OK", kind, "<b>x</b>"))
    });
    assert_eq!(open(server.url("/plain")).text(), "<b>x</b>\n");
    assert_eq!(open(server.url("/json")).text(), "<b>x</b>\n");
    assert_eq!(open(server.url("/none")).text(), "x\n");
    let mut image = open(server.url("/image"));
    assert_eq!(image.text(), "");
    assert_eq!(diagnostics(&mut image).len(), 0);
    let mut archive = open(server.url("/archive"));
    assert_eq!(archive.text(), "");
    assert!(diagnostics(&mut archive)[0].contains("application/zip"));
    // A response without content leaves the current document in place.
    assert_eq!(open(server.url("/nothing")).url().unwrap(), "about:blank");
}

#[test]
fn error_status_page_is_rendered() {
    let server = Server::of_pages(&[(
        "/",
        "<iframe src=gone.html onload='console.log(frames[0].document.body.innerText)'></iframe>
         <script src=gone.js onerror='console.log(\"no script\")'></script>",
    )]);
    let mut page = open(server.url("/"));
    let mut lines = lines(&page);
    lines.sort();
    assert_eq!(lines, ["lost", "no script"]);
    let diagnostics = diagnostics(&mut page);
    assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    assert!(diagnostics.iter().all(|text| text.contains("status 404")));
}

#[test]
fn virtual_time_does_not_advance_during_a_load() {
    // The server answers the first frame only after the request for the second one.
    let server = Server::new(|server, path| {
        if path == "/first" {
            server.wait_for("/second");
        }
        Some(html_answer(match path {
            "/" => {
                "<script>setTimeout(() => console.log('timer'), 1);
                   addEventListener('load', () => console.log('load', performance.now() < 1));</script>
                 <iframe src=first onload='console.log(1)'></iframe>
                 <iframe src=second></iframe>"
            }
            _ => "",
        }))
    });
    let page = open(server.url("/"));
    assert_eq!(lines(&page), ["1", "load true", "timer"]);
}

#[test]
fn unanswered_load_times_out() {
    let server = Server::new(|_, path| {
        (path == "/").then(|| {
            html_answer("<iframe src=never onload='console.log(performance.now() < 1)'></iframe>")
        })
    });
    let mut http = HttpOptions::new();
    http.load_time = Duration::from_millis(700);
    let (mut page, outcome) = open_with(server.url("/"), http);
    assert_eq!(outcome, RunOutcome::Idle);
    // The error document has fired its load event.
    assert_eq!(lines(&page), ["true"]);
    assert_eq!(
        diagnostics(&mut page),
        [format!(
            "loading {} failed: no answer within 0.7 s",
            server.url("/never")
        )]
    );
}

#[test]
fn run_stops_waiting_after_wait_time() {
    let server = Server::new(|_, _| None);
    let mut http = HttpOptions::new();
    http.wait_time = Duration::from_millis(50);
    let (_, outcome) = open_with(server.url("/"), http);
    assert_eq!(
        outcome,
        RunOutcome::Waiting {
            until: None,
            outstanding: 1
        }
    );
}

#[test]
fn load_of_removed_frame_is_dropped() {
    let server = Server::new(|_, path| {
        (path == "/").then(|| {
            html_answer(
                "<iframe src=never></iframe><script>
                   setTimeout(() => console.log('timer'), 1000);
                   document.querySelector('iframe').remove();
                 </script>",
            )
        })
    });
    let page = open(server.url("/"));
    assert_eq!(lines(&page), ["timer"]);
}

#[test]
fn refused_connection_is_a_load_error() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let mut page = open(url.clone());
    assert_eq!(
        page.load_error().unwrap().to_string(),
        format!("loading {url} failed: connection refused")
    );
    assert_eq!(page.text(), "");
}

#[test]
fn malformed_response_is_a_load_error() {
    let server = Server::new(|_, _| Some(b"what?\r\n\r\n".to_vec()));
    let error = open(server.url("/")).load_error().unwrap().to_string();
    assert!(error.contains("failed: "), "{error}");
}

#[test]
fn oversized_body_is_a_load_error() {
    let server = Server::new(|_, _| Some(html_answer(&"x".repeat(1001))));
    let mut http = HttpOptions::new();
    http.max_body = 1000;
    let (mut page, _) = open_with(server.url("/"), http);
    let error = page.load_error().unwrap().to_string();
    assert!(error.contains("more than 1000 bytes"), "{error}");
}

#[test]
fn different_ports_are_different_origins() {
    let inner = Server::of_pages(&[(
        "/",
        "<script>
           onmessage = ({ data, origin, source, ports }) => ports[0].postMessage([data, origin]);
           try { parent.document } catch (error) { parent.postMessage(error.name, '*') }
         </script>",
    )]);
    let source = inner.url("/");
    let outer = Server::new(move |_, _| {
        Some(html_answer(&format!(
            "<iframe src={source}></iframe><script>
               onmessage = ({{ data, origin }}) => {{
                 console.log(data, origin);
                 const {{ port1, port2 }} = new MessageChannel;
                 port1.onmessage = ({{ data }}) => console.log(...data);
                 frames[0].postMessage('hello', '{source}', [port2]);
               }};
             </script>"
        )))
    });
    let page = open(outer.url("/"));
    let origin = |server: &Server| server.url("").origin().ascii_serialization();
    assert_eq!(
        lines(&page),
        [
            format!("SecurityError {}", origin(&inner)),
            format!("hello {}", origin(&outer)),
        ]
    );
}

#[test]
fn hosts_resolve_to_configured_addresses() {
    let server = Server::of_pages(&[(
        "/",
        "<script>console.log(location.host)</script><iframe src='http://other.test/'></iframe>",
    )]);
    let mut http = HttpOptions::new();
    for host in ["page.test", "other.test"] {
        let resolve = format!("{host}=127.0.0.1:{}", server.port).parse().unwrap();
        http.resolve.push(resolve);
    }
    let (page, _) = open_with(Url::parse("http://page.test/").unwrap(), http);
    assert_eq!(lines(&page)[..2], ["page.test", "other.test"]);
}

#[test]
fn page_without_network_sends_no_request() {
    let server = Server::of_pages(&[("/", "")]);
    let mut page = Page::open(server.url("/"), PageOptions::new()).unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    let error = page.load_error().unwrap().to_string();
    assert!(error.contains("no loader serves"), "{error}");
    assert!(server.requests.0.lock().unwrap().is_empty());
}

#[test]
fn form_is_posted() {
    let server = Server::of_pages(&[("/", ""), ("/to", "<p>thanks")]);
    let mut page = open(server.url("/"));
    page.eval(
        "const form = document.createElement('form'); form.method = 'post'; form.action = '/to';
         form.innerHTML = '<input name=a value=\"b c\">'; document.body.append(form); form.submit();",
    )
    .unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(page.text(), "thanks\n");
    let sent = server.request("/to");
    assert_eq!(sent.line, "POST /to HTTP/1.1");
    assert_eq!(sent.body, "a=b+c");
    let headers = sent.headers.to_ascii_lowercase();
    assert!(headers.contains("content-type: application/x-www-form-urlencoded"));
    let origin = server.url("").origin().ascii_serialization();
    assert!(headers.contains(&format!("origin: {origin}")), "{headers}");
}

#[test]
fn import_scripts_waits_for_the_network() {
    let server = Server::new(|_, path| {
        let js = |text| Some(answer("200 OK", "Content-Type: text/javascript\r\n", text));
        match path {
            "/" => Some(html_answer(
                "<script>new Worker('w.js').onmessage = e => console.log(e.data)</script>",
            )),
            "/w.js" => js("importScripts('old.js'); postMessage(one + 1);
                try { importScripts('none.js') } catch (e) { postMessage(e.name) }"),
            "/old.js" => Some(redirect("302 Found", "/new.js")),
            "/new.js" => js("const one = 1"),
            _ => Some(answer("404 Not Found", "", "")),
        }
    });
    let page = open(server.url("/"));
    assert_eq!(lines(&page), ["2", "NetworkError"]);
    let imported = server.request("/new.js");
    assert!(imported.headers.contains("/w.js"), "{}", imported.headers);
}
