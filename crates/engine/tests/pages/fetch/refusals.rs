//! Tests of what pages cannot request: each refusal is an exception, and nothing is read.

use std::sync::{Arc, Mutex};

use framepost::PageOptions;
use framepost_browsing_context::Response;

use crate::support::{idle, lines, open};

/// Evaluates an expression in a page. Returns what it brings, and the URLs that were requested by it. The answers of the
/// paths `/to/…` redirect to what follows; all others are a text without CORS headers.
fn requested_by(expression: &str) -> (String, Vec<String>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let options = PageOptions::new().route(move |request| {
        let url = &request.url;
        if url.path() == "/page" {
            return None;
        }
        seen.lock().unwrap().push(url.to_string());
        let answer = Response::new(url.clone(), "text/plain", "secret");
        Some(match url.path().strip_prefix("/to/") {
            Some(location) => answer
                .with_status(302)
                .with_header("location", location)
                .with_header("access-control-allow-origin", "*"),
            None => answer,
        })
    });
    let page = format!(
        "<!doctype html><body><script>
           const blob = URL.createObjectURL(new Blob(['local']));
           const xhr = (url) => new Promise((resolve, reject) => {{
             const request = new XMLHttpRequest();
             request.onload = () => resolve(request.responseText);
             request.onerror = () => reject(new TypeError('error event, status ' + request.status));
             request.open('GET', url);
             request.send();
           }});
           const source = (url) => new Promise((resolve, reject) => {{
             const events = new EventSource(url);
             events.onopen = () => resolve('open');
             events.onerror = () => reject(new TypeError('error event, state ' + events.readyState));
           }});
           (async () => {expression})().then(async (value) => {{
             console.log(value instanceof Response ? 'read ' + await value.text() : 'read ' + value);
           }}, (error) => console.log(error.name));
         </script>"
    );
    let mut page = open(&[("/page", &page)], options);
    idle(&mut page);
    let requests = requests.lock().unwrap().clone();
    (lines(&page).join(" | "), requests)
}

#[track_caller]
fn check(rows: &[(&str, &str, &[&str])]) {
    let mut wrong = String::new();
    for (expression, expected, requests) in rows {
        let got = requested_by(expression);
        if (got.0.as_str(), got.1.as_slice())
            != (
                *expected,
                &requests
                    .iter()
                    .map(|url| (*url).to_owned())
                    .collect::<Vec<_>>()[..],
            )
        {
            wrong += &format!(
                "{expression}\n  got:      {got:?}\n  expected: {expected:?}, {requests:?}\n"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn other_schemes_are_not_read() {
    check(&[
        ("fetch('/text')", "read secret", &["http://a.test/text"]),
        ("fetch('file:///etc/passwd')", "TypeError", &[]),
        (
            "fetch('file:///etc/passwd', { mode: 'no-cors' })",
            "TypeError",
            &[],
        ),
        ("fetch('file://localhost/etc/passwd')", "TypeError", &[]),
        ("fetch('ftp://a.test/')", "TypeError", &[]),
        ("fetch('ws://a.test/')", "TypeError", &[]),
        ("fetch('javascript:1')", "TypeError", &[]),
        ("fetch('chrome://version/')", "TypeError", &[]),
        ("fetch('about:blank')", "TypeError", &[]),
        ("fetch('blob:http://b.test/1')", "TypeError", &[]),
        ("fetch(blob, { method: 'POST' })", "TypeError", &[]),
        ("fetch(blob)", "read local", &[]),
        ("fetch('http://a.test:22/')", "TypeError", &[]),
        ("fetch('http://u:p@a.test/')", "TypeError", &[]),
        ("fetch('http://')", "TypeError", &[]),
        ("xhr('file:///etc/passwd')", "TypeError", &[]),
        ("xhr('ftp://a.test/')", "TypeError", &[]),
        ("xhr('http://')", "SyntaxError", &[]),
        ("source('file:///etc/passwd')", "TypeError", &[]),
        ("source('http://')", "SyntaxError", &[]),
        ("new WebSocket('file:///etc/passwd')", "SyntaxError", &[]),
        ("new WebSocket('ws://a.test/#x')", "SyntaxError", &[]),
        (
            "navigator.sendBeacon('file:///etc/passwd')",
            "TypeError",
            &[],
        ),
    ]);
}

#[test]
fn redirects_to_other_schemes_are_not_followed() {
    check(&[
        (
            "fetch('/to//text')",
            "read secret",
            &["http://a.test/to//text", "http://a.test/text"],
        ),
        (
            "fetch('/to/file:///etc/passwd')",
            "TypeError",
            &["http://a.test/to/file:///etc/passwd"],
        ),
        (
            "fetch('/to/data:,x')",
            "TypeError",
            &["http://a.test/to/data:,x"],
        ),
        (
            "fetch('/to/javascript:1')",
            "TypeError",
            &["http://a.test/to/javascript:1"],
        ),
        (
            "fetch('/to/about:blank')",
            "TypeError",
            &["http://a.test/to/about:blank"],
        ),
        (
            "fetch('/to/ftp://a.test/')",
            "TypeError",
            &["http://a.test/to/ftp://a.test/"],
        ),
        (
            "fetch('/to/blob:http://a.test/1')",
            "TypeError",
            &["http://a.test/to/blob:http://a.test/1"],
        ),
        (
            "fetch('/to/http://a.test:22/')",
            "TypeError",
            &["http://a.test/to/http://a.test:22/"],
        ),
        (
            "fetch('/to/http://u:p@b.test/')",
            "TypeError",
            &["http://a.test/to/http://u:p@b.test/"],
        ),
        (
            "fetch('/to//text', { redirect: 'error' })",
            "TypeError",
            &["http://a.test/to//text"],
        ),
        (
            "xhr('/to/file:///etc/passwd')",
            "TypeError",
            &["http://a.test/to/file:///etc/passwd"],
        ),
        (
            "source('/to/file:///etc/passwd')",
            "TypeError",
            &["http://a.test/to/file:///etc/passwd"],
        ),
    ]);
}

#[test]
fn other_origins_are_not_read_without_their_consent() {
    check(&[
        ("fetch('http://b.test/')", "TypeError", &["http://b.test/"]),
        (
            "fetch('http://b.test/', { mode: 'no-cors' })",
            "read ",
            &["http://b.test/"],
        ),
        (
            "fetch('http://b.test/', { mode: 'same-origin' })",
            "TypeError",
            &[],
        ),
        (
            "fetch('http://b.test/', { mode: 'no-cors', redirect: 'manual' })",
            "TypeError",
            &[],
        ),
        // The preflight is not answered as it should be, so the request is not sent.
        (
            "fetch('http://b.test/', { method: 'PUT' })",
            "TypeError",
            &["http://b.test/"],
        ),
        (
            "fetch('http://b.test/', { headers: { 'x-own': '1' } })",
            "TypeError",
            &["http://b.test/"],
        ),
        ("xhr('http://b.test/')", "TypeError", &["http://b.test/"]),
        ("source('http://b.test/')", "TypeError", &["http://b.test/"]),
        (
            "fetch('/to/http://b.test/x')",
            "TypeError",
            &["http://a.test/to/http://b.test/x", "http://b.test/x"],
        ),
    ]);
}

#[test]
fn bad_headers_and_methods_are_not_sent() {
    check(&[
        ("fetch('/x', { headers: { 'a b': '1' } })", "TypeError", &[]),
        ("fetch('/x', { headers: { '': '1' } })", "TypeError", &[]),
        ("fetch('/x', { headers: { a: '1\\n2' } })", "TypeError", &[]),
        ("fetch('/x', { headers: { a: '\\0' } })", "TypeError", &[]),
        (
            "fetch('/x', { headers: { a: '\\u0100' } })",
            "TypeError",
            &[],
        ),
        ("fetch('/x', { headers: [['a']] })", "TypeError", &[]),
        ("fetch('/x', { method: 'A B' })", "TypeError", &[]),
        ("fetch('/x', { method: 'TRACE' })", "TypeError", &[]),
        ("fetch('/x', { method: 'CONNECT' })", "TypeError", &[]),
        ("fetch('/x', { body: 'x' })", "TypeError", &[]),
        ("fetch('/x', { mode: 'navigate' })", "TypeError", &[]),
        (
            "fetch('/x', { mode: 'no-cors', method: 'PUT' })",
            "TypeError",
            &[],
        ),
        ("fetch('/x', { referrer: 'http://' })", "TypeError", &[]),
        ("fetch('/x', { window: window })", "TypeError", &[]),
        (
            "fetch('/x', { method: 'POST', body: new ReadableStream() })",
            "TypeError",
            &[],
        ),
        (
            "fetch('http://b.test/', { cache: 'only-if-cached' })",
            "TypeError",
            &[],
        ),
        (
            "new XMLHttpRequest().open('TRACE', '/x')",
            "SecurityError",
            &[],
        ),
        ("new XMLHttpRequest().open('A B', '/x')", "SyntaxError", &[]),
    ]);
}
