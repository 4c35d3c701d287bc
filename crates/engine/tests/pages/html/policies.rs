//! Tests of policies: content security policies and referrer policies, of headers, of `meta` elements
//! and of attributes.
use expect_test::expect;

use super::headers::{HTML, SCRIPT};
use crate::support::run_served;

/// Declares a policy in a `meta` element.
macro_rules! policy {
    ($policy:literal) => {
        concat!(
            "<head><meta http-equiv=Content-Security-Policy content=\"",
            $policy,
            "\">"
        )
    };
}

#[test]
fn meta_policy_forbids_the_scripts_that_follow_it() {
    let page = concat!(
        "<head><script>console.log('before')</script>",
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-n'\">",
        "<script>console.log('forbidden')</script>",
        "<script nonce=n>console.log('nonce'); try { eval('1') } catch (e) { console.log(e.name) }</script>",
        "<script nonce=n src=a.js></script><script src=b.js></script>",
        "<body onclick=\"console.log('handler')\"><script nonce=n>document.body.click()</script>",
    );
    expect![[r#"
        before
        nonce
        EvalError
        a"#]]
    .assert_eq(
        &run_served(&[
            ("http://a.test/", HTML, page, &[]),
            ("http://a.test/a.js", SCRIPT, "console.log('a')", &[]),
            ("http://a.test/b.js", SCRIPT, "console.log('b')", &[]),
        ])
        .join("\n"),
    );
}

#[test]
fn meta_policy_is_read_only_in_the_head() {
    let page = concat!(
        "<body><meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
        "<script>console.log('runs')</script>",
    );
    assert_eq!(run_served(&[("http://a.test/", HTML, page, &[])]), ["runs"]);
}

#[test]
fn imports_need_a_source_or_the_nonce_of_the_script() {
    let page = concat!(
        policy!("script-src 'nonce-n' http://a.test/allowed/"),
        "<script type=module nonce=n>import 'http://a.test/inner.js'; console.log('static')</script>",
        "<script nonce=n>import('http://a.test/allowed/x.js').then(() => console.log('allowed'));",
        "import('http://a.test/other.js'); try { null.x } catch (e) { console.log('shown', e.stack.includes('\u{3}')) }</script>",
        "<script type=module nonce=n>import('http://a.test/later.js')</script>",
        "<script src=http://a.test/allowed/plain.js></script>",
    );
    let mut said = run_served(&[
        ("http://a.test/", HTML, page, &[]),
        (
            "http://a.test/inner.js",
            SCRIPT,
            "console.log('inner')",
            &[],
        ),
        ("http://a.test/allowed/x.js", SCRIPT, "", &[]),
        (
            "http://a.test/allowed/plain.js",
            SCRIPT,
            "import('http://a.test/never.js').catch((e) => console.log(`plain ${e.name}`))",
            &[],
        ),
        (
            "http://a.test/later.js",
            SCRIPT,
            "import('http://a.test/last.js')",
            &[],
        ),
        ("http://a.test/last.js", SCRIPT, "console.log('last')", &[]),
        (
            "http://a.test/other.js",
            SCRIPT,
            "console.log('other')",
            &[],
        ),
    ]);
    said.sort();
    expect![[r#"
        allowed
        inner
        last
        other
        plain TypeError
        shown false
        static"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn workers_need_permission_and_have_policies_of_their_own() {
    let page = concat!(
        policy!(
            "worker-src http://a.test/free.js http://a.test/strict.js http://a.test/module.js blob:"
        ),
        "<script>for (const [url, type] of [['free.js'], ['strict.js'], ['no.js'], ['module.js', 'module'],",
        "[URL.createObjectURL(new Blob([\"postMessage('blob')\"]))]]) {",
        "const w = new Worker(url, { type }); w.onmessage = ({ data }) => console.log(data);",
        "w.onerror = () => console.log('error', url) }</script>",
    );
    let evaluates = "let said; try { said = eval('\"evaluated\"') } catch (e) { said = e.name }\
        try { importScripts('imported.js') } catch (e) { said += ' ' + e.name }\
        postMessage(location.pathname + ' ' + said)";
    let module = "let said; try { said = eval('\"evaluated\"') } catch (e) { said = e.name } postMessage('module ' + said)";
    let strict: &[(&str, &str)] = &[("Content-Security-Policy", "script-src http://b.test")];
    let mut said = run_served(&[
        ("http://a.test/", HTML, page, &[]),
        ("http://a.test/free.js", SCRIPT, evaluates, &[]),
        ("http://a.test/strict.js", SCRIPT, evaluates, strict),
        ("http://a.test/module.js", SCRIPT, module, strict),
        ("http://a.test/no.js", SCRIPT, "postMessage('no')", &[]),
        ("http://a.test/imported.js", SCRIPT, "", &[]),
    ]);
    said.sort();
    expect![[r#"
        /free.js evaluated
        /strict.js EvalError NetworkError
        blob
        error no.js
        module EvalError"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn referrer_policy_comes_from_header_meta_attribute_and_link() {
    let main = "<meta name=referrer content=origin><body><script>\
        onmessage = ({ data }) => console.log(data);\
        for (const policy of ['', 'no-referrer', 'unsafe-url']) {\
        const f = document.createElement('iframe'); f.referrerPolicy = policy; f.src = '/frame?' + policy; document.body.append(f) }\
        </script><a id=a rel=noreferrer target=t href=/frame?link>x</a><iframe name=t></iframe>\
        <script>a.click()</script>";
    let frame =
        "<script>parent.postMessage(`${location.search} [${document.referrer}]`, '*')</script>";
    let mut said = run_served(&[
        ("http://a.test/", HTML, main, &[]),
        ("http://a.test/frame?", HTML, frame, &[]),
        ("http://a.test/frame?no-referrer", HTML, frame, &[]),
        ("http://a.test/frame?unsafe-url", HTML, frame, &[]),
        ("http://a.test/frame?link", HTML, frame, &[]),
    ]);
    said.sort();
    expect![[r#"
         [http://a.test/]
        ?link []
        ?no-referrer []
        ?unsafe-url [http://a.test/]"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn srcdoc_inherits_the_policies_of_its_container() {
    let main = "<meta name=referrer content=no-referrer><iframe srcdoc=\"<iframe src=/inner></iframe>\"></iframe>\
        <script>onmessage = ({ data }) => console.log(data)</script>";
    let inner = "<script>top.postMessage(`[${document.referrer}]`, '*')</script>";
    let headers: &[(&str, &str)] = &[("Referrer-Policy", "unsafe-url, nonsense")];
    assert_eq!(
        run_served(&[
            ("http://a.test/", HTML, main, headers),
            ("http://a.test/inner", HTML, inner, &[]),
        ]),
        ["[]"]
    );
}

#[test]
fn svg_scripts_run() {
    let page = "<svg><script>console.log('inline', document.currentScript.namespaceURI)</script>\
        <script href=a.js></script><script xlink:href=b.js></script></svg>\
        <script>const s = document.createElementNS('http://www.w3.org/2000/svg', 'script');\
        s.textContent = 'console.log(\"inserted\")'; document.querySelector('svg').append(s)</script>\
        <iframe src=x.svg></iframe>";
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>top.console.log('document', document.contentType)</script></svg>";
    expect![[r#"
        inline http://www.w3.org/2000/svg
        a
        b
        inserted
        document image/svg+xml"#]]
    .assert_eq(
        &run_served(&[
            ("http://a.test/", HTML, page, &[]),
            ("http://a.test/a.js", SCRIPT, "console.log('a')", &[]),
            ("http://a.test/b.js", SCRIPT, "console.log('b')", &[]),
            ("http://a.test/x.svg", "image/svg+xml", svg, &[]),
        ])
        .join("\n"),
    );
}
