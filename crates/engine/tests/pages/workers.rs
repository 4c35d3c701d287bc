//! Tests of workers.
use framepost::{MessageDropReason, PageLimits, PageOptions};

use crate::support::{lines, run, run_script, run_script_with, script_with};

const ECHO: (&str, &str) = ("echo.js", "onmessage = e => postMessage(e.data, e.ports)");

#[test]
fn messages_are_ordered_and_wait_for_the_worker_script() {
    script_with(
        "const w = new Worker('w.js', {name: 'x'});
         w.onmessage = e => console.log('page', JSON.stringify(e.data), e.origin === '', e.source, e.target === w);
         w.postMessage(1); w.postMessage({a: [2]}); console.log('made');",
        &[(
            "w.js",
            "console.log('script', name, this === self, typeof window);
             postMessage('first'); onmessage = e => postMessage(e.data)",
        )],
        &[
            "made",
            "script x true undefined",
            "page \"first\" true null true",
            "page 1 true null true",
            "page {\"a\":[2]} true null true",
        ],
    );
}

#[test]
fn messages_and_errors_of_the_first_script_keep_their_order() {
    script_with(
        "for (const name of ['throws', 'reports', 'closes']) {
             const w = new Worker(name + '.js');
             w.onmessage = e => console.log(name, e.data);
             w.onerror = e => { console.log(name, 'error'); e.preventDefault() };
         }",
        &[
            ("throws.js", "postMessage(1); throw 'x'"),
            (
                "reports.js",
                "reportError('x'); postMessage(1); reportError('y'); postMessage(2)",
            ),
            ("closes.js", "close(); postMessage(1); throw 'x'"),
        ],
        &[
            "throws 1",
            "throws error",
            "reports error",
            "reports 1",
            "reports error",
            "reports 2",
            "closes 1",
            "closes error",
        ],
    );
}

#[test]
fn buffers_and_ports_are_transferred() {
    script_with(
        "const w = new Worker('echo.js'), b = new ArrayBuffer(3), c = new MessageChannel();
         w.onmessage = e => { console.log(e.data.byteLength, e.ports.length); e.ports[0].postMessage('through the worker') };
         c.port1.onmessage = e => console.log(e.data);
         w.postMessage(b, {transfer: [b, c.port2]}); console.log(b.byteLength);
         try { w.postMessage(1, [c.port2]) } catch (e) { console.log(e.name) }",
        &[("echo.js", "onmessage = e => postMessage(e.data, [e.data, ...e.ports])")],
        &["0", "DataCloneError", "3 1", "through the worker"],
    );
}

#[test]
fn unhandled_worker_error_fires_at_worker_object_then_page() {
    let files = [
        ("throw.js", "\nonmessage = e => { throw new Error(e.data) }"),
        (
            "handled.js",
            "onerror = (...all) => { postMessage(all.length); return true }; throw 1",
        ),
        ("outer.js", "new Worker('throw.js').postMessage('deep')"),
    ];
    script_with(
        "let w = new Worker('throw.js');
         w.onerror = e => { console.log(e.constructor.name, e.message, e.filename, e.lineno, e.error); e.preventDefault() };
         w.postMessage('one');",
        &files,
        &["ErrorEvent Uncaught Error: one http://a.test/throw.js 2 null"],
    );
    script_with(
        "new Worker('handled.js').onmessage = e => console.log(e.data)",
        &files,
        &["5"],
    );
    script_with(
        "const w = new Worker('outer.js');
         w.addEventListener('error', e => console.log('object', e.message));
         window.onerror = (message, url, line, column, error) => console.log('page', message, error)",
        &files,
        &[
            "object Uncaught Error: deep",
            "page Uncaught Error: deep null",
            "ERROR http://a.test/throw.js:2:26: Uncaught Error: deep",
        ],
    );
}

#[test]
fn failed_worker_script_fires_plain_error_event() {
    let files = [
        ("bad.js", "((("),
        ("page.html", "postMessage(1)"),
        ("http://b.test/w.js", "postMessage(1)"),
    ];
    let mut page = run_script(
        "const try_ = (...all) => { const w = new Worker(...all);
           w.onmessage = () => console.log('ran'); w.onerror = e => console.log(all[0], e.constructor.name, e.cancelable) };
         ['none.js', 'bad.js', 'page.html', 'http://b.test/w.js', 'about:blank'].forEach(url => try_(url));
         try_('bad.js', {type: 'module'});
         for (const make of [() => new Worker('http://['), () => new Worker('w.js', {type: 'x'}), () => Worker('w.js'), () => new Worker()])
           try { make() } catch (e) { console.log(e.name) }",
        &files,
    );
    let console: Vec<String> = page.console().into_iter().map(|line| line.text).collect();
    let mut sorted = console[4..].to_vec();
    sorted.sort();
    assert_eq!(
        console[..4],
        ["SyntaxError", "TypeError", "TypeError", "TypeError"]
    );
    assert_eq!(
        sorted,
        [
            "about:blank Event false",
            "bad.js Event false",
            "bad.js Event false",
            "http://b.test/w.js Event false",
            "none.js Event false",
            "page.html Event false",
        ]
    );
    assert_eq!(page.eval("1").unwrap(), "1");
}

#[test]
fn terminate_drops_queued_messages_with_reason() {
    let mut page = run_script(
        "var w = new Worker('echo.js'), got = [];
         w.onmessage = e => got.push(e.data); w.postMessage('hello')",
        &[ECHO],
    );
    let _ = page
        .eval("w.postMessage('a'); w.postMessage('b'); w.terminate(); w.terminate(); w.postMessage('c')")
        .unwrap();
    let _ = page.run_until_idle();
    assert_eq!(page.eval("got.join()").unwrap(), "hello");
    let reasons: Vec<MessageDropReason> = page.drops().iter().map(|drop| drop.reason).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons.iter().all(|reason| {
        matches!(
            reason,
            MessageDropReason::WorkerEnded | MessageDropReason::PortClosed
        )
    }));
}

#[test]
fn messages_posted_by_terminated_worker_are_dropped() {
    let page = run_script(
        "const w = new Worker('many.js');
         w.onmessage = e => { console.log(e.data); w.terminate() }",
        &[("many.js", "postMessage(1); postMessage(2); postMessage(3)")],
    );
    assert_eq!(lines(&page), ["1"]);
    let reasons: Vec<MessageDropReason> = page.drops().iter().map(|drop| drop.reason).collect();
    assert_eq!(reasons, [MessageDropReason::WorkerTerminated; 2]);
}

#[test]
fn closing_worker_finishes_its_script_and_gets_no_messages() {
    script_with(
        "const w = new Worker('w.js'), c = new MessageChannel();
         w.onmessage = e => { console.log(e.data); w.postMessage('ignored') };
         c.port1.onclose = () => console.log('its port is closed');
         w.postMessage('go', [c.port2])",
        &[(
            "w.js",
            "onmessage = e => { setTimeout(() => postMessage('never'), 0); close(); postMessage(e.data);
               Promise.resolve().then(() => postMessage('microtask')); self.kept = e.ports[0] }",
        )],
        &["go", "microtask", "its port is closed"],
    );
}

#[test]
fn removed_frame_terminates_its_workers() {
    let mut page = run_script(
        "var ticks = 0; new BroadcastChannel('tick').onmessage = () => { if (++ticks === 3) document.querySelector('iframe').remove() };
         document.body.innerHTML = '<iframe src=frame.html></iframe>'",
        &[
            ("frame.html", "<script>new Worker('tick.js')</script>"),
            (
                "tick.js",
                "const c = new BroadcastChannel('tick'); setInterval(() => c.postMessage(1), 10); new Worker('nested.js')",
            ),
            ("nested.js", "setInterval(() => {}, 10)"),
        ],
    );
    assert_eq!(page.eval("ticks").unwrap(), "3");
}

#[test]
fn import_scripts_runs_synchronously_and_throws() {
    let files = [
        (
            "lib/w.js",
            "importScripts('one.js', '/lib/two.js'); postMessage([one, two]);
             for (const url of ['none.js', 'page.html', 'throws.js', 'http://b.test/throws.js', 'http://[', 'syntax.js'])
               try { importScripts(url) } catch (e) { postMessage([url, e.name, e.constructor === self[e.constructor.name]]) }
             importScripts(); importScripts('syntax.js')",
        ),
        ("lib/one.js", "var one = 1"),
        ("lib/two.js", "let two = one + 1"),
        ("lib/page.html", ""),
        ("lib/throws.js", "throw new RangeError('x')"),
        ("http://b.test/throws.js", "throw new RangeError('x')"),
        ("lib/syntax.js", "\n\nlet 1"),
        ("lib/m.js", "try { importScripts('one.js') } catch (e) { postMessage(e.name) }"),
    ];
    script_with(
        "const w = new Worker('lib/w.js'), m = new Worker('lib/m.js', {type: 'module'});
         w.onmessage = e => console.log(e.data.join());
         w.onerror = e => { console.log(e.filename, e.lineno); e.preventDefault() };
         m.onmessage = e => console.log('module', e.data)",
        &files,
        &[
            // The error comes after the messages that the script posted before.
            "1,2",
            "none.js,NetworkError,true",
            "page.html,NetworkError,true",
            "throws.js,RangeError,true",
            "http://b.test/throws.js,NetworkError,true",
            "http://[,SyntaxError,true",
            "syntax.js,SyntaxError,true",
            "http://a.test/lib/syntax.js 3",
            "module TypeError",
        ],
    );
}

#[test]
fn worker_scripts_can_be_modules_data_and_blob_urls() {
    script_with(
        "const log = name => e => console.log(name, JSON.stringify(e.data));
         new Worker('m.js', {type: 'module'}).onmessage = log('module');
         new Worker('data:text/javascript,postMessage([origin, location.protocol])').onmessage = log('data');
         const url = URL.createObjectURL(new Blob(['postMessage([origin, location.protocol])']));
         new Worker(url).onmessage = log('blob')",
        &[
            ("m.js", "import { a } from './a.js'; const b = await import('./b.js'); postMessage([a, b.default, import.meta.url, this === undefined])"),
            ("a.js", "export const a = 1"),
            ("b.js", "export default 2"),
        ],
        &[
            "data [\"null\",\"data:\"]",
            "blob [\"http://a.test\",\"blob:\"]",
            "module [1,2,\"http://a.test/m.js\",true]",
        ],
    );
}

#[test]
fn workers_expose_only_worker_interfaces() {
    script_with(
        "new Worker('w.js').onmessage = e => console.log(e.data)",
        &[(
            "w.js",
            "const has = n => n in self;
             const all = 'MessageChannel MessagePort BroadcastChannel Blob File FileReader URL URLSearchParams TextEncoder AbortController DOMException ImageData OffscreenCanvas DOMMatrix ErrorEvent Worker WorkerLocation queueMicrotask structuredClone btoa crypto performance reportError'.split(' ');
             const none = 'window document Window Document Node Element HTMLElement Location Navigator History SharedWorker MutationObserver localStorage parent alert'.split(' ');
             const own = Object.getOwnPropertyDescriptor(self, 'Event');
             postMessage([all.filter(n => !has(n)).join(), none.filter(has).join(), typeof own.value,
               Object.getPrototypeOf(DedicatedWorkerGlobalScope.prototype) === WorkerGlobalScope.prototype,
               self instanceof EventTarget, '' + location, navigator.onLine, location.constructor.name,
               (self.addEventListener('x', e => self.heard = e.target === self), dispatchEvent(new Event('x')), heard)].join('|'))",
        )],
        &["||function|true|true|http://a.test/w.js|true|WorkerLocation|true"],
    );
}

#[test]
fn worker_errors_and_rejections_stay_in_the_worker() {
    script_with(
        "onunhandledrejection = onerror = () => console.log('not here');
         new Worker('w.js').onmessage = e => console.log(e.data)",
        &[(
            "w.js",
            "onunhandledrejection = e => { e.preventDefault(); postMessage(e.reason) };
             Promise.reject('rejected'); onerror = () => true; reportError(new Error('x'))",
        )],
        &["rejected"],
    );
}

#[test]
fn isolated_page_shares_memory_with_its_worker() {
    let files = [(
        "w.js",
        "onmessage = e => { Atomics.add(new Int32Array(e.data), 0, 5);
           try { Atomics.wait(new Int32Array(e.data), 0, 5) } catch (e) { postMessage([e.name, crossOriginIsolated]) } };
         onmessageerror = () => postMessage('messageerror')",
    )];
    let script = "var w = new Worker('w.js'), got; w.onmessage = e => got = e.data";
    let mut page = run_script_with(
        PageOptions::new().cross_origin_isolated(true),
        script,
        &files,
    );
    let _ = page
        .eval("var s = new SharedArrayBuffer(4); w.postMessage(s)")
        .unwrap();
    let _ = page.run_until_idle();
    assert_eq!(
        page.eval("[new Int32Array(s)[0], got].join()").unwrap(),
        "5,TypeError,true"
    );
}

#[test]
fn idle_worker_lets_page_become_idle_without_drops() {
    let mut page = run_script_with(
        PageOptions::new().trace(true),
        "const w = new Worker('echo.js'); w.postMessage(1); w.postMessage(2)",
        &[ECHO],
    );
    let trace = page.take_trace().to_text(framepost::TraceFormat::Mermaid);
    assert!(trace.contains("http://a.test/echo.js"), "{trace}");
    assert!(page.drops().is_empty());
}

#[test]
fn shared_worker_gets_connect_event_per_client() {
    let script = "const one = new SharedWorker('s.js', 'n'), two = new SharedWorker('s.js', {name: 'n'}), other = new SharedWorker('s.js');
         for (const [name, w] of Object.entries({one, two, other})) { w.port.onmessage = e => console.log(name, e.data); w.port.postMessage(name) }
         new SharedWorker('s.js', {name: 'n', type: 'module'}).onerror = e => console.log('mismatch', e.constructor.name);
         new SharedWorker('none.js').onerror = e => console.log('none', e.constructor.name);
         try { new SharedWorker('http://[') } catch (e) { console.log(e.name) }";
    let page = run_script(
        script,
        &[(
            "s.js",
            "let n = 0; onconnect = e => { const [port] = e.ports; port.postMessage([name, ++n, e.source === port, e.data].join());
               port.onmessage = e => port.postMessage('echo ' + e.data) }",
        )],
    );
    let mut lines = lines(&page);
    lines.sort();
    assert_eq!(
        lines,
        [
            "SyntaxError",
            "mismatch Event",
            "none Event",
            "one echo one",
            "one n,1,true,",
            "other ,1,true,",
            "other echo other",
            "two echo two",
            "two n,2,true,",
        ]
    );
}

#[test]
fn shared_workers_are_told_apart_by_their_key_and_their_options() {
    let page = run(&[
        (
            "",
            "<iframe src=http://b.test/outer.html></iframe><iframe src=inner.html></iframe><script>
               const worker = new SharedWorker('s.js', { name: 'n', extendedLifetime: true });
               worker.port.onmessage = (event) => console.log('page', event.data);
               new SharedWorker('s.js', 'n').onerror = () => console.log('mismatch');
             </script>",
        ),
        ("http://b.test/outer.html", "<iframe src=http://a.test/inner.html></iframe>"),
        (
            "inner.html",
            "<script>
               const worker = new SharedWorker('s.js', { name: 'n', extendedLifetime: true });
               worker.port.onmessage = (event) => console.log(parent === top ? 'inner' : 'below another site', event.data);
             </script>",
        ),
        ("s.js", "let n = 0; onconnect = ({ ports: [port] }) => port.postMessage(++n);"),
    ]);
    let mut lines = lines(&page);
    lines.sort();
    assert_eq!(
        lines,
        ["below another site 1", "inner 2", "mismatch", "page 1"]
    );
}

#[test]
fn shared_worker_with_extended_lifetime_outlives_its_owner() {
    let page = run(&[
        (
            "",
            "<iframe src=inner.html></iframe><script>
               const channel = new BroadcastChannel('c');
               channel.onmessage = (event) => {
                 console.log(event.data);
                 if (event.data.endsWith('runs')) document.querySelector('iframe')?.remove();
               };
             </script>",
        ),
        (
            "inner.html",
            "<script>
               new SharedWorker('s.js', { name: 'extended', extendedLifetime: true });
               new SharedWorker('s.js', 'plain');
             </script>",
        ),
        (
            "s.js",
            "const channel = new BroadcastChannel('c');
             setTimeout(() => channel.postMessage(name + ' runs'), 10);
             setTimeout(() => channel.postMessage(name + ' works'), 1000);
             setTimeout(() => channel.postMessage(name + ' never'), 60000);",
        ),
    ]);
    let lines = lines(&page);
    let of = |name: &str| lines.iter().filter(|line| line.starts_with(name)).count();
    assert!(lines.contains(&"extended works".to_owned()), "{lines:?}");
    assert!(
        !lines
            .iter()
            .any(|line| line.ends_with("never") || line == "plain works")
    );
    assert_eq!(of("extended"), 2, "{lines:?}");
}

#[test]
fn unreachable_worker_ends_when_idle() {
    // The page keeps no reference. Each worker still runs its pending timer first.
    let files = [(
        "w.js",
        "const c = new BroadcastChannel('c'); setTimeout(() => { c.postMessage('late'); c.close() }, 50)",
    )];
    let script = "new BroadcastChannel('c').onmessage = e => console.log(e.data);
         for (let n = 0; n < 3; n++) new Worker('w.js');
         for (let n = 0; n < 40; n++) setTimeout(() => { const a = []; for (let i = 0; i < 4000; i++) a.push({ i }); }, n * 5)";
    let page = run_script(script, &files);
    assert_eq!(lines(&page), ["late", "late", "late"]);
}

#[test]
fn worker_that_floods_microtasks_ends_alone() {
    let mut limits = PageLimits::default();
    limits.microtasks_per_checkpoint = 1_000;
    let page = run_script_with(
        PageOptions::new().limits(limits),
        "const w = new Worker('w.js'); w.onmessage = ({ data }) => { console.log(data); setTimeout(() => console.log('page'), 5) }",
        &[(
            "w.js",
            "postMessage('begins'); const flood = () => queueMicrotask(flood); flood();",
        )],
    );
    assert_eq!(
        lines(&page),
        [
            "begins",
            "page",
            "ERROR http://a.test/w.js: script stopped: reached the maximum number of microtasks per checkpoint",
        ]
    );
}

#[test]
fn syntax_errors_of_module_workers_are_told() {
    let files = [
        ("bad.js", "let x = ;"),
        ("root.js", "import './bad.js'"),
        (
            "lazy.js",
            "import('./bad.js').catch(e => postMessage(e.name))",
        ),
    ];
    let page = run_script(
        "for (const url of ['bad.js', 'root.js', 'lazy.js']) { const worker = new Worker(url, { type: 'module' });
            worker.onerror = e => console.log(url, e.constructor.name); worker.onmessage = e => console.log(url, e.data) }",
        &files,
    );
    let mut console: Vec<String> = page.console().into_iter().map(|line| line.text).collect();
    console.sort();
    assert_eq!(
        console,
        ["bad.js Event", "lazy.js SyntaxError", "root.js Event"]
    );
    let errors: Vec<String> = page
        .errors()
        .iter()
        .map(|error| format!("{}:{}", error.url, error.line))
        .collect();
    assert_eq!(errors, ["http://a.test/bad.js:1", "http://a.test/bad.js:1"]);
}
