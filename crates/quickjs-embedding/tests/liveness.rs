//! The engine holds no port, listener or frame that a page has forgotten: after ten thousand of them it has as many
//! objects as after two thousand. That it frees none too early is one of the checks of pages.

#![allow(clippy::unwrap_used)]

mod common;

use common::open;
use framepost_event_loop::RunUntil;
use framepost_quickjs_embedding::{Counts, Page};

/// Runs the page until it has logged so many rounds, and counts what is left then.
fn counts_after(page: &mut Page, rounds: usize) -> Counts {
    let mut log = Vec::new();
    while log.len() < rounds {
        let _ = page.run(RunUntil::idle().after_tasks(1));
        log.extend(page.take_log());
    }
    page.collect();
    page.counts()
}

/// The tables have the same sizes, and QuickJS as many objects, but for a few.
#[track_caller]
fn assert_flat(early: Counts, late: Counts) {
    assert_eq!(Counts { live: 0, ..early }, Counts { live: 0, ..late });
    assert!(late.live < early.live + 100, "{early:?} {late:?}");
}

#[test]
fn forgotten_channels_are_freed() {
    let mut page = open(&[(
        "index.html",
        r#"<script>
        function round() {
          for (let i = 0; i < 1000; i++) {
            const { port1, port2 } = new MessageChannel();
            port2.onmessage = () => { port2.postMessage(port1 === null); };
            port1.onmessage = () => {};
            port1.postMessage(i);
            const inner = new MessageChannel();
            inner.port1.onmessage = () => {};
            port1.postMessage("a port", [inner.port2]);
            new BroadcastChannel("forgotten").name;
          }
          // The messages of this round are delivered before.
          setTimeout(() => { console.log("round"); setTimeout(round); }, 100);
        }
        round();
        </script>"#,
    )]);
    let early = counts_after(&mut page, 2);
    let late = counts_after(&mut page, 8);
    assert_flat(early, late);
    assert_eq!((late.objects, late.channels), (0, [0, 0]));
    assert_eq!(late.realms, [1, 1, 1]);
}

#[test]
fn removed_frames_are_freed() {
    let mut page = open(&[
        (
            "index.html",
            r#"<body><script>
            let count = 0;
            function next() {
              const frame = document.createElement("iframe");
              frame.src = "frame.html";
              frame.onload = () => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => {
                  frame.remove();
                  if (++count % 1000) next();
                  else { console.log("round"); setTimeout(next, 100); }
                };
                frame.contentWindow.postMessage("hello", "*", [port2]);
              };
              document.body.appendChild(frame);
            }
            next();
            </script>"#,
        ),
        (
            "frame.html",
            r#"<script>
            new BroadcastChannel("x").onmessage = () => {};
            setTimeout(() => {}, 1000000);
            onmessage = (event) => { event.ports[0].onmessage = () => {}; event.ports[0].postMessage(1); };
            </script>"#,
        ),
    ]);
    let early = counts_after(&mut page, 2);
    let late = counts_after(&mut page, 8);
    assert_flat(early, late);
    // The listener of the last frame's load keeps one end of the last channel.
    assert!(late.channels[0] <= 1 && late.channels[1] == 0, "{late:?}");
    assert_eq!(late.realms, [1, 1, 1]);
    // The objects of the body, of this listener, of its frame and of its port stay.
    assert!(late.objects <= 4, "{late:?}");
    page.with_contexts(|contexts, _| assert_eq!(contexts.counts().windows, 1));
}
