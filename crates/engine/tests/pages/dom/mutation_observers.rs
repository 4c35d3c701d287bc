//! Tests of mutation observers.

use expect_test::expect;

use crate::support::EMPTY;

/// Prints records: type, target, added and removed nodes, and siblings.
const DESCRIBE: &str = r#"
    const name = node => node && (node.id || node.nodeName.toLowerCase());
    const names = list => [...list].map(name).join("+");
    const log = records => {
        for (const r of records) {
            console.log(r.type, name(r.target), `added[${names(r.addedNodes)}]`,
                `removed[${names(r.removedNodes)}]`, name(r.previousSibling), name(r.nextSibling),
                r.attributeName, r.oldValue);
        }
    };
    const make = id => Object.assign(document.createElement("i"), { id });
"#;

#[test]
fn observer_records_child_mutations() {
    EMPTY.check(
        &format!(
            r#"{DESCRIBE}
        const root = make("top"), [a, b, c] = ["a", "b", "c"].map(make);
        const observer = new MutationObserver((records, self) => {{
            log(records);
            console.log(self === observer, records[0] instanceof MutationRecord);
        }});
        observer.observe(root, {{ childList: true }});
        root.append(a); root.append(b, c); root.insertBefore(c, a); root.removeChild(a);
        root.replaceChild(a, b); root.textContent = "t"; root.replaceChildren();
        a.append(make("not seen"));
        console.log("the script ends");
        "#
        ),
        expect![[r#"
            the script ends
            childList top added[a] removed[] null null null null
            childList top added[b+c] removed[] a null null null
            childList top added[] removed[c] b null null null
            childList top added[c] removed[] null a null null
            childList top added[] removed[a] c b null null
            childList top added[a] removed[b] c null null null
            childList top added[#text] removed[c+a] null null null null
            childList top added[] removed[#text] null null null null
            true true
        "#]],
    );
}

#[test]
fn observer_records_old_values_on_request() {
    EMPTY.check(
        &format!(
            r#"{DESCRIBE}
        const root = make("top"), below = make("below"), text = document.createTextNode("x");
        root.append(below); below.append(text);
        const all = new MutationObserver(log);
        all.observe(root, {{ attributeOldValue: true, characterDataOldValue: true, subtree: true }});
        root.setAttribute("p", "1"); below.setAttribute("p", "2"); below.setAttribute("p", "3");
        below.removeAttribute("p"); below.removeAttribute("absent"); text.data = "y";
        log(all.takeRecords());
        console.log(all.takeRecords().length);
        all.observe(root, {{ attributeFilter: ["q"] }});
        root.setAttribute("p", "4"); root.setAttribute("q", "5"); below.setAttribute("q", "6");
        Promise.resolve().then(() => {{
            all.disconnect();
            root.setAttribute("q", "7");
            console.log(all.takeRecords().length);
        }});
        for (const bad of [{{}}, {{ subtree: true }}, {{ childList: true, attributes: false, attributeOldValue: true }},
                {{ attributes: false, attributeFilter: [] }}, {{ characterData: false, characterDataOldValue: true }}]) {{
            try {{ all.observe(root, bad); }} catch (e) {{ console.log(e.name); }}
        }}
        try {{ new MutationObserver({{}}); }} catch (e) {{ console.log(e.name); }}
        "#
        ),
        expect![[r#"
            attributes top added[] removed[] null null p null
            attributes below added[] removed[] null null p null
            attributes below added[] removed[] null null p 2
            attributes below added[] removed[] null null p 3
            characterData #text added[] removed[] null null null x
            0
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            attributes top added[] removed[] null null q null
            0
        "#]],
    );
}

#[test]
fn removed_subtree_is_observed_until_the_microtask() {
    EMPTY.check(
        &format!(
            r#"{DESCRIBE}
        const root = make("top"), below = make("below");
        root.append(below);
        new MutationObserver(log).observe(root, {{ childList: true, subtree: true }});
        below.remove();
        below.append(make("inner"));
        setTimeout(() => {{ below.append(make("not seen")); root.append(make("seen")); }});
        "#
        ),
        expect![[r#"
            childList top added[] removed[below] null null null null
            childList below added[inner] removed[] null null null null
            childList top added[seen] removed[] null null null null
        "#]],
    );
}

#[test]
fn observers_are_notified_in_one_microtask() {
    EMPTY.check(
        r#"
        const node = document.createElement("p");
        const observer = new MutationObserver(records => {
            console.log("observer", records.length);
            throw new Error("thrown");
        });
        observer.observe(node, { attributes: true });
        Promise.resolve().then(() => console.log("before"));
        node.id = "1";
        Promise.resolve().then(() => console.log("after"));
        node.id = "2";
        "#,
        expect![[r#"
            before
            observer 2
            after
            ERROR http://a.test/dir/page.html:5:19: Uncaught Error: thrown
        "#]],
    );
}

#[test]
fn node_that_replaces_itself_is_removed_and_added() {
    EMPTY.check(
        &format!(
            r#"{DESCRIBE}
        const root = make("top"), [a, b] = ["a", "b"].map(make);
        root.append(a, b);
        const observer = new MutationObserver(log);
        observer.observe(root, {{ childList: true }});
        root.replaceChild(a, a);
        "#
        ),
        expect![[r#"
            childList top added[] removed[a] null b null null
            childList top added[a] removed[] null b null null
        "#]],
    );
}

#[test]
fn nodes_that_are_moved_often_are_observed_once() {
    EMPTY.check(
        r#"
        const nodes = [];
        for (let i = 0; i < 30; i++) nodes.push(document.body.appendChild(document.createElement("i")));
        const observer = new MutationObserver(() => {});
        observer.observe(document.body, { childList: true, subtree: true });
        for (let i = 0; i < 300; i++) {
            const [a, b] = [nodes[i % 30], nodes[(i * 7 + 1) % 30]];
            if (!a.contains(b)) b.append(a);
        }
        const before = observer.takeRecords().length;
        document.body.replaceChildren();
        nodes[3].append("seen");
        console.log(before > 100, observer.takeRecords().filter(r => r.addedNodes.length).length);
        "#,
        expect![[r#"
            true 1
        "#]],
    );
}
