//! Tests of attribute nodes and static ranges.
use expect_test::expect;

use framepost::PageOptions;

use crate::support::Setting;

/// Checks a script. The page has an element `host` with the attributes `a` and `b`.
const PAGE: Setting = Setting {
    url: "http://localhost/",
    before: "<!doctype html><div id=host a=1 b=2></div><script>\
         const thrown = f => { try { f(); return 'nothing' } catch (e) { return e.name } };\
         ",
    after: "</script>",
    options: PageOptions::new,
};

#[test]
fn attribute_node_has_stable_identity() {
    PAGE.check(
        "const a = host.getAttributeNode('A'); \
         console.log(a === host.attributes.a, a === host.attributes[1], a === host.attributes.getNamedItem('a')); \
         console.log(a instanceof Node, a.nodeType, a.nodeName, a.nodeValue, a.textContent, a.name, a.localName); \
         console.log(a.ownerElement === host, a.ownerDocument === document, a.parentNode, a.isConnected, \
           a.childNodes.length, a.getRootNode() === a, a.namespaceURI, a.prefix); \
         console.log(host.getAttributeNode('zz'), thrown(() => document.createAttribute('a b')));",
        expect![[r#"
            true true true
            true 2 a 1 1 a a
            true true null false 0 true null null
            null InvalidCharacterError
        "#]],
    );
}

#[test]
fn attribute_node_keeps_its_value_when_moved() {
    PAGE.check(
        "const c = document.createAttribute('C'); c.value = 'x'; \
         console.log(host.setAttributeNode(c), host.getAttribute('c'), host.setAttributeNode(c) === c); \
         host.setAttribute('c', 'y'); console.log(c.value); \
         c.nodeValue = 'z'; console.log(host.getAttribute('c'), c.ownerElement === host); \
         const p = document.createElement('p'); console.log(thrown(() => p.setAttributeNode(c))); \
         host.removeAttribute('c'); c.textContent = 'free'; \
         console.log(c.ownerElement, c.value, host.hasAttribute('c')); \
         p.setAttributeNode(c); console.log(p.outerHTML, p.removeAttributeNode(c) === c, p.outerHTML); \
         console.log(thrown(() => p.removeAttributeNode(c)));",
        expect![[r#"
            null x true
            y
            z true
            InUseAttributeError
            null free false
            <p c="free"></p> true <p></p>
            NotFoundError
        "#]],
    );
}

#[test]
fn replacing_attribute_keeps_its_position() {
    PAGE.check(
        "const seen = []; new MutationObserver(records => console.log(records.map(r => \
           r.attributeName + ':' + r.oldValue).join())).observe(host, { attributes: true, attributeOldValue: true }); \
         const a = document.createAttribute('a'), old = host.getAttributeNode('a'); a.value = 'new'; \
         console.log(host.attributes.setNamedItem(a) === old, old.value, old.ownerElement, \
           host.getAttributeNames().join(), host.getAttribute('a')); \
         console.log(host.attributes.removeNamedItem('b').value, thrown(() => host.attributes.removeNamedItem('b')));",
        expect![[r#"
            true 1 null id,a,b new
            2 NotFoundError
            a:1,b:2
        "#]],
    );
}

#[test]
fn attribute_nodes_clone_and_compare_but_are_never_children() {
    PAGE.check(
        "const a = host.getAttributeNode('a'), copy = a.cloneNode(); \
         console.log(copy !== a, copy.value, copy.ownerElement, copy.isEqualNode(a), a.isEqualNode(host)); \
         a.value = 'other'; console.log(copy.isEqualNode(a), document.importNode(a).value); \
         console.log(thrown(() => host.appendChild(copy)), thrown(() => copy.appendChild(host)), thrown(() => host.append(copy)), \
           thrown(() => structuredClone({ a })), thrown(() => structuredClone(host.attributes))); \
         let got; copy.addEventListener('x', e => got = e.target === copy); copy.dispatchEvent(new Event('x')); console.log(got);",
        expect![[r#"
            true 1 null true false
            false other
            HierarchyRequestError HierarchyRequestError HierarchyRequestError DataCloneError DataCloneError
            true
        "#]],
    );
}

#[test]
fn static_ranges_check_their_containers() {
    PAGE.check(
        "const range = new StaticRange({ startContainer: host, startOffset: 7, endContainer: host, endOffset: 7 }); \
         console.log(range.startContainer === host, range.endOffset, range.collapsed, range instanceof AbstractRange); \
         const make = node => () => new StaticRange({ startContainer: node, startOffset: 0, endContainer: host, endOffset: 0 }); \
         console.log(thrown(make(document.doctype)), thrown(make(host.attributes[0])), thrown(make({})), \
           thrown(() => new StaticRange({})), thrown(() => new AbstractRange), thrown(() => structuredClone(range)));",
        expect![[r#"
            true 7 true true
            InvalidNodeTypeError InvalidNodeTypeError TypeError TypeError TypeError DataCloneError
        "#]],
    );
}

#[test]
fn negative_last_modified_is_kept() {
    PAGE.check(
        "console.log(new File([], 'f', { lastModified: -5 }).lastModified, \
           structuredClone(new File([], 'f', { lastModified: -86400000.5 })).lastModified);",
        expect![[r#"
            -5 -86400000
        "#]],
    );
}

#[test]
fn attributes_have_namespaces() {
    crate::support::script(
        r##"
        const svg = "http://www.w3.org/2000/svg", xlink = "http://www.w3.org/1999/xlink", xmlns = "http://www.w3.org/2000/xmlns/";
        const name = f => { try { return f() } catch (e) { return e.name } };
        const use = document.createElementNS(svg, "use");
        use.setAttributeNS(xlink, "xlink:href", "#a"); use.setAttributeNS(null, "href", "#b"); use.setAttributeNS(null, "viewBox", "0");
        console.log(use.outerHTML, use.getAttributeNS(xlink, "href"), use.getAttribute("xlink:href"), use.getAttribute("href"), use.hasAttributeNS(svg, "href"));
        use.setAttribute("xlink:href", "#c"); console.log(use.attributes.length, use.getAttributeNS(xlink, "href"));
        const attr = use.getAttributeNodeNS(xlink, "href"); console.log(attr.name, attr.prefix, attr.localName, attr.namespaceURI, attr === use.attributes.getNamedItemNS(xlink, "href"), attr === use.attributes[0]);
        attr.value = "#d"; console.log(use.getAttribute("xlink:href")); use.removeAttributeNS(xlink, "href"); console.log(attr.value, attr.ownerElement, use.getAttributeNames().join());
        use.setAttributeNodeNS(attr); console.log(attr.ownerElement === use, use.getAttributeNS(xlink, "href"));
        const made = document.createAttributeNS(xmlns, "xmlns:x"); made.value = "urn:x"; use.setAttributeNode(made);
        console.log(use.lookupNamespaceURI("x"), use.lookupPrefix("urn:x"), use.lookupNamespaceURI(null), document.isDefaultNamespace("http://www.w3.org/1999/xhtml"), use.lookupNamespaceURI("xml"));
        console.log(name(() => use.setAttributeNS(null, "a:b", "")), name(() => use.setAttributeNS(xlink, "a b", "")), name(() => use.setAttributeNS(svg, "xmlns", "")), name(() => use.attributes.removeNamedItemNS(svg, "q")));
        new MutationObserver(list => { for (const r of list) console.log(r.attributeName, r.attributeNamespace, r.oldValue) }).observe(use, { attributeOldValue: true });
        use.setAttributeNS(xlink, "y:href", "#e"); use.removeAttribute("viewBox"); console.log(use.getAttribute("xlink:href"));
        console.log(use instanceof SVGElement, String(use), String(document.createElementNS(svg, "x")), use.ownerSVGElement, String(document.createElementNS("http://www.w3.org/1998/Math/MathML", "mi")));
        "##,
        &[
            "<use xlink:href=\"#a\" href=\"#b\" viewBox=\"0\"></use> #a #a #b false",
            "3 #c",
            "xlink:href xlink href http://www.w3.org/1999/xlink true true",
            "#d",
            "#d null href,viewBox",
            "true #d",
            "urn:x x http://www.w3.org/2000/svg true http://www.w3.org/XML/1998/namespace",
            "NamespaceError InvalidCharacterError NamespaceError NotFoundError",
            "#e",
            "true [object SVGUseElement] [object SVGElement] null [object MathMLElement]",
            "href http://www.w3.org/1999/xlink #d",
            "viewBox null 0",
        ],
    );
}
