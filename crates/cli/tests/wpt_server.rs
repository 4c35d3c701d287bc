//! The server of web-platform-tests beside the pages: a stub of it, in a stub of a checkout.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod support;

/// The ports of web-platform-tests.
const PORTS: [u16; 4] = [8000, 8001, 8443, 8444];

const HARNESS: &str = "
    let complete;
    self.setup = () => {};
    self.add_completion_callback = (callback) => { complete = callback };
    addEventListener('load', () => complete(
      [{ name: String(self.answer), status: self.answer ? 0 : 1, message: null }], { status: 0, message: null }));
";
const PAGE: &str =
    "<script src=/resources/testharness.js></script><script src=answer.py?x=1></script>";
/// A server of a few lines instead of the real one, with several processes like the real one.
const SERVE: &str = r#"
import http.server, json, multiprocessing, socketserver, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"self.answer = {self.path + ' ' + self.headers['Host']!r}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = True

def serve(port):
    Server(("127.0.0.1", port), Handler).serve_forever()

class Wrapped:
    def __init__(self, port):
        self.proc = multiprocessing.Process(target=serve, args=(port,))
        self.proc.start()

def start(config):
    return {"http": [(port, Wrapped(port)) for port in config["ports"]["http"] + config["ports"]["https"]]}

def iter_servers(servers):
    for _, server in servers["http"]:
        yield server

def run(config_path, **options):
    with open(config_path) as file:
        servers = start(json.load(file))
    while all(server.proc.is_alive() for server in iter_servers(servers)):
        time.sleep(0.1)
"#;

fn checkout() -> tempfile::TempDir {
    support::files([
        ("resources/testharness.js", HARNESS),
        ("t/a.html", PAGE),
        ("t/answer.py", ""),
        ("tools/__init__.py", ""),
        ("tools/localpaths.py", ""),
        ("tools/serve/__init__.py", ""),
        ("tools/serve/serve.py", SERVE),
        (
            "tools/certs/cacert.pem",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        ),
    ])
}

fn ports_are_unused() -> bool {
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    PORTS.iter().all(free)
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framepost"));
    command.current_dir(directory);
    command.args([&["test", "--wpt", ".", "/t/a.html"], arguments].concat());
    command
}

/// One test, because the ports are the same each time.
#[test]
fn server_emulates_python_handlers() {
    let python = Command::new("python3").arg("--version").output();
    if python.is_err() || !ports_are_unused() {
        println!("SKIPPED: it needs Python 3 and the ports of web-platform-tests");
        return;
    }
    let directory = checkout();
    let ran = command(directory.path(), &["--wpt-server"])
        .output()
        .unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(
        (out.as_str(), err.as_str(), ran.status.code()),
        (
            "OK         1 of 1    /t/a.html\n1 passed, 0 failed\n",
            "",
            Some(0)
        )
    );
    // The kernel frees the ports of killed processes a little later.
    let limit = Instant::now() + Duration::from_secs(20);
    while !ports_are_unused() {
        assert!(
            Instant::now() < limit,
            "the server has ended with the command"
        );
        std::thread::sleep(Duration::from_millis(20));
    }

    // The server ends even if the command is killed.
    std::fs::write(
        directory.path().join("t/a.html"),
        "<script>const f = () => { for (let i = 0; i < 1e7; i++); }; for (;;) f()</script>",
    )
    .unwrap();
    let mut killed = command(directory.path(), &["--wpt-server"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until(|| !ports_are_unused());
    killed.kill().unwrap();
    killed.wait().unwrap();
    wait_until(ports_are_unused);

    // A port in use is an error with a clear message.
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, PORTS[0])).unwrap();
    let ran = command(directory.path(), &["--wpt-server"])
        .output()
        .unwrap();
    drop(taken);
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{err}");
    assert!(err.contains("has not started"), "{err}");
    assert!(err.contains("Address already in use"), "{err}");
}

fn wait_until(mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn skipped_python_tests_are_counted() {
    let directory = checkout();
    let ran = command(directory.path(), &["--wpt-server"])
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{err}");
    assert!(err.starts_with("framepost: cannot run python3: "), "{err}");
    assert!(
        err.ends_with(
            "framepost: 1 page was skipped because it needs a handler in Python (--wpt-server)\n"
        ),
        "{err}"
    );
}

#[test]
fn certificates_are_checked_before_the_run() {
    let directory = checkout();
    for file in ["t/answer.py", "no-such-file"] {
        let arguments = ["--wpt-server=running", "--wpt-ca", file];
        let ran = command(directory.path(), &arguments).output().unwrap();
        let err = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(2), "{err}");
        assert!(err.contains("cannot read certificates"), "{err}");
    }
}
