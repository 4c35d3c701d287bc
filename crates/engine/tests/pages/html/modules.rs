//! Tests of module scripts and import maps.

use crate::support::page_with;

#[test]
fn cyclic_imports_have_live_bindings_and_modules_run_once() {
    page_with(
        "<script type=module>
         import { n, more } from './a.js'; import * as b from './b.js';
         more(); console.log(n, b.before, Object.keys(b), typeof this, document.currentScript);
         </script><script type=module src=a.js onload='console.log(\"load\")'></script>",
        &[
            (
                "a.js",
                "import { b } from './b.js'; export let n = b; export function more() { n++ } console.log('a')",
            ),
            (
                "b.js",
                "import { more } from './a.js'; export const b = 1, before = typeof more; console.log('b')",
            ),
        ],
        &[
            "b",
            "a",
            "2 function [ 'b', 'before' ] undefined null",
            "load",
        ],
    );
}

#[test]
fn import_meta_has_url_and_resolve() {
    page_with(
        "<base href=http://a.test/sub/><script type=module>
         import './m.js'; console.log(import.meta.url, import.meta.resolve('../x'), Object.getPrototypeOf(import.meta));
         try { import.meta.resolve('bare') } catch (e) { console.log(e.name) }
         </script>",
        &[("sub/m.js", "console.log(import.meta.url)")],
        &[
            "http://a.test/sub/m.js",
            "http://a.test/sub/ http://a.test/x null",
            "TypeError",
        ],
    );
}

#[test]
fn dynamic_import_resolves_and_rejects() {
    page_with(
        "<script>
         import('./m.js').then(m => console.log(m.x, m.default, m[Symbol.toStringTag]));
         const load = url => import(url).catch(e => console.log(url, e instanceof TypeError, e.name ?? e));
         (async () => { for (const url of ['./none.js', './bad.js', './throws.js', './links.js', 'bare']) await load(url);
           console.log(await import('./m.js') === await import('/m.js'), (await import('./then.js')) )})();
         setTimeout(\"import('./m.js').then(m => console.log('timer', m.x))\", 100);
         </script>",
        &[
            ("m.js", "console.log('runs'); export const x = await Promise.resolve(1); export default 2"),
            ("bad.js", "%"),
            ("throws.js", "throw 'thrown'"),
            ("links.js", "import { nothing } from './m.js'"),
            ("then.js", "export function then(resolve) { resolve('followed') }"),
        ],
        &[
            "runs",
            "1 2 Module",
            "Diagnostic(\"nothing found at http://a.test/none.js\")",
            "./none.js true TypeError",
            "./bad.js false SyntaxError",
            "./throws.js false thrown",
            "./links.js false SyntaxError",
            "bare true TypeError",
            "true followed",
            "timer 1",
        ],
    );
}

#[test]
fn dynamic_import_reuses_static_import() {
    page_with(
        "<script type=module>
         import * as m from './m.js';
         console.log(await import('./m.js') === m, await import('./m.js') === m);
         const own = await import('./self.js'); console.log(await own.me() === own);
         </script>",
        &[
            ("m.js", "export const x = 1"),
            ("self.js", "export const me = () => import('./self.js')"),
        ],
        &["true true", "true"],
    );
}

#[test]
fn module_errors_are_reported_with_position() {
    page_with(
        "<script>onerror = (message, url, line) => { console.log(message.replace(/:.*/, ''), url, line); return true };
         onunhandledrejection = () => console.log('never')</script>
         <script type=module src=throws.js onload='console.log(\"load\")' onerror='console.log(\"error\")'></script>
         <script type=module src=bad.js></script><script type=module src=bare.js></script>
         <script type=module src=links.js></script>",
        &[
            ("throws.js", "\n\nnull.x"),
            ("bad.js", "\n%"),
            ("bare.js", "import 'bare'"),
            ("links.js", "import { no } from './throws2.js'"),
            ("throws2.js", ""),
        ],
        &[
            "Uncaught TypeError http://a.test/throws.js 3",
            "load",
            "Uncaught SyntaxError http://a.test/bad.js 2",
            "Uncaught TypeError http://a.test/bare.js 0",
            "Uncaught SyntaxError http://a.test/links.js 1",
        ],
    );
}

#[test]
fn json_import_requires_type_attribute() {
    page_with(
        "<script type=module>
         import data from './d.json' with { type: 'json' };
         console.log(data.list.length, data === (await import('./d.json', { with: { type: 'json' } })).default);
         import('./d.json').catch(e => console.log(e.name));
         import('./d.json', { with: { type: 'css' } }).catch(e => console.log(e.name));
         </script>",
        &[("d.json", "{\"list\": [1, 2]}")],
        &[
            "2 true",
            "TypeError",
            "Diagnostic(\"http://a.test/d.json is of type application/json, which is not shown\")",
            "TypeError",
        ],
    );
}

#[test]
fn each_frame_has_its_own_module_map() {
    page_with(
        "<script type=module>import { o } from './m.js'; window.mine = o</script>
         <iframe srcdoc=\"<script type=module>import { o } from './m.js';
           addEventListener('load', () => console.log(o === parent.mine, o instanceof Object, o instanceof parent.Object))</script>\"></iframe>",
        &[("m.js", "console.log('runs'); export const o = {}")],
        &["runs", "runs", "false true false"],
    );
}

#[test]
fn imports_of_removed_frame_never_settle() {
    page_with(
        "<iframe srcdoc=\"<script>parent.ready(import('./m.js'))</script>\"></iframe>
         <script>function ready(promise) { promise.then(() => console.log('never'));
           document.querySelector('iframe').remove() }</script>",
        &[("m.js", "")],
        &[],
    );
}

#[test]
fn import_maps_resolve_bare_specifiers() {
    page_with(
        "<script>addEventListener('error', e => console.log(e.error.name, e.message))</script>
         <script type=importmap>{ \"imports\": { \"lib\": \"./lib/main.js\", \"lib/\": \"./lib/\", \"no\": null } }</script>
         <script type=importmap>{ \"imports\": { \"lib\": \"./late.js\", \"more\": \"./more.js\" },
             \"scopes\": { \"/lib/\": { \"helper\": \"/lib/helper.js\" } } }</script>
         <script type=importmap>{ \"imports\": 1 }</script>
         <script type=importmap>{</script>
         <script type=importmap src=map.json onerror='console.log(\"no external maps\")'></script>
         <script type=module>
         import { name } from 'lib'; import { part } from 'lib/part.js'; import more from 'more';
         console.log(name, part, more, import.meta.resolve('lib/x'), HTMLScriptElement.supports('importmap'));
         for (const bad of ['helper', 'no', 'lib/../x.js']) await import(bad).catch(e => console.log(e.name, bad));
         const script = document.createElement('script'); script.type = 'importmap';
         script.text = '{ \"imports\": { \"more\": \"./late.js\", \"last\": \"./more.js\" } }'; document.head.append(script);
         console.log((await import('more')).default, (await import('last')).default);
         </script>",
        &[
            ("lib/main.js", "export { name } from 'helper'"),
            ("lib/helper.js", "export const name = 'helped'"),
            ("lib/part.js", "export const part = 'part'"),
            ("more.js", "export default 'more'"),
        ],
        &[
            "Diagnostic(\"http://a.test/: an import map has no URL for 'no'\")",
            "Diagnostic(\"http://a.test/: an import map cannot change 'lib': an earlier map contains it, or a script has resolved it\")",
            "TypeError Uncaught TypeError: the 'imports' of an import map has to be an object",
            "ERROR http://a.test/: Uncaught TypeError: the 'imports' of an import map has to be an object",
            "SyntaxError Uncaught SyntaxError: an import map is not JSON: EOF while parsing an object at line 1 column 1",
            "ERROR http://a.test/: Uncaught SyntaxError: an import map is not JSON: EOF while parsing an object at line 1 column 1",
            "no external maps",
            "helped part more http://a.test/lib/x true",
            "TypeError helper",
            "TypeError no",
            "TypeError lib/../x.js",
            "Diagnostic(\"http://a.test/: an import map cannot change 'more': an earlier map contains it, or a script has resolved it\")",
            "more more",
        ],
    );
}
