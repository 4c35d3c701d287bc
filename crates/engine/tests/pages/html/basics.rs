use crate::support::{page, pages, script};

#[test]
fn console_and_global_object_work() {
    script("console.log('hello', 1, {a: 1})", &["hello 1 { a: 1 }"]);
    script(
        "console.log(window === self, self === frames, window === globalThis, this === window, top === window, parent === window)",
        &["true true true true true true"],
    );
    script(
        "var a = 1; window.b = 2; console.log(window.a, b, delete window.b, typeof b)",
        &["1 2 true undefined"],
    );
    script(
        "console.log(Object.prototype.toString.call(window), window instanceof Window, window instanceof EventTarget)",
        &["[object Window] true true"],
    );
    script(
        "console.log(location.href, document.URL, origin, document.readyState)",
        &["http://a.test/ http://a.test/ http://a.test loading"],
    );
}

#[test]
fn timers_and_microtasks_run_in_order() {
    script(
        "setTimeout(() => console.log('late'), 10); setTimeout((a) => console.log('soon', a), 0, 7);
         queueMicrotask(() => console.log('micro')); Promise.resolve().then(() => console.log('job'));
         console.log('now');",
        &["now", "micro", "job", "soon 7", "late"],
    );
    script(
        "let n = 0; const id = setInterval(() => { console.log(++n); if (n === 3) clearInterval(id); }, 5);",
        &["1", "2", "3"],
    );
    script(
        "const id = setTimeout(() => console.log('never')); clearTimeout(id);",
        &[],
    );
    script("setTimeout('console.log(\"text\")')", &["text"]);
}

#[test]
fn virtual_time_advances_slightly_on_each_read() {
    script(
        "const t = performance.now(); setTimeout(() => console.log(Math.round(performance.now() - t)), 1000);",
        &["1000"],
    );
    script(
        "const end = performance.now() + 1; while (performance.now() < end); console.log('over')",
        &["over"],
    );
    script(
        "const a = Date.now(); setTimeout(() => console.log(Date.now() - a >= 50), 50)",
        &["true"],
    );
}

#[test]
fn same_seed_gives_same_random_numbers() {
    let html = "<script>console.log(Math.random(), Math.random())</script>";
    let first = crate::support::outputs(&[("http://a.test/", html)]);
    assert_eq!(first, crate::support::outputs(&[("http://a.test/", html)]));
    assert!(first[0].starts_with("0."), "{first:?}");
}

#[test]
fn errors_are_reported_with_position() {
    page(
        "<script>\nnull.x</script><script>console.log('goes on')</script>",
        &[
            "ERROR http://a.test/:2:6: Uncaught TypeError: cannot read `x` of null",
            "goes on",
        ],
    );
    script(
        "window.onerror = (m, u, l, c, e) => { console.log(m, u, l, e instanceof RangeError); return true }; throw new RangeError('x')",
        &["Uncaught RangeError: x http://a.test/ 1 true"],
    );
    script(
        "addEventListener('error', e => { console.log(e.message, e.error.message); e.preventDefault() }); setTimeout(() => { throw new Error('t') })",
        &["Uncaught Error: t t"],
    );
}

#[test]
fn syntax_errors_are_reported() {
    let lines = crate::support::outputs(&[(
        "http://a.test/",
        "\n<script>\nlet = = 1\n</script><script>console.log('after')</script>",
    )]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("ERROR http://a.test/:3:"), "{lines:?}");
    assert_eq!(lines[1], "after");
}

#[test]
fn only_unhandled_rejections_are_reported() {
    let lines = crate::support::outputs(&[(
        "http://a.test/",
        "<script>Promise.reject(new Error('no'))</script>",
    )]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("Uncaught (in promise) Error: no"),
        "{lines:?}"
    );
    script(
        "Promise.reject(1).catch(() => console.log('caught'))",
        &["caught"],
    );
    script(
        "onunhandledrejection = e => { console.log(e.reason, e.promise instanceof Promise); e.preventDefault() }; Promise.reject(7)",
        &["7 true"],
    );
    script(
        "onunhandledrejection = e => e.preventDefault(); onrejectionhandled = e => console.log('handled', e.reason);
         const p = Promise.reject(3); setTimeout(() => p.catch(() => {}), 1)",
        &["handled 3"],
    );
}

#[test]
fn limit_stops_script_but_not_page() {
    let lines = crate::support::outputs(&[(
        "http://a.test/",
        "<script>(function f() { f() })()</script><script>console.log('alive')</script>",
    )]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("recursive"), "{lines:?}");
    assert_eq!(lines[1], "alive");
}

#[test]
fn functions_see_what_later_scripts_declare() {
    pages(
        &[(
            "http://a.test/",
            "<p id=named></p><script>
             function read() { return [typeof x, x, y, new C().m(), named] } function write() { x = 5; y = 6 }
             function early() { 'use strict'; return z } function fresh() { made = 1 }
             try { early() } catch (e) { console.log(e.name) }
             </script><script>let x = 1; const y = 2; class C { m() { return 3 } } let named = 4;
             console.log(read().join());
             try { write() } catch (e) { console.log(e.name) }
             console.log(x, window.x, 'made' in window, (fresh(), window.made));
             try { early() } catch (e) { console.log(e.name) }
             </script><script>let z = 7; console.log(early(), Object.keys(window).includes('z'), window.hasOwnProperty('z'));
             try { early.call(); tdz() } catch (e) { console.log(e.name) } let last; function tdz() { return after }
             </script><script>try { tdz() } catch (e) { console.log(e.name) } let after = 8; console.log(tdz())</script>",
        )],
        &[
            "ReferenceError",
            "number,1,2,3,4",
            "TypeError",
            "5 undefined false 1",
            "ReferenceError",
            "7 false false",
            "ReferenceError",
            "ReferenceError",
            "8",
        ],
    );
}
