//! The pages of the checks, and the lines that they log.

/// A page and the lines that it logs.
pub(super) struct Page {
    pub(super) name: &'static str,
    /// URLs and texts. The first is the page.
    pub(super) files: &'static [(&'static str, &'static str)],
    pub(super) lines: &'static [&'static str],
    pub(super) in_any_order: bool,
}

/// Expressions that are true, in groups. Each group is a page.
pub(super) const EXPRESSIONS: &[(&str, &[&str])] = &[
    (
        "primitives",
        &[
            "clone(undefined) === undefined && clone(null) === null && clone(true) === true",
            "Object.is(clone(-0), -0) && Object.is(clone(NaN), NaN) && clone(1e300) === 1e300 && clone(-7) === -7",
            r#"clone("") === "" && clone("h\u00e9 \u2192 \u{1f600}") === "h\u00e9 \u2192 \u{1f600}""#,
            r#"clone("\ud800a\udc00") === "\ud800a\udc00""#,
            "clone(0n) === 0n && clone(-(2n ** 200n) + 1n) === -(2n ** 200n) + 1n && clone(255n) === 255n",
            r#"throws(() => clone(Symbol("x"))) === "DataCloneError""#,
        ],
    ),
    (
        "objects",
        &[
            r#"JSON.stringify(clone({ z: 1, 10: 2, a: [3, { b: null }], 9: 4 })) === '{"9":4,"10":2,"z":1,"a":[3,{"b":null}]}'"#,
            "Object.getPrototypeOf(clone(Object.create({ inherited: 1 }))) === Object.prototype",
            "(it = clone([1, , 3]), it.length === 3 && !(1 in it) && Array.isArray(it))",
            "(it = [1], it.extra = 2, it = clone(it), it.extra === 2 && it.length === 1)",
            r#"(it = clone(JSON.parse('{"__proto__":1,"a\\ud800":2}')), Object.keys(it).join() === "__proto__,a\ud800" && it["a\ud800"] === 2)"#,
            "(it = {}, it.self = it, it = clone(it), it.self === it)",
            "(it = {}, it = clone([it, it]), it[0] === it[1])",
            "clone({ get a() { return 5; } }).a === 5",
            r#"(it = { get a() { delete this.b; return 1; }, b: 2 }, !("b" in clone(it)))"#,
            r#"(it = { get a() { this.c = 3; return 1; }, b: 2 }, !("c" in clone(it)))"#,
            "(it = { b: 1, get a() { this.b = 9; return 1; } }, clone(it).b === 1)",
            r#"throws(() => clone({ get a() { throw new RangeError() } })) === "RangeError""#,
            r#"(it = {}, Object.defineProperty(it, "hidden", { value: 1 }), it[Symbol.iterator] = 1, Reflect.ownKeys(clone(it)).length === 0)"#,
            r#"throws(() => clone(() => 1)) === "DataCloneError""#,
            r#"throws(() => clone(new Proxy({}, {}))) === "DataCloneError""#,
            r#"throws(() => clone(new WeakMap())) === "DataCloneError" && throws(() => clone(new WeakSet())) === "DataCloneError""#,
            r#"throws(() => clone(Promise.resolve())) === "DataCloneError""#,
            r#"throws(() => clone(document)) === "DataCloneError" && throws(() => clone(window)) === "DataCloneError""#,
            r#"throws(() => clone(new MessageChannel().port1)) === "DataCloneError""#,
            "(it = clone(new Date(12)), it instanceof Date && it.getTime() === 12) && isNaN(clone(new Date(NaN)))",
            r#"(it = /a\/b/dgimsuy, it.lastIndex = 3, it = clone(it), it.source === "a\\/b" && it.flags === "dgimsuy" && it.lastIndex === 0)"#,
            r#"typeof clone(Object(true)) === "object" && clone(Object(1n)) == 1n && clone(Object("x")) == "x" && clone(Object(2)) == 2"#,
            r#"(it = clone(new Map([[{}, 1], ["k", new Set([NaN])]])), it instanceof Map && it.get("k").has(NaN) && it.size === 2)"#,
            "(it = new Map([[1, 2]]), it.own = 1, clone(it).own === undefined)",
        ],
    ),
    (
        "errors",
        &[
            r#"(it = clone(new RangeError("no", { cause: [1] })), it instanceof RangeError && it.message === "no" && it.cause[0] === 1)"#,
            r#"(it = new Error("x"), it.name = "TypeError", clone(it) instanceof TypeError)"#,
            r#"(it = new Error("x"), it.name = "Mine", Object.getPrototypeOf(clone(it)) === Error.prototype)"#,
            r#"!Object.hasOwn(clone(new Error()), "message")"#,
            r#"(it = new Error("x"), it.extra = 1, clone(it).extra === undefined)"#,
            r#"(it = clone(new DOMException("why", "AbortError")), it instanceof DOMException && it.name === "AbortError" && it.code === 20 && it.message === "why")"#,
        ],
    ),
    (
        "buffers",
        &[
            r#"(it = clone(new Uint8Array([1, 2, 3]).buffer), it instanceof ArrayBuffer && new Uint8Array(it).join() === "1,2,3")"#,
            "(it = new ArrayBuffer(16), it = clone([new Uint8Array(it, 4, 4), new DataView(it, 8)]), it[0].buffer === it[1].buffer && it[0].byteOffset === 4 && it[1].byteLength === 8)",
            "[Int8Array, Uint8ClampedArray, Int16Array, Float32Array, Float64Array, BigInt64Array].every((type) => clone(new type(2)) instanceof type)",
            "(it = clone(new ArrayBuffer(2, { maxByteLength: 8 })), it.resizable && it.maxByteLength === 8 && it.byteLength === 2)",
            "(it = clone(new Uint16Array(new ArrayBuffer(4, { maxByteLength: 8 }))), it.buffer.resize(8), it.length === 4)",
            r#"(it = new ArrayBuffer(4, { maxByteLength: 8 }), it = new Uint8Array(it, 2, 2), it.buffer.resize(3), throws(() => clone(it)) === "DataCloneError")"#,
            "(it = new ArrayBuffer(3), clone(it, { transfer: [it] }).byteLength === 3 && it.byteLength === 0)",
            "(it = new Uint8Array([7]), clone(it, { transfer: [it.buffer] })[0] === 7 && it.length === 0)",
            r#"throws(() => clone(it)) === "DataCloneError""#,
            r#"throws(() => clone(1, { transfer: [it.buffer] })) === "DataCloneError" && throws(() => clone(1, { transfer: [{}] })) === "DataCloneError""#,
            r#"(it = new ArrayBuffer(1), throws(() => clone(1, { transfer: [it, it] })) === "DataCloneError" && it.byteLength === 1)"#,
            r#"(it = new ArrayBuffer(1), throws(() => clone(() => 1, { transfer: [it] })) === "DataCloneError" && it.byteLength === 1)"#,
            r#"typeof SharedArrayBuffer === "undefined" || throws(() => clone(new SharedArrayBuffer(1))) === "DataCloneError""#,
        ],
    ),
    (
        "a page that changes built-in objects",
        &[
            "(globalThis.map = new Map([[1, 2]]), true)",
            "(Object.keys = Array.prototype.slice = Map.prototype.forEach = () => { throw 1 }, true)",
            "(Map.prototype.set = Set.prototype.add = Reflect.get = () => { throw 2 }, true)",
            r#"(Object.defineProperty(Array.prototype, "0", { set() { throw 3 }, configurable: true }), true)"#,
            "(it = clone({ a: [1, 2], b: map }), it.a.length === 2 && it.b.get(1) === 2 && it.b !== map)",
        ],
    ),
];

/// Pages with frames, ports, channels and workers.
pub(super) const PAGES: &[Page] = &[
    Page {
        name: "the fields of a message to a window",
        files: &[
            (
                "http://a.test/",
                r#"<iframe src="http://b.test/frame.html"></iframe><script>
const frame = document.querySelector("iframe");
onmessage = (event) => {
  console.log(event.data, event.origin, event.source === frame.contentWindow, event.source === frames[0],
    event.target === window, event.ports.length, event.lastEventId === "", event.bubbles, event.cancelable);
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
try { parent.postMessage(1, "no origin") } catch (error) { console.log(error.name); }
parent.postMessage("from b", "*");
</script>"#,
            ),
        ],
        lines: &[
            "SecurityError true",
            "DataCloneError",
            "SyntaxError",
            "from b http://b.test true true true 0 true false false",
            "back true http://a.test",
        ],
        in_any_order: false,
    },
    Page {
        name: "the fields of a message to a port",
        files: &[(
            "http://a.test/",
            r#"<script>
const { port1, port2 } = new MessageChannel(), moved = new MessageChannel().port1;
port2.onmessage = (event) => console.log(event.data, event.origin === "", event.source, event.target === port2,
  event.ports.length, event.ports[0] instanceof MessagePort, event.ports[0] === moved, Object.isFrozen(event.ports));
port1.postMessage("a port", [moved]);
port1.postMessage("another", { transfer: [] });
</script>"#,
        )],
        lines: &[
            "a port true null true 1 true false true",
            "another true null true 0 false false true",
        ],
        in_any_order: false,
    },
    Page {
        name: "the incumbent is the window of the running function",
        files: &[
            (
                "http://a.test/",
                r#"<iframe src="frame.html"></iframe><script>
const name = (source) => source === window ? "page" : source === frames[0] ? "frame" : String(source);
addEventListener("message", (event) => console.log(event.data, name(event.source)));
function fromPage(text) { window.postMessage(text, "*"); }
document.querySelector("iframe").onload = () => {
  const frame = frames[0];
  frame.fromFrame("1. a function of the frame");
  frame.callBack(fromPage, "2. a function of the page, called by the frame");
  frame.postTo(window.postMessage, "3. a function of the frame, with a method of the page");
  const post = window.postMessage;
  post("4. a variable", "*");
  Reflect.apply(frame.fromFrame, null, ["5. Reflect.apply"]);
  [1].forEach(frame.inForEach);
  new frame.Constructor("7. a constructor");
  frame.getter;
  setTimeout(window.postMessage.bind(window, "9. a timer of the page", "*"));
  frame.later("9. a timer of the frame");
  frame.job("10. a job of the frame");
};
</script>"#,
            ),
            (
                "http://a.test/frame.html",
                r#"<script>
function fromFrame(text) { parent.postMessage(text, "*"); }
function postTo(post, text) { post(text, "*"); }
function callBack(callback, text) { callback(text); }
function later(text) { setTimeout(() => parent.postMessage(text, "*")); }
function job(text) { Promise.resolve().then(() => parent.postMessage(text, "*")); }
function inForEach() { parent.postMessage("6. forEach", "*"); }
function Constructor(text) { parent.postMessage(text, "*"); }
Object.defineProperty(globalThis, "getter", { get() { parent.postMessage("8. a getter", "*"); } });
</script>"#,
            ),
        ],
        lines: &[
            "1. a function of the frame frame",
            "2. a function of the page, called by the frame page",
            "3. a function of the frame, with a method of the page frame",
            "4. a variable page",
            "5. Reflect.apply frame",
            "6. forEach frame",
            "7. a constructor frame",
            "8. a getter frame",
            "9. a timer of the page page",
            "9. a timer of the frame frame",
            "10. a job of the frame frame",
        ],
        in_any_order: true,
    },
    Page {
        name: "an exception has the realm of the function that threw it",
        files: &[
            (
                "http://a.test/",
                r#"<iframe src="frame.html"></iframe><script>
document.querySelector("iframe").onload = () => {
  const frame = frames[0], refused = () => 1;
  const show = (name, f) => {
    try { f(); } catch (error) { console.log(name, error.name, error instanceof frame.DOMException, error instanceof DOMException); }
  };
  show("structuredClone", () => frame.structuredClone(refused));
  show("window", () => frame.postMessage(refused, "*"));
  show("port", () => frame.port.postMessage(refused));
  show("port, method of the page", () => MessagePort.prototype.postMessage.call(frame.port, refused));
  show("transfer of itself", () => frame.port.postMessage(1, [frame.port]));
  show("closed channel", () => { frame.channel.close(); frame.channel.postMessage(1); });
};
</script>"#,
            ),
            (
                "http://a.test/frame.html",
                r#"<script>
globalThis.port = new MessageChannel().port1;
globalThis.channel = new BroadcastChannel("x");
</script>"#,
            ),
        ],
        lines: &[
            "structuredClone DataCloneError true false",
            "window DataCloneError true false",
            "port DataCloneError true false",
            "port, method of the page DataCloneError false true",
            "transfer of itself DataCloneError true false",
            "closed channel InvalidStateError true false",
        ],
        in_any_order: false,
    },
    Page {
        name: "jobs run after each callback, and before the next task",
        files: &[(
            "http://a.test/",
            r#"<script>
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
</script>"#,
        )],
        lines: &[
            "script",
            "job of the script",
            "listener 1 a",
            "job of 1",
            "microtask",
            "listener 2 a",
            "job of 2",
            "microtask",
            "timer",
        ],
        in_any_order: false,
    },
    Page {
        name: "ports are transferred with their queues",
        files: &[(
            "http://a.test/",
            r#"<script>
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
</script>"#,
        )],
        lines: &[
            "DataCloneError",
            "DataCloneError",
            "here true false",
            "waits 1 true",
            "waits 2 true",
            "close",
        ],
        in_any_order: false,
    },
    Page {
        name: "onmessage enables a port, and addEventListener does not",
        files: &[(
            "http://a.test/",
            r#"<script>
const one = new MessageChannel(), two = new MessageChannel();
one.port1.postMessage(1); two.port1.postMessage(2);
one.port2.addEventListener("message", (event) => console.log("started", event.data));
two.port2.onmessage = (event) => { console.log("onmessage", event.data); one.port2.start(); };
</script>"#,
        )],
        lines: &["onmessage 2", "started 1"],
        in_any_order: false,
    },
    Page {
        name: "a broadcast reaches the channels of the same origin",
        files: &[
            (
                "http://a.test/",
                r#"<script>
const channel = new BroadcastChannel("news");
channel.onmessage = (event) => console.log("page", String(event.data), event.origin, event.source, channel.name);
</script><iframe src="frame.html"></iframe><iframe src="http://b.test/frame.html"></iframe><script>
onload = () => {
  channel.postMessage([1, 2]);
  const closed = new BroadcastChannel("news");
  closed.close();
  try { closed.postMessage(1) } catch (error) { console.log(error.name) }
};
</script>"#,
            ),
            (
                "http://a.test/frame.html",
                r#"<script>
const channel = new BroadcastChannel("news");
channel.onmessage = (event) => console.log("frame", String(event.data), event.origin, event.source, channel.name);
</script>"#,
            ),
            (
                "http://b.test/frame.html",
                r#"<script>
const channel = new BroadcastChannel("news");
channel.onmessage = (event) => console.log("other", String(event.data), event.origin, event.source, channel.name);
</script>"#,
            ),
        ],
        lines: &["InvalidStateError", "frame 1,2 http://a.test null news"],
        in_any_order: false,
    },
    Page {
        name: "a worker answers, fails and ends",
        files: &[
            (
                "http://a.test/",
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
                "http://a.test/worker.js",
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
        ],
        lines: &[
            "worker adder undefined undefined",
            "page 3 0",
            "error Uncaught TypeError: no",
            "page a port 1",
        ],
        in_any_order: false,
    },
    Page {
        name: "a frame that removes itself leaves the page running",
        files: &[
            (
                "http://a.test/",
                r#"<iframe src="frame.html"></iframe><script>
onmessage = (event) => console.log("page", event.data, event.source === null);
</script>"#,
            ),
            (
                "http://a.test/frame.html",
                r#"<script>
const page = parent;
page.postMessage("before", "*");
page.document.querySelector("iframe").remove();
console.log("frame is gone", page.length);
</script>"#,
            ),
        ],
        lines: &["frame is gone 0", "page before false"],
        in_any_order: false,
    },
    Page {
        name: "a port with a listener lives as long as its peer",
        files: &[(
            "http://a.test/",
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
const garbage = () => { for (let i = 0; i < 20000; i++) { const a = {}, b = { a }; a.b = b; } };
setTimeout(() => {
  garbage();
  near.postMessage(1);
  late.onmessage = (event) => event.ports[0].postMessage(2);
});
new BroadcastChannel("kept").onmessage = (event) => console.log("channel", event.data);
setTimeout(() => { garbage(); new BroadcastChannel("kept").postMessage(3); });
</script>"#,
        )],
        lines: &["direct 1", "channel 3", "peer in a queue 2"],
        in_any_order: true,
    },
    Page {
        name: "messages to a frame that is removed, and to a port in it, end",
        files: &[
            (
                "http://a.test/",
                r#"<iframe src="frame.html"></iframe><script>
const { port1, port2 } = new MessageChannel();
port1.onclose = () => console.log("close");
onload = () => {
  const frame = document.querySelector("iframe"), view = frame.contentWindow;
  view.postMessage("port", "*", [port2]);
  onmessage = () => {
    view.postMessage("never", "*");
    port1.postMessage("never");
    frame.remove();
    console.log("removed", frames.length, frame.contentWindow);
    view.postMessage("nothing happens", "*");
  };
};
</script>"#,
            ),
            (
                "http://a.test/frame.html",
                r#"<script>
onmessage = (event) => { console.log("frame", event.data); event.ports[0].onmessage = (e) => console.log(e.data); parent.postMessage("has it", "*"); };
</script>"#,
            ),
        ],
        lines: &["frame port", "removed 0 null", "close"],
        in_any_order: false,
    },
];
