//! Tests of small interfaces: enumerated attributes, origins, marks, the console's tables.
use expect_test::expect;

use crate::support::{check_script, pages};

#[test]
fn enumerated_attributes_are_limited_to_known_values() {
    check_script(
        "const all = [['iframe', 'referrerPolicy'], ['iframe', 'loading'], ['img', 'decoding'], ['img', 'fetchPriority'], \
           ['a', 'referrerPolicy'], ['script', 'referrerPolicy'], ['link', 'as'], ['div', 'dir'], ['div', 'inputMode'], \
           ['th', 'scope'], ['form', 'autocomplete'], ['button', 'formMethod'], ['input', 'formEnctype'], ['track', 'kind'], \
           ['div', 'contentEditable'], ['div', 'autocapitalize']]; \
         for (const [tag, name] of all) { const e = document.createElement(tag), missing = e[name]; \
           e.setAttribute(name, 'nonsense'); const invalid = e[name]; \
           const known = ['ORIGIN', 'LAZY', 'Async', 'High', 'Script', 'RTL', 'Email', 'Row', 'Off', 'Post', 'Text/Plain', 'Captions', 'False', 'Words'] \
             .filter(value => { e.setAttribute(name, value); return e[name] === value.toLowerCase(); }); \
           log(tag, name, JSON.stringify(missing), JSON.stringify(invalid), known); } \
         const d = document.createElement('div'); d.contentEditable = 'TRUE'; d.dir = 'x'; log(d.outerHTML, d.isContentEditable, thrown(() => d.contentEditable = 'x')); \
         d.draggable = true; d.spellcheck = false; d.translate = false; log(d.outerHTML, d.draggable, d.spellcheck, d.translate); \
         const b = document.createElement('button'); log(b.formAction, document.createElement('form').action);",
        expect![[r#"
            iframe referrerPolicy "" "" ORIGIN
            iframe loading "eager" "eager" LAZY
            img decoding "auto" "auto" Async
            img fetchPriority "auto" "auto" High
            a referrerPolicy "" "" ORIGIN
            script referrerPolicy "" "" ORIGIN
            link as "" "" Script
            div dir "" "" RTL
            div inputMode "" "" Email
            th scope "" "" Row
            form autocomplete "on" "on" Off
            button formMethod "" "get" Post
            input formEnctype "" "application/x-www-form-urlencoded" Text/Plain
            track kind "subtitles" "metadata" Captions
            div contentEditable "inherit" "inherit" False
            div autocapitalize "" "sentences" Words
            <div contenteditable="true" dir="x"></div> true SyntaxError
            <div contenteditable="true" dir="x" draggable="true" spellcheck="false" translate="no"></div> true false false
            http://localhost/dir/ http://localhost/dir/
        "#]],
    );
}

#[test]
fn origins_are_extracted_and_compared() {
    check_script(
        "const a = Origin.from('http://a.b.test:81/x'); \
         log(a.opaque, a.isSameOrigin(Origin.from(new URL('http://a.b.test:81'))), a.isSameOrigin(Origin.from('http://a.b.test')), \
           a.isSameSite(Origin.from('http://c.b.test')), a.isSameSite(Origin.from('https://a.b.test')), a.isSameSite(Origin.from('http://x.test'))); \
         const o = new Origin; log(o.opaque, o.isSameOrigin(o), o.isSameSite(new Origin), Origin.from(o).isSameOrigin(o)); \
         log(Origin.from(window).isSameOrigin(Origin.from(location.href)), Origin.from('about:blank').opaque); \
         for (const bad of [null, 1, {}, '', 'x', location, document.createElement('a'), new MessageEvent('m', { origin: 'http://a.test' })]) log(thrown(() => Origin.from(bad))); \
         const link = document.createElement('a'); link.href = '/'; log(Origin.from(link).isSameOrigin(Origin.from(self))); \
         onmessage = e => log(Origin.from(e).isSameOrigin(Origin.from(self))); postMessage(1);",
        expect![[r#"
            false true false true false false
            true true false true
            true true
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            true
            true
        "#]],
    );
}

#[test]
fn referrers_of_local_documents_are_their_creators() {
    check_script(
        "history.replaceState(null, '', '?q#f'); \
         const frame = set => new Promise(done => { const f = document.createElement('iframe'); set(f); f.onload = () => done(f.contentDocument); document.body.append(f); }); \
         (async () => { log((await frame(f => {})).referrer); log((await frame(f => f.src = 'about:blank')).referrer); \
           const d = await frame(f => f.srcdoc = '<iframe></iframe><iframe srcdoc=x></iframe>'); \
           log(d.referrer, d.defaultView[0].document.referrer, d.defaultView[1].document.referrer); \
           const w = open(); log(w.document.referrer); w.close(); })();",
        expect![[r#"
            http://localhost/dir/?q#f
            http://localhost/dir/?q#f
            http://localhost/ about:srcdoc http://localhost/
            http://localhost/dir/?q#f
        "#]],
    );
}

#[test]
fn signals_time_out_and_follow_others() {
    check_script(
        "const c = new AbortController, one = AbortSignal.any([c.signal]), two = AbortSignal.any([one, new AbortController().signal]); \
         two.onabort = e => log('two', e.isTrusted, one.aborted); one.onabort = () => log('one', two.aborted); \
         c.signal.onabort = () => log('source', one.aborted, two.reason); c.abort('why'); \
         log(AbortSignal.any([]).aborted, AbortSignal.any([c.signal, AbortSignal.abort(2)]).reason); \
         const t = AbortSignal.timeout(20), late = AbortSignal.any([t]); log(t.aborted); \
         late.onabort = () => log('late', late.reason.name, late.reason === t.reason); \
         setTimeout(() => log('10'), 10); setTimeout(() => log('30'), 30); \
         log(thrown(() => AbortSignal.timeout(-1)), thrown(() => AbortSignal.timeout()));",
        expect![[r#"
            source true why
            one true
            two true true
            false why
            false
            TypeError TypeError
            10
            late TimeoutError true
            30
        "#]],
    );
}

#[test]
fn marks_and_measures_are_kept_in_order() {
    check_script(
        "const p = performance, m = p.mark('a', { startTime: 5, detail: { x: 1 } }); p.mark('b', { startTime: 2 }); \
         log(m instanceof PerformanceEntry, m.name, m.entryType, m.startTime, m.duration, m.detail.x, JSON.stringify(m)); \
         const n = p.measure('m', 'b', 'a'); log(n.startTime, n.duration, n.detail, n.entryType); \
         log(p.measure('o', { start: 1, duration: 9, detail: 'd' }).duration, p.measure('o', { end: 'a', duration: 1 }).startTime); \
         log(p.getEntries().map(e => e.name), p.getEntriesByType('mark').length, p.getEntriesByName('o', 'measure').length); \
         log(thrown(() => p.measure('x', 'none')), thrown(() => p.measure('x', { start: 1, end: 2, duration: 3 })), thrown(() => p.mark('x', { startTime: -1 })), thrown(() => p.mark('x', { detail: () => 1 }))); \
         p.clearMarks('a'); p.clearMeasures(); log(p.getEntries().map(e => e.name), new PerformanceMark('z').entryType);",
        expect![[r#"
            true a mark 5 0 1 {"name":"a","entryType":"mark","startTime":5,"duration":0,"detail":{"x":1}}
            2 3 null measure
            9 4
            o,b,m,o,a 2 2
            SyntaxError TypeError TypeError DataCloneError
            b mark
        "#]],
    );
}

#[test]
fn console_draws_tables() {
    check_script(
        "console.table([{ a: 1, b: 'x' }, { a: 2, c: true }, 7]); console.table([['p', 'q']], ['1']); console.table(5); \
         console.timeStamp('x'); console.profile(); console.profileEnd();",
        expect![[r#"
            ┌─────────┬───┬─────┬──────┬────────┐
            │ (index) │ a │ b   │ c    │ Values │
            ├─────────┼───┼─────┼──────┼────────┤
            │ 0       │ 1 │ 'x' │      │        │
            │ 1       │ 2 │     │ true │        │
            │ 2       │   │     │      │ 7      │
            └─────────┴───┴─────┴──────┴────────┘
            ┌─────────┬─────┐
            │ (index) │ 1   │
            ├─────────┼─────┤
            │ 0       │ 'q' │
            └─────────┴─────┘
            5
        "#]],
    );
}

#[test]
fn windows_have_sizes_and_ancestors() {
    let inner = "<script>const l = location.ancestorOrigins; \
         console.log(innerWidth, innerHeight, outerWidth, screenX, l.length, l[0], l.item(1), l.contains('http://a.test'), l === location.ancestorOrigins)</script>";
    pages(
        &[
            (
                "http://a.test/",
                "<!doctype html><body><script>console.log(innerWidth, innerHeight, location.ancestorOrigins.length); \
               const w = open('popup.html', '', 'width=401,height=402px,left=-3,top=x'); </script>\
               <iframe src=http://b.test/ width=200></iframe>",
            ),
            (
                "http://a.test/popup.html",
                "<script>console.log(innerWidth, innerHeight, screenX, screenTop, menubar.visible); close()</script>",
            ),
            ("http://b.test/", inner),
        ],
        &[
            "1280 720 0",
            "401 402 0 0 false",
            "200 150 1280 0 1 http://a.test null true true",
        ],
    );
}

#[test]
fn forms_and_documents_have_named_properties() {
    crate::support::page(
        "<!doctype html><body><form name=login><input name=user value=u><input type=radio name=kind value=a>
         <input type=radio name=kind value=b checked><input name=action value=no><img name=pic></form>
         <img name=one id=two><iframe name=frame></iframe><form name=same></form><form name=same></form><div id=plain></div>
         <script>
           const form = document.login;
           console.log(form === document.forms[0], form.user.value, form[0] === form.user, form[9], form.missing, form.pic.nodeName);
           console.log(String(form.kind), form.kind.length, form.kind.value, form.elements.kind[1].value, String(form.elements), form.elements.user === form.user);
           form.kind.value = 'a'; console.log(form.kind[0].checked, form.kind.value, typeof form.action);
           form.append(Object.assign(document.createElement('input'), { name: 'later' })); console.log(form.later.nodeName, form.appendChild === Node.prototype.appendChild);
           console.log(document.one === document.two, document.frame === frames[0], document.same.length, document.plain, document.missing);
           document.one = 1; console.log(document.one, Object.keys(document).join());
           console.log(form instanceof HTMLElement, document instanceof Node, document instanceof EventTarget);
         </script>
         <button onclick='console.log(user.value, typeof one)' form=none></button>",
        &[
            "true u true undefined undefined IMG",
            "[object RadioNodeList] 2 b b [object HTMLFormControlsCollection] true",
            "true a string",
            "INPUT true",
            "true true 2 undefined undefined",
            "1 location,one",
            "true true true",
        ],
    );
}

#[test]
fn navigator_has_languages_and_a_second_name() {
    crate::support::script(
        "console.log(navigator.languages.join(), navigator.languages === navigator.languages, Object.isFrozen(navigator.languages), clientInformation === navigator);
         clientInformation = 1; console.log(clientInformation);
         const frame = document.body.appendChild(document.createElement('iframe')), { location: place } = frame.contentWindow, before = place.ancestorOrigins;
         frame.remove(); console.log(before.length, place.ancestorOrigins.length, place.ancestorOrigins === place.ancestorOrigins);",
        &["en-US true true true", "1", "1 0 true"],
    );
}
