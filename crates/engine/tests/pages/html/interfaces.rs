//! Tests of interface objects, the members of windows and documents, and random values.

use crate::support::{outputs, script};

#[test]
fn interface_objects_follow_web_idl() {
    script(
        "console.log(typeof Node, Node.name, Node.length, Event.length, String(document), Object.prototype.toString.call(document.body));
         console.log(Object.getPrototypeOf(HTMLDivElement) === HTMLElement, Object.getPrototypeOf(Element.prototype) === Node.prototype, Object.getPrototypeOf(EventTarget.prototype) === Object.prototype);
         const d = Object.getOwnPropertyDescriptor(Node.prototype, 'appendChild'); console.log(d.writable, d.enumerable, d.configurable, d.value.length, d.value.name);
         const g = Object.getOwnPropertyDescriptor(Node.prototype, 'firstChild'); console.log(g.get.name, g.set, g.enumerable);
         console.log(Node.ELEMENT_NODE, Node.prototype.TEXT_NODE, document.body.nodeType);
         console.log(Object.getPrototypeOf(DOMException.prototype) === Error.prototype, DOMException.DATA_CLONE_ERR);",
        &[
            "function Node 0 1 [object HTMLDocument] [object HTMLBodyElement]",
            "true true true",
            "true true true 1 appendChild",
            "get firstChild undefined true",
            "1 3 1",
            "true 25",
        ],
    );
}

#[test]
fn wrong_brands_arguments_and_constructors_throw() {
    script(
        "const t = f => { try { f(); console.log('no') } catch (e) { console.log(e.name) } };
         t(() => Node.prototype.appendChild.call({})); t(() => Node.prototype.firstChild); t(() => document.body.appendChild()); t(() => new Node()); t(() => Event('x')); t(() => new HTMLElement());
         t(() => document.noSuchMethod()); t(() => Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow').get.call(document.body));",
        &["TypeError"; 8],
    );
}

#[test]
fn window_members_have_standard_attributes() {
    script(
        "console.log(Object.getOwnPropertyDescriptor(window, 'document').configurable, Object.getOwnPropertyDescriptor(window, 'window').configurable, typeof Object.getOwnPropertyDescriptor(window, 'onload').get);
         addEventListener('x', () => console.log('bare')); dispatchEvent(new Event('x')); const { setTimeout: s } = window; s(() => console.log('free'), 0);
         console.log(setTimeout.name, setTimeout.length, window.setTimeout === setTimeout); self = 1; console.log(self, window.self);",
        &["false false function", "bare", "setTimeout 1 true", "1 1", "free"],
    );
}

#[test]
fn each_window_has_its_own_interface_objects() {
    script(
        "const frame = document.createElement('iframe'); document.body.append(frame); const w = frame.contentWindow;
         console.log(w.Event !== Event, w.Event === w.eval('Event'), w.eval('new Event(\"x\")') instanceof w.Event, new w.Image() instanceof w.HTMLImageElement, w.Image !== Image);
         console.log(Object.create(w).Blob === w.Blob, Reflect.get(w, 'Blob') === w.Blob, Object.create(window).Blob === Blob, (0, w.eval)('(() => FormData)()') === w.FormData);
         const d = Object.getOwnPropertyDescriptor(w, 'Text'); console.log(d.value === w.Text, d.writable, d.enumerable, d.configurable, d.get);
         w.FileReader = 1; Comment = 2; console.log(w.FileReader, Comment, window.Comment, typeof w.Comment, Object.keys(w).includes('FileReader'));
         const heir = Object.create(w); heir.Node = 3; console.log(heir.Node, Object.hasOwn(heir, 'Node'), typeof w.Node);
         Object.defineProperty(w, 'Attr', { writable: false }); w.Attr = 4; console.log(typeof w.Attr, Object.getOwnPropertyDescriptor(w, 'Attr').writable);
         console.log(delete w.URL, w.URL, typeof URL); const d2 = Object.getOwnPropertyDescriptor(window, 'Image'); console.log(d2.value === Image, Image.prototype === HTMLImageElement.prototype, Image.name);
         const held = w.eval('(() => Headers)'); frame.remove(); console.log(held() !== Headers, held() === held(), w.Headers === held());",
        &[
            "true true true true true",
            "true true true true",
            "true true false true undefined",
            "1 2 2 function false",
            "3 true function",
            "function false",
            "true undefined function",
            "true true Image",
            "true true true",
        ],
    );
}

#[test]
fn random_values_come_from_the_seed() {
    let source = "const a = crypto.getRandomValues(new Uint8Array(9)); console.log(a.join()); console.log(crypto.randomUUID(), crypto === window.crypto);
         const t = f => { try { f(); console.log('no') } catch (e) { console.log(e.name) } };
         t(() => crypto.getRandomValues(new Float32Array(1))); t(() => crypto.getRandomValues(new Uint8Array(65537))); t(() => crypto.getRandomValues([1]));
         const b = new Uint16Array(new ArrayBuffer(8), 2, 2); crypto.getRandomValues(b); const all = new Uint8Array(b.buffer); console.log(all[0], all[1], all[6], all[7], b[0] !== b[1]);";
    let page = format!("<!DOCTYPE html><body><script>{source}</script>");
    let lines = crate::support::outputs(&[("https://a.test/", &page)]);
    assert_eq!(
        lines,
        crate::support::outputs(&[("https://a.test/", &page)])
    );
    let [bytes, uuid, rest @ ..] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(bytes.split(',').count(), 9);
    let (uuid, same) = uuid.split_once(' ').unwrap_or_default();
    assert_eq!(
        (uuid.len(), uuid.chars().nth(14), same),
        (36, Some('4'), "true")
    );
    assert_eq!(
        rest,
        [
            "TypeMismatchError",
            "QuotaExceededError",
            "TypeError",
            "0 0 0 0 true"
        ]
    );
}

#[test]
fn documents_and_processing_instructions_are_created() {
    script(
        "const t = f => { try { f(); console.log('no') } catch (e) { console.log(e.name) } };
         const pi = document.createProcessingInstruction('t', 'd'); console.log(pi.target, pi.data, pi.nodeType, pi.ownerDocument === document);
         t(() => document.createProcessingInstruction('1', '')); t(() => document.createProcessingInstruction('a', '?>'));
         const i = document.implementation; const type = i.createDocumentType('a', 'p', 's');
         const d = i.createDocument('urn:x', 'x:y', type); console.log(d.doctype === type, d.documentElement.tagName, d.documentElement.namespaceURI, d.contentType);
         console.log(i.createDocument(null, '').documentElement); t(() => i.createDocument(null, 'a:b')); t(() => i.createDocumentType('a b', '', '')); t(() => i.createDocument(null, 'a', {}));
         console.log(new WheelEvent('wheel', { deltaX: 3.5, deltaMode: 1.5, clientX: 2 }).deltaX);",
        &[
            "t d 7 true",
            "InvalidCharacterError",
            "InvalidCharacterError",
            "true x:y urn:x application/xml",
            "null",
            "NamespaceError",
            "InvalidCharacterError",
            "TypeError",
            "3.5",
        ],
    );
}

#[test]
fn checkbox_disabled_by_listener_still_fires_events() {
    script(
        "for (const type of ['checkbox', 'radio']) { const i = document.createElement('input'); i.type = type; document.body.append(i);
         i.onclick = () => { i.disabled = true }; i.oninput = () => console.log('input', i.checked); i.onchange = () => console.log('change'); i.click(); i.click(); }",
        &["input true", "change", "input true", "change"],
    );
}

#[test]
fn dataset_reads_and_writes_data_attributes() {
    script(
        "const p = document.createElement('p'); p.setAttribute('data-foo-bar', '1'); p.setAttribute('data-1', 'x'); const d = p.dataset;
         console.log(String(d), d === p.dataset, d.fooBar, d[1], d.none, Object.keys(d).join(), 'fooBar' in d, JSON.stringify(d), d instanceof DOMStringMap);
         d.newName = 5; delete d.fooBar; d.toString = 'own'; console.log(p.outerHTML, d.toString);
         const t = f => { try { f(); console.log('no') } catch (e) { console.log(e.name) } }; t(() => { d['a-b'] = 1 }); t(() => { d['a b'] = 1 }); t(() => { 'use strict'; delete d.none });",
        &[
            "[object DOMStringMap] true 1 x undefined fooBar,1 true {\"fooBar\":\"1\",\"1\":\"x\"} true",
            "<p data-1=\"x\" data-new-name=\"5\" data-to-string=\"own\"></p> own",
            "SyntaxError",
            "InvalidCharacterError",
            "no",
        ],
    );
}

#[test]
fn console_and_global_object_work() {
    script("console.log('hello', 1, {a: 1})", &["hello 1 { a: 1 }"]);
    script(
        "console.log(window === self, self === frames, window === globalThis, this === window, top === window, parent === window)",
        &["true true true true true true"],
    );
    script(
        "var a = 1; window.b = 2; console.log(window.a, b, delete window.b, typeof b)",
        &["1 2 true undefined"],
    );
    script(
        "console.log(Object.prototype.toString.call(window), window instanceof Window, window instanceof EventTarget)",
        &["[object Window] true true"],
    );
    script(
        "console.log(location.href, document.URL, origin, document.readyState)",
        &["http://a.test/ http://a.test/ http://a.test loading"],
    );
}

#[test]
fn same_seed_gives_same_random_numbers() {
    let html = "<script>console.log(Math.random(), Math.random())</script>";
    let first = outputs(&[("http://a.test/", html)]);
    assert_eq!(first, outputs(&[("http://a.test/", html)]));
    assert!(first[0].starts_with("0."), "{first:?}");
}
