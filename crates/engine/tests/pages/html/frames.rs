//! Tests of frames and their windows.

use crate::support::{outputs, page, pages};

#[test]
fn window_proxy_follows_its_navigable() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html id=f></iframe><script>
                 const w = f.contentWindow; console.log(w === frames[0], w.location.href, length, w.parent === window, w.top === top);
                 w.mark = 1;
                 onload = () => console.log(w === f.contentWindow, w.location.href, w.mark, w.here, f.contentDocument.title, w.frameElement === f);
                 </script>",
            ),
            ("http://a.test/b.html", "<title>B</title><script>var here = 'b'; console.log(parent !== window, top === parent, frameElement.id)</script>"),
        ],
        &[
            "true about:blank 1 true true",
            "true true f",
            // The window of the initial about:blank is reused, including properties set on it.
            "true http://a.test/b.html 1 b B true",
        ],
    );
}

#[test]
fn frames_have_separate_realms() {
    page(
        "<iframe id=f></iframe><script>
         const w = f.contentWindow; console.log(w.Array === Array, new w.Array() instanceof Array, w.eval('[]') instanceof w.Array);
         console.log(w.document.createElement('p') instanceof HTMLElement, w.document.createElement('p') instanceof w.HTMLElement);
         try { w.document.querySelector('[') } catch (e) { console.log(e instanceof w.DOMException, e instanceof DOMException) }
         </script>",
        &["false false true", "false true", "true false"],
    );
}

#[test]
fn frame_window_exists_only_while_connected() {
    page(
        "<script>
         const f = document.createElement('iframe'); f.onload = () => console.log('load'); console.log(f.contentWindow, length);
         document.body || document.documentElement.append(document.createElement('body'));
         document.body.append(f); console.log(length, f.contentWindow === window[0]); const w = f.contentWindow;
         f.remove(); console.log(length, f.contentWindow, w.closed, w.parent, typeof window[0]);
         </script>",
        &["null 0", "load", "1 true", "0 null true null undefined"],
    );
}

#[test]
fn srcdoc_frames_and_named_elements_work() {
    page(
        "<iframe name=n srcdoc=\"<script>console.log(location.href, document.baseURI, parent.n === window, name)</script>\"></iframe>",
        &["about:srcdoc http://a.test/ true n"],
    );
    page(
        "<p id=para></p><script>console.log(para.tagName, 'para' in window, typeof nothing); try { nothing } catch (e) { console.log(e.name) }</script>",
        &["P true undefined", "ReferenceError"],
    );
}

#[test]
fn cross_origin_window_members_throw() {
    let lines = outputs(&[
        (
            "http://a.test/",
            "<iframe src=http://b.test/ id=f></iframe><script>onload = () => {
             const w = f.contentWindow;
             const t = g => { try { console.log(String(g())) } catch (e) { console.log(e.name, e instanceof DOMException) } };
             t(() => w.document); t(() => w.secret); t(() => w.location.href); t(() => w.parent === window); t(() => w.length);
             t(() => w.window === w); t(() => w.closed); t(() => typeof w.postMessage); t(() => w.then); t(() => f.contentDocument); t(() => { w.x = 1 });
             t(() => Object.getPrototypeOf(w));
             }</script>",
        ),
        ("http://b.test/", "<script>var secret = 1; console.log(typeof parent.postMessage); try { parent.document } catch (e) { console.log(e.name) }; console.log(window.secret, document.title === '')</script>"),
    ]);
    assert_eq!(
        lines,
        [
            "function",
            "SecurityError",
            "1 true",
            "SecurityError true",
            "SecurityError true",
            "SecurityError true",
            "true",
            "0",
            "true",
            "false",
            "function",
            "undefined",
            "null",
            "SecurityError true",
            "null"
        ]
    );
}

#[test]
fn location_that_is_set_in_the_load_event_of_a_frame_replaces() {
    pages(
        &[
            (
                "http://a.test/",
                "<body><script>const frame = document.createElement('iframe'), before = history.length; frame.src = 'f.html'; let loads = 0;
                 frame.onload = () => { console.log(frame.contentWindow.location.search, history.length - before);
                    if (++loads === 1) frame.contentWindow.location = 'f.html?1';
                    else if (loads === 2) setTimeout(() => { frame.contentWindow.location = 'f.html?2' }) };
                 onload = () => setTimeout(() => document.body.append(frame))</script>",
            ),
            ("http://a.test/f.html", ""),
            ("http://a.test/f.html?1", ""),
            ("http://a.test/f.html?2", ""),
        ],
        &[" 0", "?1 0", "?2 1"],
    );
}

#[test]
fn frame_of_an_unknown_scheme_fires_no_load() {
    let lines = outputs(&[(
        "http://a.test/",
        "<iframe id=f></iframe><script>let loads = 0; f.onload = () => { loads++ };
         onload = () => { f.src = 'foo:bar'; setTimeout(() => { console.log(loads, f.contentWindow.location.href); f.src = 'about:blank?2' }, 50);
            setTimeout(() => console.log(loads), 100) }</script><iframe src=foo:other onload=\"console.log('never')\"></iframe>",
    )]);
    let (reports, console): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.contains("foo:"));
    assert_eq!(console, ["0 about:blank", "1"]);
    assert_eq!(reports.len(), 2, "{reports:?}");
}
