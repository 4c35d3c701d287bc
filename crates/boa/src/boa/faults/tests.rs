//! Each case is a script that throws, and the message about it.

use std::rc::Rc;

use boa_engine::{Context, Script, Source};
use expect_test::{Expect, expect};

use super::*;
use crate::boa::error_trace;
use crate::boa::sources::Kind;

/// Runs each line as a script of its own, inside a function as well, and records the message and the underlined part.
fn check(scripts: &str, expected: &Expect) {
    let mut lines = String::new();
    for script in scripts
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        for text in [
            script.to_owned(),
            format!(
                "(function () {{ let filler = [1].map(x => x);\n{script}\nfiller.map(x => x); }})()"
            ),
        ] {
            lines.push_str(&told(&text));
            lines.push('\n');
        }
    }
    expected.assert_eq(&lines);
}

fn told(text: &str) -> String {
    let mut context = Context::default();
    context
        .eval(Source::from_bytes("var o = {}, u; function f() {}"))
        .unwrap();
    let script = Script::parse(Source::from_bytes(text), None, &mut context).unwrap();
    let Err(error) = script.evaluate(&mut context) else {
        return "no error".to_owned();
    };
    let is_native = error
        .to_string()
        .lines()
        .find(|line| line.starts_with("    at "))
        .is_some_and(|line| line.ends_with("(native)"));
    // The end of an iteration throws the error again, as an object.
    let trace = error_trace::of_native(&error).or_else(|| {
        let object = error.as_opaque()?.as_object()?;
        error_trace::of_object(&object)
    });
    let Some(trace) = trace else {
        return format!("{error}");
    };
    let message = match error.as_native() {
        Some(native) => native.message().to_string(),
        None => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            line.split_once(": ")
                .map_or(line, |(_, message)| message)
                .to_owned()
        }
    };
    let source = SourceOf {
        path: String::new(),
        kind: Kind::Script,
        text: Rc::new(text.to_owned()),
    };
    let Some(fault) = explain(&source, &message, trace, is_native) else {
        return format!("{message} ({trace:?})");
    };
    let byte = |place: LineAndColumn| {
        crate::boa::source_text::byte_of_place(text.as_bytes(), place.line, place.column)
    };
    let underlined = &text[byte(fault.start).unwrap()..byte(fault.end).unwrap()];
    format!("{} | {underlined}", fault.message.unwrap_or(message))
}

#[test]
fn calls_and_constructions_are_named() {
    check(
        "o.foo(1);
         u();
         f(), o.a(), o.b(f());
         o['f' + 'oo'](1);
         f()();
         new o.K();
         new u;
         (0, o.x)();
         o.x`a`;
         o.x?.y; o?.z();
         f(o.foo(1));
         [1].forEach(o.each);",
        &expect![[r#"
            `o.foo` is not a function | o.foo
            `o.foo` is not a function | o.foo
            `u` is not a function | u
            `u` is not a function | u
            `o.a` is not a function | o.a
            `o.a` is not a function | o.a
            `o['f' + 'oo']` is not a function | o['f' + 'oo']
            `o['f' + 'oo']` is not a function | o['f' + 'oo']
            `f()` is not a function | f()
            `f()` is not a function | f()
            `o.K` is not a constructor | o.K
            `o.K` is not a constructor | o.K
            `u` is not a constructor | u
            `u` is not a constructor | u
            `0, o.x` is not a function | 0, o.x
            `0, o.x` is not a function | 0, o.x
            `o.x` is not a function | o.x
            `o.x` is not a function | o.x
            `o?.z` is not a function | o?.z
            `o?.z` is not a function | o?.z
            `o.foo` is not a function | o.foo
            `o.foo` is not a function | o.foo
            Array.prototype.forEach: invalid callback function | [1].forEach(o.each)
            Array.prototype.forEach: invalid callback function | [1].forEach(o.each)
        "#]],
    );
}

#[test]
fn reads_and_writes_are_named() {
    check(
        "u.a;
         o.x.y.z;
         o.x.y.z();
         f().addEventListener('x', f(1));
         f(u.a());
         o[u.x()];
         o.x[f()].y;
         u.a = 1;
         o.x.y = f(f().z());
         o.a.b++;
         o.a.b += 1;
         null.x;
         f(1); u.b(); f(2); u.c();
         o?.x.y;
         Object.keys(u);
         f(u.a, Object.entries(o.list));
         if (u.a?.b) f();
         [u.map(f), f(u.a)];
         f(o => o.x(), u.y);
         try { f(1) } finally { u.a() }
         o.x().y; 
         with (o) { q(u.a) }
         class C { a = u.b; } new C;
         f`${u.a}`;
         (() => u.a.b)();
         (({ a }) => a)(u);
         (([a]) => a)(u);
         ((a = u.b()) => a)();
         switch (u.a) { case 1: f() }
         do f(); while (u.b.c());
         `${u.a()}`;
         a: for (;;) { u.b(); break a }
         async function g() { await u.x(); } g(); u.g();
         delete u.a;
         u?.a.b; o.y?.().z; o.z.b?.c;
         for (let i = 0; i < u.length; i++) f(i);",
        &expect![[r#"
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `y` of `o.x`, which is undefined or null | o.x.y
            cannot read `y` of `o.x`, which is undefined or null | o.x.y
            cannot read `y` of `o.x`, which is undefined or null | o.x.y
            cannot read `y` of `o.x`, which is undefined or null | o.x.y
            cannot read `addEventListener` of `f()`, which is undefined or null | f().addEventListener
            cannot read `addEventListener` of `f()`, which is undefined or null | f().addEventListener
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `[u.x()]` of `o`, which is undefined or null | o[u.x()]
            cannot read `[u.x()]` of `o`, which is undefined or null | o[u.x()]
            cannot read `[f()]` of `o.x`, which is undefined or null | o.x[f()]
            cannot read `[f()]` of `o.x`, which is undefined or null | o.x[f()]
            cannot set `a` of `u`, which is undefined or null | u.a
            cannot set `a` of `u`, which is undefined or null | u.a
            cannot read `z` of `f()`, which is undefined or null | f().z
            cannot read `z` of `f()`, which is undefined or null | f().z
            cannot read `b` of `o.a`, which is undefined or null | o.a.b
            cannot read `b` of `o.a`, which is undefined or null | o.a.b
            cannot read `b` of `o.a`, which is undefined or null | o.a.b
            cannot read `b` of `o.a`, which is undefined or null | o.a.b
            cannot read `x` of null | null.x
            cannot read `x` of null | null.x
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `y` of `o?.x`, which is undefined or null | o?.x.y
            cannot read `y` of `o?.x`, which is undefined or null | o?.x.y
            `Object.keys` cannot convert undefined or null to an object | Object.keys(u)
            `Object.keys` cannot convert undefined or null to an object | Object.keys(u)
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `map` of `u`, which is undefined or null | u.map
            cannot read `map` of `u`, which is undefined or null | u.map
            cannot read `y` of `u`, which is undefined or null | u.y
            cannot read `y` of `u`, which is undefined or null | u.y
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            `o.x` is not a function | o.x
            `o.x` is not a function | o.x
            q is not defined | q
            q is not defined | q
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot destructure undefined into `{ a }` | { a }
            cannot destructure undefined into `{ a }` | { a }
            cannot destructure undefined into `[a]` | [a]
            cannot destructure undefined into `[a]` | [a]
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `a` of `u`, which is undefined or null | u.a
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `g` of `u`, which is undefined or null | u.g
            cannot read `g` of `u`, which is undefined or null | u.g
            cannot convert 'null' or 'undefined' to object (ErrorTrace { before: None, at: Some(LineAndColumn { line: 1, column: 1 }), behind: None, distance: 0 })
            cannot convert 'null' or 'undefined' to object (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 36 }), at: Some(LineAndColumn { line: 2, column: 1 }), behind: Some(LineAndColumn { line: 1, column: 14 }), distance: 0 })
            cannot convert 'null' or 'undefined' to object (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 22 }), at: None, behind: None, distance: 0 })
            cannot read `b` of `o.z`, which is undefined or null | o.z.b
            cannot read `length` of `u`, which is undefined or null | u.length
            cannot read `length` of `u`, which is undefined or null | u.length
        "#]],
    );
}

#[test]
fn names_are_underlined_and_iterations_named() {
    check(
        "nope;
         nope(1);
         new Nope();
         nope.x.y;
         let a = 1 + nope;
         if (o.x) nope; else nope;
         for (const x of o) ;
         for (const x of u) ;
         const [b] = o;
         const [b2] = u;
         f(...o);
         const {c} = null;
         const {d} = u;
         ({e: o.e} = null);
         const k = 1; k = 2;
         'x' in 3;
         o instanceof 3;",
        &expect![[r#"
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            Nope is not defined | Nope
            Nope is not defined | Nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 7 }), at: None, behind: None, distance: 0 })
            nope is not defined (ErrorTrace { before: Some(LineAndColumn { line: 2, column: 7 }), at: Some(LineAndColumn { line: 1, column: 14 }), behind: Some(LineAndColumn { line: 3, column: 11 }), distance: 32 })
            `o` is not iterable | o
            `o` is not iterable | o
            cannot iterate over `u`, which is undefined or null | u
            cannot iterate over `u`, which is undefined or null | u
            `o` is not iterable | o
            `o` is not iterable | o
            cannot destructure `u`, which is undefined | u
            cannot destructure `u`, which is undefined | u
            `o` is not iterable | o
            value with type `object` is not iterable (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 14 }), at: Some(LineAndColumn { line: 2, column: 2 }), behind: Some(LineAndColumn { line: 1, column: 14 }), distance: 12 })
            cannot destructure null | null
            cannot destructure null | null
            cannot destructure `u`, which is undefined | u
            cannot destructure `u`, which is undefined | u
            cannot destructure null | null
            Cannot destructure 'null' value (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 36 }), at: Some(LineAndColumn { line: 2, column: 2 }), behind: Some(LineAndColumn { line: 1, column: 14 }), distance: 48 })
            cannot assign to the constant `k` | k
            cannot assign to the constant `k` | k
            right-hand side of 'in' should be an object, got `number` | 3
            right-hand side of 'in' should be an object, got `number` | 3
            right-hand side of 'instanceof' should be an object, got `number` | 3
            right-hand side of 'instanceof' should be an object, got `number` | 3
        "#]],
    );
}

#[test]
fn arguments_with_places_do_not_hide_the_function() {
    check(
        "nope(o.a);
         nope(o.a).b.c;
         nope(f(o.a), o.b);
         new Nope(o.a, f());
         u.b(o.c);
         u.b(o.c, f()).d;",
        &expect![[r#"
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            nope is not defined | nope
            Nope is not defined | Nope
            Nope is not defined | Nope
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
            cannot read `b` of `u`, which is undefined or null | u.b
        "#]],
    );
}

#[test]
fn patterns_are_named_if_no_expression_has_the_value() {
    check(
        "const {a: {b}} = {a: u};
         (({a}) => a)(u);
         (function ({a}, b) { return a })(null);
         (({a: {b}} = {}) => b)();
         (function f2() { const {q} = u })();",
        &expect![[r#"
            cannot destructure undefined into `{a: {b}}` | {a: {b}}
            cannot destructure undefined into `{a: {b}}` | {a: {b}}
            cannot destructure undefined into `{a}` | {a}
            cannot destructure undefined into `{a}` | {a}
            cannot destructure null into `{a}` | {a}
            cannot destructure null into `{a}` | {a}
            cannot destructure undefined into `{a: {b}}` | {a: {b}}
            cannot destructure undefined into `{a: {b}}` | {a: {b}}
            cannot destructure `u`, which is undefined | u
            cannot destructure `u`, which is undefined | u
        "#]],
    );
}

#[test]
fn variables_are_named_before_their_declarations() {
    check(
        "f(x); let x = 1;
         (() => { f(y1); const y1 = 1 })();
         new K; class K {}
         (() => { z1 = 2; let z1 })();
         'use strict'; w1 = 1;
         function g1() { return G.a } g1(); const G = {};",
        &expect![[r#"
            `x` is read before its declaration has run | x
            access of uninitialized binding (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 14 }), at: Some(LineAndColumn { line: 2, column: 2 }), behind: Some(LineAndColumn { line: 1, column: 14 }), distance: 11 })
            access of uninitialized binding (ErrorTrace { before: Some(LineAndColumn { line: 1, column: 8 }), at: Some(LineAndColumn { line: 1, column: 11 }), behind: Some(LineAndColumn { line: 1, column: 8 }), distance: 11 })
            access of uninitialized binding (ErrorTrace { before: Some(LineAndColumn { line: 2, column: 8 }), at: Some(LineAndColumn { line: 2, column: 11 }), behind: Some(LineAndColumn { line: 2, column: 8 }), distance: 11 })
            `K` is read before its declaration has run | K
            `K` is read before its declaration has run | K
            no error
            no error
            cannot assign to `w1` in strict mode: it is not declared | w1
            no error
            G is not defined (ErrorTrace { before: None, at: Some(LineAndColumn { line: 1, column: 26 }), behind: Some(LineAndColumn { line: 1, column: 15 }), distance: 13 })
            G is not defined (ErrorTrace { before: None, at: Some(LineAndColumn { line: 2, column: 26 }), behind: Some(LineAndColumn { line: 2, column: 15 }), distance: 13 })
        "#]],
    );
}

#[test]
fn other_refusals_are_named() {
    check(
        "class A {} A();
         class B { #p; get(o) { return o.#p } } new B().get({});
         'use strict'; Object.freeze(o).x = 1;
         'use strict'; Object.freeze(o).x += 1;
         'use strict'; delete Object.freeze({q: 1}).q;
         'use strict'; Object.freeze([])[0] = 1;
         1n + 1;
         `a${Symbol()}b`;
         o instanceof (() => {});
         class C { constructor() { nope() } } new C;
         new (class { constructor() { u.x() } });",
        &expect![[r#"
            the class `A` cannot be called without `new` | A
            the class `A` cannot be called without `new` | A
            `o` has no private member `#p` | o.#p
            `o` has no private member `#p` | o.#p
            cannot set `x` of `Object.freeze(o)`: it is read-only | Object.freeze(o).x
            no error
            cannot set `x` of `Object.freeze(o)`: it is read-only | Object.freeze(o).x
            no error
            cannot delete `q` of `Object.freeze({q: 1})`: it is not configurable | Object.freeze({q: 1}).q
            no error
            cannot set `[0]` of `Object.freeze([])`: it is read-only | Object.freeze([])[0]
            no error
            cannot mix BigInt and other types, use explicit conversions | 1n + 1
            cannot mix BigInt and other types, use explicit conversions | 1n + 1
            can't convert symbol to string | Symbol()
            can't convert symbol to string | Symbol()
            function has non-object prototype in instanceof check | (() => {})
            function has non-object prototype in instanceof check | (() => {})
            nope is not defined | nope
            nope is not defined | nope
            cannot read `x` of `u`, which is undefined or null | u.x
            cannot read `x` of `u`, which is undefined or null | u.x
        "#]],
    );
}
