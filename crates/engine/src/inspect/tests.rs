use std::cell::RefCell;

use boa_engine::{NativeFunction, Source};

use super::*;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Returns what a script prints with its function `log`, joined by line breaks.
fn printed(source: &str) -> String {
    LINES.with_borrow_mut(Vec::clear);
    let context = &mut Context::default();
    let log = NativeFunction::from_fn_ptr(|_, args, context| {
        let line = format_log(args, context);
        LINES.with_borrow_mut(|lines| lines.push(line));
        Ok(JsValue::undefined())
    });
    context
        .register_global_callable(JsString::from("log"), 0, log)
        .unwrap();
    context.eval(Source::from_bytes(source)).unwrap();
    LINES.with_borrow(|lines| lines.join("\n"))
}

/// Checks against what Node 20 prints for the same arguments.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (arguments, expected) in cases {
        let source = format!("log({arguments})");
        assert_eq!(printed(&source), *expected, "{arguments}");
    }
}

#[test]
fn strings_are_quoted_only_inside_objects() {
    check(&[
        ("", ""),
        ("'a', 'b c', ''", "a b c "),
        ("['a']", "[ 'a' ]"),
        (
            r#"["it's", "\"it's\"", "'\"`"]"#,
            r#"[ "it's", `"it's"`, '\'"`' ]"#,
        ),
        (
            r"['a\nb\t\\\x00\x7f', '\ud83d', '\u{1F600}']",
            "[ 'a\\nb\\t\\\\\\x00\\x7F', '\\ud83d', '\u{1F600}' ]",
        ),
        (
            "[Array(31).join('x') + '\\n' + Array(61).join('y')]",
            "[\n  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n' +\n    'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'\n]",
        ),
    ]);
}

#[test]
fn primitives_print_as_in_node() {
    check(&[
        (
            "1, -0, 1.5, 1e21, NaN, -Infinity",
            "1 -0 1.5 1e+21 NaN -Infinity",
        ),
        ("true, null, undefined, 12n", "true null undefined 12n"),
        (
            "Symbol(), Symbol('a b'), [Symbol.iterator]",
            "Symbol() Symbol(a b) [ Symbol(Symbol.iterator) ]",
        ),
        (
            "new Number(-0), new String('ab'), new Boolean(true), Object(1n), Object(Symbol('s'))",
            "[Number: -0] [String: 'ab'] [Boolean: true] [BigInt: 1n] [Symbol: Symbol(s)]",
        ),
        (
            "Object.assign(new String('ab'), { p: 1 })",
            "[String: 'ab'] { p: 1 }",
        ),
    ]);
}

#[test]
fn format_specifiers_convert_their_arguments() {
    check(&[
        (
            "'%s is %d, %i and %f', 'A', 4.5, 4.5, '3.5abc'",
            "A is 4.5, 4 and 3.5",
        ),
        ("'%d %d %d %i', '12', 5n, {}, '42px'", "12 5n NaN 42"),
        (
            "'%s %s %s', { a: { b: 1 } }, [1, [2]], -0",
            "{ a: [Object] } [ 1, [Array] ] -0",
        ),
        (
            "'%O', { a: { b: { c: { d: 1 } } } }",
            "{ a: { b: { c: [Object] } } }",
        ),
        (
            "'%o', { a: { b: { c: { d: 1 } } } }",
            "{\n  a: { b: { c: { d: 1 } } }\n}",
        ),
        ("'%cred', 'color: red'", "red"),
        ("'%% %s %x', 'a', 'b'", "% a %x b"),
        ("'100%', 1", "100% 1"),
        ("'%s'", "%s"),
        ("'%s %s', 'a'", "a %s"),
        ("'%s', 'a', 'b', { c: 1 }", "a b { c: 1 }"),
        ("1, '%s', 2", "1 %s 2"),
        ("'%f %f', '-1.5e3x', 'x'", "-1500 NaN"),
    ]);
}

#[test]
fn objects_open_to_depth_two() {
    check(&[
        ("{}, []", "{} []"),
        (
            "{ a: 1, b: 'x', c: [1, 2], 'd-e': 3, $f: 1, 1: 2 }",
            "{ '1': 2, a: 1, b: 'x', c: [ 1, 2 ], 'd-e': 3, '$f': 1 }",
        ),
        (
            "{ a: { b: { c: { d: 1 } } } }",
            "{ a: { b: { c: [Object] } } }",
        ),
        ("{ a: { b: { c: {} } } }", "{ a: { b: { c: {} } } }"),
        ("[[[[1]]]]", "[ [ [ [Array] ] ] ]"),
        ("{ [Symbol('k')]: 1 }", "{ [Symbol(k)]: 1 }"),
        (
            "Object.create(null), Object.assign(Object.create(null), { a: 1 })",
            "[Object: null prototype] {} [Object: null prototype] { a: 1 }",
        ),
        (
            "{ x: { y: { z: new (class A { b = 1 }) } } }",
            "{ x: { y: { z: [A] } } }",
        ),
        (
            "{ get a() { throw 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} }",
            "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
        ),
        ("Object.defineProperty({}, 'hidden', { value: 1 })", "{}"),
    ]);
}

#[test]
fn classes_and_functions_print_their_names() {
    check(&[
        (
            "function f() {}, () => {}, class A {}, class extends Map {}",
            "[Function: f] [Function (anonymous)] [class A] [class (anonymous) extends Map]",
        ),
        (
            "[async () => {}, function* () {}, async function* g() {}]",
            "[\n  [AsyncFunction (anonymous)],\n  [GeneratorFunction (anonymous)],\n  [AsyncGeneratorFunction: g]\n]",
        ),
        (
            "Object.assign(function f() {}, { a: 1 }), Math.max",
            "[Function: f] { a: 1 } [Function: max]",
        ),
        ("Object.freeze(function f() {})", "[Function: f]"),
        (
            "new (class A {}), new (class B { x = 1 })",
            "A {} B { x: 1 }",
        ),
        (
            "new (class M extends Map {})([[1, 2]]), new (class L extends Array {})(1, 2)",
            "M(1) [Map] { 1 => 2 } L(2) [ 1, 2 ]",
        ),
        ("(class A {}).prototype, Math", "{} Object [Math] {}"),
    ]);
}

#[test]
fn builtin_objects_print_as_in_node() {
    check(&[
        (
            "new Map([[1, { a: 1 }], ['k', 2]]), new Set(['x', [1]]), new Map, new Set",
            "Map(2) { 1 => { a: 1 }, 'k' => 2 } Set(2) { 'x', [ 1 ] } Map(0) {} Set(0) {}",
        ),
        (
            "new Date(0), new Date(NaN)",
            "1970-01-01T00:00:00.000Z Invalid Date",
        ),
        (
            r"/a\/b[/]\\/gi, new RegExp('/'), new RegExp('')",
            r"/a\/b[\/]\\/gi /\// /(?:)/",
        ),
        (
            "new Uint8Array([1, 2]), new BigInt64Array(1), new Int8Array(0)",
            "Uint8Array(2) [ 1, 2 ] BigInt64Array(1) [ 0n ] Int8Array(0) []",
        ),
        (
            "new Uint8Array([1, 255]).buffer",
            "ArrayBuffer { [Uint8Contents]: <01 ff>, byteLength: 2 }",
        ),
        (
            "Promise.resolve({ a: 1 }), new Promise(() => {})",
            "Promise { { a: 1 } } Promise { <pending> }",
        ),
        (
            "new WeakMap, new WeakSet",
            "WeakMap { <items unknown> } WeakSet { <items unknown> }",
        ),
    ]);
    assert_eq!(
        printed("const p = Promise.reject(3); p.catch(() => {}); log(p)"),
        "Promise { <rejected> 3 }"
    );
}

/// Node also prints the stack. A console transcript omits it.
#[test]
fn errors_print_name_and_message() {
    check(&[
        (
            "new Error('boom'), new TypeError, [new RangeError('r')]",
            "Error: boom TypeError [ [RangeError: r] ]",
        ),
        ("new (class MyError extends Error {})('m')", "MyError: m"),
        ("new (class Odd extends Error {})('m')", "Odd [Error]: m"),
        (
            "Object.assign(new Error('m'), { code: 7 })",
            "Error: m { code: 7 }",
        ),
        (
            "new Error('m', { cause: 'c' })",
            "Error: m { [cause]: 'c' }",
        ),
    ]);
}

#[test]
fn circular_objects_print_references() {
    assert_eq!(
        printed("const o = {}; o.o = o; log(o)"),
        "<ref *1> { o: [Circular *1] }"
    );
    assert_eq!(
        printed("const o = { a: {} }; o.a.b = o; o.a.c = o.a; log(o)"),
        "<ref *1> { a: <ref *2> { b: [Circular *1], c: [Circular *2] } }"
    );
    assert_eq!(
        printed("const m = new Map; m.set('me', m); log(m)"),
        "<ref *1> Map(1) { 'me' => [Circular *1] }"
    );
}

#[test]
fn long_lists_wrap_into_columns() {
    check(&[
        (
            "[1, , 2], new Array(3), [, , 1, , ]",
            "[ 1, <1 empty item>, 2 ] [ <3 empty items> ] [ <2 empty items>, 1, <1 empty item> ]",
        ),
        (
            "Object.assign([1, 2], { x: 3, '-1': 2 })",
            "[ 1, 2, x: 3, '-1': 2 ]",
        ),
        (
            "Array.from({ length: 7 }, (_, i) => i * 1000)",
            "[\n     0, 1000, 2000,\n  3000, 4000, 5000,\n  6000\n]",
        ),
        (
            "Array.from({ length: 7 }, (_, i) => 's' + i)",
            "[\n  's0', 's1',\n  's2', 's3',\n  's4', 's5',\n  's6'\n]",
        ),
        (
            "['a'.repeat(40), 'b'.repeat(40)]",
            "[\n  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',\n  'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'\n]",
        ),
    ]);
    let many = printed("log(Array.from({ length: 120 }, () => 1))");
    assert!(many.ends_with("  ... 20 more items\n]"), "{many}");
    assert_eq!(
        printed("log(new Array(4294967295).length, new Array(4294967295))"),
        "4294967295 [ <4294967295 empty items> ]"
    );
}

#[test]
fn inspection_runs_no_page_code() {
    let text = printed(
        "const touched = [];
         const trap = new Proxy({ a: 1 }, { get() { touched.push('trap') }, ownKeys() { touched.push('keys'); return [] } });
         class Loud { get secret() { touched.push('getter') } toString() { touched.push('toString') }
           get [Symbol.toStringTag]() { touched.push('tag'); return 'T' } }
         const error = new Error('m');
         Object.defineProperty(error, 'name', { get() { touched.push('name'); return 'N' } });
         Object.defineProperty(RegExp.prototype, 'flags', { get() { touched.push('flags') } });
         Map.prototype[Symbol.iterator] = () => touched.push('iterator');
         Date.prototype.toISOString = () => touched.push('date');
         Promise.prototype.then = () => touched.push('then');
         log(trap, new Loud, error, /x/g, new Map([]), new Date(0), Promise.resolve(1), [trap]);
         log('%s %d %i %f %o', new Loud, new Loud, new Loud, new Loud, new Loud);
         log(touched);",
    );
    assert_eq!(
        text,
        "[Proxy] Loud {} m /x/g Map(0) {} 1970-01-01T00:00:00.000Z Promise { 1 } [ [Proxy] ]\n\
         Loud {} NaN NaN NaN Loud {}\n\
         []"
    );
}

#[test]
fn output_is_bounded_in_depth_and_breadth() {
    let text = printed("let a = []; for (let i = 0; i < 100000; i++) a = [a]; log(a)");
    assert_eq!(text, "[ [ [ [Array] ] ] ]");
    let chain = printed("let a = {}; for (let i = 0; i < 5000; i++) a = Object.create(a); log(a)");
    assert_eq!(chain, "[Object: null prototype] {}");
}
