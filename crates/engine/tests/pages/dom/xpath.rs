//! Tests of XPath: documents, results and resolvers. The syntax and the functions are tested with their code.

use expect_test::expect;
use framepost::PageOptions;

use crate::support::Setting;

/// A page with functions that show what an expression finds.
const XPATH: Setting = Setting {
    url: "http://a.test/",
    before: "<!doctype html><html><head></head><body><div id=a class=x>one<b>two</b></div><p>1</p><p>2</p><svg><path refX=1 /></svg><script>
        const log = (...a) => console.log(a.map(String).join(' '));
        const thrown = f => { try { return f() } catch (e) { return e.name } };
        const name = n => n.nodeType == 2 || n.nodeType == 1 ? n.nodeName.toLowerCase() : n.nodeName;
        const all = r => { const found = []; for (let n; n = r.iterateNext();) found.push(name(n)); return '[' + found.join(' ') + ']'; };
        const find = (e, n = document, resolver) => thrown(() => {
            const r = document.evaluate(e, n, resolver);
            return [() => all(r), () => r.numberValue, () => r.stringValue, () => r.booleanValue][r.resultType % 4]();
        });
        ",
    after: "</script></body></html>",
    options: PageOptions::new,
};

#[test]
fn paths_find_the_nodes_of_axes_in_document_order() {
    XPATH.check(
        "for (const e of ['/', 'node()', '//p', '//div/@*', '//@id/..', '//b/ancestor-or-self::*', '//b/ancestor::node()[1]',
             '//b/preceding::*', '//b/following::*', '//@id/following::*', '//p[2]/preceding-sibling::*[1]', '//p[last()]/preceding-sibling::*',
             '(//p/preceding-sibling::*)[1]', '//p[1] | //div', '//text()/..', 'id(\"a zz\")', '//p[1]/self::p', '//div//node()', '//namespace::*',
             '//*[@id][b]', '//div/descendant-or-self::*/child::b', '//body/*[position() mod 2 = 0]', '//*[self::p or self::b][2]', '/html/body/..'])
           log(e, find(e));
         const id = document.querySelector('div').getAttributeNode('id');
         for (const e of ['.', '..', '/', 'string()', 'name()', 'ancestor-or-self::node()', 'preceding::*', 'self::*', 'following-sibling::node()']) log('@id:', e, find(e, id));",
        expect![[r#"
            / [#document]
            node() [html html]
            //p [p p]
            //div/@* [id class]
            //@id/.. [div]
            //b/ancestor-or-self::* [html body div b]
            //b/ancestor::node()[1] [div]
            //b/preceding::* [head]
            //b/following::* [p p svg path script]
            //@id/following::* [b p p svg path script]
            //p[2]/preceding-sibling::*[1] [p]
            //p[last()]/preceding-sibling::* [div p]
            (//p/preceding-sibling::*)[1] [div]
            //p[1] | //div [div p]
            //text()/.. [div b p p script]
            id("a zz") [div]
            //p[1]/self::p [p]
            //div//node() [#text b #text]
            //namespace::* []
            //*[@id][b] [div]
            //div/descendant-or-self::*/child::b [b]
            //body/*[position() mod 2 = 0] [p svg]
            //*[self::p or self::b][2] [p]
            /html/body/.. [html]
            @id: . [id]
            @id: .. [div]
            @id: / [#document]
            @id: string() a
            @id: name() id
            @id: ancestor-or-self::node() [#document html body div id]
            @id: preceding::* [head]
            @id: self::* []
            @id: following-sibling::node() []
        "#]],
    );
}

#[test]
fn names_of_html_elements_match_in_any_case() {
    XPATH.check(
        "const ns = p => ({ h: 'http://www.w3.org/1999/xhtml', s: 'http://www.w3.org/2000/svg' })[p] ?? null;
         for (const e of ['//DIV', '//h:Div', '//s:path', '//s:PATH', '//path', '//*[@CLASS]', '//*[@refX]', '//*[@refx]', '//h:*[@id]', '//s:*', 'name(//B)', 'namespace-uri(//s:path)'])
           log(e, find(e, document, ns));
         const xml = new DOMParser().parseFromString('<r xmlns:a=\"u\" a:q=\"1\" xml:lang=\"de-CH\"><a:x/><?pi data?><!--c--><![CDATA[cd]]>t</r>', 'text/xml');
         for (const e of ['//a:x', '/r/@*', '//@a:q', '/R', '/r/text()', '//processing-instruction(\"pi\")', 'string(//processing-instruction())', 'lang(\"DE\")', 'name(/r/*)', 'local-name(/r/*)', 'count(/r/node())', 'string(/)'])
           log('xml:', e, find(e, xml.documentElement, xml.documentElement));",
        expect![[r#"
            //DIV [div]
            //h:Div [div]
            //s:path [path]
            //s:PATH []
            //path []
            //*[@CLASS] [div]
            //*[@refX] [path]
            //*[@refx] []
            //h:*[@id] [div]
            //s:* [svg path]
            name(//B) b
            namespace-uri(//s:path) http://www.w3.org/2000/svg
            xml: //a:x [a:x]
            xml: /r/@* [a:q xml:lang]
            xml: //@a:q [a:q]
            xml: /R []
            xml: /r/text() [#cdata-section #text]
            xml: //processing-instruction("pi") [pi]
            xml: string(//processing-instruction()) data
            xml: lang("DE") true
            xml: name(/r/*) a:x
            xml: local-name(/r/*) x
            xml: count(/r/node()) 5
            xml: string(/) cdt
        "#]],
    );
}

#[test]
fn results_have_the_type_that_script_asks_for() {
    XPATH.check(
        "const of = (e, type) => document.evaluate(e, document, null, type);
         log(of('//p', 1).numberValue, of('//p', 2).stringValue, of('//zz', 3).booleanValue, of('//p', 8).singleNodeValue.outerHTML, of('//zz', 9).singleNodeValue);
         const s = of('//p', 7);
         log(s.resultType, s.snapshotLength, name(s.snapshotItem(1)), s.snapshotItem(2), s.invalidIteratorState);
         for (const member of ['numberValue', 'stringValue', 'booleanValue', 'singleNodeValue', 'snapshotLength']) log(member, thrown(() => of('//p', 4)[member]));
         log(thrown(() => s.iterateNext()), thrown(() => of('1', 4)), thrown(() => of('1', 10)), thrown(() => of('//p', 4).snapshotItem(0)));
         log(thrown(() => new XPathResult), thrown(() => document.evaluate('1', null)), thrown(() => document.evaluate('.', document.doctype)), thrown(() => document.evaluate('1')));
         log(document.evaluate.length, XPathExpression.prototype.evaluate.length, XPathResult.FIRST_ORDERED_NODE_TYPE, new XPathEvaluator().evaluate('1 + 1', document).numberValue);",
        expect![[r#"
            1 1 false <p>1</p> null
            7 2 p null false
            numberValue TypeError
            stringValue TypeError
            booleanValue TypeError
            singleNodeValue TypeError
            snapshotLength TypeError
            TypeError TypeError NotSupportedError TypeError
            TypeError TypeError NotSupportedError TypeError
            2 1 9 2
        "#]],
    );
}

#[test]
fn iterators_end_with_a_change_of_their_document() {
    XPATH.check(
        "const other = document.implementation.createHTMLDocument();
         const p = document.querySelector('p');
         for (const change of [() => p.title = 'x', () => p.firstChild.data = 'y', () => p.append('z'), () => p.lastChild.remove(), () => p.innerHTML = '', () => other.body.append('x'), () => other.body.append(document.querySelector('b'))]) {
           const i = document.evaluate('//*', document), s = document.evaluate('//*', document, null, 6);
           change();
           log(change, i.invalidIteratorState, s.invalidIteratorState, thrown(() => i.iterateNext() && 'found'), s.snapshotLength > 5);
         }",
        expect![[r#"
            () => p.title = 'x' true false InvalidStateError true
            () => p.firstChild.data = 'y' true false InvalidStateError true
            () => p.append('z') true false InvalidStateError true
            () => p.lastChild.remove() true false InvalidStateError true
            () => p.innerHTML = '' true false InvalidStateError true
            () => other.body.append('x') false false found true
            () => other.body.append(document.querySelector('b')) true false InvalidStateError true
        "#]],
    );
}

#[test]
fn resolvers_are_called_while_the_expression_is_parsed() {
    XPATH.check(
        "addEventListener('error', e => { log('reported', e.message); e.preventDefault(); });
         log(find('//q:p'), find('//q:p', document, () => null), find('//q:p', document, {}), find('//q:p', document, () => { throw new Error('no') }));
         log(find('//q:p', document, 1), find('//q:p | //r:p', document, { lookupNamespaceURI(p) { log('asked', p); return 'http://www.w3.org/1999/xhtml' } }));
         log(thrown(() => document.createExpression('//q:p', document.createNSResolver(document.body))));
         setTimeout(() => Promise.resolve().then(() => log('jobs run')));",
        expect![[r#"
            reported Uncaught TypeError: The listener's 'lookupNamespaceURI' is not a function.
            reported Uncaught Error: no
            NamespaceError NamespaceError NamespaceError NamespaceError
            asked q
            asked r
            TypeError [p p]
            NamespaceError
            jobs run
        "#]],
    );
}

#[test]
fn faulty_expressions_throw() {
    XPATH.check(
        "for (const e of ['', '//', 'p[', '$v', 'foo()', 'count(1)', '('.repeat(5000)]) try { document.evaluate(e, document) } catch (e) { log(e.name, e.message) }
         log(thrown(() => document.createExpression('!')));",
        expect![[r#"
            SyntaxError Failed to execute 'evaluate' on 'Document': the string is not an XPath expression
            SyntaxError Failed to execute 'evaluate' on 'Document': the string is not an XPath expression
            SyntaxError Failed to execute 'evaluate' on 'Document': the string is not an XPath expression
            SyntaxError Failed to execute 'evaluate' on 'Document': the XPath expression has the variable $v, which nothing can set
            SyntaxError Failed to execute 'evaluate' on 'Document': the string is not an XPath expression
            SyntaxError Failed to execute 'evaluate' on 'Document': the XPath expression uses a number where a set of nodes is needed
            SyntaxError Failed to execute 'evaluate' on 'Document': the XPath expression nests more than 100 times
            SyntaxError
        "#]],
    );
}
