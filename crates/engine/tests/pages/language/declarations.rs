//! Tests of the names that scripts declare.

use crate::support::{page, pages};

#[test]
fn script_that_fails_to_compile_declares_nothing() {
    page(
        "<script>onerror = message => { console.log(message); return true }</script>
         <script>let top = 1; console.log('never')</script>
         <script>console.log(top === window)</script>
         <script>let a = 1, location = 2, b = 3</script>
         <script>console.log(typeof a, typeof b, location.protocol)</script>
         <script>let b = 4; console.log(b)</script>
         <script>const { c, d: [document] } = {}</script>
         <script>console.log(typeof c, typeof document)</script>
         <script>var b; var e</script>
         <script>function b() {} function f() {}</script>
         <script>console.log(typeof e, typeof f, b)</script>",
        &[
            "Uncaught SyntaxError: identifier 'top' has already been declared at line 2, col 5",
            "true",
            "Uncaught SyntaxError: identifier 'location' has already been declared at line 4, col 12",
            "undefined undefined http:",
            "4",
            "Uncaught SyntaxError: identifier 'document' has already been declared at line 7, col 16",
            "undefined object",
            "Uncaught SyntaxError: identifier 'b' has already been declared at line 9, col 5",
            "Uncaught SyntaxError: identifier 'b' has already been declared at line 10, col 10",
            "undefined undefined 4",
        ],
    );
}

#[test]
fn names_in_functions_and_blocks_are_free() {
    page(
        "<script>let mine = 1</script>
         <script>{ let mine = 2, top = 3; console.log(mine, top) }
         (function (mine) { var location = mine; let top = 5; console.log(location, top) })(4);
         for (let mine of [6]) console.log(mine);
         const inner = ({ mine }) => mine; console.log(inner({ mine: 7 }), mine)</script>",
        &["2 3", "4 5", "6", "7 1"],
    );
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
