//! Tests of `Headers` and `Response` without a fetch. Each case is a script and its console
//! messages.

use expect_test::expect;

use framepost::PageOptions;

use crate::support::Setting;

/// Runs a page that contains this script and compares its console messages, line by line. The
/// script can call `name(f)` for the name of the exception that `f` throws, and `failed(promise)`
/// for the name of the rejection.
const PAGE: Setting = Setting {
    url: "http://a.test/dir/",
    before: "<!DOCTYPE html><body><script>
        const name = f => { try { f(); return 'no' } catch (e) { return e.name } };
        const failed = p => p.then(() => 'no', e => e.name);
        (async () => { ",
    after: " })();
        </script>",
    options: PageOptions::new,
};

#[test]
fn body_is_read_once_in_each_format() {
    PAGE.check(
        r#"
        const blob = new Blob(["a\u00e9"], { type: "Text/X; Charset=utf-8" });
        console.log([...new Uint8Array(await new Response(blob).arrayBuffer())].join());
        const again = await new Response(blob).blob(); console.log(again.size, again.type, again !== blob);
        console.log(await new Response("t\u00e9xt").text(), (await new Response("\u00e9").bytes()).join());
        console.log(await new Response(new Uint8Array([0, 65, 66]).subarray(1)).text());
        console.log(await new Response(new URLSearchParams("a=b c")).text());
        console.log(JSON.stringify(await new Response('{"a":[1]}').json()), await failed(new Response("{").json()));
        console.log((await new Response().arrayBuffer()).byteLength, await new Response(null).text() === "");
        const response = new Response("x"); console.log(response.bodyUsed); await response.text();
        console.log(response.bodyUsed, await failed(response.text()), name(() => response.clone()));
        const first = new Response("y"), second = first.clone();
        console.log(await first.text(), await second.text(), "body" in first);
        "#,
        expect![[r#"
            97,195,169
            3 text/x;charset=utf-8 true
            téxt 195,169
            AB
            a=b+c
            {"a":[1]} SyntaxError
            0 true
            false
            true TypeError TypeError
            y y true
        "#]],
    );
}

#[test]
fn response_has_status_and_headers() {
    PAGE.check(
        r#"
        const types = ["x", new Blob(["x"]), new Blob(["x"], { type: "a/b" }), new Uint8Array(1), new URLSearchParams()];
        console.log(types.map(body => new Response(body).headers.get("content-type")).join("|"));
        const response = new Response("x", { status: 404, statusText: "No", headers: { "Content-Type": "q/r", "Set-Cookie": "a" } });
        console.log(response.status, response.ok, response.statusText, response.type, [...response.headers].join("|"));
        console.log(name(() => new Response("", { status: 204 })), name(() => new Response(null, { status: 199 })),
            name(() => new Response(null, { statusText: "\n" })), new Response(null, { status: 204 }).ok);
        const error = Response.error(); console.log(error.type, error.status, name(() => error.headers.set("a", "b")));
        const moved = Response.redirect("../x", 301); console.log(moved.status, moved.headers.get("location"), name(() => Response.redirect("", 200)));
        const json = Response.json({ a: 1 }); console.log(json.headers.get("content-type"), await json.text(), name(() => Response.json(() => 1)));
        "#,
        expect![[r#"
            text/plain;charset=UTF-8||a/b||application/x-www-form-urlencoded;charset=UTF-8
            404 false No default content-type,q/r
            TypeError RangeError TypeError true
            error 0 TypeError
            301 http://a.test/x RangeError
            application/json {"a":1} TypeError
        "#]],
    );
}

#[test]
fn headers_iterate_sorted() {
    PAGE.check(
        r#"
        const headers = new Headers([["b", " 1 "], ["A", "2"], ["B", "3"], ["Set-Cookie", "x"], ["set-cookie", "y"]]);
        console.log([...headers].join("|"), headers.get("B"), headers.get("c"), headers.getSetCookie().join("|"));
        headers.set("b", "4"); headers.append("c", "5"); headers.delete("A");
        console.log([...headers.keys()].join(), [...headers.values()].join(), headers.has("C"), headers.has("a"));
        headers.forEach(function (value, key, all) { if (key === "b") console.log(value, all === headers, this.t) }, { t: 1 });
        console.log([() => new Headers([["a"]]), () => new Headers(1), () => headers.set("a b", ""), () => headers.set("a", ".\n."),
            () => headers.set("a", "\u0100"), () => headers.get("")].map(name).join());
        console.log(String(headers), String(headers.entries()), new Headers({ x: "1" }).get("X"), new Headers(headers).get("b"));
        console.log(name(() => headers.entries().next.call(new URLSearchParams("a").entries())));
        "#,
        expect![[r#"
            a,2|b,1, 3|set-cookie,x|set-cookie,y 1, 3 null x|y
            b,c,set-cookie,set-cookie 4,5,x,y true false
            4 true 1
            TypeError,TypeError,TypeError,TypeError,TypeError,TypeError
            [object Headers] [object Headers Iterator] 1 4
            TypeError
        "#]],
    );
}

#[test]
fn request_of_a_removed_frame_keeps_the_base_url_of_its_document() {
    PAGE.check(
        r#"
        const frame = document.body.appendChild(document.createElement("iframe"));
        const { Request } = frame.contentWindow;
        frame.remove();
        const first = new Request("x", { method: "POST", body: "text" });
        const second = new Request(first);
        console.log(second.url === new URL("x", location).href, first.bodyUsed, second.bodyUsed);
        "#,
        expect![[r#"
            true true false
        "#]],
    );
}
