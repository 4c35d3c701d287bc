//! Tests of `XMLHttpRequest`, `FileReaderSync` and `navigator.sendBeacon()`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use expect_test::expect;
use framepost::PageOptions;
use framepost_browsing_context::{FetchRequest, Response};

use crate::support::{Setting, idle, lines, open};

const BEFORE: &str = "<!DOCTYPE html><body><script>
    const log = (...a) => console.log(a.map(String).join(' '));
    const name = f => { try { f(); return 'no' } catch (e) { return e.name } };
    const events = (target, label) => {
        for (const type of ['loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout'])
            target.addEventListener(type, e => log(label, type, e.loaded, e.total, e.lengthComputable));
        target.addEventListener('readystatechange', () => log(label, 'state', target.readyState));
    };
    const get = (url, type = '', method = 'GET', body = null) => new Promise(done => {
        const xhr = new XMLHttpRequest; xhr.open(method, url); xhr.responseType = type;
        xhr.onloadend = () => done(xhr); xhr.send(body);
    });
    (async () => { ";

fn answer(request: &FetchRequest) -> Option<Response> {
    let url = request.url.clone();
    let header = |name: &str| {
        let mut headers = request.headers.iter();
        let found = headers.find(|(held, _)| held.eq_ignore_ascii_case(name));
        found.map_or("-", |(_, value)| value).to_owned()
    };
    Some(match url.path() {
        "/dir/" => return None,
        "/text" => Response::new(url, "text/plain", "four")
            .with_header("content-length", "4")
            .with_header("X-B", "1")
            .with_header("x-b", "2")
            .with_header("set-cookie", "a=b"),
        "/slow" => Response::new(url, "text/plain", "s").with_delay(Duration::from_millis(50)),
        "/xml" => Response::new(url, "application/xml", "<a><b/></a>"),
        "/html" => Response::new(url, "text/html", "<p>x"),
        "/json" => Response::new(url, "application/json", "{\"a\":1}"),
        "/latin" => Response::new(url, "text/plain;charset=windows-1252", b"\xe9".to_vec()),
        "/echo" => {
            let body = String::from_utf8_lossy(request.body_bytes().unwrap_or_default());
            let (method, own) = (request.method(), header("x-own"));
            let text = format!("{method} {body:?} {} {own}", header("content-type"));
            Response::new(url, "text/plain", text)
        }
        "/moved" => Response::new(url, "", "")
            .with_status(302)
            .with_header("location", "/text#f"),
        _ => return None,
    })
}

const ROUTED: Setting = Setting {
    url: "http://a.test/dir/",
    before: BEFORE,
    after: " })();</script>",
    options: || PageOptions::new().route(answer),
};

#[test]
fn events_tell_the_progress_of_a_request() {
    ROUTED.check(
        r#"
        const xhr = new XMLHttpRequest; events(xhr, "xhr"); xhr.open("GET", "/text"); xhr.send(); log("sent");
        await new Promise(done => xhr.addEventListener("loadend", done));
        log(xhr.responseText, xhr.status, xhr.statusText, xhr.responseURL, JSON.stringify(xhr.getAllResponseHeaders()), xhr.getResponseHeader("X-b"));
        const up = new XMLHttpRequest; events(up.upload, "upload"); up.open("POST", "/echo"); up.send("body");
        await new Promise(done => up.onload = done); log(up.response);
        "#,
        expect![[r#"
            xhr state 1
            xhr loadstart 0 0 false
            sent
            xhr state 2
            xhr state 3
            xhr progress 4 4 true
            xhr state 4
            xhr load 4 4 true
            xhr loadend 4 4 true
            four 200 OK http://a.test/text "content-length: 4\r\ncontent-type: text/plain\r\nx-b: 1, 2\r\n" 1, 2
            upload loadstart 0 4 true
            upload progress 4 4 true
            upload load 4 4 true
            upload loadend 4 4 true
            POST "body" text/plain;charset=UTF-8 -
        "#]],
    );
}

#[test]
fn response_has_the_requested_type() {
    ROUTED.check(
        r#"
        log((await get("/text", "arraybuffer")).response.byteLength);
        const blob = (await get("/text", "blob")).response; log(blob.type, await blob.text());
        const json = await get("/json", "json"); log(json.response.a, json.response === json.response, (await get("/text", "json")).response);
        const xml = await get("/xml"); log(xml.responseXML.documentElement.firstChild.localName, xml.responseText, xml.responseXML === xml.responseXML);
        const html = await get("/html", "document"); log(html.response.body.textContent, html.response.URL, (await get("/html")).responseXML);
        log((await get("/latin")).responseText, (await get("/moved")).responseURL);
        log(name(() => json.responseText), name(() => json.responseXML), name(() => json.responseType = ""));
        const over = new XMLHttpRequest; over.open("GET", "/text"); over.overrideMimeType("text/x;charset=utf-16le"); over.send();
        await new Promise(done => over.onload = done); log(over.responseText.length);
        "#,
        expect![[r#"
            4
            text/plain four
            1 true null
            b <a><b/></a> true
            x http://a.test/html null
            é http://a.test/text
            InvalidStateError InvalidStateError InvalidStateError
            2
        "#]],
    );
}

#[test]
fn failures_are_an_event_without_a_response() {
    ROUTED.check(
        r#"
        const failing = new XMLHttpRequest; events(failing, "failing"); failing.open("GET", "http://b.test/"); failing.send();
        await new Promise(done => failing.onloadend = done); log(failing.status, failing.responseText === "", failing.getAllResponseHeaders() === "");
        const aborted = new XMLHttpRequest; aborted.open("GET", "/slow"); events(aborted, "aborted"); aborted.send(); aborted.abort(); log(aborted.readyState);
        const late = new XMLHttpRequest; late.timeout = 10; late.open("GET", "/slow"); late.send(); late.onload = () => log("no");
        await new Promise(done => late.ontimeout = done); log("timeout", late.readyState, late.status);
        const again = new XMLHttpRequest; again.open("GET", "/slow"); again.send(); again.open("GET", "/text"); again.send();
        await new Promise(done => again.onload = done); log(again.responseText);
        "#,
        expect![[r#"
            failing state 1
            failing loadstart 0 0 false
            failing state 4
            failing error 0 0 false
            failing loadend 0 0 false
            0 true true
            aborted loadstart 0 0 false
            aborted state 4
            aborted abort 0 0 false
            aborted loadend 0 0 false
            0
            timeout 4 0
            four
        "#]],
    );
}

#[test]
fn open_and_send_check_their_order_and_arguments() {
    ROUTED.check(
        r#"
        const xhr = new XMLHttpRequest;
        log(name(() => xhr.send()), name(() => xhr.setRequestHeader("a", "b")), name(() => xhr.open("a b", "/")), name(() => xhr.open("TRACE", "/")), name(() => xhr.open("GET", "http://")));
        xhr.open("post", "/echo"); xhr.setRequestHeader("X-Own", "1"); xhr.setRequestHeader("x-own", "2"); xhr.setRequestHeader("Host", "h"); xhr.setRequestHeader("Content-Type", "text/x; charset=y");
        log(name(() => xhr.setRequestHeader("a b", "c")), name(() => xhr.setRequestHeader("a", "b\n\nc")));
        xhr.send("t"); log(name(() => xhr.send()), name(() => xhr.setRequestHeader("a", "b")), name(() => xhr.withCredentials = true));
        await new Promise(done => xhr.onload = done); log(xhr.responseText);
        log((await get("/echo", "", "POST", new URLSearchParams("a=b"))).response, (await get("/echo", "", "PUT", document.implementation.createDocument(null, "r"))).response);
        const sync = new XMLHttpRequest; sync.open("GET", "/text", false); events(sync, "sync"); sync.send(); log(sync.responseText);
        sync.open("GET", "http://b.test/", false); log(name(() => sync.send()), sync.readyState);
        const typed = new XMLHttpRequest; typed.responseType = "json"; log(name(() => typed.open("GET", "/", false)), name(() => sync.timeout = 1));
        "#,
        expect![[r#"
            InvalidStateError InvalidStateError SyntaxError SecurityError SyntaxError
            SyntaxError SyntaxError
            InvalidStateError InvalidStateError InvalidStateError
            POST "t" text/x;charset=UTF-8 1, 2
            POST "a=b" application/x-www-form-urlencoded;charset=UTF-8 - PUT "<r/>" application/xml;charset=UTF-8 -
            sync state 4
            sync load 4 4 true
            sync loadend 4 4 true
            four
            sync state 1
            NetworkError 4
            InvalidAccessError InvalidAccessError
        "#]],
    );
}

#[test]
fn workers_read_synchronously() {
    ROUTED.check(
        r#"
        const source = `
            const xhr = new XMLHttpRequest; xhr.open("GET", "http://a.test/text", false); xhr.responseType = "arraybuffer"; xhr.send();
            const reader = new FileReaderSync, blob = new Blob(["\u00e9"], { type: "a/b" });
            postMessage([xhr.response.byteLength, "responseXML" in xhr, reader.readAsText(blob), reader.readAsArrayBuffer(blob).byteLength, reader.readAsDataURL(blob), reader.readAsBinaryString(blob).length].join(" "));`;
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        log(await new Promise(done => worker.onmessage = e => done(e.data)), typeof FileReaderSync);
        "#,
        expect![[r#"
            4 false é 2 data:a/b;base64,w6k= 2 undefined
        "#]],
    );
}

#[test]
fn beacon_is_sent_and_its_response_ignored() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&seen);
    let options = PageOptions::new().route(move |request| {
        let body = String::from_utf8_lossy(request.body_bytes().unwrap_or_default()).into_owned();
        if request.url.path() != "/" {
            let line = format!("{} {} {body}", request.method(), request.url);
            kept.lock().unwrap().push(line);
        }
        None
    });
    let html = "<script>
        console.log(navigator.sendBeacon('/log', 'gone'), navigator.sendBeacon('/big', 'x'.repeat(65537)));
        try { navigator.sendBeacon('data:,') } catch (e) { console.log(e.name) }
        </script>";
    let mut page = open(&[("http://a.test/", html)], options);
    idle(&mut page);
    assert_eq!(lines(&page), ["true false", "TypeError"]);
    assert_eq!(*seen.lock().unwrap(), ["POST http://a.test/log gone"]);
}
