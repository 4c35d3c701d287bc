//! Tests of `object` and `embed` elements.

use crate::support::page_with;

#[test]
fn object_and_embed_have_content_windows() {
    page_with(
        "<object id=o name=one data=child.html></object><embed id=e name=two src=child.html>
         <script>console.log(length, o.contentWindow, e.getSVGDocument());
         onmessage = m => console.log(m.data, m.source === one, m.source === window[1]);
         onload = () => {
           console.log(length, one === o.contentWindow, one === frames[0], two === frames[1]);
           console.log(o.contentDocument.title, one.frameElement === o, two.frameElement === e, 'contentWindow' in e);
           one.postMessage('to one', '*'); two.postMessage('to two', '*');
           console.log(o.getSVGDocument(), e.getSVGDocument());
         }</script>",
        &[(
            "http://a.test/child.html",
            "<title>child</title><script>onmessage = m => parent.postMessage(name + ' got ' + m.data, '*')</script>",
        )],
        &[
            "0 null null",
            "2 true true true",
            "child true true false",
            "null null",
            "one got to one true false",
            "two got to two false true",
        ],
    );
}

#[test]
fn cross_origin_object_is_isolated() {
    page_with(
        "<object id=o data=http://b.test/></object><script>
         onmessage = m => console.log(m.data, m.origin, m.source === o.contentWindow);
         onload = () => { console.log(o.contentDocument);
           try { o.contentWindow.document } catch (e) { console.log(e.name) } }</script>",
        &[(
            "http://b.test/",
            "<script>parent.postMessage('hi', '*')</script>",
        )],
        &["null", "SecurityError", "hi http://b.test true"],
    );
}

#[test]
fn failed_object_renders_its_fallback() {
    page_with(
        "<object id=o data=nothing.html><embed id=e src=child.html></object><script>
         o.onerror = () => console.log('error', length); e.onload = () => console.log('load', length);
         onload = () => console.log('page', o.contentWindow, window[0] === e.ownerDocument.defaultView[0]);
         </script>",
        &[("http://a.test/child.html", "")],
        &[
            "Diagnostic(\"nothing found at http://a.test/nothing.html\")",
            "error 0",
            "load 1",
            "page null true",
        ],
    );
}

#[test]
fn svg_document_depends_on_mime_type() {
    page_with(
        "<body><script>
         const of = type => URL.createObjectURL(new Blob(['<svg/>'], { type }));
         for (const tag of ['object', 'embed', 'iframe']) for (const type of ['image/svg+xml', 'text/html']) {
           const element = document.createElement(tag); element[tag === 'object' ? 'data' : 'src'] = of(type);
           element.onload = () => console.log(tag, type, element.getSVGDocument()?.contentType);
           document.body.append(element);
         }</script>",
        &[],
        &[
            "iframe image/svg+xml image/svg+xml",
            "iframe text/html undefined",
            "object image/svg+xml image/svg+xml",
            "object text/html undefined",
            "embed image/svg+xml image/svg+xml",
            "embed text/html undefined",
        ],
    );
}

#[test]
fn window_length_excludes_frames_in_shadow_trees() {
    page_with(
        "<div id=host></div><script>
         const root = host.attachShadow({ mode: 'open' });
         root.innerHTML = '<iframe name=hidden></iframe>';
         const frame = root.querySelector('iframe');
         console.log(length, window[0], 'hidden' in window, frame.contentWindow.parent === window);
         document.body.append(document.createElement('iframe'));
         console.log(length, window[0] === document.querySelector('body > iframe').contentWindow);
         </script>",
        &[],
        &["0 undefined false true", "1 true"],
    );
}
