//! Tests of error reports, unhandled rejections, and the settings that script runs with.

use crate::support::{outputs, page, pages, script};

#[test]
fn unhandled_rejections_are_reported_in_a_task() {
    script(
        "onunhandledrejection = e => console.log('unhandled', e.reason); onrejectionhandled = e => console.log('handled', e.reason);
         const early = Promise.reject('early'), late = Promise.reject('late'); early.catch(() => {});
         queueMicrotask(() => queueMicrotask(() => console.log('microtasks')));
         setTimeout(() => late.catch(() => console.log('caught')), 10);",
        &[
            "microtasks",
            "unhandled late",
            "ERROR http://a.test/: Uncaught (in promise) late",
            "caught",
            "handled late",
        ],
    );
}

#[test]
fn rejection_event_fires_at_the_promise_window() {
    page(
        "<body><iframe></iframe><script>
         onunhandledrejection = e => console.log('outer', e.reason);
         frames[0].onunhandledrejection = e => { console.log('inner', e.reason, e instanceof frames[0].PromiseRejectionEvent); e.preventDefault() };
         frames[0].Promise.reject(1); new frames[0].Promise((_, reject) => setTimeout(() => reject(2)));
         addEventListener('unhandledrejection', e => e.preventDefault()); Promise.reject(3)</script>",
        &["inner 1 true", "outer 3", "inner 2 true"],
    );
}

#[test]
fn exception_of_rejection_handler_is_reported() {
    script(
        "onerror = m => { console.log(m); return true }; onunhandledrejection = e => { e.preventDefault(); throw 'again' }; Promise.reject(1)",
        &["Uncaught again"],
    );
}

#[test]
fn caught_errors_that_are_logged_name_the_expression() {
    let lines = outputs(&[(
        "http://a.test/",
        "<script>const o = {}, all = []; let u;
         for (const f of [() => o.run(), () => u.x, () => new o, () => { throw new TypeError('thrown') }])
            try { f() } catch (e) { const { message } = e; all.push(e.message === message); console.error('caught', e); all.push(e.message) }
         console.log(all.join())</script>",
    )]);
    let expected = "true,`o.run` is not a function,true,cannot read `x` of `u`, which is undefined or null,true,`o` is not a constructor,true,thrown";
    assert_eq!(
        lines.last().map(String::as_str),
        Some(expected),
        "{lines:?}"
    );
}

#[test]
fn cross_origin_script_errors_are_muted() {
    let html = "<script>onerror = (...all) => { console.log(...all); return true }; onunhandledrejection = e => console.log('never')</script>
         <script src=http://b.test/throws.js></script><script src=http://b.test/bad.js></script>
         <script>try { later() } catch (e) { console.log(e.message) }</script>";
    pages(
        &[
            ("http://a.test/", html),
            (
                "http://b.test/throws.js",
                "function later() { throw Error('seen by who calls') } Promise.reject(1); secret",
            ),
            ("http://b.test/bad.js", "%"),
        ],
        &[
            "Script error.  0 0 null",
            "Script error.  0 0 null",
            "seen by who calls",
        ],
    );
}

#[test]
fn reported_error_belongs_to_reporting_realm() {
    page(
        "<body><iframe></iframe><script>
         frames[0].onerror = (m, u, l, c, e) => { console.log(e instanceof frames[0].SyntaxError); return true };
         frames[0].setTimeout('%')</script>",
        &["true"],
    );
}

#[test]
fn throwing_onerror_handler_is_not_called_again() {
    let html = "<script>let n = 0; onerror = () => { n++; throw 'inner' };
        setTimeout(() => console.log(n)); throw 'outer'</script>";
    let lines = crate::support::outputs(&[("http://a.test/", html)]);
    let ends = ["Uncaught inner", "Uncaught outer", "1"];
    assert_eq!(lines.len(), ends.len(), "{lines:?}");
    for (line, end) in lines.iter().zip(ends) {
        assert!(line.ends_with(end), "{lines:?}");
    }
}

#[test]
fn deep_nesting_and_recursion_are_errors() {
    script(
        "try { eval('['.repeat(100000)) } catch (e) { console.log(e.name) }
         try { new Function('(('.repeat(100000)) } catch (e) { console.log(e.name) }
         onerror = m => console.log(m); setTimeout('['.repeat(100000));",
        &[
            "RangeError",
            "RangeError",
            "Uncaught RangeError: the source is nested too deeply for the stack",
            "ERROR http://a.test/: Uncaught RangeError: the source is nested too deeply for the stack",
        ],
    );
    for recursion in [
        "function f() { eval('f()') } f()",
        "function f() { new Function('f()')() } f()",
        "const o = { get x() { return this.x } }; o.x",
        "const t = new EventTarget; t.onx = 0; t.addEventListener('x', () => t.dispatchEvent(new Event('x'))); t.dispatchEvent(new Event('x'))",
        "const o = { get x() { return structuredClone(o) } }; structuredClone(o)",
    ] {
        let html =
            format!("<body><script>{recursion}</script><script>console.log('goes on')</script>");
        let lines = crate::support::outputs(&[("http://a.test/", &html)]);
        assert!(
            lines[0].contains("script stopped"),
            "{recursion}: {lines:?}"
        );
        assert_eq!(
            lines.last().map(String::as_str),
            Some("goes on"),
            "{recursion}"
        );
    }
}

#[test]
fn entry_settings_come_from_the_entry_script() {
    // The opened document takes its URL from the entry document, not from the caller's.
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=one.html></iframe><iframe src=two.html></iframe><script>
                 onload = () => { frames[0].open_two(); Promise.resolve().then(() => frames[0].open_two()) }</script>",
            ),
            (
                "http://a.test/one.html",
                "<script>function open_two() { const d = parent.frames[1].document; d.open(); console.log(d.URL); d.close() }</script>",
            ),
            ("http://a.test/two.html", ""),
        ],
        &["http://a.test/", "http://a.test/"],
    );
}

#[test]
fn details_toggle_fires_in_a_task() {
    page(
        "<body><details id=d ontoggle='console.log(event.oldState, event.newState, event.bubbles)'></details><script>
         d.setAttribute('open', ''); d.removeAttribute('open'); d.setAttribute('open', 1); d.setAttribute('open', 2);
         console.log('sync'); setTimeout(() => d.removeAttribute('open'), 10)</script>",
        &["sync", "closed open false", "open closed false"],
    );
}

#[test]
fn bound_callback_uses_incumbent_of_registration() {
    // The listener is the frame's own bound `postMessage`. It runs while the frame's script is on
    // the stack, but the source of the message is the page that added the listener.
    page(
        "<body><iframe srcdoc='<body><script>onmessage = e => parent.console.log(e.data, e.source === parent, e.source === window);
           function click() { document.body.click() } function own() { postMessage(\"own\", \"*\") }</script>'></iframe><script>
         onload = () => { const w = frames[0];
           w.document.body.addEventListener('click', w.postMessage.bind(w, 'bound', '*', undefined));
           w.document.body.addEventListener('click', w.own);
           w.click() }</script>",
        &["bound true false", "own false true"],
    );
}

#[test]
fn onerror_gets_string_and_report_inspects_thrown_object() {
    script(
        "onerror = message => { console.log(message); return message.includes('handled') };
         const say = value => setTimeout(() => { throw value });
         say({ a: 1 }); say({ toString: () => 'handled' }); say({ toString() { throw 1 } }); say([1, 'handled']);
         say(5); say(new RangeError('r'))",
        &[
            "Uncaught [object Object]",
            "ERROR http://a.test/:2:56: Uncaught { a: 1 }",
            "Uncaught handled",
            "Uncaught exception",
            "ERROR http://a.test/:2:56: Uncaught { toString: [Function: toString] }",
            "Uncaught 1,handled",
            "Uncaught 5",
            "ERROR http://a.test/:2:56: Uncaught 5",
            "Uncaught RangeError: r",
            "ERROR http://a.test/:4:22: Uncaught RangeError: r",
        ],
    );
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
    let lines = outputs(&[(
        "http://a.test/",
        "\n<script>\nlet = = 1\n</script><script>console.log('after')</script>",
    )]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("ERROR http://a.test/:3:"), "{lines:?}");
    assert_eq!(lines[1], "after");
}

#[test]
fn only_unhandled_rejections_are_reported() {
    let lines = outputs(&[(
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
fn report_error_has_the_place_of_its_call() {
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><script>onerror = (message, url, line, column) => { console.log(url, line, column > 0); return true }</script>
                 <script src=x.js></script>",
            ),
            ("http://a.test/x.js", "\n\nreportError(1);\nreportError(undefined);"),
        ],
        &["http://a.test/x.js 3 true", "http://a.test/x.js 4 true"],
    );
}
