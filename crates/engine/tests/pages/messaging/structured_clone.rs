//! Tests of the structured clone of JavaScript values.
use framepost::{Page, PageOptions};

use crate::support::results;

#[test]
fn primitives_and_wrappers_are_cloned() {
    results(&[
        (
            "return [undefined, null, true, 'x', 1n].map(v => c(v) === v)",
            "true,true,true,true,true",
        ),
        (
            "return Object.is(c(-0), -0) && Object.is(c(NaN), NaN)",
            "true",
        ),
        (
            "return c(-(2n ** 300n)) === -(2n ** 300n) && c(2n ** 64n - 1n)",
            "18446744073709551615",
        ),
        (
            "return c('a\\ud800\\udc00\\udc00') === 'a\\ud800\\udc00\\udc00'",
            "true",
        ),
        (
            "return [true, 1.5, 'hé→', 2n ** 200n].every(v => { let o = c(Object(v)); \
          return typeof o == 'object' && o.valueOf() === v && \
          Object.getPrototypeOf(o) === Object.getPrototypeOf(Object(v)) })",
            "true",
        ),
        (
            "let s = Object('ab'); s.x = 1; return own(c(s))",
            "0,1,length",
        ),
    ]);
}

#[test]
fn dates_and_regular_expressions_are_cloned() {
    results(&[
        (
            "return c(new Date(5)).getTime() + ' ' + c(new Date(NaN)).getTime()",
            "5 NaN",
        ),
        (
            "let d = new Date(7); d.getTime = d.valueOf = () => 1; return +Date.prototype.valueOf.call(c(d))",
            "7",
        ),
        (
            "let r = /a\\/b[/]\\n/giu; r.lastIndex = 3; let q = c(r); \
          return [q.source, q.flags, q.lastIndex, q.test('a/b/\\n'), q instanceof RegExp]",
            "a\\/b[/]\\n,giu,0,true,true",
        ),
        (
            "return c(new RegExp('a/b')).source + c(new RegExp('')).source",
            "a\\/b(?:)",
        ),
        (
            "let r = new RegExp('\\ud83d'); return c(r).test('\\ud83d')",
            "true",
        ),
        // Cloning reads internal slots, not properties that a page has defined.
        (
            "let r = /x/g; for (let k of ['source', 'flags', 'global', 'exec']) \
          Object.defineProperty(r, k, { get() { throw k } }); let q = c(r); return q.source + q.flags",
            "xg",
        ),
        (
            "let d = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source'); \
          let g = Object.getOwnPropertyDescriptor(RegExp.prototype, 'global'); \
          Object.defineProperty(RegExp.prototype, 'source', { get: () => 'no', configurable: true }); \
          Object.defineProperty(RegExp.prototype, 'global', { get: () => true, configurable: true }); \
          let q = c(/yes/i); \
          Object.defineProperty(RegExp.prototype, 'source', d); \
          Object.defineProperty(RegExp.prototype, 'global', g); return q.source + q.flags",
            "yesi",
        ),
    ]);
}

#[test]
fn errors_are_cloned() {
    results(&[
        (
            "return [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError] \
          .every(E => { let e = c(new E('m')); return e.constructor === E && e.message === 'm' && e.name === E.name })",
            "true",
        ),
        (
            "let e = new Error('m'); e.name = 'TypeError'; return c(e) instanceof TypeError",
            "true",
        ),
        (
            "let e = new TypeError('m'); e.name = 'Custom'; let f = c(e); return f.name + (f instanceof TypeError)",
            "Errorfalse",
        ),
        (
            "class MyError extends RangeError {}; let f = c(new MyError('m')); return f.constructor === RangeError",
            "true",
        ),
        (
            "let f = c(new AggregateError([1], 'm')); return f.constructor === Error && !('errors' in f) && f.message",
            "m",
        ),
        (
            "let e = new Error(); let f = c(e); return 'message' in Object.getOwnPropertyDescriptors(f)",
            "false",
        ),
        (
            "let e = new Error('m'); let d = Object.getOwnPropertyDescriptor(c(e), 'message'); \
          return [d.value, d.writable, d.enumerable, d.configurable]",
            "m,true,false,true",
        ),
        (
            "let e = new Error('m'); Object.defineProperty(e, 'message', { get: () => 1 / 0 }); return Object.hasOwn(c(e), 'message')",
            "false",
        ),
        (
            "let e = new Error('m'); e.message = { toString: () => 'shown' }; return c(e).message",
            "shown",
        ),
        (
            "let e = new Error('m'); e.stack = 'the stack'; return c(e).stack",
            "the stack",
        ),
        (
            "let e = new Error('m', { cause: { a: [1] } }); let f = c(e); return f.cause.a[0] + Object.keys(f).length",
            "1",
        ),
        (
            "let e = new Error('m'); e.cause = e; let f = c(e); return f.cause === f",
            "true",
        ),
        (
            "let e = new Error('m', { cause: undefined }); return Object.hasOwn(c(e), 'cause')",
            "true",
        ),
        (
            "let e = new Error('m'); e.extra = 1; return c(e).extra",
            "undefined",
        ),
        (
            "let e = new DOMException('why', 'AbortError'); let f = c(e); \
          return [f instanceof DOMException, f.name, f.message, f.code]",
            "true,AbortError,why,20",
        ),
    ]);
}

#[test]
fn objects_and_arrays_are_cloned() {
    results(&[
        (
            "let o = { b: 1, 2: 2, a: 3, 1: 4, [Symbol()]: 5 }; Object.defineProperty(o, 'h', { value: 1 }); return own(c(o))",
            "1,2,b,a",
        ),
        (
            "let log = []; let o = { get a() { log.push('a'); delete this.d; this.e = 1; return { get b() { log.push('b') } } }, get c() { log.push('c') }, d: 1 }; \
          let q = c(o); return log + '|' + own(q)",
            "a,b,c|a,c",
        ),
        (
            "let q = c(JSON.parse('{\"__proto__\": {\"x\": 1}}')); return own(q) + q.x + (Object.getPrototypeOf(q) === Object.prototype)",
            "__proto__undefinedtrue",
        ),
        (
            "Object.defineProperty(Object.prototype, 'trap', { set() { throw 'trapped' }, configurable: true }); \
          let o = Object.create(null, { trap: { value: 1, enumerable: true } }); let q = c(o); \
          delete Object.prototype.trap; return q.trap",
            "1",
        ),
        (
            "class A { constructor() { this.x = 1 } get y() { return 2 } }; let q = c(new A); return own(q) + (q.constructor === Object)",
            "xtrue",
        ),
        (
            "let a = [1, , 3, , ,]; a.x = 'y'; a[-1] = 'm'; let q = c(a); return q.length + own(q) + (1 in q) + Array.isArray(q)",
            "50,2,length,x,-1falsetrue",
        ),
        (
            "let a = []; a.length = 1e6; a[999] = 1; let q = c(a); return q.length + own(q)",
            "1000000999,length",
        ),
        (
            "let a = [0, 1, 2]; Object.defineProperty(a, 1, { get() { a.length = 2; return 'g' }, enumerable: true }); let q = c(a); return q.length + own(q) + q[1]",
            "30,1,lengthg",
        ),
        (
            "let o = {}; o.self = o; o.list = [o, o.list]; let q = c(o); return q.self === q && q.list[0] === q && q !== o",
            "true",
        ),
        (
            "let s = {}; let q = c([s, s, [s]]); return q[0] === q[1] && q[1] === q[2][0]",
            "true",
        ),
        (
            "return own(c(Object.prototype)) + Object.keys(c(Math)).length + Object.keys(c(JSON)).length",
            "00",
        ),
        (
            "return thrown(() => c({ get x() { throw 'mine' } }))",
            "mine",
        ),
        (
            "let e = {}; try { c({ get x() { throw e } }) } catch (f) { return e === f }",
            "true",
        ),
        (
            "let deep = null; for (let i = 0; i < 100000; i++) deep = [deep]; let n = 0; \
          for (let q = c(deep); q; q = q[0]) n++; return n",
            "100000",
        ),
        (
            "let wide = Array.from({ length: 5000 }, (_, i) => ({ ['k' + i % 100]: i })); return c(wide)[4999].k99",
            "4999",
        ),
    ]);
}

#[test]
fn maps_and_sets_are_cloned() {
    results(&[
        (
            "let k = {}; let m = c(new Map([[k, k], [NaN, -0], ['x', [k]]])); let [[a, b]] = m; \
          return [m.size, a === b, m.get(NaN), m.get('x')[0] === a]",
            "3,true,0,true",
        ),
        (
            "let s = c(new Set([1, 'a', null])); return [...s].map(String) + s.has('a') + s.size",
            "1,a,nulltrue3",
        ),
        (
            "let m = new Map; m.set('a', { get g() { m.set('late', 1); m.delete('b'); return 1 } }); m.set('b', 2); \
          return [...c(m).keys()]",
            "a,b",
        ),
        (
            "let s = new Set; s.add({ get g() { s.add('late'); s.clear() } }); s.add(2); return c(s).size",
            "2",
        ),
        (
            "let m = new Map([[1, 2]]); m.x = 1; m.get = 0; m[Symbol.iterator] = 0; let q = c(m); return q.size + own(q)",
            "1",
        ),
        (
            "let m = new Map; m.set(m, m); let q = c(m); return q.get(q) === q",
            "true",
        ),
    ]);
}

#[test]
fn buffers_and_views_are_cloned() {
    results(&[
        (
            "let b = c(new Uint8Array([1, 2, 3]).buffer); return new Uint8Array(b) + ' ' + (b instanceof ArrayBuffer)",
            "1,2,3 true",
        ),
        (
            "let b = new ArrayBuffer(16); let q = c([new Uint8Array(b, 2, 3), new DataView(b, 4, 5), new Float64Array(b, 8), b]); \
          return [q[0].byteOffset, q[0].length, q[1].byteOffset, q[1].byteLength, q[2].length, q.slice(0, 3).every(v => v.buffer === q[3])]",
            "2,3,4,5,1,true",
        ),
        (
            "return [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array] \
          .every(T => { let a = new T(3); a[1] = T.name.startsWith('Big') ? 7n : 7; let q = c(a); return q.constructor === T && q[1] === a[1] && q.length === 3 })",
            "true",
        ),
        (
            "let b = new ArrayBuffer(4, { maxByteLength: 8 }); let q = c(b); return [q.resizable, q.byteLength, q.maxByteLength]",
            "true,4,8",
        ),
        (
            "let b = new ArrayBuffer(4, { maxByteLength: 16 }); \
          let q = c([new Uint16Array(b, 2), new Uint16Array(b, 2, 1), new DataView(b, 1), new DataView(b, 1, 3), b]); q[4].resize(10); \
          return [q[0].length, q[1].length, q[2].byteLength, q[3].byteLength]",
            "4,1,9,3",
        ),
        (
            "let b = new ArrayBuffer(4, { maxByteLength: 4 }); new Uint8Array(b)[3] = 9; \
          let q = c([new DataView(b, 1), new DataView(b, 1, 3), b]); let kept = new Uint8Array(b)[3]; q[2].resize(2); \
          return [q[0].byteLength, thrown(() => q[1].byteLength), kept, b.byteLength]",
            "1,TypeError,9,4",
        ),
        (
            "let b = new ArrayBuffer(4, { maxByteLength: 8 }); let v = new Uint8Array(b, 0, 4); b.resize(2); return thrown(() => c(v))",
            "DataCloneError",
        ),
        (
            "let b = new ArrayBuffer(4); c(b, { transfer: [b] }); return thrown(() => c(b)) + thrown(() => c({ v: new Uint8Array(1), b }))",
            "DataCloneErrorDataCloneError",
        ),
        (
            "let a = new Uint8Array([1]); a.x = 1; Object.defineProperty(a, 'length', { get() { throw 1 } }); return own(c(a))",
            "0",
        ),
    ]);
}

#[test]
fn uncloneable_values_throw_at_any_depth() {
    results(&[
        (
            "return [() => 1, Symbol('s'), Object(Symbol()), new Proxy({}, {}), Promise.resolve(), new WeakMap, new WeakSet, new WeakRef({}), \
           (function*() {})(), [][Symbol.iterator](), new Map().entries(), (function() { return arguments })(), class {}, globalThis, document, \
           new MessageChannel().port1, new Event('x'), new FinalizationRegistry(() => 0)] \
           .map(v => [v, [v], { v }, new Map([[1, v]]), new Set([v])].map(o => thrown(() => c(o)))).flat() \
           .filter(name => name !== 'DataCloneError').length",
            "0",
        ),
        (
            "try { c(() => 1) } catch (e) { return [e instanceof DOMException, e.code, e.message.includes('() => 1')] }",
            "true,25,true",
        ),
        (
            "try { c(document) } catch (e) { return e.message.includes('Document') }",
            "true",
        ),
        ("return thrown(() => c())", "TypeError"),
    ]);
}

#[test]
fn transfer_moves_buffers_and_ports() {
    results(&[
        (
            "let b = new Uint8Array([1, 2]).buffer; let q = c({ b, v: new Uint8Array(b, 1), again: b }, { transfer: [b] }); \
          return [b.byteLength, q.b === q.again, q.v.buffer === q.b, q.v[0]]",
            "0,true,true,2",
        ),
        (
            "let b = new ArrayBuffer(2, { maxByteLength: 5 }); let q = c(b, { transfer: [b] }); return [b.byteLength, q.resizable, q.maxByteLength]",
            "0,true,5",
        ),
        (
            "let b = new ArrayBuffer(1); return thrown(() => c(1, { transfer: [b, b] })) + b.byteLength",
            "DataCloneError1",
        ),
        (
            "let b = new ArrayBuffer(1); return thrown(() => c(1, { transfer: [b, {}] })) + b.byteLength",
            "DataCloneError1",
        ),
        (
            "let b = new ArrayBuffer(1); return thrown(() => c(() => 1, { transfer: [b] })) + b.byteLength",
            "DataCloneError1",
        ),
        // A value that is never transferable throws before any getter runs.
        (
            "let ran = false; thrown(() => c({ get x() { ran = true } }, { transfer: [{}] })); return ran",
            "false",
        ),
        (
            "let ran = false, b = new ArrayBuffer(1); \
          let name = thrown(() => c({ get x() { ran = true } }, { transfer: [b, b] })); return name + ran + b.detached",
            "DataCloneErrorfalsefalse",
        ),
        (
            "let ran = false, { port1 } = new MessageChannel; \
          let name = thrown(() => port1.postMessage({ get x() { ran = true } }, [port1])); return name + ran",
            "DataCloneErrorfalse",
        ),
        // Listed objects are still usable after a failure.
        (
            "let { port1 } = new MessageChannel, b = new ArrayBuffer(3), transfer = [port1, b]; \
          return thrown(() => c([() => 1], { transfer })) + thrown(() => c(b, { transfer })) + b.detached",
            "DataCloneErrorno errortrue",
        ),
        // Detachment is checked after serialization, and for all objects before any is detached.
        (
            "let a = new ArrayBuffer(1), b = new ArrayBuffer(1); \
          let name = thrown(() => c({ get x() { c(b, { transfer: [b] }) } }, { transfer: [a, b] })); return name + a.byteLength + b.byteLength",
            "DataCloneError10",
        ),
        (
            "let { port1, port2 } = new MessageChannel; let q = c({ p: port1 }, { transfer: [port1] }); \
          return (q.p instanceof MessagePort) + thrown(() => c(port1, { transfer: [port1] })) + thrown(() => c(port2))",
            "trueDataCloneErrorDataCloneError",
        ),
        (
            "let { port1 } = new MessageChannel; port1.close(); return thrown(() => c(port1, { transfer: [port1] }))",
            "DataCloneError",
        ),
    ]);
}

#[test]
fn blobs_and_files_are_cloned() {
    results(&[
        (
            "let q = c(new Blob(['ab'], { type: 'text/plain' })); return [q instanceof Blob, q.size, q.type]",
            "true,2,text/plain",
        ),
        (
            "let f = new File(['abc'], 'name.txt', { lastModified: 5 }); let q = c([f, f]); \
          return [q[0] instanceof File, q[0].name, q[0].lastModified, q[0].size, q[0] === q[1]]",
            "true,name.txt,5,3,true",
        ),
    ]);
}

#[test]
fn quota_exceeded_errors_are_cloned() {
    results(&[
        (
            "let e = c(new QuotaExceededError('m', {quota: 1, requested: 2})); \
          return [e instanceof QuotaExceededError, e instanceof DOMException, e.name, e.message, \
          e.code, e.quota, e.requested, Object.prototype.toString.call(e)]",
            "true,true,QuotaExceededError,m,22,1,2,[object QuotaExceededError]",
        ),
        (
            "let e = c(new QuotaExceededError()); return [e.message, e.quota, e.requested].map(String)",
            ",null,null",
        ),
        (
            "return [{quota: -1}, {requested: -1}, {quota: 2, requested: 1}, {quota: NaN}] \
          .map(o => thrown(() => new QuotaExceededError('', o)))",
            "RangeError,RangeError,RangeError,TypeError",
        ),
        (
            "let e = c(new DOMException('m', 'QuotaExceededError')); \
          return [e instanceof QuotaExceededError, e.code]",
            "false,22",
        ),
    ]);
}

#[test]
fn array_buffer_transfer_methods_work() {
    results(&[
        (
            "const b = new Uint8Array([1, 2, 3]).buffer, c = b.transfer(), d = c.transfer(5); \
             return [b.detached, c.detached, d.detached, new Uint8Array(d), d.resizable]",
            "true,true,false,1,2,3,0,0,false",
        ),
        (
            "const b = new Uint8Array([1, 2, 3]).buffer; \
             return [new Uint8Array(b.transfer(2)), b.byteLength]",
            "1,2,0",
        ),
        (
            "const r = new ArrayBuffer(2, { maxByteLength: 4 }), s = r.transfer(3), \
             t = s.transfer(), f = t.transferToFixedLength(); \
             return [r.detached, s.maxByteLength, t.resizable, f.byteLength, f.resizable]",
            "true,0,true,3,false",
        ),
        (
            "const b = new ArrayBuffer(1); b.transfer(); \
             return [thrown(() => b.transfer()), thrown(() => c(b)), \
                 thrown(() => c(1, { transfer: [b] })), thrown(() => b.transfer.call({}))]",
            "TypeError,DataCloneError,DataCloneError,TypeError",
        ),
        (
            "const r = new ArrayBuffer(1, { maxByteLength: 2 }); \
             return [thrown(() => r.transfer(3)), thrown(() => r.transfer(2 ** 53)), r.detached]",
            "RangeError,RangeError,false",
        ),
        (
            "const b = new ArrayBuffer(1); \
             return thrown(() => b.transfer({ valueOf() { b.transfer(); return 1 } }))",
            "TypeError",
        ),
    ]);
}

#[test]
fn builtin_prototypes_are_cloned_as_ordinary_objects() {
    results(&[
        ("return own(c(RegExp.prototype))", ""),
        // Getters run before operations.
        (
            "return [MessagePort, FileList].map(it => thrown(() => c(it.prototype)))",
            "TypeError,TypeError",
        ),
    ]);
}

#[test]
fn clone_observes_changes_by_getters() {
    results(&[
        (
            "let o = {a: 1, get b() { o.c = 2; delete o.d; o.f = 6; return 0 }, c: 1, d: 3, \
          e: {get x() { o.g = 9; return 0 }}, g: 5}; return JSON.stringify(c(o))",
            r#"{"a":1,"b":0,"c":2,"e":{"x":0},"g":9}"#,
        ),
        (
            "let l = [1, {get x() { l[2] = 'new'; l.length = 4; return 0 }}, 2, 3, 4]; \
          let d = c(l); return JSON.stringify(d) + d.length + (4 in d)",
            r#"[1,{"x":0},"new",3,null]5false"#,
        ),
        (
            "let o = {e: new Error('m'), after: 1}; \
          Object.defineProperty(o.e, 'name', {get() { o.after = 2; return 'Error' }}); return c(o).after",
            "2",
        ),
        (
            "let o = {e: new Error(), after: 1}; o.e.message = {toString() { o.after = 3; return 'x' }}; \
          return c(o).after + c(o).e.message",
            "3x",
        ),
        (
            "let calls = 0, o = {get a() { calls++; return {get b() { calls++; return 1 }} }, z: 1}; \
          c(o); return calls",
            "2",
        ),
    ]);
}

#[test]
fn half_precision_floats_round_and_clone() {
    results(&[
        (
            "let f = new Float16Array([1.5, -0, 65520, NaN, 2 ** -24]), g = c(f); \
          return [g instanceof Float16Array, g !== f, g.length, [...g].map(n => Object.is(n, -0) ? '-0' : n)]",
            "true,true,5,1.5,-0,Infinity,NaN,5.960464477539063e-8",
        ),
        (
            "let b = new ArrayBuffer(8), v = [new Float16Array(b, 2, 2), new Float16Array(b), new Uint8Array(b)]; \
          let w = c(v); w[0][0] = 1; return [w[0].buffer === w[1].buffer, w[1][1], w[2][3], v[1][1], w[0].byteOffset, w[0].length]",
            "true,1,60,0,2,2",
        ),
        (
            "let f = new Float16Array([1, 2]), g = c(f, {transfer: [f.buffer]}); \
          return [f.length, f.buffer.detached, g.length, g[1]]",
            "0,true,2,2",
        ),
        (
            "let b = new ArrayBuffer(4, {maxByteLength: 8}), g = c(new Float16Array(b, 2)); \
          g.buffer.resize(8); return [g.length, g.byteOffset, g.buffer.maxByteLength]",
            "3,2,8",
        ),
    ]);
}

#[test]
fn deep_graphs_are_cloned_and_posted() {
    let url: url::Url = "http://localhost/".parse().unwrap();
    let html = "<!doctype html><script>
        const wraps = [
            inner => ({inner}), inner => [inner], inner => new Map([[0, inner]]),
            inner => new Set([inner]), inner => new Error('', {cause: inner}),
        ];
        const next = outer => outer.inner ?? outer.cause ?? outer[0] ?? outer.get?.(0) ?? [...outer][0];
        function depth(value) {
            let levels = 0;
            for (; value !== 0; value = next(value)) levels++;
            return levels;
        }
        let deep = 0, got = [];
        for (let level = 0; level < 20000; level++) deep = wraps[level % 5](deep);
        const {port1, port2} = new MessageChannel();
        onmessage = port2.onmessage = event => got.push(depth(event.data));
        postMessage(deep);
        port1.postMessage(deep);
        got.push(depth(structuredClone(deep)));
        </script>";
    let options = PageOptions::new().document(url.clone(), html);
    let mut page = Page::open(url, options).unwrap();
    let _ = page.run_until_idle();
    assert_eq!(page.eval("got.join()").unwrap(), "20000,20000,20000");
}
