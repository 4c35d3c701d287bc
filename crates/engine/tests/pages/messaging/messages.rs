//! Tests of `window.postMessage()`, channels and structured clone.

use crate::support::{page, pages, script};

#[test]
fn window_posts_to_itself() {
    page(
        "<script>onmessage = e => console.log(e.data.a, e.origin, e.source === window, e instanceof MessageEvent, e.isTrusted, e.ports.length); postMessage({a: 1}, '*'); console.log('posted')</script>",
        &["posted", "1 http://a.test true true true 0"],
    );
    page(
        "<script>postMessage(1, '*')</script><script>onmessage = e => console.log(e.data)</script>",
        &["1"],
    );
    page(
        "<script>onmessage = e => console.log(e.data); postMessage('no', 'http://b.test'); postMessage('yes', '/'); postMessage('opt', {targetOrigin: location.origin}); try { postMessage(1, 'x') } catch (e) { console.log(e.name) }</script>",
        &["SyntaxError", "yes", "opt"],
    );
}

#[test]
fn message_source_is_the_incumbent_window() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html id=f></iframe><script>onload = () => f.contentWindow.postMessage('hi', '*'); onmessage = e => console.log(e.data, e.source === f.contentWindow, e.origin)</script>",
            ),
            (
                "http://a.test/b.html",
                "<script>onmessage = e => { console.log(e.data, e.source === parent, e.origin); e.source.postMessage('back', '*') }</script>",
            ),
        ],
        &["hi true http://a.test", "back true http://a.test"],
    );
}

#[test]
fn script_of_removed_frame_posts_with_its_origin() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html id=f></iframe><script>onload = () => { const say = f.contentWindow.say; onmessage = e => console.log(e.data, e.origin); f.remove(); say('after') }</script>",
            ),
            (
                "http://a.test/b.html",
                "<script>const page = parent; function say(text) { page.postMessage(text, '*') }</script>",
            ),
        ],
        &["after http://a.test"],
    );
}

#[test]
fn message_source_can_be_a_gone_window() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html></iframe><iframe src=b.html></iframe><script>
                 onload = () => {
                   const windows = [frames[0], frames[1]], said = windows.map(w => w.say);
                   onmessage = e => {
                     console.log(e.data, e.source === windows[e.data], e.source.closed);
                     e.source.postMessage('nobody', '*');
                   };
                   document.querySelectorAll('iframe').forEach(frame => frame.remove());
                   said[1](1); said[0](0); said[1](1);
                 }</script>",
            ),
            (
                "http://a.test/b.html",
                "<script>const page = parent; function say(n) { page.postMessage(n, '*') }</script>",
            ),
        ],
        &["1 true true", "0 true true", "1 true true"],
    );
}

#[test]
fn message_includes_user_activation_on_request() {
    script(
        "const shown = e => console.log(e.data, e.userActivation && [e.userActivation instanceof UserActivation, \
             e.userActivation.isActive, e.userActivation.hasBeenActive].join()); \
         onmessage = shown; const { port1, port2 } = new MessageChannel(); port1.onmessage = shown; \
         postMessage(1, { includeUserActivation: true }); postMessage(2, '*'); \
         port2.postMessage(3, { includeUserActivation: true }); port2.postMessage(4); \
         const made = new MessageEvent('x', { userActivation: navigator.userActivation }); \
         console.log(made.userActivation === navigator.userActivation, new MessageEvent('x').userActivation); \
         try { new MessageEvent('x', { userActivation: {} }) } catch (e) { console.log(e.name) }",
        &[
            "true null",
            "TypeError",
            "1 true,false,false",
            "2 null",
            "3 true,false,false",
            "4 null",
        ],
    );
}

#[test]
fn post_message_distinguishes_options_from_transfer_list() {
    script(
        "const { port1, port2 } = new MessageChannel(); let asked = 0; \
         port1.onmessage = e => console.log(e.data); \
         port2.postMessage('none', { [Symbol.iterator]: null }); \
         try { port2.postMessage('bad', { [Symbol.iterator]: 5 }) } catch (e) { console.log(e.name) } \
         port2.postMessage('once', { get [Symbol.iterator]() { asked++; return () => [].values() } }); \
         console.log(asked)",
        &["TypeError", "1", "none", "once"],
    );
}

#[test]
fn message_source_stays_the_same_after_frame_removal() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html id=f></iframe><script>onload = () => { const w = f.contentWindow; onmessage = e => console.log(e.data, e.source === w, w.closed); w.say('late'); f.remove() }</script>",
            ),
            (
                "http://a.test/b.html",
                "<script>function say(x) { parent.postMessage(x, '*') }</script>",
            ),
        ],
        &["late true true"],
    );
}

#[test]
fn messages_cross_origins() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=http://b.test/ id=f></iframe><script>onload = () => f.contentWindow.postMessage('hi', 'http://b.test'); onmessage = e => console.log(e.data, e.source === f.contentWindow, e.origin)</script>",
            ),
            (
                "http://b.test/",
                "<script>onmessage = e => { console.log(e.data, e.origin); e.source.postMessage('back', e.origin) }</script>",
            ),
        ],
        &["hi http://a.test", "back true http://b.test"],
    );
}

#[test]
fn channel_works_within_one_page() {
    page(
        "<script>const c = new MessageChannel(); c.port2.onmessage = e => { console.log(e.data, e.origin, e.source, e.target === c.port2); c.port2.close() }; c.port1.onclose = () => console.log('close'); c.port1.start(); c.port1.postMessage('x')</script>",
        &["x  null true", "close"],
    );
}

#[test]
fn mdn_channel_messaging_example_works() {
    pages(
        &[
            (
                "http://a.test/",
                "<p class=output>nothing</p><iframe src=page2.html></iframe><script>
                 const channel = new MessageChannel(); const output = document.querySelector('.output'); const iframe = document.querySelector('iframe');
                 iframe.addEventListener('load', onLoad);
                 function onLoad() { channel.port1.onmessage = onMessage; iframe.contentWindow.postMessage('Hello from the main page!', '*', [channel.port2]); }
                 function onMessage(e) { output.innerHTML = e.data; console.log(output.textContent) }
                 </script>",
            ),
            (
                "http://a.test/page2.html",
                "<p class=output></p><script>onmessage = e => { document.querySelector('.output').innerHTML = e.data; console.log(e.data, e.ports.length); e.ports[0].postMessage('Message back from the IFrame') }</script>",
            ),
        ],
        &["Hello from the main page! 1", "Message back from the IFrame"],
    );
}

#[test]
fn structured_clone_keeps_cycles_and_types() {
    page(
        "<script>const a = {b: new Date(5), c: [1, /x/g]}; a.self = a; const d = structuredClone(a); console.log(d !== a, d.self === d, d.b.getTime(), d.c[1].source); try { structuredClone(() => 1) } catch (e) { console.log(e.name, e.code) }</script>",
        &["true true 5 x", "DataCloneError 25"],
    );
}
