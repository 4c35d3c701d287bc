//! Tests of shadow trees: event paths, retargeting and encapsulation. Each case is a script and its
//! console messages.

use expect_test::expect;

use framepost::PageOptions;

use crate::support::Setting;

/// Runs a page that contains this script and compares its console messages, line by line.
///
/// The script can call `tree(mode, html)`, which creates a host with a shadow tree in the body,
/// `say(…targets)`, which prints targets by ID, and `name(f)`, which returns the name of the
/// exception that `f` throws.
const PAGE: Setting = Setting {
    url: "http://a.test/",
    before: "<!DOCTYPE html><html id=html><body id=body><script>
        const name = f => { try { f(); return 'no' } catch (e) { return e.name } };
        const one = t => !t ? String(t) : t.id || (t === window ? 'window' : t === document ? 'document' : t instanceof ShadowRoot ? 'root' : t.nodeName);
        const say = (...targets) => console.log(targets.map(t => Array.isArray(t) ? t.map(one).join('<') : typeof t === 'string' || typeof t === 'number' ? t : one(t)).join(' '));
        const tree = (mode, html, inside = document.body) => {
            const host = document.createElement('div'); host.id = 'host'; inside.append(host);
            const root = host.attachShadow({ mode }); root.innerHTML = html;
            return { host, root, get: id => root.getElementById(id) };
        };
        </script><script>",
    after: "</script>",
    options: PageOptions::new,
};

#[test]
fn shadow_host_and_root_refer_to_each_other() {
    PAGE.check(
        r#"
        const { host, root, get } = tree("open", "<p id=in>x</p>");
        console.log(host.shadowRoot === root, root.host === host, root.mode, String(root), root.nodeType, root.innerHTML);
        console.log(get("in").isConnected, get("in").getRootNode() === root, get("in").getRootNode({ composed: true }) === document,
            get("in").ownerDocument === document, document.getElementById("in"), host.innerHTML === "", host.childNodes.length);
        console.log(name(() => host.attachShadow({ mode: "open" })), name(() => document.createElement("a").attachShadow({ mode: "open" })),
            name(() => document.body.attachShadow({})), name(() => document.body.attachShadow({ mode: "x" })), name(() => root.cloneNode()),
            name(() => document.adoptNode(root)), name(() => document.importNode(root)));
        console.log(tree("closed", "").host.shadowRoot, host.cloneNode(true).shadowRoot, root instanceof DocumentFragment);
        host.remove(); console.log(get("in").isConnected, get("in").getRootNode({ composed: true }) === host);
        const c = document.createElement("div"); c.attachShadow({ mode: "open", clonable: true }).innerHTML = "<b>1</b>";
        console.log(c.cloneNode().shadowRoot.innerHTML);
        "#,
        expect![[r#"
            true true open [object ShadowRoot] 11 <p id="in">x</p>
            true true true true null true 0
            NotSupportedError NotSupportedError TypeError TypeError NotSupportedError HierarchyRequestError NotSupportedError
            null null true
            false true
            <b>1</b>
        "#]],
    );
}

#[test]
fn events_are_retargeted_at_shadow_boundaries() {
    PAGE.check(
        r#"
        const { host, root, get } = tree("closed", "<p id=in></p>");
        const log = e => say(e.currentTarget, "target", e.target, "phase", e.eventPhase, "path", e.composedPath(), window.event ? "shown" : "hidden");
        for (const target of [get("in"), root, host, document, window]) target.addEventListener("x", log);
        host.addEventListener("x", log, true);
        const event = new Event("x", { bubbles: true, composed: true });
        get("in").dispatchEvent(event);
        say(event.target, event.composedPath().length);
        get("in").dispatchEvent(new Event("x", { bubbles: true }));
        get("in").dispatchEvent(new Event("x", { composed: true }));
        "#,
        expect![[r#"
            host target host phase 2 path host<body<html<document<window shown
            in target in phase 2 path in<root<host<body<html<document<window hidden
            root target in phase 3 path in<root<host<body<html<document<window hidden
            host target host phase 2 path host<body<html<document<window shown
            document target host phase 3 path host<body<html<document<window shown
            window target host phase 3 path host<body<html<document<window shown
            host 0
            in target in phase 2 path in<root hidden
            root target in phase 3 path in<root hidden
            host target host phase 2 path host<body<html<document<window shown
            in target in phase 2 path in<root<host<body<html<document<window hidden
            host target host phase 2 path host<body<html<document<window shown
        "#]],
    );
}

#[test]
fn event_path_includes_assigned_slots() {
    PAGE.check(
        r#"
        const { host, root, get } = tree("open", "<div id=a><slot id=s></slot></div><slot id=n name=n><i id=fallback></i></slot>");
        const child = host.appendChild(document.createElement("b")); child.id = "child";
        const text = host.appendChild(document.createTextNode("t"));
        say(child.assignedSlot, text.assignedSlot, get("s").assignedNodes(), get("s").assignedElements());
        child.addEventListener("x", e => say(e.composedPath()));
        get("s").addEventListener("x", e => say(e.currentTarget, e.target, e.eventPhase));
        child.dispatchEvent(new Event("x", { bubbles: true }));
        say("none", get("n").assignedNodes(), "flat", get("n").assignedNodes({ flatten: true }));
        child.slot = "n"; say(child.assignedSlot, get("n").assignedNodes({ flatten: true }), get("s").assignedNodes());
        const closed = tree("closed", "<slot id=s></slot>");
        const other = closed.host.appendChild(document.createElement("b")); other.id = "other";
        say(other.assignedSlot, closed.get("s").assignedNodes());
        other.addEventListener("x", e => say(e.composedPath()));
        closed.get("s").addEventListener("x", e => say(e.composedPath()));
        other.dispatchEvent(new Event("x", { bubbles: true }));
        "#,
        expect![[r#"
            s s child<#text child
            child<s<a<root<host<body<html<document<window
            s child 3
            none  flat fallback
            n child #text
            null other
            other<host<body<html<document<window
            other<s<root<host<body<html<document<window
        "#]],
    );
}

#[test]
fn related_targets_are_retargeted_and_cleared() {
    PAGE.check(
        r#"
        const { host, root, get } = tree("open", "<p id=in></p><p id=two></p>");
        const fire = (target, relatedTarget, composed = true) => {
            const event = new FocusEvent("x", { relatedTarget, bubbles: true, composed });
            target.dispatchEvent(event);
            say("after", event.target, event.relatedTarget);
        };
        for (const target of [get("in"), host, document.body]) target.addEventListener("x", e => say(e.currentTarget, e.target, e.relatedTarget));
        fire(get("in"), get("two"));
        fire(document.body, get("in"));
        fire(get("in"), document.body);
        fire(host, get("in"));
        fire(window, get("in"));
        "#,
        expect![[r#"
            in in two
            after null null
            body body host
            after body host
            in in body
            host host body
            body host body
            after host body
            after null in
            after window host
        "#]],
    );
}

#[test]
fn clicks_scripts_and_frames_work_in_shadow_trees() {
    PAGE.check(
        r#"
        const { host, root, get } = tree("closed", "<input id=box type=checkbox><script>console.log('never')</scr" + "ipt>");
        let seen = [];
        get("box").addEventListener("change", () => seen.push("change"));
        host.addEventListener("input", e => seen.push("input " + e.target.id));
        host.addEventListener("change", () => seen.push("not here"));
        get("box").click(); console.log(get("box").checked, seen.join());
        const script = document.createElement("script"); script.textContent = "console.log('runs', document.currentScript)"; root.append(script);
        const frame = document.createElement("iframe"); root.append(frame);
        console.log(frame.contentWindow.parent === window, frame.contentDocument !== null);
        host.remove(); console.log(frame.contentWindow);
        document.body.append(host); console.log(frame.contentWindow !== null);
        "#,
        expect![[r#"
            true input host,change
            runs null
            true true
            null
            true
        "#]],
    );
}

#[test]
fn shadow_tree_listeners_live_as_long_as_the_host() {
    PAGE.check(
        r#"
        tree("closed", "<p id=in></p>").get("in").addEventListener("x", () => console.log("heard"));
        let poke; { const t = tree("closed", "<b id=b></b>"); t.get("b").addEventListener("x", () => console.log("kept")); t.host.id = "h2"; poke = t.root; }
        document.getElementById("host").addEventListener("probe", () => {});
        setTimeout(() => {
            for (let i = 0; i < 200000; i++) ({ i });
            poke.firstChild.dispatchEvent(new Event("x"));
        }, 0);
        "#,
        expect![[r#"
            kept
        "#]],
    );
}

#[test]
fn templates_with_a_shadow_root_mode_become_shadow_trees() {
    crate::support::check_page(
        "http://a.test/",
        "<!doctype html><body><div id=host><template shadowrootmode=open shadowrootclonable><script>
           console.log(document.getElementById('host').shadowRoot.firstChild === document.currentScript, document.currentScript);
         </script><slot></slot></template>light<template shadowrootmode=open>again</template></div>
         <a id=a><template shadowrootmode=open></template></a>
         <p id=p><template shadowrootmode=closed>x</template></p>
         <script>
           const host = document.getElementById('host'), $ = id => document.getElementById(id);
           console.log(host.shadowRoot.mode, host.shadowRoot.clonable, host.innerHTML);
           console.log($('a').innerHTML, $('p').shadowRoot, $('p').childNodes.length);
           console.log(host.cloneNode(true).shadowRoot.querySelector('slot') !== null);
           const taken = host.attachShadow({ mode: 'open' }); console.log(taken === host.shadowRoot, taken.childNodes.length);
           try { host.attachShadow({ mode: 'open' }) } catch (e) { console.log(e.name) }
           const t = document.createElement('template'); t.shadowRootMode = 'OPEN'; console.log(t.outerHTML, t.shadowRootMode, t.shadowRootClonable);
           const d = document.createElement('div'); d.innerHTML = '<div><template shadowrootmode=open></template></div>'; console.log(d.firstChild.shadowRoot, d.innerHTML);
         </script>",
        expect![[r#"
            false null
            open true light<template shadowrootmode="open">again</template>
            <template shadowrootmode="open"></template> null 0
            true
            true 0
            NotSupportedError
            <template shadowrootmode="OPEN"></template> open false
            null <div><template shadowrootmode="open"></template></div>
        "#]],
    );
}

#[test]
fn unsafe_markup_has_shadow_trees_and_may_run_scripts() {
    PAGE.check(
        r#"
        const div = document.body.appendChild(document.createElement("div"));
        const html = "<p><template shadowrootmode=open><i>x</i></template></p><script>console.log('ran', div.children.length)<\/script><hr>";
        div.setHTMLUnsafe(html); console.log(div.firstChild.shadowRoot.innerHTML, div.children.length);
        div.setHTMLUnsafe(html, { runScripts: true });
        const root = document.createElement("div").attachShadow({ mode: "open" }); root.setHTMLUnsafe("<b>1</b>"); console.log(root.innerHTML);
        const t = document.createElement("template"); t.setHTMLUnsafe("<b>2</b>"); console.log(t.childNodes.length, t.content.firstChild.outerHTML);
        const doc = Document.parseHTMLUnsafe("<p><template shadowrootmode=open>y</template></p><script>console.log('never')<\/script><noscript><u></u></noscript>");
        console.log(doc.URL, doc.contentType, doc.querySelector("p").shadowRoot.innerHTML, doc.querySelector("u") !== null, doc.location);
        console.log(new DOMParser().parseFromString("<p><template shadowrootmode=open>y</template></p>", "text/html").querySelector("p").shadowRoot);
        "#,
        expect![[r#"
            <i>x</i> 3
            ran 3
            <b>1</b>
            0 <b>2</b>
            about:blank text/html y true null
            null
        "#]],
    );
}
