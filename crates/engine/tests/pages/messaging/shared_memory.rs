//! Tests of `SharedArrayBuffer`: where it exists, and which agents share its memory.
use framepost::{Page, PageOptions};
use framepost_browsing_context::Response;
use framepost_browsing_context::loader::MemoryLoader;

use crate::support::{lines, open};

const CHILD: &str = "<script>onmessage = e => { new Uint8Array(e.data)[0]++; \
    parent.postMessage([e.data instanceof SharedArrayBuffer, e.data.byteLength], '*') }; \
    onmessageerror = e => parent.postMessage('messageerror ' + e.data, '*')</script>";

fn page(isolated: bool, frame: &str) -> Page {
    let html = format!(
        "<script>var got = []; onmessage = e => got.push(e.data)</script><iframe src='{frame}'></iframe>"
    );
    let options = PageOptions::new().cross_origin_isolated(isolated);
    let child = "http://b.test/child";
    let mut page = open(&[("", &*html), ("child", CHILD), (child, CHILD)], options);
    let _ = page.run_until_idle();
    page
}

#[test]
fn shared_array_buffer_requires_isolation() {
    let mut page = page(false, "child");
    let text = page.eval("[typeof SharedArrayBuffer, crossOriginIsolated].join()");
    assert_eq!(text.unwrap(), "undefined,false");
}

#[test]
fn same_origin_windows_share_memory() {
    let mut page = page(true, "child");
    let _ = page
        .eval("var s = new SharedArrayBuffer(4); frames[0].postMessage(s, '*')")
        .unwrap();
    let _ = page.run_until_idle();
    let text = page.eval("JSON.stringify([crossOriginIsolated, got, new Uint8Array(s)[0]])");
    assert_eq!(text.unwrap(), "[true,[[true,4]],1]");
    let text = page.eval(
        "var c = structuredClone([s, new Int16Array(s, 2)]); new Uint8Array(c[0])[1] = 9; \
         [c[0] !== s, c[1].buffer === c[0], c[1].byteOffset, new Uint8Array(s)[1]].join()",
    );
    assert_eq!(text.unwrap(), "true,true,2,9");
    let text = page.eval(
        "var ran = false; try { structuredClone({get x() { ran = true }}, {transfer: [s]}) } \
         catch (e) { e.name + ran }",
    );
    assert_eq!(text.unwrap(), "DataCloneErrorfalse");
    let text = page.eval(
        "var f = structuredClone([new Float16Array(s, 2), s]); f[0][0] = 1; \
         [f[0].length, f[0].buffer === f[1], new Uint8Array(s)[3]].join()",
    );
    assert_eq!(text.unwrap(), "1,true,60");
}

#[test]
fn shared_memory_to_other_origin_fires_messageerror() {
    let mut page = page(true, "http://b.test/child");
    let _ = page
        .eval("frames[0].postMessage(new SharedArrayBuffer(4), '*')")
        .unwrap();
    let _ = page.run_until_idle();
    assert_eq!(page.eval("got.join()").unwrap(), "messageerror null");
}

/// Opens `https://a.test/` with these two headers, and frames with their own embedder policy.
fn page_with_headers(opener: &str, embedder: &str, frames: &[(&str, &str)]) -> Page {
    let response = |path: &str, html: &str, embedder: &str| {
        let url: url::Url = path.parse().unwrap();
        Response::new(url, "text/html", html).with_header("Cross-Origin-Embedder-Policy", embedder)
    };
    let tags: String = frames
        .iter()
        .map(|(url, _)| format!("<iframe src='{url}'></iframe>"))
        .collect();
    let html = format!("<script>var got = []; onmessage = e => got.push(e.data)</script>{tags}");
    let top = "https://a.test/";
    let top_response =
        response(top, &html, embedder).with_header("Cross-Origin-Opener-Policy", opener);
    let child = "<script>parent.postMessage([crossOriginIsolated, typeof SharedArrayBuffer], '*'); \
        onmessage = e => { new Uint8Array(e.data)[0] = 7 }</script>";
    let mut loader = MemoryLoader::new();
    loader.add_response(top_response);
    for (url, embedder) in frames {
        loader.add_response(response(url, child, embedder));
    }
    let options = PageOptions::new().loader(move || Box::new(loader));
    let mut page = Page::open(top.parse().unwrap(), options).unwrap();
    let _ = page.run_until_idle();
    page
}

#[test]
fn opener_and_embedder_headers_isolate_page() {
    let mut page = page_with_headers(
        "same-origin",
        "require-corp",
        &[("https://a.test/child", "require-corp")],
    );
    let _ = page
        .eval("var s = new SharedArrayBuffer(1); frames[0].postMessage(s, '*')")
        .unwrap();
    let _ = page.run_until_idle();
    let text = page.eval("JSON.stringify([crossOriginIsolated, got, new Uint8Array(s)[0]])");
    assert_eq!(text.unwrap(), r#"[true,[[true,"function"]],7]"#);
}

#[test]
fn one_header_does_not_isolate_page() {
    for (opener, embedder) in [
        ("same-origin", "unsafe-none"),
        ("unsafe-none", "require-corp"),
    ] {
        let mut page = page_with_headers(opener, embedder, &[]);
        let text = page.eval("[crossOriginIsolated, typeof SharedArrayBuffer].join()");
        assert_eq!(text.unwrap(), "false,undefined");
    }
}

#[test]
fn frame_in_isolated_page_needs_embedder_policy_and_same_origin() {
    let mut page = page_with_headers(
        "same-origin",
        "credentialless",
        &[
            ("https://a.test/without", "unsafe-none"),
            ("https://b.test/other", "require-corp"),
        ],
    );
    let text = page.eval("JSON.stringify(got)");
    assert_eq!(text.unwrap(), r#"[[false,"undefined"]]"#);
}

#[test]
fn views_track_length_of_growable_memory() {
    let mut page = page(true, "child");
    let _ = page
        .eval(
            "var s = new SharedArrayBuffer(4, { maxByteLength: 8 }); \
             var c = structuredClone([new DataView(s, 1), new DataView(s, 1, 3), new Uint8Array(s)]); \
             c[0].buffer.grow(8)",
        )
        .unwrap();
    let text = page.eval("c.map(view => view.byteLength).join()");
    assert_eq!(text.unwrap(), "7,3,8");
}

#[test]
fn secure_context_depends_on_the_top_page() {
    for (top, secure) in [
        ("http://a.test/", "false,false"),
        ("http://localhost/", "true,true"),
        ("https://a.test/", "true,true"),
    ] {
        let url: url::Url = top.parse().unwrap();
        let options = PageOptions::new().document(url.clone(), "<iframe srcdoc='x'></iframe>");
        let mut page = Page::open(url, options).unwrap();
        let _ = page.run_until_idle();
        let text = page.eval("[isSecureContext, frames[0].isSecureContext].join()");
        assert_eq!(text.unwrap(), secure, "{top}");
    }
}

/// Posts to the top page whether a window and a popup of it are secure contexts, and whether they have the interfaces and
/// members for secure contexts.
const SEEN: &str = "
    const names = ['Lock', 'LockManager', 'CookieStore', 'CookieChangeEvent', 'cookieStore'];
    const seen = (window) => [window.isSecureContext, ...names.map((name) => name in window), 'locks' in window.navigator,
      'randomUUID' in window.crypto].map(Number).join('');
    const opened = open();
    top.postMessage([seen(self), seen(opened)].join(), '*');";

#[test]
fn insecure_contexts_lack_what_is_for_secure_ones() {
    let (all, none) = ("11111111", "00000000");
    for (top, frame, of_top, of_frame, of_popup) in [
        ("https://a.test/", "https://a.test/frame", all, all, all),
        ("http://a.test/", "http://a.test/frame", none, none, none),
        ("http://localhost/", "http://127.0.0.1/frame", all, all, all),
        ("http://[::1]/", "http://a.localhost/frame", all, all, all),
        // Each document around a window has to be trustworthy. A popup has none around it.
        ("http://a.test/", "https://a.test/frame", none, none, all),
        ("http://localhost/", "http://a.test/frame", all, none, none),
    ] {
        let url: url::Url = top.parse().unwrap();
        let script = format!("<script>{SEEN}</script>");
        let page = format!(
            "<script>onmessage = ({{ data }}) => console.log(data);</script><iframe src='{frame}'></iframe>{script}"
        );
        let options = PageOptions::new()
            .document(url.clone(), page)
            .document(frame.parse().unwrap(), script);
        let mut page = Page::open(url, options).unwrap();
        let _ = page.run_until_idle();
        assert_eq!(
            lines(&page),
            [
                format!("{of_top},{of_top}"),
                format!("{of_frame},{of_popup}")
            ],
            "{frame} in {top}"
        );
    }
}

#[test]
fn worker_of_an_insecure_page_lacks_what_is_for_secure_ones() {
    for (url, expected) in [("http://a.test/", "0000"), ("https://a.test/", "1111")] {
        let url: url::Url = url.parse().unwrap();
        let page = "<script>
            const script = \"postMessage([isSecureContext, 'locks' in navigator, 'LockManager' in self, \
              'randomUUID' in crypto].map(Number).join(''))\";
            new Worker(URL.createObjectURL(new Blob([script]))).onmessage = ({ data }) => console.log(data);
            </script>";
        let options = PageOptions::new().document(url.clone(), page);
        let mut page = Page::open(url.clone(), options).unwrap();
        let _ = page.run_until_idle();
        assert_eq!(lines(&page), [expected], "{url}");
    }
}
