//! Tests of the text of scripts and modules: depth, limits and corrections.

use crate::support::{outputs, page, pages, script};

/// Texts of 100,000 levels. `N` times the first part, then the middle, then `N` times the last.
const DEEP: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{", "", "}"),
    ("({a:", "1", "})"),
    ("!", "1", ""),
    ("- ", "1", ""),
    ("typeof ", "1", ""),
    ("void ", "1", ""),
    ("delete ", "1", ""),
    ("++", "a", ""),
    ("new ", "a", ""),
    ("a=", "1", ""),
    ("a**", "1", ""),
    ("a=>", "1", ""),
    ("a?", "1", ":1"),
    ("a?1:", "1", ""),
    ("if(a)", ";", ""),
    ("if(a);else ", ";", ""),
    ("if(a){}else ", ";", ""),
    ("for(;;)", ";", ""),
    ("while(a)", ";", ""),
    ("do ", ";", " while(a);"),
    ("with(a)", ";", ""),
    ("a:", ";", ""),
    ("try{", "", "}catch{}"),
    ("switch(a){case 1:", "", "}"),
    ("function f(){", "", "}"),
    ("(function(){", "", "})"),
    ("()=>{", "", "}"),
    ("class A{m(){", "", "}}"),
    ("class A extends ", "B{}", "{}"),
    ("(class extends ", "a{}", "{})"),
    ("`${", "1", "}`"),
    ("a(", "1", ")"),
    ("a[", "1", "]"),
    ("a.b(", "1", ")"),
    ("[...", "a", "]"),
    ("([a=", "1", "]=b)"),
    ("(a=", "1", ")=>1"),
    ("async()=>", "1", ""),
    ("import(", "1", ")"),
    ("a,", "1", ""),
    ("a+", "1", ""),
    ("a&&", "1", ""),
    ("a??", "1", ""),
    ("a in ", "b", ""),
    ("", "a", ".b"),
    ("", "a", "[0]"),
    ("", "a", "()"),
    ("", "a", "``"),
    ("", "a", "?.b"),
    ("'use strict';", "", ""),
    ("function(){}+", "1", ""),
    ("/'/+(", "1", ")"),
    ("`'`+(", "1", ")"),
    ("1/1+(", "1", ")"),
];

#[test]
fn no_text_overflows_the_stack() {
    let rows = DEEP.iter().map(|(a, b, c)| format!("[{a:?},{b:?},{c:?}]"));
    let rows: Vec<String> = rows.collect();
    let source = format!(
        "const seen = new Set(); for (const [a, b, c] of [{}]) {{
            const text = a.repeat(60000) + b + c.repeat(60000);
            for (const compile of [text => (0, eval)('if(0){{' + text + '}}'), text => Function(text)])
                try {{ compile(text); seen.add('fine') }} catch (e) {{ seen.add(e.name); if (!/RangeError|SyntaxError/.test(e.name)) console.log(a, e.name) }}
         }} console.log([...seen].includes('RangeError'), 'end')",
        rows.join(",")
    );
    script(&source, &["true end"]);
}

#[test]
fn deep_texts_are_range_errors_wherever_they_come_from() {
    let deep = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
    let html = format!(
        "<body><script>{deep}</script><script type=module>{deep}</script><button onclick='{deep}'></button>
         <script>setTimeout('{deep}'); document.querySelector('button').click();
         const worker = new Worker('data:text/javascript,{deep}'); worker.onerror = () => console.log('worker');
         import('data:text/javascript,{deep}').catch(e => console.log(e.name));
         const frame = document.createElement('iframe'); frame.src = 'javascript:{deep}'; document.body.append(frame);
         try {{ new RegExp('('.repeat(20000) + ')'.repeat(20000)) }} catch (e) {{ console.log(e.name) }}
         console.log('end')</script>"
    );
    let lines = outputs(&[("http://a.test/", &html)]);
    let errors = lines
        .iter()
        .filter(|line| line.contains("RangeError: the source is nested too deeply"));
    assert!(errors.count() >= 5, "{lines:?}");
    assert!(lines.iter().any(|line| line == "end"), "{lines:?}");
}

#[test]
fn wide_source_texts_do_not_count_as_deep() {
    script(
        "const n = 8000; const count = text => (0, eval)(text);
         count('[' + '[1],'.repeat(n) + ']'); count('({' + Array.from({ length: n }, (_, i) => 'a' + i + ':{b:1}').join() + '})');
         count('f1();'.repeat(n).replace(/f1/g, 'String')); count('String()\\n'.repeat(n)); count('if(0){}else{}'.repeat(n));
         count('switch(0){' + 'case 1:'.repeat(n) + '}'); count('a:{}'.repeat(n)); count('(function(){});'.repeat(n / 10));
         count('`' + '${1}'.repeat(n) + '`'); count('Math.max(' + '1,'.repeat(n) + ')'); count('1' + '+1'.repeat(n / 5));
         console.log('end')",
        &["end"],
    );
}

#[test]
fn script_compiled_in_a_deep_recursion_is_a_range_error_at_worst() {
    script(
        "let seen; function deep(n) { return n ? [1].map(() => deep(n - 1))[0] : (0, eval)('['.repeat(3000) + ']'.repeat(3000)) }
         try { deep(1000); seen = 'fine' } catch (e) { seen = e.name } console.log(/fine|RangeError/.test(seen))",
        &["true"],
    );
}

#[test]
fn modules_need_no_semicolon_at_their_end() {
    for source in [
        "let a = 1; export { a }",
        "let a = 1; export { a as b }//c",
        "let a = 1; export { a } /* c */\n",
        "export {}",
        "import \"./other.js\"",
        "import { async, of } from \"./other.js\"; export { async as x, of }",
        "import of from \"./other.js\"\nexport { of }",
        "import async from \"./other.js\"",
        "import def, { of as other } from \"./other.js\"",
        "export default async () => {}",
        "export default async x => x\nexport const y = 1",
        "export default async () => { await 0 };export const y = 1",
        "export default async function () {}",
        "const async = 1; export default async",
        "const async = () => 1; export default async()\nexport const y = 1",
        "const of = of => of(1); of(of=>of)",
        "await 0",
    ] {
        pages(
            &[
                (
                    "http://a.test/",
                    "<script>onerror = m => console.log(m)</script><script type=module>import('./m.js').then(m => console.log('ok'), e => console.log(String(e)))</script>",
                ),
                ("http://a.test/m.js", source),
                (
                    "http://a.test/other.js",
                    "const one = 1; export { one as of, one as async, one as default }",
                ),
            ],
            &["ok"],
        );
    }
}

#[test]
fn scripts_need_no_semicolon_at_their_end() {
    for source in [
        "var async = 1; async",
        "var async = () => 1; async()",
        "var async = () => ({ a: 1 }); async()\nconsole.log(1); async(1, 2)\n.a",
        "var let_ = 1; if (0) async",
        "var of = 1; console.log([1].map(of=>of)[0])",
        "--> a comment",
        "class C { async\nx() {} }; console.log(typeof new C().x)",
        "const o = { async(x) { return x } }; console.log(o.async(3))",
        "function async(x) { return x }\nconsole.log(async(4))\nasync(5)\n",
        "var f = async (a) /* c */ => a; f(1)",
    ] {
        page(
            &format!(
                "<script>onerror = m => {{ console.log(m); return true }}</script><script>{source}</script><script>console.log('end')</script>"
            ),
            match source {
                _ if source.contains("log(1)") => &["1", "end"],
                _ if source.contains("map") => &["1", "end"],
                _ if source.contains("typeof") => &["function", "end"],
                _ if source.contains("o.async") => &["3", "end"],
                _ if source.contains("async(4)") => &["4", "end"],
                _ => &["end"],
            },
        );
    }
}

#[test]
fn incomplete_text_is_an_unexpected_end_of_input() {
    for source in ["(", "if (1)", "function f() {", "a +", "`", "let x ="] {
        let html = format!("<script>{source}</script><script type=module>{source}</script>");
        for line in outputs(&[("http://a.test/", &html)]) {
            assert!(line.contains("SyntaxError"), "{source}: {line}");
        }
    }
    page(
        "<script>\nlet a = (1 +</script>",
        &[
            "ERROR http://a.test/:2:13: Uncaught SyntaxError: unexpected end of input at line 2, col 13",
        ],
    );
}

#[test]
fn blocks_and_labels_have_limits() {
    script(
        "const n = 1001, names = Array.from({ length: n }, (_, i) => 'a' + i + ':').join('');
         for (const text of ['{'.repeat(n) + '}'.repeat(n), 'function f(){'.repeat(n) + '}'.repeat(n), names + ';', 'try{'.repeat(n) + '}catch{}'.repeat(n)])
             try { (0, eval)(text); console.log('ran') } catch (e) { console.log(e.name + ': ' + e.message) }",
        &[
            "RangeError: the source has more than 1000 blocks inside one another",
            "RangeError: the source has more than 1000 blocks inside one another",
            "RangeError: the source has a statement with more than 1000 labels",
            "RangeError: the source has more than 1000 blocks inside one another",
        ],
    );
}

#[test]
fn arrow_functions_in_arrow_functions_keep_this() {
    script(
        "const o = { v: 1, f() { return () => () => this.v }, g() { return x => { [1].forEach(() => console.log('g', this.v)) } },
                     get h() { return async () => (() => this.v)() }, ['i'](a = 1) { return () => { { return [0].map(() => this.v) } } },
                     j() { return f => f(() => this.v) }, k() { return () => [() => this.v, 2][0]() } // }
                   }
         console.log(o.f()()(), o.i()()[0], o.j()(f => f()), o.k()()); o.g()(); o.h().then(v => console.log('h', v))
         function F() { this.v = 2; this.g = () => setTimeout(() => console.log('F', this.v)) } // }
         new F().g()
         function Next()
         {
             this.v = 3
             this.g = () => { const inner = () => this.v
                 return inner() }
         }
         console.log(new Next().g())
         class C { v = 4; #p = 5; m() { return () => () => [this.v, this.#p] } static s() { return () => () => this.name }
                   n = () => () => this.v
                   constructor() { this.late = () => Promise.resolve().then(() => this.v) } }
         console.log(new C().m()()(), C.s()()(), new C().n()())
         new C().late().then(v => console.log('late', v))
         console.log(typeof (() => () => this)()(), (function () { 'use strict'; return () => () => this })()()())
         log('block')
         { [1].forEach(() => { [1].forEach(() => console.log(typeof this)) }) }
         function log(text) { console.log(text) }",
        &[
            "1 1 1 1", "g 1", "3", "[ 4, 5 ] C 4", "object undefined", "block", "object", "h 1",
            "late 4", "F 2",
        ],
    );
}

#[test]
fn every_assignment_of_the_length_of_an_array_drops_elements() {
    script(
        "const text = a => a.length + ':' + Object.keys(a);
         for (let i = 0; i < 3; i++) {
            const log = [], a = [1, 2, 3, 4, 5, 6, 7, 8], o = { a };
            a.length = 7; log.push(text(a)); a.length--; log.push(text(a)); --o.a.length; log.push(text(a));
            a.length -= 1; log.push(text(a)); o.a . length >>= 1; log.push(text(a)); o.a
                .length /* comment */ &&= 1; log.push(text(a)); a.length++; log.push(text(a));
            console.log(log.join(' '), a.length == 2, a.length >= 2, (length => length)(3), [...a].length);
         }
         class Queue extends Array { clear() { this.length = 0; return 0 in this } }
         console.log(Queue.of(1, 2).clear(), Queue.of(1, 2).clear(), Queue.of(3).clear());
         for (const bad of [1, -1, 1.5, 'x', -1]) try { const a = [1]; a.length = bad; console.log(a.length) } catch (e) { console.log(e.name) }
         for (const a of [[1], Object.freeze([1]), Object.seal([2])]) try { (a => { 'use strict'; a.length = 0 })(a); console.log(a.length) } catch (e) { console.log(e.name) }
         const sent = [1, 2, 3]; const clear = a => { a.length = 0 }; clear([1]); clear(sent); sent.push(4); console.log(structuredClone(sent).length);",
        &[
            "7:0,1,2,3,4,5,6 6:0,1,2,3,4,5 5:0,1,2,3,4 4:0,1,2,3 2:0,1 1:0 2:0 true true 3 2",
            "7:0,1,2,3,4,5,6 6:0,1,2,3,4,5 5:0,1,2,3,4 4:0,1,2,3 2:0,1 1:0 2:0 true true 3 2",
            "7:0,1,2,3,4,5,6 6:0,1,2,3,4,5 5:0,1,2,3,4 4:0,1,2,3 2:0,1 1:0 2:0 true true 3 2",
            "false false false",
            "1",
            "RangeError",
            "RangeError",
            "RangeError",
            "RangeError",
            "0",
            "TypeError",
            "TypeError",
            "1",
        ],
    );
}

#[test]
fn places_are_those_of_the_text_that_the_page_has() {
    page(
        "<script>const a = [1]; a.length = 0; a.length = 0; a.length++; setTimeout(() => { a.length = 0; later() });</script>
<script>setTimeout(() => { a.length = 0; throw new Error('thrown') })</script>
<script>let q; setTimeout(() => { a.length = 0; q.length = 1 })</script>
<script>a.length = 0; a.length = 0; let z = ; </script>",
        &[
            "ERROR http://a.test/:4:37: Uncaught SyntaxError: unexpected token ';', primary expression at line 4, col 37",
            "ERROR http://a.test/:1:89: Uncaught ReferenceError: later is not defined",
            "ERROR http://a.test/:2:40: Uncaught Error: thrown",
            "ERROR http://a.test/:3:43: Uncaught TypeError: cannot set `length` of `q`, which is undefined or null",
        ],
    );
}

#[test]
fn parameters_and_body_of_a_function_are_parsed_alone() {
    script(
        "const refused = [['a){return 7}//', ''], ['return 1}; throw 5; {'], ['return 1})/*'], ['}),(function(){'], ['a),(function(b', 'return 3'], ['}'], [')', ''], ['/*', '*/){'], ['a', '}//']];
         const AsyncFunction = (async () => {}).constructor, Generator = (function* () {}).constructor;
         for (const F of [Function, AsyncFunction, Generator])
            for (const args of refused) try { F(...args); console.log('made', ...args) } catch (e) { if (e.name !== 'SyntaxError') console.log(e.name) }
         console.log(Function('a = \")\"', 'return a')(), Function('a=(1)', 'b', 'return a')(), Function('return /}/.test(\"}\")')(), Function('a //', 'return 6')());
         console.log(Function('if (1) /[)}]/.test(1); return `}${1}`')(), Generator('yield /}/')().next().value.source, typeof AsyncFunction('await 1; {}'));
         console.log((0, eval)('if (1) { 3 }'), new Function('{a}, [b] = [1]', 'return a + b //')({ a: 1 }));",
        &[") 1 true 6", "}1 } function", "3 2"],
    );
}
