//! Tests of the self-contained web APIs: URLs, blobs and blob URLs, `FileReader`, encodings,
//! base64, mutation observers and parsing from script. Each case is a script and its console
//! messages.

use expect_test::{Expect, expect};

/// Runs a page that contains this script and compares its console messages and unhandled errors,
/// one per line.
#[track_caller]
fn check(script: &str, expected: Expect) {
    let html = format!("<!DOCTYPE html><title>t</title><body><script>{script}</script>");
    crate::support::check_page("http://a.test/dir/page.html", &html, expected);
}

#[test]
fn url_parses_against_base_and_exposes_parts() {
    check(
        r#"
        const url = new URL("../x?q=1#h", "http://user:pw@b.test:8080/a/b/c");
        console.log(url.href);
        console.log([url.origin, url.protocol, url.username, url.password, url.host, url.hostname,
            url.port, url.pathname, url.search, url.hash].join(" "));
        console.log(String(url) === url.href, JSON.stringify(url) === `"${url.href}"`);
        url.protocol = "https"; url.hostname = "c.test"; url.port = "443"; url.pathname = "/p q";
        url.search = ""; url.hash = "";
        console.log(url.href);
        url.port = "nonsense"; url.host = "";
        console.log(url.href);
        for (const args of [["/x"], ["http://"], ["x", "nonsense"]]) {
            try { new URL(...args); } catch (e) { console.log(e.name, URL.canParse(...args), URL.parse(...args)); }
        }
        try { url.href = "nonsense"; } catch (e) { console.log(e.name, url.hostname); }
        try { URL("http://a/"); } catch (e) { console.log(e.name); }
        console.log(URL.length, URL.name, webkitURL === URL, Object.prototype.toString.call(url));
        "#,
        expect![[r#"
            http://user:pw@b.test:8080/a/x?q=1#h
            http://b.test:8080 http: user pw b.test:8080 b.test 8080 /a/x ?q=1 #h
            true true
            https://user:pw@c.test/p%20q
            https://user:pw@c.test/p%20q
            TypeError false null
            TypeError false null
            TypeError false null
            TypeError c.test
            TypeError
            1 URL true [object URL]
        "#]],
    );
}

#[test]
fn search_params_and_url_stay_in_sync() {
    check(
        r#"
        const url = new URL("http://a.test/?a=1&b=2&a=3");
        const params = url.searchParams;
        console.log(params === url.searchParams, params.get("a"), params.getAll("a").join());
        params.append("c", "x y"); params.delete("b"); params.set("a", "é");
        console.log(url.href, params.size);
        url.search = "?z=1&y=2&z=0";
        console.log(params.toString(), params.has("z", "0"), params.has("z", "5"));
        params.sort();
        console.log(url.search);
        url.href = "http://b.test/";
        console.log(params.size);
        params.append("q", "1"); params.delete("q");
        console.log(url.href);
        "#,
        expect![[r#"
            true 1 1,3
            http://a.test/?a=%C3%A9&c=x+y 2
            z=1&y=2&z=0 true false
            ?y=2&z=1&z=0
            0
            http://b.test/
        "#]],
    );
}

#[test]
fn search_params_accept_strings_pairs_and_records() {
    check(
        r#"
        const make = init => new URLSearchParams(init).toString();
        console.log(make() === "", make("?a=b"), make([["a", "b"], ["c", "d"]]), make({ x: 1, y: null }));
        console.log(make(new URLSearchParams("p=q")), make(new Map([["m", "n"]])));
        for (const bad of [[["a"]], [["a", "b", "c"]], { [Symbol("s")]: 1 }, { [Symbol.iterator]: 1 }]) {
            try { make(bad); console.log("made"); } catch (e) { console.log(e.name); }
        }
        const params = new URLSearchParams("a=1&b=2");
        console.log(JSON.stringify([...params]), [...params.keys()].join(), [...params.values()].join());
        params.forEach(function (value, name, object) {
            console.log(value, name, object === params, this.it);
        }, { it: "this" });
        const proto = URLSearchParams.prototype, iterator = params.entries();
        console.log(proto[Symbol.iterator] === proto.entries, proto.entries.name,
            Object.getOwnPropertyDescriptor(proto, Symbol.iterator).enumerable);
        console.log(Object.prototype.toString.call(iterator), iterator[Symbol.iterator]() === iterator);
        params.append("c", "3");
        console.log([...iterator].length);
        try { iterator.next.call({}); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            true a=b a=b&c=d x=1&y=null
            p=q m=n
            TypeError
            TypeError
            TypeError
            TypeError
            [["a","1"],["b","2"]] a,b 1,2
            1 a true this
            2 b true this
            true entries false
            [object URLSearchParams Iterator] true
            3
            TypeError
        "#]],
    );
}

#[test]
fn blobs_concatenate_parts_and_slice() {
    check(
        r#"
        const part = new Blob(["xy"]);
        const blob = new Blob(["a\r\nb", new Uint8Array([67, 68, 69]).subarray(1), part, 7,
            new DataView(new ArrayBuffer(1))], { type: "Text/Plain", endings: "native" });
        console.log(blob.size, blob.type, blob instanceof Blob);
        const slice = blob.slice(3, -2, "X/Y");
        console.log(slice.size, slice.type);
        blob.text().then(text => console.log(JSON.stringify(text)));
        slice.arrayBuffer().then(b => console.log(b instanceof ArrayBuffer, new Uint8Array(b).join()));
        blob.bytes().then(b => console.log(b.constructor.name, b.length));
        for (const bad of ["abc", null, {}, 1]) {
            try { new Blob(bad); } catch (e) { console.log(e.name); }
        }
        try { new Blob([], { endings: "no" }); } catch (e) { console.log(e.name); }
        const file = new File(["1"], "n.txt", { lastModified: 5.9, type: "a/b" });
        console.log(file.name, file.lastModified, file.size, file.type, file instanceof Blob, File.length);
        console.log(Object.prototype.toString.call(file), "name" in blob, typeof new File([], "").lastModified);
        try { new File([]); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            9 text/plain true
            4 x/y
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            n.txt 5 1 a/b true 2
            [object File] false number
            TypeError
            "a\nbDExy7\u0000"
            true 68,69,120,121
            Uint8Array 9
        "#]],
    );
}

#[test]
fn frames_load_blob_urls_until_revoked() {
    check(
        r#"
        const html = "<script>parent.log('loaded', location.protocol, origin === parent.origin)<\/script>";
        const url = URL.createObjectURL(new Blob([html], { type: "text/html" }));
        window.log = (...args) => console.log(...args);
        console.log(/^blob:http:\/\/a\.test\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(url));
        const frame = document.createElement("iframe");
        frame.src = url;
        frame.onload = () => {
            URL.revokeObjectURL(url);
            frame.onload = () => console.log("the frame is empty:", frame.contentDocument?.body?.textContent ?? null);
            frame.src = url;
        };
        document.body.append(frame);
        try { URL.createObjectURL({}); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            true
            TypeError
            loaded blob: true
            the frame is empty: null
        "#]],
    );
}

#[test]
fn file_reader_fires_events_in_tasks() {
    check(
        r#"
        const reader = new FileReader();
        for (const type of ["loadstart", "progress", "load", "loadend", "abort", "error"]) {
            reader.addEventListener(type, e => console.log(type, e.loaded, e.total, e instanceof ProgressEvent));
        }
        console.log(reader.readyState, reader.result, FileReader.DONE);
        reader.readAsText(new Blob(["h\u00e9"]));
        console.log(reader.readyState);
        try { reader.readAsText(new Blob()); } catch (e) { console.log(e.name); }
        reader.onload = () => {
            console.log(reader.readyState, reader.result);
            reader.onload = () => {
                console.log(reader.result);
                reader.onload = null;
                reader.readAsArrayBuffer(new Blob(["x"]));
                reader.abort();
                console.log(reader.readyState, reader.result);
                reader.abort();
            };
            reader.readAsDataURL(new Blob([], { type: "a/b" }));
        };
        "#,
        expect![[r#"
            0 null 2
            1
            InvalidStateError
            loadstart 0 3 true
            progress 3 3 true
            load 3 3 true
            2 hé
            loadstart 0 0 true
            load 0 0 true
            data:a/b;base64,
            abort 0 0 true
            loadend 0 0 true
            2 null
            loadend 0 0 true
        "#]],
    );
}

#[test]
fn text_encoder_and_decoder_round_trip() {
    check(
        r#"
        const encoder = new TextEncoder();
        console.log(encoder.encoding, encoder.encode("\u20ac\ud800").join(), encoder.encode().length);
        const room = new Uint8Array(new ArrayBuffer(8), 2, 4);
        const { read, written } = encoder.encodeInto("a\u20ac\u20ac", room);
        console.log(read, written, room.join());
        const decoder = new TextDecoder("latin1", { fatal: true });
        console.log(decoder.encoding, decoder.fatal, decoder.ignoreBOM);
        console.log(new TextDecoder().decode(new Uint8Array([239, 187, 191, 97, 255])));
        const stream = new TextDecoder();
        console.log(stream.decode(new Uint8Array([226, 130]), { stream: true }) + stream.decode(new Uint8Array([172]).buffer));
        try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])); } catch (e) { console.log(e.name); }
        for (const label of ["nonsense", "replacement"]) {
            try { new TextDecoder(label); } catch (e) { console.log(e.name); }
        }
        try { new TextDecoder().decode("x"); } catch (e) { console.log(e.name); }
        try { encoder.encodeInto("x", new Int8Array(1)); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            utf-8 226,130,172,239,191,189 0
            2 4 97,226,130,172
            windows-1252 true false
            a�
            €
            TypeError
            RangeError
            RangeError
            TypeError
            TypeError
        "#]],
    );
}

#[test]
fn atob_decodes_forgivingly() {
    check(
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
    check(
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
    check(
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
    check(
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
    check(
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
            error: Uncaught Error: thrown
        "#]],
    );
}

#[test]
fn script_parses_and_serializes_documents() {
    check(
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
fn blobs_are_cloned_in_messages() {
    check(
        r#"
        const file = new File(["abc"], "f", { type: "t/t", lastModified: 1 });
        onmessage = async ({ data: { file: copy, blob } }) => {
            console.log(copy instanceof File, copy !== file, copy.name, copy.type, copy.lastModified);
            console.log(blob.constructor === Blob, await blob.text());
        };
        postMessage({ file, blob: file.slice(1) }, "*");
        "#,
        expect![[r#"
            true true f t/t 1
            true bc
        "#]],
    );
}
