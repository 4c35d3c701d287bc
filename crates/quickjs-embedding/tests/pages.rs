//! Whole pages: what their scripts log, and what the documents show.

#![allow(clippy::unwrap_used)]

mod common;

use common::{open, run, run_script};
use framepost_browsing_context::{NavigableId, dom};
use framepost_event_loop::RunUntil;
use framepost_quickjs_embedding::Page;

/// The text of the first paragraph of the page, or of a frame.
fn paragraph(page: &Page, frame: Option<usize>) -> String {
    page.with_contexts(|contexts, top| {
        let navigable: NavigableId = frame.map_or(top, |frame| contexts.children(top)[frame]);
        let document = contexts
            .document(contexts.active_document(navigable).unwrap())
            .unwrap();
        let paragraph =
            dom::descendants(document.node()).find(|node| dom::is_html_element(node, "p"));
        dom::text_content(&paragraph.unwrap()).unwrap()
    })
}

#[test]
fn mdn_channel_messaging() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/mdn-channel-messaging/"
    );
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
    let (index, frame) = (read("index.html"), read("frame.html"));
    let mut page = open(&[("index.html", &index), ("frame.html", &frame)]);
    let _ = page.run(RunUntil::idle());
    assert_eq!(page.take_log(), Vec::<String>::new());
    assert_eq!(
        paragraph(&page, None),
        "The frame says: got your message, thank you."
    );
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
fn fields_of_a_window_message() {
    let log = run(&[
        (
            "index.html",
            r#"<iframe src="http://b.test/frame.html"></iframe><script>
            const frame = document.querySelector("iframe");
            onmessage = (event) => {
              console.log(event.data, event.origin, event.source === frame.contentWindow, event.source === frames[0],
                event.target === window, event.ports.length, event.lastEventId === "");
              event.source.postMessage("lost", "http://c.test");
              event.source.postMessage("back", event.origin);
            };
            </script>"#,
        ),
        (
            "http://b.test/frame.html",
            r#"<script>
            addEventListener("message", (event) => console.log(event.data, event.source === parent, event.origin));
            try { parent.document } catch (error) { console.log(error.name, error instanceof DOMException); }
            try { parent.postMessage(() => 1, "*") } catch (error) { console.log(error.name); }
            parent.postMessage({ from: "b" }, "*");
            </script>"#,
        ),
    ]);
    assert_eq!(
        log,
        [
            "SecurityError true",
            "DataCloneError",
            r#"{"from":"b"} http://b.test true true true 0 true"#,
            "back true http://a.test",
        ]
    );
}

#[test]
fn the_incumbent_is_the_window_of_the_running_function() {
    // `source` names the window of the function that called `postMessage()`, not that of the script that was entered.
    let log = run(&[
        (
            "index.html",
            r#"<iframe src="frame.html"></iframe><script>
            const name = (source) => source === window ? "page" : source === frames[0] ? "frame" : String(source);
            addEventListener("message", (event) => console.log(event.data, name(event.source)));
            function fromPage(text) { window.postMessage(text, "*"); }
            document.querySelector("iframe").onload = () => {
              const frame = frames[0];
              frame.fromFrame("a function of the frame");
              frame.postTo(window.postMessage, "a function of the frame, by the function of the page");
              frame.callBack(fromPage, "a function of the page, called by the frame");
              const post = window.postMessage;
              post("a variable", "*");
              Reflect.apply(frame.reflect, null, ["Reflect.apply"]);
              frame.later("a timer of the frame");
              setTimeout(window.postMessage.bind(window, "a timer of the page", "*"));
              [1].forEach(frame.inForEach);
              new frame.Constructor("a constructor");
              frame.getter;
            };
            </script>"#,
        ),
        (
            "frame.html",
            r#"<script>
            function fromFrame(text) { parent.postMessage(text, "*"); }
            function postTo(post, text) { post(text, "*"); }
            function callBack(callback, text) { callback(text); }
            const reflect0 = (text) => parent.postMessage(text, "*");
            var reflect = reflect0;
            function later(text) { setTimeout(() => parent.postMessage(text, "*")); }
            function inForEach() { parent.postMessage("forEach", "*"); }
            function Constructor(text) { parent.postMessage(text, "*"); }
            Object.defineProperty(globalThis, "getter", { get() { parent.postMessage("a getter", "*"); } });
            </script>"#,
        ),
    ]);
    let expected = [
        "a function of the frame frame",
        "a function of the frame, by the function of the page frame",
        "a function of the page, called by the frame page",
        "a variable page",
        "Reflect.apply frame",
        "forEach frame",
        "a constructor frame",
        "a getter frame",
        "a timer of the frame frame",
        "a timer of the page page",
    ];
    let mut sorted = log.clone();
    sorted.sort();
    let mut wanted = expected.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(sorted, wanted);
}

#[test]
fn promise_jobs_run_after_each_callback_and_before_the_next_task() {
    let log = run_script(
        r#"
        const { port1, port2 } = new MessageChannel();
        for (const listener of [1, 2])
          port2.addEventListener("message", (event) => {
            console.log("listener", listener, event.data);
            Promise.resolve().then(() => console.log("job of", listener)).then(() => queueMicrotask(() => console.log("microtask")));
          });
        port2.start();
        port1.postMessage("a");
        setTimeout(() => console.log("timer"));
        Promise.resolve().then(() => console.log("job of the script"));
        console.log("script");
        "#,
    );
    assert_eq!(
        log,
        [
            "script",
            "job of the script",
            "listener 1 a",
            "job of 1",
            "microtask",
            "listener 2 a",
            "job of 2",
            "microtask",
            "timer",
        ]
    );
}

#[test]
fn ports_are_transferred_with_their_queues() {
    let log = run_script(
        r#"
        const outer = new MessageChannel(), inner = new MessageChannel();
        outer.port1.postMessage("waits 1");
        outer.port1.postMessage("waits 2");
        inner.port1.postMessage("here", [outer.port2]);
        try { inner.port1.postMessage("again", [outer.port2]) } catch (error) { console.log(error.name) }
        try { inner.port1.postMessage("itself", [inner.port1]) } catch (error) { console.log(error.name) }
        inner.port2.onmessage = (event) => {
          const [port] = event.ports;
          console.log(event.data, port instanceof MessagePort, port === outer.port2);
          port.onmessage = (event) => console.log(event.data, event.target === port);
          port.onclose = () => console.log("close");
          outer.port1.close();
        };
        "#,
    );
    assert_eq!(
        log,
        [
            "DataCloneError",
            "DataCloneError",
            "here true false",
            "waits 1 true",
            "waits 2 true",
            "close"
        ]
    );
}

#[test]
fn broadcast_channels_reach_the_same_origin() {
    let script = |who: &str| {
        format!(
            r#"<script>
            const channel = new BroadcastChannel("news");
            channel.onmessage = (event) => console.log("{who}", event.data, event.origin, channel.name);
            </script>"#
        )
    };
    let log = run(&[
        (
            "index.html",
            &format!(
                r#"{}<iframe src="frame.html"></iframe><iframe src="http://b.test/frame.html"></iframe><script>
                onload = () => {{
                  channel.postMessage([1, 2]);
                  const closed = new BroadcastChannel("news");
                  closed.close();
                  try {{ closed.postMessage(1) }} catch (error) {{ console.log(error.name) }}
                }};
                </script>"#,
                script("page")
            ),
        ),
        ("frame.html", &script("frame")),
        ("http://b.test/frame.html", &script("other")),
    ]);
    assert_eq!(log, ["InvalidStateError", "frame [1,2] http://a.test news"]);
}

#[test]
fn a_worker_answers_and_ends() {
    let log = run(&[
        (
            "index.html",
            r#"<script>
            const worker = new Worker("worker.js", { name: "adder" });
            worker.onmessage = (event) => {
              console.log("page", event.data, event.ports.length);
              if (event.ports.length) { event.ports[0].postMessage("hello"); worker.terminate(); }
            };
            worker.onerror = (event) => { console.log("error", event.message); event.preventDefault(); };
            worker.postMessage([1, 2]);
            worker.postMessage("fail");
            worker.postMessage("port");
            </script>"#,
        ),
        (
            "worker.js",
            r#"
            console.log("worker", name, typeof window, typeof document);
            onmessage = (event) => {
              if (event.data === "fail") throw new TypeError("no");
              if (event.data === "port") {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => console.log("never: the worker has ended");
                return postMessage("a port", [port2]);
              }
              postMessage(event.data[0] + event.data[1]);
            };
            "#,
        ),
    ]);
    assert_eq!(
        log,
        [
            "worker adder undefined undefined",
            "page 3 0",
            "error Uncaught TypeError: no",
            "page a port 1"
        ]
    );
}

#[test]
fn a_frame_that_removes_itself_leaves_the_page_running() {
    let log = run(&[
        (
            "index.html",
            r#"<iframe src="frame.html"></iframe><script>
            onmessage = (event) => console.log("page", event.data, event.source === null);
            </script>"#,
        ),
        (
            "frame.html",
            r#"<script>
            const page = parent;
            page.postMessage("before", "*");
            page.document.querySelector("iframe").remove();
            console.log("frame is gone", page.length);
            </script>"#,
        ),
    ]);
    assert_eq!(log, ["frame is gone 0", "page before true"]);
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
    assert_eq!(
        log,
        ["Uncaught Odd: thrown", "Uncaught RangeError: late", "on"]
    );
}
