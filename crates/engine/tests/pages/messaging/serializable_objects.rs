//! Tests of cloned errors and exceptions, and of float16 views.
use expect_test::expect;

use crate::support::{EMPTY, script};
use framepost::{Page, PageOptions};

#[test]
fn cloned_exceptions_keep_their_stack() {
    EMPTY.check(
        "function make() { return new DOMException('no', 'DataError') } \
         const one = make(), copy = structuredClone(one), lines = one.stack.split('\\n'); \
         console.log(lines[0], lines.some(line => line.includes('make (http://a.test/dir/page.html:1:'))); \
         console.log(copy.stack === one.stack, Reflect.ownKeys(copy).length, 'stack' in copy); \
         try { structuredClone(() => {}) } catch (e) { console.log(typeof e.stack, typeof structuredClone(e).stack) } \
         const quota = new QuotaExceededError('q', { quota: 1 }); \
         console.log(structuredClone(quota).stack === quota.stack, structuredClone(quota).quota); \
         onmessage = ({ data }) => console.log(data.stack === one.stack); postMessage(one, '*');",
        expect![[r#"
            DataError: no true
            true 0 true
            string string
            true 1
            true
        "#]],
    );
}

#[test]
fn stack_starts_with_error_message_and_runs_no_script() {
    EMPTY.check(
        "const first = e => String(e.stack).split('\\n')[0]; \
         console.log(first(new TypeError('t')) + '|' + first(new Error())); \
         class Own extends Error { get name() { throw 1 } } \
         console.log(first(new Own('m'))); \
         const copy = structuredClone(new RangeError('r')), own = Object.getOwnPropertyDescriptor(copy, 'stack'); \
         console.log(first(copy), own.enumerable, own.writable); \
         const get = Object.getOwnPropertyDescriptor(Error.prototype, 'stack').get; \
         console.log(get.call({}), get.call(1), get.call(new DOMException('d', 'x')).split('\\n')[0]); \
         const changed = new Error('c'); changed.stack = 5; \
         console.log(changed.stack, typeof structuredClone(changed).stack);",
        expect![[r#"
            TypeError: t|Error
            m
            RangeError: r false true
            undefined undefined x: d
            5 undefined
        "#]],
    );
}

#[test]
fn is_error_checks_for_error_data() {
    EMPTY.check(
        "console.log([new Error, new DOMException, structuredClone(new Error), \
           structuredClone(new DOMException), new (class extends TypeError {})].every(Error.isError)); \
         console.log([{}, Object.create(Error.prototype), Error.prototype, DOMException.prototype, \
           new Proxy(new Error, {}), undefined].some(Error.isError), Error.isError.length);",
        expect![[r#"
            true
            false 1
        "#]],
    );
}

#[test]
fn half_precision_floats_are_cloned() {
    EMPTY.check(
        "const view = new Float16Array([1.5, -0, NaN, 65504]), copy = structuredClone(view); \
         console.log(copy instanceof Float16Array, copy.length, [...copy].join(), Object.is(copy[1], -0)); \
         const part = structuredClone(new Float16Array(view.buffer, 2, 2)); \
         console.log(part.byteOffset, part.length, part.buffer.byteLength); \
         const moved = structuredClone(view, { transfer: [view.buffer] }); \
         console.log(view.length, moved.length, Object.prototype.toString.call(moved));",
        expect![[r#"
            true 4 1.5,0,NaN,65504 true
            2 2 8
            0 4 [object Float16Array]
        "#]],
    );
}

#[test]
fn clone_error_names_operation_and_value() {
    EMPTY.check(
        "const say = f => { try { f() } catch (e) { console.log(e.message) } }; \
         say(() => structuredClone(() => 1)); say(() => structuredClone([Symbol('s')])); say(() => structuredClone(Object(Symbol('t')))); \
         say(() => structuredClone(new WeakRef({}))); say(() => structuredClone((function* () {})())); \
         say(() => structuredClone(new (class Own extends Promise {})(() => {}))); \
         say(() => structuredClone(document.createElement('p'))); say(() => structuredClone(window)); \
         say(() => structuredClone(new Proxy(() => {}, { get() { throw 'no script runs' } }))); \
         say(() => structuredClone({ port: new MessageChannel().port1 })); \
         say(() => { const u = new Uint8Array(1); structuredClone(0, { transfer: [u.buffer] }); structuredClone(u) }); \
         say(() => postMessage(0, '*', [{}])); say(() => new MessageChannel().port1.postMessage(() => 2)); \
         say(() => history.replaceState(() => 3, ''));",
        expect![[r#"
            Failed to execute 'structuredClone' on 'Window': () => 1 could not be cloned.
            Failed to execute 'structuredClone' on 'Window': Symbol(s) could not be cloned.
            Failed to execute 'structuredClone' on 'Window': [object Symbol] could not be cloned.
            Failed to execute 'structuredClone' on 'Window': #<WeakRef> could not be cloned.
            Failed to execute 'structuredClone' on 'Window': [object Generator] could not be cloned.
            Failed to execute 'structuredClone' on 'Window': #<Own> could not be cloned.
            Failed to execute 'structuredClone' on 'Window': HTMLParagraphElement object could not be cloned.
            Failed to execute 'structuredClone' on 'Window': #<Window> could not be cloned.
            Failed to execute 'structuredClone' on 'Window': #<Object> could not be cloned.
            Failed to execute 'structuredClone' on 'Window': A MessagePort could not be cloned because it was not transferred.
            Failed to execute 'structuredClone' on 'Window': An ArrayBuffer is detached and could not be cloned.
            Failed to execute 'postMessage' on 'Window': Value at index 0 does not have a transferable type.
            Failed to execute 'postMessage' on 'MessagePort': () => 2 could not be cloned.
            Failed to execute 'replaceState' on 'History': () => 3 could not be cloned.
        "#]],
    );
}

#[test]
fn exceptions_thrown_by_script_keep_their_messages() {
    EMPTY.check(
        "const say = f => { try { f() } catch (e) { console.log(e.message, e.stack.split('\\n')[0]) } }; \
         const own = new DOMException('mine', 'DataError'); \
         say(() => structuredClone({ get a() { throw own } })); \
         say(() => structuredClone({ get a() { return document.createElement('1') } })); \
         say(() => AbortSignal.abort(own).throwIfAborted()); \
         const signal = AbortSignal.abort(), before = signal.reason.message; \
         try { signal.throwIfAborted() } catch (e) { console.log(e.message === before) } \
         say(() => { try { document.createElement('1') } catch (e) { structuredClone({ get a() { throw e } }) } });",
        expect![[r#"
            mine DataError: mine
            Failed to execute 'createElement' on 'Document': "1" is not a valid name InvalidCharacterError: Failed to execute 'createElement' on 'Document': "1" is not a valid name
            mine DataError: mine
            true
            Failed to execute 'createElement' on 'Document': "1" is not a valid name InvalidCharacterError: Failed to execute 'createElement' on 'Document': "1" is not a valid name
        "#]],
    );
}

#[test]
fn rejected_exception_is_reported_with_position() {
    let url: url::Url = "http://localhost/a.html".parse().unwrap();
    let html = "<!doctype html>\n<script>\nPromise.reject(\n  new DOMException('no', 'DataError'))</script>\n\
                <script>\n\n(async () => { document.querySelector('[') })()</script>";
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, html)).unwrap();
    let _ = page.run_until_idle();
    let places: Vec<(String, u32)> = page
        .errors()
        .into_iter()
        .map(|error| (error.url, error.line))
        .collect();
    let page = String::from("http://localhost/a.html");
    assert_eq!(places, [(page.clone(), 4), (page, 7)]);
}

#[test]
fn resizable_buffers_are_refused_where_none_are_allowed() {
    script(
        "const view = () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 }));
         const clamped = () => new Uint8ClampedArray(new ArrayBuffer(4, { maxByteLength: 8 }));
         const rows = { blob: () => new Blob([view()]), buffer: () => new Blob([view().buffer]), random: () => crypto.getRandomValues(view()),
            encode: () => new TextEncoder().encodeInto('x', view()), image: () => new ImageData(clamped(), 1), body: () => new Response(view()),
            decode: () => new TextDecoder().decode(view()).length, fixed: () => new Blob([new Uint8Array(4)]).size };
         for (const name in rows) try { console.log(name, rows[name]()) } catch (e) { console.log(name, e.name) }",
        &[
            "blob TypeError",
            "buffer TypeError",
            "random TypeError",
            "encode TypeError",
            "image TypeError",
            "body TypeError",
            "decode 4",
            "fixed 4",
        ],
    );
}
