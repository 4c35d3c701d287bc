//! Tests of URLs and their queries.

use expect_test::expect;

use crate::support::{EMPTY, check_script};

#[test]
fn url_parses_against_base_and_exposes_parts() {
    EMPTY.check(
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
    EMPTY.check(
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
    EMPTY.check(
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
fn links_have_and_change_the_parts_of_their_url() {
    check_script(
        "for (const name of ['a', 'area']) {
           const link = document.createElement(name);
           link.port = '1';
           log(link.protocol, link.hasAttribute('href'), JSON.stringify(link.username));
           link.href = 'http://u:p@a.test:81/b?c#d';
           log(link.username, link.password, link.host, link.hostname, link.port, link.pathname, link.search, link.hash);
           link.protocol = 'https'; link.username = 'v'; link.password = ''; link.hostname = 'b.test'; link.port = '443';
           link.pathname = 'x y'; link.search = 'q'; link.hash = '';
           log(link.getAttribute('href'));
           // Invalid values change nothing.
           link.port = 'x'; link.protocol = 'mailto'; link.host = 'a b';
           log(link.getAttribute('href'));
           link.href = 'mailto:a@a.test';
           link.username = 'u'; link.port = '1'; link.pathname = 'b';
           log(link.href, JSON.stringify(link.host));
         }",
        expect![[r#"
            : false ""
            u p a.test:81 a.test 81 /b ?c #d
            https://v@b.test/x%20y?q
            https://v@b.test/x%20y?q
            mailto:a@a.test ""
            : false ""
            u p a.test:81 a.test 81 /b ?c #d
            https://v@b.test/x%20y?q
            https://v@b.test/x%20y?q
            mailto:a@a.test ""
        "#]],
    );
}
