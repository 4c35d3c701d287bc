//! Tests of the early errors that Boa's parser does not report.

use crate::support::page;

#[test]
fn name_declared_twice_in_a_function_is_refused() {
    page(
        "<script>const told = f => { try { f() } catch (e) { console.log(e.name, e.message) } };
         told(() => eval('function f() { let q; let q }'));
         told(() => new Function('let q; let q'));
         told(() => new Function('let q; { var q }'));
         told(() => new Function('a = () => { let q; let q }', ''));</script>",
        &[
            "SyntaxError identifier 'q' has already been declared at line 1, col 27",
            "SyntaxError identifier 'q' has already been declared at line 1, col 12",
            "SyntaxError identifier 'q' has already been declared at line 1, col 14",
            "SyntaxError identifier 'q' has already been declared at line 1, col 24",
        ],
    );
}

#[test]
fn deletion_of_a_private_member_through_a_chain_is_refused() {
    page(
        "<script>class B { #a; m() { try { eval('delete this?.#a') } catch (e) { console.log(e.name, e.message) } } }
         new B().m()</script>",
        &["SyntaxError cannot delete private fields at line 1, col 14"],
    );
}

#[test]
fn equal_names_of_different_scopes_are_accepted() {
    page(
        "<script>
         function f1() { const {data: a} = {}; const {data: b} = {}; const {x = q1} = {}; let q1; return [a, b, x]; }
         function f2() { let q = function q() {}; let r = class r {}; const s = async function s() {}; return q; }
         function f3(a, b = 1) { { let a; let b; } var a; var b; function a() {} }
         function f4() { for (let i of []); for (let i = 0; i < 1; i++); var i; let j; for (const k of []) { let j; } }
         function f5() { let a; return () => { let a; return function () { var a; { let a; } } } }
         function f6() { switch (1) { case 1: let a; } let a; try { let a; } catch (a) { } }
         class C { m(a) { { let a; } return a; } #p; d() { delete this?.x; delete this?.#p.y; delete this.#p?.y } }
         function f7() { let {a, b: {c}} = {b: {}}; const [d, [e] = [a]] = [1]; for (let [g] of []); for (const {h} in {}); }
         function f9() { { function q() {} } let q; }
         console.log('ok')</script>",
        &["ok"],
    );
}
