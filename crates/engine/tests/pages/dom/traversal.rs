//! Tests of `TreeWalker`, `NodeIterator` and ranges.

use expect_test::expect;
use framepost::PageOptions;

use crate::support::Setting;

/// A page with a small tree, and functions that show its nodes.
const TREE: Setting = Setting {
    url: "http://a.test/",
    before: "<!doctype html><body><div id=root><p id=a>one<b id=b>two</b></p><!--c--><p id=d>three</p></div><script>
        const log = (...a) => console.log(a.map(String).join(' '));
        const thrown = f => { try { return f() } catch (e) { return e.name } };
        const $ = id => document.getElementById(id);
        const name = n => n ? n.id || n.data || n.nodeName : String(n);
        const at = r => [name(r.startContainer), r.startOffset, name(r.endContainer), r.endOffset].join(' ');
        ",
    after: "</script>",
    options: PageOptions::new,
};

#[test]
fn tree_walkers_visit_what_their_filter_accepts() {
    TREE.check(
        "const walk = (...args) => { const w = document.createTreeWalker($('root'), ...args), seen = [];
           while (w.nextNode()) seen.push(name(w.currentNode));
           while (w.previousNode()) seen.push(name(w.currentNode));
           return seen.join(' '); };
         log(walk());
         log(walk(NodeFilter.SHOW_ELEMENT));
         log(walk(NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_TEXT, n => n.data === 'two' ? NodeFilter.FILTER_SKIP : 1));
         log(walk(-1, { acceptNode: n => n.id === 'a' ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT }));
         const w = document.createTreeWalker($('root'), NodeFilter.SHOW_ELEMENT, n => n.id === 'a' ? 3 : 1);
         log(name(w.firstChild()), name(w.parentNode()), name(w.lastChild()), name(w.previousSibling()), name(w.nextSibling()), name(w.nextNode()));
         log(w.root === $('root'), w.whatToShow, typeof w.filter, thrown(() => document.createTreeWalker(1)));
         const busy = document.createTreeWalker($('root'), 1, () => busy.nextNode());
         log(thrown(() => busy.nextNode()), thrown(() => document.createTreeWalker($('root'), 1, {}).nextNode()));
         w.currentNode = document.body; log(name(w.parentNode()), name(w.currentNode));",
        expect![[r#"
            a one b two c d three d c two b one a root
            a b d b a root
            one c three c one
            c d three d c root
            b root d b d null
            true 1 function TypeError
            InvalidStateError TypeError
            HTML HTML
        "#]],
    );
}

#[test]
fn jobs_run_after_a_filter_was_called() {
    TREE.check(
        "new Promise((done) => {
           setTimeout(done);
           log(name(document.createTreeWalker($('root'), 1, () => 1).nextNode()));
         }).then(() => log('done'));",
        expect![[r#"
            a
            done
        "#]],
    );
}

#[test]
fn node_iterators_stay_in_the_tree_when_nodes_go() {
    TREE.check(
        "const i = document.createNodeIterator($('root'), NodeFilter.SHOW_ELEMENT), seen = [];
         for (let n; n = i.nextNode();) seen.push(name(n));
         log(seen.join(' '), name(i.referenceNode), i.pointerBeforeReferenceNode);
         log(name(i.previousNode()), i.pointerBeforeReferenceNode, name(i.previousNode()));
         $('a').remove(); log(name(i.referenceNode), i.pointerBeforeReferenceNode);
         log(name(i.nextNode()), name(i.nextNode()));
         $('root').textContent = ''; log(name(i.referenceNode), i.pointerBeforeReferenceNode, i.root === $('root'));",
        expect![[r#"
            root a b d d false
            d true b
            c true
            d null
            root false true
        "#]],
    );
}

#[test]
fn ranges_follow_changes_of_the_tree() {
    TREE.check(
        "const r = document.createRange(); r.setStart($('a').firstChild, 1); r.setEnd($('d').firstChild, 3);
         log(at(r), String(r), name(r.commonAncestorContainer), r.collapsed);
         $('root').insertBefore(document.createElement('i'), $('a')); log(at(r));
         $('a').firstChild.insertData(0, 'xx'); log(at(r));
         const tail = $('a').firstChild.splitText(2); log(at(r));
         $('a').normalize(); log(at(r));
         $('a').remove(); log(at(r));
         const s = new Range(); s.selectNodeContents($('root')); log(at(s), r.compareBoundaryPoints(Range.START_TO_START, s), s.comparePoint($('d'), 0), s.intersectsNode(document.body));
         $('root').prepend('p', 'q'); log(at(s));
         $('root').replaceChildren(); log(at(s), at(r));
         log(thrown(() => s.setStart($('root'), 1)), thrown(() => s.selectNode(document)), thrown(() => s.setEnd(document.doctype, 0)), thrown(() => s.compareBoundaryPoints(4, r)));",
        expect![[r#"
            one 1 three 3 netwothr root false
            one 1 three 3
            xxone 3 three 3
            one 1 three 3
            xxone 3 three 3
            root 1 three 3
            root 0 root 3 1 0 true
            root 0 root 5
            root 0 root 0 root 0 root 0
            IndexSizeError InvalidNodeTypeError InvalidNodeTypeError NotSupportedError
        "#]],
    );
}

#[test]
fn contents_of_ranges_are_cloned_extracted_and_deleted() {
    TREE.check(
        "const html = f => { const d = document.createElement('div'); d.append(f); return d.innerHTML; };
         const r = document.createRange(); r.setStart($('b').firstChild, 1); r.setEnd($('d').firstChild, 2);
         log(html(r.cloneContents())); log($('root').innerHTML);
         const copy = r.cloneRange(); log(html(r.extractContents()), at(r), at(copy)); log($('root').innerHTML);
         r.insertNode(document.createElement('hr')); log($('root').innerHTML, at(r));
         r.setStart($('d').firstChild, 1); r.setEnd($('d').firstChild, 2); r.surroundContents(document.createElement('u')); log($('d').outerHTML, at(r));
         r.setStart($('a').firstChild, 1); r.setEnd($('d'), 1); r.deleteContents(); log($('root').innerHTML, at(r));
         r.setStart($('a').firstChild, 0); r.setEnd($('root'), 2); log(thrown(() => r.surroundContents(document.createElement('u'))));
         r.selectNode($('d')); log(html(r.createContextualFragment('<td>x<script>log(\"ran\")</scr' + 'ipt>')));
         document.body.append(document.createRange().createContextualFragment('<script>log(\"ran\")</scr' + 'ipt>'));",
        expect![[r#"
            <p id="a"><b id="b">wo</b></p><!--c--><p id="d">th</p>
            <p id="a">one<b id="b">two</b></p><!--c--><p id="d">three</p>
            <p id="a"><b id="b">wo</b></p><!--c--><p id="d">th</p> root 1 root 1 t 1 ree 0
            <p id="a">one<b id="b">t</b></p><p id="d">ree</p>
            <p id="a">one<b id="b">t</b></p><hr><p id="d">ree</p> root 1 root 2
            <p id="d">r<u>e</u>e</p> d 1 d 2
            <p id="a">o</p><p id="d"><u>e</u>e</p> root 1 root 1
            InvalidStateError
            x<script>log("ran")</script>
            ran
        "#]],
    );
}
