//! Tests of documents that no window shows, and of the node documents of nodes.
use expect_test::expect;

use crate::support::{check_page, check_script, pages};

#[test]
fn documents_created_by_script_have_a_type_and_a_url() {
    check_script(
        "const xhtml = 'http://www.w3.org/1999/xhtml'; \
         const all = [document, document.implementation.createHTMLDocument(''), \
           document.implementation.createDocument(null, 'r'), document.implementation.createDocument(xhtml, 'html'), \
           new Document, new DOMParser().parseFromString('<p>', 'text/html'), \
           new DOMParser().parseFromString('<r/>', 'image/svg+xml')]; \
         for (const d of all) log(d.constructor.name, d.contentType, d.URL, d.compatMode, d.createElement('Q').tagName, \
           d.createElement('Q').namespaceURI === xhtml, d.baseURI, thrown(() => d.write('')), thrown(() => d.createCDATASection('x').nodeType)); \
         log(document instanceof HTMLDocument, HTMLDocument.prototype instanceof Document, all[1] + '', all[2] + '');",
        expect![[r#"
            HTMLDocument text/html http://localhost/dir/ CSS1Compat Q true http://localhost/dir/ undefined NotSupportedError
            HTMLDocument text/html about:blank CSS1Compat Q true about:blank undefined NotSupportedError
            XMLDocument application/xml about:blank CSS1Compat Q false about:blank InvalidStateError 4
            XMLDocument application/xhtml+xml about:blank CSS1Compat Q true about:blank InvalidStateError 4
            Document application/xml about:blank CSS1Compat Q false about:blank InvalidStateError 4
            HTMLDocument text/html http://localhost/dir/ BackCompat Q true http://localhost/dir/ undefined NotSupportedError
            XMLDocument image/svg+xml http://localhost/dir/ CSS1Compat Q false http://localhost/dir/ InvalidStateError 4
            true true [object HTMLDocument] [object XMLDocument]
        "#]],
    );
}

#[test]
fn clones_of_documents_are_documents_of_the_same_kind() {
    check_script(
        "for (const d of [document, document.implementation.createDocument(null, 'R'), new DOMParser().parseFromString('<p>', 'text/html')]) { \
           const c = d.cloneNode(true); \
           log(c.constructor.name, c.contentType, c.URL === d.URL, c.domain === d.domain, c.compatMode === d.compatMode, \
             c.defaultView, c.documentElement.tagName, c.documentElement.ownerDocument === c, c.cloneNode().childNodes.length); \
         }",
        expect![[r#"
            HTMLDocument text/html true true true null HTML true 0
            XMLDocument application/xml true true true null R true 0
            HTMLDocument text/html true true true null HTML true 0
        "#]],
    );
}

#[test]
fn documents_created_by_script_have_the_origin_of_their_creator() {
    check_script(
        "const other = document.implementation.createHTMLDocument(''); \
         const all = [document, other, other.implementation.createDocument(null, 'r'), new Document, \
           new DOMParser().parseFromString('', 'text/html'), document.createElement('template').content.ownerDocument]; \
         log(...all.map((d) => d.domain)); log(thrown(() => other.domain = 'localhost')); \
         const f = document.createElement('iframe'); f.sandbox = 'allow-scripts'; \
         f.srcdoc = '<script>parent.postMessage(JSON.stringify(document.implementation.createHTMLDocument(\"\").domain), \"*\")</scr' + 'ipt>'; \
         onmessage = (e) => log(e.data); document.body.append(f);",
        expect![[r#"
            localhost localhost localhost localhost localhost localhost
            SecurityError
            ""
        "#]],
    );
}

#[test]
fn names_keep_their_case_in_xml_documents() {
    check_script(
        "const d = new DOMParser().parseFromString('<r xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:Div Id=\"a\"/><h:div/><Div/></r>', 'text/xml'); \
         const [a, b, c] = d.documentElement.children; \
         log(a.tagName, b.tagName, c.tagName, a.localName, a.prefix); \
         a.setAttribute('Foo', 1); log(a.getAttribute('Foo'), a.getAttribute('foo'), a.hasAttribute('Id'), a.id === ''); \
         log(d.getElementsByTagName('Div').length, d.getElementsByTagName('h:div').length, d.querySelectorAll('div').length, d.querySelectorAll('Div').length); \
         log(a.outerHTML); document.adoptNode(a); log(a.tagName, a.getAttribute('Foo'));",
        expect![[r#"
            h:Div h:div Div Div h
            1 null true true
            1 1 1 2
            <h:Div xmlns:h="http://www.w3.org/1999/xhtml" Id="a" Foo="1"></h:Div>
            H:DIV null
        "#]],
    );
}

#[test]
fn template_contents_belong_to_an_inert_document() {
    check_script(
        "const t = document.createElement('template'); t.innerHTML = '<b></b><template><i></i></template>'; \
         const owner = t.content.ownerDocument, inner = t.content.lastChild; \
         log(owner === document, owner.defaultView, owner.URL, owner.contentType, t.content.firstChild.ownerDocument === owner); \
         log(inner.content.ownerDocument === owner, inner.content.firstChild.ownerDocument === owner); \
         log(document.createElement('template').content.ownerDocument === owner); \
         const other = document.implementation.createHTMLDocument(''); other.body.append(t); \
         log(t.ownerDocument === other, t.content.ownerDocument === owner, t.content.ownerDocument === other); \
         log(t.content.ownerDocument === inner.content.ownerDocument, t.content.firstChild.ownerDocument === t.content.ownerDocument); \
         const copy = document.importNode(t, true); \
         log(copy.ownerDocument === document, copy.content.ownerDocument === owner, copy.innerHTML); \
         const before = t.content.ownerDocument; document.adoptNode(t.content); log(t.content.ownerDocument === before); \
         const used = document.importNode(t.content, true); log(used.ownerDocument === document, used.firstChild.ownerDocument === document); \
         document.body.append(t.content.firstChild); log(document.body.lastChild.ownerDocument === document);",
        expect![[r#"
            false null about:blank text/html true
            true true
            true
            true false false
            true true
            true true <b></b><template><i></i></template>
            true
            true true
            true
        "#]],
    );
}

#[test]
fn detached_nodes_belong_to_documents_created_by_script() {
    check_script(
        "const d = document.implementation.createDocument('urn:x', 'x:r'); \
         const made = [d.createElement('e'), d.createTextNode('t'), d.createComment('c'), d.createDocumentFragment(), \
           d.createProcessingInstruction('p', ''), d.createCDATASection('s'), d.implementation.createDocumentType('n', '', '')]; \
         log(made.map(n => n.ownerDocument === d)); \
         const e = made[0]; e.append('a', made[2]); d.documentElement.append(e); e.remove(); \
         log(e.ownerDocument === d, e.firstChild.ownerDocument === d, e.cloneNode(true).firstChild.ownerDocument === d); \
         document.body.append(e); log(e.ownerDocument === document, e.lastChild.ownerDocument === document, d.documentElement.tagName); \
         const a = d.createElement('a'); a.setAttribute('href', 'x'); log(thrown(() => d.adoptNode(d)), thrown(() => d.importNode(d))); \
         const h = document.implementation.createHTMLDocument(''); h.head.innerHTML = '<base href=\"http://b.test/c/\">'; \
         h.body.innerHTML = '<a href=d>'; log(h.baseURI, h.body.firstChild.href);",
        expect![[r#"
            true,true,true,true,true,true,true
            true true true
            true true x:r
            NotSupportedError NotSupportedError
            http://b.test/c/ http://b.test/c/d
        "#]],
    );
}

#[test]
fn data_of_comments_and_instructions_changes() {
    check_script(
        "const c = document.createComment('abc'), p = document.createProcessingInstruction('t', 'x'); \
         c.data = 'new'; c.appendData('er'); c.deleteData(0, 1); p.nodeValue = 'y'; \
         log(c.data, c.length, c.nodeValue, c.textContent, p.data, c.childNodes.length, c.firstChild, c.hasChildNodes()); \
         document.body.append(c, p); log(document.body.lastChild.data, document.body.innerHTML.slice(-17)); \
         log(c.cloneNode(true).data, c.isEqualNode(document.createComment('ewer')), c.isEqualNode(document.createComment('abc'))); \
         const d = new Document, s = d.createCDATASection('a'); s.data += 'b'; const e = d.createElement('e'); e.append('x', s, 'y', 'z'); \
         e.normalize(); log(e.childNodes.length, e.textContent, s.nodeName, s instanceof CDATASection, s.wholeText, new XMLSerializer().serializeToString(e));",
        expect![[r#"
            ewer 4 ewer ewer y 0 null false
            y <!--ewer--><?t y>
            ewer true false
            3 xabyz #cdata-section true xabyz <e>x<![CDATA[ab]]>yz</e>
        "#]],
    );
}

#[test]
fn markup_of_xml_documents_is_xml() {
    check_script(
        "const d = new DOMParser().parseFromString('<r xmlns=\"urn:d\" xmlns:p=\"urn:p\"><a/></r>', 'text/xml'), r = d.documentElement; \
         r.firstChild.innerHTML = '<B p:x=\"1\"/><![CDATA[<]]>&amp;'; \
         log(r.firstChild.firstChild.namespaceURI, r.firstChild.firstChild.localName, r.firstChild.childNodes.length, r.firstChild.innerHTML); \
         for (const bad of ['<b>', '&nbsp;', '<q:b/>', '</r>']) log(thrown(() => r.innerHTML = bad)); log(r.childNodes.length); \
         r.insertAdjacentHTML('afterbegin', '<n/>'); log(r.outerHTML); \
         for (const bad of ['<a>', '', '<a/><b/>', '<a b=c/>']) { const e = new DOMParser().parseFromString(bad, 'text/xml').documentElement; log(e.localName, e.namespaceURI.slice(-15)); }",
        expect![[r#"
            urn:d B 3 <B xmlns="urn:d" xmlns:p="urn:p" p:x="1"/><![CDATA[<]]>&amp;
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            1
            <r xmlns="urn:d" xmlns:p="urn:p"><n/><a><B p:x="1"/><![CDATA[<]]>&amp;</a></r>
            parsererror parsererror.xml
            parsererror parsererror.xml
            parsererror parsererror.xml
            parsererror parsererror.xml
        "#]],
    );
}

#[test]
fn mutation_observers_see_the_parser() {
    let records = "for (const r of m) console.log(r.type, r.target.nodeName, \
         [...r.addedNodes].map(n => n.nodeName + (n.id || '')).join(), [...r.removedNodes].map(n => n.nodeName).join(), \
         r.previousSibling?.nodeName, r.nextSibling?.nodeName)";
    let html = format!(
        "<!doctype html><body><script>new MutationObserver(m => {{ {records} }})\
         .observe(document.body, {{ childList: true, subtree: true, attributes: true, characterData: true }})</script>\
         <p id=a><b id=b>x&amp;\nx</b></p><script>console.log('script')</script><table id=t>y<tr></table>\
         <script>document.write('<i id=w></i>'); console.log('written')</script>"
    );
    check_page(
        "http://localhost/",
        &html,
        expect![[r##"
            childList BODY Pa  SCRIPT undefined
            childList P Bb  undefined undefined
            childList B #text  undefined undefined
            childList BODY SCRIPT  P undefined
            childList SCRIPT #text  undefined undefined
            script
            childList BODY TABLEt  SCRIPT undefined
            childList BODY #text  SCRIPT TABLE
            childList TABLE TBODY  undefined undefined
            childList TBODY TR  undefined undefined
            childList BODY SCRIPT  TABLE undefined
            childList SCRIPT #text  undefined undefined
            written
            childList BODY Iw  SCRIPT undefined
        "##]],
    );
}

#[test]
fn mutation_observers_see_what_document_open_removes() {
    check_script(
        "addEventListener('load', () => { const d = document.body.appendChild(document.createElement('iframe')).contentDocument; \
           new MutationObserver(m => log(m.map(r => r.target.nodeName + '+' + r.addedNodes.length + '-' + r.removedNodes.length))) \
             .observe(d, { childList: true, subtree: true }); \
           d.open(); d.write('<p>x'); d.close(); });",
        expect![[r##"
            #document+0-1,#document+1-0,HTML+1-0,HTML+1-0,BODY+1-0,P+1-0
        "##]],
    );
}

#[test]
fn xml_files_are_parsed_as_xml() {
    let frame = |name: &str| format!("http://localhost/{name}");
    let main = "<!doctype html><body><script>\
         const show = name => new Promise(done => { const f = document.createElement('iframe'); f.src = name; \
           f.onload = () => { const d = f.contentDocument; console.log(name, d.contentType, d.constructor.name, d.readyState, \
             d.documentElement.tagName, d.documentElement.namespaceURI, d.documentElement.textContent.trim().slice(0, 30)); done(); }; document.body.append(f); }); \
         (async () => { for (const name of ['a.xml', 'b.xhtml', 'c.svg', 'bad.xml']) await show(name); })()</script>";
    let xhtml = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p/>\
         <script>parent.console.log('ran', document.body.firstChild.tagName, document.currentScript.localName)</script>\
         <iframe srcdoc='x'/><script><![CDATA[parent.console.log(1 < 2 && frames.length)]]></script></body></html>";
    pages(
        &[
            (&frame(""), main),
            (
                &frame("a.xml"),
                "<?xml version='1.0' encoding='utf-8'?><R xmlns='urn:r'>&lt;x</R>",
            ),
            (&frame("b.xhtml"), xhtml),
            (
                &frame("c.svg"),
                "<svg xmlns='http://www.w3.org/2000/svg'><title>t</title></svg>",
            ),
            (&frame("bad.xml"), "<r><ok/>\n<unclosed></r>"),
        ],
        &[
            "a.xml application/xml XMLDocument complete R urn:r <x",
            "ran p script",
            "1",
            "b.xhtml application/xhtml+xml XMLDocument complete html http://www.w3.org/1999/xhtml parent.console.log('ran', docu",
            "c.svg image/svg+xml XMLDocument complete svg http://www.w3.org/2000/svg t",
            "bad.xml application/xml XMLDocument complete r null This page contains the followi",
        ],
    );
}
