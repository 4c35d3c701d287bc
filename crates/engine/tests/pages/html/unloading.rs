//! Tests of unloading a document: its last events, its visibility, and its remaining state.

use crate::support::{page, script};

/// Logs the last events of a frame when `leave` runs.
#[track_caller]
fn leaving(leave: &str, expected: &[&str]) {
    script(
        &format!(
            "const frame = document.createElement('iframe');
             frame.srcdoc = `<script>
                 for (const type of ['beforeunload', 'pagehide', 'visibilitychange', 'unload'])
                     addEventListener(type, event => parent.console.log(type,
                         document.visibilityState, event.target === document, event.bubbles));
                 document.onvisibilitychange = () => parent.console.log('handler', document.hidden);
             <\\/script>`;
             document.body.append(frame);
             frame.onload = () => {{
                 frame.onload = () => console.log('next');
                 const inside = frame.contentWindow, left = frame.contentDocument;
                 {leave}
             }};"
        ),
        expected,
    );
}

const LAST: [&str; 5] = [
    "beforeunload visible false false",
    "pagehide visible true true",
    "handler true",
    "visibilitychange hidden true true",
    "unload hidden true false",
];

#[test]
fn unloaded_document_becomes_hidden_between_pagehide_and_unload() {
    let mut expected = LAST.to_vec();
    expected.push("next");
    leaving("inside.location = 'about:blank?next'", &expected);
    leaving("frame.srcdoc = 'next'", &expected);
    leaving("inside.location.reload(); frame.onload = null", &LAST);
}

#[test]
fn a_frame_that_is_removed_fires_its_last_events_at_once() {
    let mut expected = LAST[1..].to_vec();
    expected.push("removed");
    leaving("frame.remove(); console.log('removed')", &expected);
}

#[test]
fn a_window_that_is_closed_fires_its_last_events() {
    script(
        "const popup = open('about:blank');
         popup.document.title = 'popup';
         for (const type of ['pagehide', 'visibilitychange', 'unload'])
             popup.addEventListener(type, () => console.log(type, popup.document.visibilityState));
         popup.document.write('x'); popup.document.close();
         for (const type of ['pagehide', 'visibilitychange', 'unload'])
             popup.addEventListener(type, () => console.log(type, popup.document.visibilityState));
         popup.onload = () => { popup.close(); console.log(popup.closed); };",
        &[
            "true",
            "pagehide visible",
            "visibilitychange hidden",
            "unload hidden",
        ],
    );
}

#[test]
fn unloaded_document_keeps_its_url_and_is_hidden() {
    leaving(
        "frame.remove();
         console.log(left.URL, left.documentURI);
         console.log(left.visibilityState, left.hidden, left.defaultView, left.location);",
        &[
            "pagehide visible true true",
            "handler true",
            "visibilitychange hidden true true",
            "unload hidden true false",
            "about:srcdoc about:srcdoc",
            "hidden true null null",
        ],
    );
}

#[test]
fn pageswap_shows_the_next_entry_before_pagehide() {
    script(
        "const frame = document.createElement('iframe');
         frame.srcdoc = '<p>first</p>';
         let next;
         frame.onload = () => {
             const inner = frame.contentWindow;
             inner.onpageswap = event => {
                 const { activation } = event;
                 console.log(event.type, event.constructor === inner.PageSwapEvent, event.viewTransition,
                     activation?.navigationType, activation?.from === inner.navigation.currentEntry,
                     activation?.entry === inner.navigation.currentEntry);
                 next = activation?.entry?.id;
             };
             inner.onpagehide = () => console.log('pagehide');
             console.log('load', inner.navigation.currentEntry?.id === next);
             act.shift()?.(inner);
         };
         const act = [
             inner => { inner.location.href = 'about:srcdoc#x'; frame.srcdoc = '<p>second</p>'; },
             inner => inner.location.reload(),
             inner => { frame.onload = null; frame.src = 'data:text/html,other'; frame.removeAttribute('srcdoc'); },
         ];
         document.body.append(frame);",
        &[
            "load false",
            "pageswap true null push true false",
            "pagehide",
            "load true",
            "pageswap true null reload true true",
            "pagehide",
            "load true",
            // The next document has another origin.
            "pageswap true null undefined false false",
            "pagehide",
        ],
    );
}

#[test]
fn pagereveal_comes_with_the_first_frame_and_only_to_early_listeners() {
    script(
        "onpagereveal = event => console.log(event.type, event.constructor.name, event.viewTransition);
         onpageshow = () => console.log('pageshow');
         requestAnimationFrame(() => {
             console.log('frame');
             addEventListener('pagereveal', () => console.log('late'));
             requestAnimationFrame(() => console.log('second frame'));
         });",
        &[
            "pageshow",
            "pagereveal PageRevealEvent null",
            "frame",
            "second frame",
        ],
    );
}

#[test]
fn a_listener_for_pagereveal_needs_no_other_reason_for_a_frame() {
    page(
        "<body onpagereveal='console.log(\"revealed\", performance.now() > 1)'>
         <script>setTimeout(() => { onpagereveal = () => console.log('late'); }, 100)</script>",
        &["revealed true"],
    );
}

#[test]
fn a_document_that_no_window_shows_is_hidden() {
    script(
        "const made = document.implementation.createHTMLDocument('');
         console.log(made.visibilityState, made.hidden, document.visibilityState, document.hidden);",
        &["hidden true visible false"],
    );
}

#[test]
fn a_reload_loads_the_url_of_the_entry() {
    script(
        "const load = (frame, act) => new Promise(resolve => {
             frame.onload = () => resolve(frame.contentDocument); act();
         });
         const show = (text, made) => console.log(text, made.URL, made.body.textContent);
         (async () => {
             for (const [name, set] of [
                 ['srcdoc', frame => frame.srcdoc = 'original'],
                 ['javascript:', frame => frame.src = 'javascript:\"original\"'],
                 ['about:blank', frame => frame.src = 'about:blank?x'],
             ]) {
                 const frame = document.createElement('iframe');
                 set(frame);
                 show(name, await load(frame, () => document.body.append(frame)));
                 const open = frame.contentDocument;
                 // The load event of the frame is muted while its listeners run.
                 await new Promise(resolve => setTimeout(resolve));
                 show('written', await load(frame, () => {
                     open.open(); open.write('written'); open.close();
                 }));
                 show('reloaded', await load(frame, () => frame.contentWindow.location.reload()));
                 frame.remove();
             }
         })();",
        &[
            "srcdoc about:srcdoc original",
            "written http://a.test/ written",
            "reloaded about:srcdoc original",
            "javascript: about:blank original",
            "written http://a.test/ written",
            "reloaded about:blank ",
            "about:blank about:blank?x ",
            "written http://a.test/ written",
            "reloaded about:blank?x ",
        ],
    );
}
