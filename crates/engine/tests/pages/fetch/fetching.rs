//! Tests of `fetch()` and `Request`. A route answers all requests, so that the tests can set headers and redirects.

use expect_test::expect;
use framepost::PageOptions;
use framepost_browsing_context::{FetchRequest, Response};

use crate::support::{Setting, idle, open};

const BEFORE: &str = "<!DOCTYPE html><body><script>
    const log = (...a) => console.log(a.map(String).join(' '));
    const failed = p => p.then(() => 'no', e => e.name);
    (async () => { ";

/// Answers by the path. A host `b.test` is another origin.
fn answer(request: &FetchRequest) -> Option<Response> {
    let url = &request.url;
    let header = |name: &str| {
        let found = request
            .headers
            .iter()
            .find(|(held, _)| held.eq_ignore_ascii_case(name));
        found.map_or("-", |(_, value)| value).to_owned()
    };
    let text = |text: String| Response::new(url.clone(), "text/plain", text);
    let allowed =
        |response: Response| response.with_header("access-control-allow-origin", "http://a.test");
    let redirect = |status, location: &str| {
        text(String::new())
            .with_status(status)
            .with_header("location", location)
    };
    let echo = || {
        let body = String::from_utf8_lossy(request.body_bytes().unwrap_or_default()).into_owned();
        let (method, referrer) = (request.method(), &request.referrer);
        let (content_type, own) = (header("content-type"), header("x-own"));
        let origin = header("origin");
        let credentials = request.includes_credentials;
        text(format!(
            "{method} {body:?} type={content_type} own={own} origin={origin} from={referrer} {credentials}"
        ))
    };
    Some(match url.path() {
        "/dir/" => return None,
        "/echo" => allowed(echo()),
        "/closed" => text("secret".to_owned()),
        "/stars" => text("open".to_owned())
            .with_header("access-control-allow-origin", "*")
            .with_header("x-shown", "1")
            .with_header("x-hidden", "2")
            .with_header("access-control-expose-headers", "X-Shown"),
        "/asks" if request.method() == "OPTIONS" => {
            console(request);
            allowed(text(String::new()))
                .with_header("access-control-allow-methods", "PUT")
                .with_header("access-control-allow-headers", "x-own")
        }
        "/asks" => allowed(echo()),
        "/to-echo" => redirect(302, "/echo#x"),
        "/kept" => redirect(307, "/echo"),
        "/away" => allowed(redirect(302, "http://b.test/echo")),
        "/loop" => redirect(302, "/loop"),
        "/file" => redirect(302, "file:///etc/passwd"),
        "/slow" => text("slow".to_owned()).with_delay(std::time::Duration::from_millis(50)),
        "/none" => text(String::new()).with_status(204),
        "/cookie" => text(String::new()).with_header("set-cookie", "a=b"),
        "/json" => Response::new(url.clone(), "application/json", r#"{"a":[1]}"#),
        _ => text("absent".to_owned())
            .with_status(404)
            .with_status_text("Not Found"),
    })
}

/// A preflight asks for the method and the header.
fn console(request: &FetchRequest) {
    let asked: Vec<&str> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        asked.contains(&"access-control-request-method"),
        "{asked:?}"
    );
    assert!(
        asked.contains(&"access-control-request-headers"),
        "{asked:?}"
    );
}

const ROUTED: Setting = Setting {
    url: "http://a.test/dir/",
    before: BEFORE,
    after: " })();</script>",
    options: || PageOptions::new().route(answer),
};

#[test]
fn response_of_the_same_origin_can_be_read() {
    ROUTED.check(
        r#"
        const response = await fetch("/json#x");
        log(response.status, response.statusText, response.ok, response.type, response.url, response.redirected);
        log(response.headers.get("content-type"), JSON.stringify(await response.json()), response.bodyUsed);
        const absent = await fetch("nothing"); log(absent.status, absent.statusText, absent.ok, await absent.text());
        log([...(await fetch("/cookie")).headers.keys()]);
        const head = await fetch("/json", { method: "head" }); log(head.status, (await head.text()).length);
        const none = await fetch("/none"); log(none.status, await none.text() === "");
        "#,
        expect![[r#"
            200 OK true basic http://a.test/json false
            application/json {"a":[1]} true
            404 Not Found false absent
            content-type
            200 0
            204 true
        "#]],
    );
}

#[test]
fn request_has_method_headers_body_and_referrer() {
    ROUTED.check(
        r#"
        const echo = async (...a) => log(await (await fetch(...a)).text());
        await echo("/echo");
        await echo("/echo", { method: "post", body: "x", headers: { "X-Own": "1" } });
        await echo("/echo", { method: "PUT", body: new URLSearchParams({ a: "b c" }), referrerPolicy: "origin" });
        await echo("/echo", { method: "patch", body: new Uint8Array([65]), referrer: "", credentials: "omit" });
        await echo(new Request("/echo", { method: "POST", body: new Blob(["b"], { type: "q/r" }), referrer: "/other" }));
        const form = new FormData; form.append("a", "1"); form.append("f", new File(["x"], "n.txt"));
        const sent = await (await fetch("/echo", { method: "POST", body: form })).text();
        log(sent.includes('name=\\"a\\"\\r\\n\\r\\n1'), sent.includes('filename=\\"n.txt\\"'), sent.includes("type=multipart/form-data; boundary="));
        "#,
        expect![[r#"
            GET "" type=- own=- origin=- from=http://a.test/dir/ true
            POST "x" type=text/plain;charset=UTF-8 own=1 origin=http://a.test from=http://a.test/dir/ true
            PUT "a=b+c" type=application/x-www-form-urlencoded;charset=UTF-8 own=- origin=http://a.test from=http://a.test/ true
            patch "A" type=- own=- origin=http://a.test from= false
            POST "b" type=q/r own=- origin=http://a.test from=http://a.test/other true
            true true true
        "#]],
    );
}

#[test]
fn response_of_another_origin_needs_its_permission() {
    ROUTED.check(
        r#"
        const ok = await fetch("http://b.test/stars");
        log(ok.type, await ok.text(), ok.headers.get("x-shown"), ok.headers.get("x-hidden"), ok.url);
        log(await failed(fetch("http://b.test/closed")), await failed(fetch("http://b.test/stars", { credentials: "include" })));
        const opaque = await fetch("http://b.test/closed", { mode: "no-cors" });
        log(opaque.type, opaque.status, opaque.url === "", await opaque.text() === "", [...opaque.headers].length);
        log(await failed(fetch("http://b.test/stars", { mode: "same-origin" })));
        log(await (await fetch("http://b.test/asks", { method: "PUT", headers: { "x-own": "1" } })).text());
        log(await failed(fetch("http://b.test/asks", { method: "DELETE", headers: { "x-own": "1" } })));
        log(await failed(fetch("http://b.test/asks", { headers: { "x-other": "1" } })));
        "#,
        expect![[r#"
            cors open 1 null http://b.test/stars
            TypeError TypeError
            opaque 0 true true 0
            TypeError
            PUT "" type=- own=1 origin=http://a.test from=http://a.test/ false
            TypeError
            TypeError
        "#]],
    );
}

#[test]
fn redirects_are_followed_returned_or_refused() {
    ROUTED.check(
        r#"
        const moved = await fetch("/to-echo", { method: "POST", body: "x", headers: { "X-Own": "1" } });
        log(moved.redirected, moved.url, await moved.text());
        log(await (await fetch("/kept", { method: "POST", body: "x" })).text());
        log(await (await fetch("/away")).text());
        const manual = await fetch("/to-echo", { redirect: "manual" }); log(manual.type, manual.status, manual.url);
        log(await failed(fetch("/to-echo", { redirect: "error" })), await failed(fetch("/loop")), await failed(fetch("/file")));
        "#,
        expect![[r#"
            true http://a.test/echo GET "" type=- own=1 origin=- from=http://a.test/dir/ true
            POST "x" type=text/plain;charset=UTF-8 own=- origin=http://a.test from=http://a.test/dir/ true
            GET "" type=- own=- origin=http://a.test from=http://a.test/ false
            opaqueredirect 0 http://a.test/to-echo
            TypeError TypeError TypeError
        "#]],
    );
}

#[test]
fn other_schemes_are_local_or_refused() {
    ROUTED.check(
        r#"
        const data = await fetch("data:text/x;charset=y,a%20b"); log(data.type, data.status, data.headers.get("content-type"), await data.text());
        const url = URL.createObjectURL(new Blob(["blob"], { type: "q/r" }));
        const request = new Request(url); const pending = fetch(url); URL.revokeObjectURL(url);
        const blob = await pending; log(blob.type, blob.headers.get("content-type"), blob.headers.get("content-length"), await blob.text());
        log(await (await fetch(request)).text(), await failed(fetch(url)));
        for (const bad of ["file:///etc/passwd", "ftp://a.test/", "about:blank", "about:x", "javascript:1", "http://a.test:22/"]) log(bad, await failed(fetch(bad)));
        log(await failed(fetch("http://x:y@a.test/")), await failed(fetch("http://")));
        "#,
        expect![[r#"
            basic 200 text/x;charset=y a b
            basic q/r 4 blob
            blob TypeError
            file:///etc/passwd TypeError
            ftp://a.test/ TypeError
            about:blank TypeError
            about:x TypeError
            javascript:1 TypeError
            http://a.test:22/ TypeError
            TypeError TypeError
        "#]],
    );
}

#[test]
fn integrity_is_checked() {
    ROUTED.check(
        r#"
        const hash = "sha256-K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=";
        log(await (await fetch("data:,secret", { integrity: "sha256-x " + hash })).text());
        log(await failed(fetch("data:,other", { integrity: hash })));
        "#,
        expect![[r#"
            secret
            TypeError
        "#]],
    );
}

#[test]
fn aborted_fetch_rejects_with_the_reason() {
    ROUTED.check(
        r#"
        log(await failed(fetch("/json", { signal: AbortSignal.abort() })));
        const controller = new AbortController;
        const pending = fetch("/slow", { signal: controller.signal }).then(() => "no", e => e);
        controller.abort("my reason"); log(await pending);
        const late = new AbortController;
        const response = await fetch("/json", { signal: late.signal }), read = await fetch("/json", { signal: late.signal });
        await read.text(); late.abort();
        log(await failed(response.text()), response.bodyUsed, read.bodyUsed);
        log(await failed(fetch("/slow", { signal: AbortSignal.timeout(10) })));
        const request = new Request("/json", { signal: late.signal }); log(request.signal.aborted, request.clone().signal.aborted);
        "#,
        expect![[r#"
            AbortError
            my reason
            AbortError false true
            TimeoutError
            true true
        "#]],
    );
}

#[test]
fn request_checks_its_members() {
    ROUTED.check(
        r#"
        const name = f => { try { return f() } catch (e) { return e.name } };
        const bad = init => name(() => { new Request("/", init); return "no" });
        log(bad({ method: "TRACE" }), bad({ method: "a b" }), bad({ body: "x" }), bad({ mode: "navigate" }), bad({ window: {} }),
            bad({ cache: "only-if-cached" }), bad({ mode: "no-cors", method: "PUT" }), bad({ headers: { "a b": "c" } }), bad({ referrer: "http://" }));
        const request = new Request("/x#y", { method: "post", body: "b", headers: { Host: "h", "X-A": "1" }, mode: "no-cors", window: null, duplex: "half" });
        log(request.method, request.url, request.mode, request.credentials, request.cache, request.redirect, request.referrer, request.destination === "", request.duplex);
        log([...request.headers].join("|"));
        const second = new Request(request, { method: "PUT", mode: "cors", referrer: "/r", referrerPolicy: "no-referrer", integrity: "i", keepalive: true });
        log(second.method, second.referrer, second.referrerPolicy, second.integrity, second.keepalive, request.bodyUsed, await second.text());
        log(name(() => request.clone()), name(() => new Request(request)), await failed(fetch(request)));
        const form = await new Request("/", { method: "POST", body: new URLSearchParams("a=1&a=2") }).formData(); log(form.getAll("a"));
        const sent = new FormData; sent.append("t", "x"); sent.append("f", new Blob(["y"], { type: "q/r" }), "n");
        const got = await new Response(sent).formData(), file = got.get("f"); log(got.get("t"), file.name, file.type, await file.text());
        log(await failed(new Response("x").formData()));
        "#,
        expect![[r#"
            TypeError TypeError TypeError TypeError TypeError TypeError TypeError TypeError TypeError
            POST http://a.test/x#y no-cors same-origin default follow about:client true half
            content-type,text/plain;charset=UTF-8
            PUT http://a.test/r no-referrer i true true b
            TypeError TypeError TypeError
            1,2
            x n q/r y
            TypeError
        "#]],
    );
}

#[test]
fn workers_and_frames_fetch_relative_to_themselves() {
    ROUTED.check(
        r#"
        const source = "fetch('http://a.test/echo').then(r => r.text()).then(postMessage)";
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        log(await new Promise(done => worker.onmessage = e => done(e.data)));
        const frame = document.body.appendChild(document.createElement("iframe"));
        const response = await frame.contentWindow.fetch("../echo");
        log(response instanceof frame.contentWindow.Response, response.url);
        frame.contentWindow.fetch("/slow").then(() => log("no"), () => log("no"));
        frame.remove();
        const base = document.head.appendChild(document.createElement("base")); base.href = "/else/where/";
        log((await fetch("x")).url);
        "#,
        expect![[r#"
            GET "" type=- own=- origin=- from= true
            true http://a.test/echo
            http://a.test/else/where/x
        "#]],
    );
}

#[test]
fn reason_of_a_network_error_is_a_diagnostic() {
    let said = crate::support::outputs(&[(
        "http://a.test/",
        "<script>fetch('http://b.test/x').catch(e => console.log(e.message))</script>",
    )]);
    assert_eq!(
        said,
        [
            r#"Diagnostic("no loader serves the origin of http://b.test/x")"#,
            "Failed to fetch"
        ]
    );
}

#[test]
fn requests_of_scripts_are_in_the_trace() {
    let html = "<script>fetch('/json'); fetch('/asked').catch(() => {})</script>";
    let route = |request: &FetchRequest| answer(request).filter(|_| request.url.path() == "/json");
    let options = PageOptions::new().route(route).trace(true);
    let mut page = open(&[("http://a.test/dir/", html)], options);
    idle(&mut page);
    let text = page.take_trace().to_text(framepost::TraceFormat::Mermaid);
    for expected in [
        "<br>GET http://a.test/json: 200, 9 bytes",
        "<br>GET http://a.test/asked: nothing found at http://a.test/asked",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(page.unanswered_requests(), ["GET http://a.test/asked"]);
}
