//! The engine holds no port, listener or frame that a page has forgotten, and frees none too early.

#![allow(clippy::unwrap_used)]

mod common;

use common::{open, run};
use framepost_event_loop::RunUntil;

#[test]
fn forgotten_channels_are_freed() {
    let mut page = open(&[(
        "index.html",
        r#"<script>
        let left = 100;
        function round() {
          for (let i = 0; i < 100; i++) {
            const { port1, port2 } = new MessageChannel();
            port2.onmessage = () => { port2.postMessage(port1 === null); };
            port1.onmessage = () => {};
            port1.postMessage(i);
            const inner = new MessageChannel();
            inner.port1.onmessage = () => {};
            port1.postMessage("a port", [inner.port2]);
            new BroadcastChannel("forgotten").name;
          }
          if (--left) setTimeout(round); else console.log("done");
        }
        round();
        </script>"#,
    )]);
    let _ = page.run(RunUntil::idle().after_tasks(100));
    page.collect();
    let early = page.counts();
    let _ = page.run(RunUntil::idle());
    page.collect();
    page.collect();
    assert_eq!(page.take_log(), ["done"]);
    let counts = page.counts();
    assert_eq!(
        (counts.objects, counts.halves, counts.channels),
        ([0, 0, 0, 0], 0, 0),
        "{early:?} {counts:?}"
    );
    assert_eq!(counts.realms, [1, 1, 0]);
}

#[test]
fn removed_frames_are_freed() {
    let mut page = open(&[
        (
            "index.html",
            r#"<body><script>
            let left = 1000, heard = 0;
            function round() {
              const frame = document.createElement("iframe");
              frame.src = "frame.html";
              frame.onload = () => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => { heard++; frame.remove(); if (--left) round(); else console.log("done", heard); };
                frame.contentWindow.postMessage("hello", "*", [port2]);
              };
              document.body.appendChild(frame);
            }
            round();
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
    let _ = page.run(RunUntil::idle());
    page.collect();
    page.collect();
    assert_eq!(page.take_log(), ["done 1000"]);
    let counts = page.counts();
    assert_eq!(
        (counts.halves, counts.channels, counts.realms),
        (0, 0, [1, 1, 0]),
        "{counts:?}"
    );
    // The body's object stays.
    assert!(counts.objects.iter().sum::<usize>() <= 2, "{counts:?}");
    page.with_contexts(|contexts, _| assert_eq!(contexts.counts().windows, 1));
}

#[test]
fn a_port_with_a_listener_lives_as_long_as_its_peer() {
    let log = run(&[(
        "index.html",
        r#"<script>
        function listen() {
          const { port1, port2 } = new MessageChannel();
          port2.onmessage = (event) => console.log("direct", event.data);
          const carrier = new MessageChannel();
          const inner = new MessageChannel();
          inner.port2.onmessage = (event) => console.log("peer in a queue", event.data);
          // Nothing refers to inner.port2 but its peer, which waits in the queue of carrier.port2.
          carrier.port1.postMessage(null, [inner.port1]);
          return [port1, carrier.port2];
        }
        const [near, late] = listen();
        const churn = (n) => { for (let i = 0; i < 2000; i++) ({ i, list: [i] }); if (n) setTimeout(churn, 0, n - 1); };
        setTimeout(() => {
          for (let i = 0; i < 20000; i++) { const a = {}, b = { a }; a.b = b; }
          near.postMessage(1);
          late.onmessage = (event) => event.ports[0].postMessage(2);
        });
        new BroadcastChannel("kept").onmessage = (event) => console.log("channel", event.data);
        setTimeout(() => {
          for (let i = 0; i < 20000; i++) { const a = {}, b = { a }; a.b = b; }
          new BroadcastChannel("kept").postMessage(3);
        });
        </script>"#,
    )]);
    assert_eq!(log, ["direct 1", "channel 3", "peer in a queue 2"]);
}
