//! Tests of trees of nodes: lookups, changes, collections and attributes.

use crate::support::{page, script};

#[test]
fn selectors_and_lookups_find_elements() {
    page(
        "<p id=a class='x y'>one</p><p class=x>two</p><script>
         console.log(document.getElementById('a').textContent, document.querySelector('.y').id);
         console.log(document.querySelectorAll('p').length, document.getElementsByTagName('p')[1].innerText);
         console.log(document.getElementsByClassName('x').length, document.querySelector('b'));
         console.log(document.querySelector('p') === document.getElementById('a'));
         </script>",
        &["one a", "2 two", "2 null", "true"],
    );
    script(
        "try { document.querySelector('[') } catch (e) { console.log(e.name, e.code, e instanceof DOMException, e instanceof Error) }",
        &["SyntaxError 12 true true"],
    );
}

#[test]
fn host_is_not_inserted_into_its_own_tree() {
    script(
        "const t = document.createElement('template'), outer = document.createElement('div'), host = document.createElement('div');
         const shadow = host.attachShadow({ mode: 'open' }), inner = document.createElement('template'); outer.append(t, host); t.content.append(inner);
         for (const [parent, child] of [[t.content, t], [t.content, outer], [inner.content, t], [shadow, host], [shadow, outer]])
           try { parent.append(child); console.log('inserted') } catch (e) { console.log(e.name) }
         const p = shadow.appendChild(document.createElement('p')); try { shadow.replaceChild(host, p) } catch (e) { console.log(e.name) }
         const other = document.createElement('template'); other.content.append(t); console.log(other.content.childNodes.length);",
        &[
            "HierarchyRequestError",
            "HierarchyRequestError",
            "HierarchyRequestError",
            "HierarchyRequestError",
            "HierarchyRequestError",
            "HierarchyRequestError",
            "1",
        ],
    );
}

#[test]
fn observers_are_called_in_the_order_of_their_creation() {
    script(
        "const a = new MutationObserver(() => console.log('a')), b = new MutationObserver(() => console.log('b'));
         const p = document.createElement('p'); b.observe(p, { attributes: true }); a.observe(p, { attributes: true });
         p.id = 'x';",
        &["a", "b"],
    );
}

#[test]
fn tree_mutations_update_and_validate() {
    script(
        "const d = document.createElement('div'); d.innerHTML = '<b>x</b>y'; document.body.append(d, 'z');
         console.log(d.childNodes.length, d.firstChild.tagName, d.outerHTML, document.body.lastChild.data);
         d.firstChild.remove(); console.log(d.innerHTML); d.replaceWith('gone'); console.log(d.parentNode, d.isConnected);",
        &["2 B <div><b>x</b>y</div> z", "y", "null false"],
    );
    script(
        "const p = document.createElement('p'); try { p.appendChild(p) } catch (e) { console.log(e.name) }
         try { p.removeChild(document.body) } catch (e) { console.log(e.name) }
         try { p.appendChild('x') } catch (e) { console.log(e.name) }
         try { document.createElement('<') } catch (e) { console.log(e.name) }",
        &["HierarchyRequestError", "NotFoundError", "TypeError", "InvalidCharacterError"],
    );
    script(
        "document.body.innerText = 'a\\nb'; console.log(document.body.innerHTML, document.body.textContent)",
        &["a<br>b ab"],
    );
}

#[test]
fn attributes_and_class_list_work() {
    script(
        "const e = document.createElement('div'); e.setAttribute('Data-X', 1); e.id = 'i'; e.className = 'a b';
         console.log(e.getAttribute('data-x'), e.outerHTML, e.hasAttribute('ID'), e.getAttribute('none'));
         e.classList.add('c'); e.classList.remove('a'); console.log(e.className, e.classList.contains('b'), e.classList.length, e.classList[1]);
         console.log(e.classList.toggle('b'), e.classList.toString(), [...e.classList].join('|'));
         console.log(e.attributes.length, e.attributes[0].name, e.attributes.id.value);",
        &[
            "1 <div data-x=\"1\" id=\"i\" class=\"a b\"></div> true null",
            "b c true 2 c",
            "false c c",
            "3 data-x i",
        ],
    );
}

#[test]
fn collections_are_live_and_cached() {
    script(
        "const b = document.body, c = b.children, n = c.length; b.append(document.createElement('i'));
         console.log(c.length - n, c === b.children, c[c.length - 1].tagName, c[99], c.item(99));
         console.log(Object.keys(c).length === c.length, 'length' in c, '0' in c, Array.from(c).length === c.length);
         console.log(b.childNodes instanceof NodeList, c instanceof HTMLCollection, String(c));",
        &["1 true I undefined null", "true true true true", "true true [object HTMLCollection]"],
    );
}

#[test]
fn element_keeps_expando_properties() {
    page(
        "<p></p><script>document.querySelector('p').mark = 1</script>
         <script>console.log(document.querySelector('p').mark)</script>",
        &["1"],
    );
    script(
        "(function () { const d = document.createElement('div'); d.innerHTML = '<p><b></b></p>'; d.mark = 1; window.b = d.querySelector('b') })();
         for (let i = 0; i < 20000; i++) document.createElement('i').innerHTML = '<u></u>';
         console.log(b.parentNode.parentNode.mark, b.parentNode.tagName)",
        &["1 P"],
    );
}

#[test]
fn elements_keep_their_objects_when_trees_merge() {
    script(
        "const all = []; let tree = document.createElement('b'); tree.mark = 'leaf';
         for (let i = 0; i < 300; i++) { const p = document.createElement('i'); p.mark = i; p.append(tree); tree = p; all.push(new WeakRef(p)) }
         const list = tree.childNodes, small = document.createElement('u'); small.mark = 'small'; tree.append(small);
         document.body.append(tree);
         for (let i = 0; i < 20000; i++) document.createElement('i').innerHTML = '<u></u>';
         let at = document.body.lastChild, same = at === tree && list[1] === small && small.mark === 'small';
         for (let i = 299; i >= 0; i--) { same &&= at.mark === i; at = at.firstChild }
         console.log(same, at.mark);
         const cut = tree.firstChild; cut.remove(); tree.remove(); tree.firstChild.append(cut);
         console.log(cut.parentNode === small, cut.mark, small.parentNode === tree, cut.firstChild.mark)",
        &["true leaf", "true 298 true 297"],
    );
}

#[test]
fn form_controls_have_values_and_submit() {
    page(
        "<form id=f><input id=t value=v><input type=checkbox id=c><select id=s><option>1<option value=2 selected>x</select><textarea id=a>t</textarea><button id=b>go</button></form>
         <script>
         console.log(t.value, c.checked, s.value, a.value, f.elements.length, t.form === f);
         t.value = 'new'; c.click(); console.log(t.value, t.getAttribute('value'), c.checked);
         f.onsubmit = e => { console.log('submit', e.submitter.id); e.preventDefault() }; b.click();
         </script>",
        &["v false 2 t 5 true", "new v true", "submit b"],
    );
}

#[test]
fn document_write_inserts_at_the_script() {
    page(
        "<p>a</p><script>document.write('<p id=w>b</p><script>console.log(\"inner\")<' + '/script>'); console.log(document.getElementById('w').textContent)</script><script>console.log(document.querySelectorAll('p').length)</script>",
        &["inner", "b", "2"],
    );
}

#[test]
fn created_documents_adopt_nodes() {
    script(
        "const d = document.implementation.createHTMLDocument('t'); console.log(d.title, d.body.tagName, d.defaultView, d !== document);
         const p = d.createElement('p'); console.log(p.ownerDocument === d); document.body.append(p); console.log(p.ownerDocument === document)",
        &["t BODY null true", "true", "true"],
    );
}

#[test]
fn script_elements_run_when_inserted() {
    script(
        "const s = document.createElement('script'); s.textContent = 'console.log(\"ran\", document.currentScript === s)'; document.body.append(s); console.log('after')",
        &["ran true", "after"],
    );
}

#[test]
fn live_collections_follow_every_change_of_the_tree() {
    // After each change each collection is read in a different order, and compared with a walk.
    page(
        "<form id=f></form><div id=d><i class=a></i><b><i></i></b><i name=n></i></div><script>
         const walk = (root, test) => [...root.querySelectorAll('*')].filter(test);
         const kinds = [
             [d.getElementsByTagName('i'), () => walk(d, e => e.localName == 'i')],
             [d.getElementsByTagName('*'), () => walk(d, () => true)],
             [d.getElementsByClassName('a'), () => walk(d, e => e.classList.contains('a'))],
             [document.getElementsByName('n'), () => walk(document, e => e.getAttribute('name') == 'n')],
             [d.children, () => walk(d, e => e.parentNode == d)],
             [d.childNodes, () => { const all = []; for (let c = d.firstChild; c; c = c.nextSibling) all.push(c); return all }],
             [f.elements, () => walk(document, e => e.localName == 'input' && e.getAttribute('form') == 'f')],
         ];
         let wrong = 0, checks = 0;
         const same = (a, b) => a.length == b.length && a.every((e, i) => e === b[i]);
         function check() {
             for (const [list, expected] of kinds) {
                 const now = expected();
                 checks++;
                 const first = list[0], beyond = list[now.length], last = list[now.length - 1];
                 if (first !== now[0] || beyond !== undefined || last !== now[now.length - 1]) wrong++;
                 if (list.length != now.length || !same([...list], now)) wrong++;
             }
         }
         check();
         const e = document.createElement('i');
         d.append(e); check(); d.prepend(e); check(); d.children[1].after(e, 'text'); check();
         e.className = 'a b'; check(); e.setAttribute('name', 'n'); check(); e.removeAttribute('class'); check();
         e.name = 'm'; e.setAttribute('name', 'm'); check(); e.remove(); check();
         d.innerHTML += '<i></i><p class=a><i class=a></i></p>'; check();
         const input = document.createElement('input'); d.append(input); check();
         input.setAttribute('form', 'f'); check(); input.removeAttribute('form'); check();
         d.replaceChildren(e); check(); document.write('<i name=n>'); check();
         console.log(checks, wrong);
         </script>",
        &["105 0"],
    );
    // Removing while counting down and while draining, and a static list that does not change.
    script(
        "document.body.innerHTML = '<u></u>'.repeat(5); const us = document.getElementsByTagName('u'), fixed = document.querySelectorAll('u');
         us[4].remove(); console.log(us.length, fixed.length, us[3] === fixed[3], fixed[4].isConnected);
         while (us.length) us[0].remove(); console.log(us.length, us[0], fixed[1].tagName);",
        &["4 5 true false", "0 undefined U"],
    );
}

#[test]
fn nodes_that_move_keep_their_frames_ranges_and_records() {
    page(
        "<!doctype html><body><div id=a><iframe srcdoc='<script>parent.console.log(`loaded`)</script>'></iframe><i>x</i></div><div id=b></div><script>
         onload = () => {
             const frame = document.querySelector('iframe'), inner = frame.contentWindow, i = document.querySelector('i');
             inner.kept = 1;
             const range = new Range; range.setStart(i.firstChild, 1);
             const observer = new MutationObserver(() => {});
             observer.observe(document.body, { childList: true, subtree: true });
             b.moveBefore(frame, null); b.moveBefore(i, frame);
             console.log(b.innerHTML.replace(/srcdoc=\".*\"/, ''), frame.contentWindow === inner, inner.kept, frames.length);
             console.log(range.startContainer.id, range.startOffset);
             console.log(observer.takeRecords().map(r => `${r.target.id} +${r.addedNodes.length} -${r.removedNodes.length}`).join());
             const thrown = f => { try { f(); return 'no error' } catch (e) { return e.name } };
             console.log(thrown(() => b.moveBefore(document.createElement('p'), null)), thrown(() => i.moveBefore(b, null)),
                 thrown(() => b.moveBefore(i, a)), thrown(() => b.moveBefore(i)), thrown(() => b.moveBefore(i, i)));
         };
         </script>",
        &[
            "loaded",
            "<i>x</i><iframe ></iframe> true 1 1",
            "a 0",
            "a +0 -1,b +1 -0,a +0 -1,b +1 -0",
            "HierarchyRequestError HierarchyRequestError NotFoundError TypeError no error",
        ],
    );
}

#[test]
fn trees_of_many_levels_can_be_built_in_both_directions() {
    script(
        "const make = () => document.createElement('div'); let at = document.body;
         for (let i = 0; i < 3000; i++) { const next = make(); at.append(next); at = next; }
         let upper = make(); const leaf = upper;
         for (let i = 0; i < 3000; i++) { const next = make(); next.append(upper); upper = next; }
         at.append(upper);
         console.log(leaf.isConnected, leaf.getRootNode() === document, document.querySelectorAll('div').length, document.body.contains(leaf));
         upper.remove(); console.log(leaf.isConnected, leaf.getRootNode() === upper, leaf.ownerDocument === document, document.body.contains(leaf));
         try { leaf.append(upper) } catch (e) { console.log(e.name) }
         leaf.append(document.querySelector('div')); console.log(at.getRootNode() === upper, document.body.childNodes.length);",
        &[
            "true true 6001 true",
            "false true true false",
            "HierarchyRequestError",
            "true 1",
        ],
    );
}
