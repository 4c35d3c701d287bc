//! The output of the command about unhandled errors of a page.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use support::{Ran, framepost};

mod support;

/// Runs the page `page.html` among these files.
fn run_files(files: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let directory = support::files(files.iter().copied());
    let arguments = [&["run", "--quiet", "page.html"], arguments].concat();
    framepost(directory.path(), &arguments)
}

/// Checks the standard error of a page.
#[track_caller]
fn check(html: &str, expected: &str) {
    check_files(&[("page.html", html)], expected);
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &str) {
    let ran = run_files(files, &[]);
    // The URL is long, and always the same.
    let shown = ran.err.replace("http://localhost/", "");
    assert!(shown == expected, "expected\n{expected}\nbut got\n{shown}");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn called_value_is_named() {
    check(
        "<script>\n  const o = {};\n  o.foo(1);\n</script>",
        r#"page.html:3:5: Uncaught TypeError: `o.foo` is not a function
  |
3 |   o.foo(1);
  |   ^^^^^
"#,
    );
}

#[test]
fn property_of_undefined_is_named_with_its_object() {
    check(
        "<script>\nfunction start() {\n  const a = document.createElement('p');\n  \
         document.querySelector('#none').addEventListener('click', start);\n  a.remove();\n}\nstart();\n</script>",
        r#"page.html:4:35: Uncaught TypeError: cannot read `addEventListener` of `document.querySelector('#none')`, which is undefined or null
  |
4 |   document.querySelector('#none').addEventListener('click', start);
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: called from page.html:7:6
"#,
    );
}

#[test]
fn value_that_is_constructed_or_iterated_or_destructured_is_named() {
    check(
        "<script>new window.Nope(1)</script>
<script>const list = {}; for (const x of list.items2 ?? list) console.log(x);</script>
<script>const { a } = null;</script>",
        r#"page.html:1:5: Uncaught TypeError: `window.Nope` is not a constructor
  |
1 | new window.Nope(1)
  |     ^^^^^^^^^^^
page.html:2:34: Uncaught TypeError: `list.items2 ?? list` is not iterable
  |
2 | const list = {}; for (const x of list.items2 ?? list) console.log(x);
  |                                  ^^^^^^^^^^^^^^^^^^^
page.html:3:15: Uncaught TypeError: cannot destructure null
  |
3 | const { a } = null;
  |               ^^^^
"#,
    );
}

#[test]
fn absent_interface_is_distinguished_from_an_unknown_name() {
    check(
        "<script>\nconst query = matchMedia('print');\n</script>\n<script>\nstart(unknwon);\n</script>\
         <script>new window.IntersectionObserver(() => {})</script>",
        r#"page.html:2:15: Uncaught ReferenceError: `matchMedia` is not defined here
  |
2 | const query = matchMedia('print');
  |               ^^^^^^^^^^
  |
  = help: browsers have `matchMedia`, Framepost does not: see docs/conformance.md
page.html:5:1: Uncaught ReferenceError: start is not defined
  |
5 | start(unknwon);
  | ^^^^^
page.html:6:5: Uncaught TypeError: `window.IntersectionObserver` is not a constructor
  |
6 | new window.IntersectionObserver(() => {})
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: browsers have `IntersectionObserver`, Framepost does not: see docs/conformance.md
"#,
    );
}

#[test]
fn syntax_error_has_its_place_in_each_kind_of_script() {
    check_files(
        &[
            (
                "page.html",
                "<p>\n<script>\n  let a = ;\n</script>\n<script src=a.js></script>\n\
                 <script type=module>\n  let b = );\n</script>\n\
                 <script type=module src=b.mjs></script>\n\
                 <script>new Worker('w.js')</script>\n\
                 <script>if (1) {</script>",
            ),
            ("a.js", "// first\nfoo bar"),
            ("b.mjs", "export let x = {\n"),
            ("w.js", "\n\n  var 1;"),
        ],
        r#"page.html:3:11: Uncaught SyntaxError: unexpected token ';', primary expression at line 3, col 11
  |
3 |   let a = ;
  |           ^
a.js:2:5: Uncaught SyntaxError: expected token ';', got 'bar' in expression statement at line 2, col 5
  |
2 | foo bar
  |     ^
page.html:11:9: Uncaught SyntaxError: unexpected end of input at line 11, col 9
   |
11 | if (1) {
   |         ^
page.html:7:11: Uncaught SyntaxError: unexpected token ')', primary expression at line 7, col 11
  |
7 |   let b = );
  |           ^
b.mjs:2:1: Uncaught SyntaxError: unexpected end of input at line 2, col 1
  |
1 | export let x = {
  |                 ^
w.js:3:7: Uncaught SyntaxError: expected token 'identifier', got '1' in identifier parsing at line 3, col 7
  |
3 |   var 1;
  |       ^
"#,
    );
}

#[test]
fn error_in_compiled_string_shows_the_string() {
    check(
        "<script>\nconst o = {};\nfunction f() {\n  eval('1;\\no.x()');\n}\nf();\n</script>
<script>new Function('a', 'return a.b.c')({});</script>
<script>eval('o.x(');</script>
<script>new Function('o.x(');</script>",
        r#"eval code:2:3: Uncaught TypeError: `o.x` is not a function
  |
2 | o.x()
  | ^^^
  |
  = note: called from f (page.html:4:7)
  = note: called from page.html:6:2
Function code:1:12: Uncaught TypeError: cannot read `c` of `a.b`, which is undefined or null
  |
1 | return a.b.c
  |        ^^^^^
  |
  = note: called from page.html:8:34
page.html:9:1: Uncaught SyntaxError: unexpected end of input
  |
9 | eval('o.x(');
  | ^^^^^^^^^^^^
page.html:10:1: Uncaught SyntaxError: failed to parse function body: unexpected end of input
   |
10 | new Function('o.x(');
   | ^^^^^^^^^^^^^^^^^^^^
"#,
    );
}

#[test]
fn explained_rejection_names_the_call_that_queued_its_task() {
    check(
        "<script>
addEventListener('message', async event => {
  await null;
  event.data.run();
});
postMessage({});
setTimeout(() => { nothing.here(); });
</script>",
        r#"page.html:7:20: Uncaught ReferenceError: nothing is not defined
  |
7 | setTimeout(() => { nothing.here(); });
  |                    ^^^^^^^
  |
  = note: in a timer that was set at page.html:7:11
page.html:4:14: Uncaught (in promise) TypeError: `event.data.run` is not a function
  |
4 |   event.data.run();
  |   ^^^^^^^^^^^^^^
  |
  = note: while handling a message that was posted at page.html:6:12
"#,
    );
}

#[test]
fn broadcast_message_tells_where_it_was_posted() {
    check(
        "<script>
const [one, other] = [new BroadcastChannel('b'), new BroadcastChannel('b')];
other.onmessage = event => { event.data.run() };
one.postMessage({});
</script>",
        r#"page.html:3:41: Uncaught TypeError: `event.data.run` is not a function
  |
3 | other.onmessage = event => { event.data.run() };
  |                              ^^^^^^^^^^^^^^
  |
  = note: while handling a message that was posted at page.html:4:16
"#,
    );
}

#[test]
fn cause_and_members_are_shown() {
    check(
        "<script>
const inner = new TypeError('inner', { cause: 'a string' });
throw new Error('outer', { cause: inner });
</script>
<script>
Promise.any([Promise.reject(new RangeError('one')), Promise.reject(2)]);
</script>",
        r#"page.html:3:7: Uncaught Error: outer
  |
3 | throw new Error('outer', { cause: inner });
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  cause: page.html:2:15: TypeError: inner
    |
  2 | const inner = new TypeError('inner', { cause: 'a string' });
    |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    cause: a string
page.html: Uncaught (in promise) AggregateError: no promise in Promise.any was fulfilled.
  errors[0]: page.html:6:29: RangeError: one
    |
  6 | Promise.any([Promise.reject(new RangeError('one')), Promise.reject(2)]);
    |                             ^^^^^^^^^^^^^^^^^^^^^
  errors[1]: 2
"#,
    );
}

#[test]
fn thrown_values_other_than_errors_are_shown() {
    check(
        "<script>\n  throw { a: 1 };\n</script><script>throw 'text'</script><script>throw undefined</script>\
         <script>document.createElement('1')</script>",
        r#"page.html:2:9: Uncaught { a: 1 }
  |
2 |   throw { a: 1 };
  |         ^^^^^^^^
page.html:3:7: Uncaught text
  |
3 | throw 'text'
  |       ^^^^^^
page.html:3:7: Uncaught undefined
page.html:3:10: Uncaught InvalidCharacterError: Failed to execute 'createElement' on 'Document': "1" is not a valid name
  |
3 | document.createElement('1')
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#,
    );
}

#[test]
fn muted_script_stays_muted_for_script() {
    let files = support::files([
        (
            "site/page.html",
            "<script>onerror = (...all) => console.log(...all)</script><script src=http://b.test/x.js></script>",
        ),
        ("other/x.js", "const o = {};\no.foo();"),
    ]);
    let ran = framepost(
        files.path(),
        &[
            "run",
            "--quiet",
            "site/page.html",
            "--origin",
            "http://b.test=other",
        ],
    );
    assert_eq!(ran.out, "Script error.  0 0 null\n");
    assert!(
        ran.err
            .contains("http://b.test/x.js:2:3: Uncaught TypeError: `o.foo` is not a function\n"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("2 | o.foo();"), "{}", ran.err);
}

#[test]
fn long_line_is_cut_around_the_expression() {
    let filler = "x=1;".repeat(5_000);
    let html = format!("<script>var x;{filler}document.body2.append(x);{filler}</script>");
    check(
        &html,
        "page.html:1:20022: Uncaught TypeError: cannot read `append` of `document.body2`, which is undefined or null
  |
1 | …1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;document.body2.append(x);x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;x…
  |                                                    ^^^^^^^^^^^^^^^^^^^^^
",
    );
}

#[test]
fn caret_is_under_the_expression_after_tabs_and_wide_characters() {
    check(
        "<script>\n\tconst 名 = '漢字', e = '😀e\u{301}';\n\tvoid '漢字', 名.foo(e);\n</script>",
        r#"page.html:3:15: Uncaught TypeError: `名.foo` is not a function
  |
3 |     void '漢字', 名.foo(e);
  |                  ^^^^^^
"#,
    );
}

#[test]
fn handlers_and_timers_of_text_show_their_text() {
    check(
        "<body onload='missing.call()'><script>setTimeout('var q; q.x', 1)</script>",
        r#"page.html: Uncaught ReferenceError: missing is not defined
  |
1 | missing.call()
  | ^^^^^^^
page.html:1:10: Uncaught TypeError: cannot read `x` of `q`, which is undefined or null
  |
1 | var q; q.x
  |        ^^^
  |
  = note: in a timer that was set at page.html:1:11
"#,
    );
}

#[test]
fn expression_that_is_not_certain_is_not_named() {
    check(
        "<script>\nfunction f(a, b) {\n  let [x] = a; let [y] = b;\n}\nf([], 3);\n</script>",
        r#"page.html:2:18: Uncaught TypeError: value with type `number` is not iterable
  |
2 | function f(a, b) {
  |                  ^
  |
  = note: called from page.html:5:2
"#,
    );
}

#[test]
fn json_is_one_object_a_line() {
    let ran = run_files(
        &[(
            "page.html",
            "<script>\n  var o = {};\n  setTimeout(function later() { o.é(); });\n</script>\n\
             <script>Promise.reject(new Error('a', { cause: new Error('b') }))</script>",
        )],
        &["--errors", "json"],
    );
    let objects: Vec<serde_json::Value> = ran
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        objects,
        [
            serde_json::json!({"kind":"exception","message":"Uncaught TypeError: `o.é` is not a function","url":"http://localhost/page.html","line":3,"column":35,"excerpt":{"line":3,"text":"  setTimeout(function later() { o.é(); });","start":32,"end":35,"cut_before":false,"cut_behind":false},"frames":[{"function":"later","url":"http://localhost/page.html","line":3,"column":35}],"origin":{"kind":"timer","url":"http://localhost/page.html","line":3,"column":13}}),
            serde_json::json!({"kind":"rejection","message":"Uncaught (in promise) Error: a","url":"http://localhost/page.html","line":5,"column":16,"excerpt":{"line":5,"text":"Promise.reject(new Error('a', { cause: new Error('b') }))","start":15,"end":56,"cut_before":false,"cut_behind":false},"frames":[{"function":"","url":"http://localhost/page.html","line":5,"column":16}],"related":[{"relation":"cause","depth":1,"message":"Error: b","url":"http://localhost/page.html","line":5,"column":40,"excerpt":{"line":5,"text":"Promise.reject(new Error('a', { cause: new Error('b') }))","start":39,"end":53,"cut_before":false,"cut_behind":false}}]}),
        ],
        "{}",
        ran.err
    );
}

#[test]
fn line_format_prints_one_line() {
    let ran = run_files(
        &[("page.html", "<script>o.x()</script>")],
        &["--errors", "line"],
    );
    assert_eq!(
        ran.err,
        "http://localhost/page.html:1:1: Uncaught ReferenceError: o is not defined\n"
    );
}

#[test]
fn pipes_get_no_colours() {
    let ran = run_files(&[("page.html", "<script>o.x()</script>")], &[]);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
}

#[test]
fn error_event_has_the_named_message() {
    let ran = run_files(
        &[(
            "page.html",
            "<script>onerror = (text, url, line, column, error) => {
               console.log(text, line, column, error.message); return true };
             </script>
             <script>\nconst o = {};\n[1].map(x =>\n o.foo(x));\n</script>",
        )],
        &[],
    );
    assert_eq!(
        (ran.out.as_str(), ran.code),
        (
            "Uncaught TypeError: `o.foo` is not a function 7 4 `o.foo` is not a function\n",
            Some(0)
        )
    );
}
