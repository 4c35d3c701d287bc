//! Tests of reflected attributes, origins, referrers, sizes, and parsing from script.

use expect_test::expect;

use crate::support::{EMPTY, check_script, page, pages, script};

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
fn controls_of_a_form_are_found_by_index_and_by_name() {
    page(
        "<!doctype html><body><form><input name=user value=u><input type=radio name=kind value=a>
         <input type=radio name=kind value=b checked></form>
         <script>
           const form = document.forms[0], all = form.elements, { kind, user } = all;
           console.log(String(all), all.length, user.value, all[0] === user, all.namedItem('user') === user, all.missing);
           console.log(String(kind), kind.length, kind.value, kind[1].value);
           kind.value = 'a'; console.log(kind[0].checked, kind.value);
         </script>",
        &[
            "[object HTMLFormControlsCollection] 3 u true true undefined",
            "[object RadioNodeList] 2 b b",
            "true a",
        ],
    );
}

#[test]
fn navigator_has_languages_and_a_second_name() {
    script(
        "console.log(navigator.languages.join(), navigator.languages === navigator.languages, Object.isFrozen(navigator.languages), clientInformation === navigator);
         clientInformation = 1; console.log(clientInformation);
         const frame = document.body.appendChild(document.createElement('iframe')), { location: place } = frame.contentWindow, before = place.ancestorOrigins;
         frame.remove(); console.log(before.length, place.ancestorOrigins.length, place.ancestorOrigins === place.ancestorOrigins);",
        &["en-US true true true", "1", "1 0 true"],
    );
}

#[test]
fn navigator_has_no_plugins() {
    script(
        "const { plugins, mimeTypes } = navigator;
         console.log(plugins.length, mimeTypes.length, plugins.item(0), mimeTypes.namedItem('text/pdf'), navigator.pdfViewerEnabled, plugins.refresh());
         console.log(plugins + '', mimeTypes + '', plugins === navigator.plugins, typeof Plugin, typeof MimeType);",
        &[
            "0 0 null null false undefined",
            "[object PluginArray] [object MimeTypeArray] true function function",
        ],
    );
}

#[test]
fn atob_decodes_forgivingly() {
    EMPTY.check(
        r#"
        console.log(btoa("\xff\x00a"), btoa(""), btoa(null), atob(" YQ = = "), escape(atob("/wA")));
        for (const bad of ["a", "ab=", "ab===", "a_b-", "\u20ac"]) {
            try { atob(bad); } catch (e) { console.log(e.name, e.code, e instanceof DOMException); }
        }
        try { btoa("\u20ac"); } catch (e) { console.log(e.name); }
        try { btoa(); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            /wBh  bnVsbA== a %FF%00
            InvalidCharacterError 5 true
            InvalidCharacterError 5 true
            InvalidCharacterError 5 true
            InvalidCharacterError 5 true
            InvalidCharacterError 5 true
            InvalidCharacterError
            TypeError
        "#]],
    );
}

#[test]
fn script_parses_and_serializes_documents() {
    EMPTY.check(
        r#"
        const parser = new DOMParser(), serializer = new XMLSerializer();
        const html = parser.parseFromString("<title>x</title><p id=p>y<script>console.log('never')<\/script>", "text/html");
        console.log(html instanceof Document, html.title, html.getElementById("p").firstChild.data, html.defaultView);
        const xml = parser.parseFromString("<a xmlns='urn:x'><b c='1'/></a>", "text/xml");
        console.log(xml.documentElement.namespaceURI, xml.querySelector("b").getAttribute("c"));
        console.log(serializer.serializeToString(xml));
        console.log(parser.parseFromString("<a>", "application/xml").documentElement.localName);
        const div = document.createElement("div");
        div.append("<", document.createElement("br"));
        console.log(serializer.serializeToString(div));
        try { parser.parseFromString("", "text/plain"); } catch (e) { console.log(e.name); }
        try { serializer.serializeToString({}); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            true x y null
            urn:x 1
            <a xmlns="urn:x"><b c="1"/></a>
            parsererror
            <div xmlns="http://www.w3.org/1999/xhtml">&lt;<br /></div>
            TypeError
            TypeError
        "#]],
    );
}

#[test]
fn documents_have_the_names_of_forms_images_and_frames() {
    page(
        "<!doctype html><body><form name=login></form><img name=one id=two><iframe name=frame></iframe>
         <form name=same></form><form name=same></form><div id=plain></div><img id=only><form name=forms></form><img name=location>
         <script>
           'use strict';
           console.log(document.login.nodeName, document.one === document.two, document.frame === frames[0], document.same.length);
           console.log(document.plain, document.only, document.forms.nodeName, document.location === location);
           console.log(Object.keys(document).join(), 'login' in document, delete document.missing);
           try { document.one = 1 } catch (e) { console.log(e.name) }
           const form = document.login, frame = document.querySelector('iframe');
           form.name = 'renamed'; console.log(document.login, document.renamed === form);
           form.remove(); console.log('renamed' in document, document.forms.nodeName);
           document.body.append(Object.assign(new Image(), { name: 'later' })); console.log(document.later.nodeName);
           document.querySelector('[name=forms]').remove(); console.log(String(document.forms), document.forms.length);
           frame.remove(); console.log('frame' in document);
           document.body.innerHTML = ''; console.log(Object.keys(document).join());
         </script><img name=afterwards><script>console.log(document.afterwards.nodeName)</script>",
        &[
            "FORM true true 2",
            "undefined undefined FORM true",
            "location,login,one,two,frame,same,forms true true",
            "TypeError",
            "undefined true",
            "false FORM",
            "IMG",
            "[object HTMLCollection] 2",
            "false",
            "location",
            "IMG",
        ],
    );
}

#[test]
fn forms_have_their_controls_as_properties() {
    page(
        "<!doctype html><body><form><input name=user value=u><input type=radio name=kind value=a>
         <input type=radio name=kind value=b checked><input name=action value=no><img name=pic></form>
         <script>
           const form = document.forms[0];
           console.log(form.user.value, form[0] === form.user, form[9], form.missing, form.pic.nodeName, form.kind.value);
           form.kind.value = 'a'; console.log(form.kind[0].checked, typeof form.action);
           form.append(Object.assign(document.createElement('input'), { name: 'later' })); console.log(form.later.nodeName);
           console.log(form instanceof HTMLFormElement, form instanceof HTMLElement, form.appendChild === Node.prototype.appendChild);
           const apart = document.createElement('form'); apart.innerHTML = '<input id=x>'; console.log(apart.x.nodeName, apart[0] === apart.x);
           console.log([...form].map(control => control.name).join(), Object.hasOwn(HTMLFormElement.prototype, Symbol.iterator));
           const option = new Option('text', 'v', false, true); console.log(option.outerHTML, option.selected, new Option().outerHTML);
         </script>",
        &[
            "u true undefined undefined IMG b",
            "true string",
            "INPUT",
            "true true true",
            "INPUT true",
            "user,kind,kind,action,later true",
            "<option value=\"v\">text</option> true <option></option>",
        ],
    );
}

#[test]
fn document_all_is_there_and_looks_absent() {
    page(
        "<!doctype html><html id=root><body><a name=foo></a><a name=foo></a><p name=no><p id=1x>
         <script>
           console.log(typeof document.all, !document.all, document.all == undefined, document.all === undefined);
           console.log(document.all instanceof HTMLAllCollection, document.all.length, document.all[0].id, document.all.root.id, document.all[99]);
           console.log(document.all.foo.length, document.all.no, document.all.item('1x').nodeName, document.all.item(0).id, document.all.item());
           console.log(document.all.namedItem('root').id, document.all === document.all, 'all' in document);
           if (document.all) console.log('an old browser');
         </script>",
        &[
            "undefined true true false",
            "true 8 root root undefined",
            "2 undefined P root null",
            "root true true",
        ],
    );
}

#[test]
fn the_fragment_of_a_document_determines_its_target_element() {
    page(
        "<!doctype html><p id=a></p><p id='b c'></p><a name=d></a>
         <script>
           const target = () => console.log(document.querySelector(':target')?.outerHTML ?? null);
           target();
           location.hash = 'a'; target();
           location.hash = 'b c'; target(); console.log(document.getElementById('b c').matches('p:TARGET'));
           history.pushState(null, '', '#a'); target();
           location.hash = 'd'; target();
           const a = document.querySelector('a'); a.remove(); target(); document.body.append(a); target();
           location.hash = ''; target();
         </script>",
        &[
            "null",
            "<p id=\"a\"></p>",
            "<p id=\"b c\"></p>",
            "true",
            "<p id=\"b c\"></p>",
            "<a name=\"d\"></a>",
            "null",
            "<a name=\"d\"></a>",
            "null",
        ],
    );
}

#[test]
fn documents_have_titles_and_times() {
    page(
        "<!doctype html><title>t</title><script>
           const svg = document.implementation.createDocument('http://www.w3.org/2000/svg', 'svg', null);
           svg.title = 'one'; console.log(svg.title, svg.documentElement.firstChild.localName);
           const xml = document.implementation.createDocument(null, 'x', null); xml.title = 'no'; console.log(JSON.stringify(xml.title));
           console.log(/^\\d\\d\\/\\d\\d\\/\\d{4} \\d\\d:\\d\\d:\\d\\d$/.test(document.lastModified));
         </script>",
        &["one title", "\"\"", "true"],
    );
}
