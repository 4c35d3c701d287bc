//! The command loads pages over http, from a server of a few lines.

#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use url::Url;

mod support;

/// A server on its own port.
struct Server {
    port: u16,
}

impl Server {
    /// Serves pages by their paths, and 404 for other paths.
    fn of_pages(pages: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), pages);
            }
        });
        Self { port }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }
}

fn answer(mut stream: TcpStream, pages: &[(&str, &str)]) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(request)) = lines.next() else {
        return;
    };
    // The requests of these tests have no body.
    while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    let path = request.split(' ').nth(1).unwrap();
    let page = pages.iter().find(|(name, _)| *name == path);
    let (status, body) = page.map_or(("404 Not Found", "<p>lost"), |(_, html)| ("200 OK", *html));
    let length = body.len();
    // A client may close the connection early.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{body}"
    );
}

#[test]
fn directories_and_the_network_serve_together() {
    let server = Server::of_pages(&[(
        "/",
        "<script>parent.postMessage('from the network', '*')</script>",
    )]);
    let page = format!(
        "<script>onmessage = ({{ data, origin }}) => console.log(data, origin)</script>
         <iframe src='{}'></iframe><iframe src='http://b.test/x.html'></iframe>",
        server.url("/")
    );
    let directory = support::files([("a/page.html", page.as_str()), ("b/x.html", "x")]);
    let arguments = ["run", "a/page.html", "--origin", "http://b.test=b"];
    let ran = support::framepost(directory.path(), &arguments);
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let base = server.url("");
    assert_eq!(
        ran.out,
        format!(
            "from the network {}\nhttp://localhost/page.html\n  {base}\n  http://b.test/x.html\n    x\n",
            base.origin().ascii_serialization()
        )
    );
    let offline = support::framepost(directory.path(), &[&arguments[..], &["--offline"]].concat());
    assert!(offline.err.contains("no loader serves"), "{}", offline.err);
}

#[test]
fn run_loads_a_url() {
    let server = Server::of_pages(&[("/page", "<p>hello")]);
    let directory = support::files([]);
    let run = |arguments: &[&str]| support::framepost(directory.path(), arguments);
    let url = server.url("/page");
    let ran = run(&["run", url.as_str()]);
    assert_eq!(ran.out, format!("{url}\n  hello\n"));
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let named = run(&[
        "run",
        "http://page.test/page",
        "--resolve",
        &format!("page.test=127.0.0.1:{}", server.port),
    ]);
    assert_eq!(named.out, "http://page.test/page\n  hello\n");

    // No server uses port 1 of this machine.
    let ran = run(&["run", "http://127.0.0.1:1/"]);
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str(), ran.code),
        (
            "",
            "loading http://127.0.0.1:1/ failed: connection refused\n",
            Some(2)
        )
    );
    assert_eq!(run(&["run", url.as_str(), "--offline"]).code, Some(2));
    assert_eq!(run(&["run", url.as_str(), "--resolve", "x"]).code, Some(2));
}

#[test]
fn test_loads_a_url() {
    const HARNESS: &str = "
        self.setup = () => {};
        self.add_completion_callback = (callback) => addEventListener('load', () => callback(
          [{ name: 'loaded', status: 0, message: null }], { status: 0, message: null }));";
    let server = Server::of_pages(&[
        ("/t.html", "<script src=/resources/testharness.js></script>"),
        ("/resources/testharness.js", HARNESS),
    ]);
    let directory = support::files([]);
    let url = server.url("/t.html");
    let ran = support::framepost(directory.path(), &["test", url.as_str()]);
    assert_eq!(
        ran.out,
        format!("OK         1 of 1    {url}\n1 passed, 0 failed\n"),
        "{}",
        ran.err
    );
    let gone = server.url("/gone.html");
    let ran = support::framepost(directory.path(), &["test", gone.as_str()]);
    assert!(
        ran.out.contains("ERROR") && ran.out.contains("404"),
        "{}",
        ran.out
    );
    assert_eq!(ran.code, Some(1));
}

#[test]
fn fixture_with_network_loads_over_it() {
    let server = Server::of_pages(&[("/", "<p>hello")]);
    let options = format!(
        "page = 'http://page.test/'\nnetwork = true\nresolve = {{ 'page.test' = '127.0.0.1:{}' }}\n",
        server.port
    );
    let directory = support::files([
        ("with/fixture.toml", options.as_str()),
        ("with/expected.txt", "http://page.test/\n  hello\n"),
        ("without/fixture.toml", "page = 'http://page.test/'"),
    ]);
    let ran = support::framepost(directory.path(), &["check", "with"]);
    assert_eq!((ran.out.as_str(), ran.code), ("with: same\n", Some(0)));
    let ran = support::framepost(directory.path(), &["check", "without"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
}

#[test]
fn nothing_is_requested_under_offline() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let page = format!(
        "<script>
           const url = 'http://127.0.0.1:{port}/';
           const seen = [];
           const say = (what, value) => {{ seen.push(what + ' ' + value); if (seen.length === 7) console.log(seen.sort().join('\\n')); }};
           fetch(url).catch((error) => say('fetch', error.name));
           fetch(url, {{ mode: 'no-cors' }}).catch((error) => say('no-cors', error.name));
           const request = new XMLHttpRequest();
           request.onerror = () => say('xhr', request.status);
           request.open('GET', url);
           request.send();
           const now = new XMLHttpRequest();
           now.open('GET', url, false);
           try {{ now.send() }} catch (error) {{ say('sync', error.name) }}
           const source = new EventSource(url);
           source.onerror = () => {{ source.close(); say('source', source.readyState) }};
           new WebSocket('ws://127.0.0.1:{port}/').onclose = ({{ code }}) => say('socket', code);
           import(url).catch((error) => say('module', error.name));
           navigator.sendBeacon(url);
         </script><script src='http://127.0.0.1:{port}/x.js'></script><iframe src='http://127.0.0.1:{port}/frame'></iframe>"
    );
    let directory = support::files([("page.html", page.as_str())]);
    let ran = support::framepost(
        directory.path(),
        &["run", "page.html", "--quiet", "--offline"],
    );
    assert_eq!(
        ran.out,
        "fetch TypeError\nmodule TypeError\nno-cors TypeError\nsocket 1006\nsource 2\nsync NetworkError\nxhr 0\n"
    );
    assert!(listener.accept().is_err(), "somebody has connected");
}
