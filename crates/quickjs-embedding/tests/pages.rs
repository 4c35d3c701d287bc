//! Whole pages: what their scripts log, and what the documents show.

#![allow(clippy::unwrap_used)]

mod common;

use common::{open, run, run_script};
use framepost_browsing_context::{NavigableId, dom};
use framepost_event_loop::RunUntil;
use framepost_messaging::conformance::check_pages;
use framepost_quickjs_embedding::Page;

/// The text of the first paragraph of the page, or of a frame.
fn paragraph(page: &Page, frame: Option<usize>) -> String {
    page.with_contexts(|contexts, top| {
        let navigable: NavigableId = frame.map_or(top, |frame| contexts.children(top)[frame]);
        let document = contexts.document(contexts.active_document(navigable).unwrap()).unwrap();
        let paragraph = dom::descendants(document.node()).find(|node| dom::is_html_element(node, "p"));
        dom::text_content(&paragraph.unwrap()).unwrap()
    })
}

#[test]
fn mdn_channel_messaging() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mdn-channel-messaging/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
    let (index, frame) = (read("index.html"), read("frame.html"));
    let mut page = open(&[("index.html", &index), ("frame.html", &frame)]);
    let _ = page.run(RunUntil::idle());
    assert_eq!(page.take_log(), Vec::<String>::new());
    assert_eq!(paragraph(&page, None), "The frame says: got your message, thank you.");
    assert_eq!(paragraph(&page, Some(0)), "Hello from the main page!");
}

#[test]
fn many_messages_on_one_channel() {
    let index = r#"<p>none</p><iframe src="frame.html"></iframe><script>
        const channel = new MessageChannel();
        const frame = document.querySelector("iframe");
        frame.addEventListener("load", () => {
          channel.port1.onmessage = (event) => { document.querySelector("p").innerHTML = event.data; };
          frame.contentWindow.postMessage("init", "*", [channel.port2]);
          for (const text of ["one", "two", "three"]) channel.port1.postMessage(text);
        });
    </script>"#;
    let frame = r#"<p></p><script>
        let port;
        window.addEventListener("message", (event) => { port = event.ports[0]; port.onmessage = hear; });
        function hear(event) {
          const p = document.querySelector("p");
          p.textContent = p.textContent + event.data + " ";
          port.postMessage("heard: " + p.textContent);
        }
    </script>"#;
    let mut page = open(&[("index.html", index), ("frame.html", frame)]);
    let _ = page.run(RunUntil::idle());
    assert_eq!(page.take_log(), Vec::<String>::new());
    assert_eq!(paragraph(&page, Some(0)), "one two three ");
    assert_eq!(paragraph(&page, None), "heard: one two three ");
}

#[test]
fn quickjs_passes_the_checks_of_pages() {
    let report = check_pages(run);
    // The README says why: this view ends where its buffer ends, and is taken to follow it.
    let known = r#"buffers: (it = new ArrayBuffer(4, { maxByteLength: 8 }), it = new Uint8Array(it, 2, 2), it.buffer.resize(3), throws(() => clone(it)) === "DataCloneError")"#;
    assert_eq!(report.failed(), [known], "{report}");
}

#[test]
fn exceptions_are_reported_and_do_not_stop_the_page() {
    let log = run_script(
        r#"
        setTimeout(() => { throw new RangeError("late") });
        setTimeout(() => console.log("on"));
        throw { name: "Odd", message: "thrown" };
        "#,
    );
    assert_eq!(log, ["Uncaught [object Object]", "Uncaught RangeError: late", "on"]);
}
