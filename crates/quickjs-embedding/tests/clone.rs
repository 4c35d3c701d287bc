//! `structuredClone()` of each kind of value.

#![allow(clippy::unwrap_used)]

mod common;

use common::run_script;

/// Each line of `cases` is an expression over `clone`, whose value must be true.
fn all_true(cases: &str) {
    let mut script = String::from(
        "const clone = structuredClone; let it;\nconst throws = (f) => { try { f(); return 'nothing'; } catch (error) { return error.name; } };\n",
    );
    let mut names = Vec::new();
    for case in cases.lines().map(str::trim).filter(|case| !case.is_empty()) {
        names.push(case);
        script.push_str(&format!(
            "try {{ console.log({case}); }} catch (error) {{ console.log(String(error)); }}\n"
        ));
    }
    let log = run_script(&script);
    assert_eq!(log.len(), names.len(), "{log:?}");
    let failed: Vec<_> = names
        .iter()
        .zip(&log)
        .filter(|(_, line)| *line != "true")
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn primitives() {
    all_true(
        r#"
        clone(undefined) === undefined && clone(null) === null && clone(true) === true
        Object.is(clone(-0), -0) && Object.is(clone(NaN), NaN) && clone(1e300) === 1e300 && clone(-7) === -7
        clone("") === "" && clone("h\u00e9 \u2192 \u{1f600}") === "h\u00e9 \u2192 \u{1f600}"
        clone("\ud800a\udc00") === "\ud800a\udc00"
        clone(0n) === 0n && clone(-(2n ** 200n) + 1n) === -(2n ** 200n) + 1n && clone(255n) === 255n
        throws(() => clone(Symbol("x"))) === "DataCloneError"
        "#,
    );
}

#[test]
fn objects() {
    all_true(
        r#"
        JSON.stringify(clone({ z: 1, 10: 2, a: [3, { b: null }], 9: 4 })) === '{"9":4,"10":2,"z":1,"a":[3,{"b":null}]}'
        Object.getPrototypeOf(clone(Object.create({ inherited: 1 }))) === Object.prototype
        (it = clone([1, , 3]), it.length === 3 && !(1 in it) && Array.isArray(it))
        (it = [1], it.extra = 2, it = clone(it), it.extra === 2 && it.length === 1)
        (it = clone(JSON.parse('{"__proto__":1,"a\\ud800":2}')), Object.keys(it).join() === "__proto__,a\ud800" && it["a\ud800"] === 2)
        (it = {}, it.self = it, it = clone(it), it.self === it)
        (it = {}, it = clone([it, it]), it[0] === it[1])
        clone({ get a() { return 5; } }).a === 5
        (it = { get a() { delete this.b; return 1; }, b: 2 }, !("b" in clone(it)))
        throws(() => clone({ get a() { throw new RangeError() } })) === "RangeError"
        throws(() => clone(() => 1)) === "DataCloneError" && throws(() => clone(new Proxy({}, {}))) === "DataCloneError"
        throws(() => clone(new WeakMap())) === "DataCloneError" && throws(() => clone(Promise.resolve())) === "DataCloneError"
        throws(() => clone(document)) === "DataCloneError" && throws(() => clone(window)) === "DataCloneError"
        throws(() => clone(new MessageChannel().port1)) === "DataCloneError"
        (it = clone(new Date(12)), it instanceof Date && it.getTime() === 12) && isNaN(clone(new Date(NaN)))
        (it = clone(/a\/b/dgimsuy), it.source === "a\\/b" && it.flags === "dgimsuy" && it.lastIndex === 0)
        typeof clone(Object(true)) === "object" && clone(Object(1n)) == 1n && clone(Object("x")) == "x" && clone(Object(2)) == 2
        (it = clone(new Map([[{}, 1], ["k", new Set([NaN])]])), it instanceof Map && it.get("k").has(NaN) && it.size === 2)
        "#,
    );
}

#[test]
fn errors() {
    all_true(
        r#"
        (it = clone(new RangeError("no", { cause: [1] })), it instanceof RangeError && it.message === "no" && it.cause[0] === 1)
        (it = new Error("x"), it.name = "TypeError", clone(it) instanceof TypeError)
        (it = new Error("x"), it.name = "Mine", Object.getPrototypeOf(clone(it)) === Error.prototype)
        !Object.hasOwn(clone(new Error()), "message")
        (it = new Error("x"), it.extra = 1, clone(it).extra === undefined)
        (it = clone(new DOMException("why", "AbortError")), it instanceof DOMException && it.name === "AbortError" && it.code === 20 && it.message === "why")
        "#,
    );
}

#[test]
fn buffers() {
    all_true(
        r#"
        (it = clone(new Uint8Array([1, 2, 3]).buffer), it instanceof ArrayBuffer && new Uint8Array(it).join() === "1,2,3")
        (it = new ArrayBuffer(16), it = clone([new Uint8Array(it, 4, 4), new DataView(it, 8)]), it[0].buffer === it[1].buffer && it[0].byteOffset === 4 && it[1].byteLength === 8)
        [Int8Array, Uint8ClampedArray, Int16Array, Float16Array, Float32Array, Float64Array, BigInt64Array].every((type) => clone(new type(2)) instanceof type)
        (it = clone(new ArrayBuffer(2, { maxByteLength: 8 })), it.resizable && it.maxByteLength === 8 && it.byteLength === 2)
        (it = clone(new Uint16Array(new ArrayBuffer(4, { maxByteLength: 8 }))), it.buffer.resize(8), it.length === 4)
        (it = new ArrayBuffer(3), clone(it, [it]).byteLength === 3 && it.byteLength === 0)
        (it = new Uint8Array([7]), clone(it, { transfer: [it.buffer] })[0] === 7 && it.length === 0)
        throws(() => clone(it)) === "DataCloneError"
        throws(() => clone(1, [it.buffer])) === "DataCloneError" && throws(() => clone(1, [{}])) === "DataCloneError"
        (it = new ArrayBuffer(1), throws(() => clone(1, [it, it])) === "DataCloneError" && it.byteLength === 1)
        throws(() => clone(new SharedArrayBuffer(1))) === "DataCloneError"
        "#,
    );
}

#[test]
fn the_page_cannot_change_what_a_clone_does() {
    all_true(
        r#"
        (globalThis.map = new Map([[1, 2]]), true)
        (Object.keys = Array.prototype.slice = Map.prototype.forEach = () => { throw 1 }, true)
        (Map.prototype.set = Set.prototype.add = Reflect.get = () => { throw 2 }, true)
        (Object.defineProperty(Array.prototype, "0", { set() { throw 3 }, configurable: true }), true)
        (it = clone({ a: [1, 2], b: map }), it.a.length === 2 && it.b.get(1) === 2 && it.b !== map)
        "#,
    );
}
