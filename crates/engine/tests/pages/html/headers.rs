//! Tests of response headers that affect documents and scripts.

use crate::support::run_served;

pub(crate) const HTML: &str = "text/html";
pub(crate) const SCRIPT: &str = "text/javascript";

#[test]
fn frames_are_forbidden_by_headers() {
    let main = "<body><script>const names = ['deny', 'same', 'none', 'self', 'both', 'free', 'other'];\
        for (const name of names) { const f = document.createElement('iframe'); f.onload = () => console.log('load', name, f.contentDocument === null); \
        f.src = name === 'other' ? 'http://b.test/other' : name; document.body.append(f); }</script>";
    let inner =
        "<script>parent.postMessage(1, '*'); top.console?.log('shown', location.pathname)</script>";
    let said = run_served(&[
        ("http://a.test/", HTML, main, &[]),
        (
            "http://a.test/deny",
            HTML,
            inner,
            &[("X-Frame-Options", "DENY")],
        ),
        (
            "http://a.test/same",
            HTML,
            inner,
            &[("X-Frame-Options", "sameorigin")],
        ),
        (
            "http://a.test/none",
            HTML,
            inner,
            &[("Content-Security-Policy", "frame-ancestors 'none'")],
        ),
        (
            "http://a.test/self",
            HTML,
            inner,
            &[("Content-Security-Policy", "frame-ancestors 'self'")],
        ),
        (
            "http://a.test/both",
            HTML,
            inner,
            &[
                ("X-Frame-Options", "deny"),
                ("Content-Security-Policy", "frame-ancestors http://a.test"),
            ],
        ),
        ("http://a.test/free", HTML, inner, &[]),
        (
            "http://b.test/other",
            HTML,
            "<script>parent.postMessage(1, '*')</script>",
            &[("X-Frame-Options", "SAMEORIGIN")],
        ),
    ]);
    let shown: Vec<&String> = said
        .iter()
        .filter(|line| line.starts_with("shown"))
        .collect();
    assert_eq!(
        shown,
        ["shown /same", "shown /self", "shown /both", "shown /free"],
        "{said:?}"
    );
    // A frame that is refused has loaded a document of another origin.
    for line in [
        "load deny true",
        "load none true",
        "load same false",
        "load other true",
    ] {
        assert!(said.contains(&line.to_owned()), "{line}: {said:?}");
    }
}

#[test]
fn scripts_are_forbidden_by_their_type() {
    let main = "<script src=plain onerror=\"console.log('error plain')\"></script>\
        <script src=nosniff onerror=\"console.log('error nosniff')\"></script>\
        <script src=image onerror=\"console.log('error image')\"></script>\
        <script src=good></script>";
    let nosniff: &[(&str, &str)] = &[("X-Content-Type-Options", "nosniff")];
    let said = run_served(&[
        ("http://a.test/", HTML, main, &[]),
        (
            "http://a.test/plain",
            "text/plain",
            "console.log('plain')",
            &[],
        ),
        (
            "http://a.test/nosniff",
            "text/plain",
            "console.log('nosniff')",
            nosniff,
        ),
        (
            "http://a.test/image",
            "image/png",
            "console.log('image')",
            &[],
        ),
        ("http://a.test/good", SCRIPT, "console.log('good')", nosniff),
    ]);
    assert_eq!(said, ["plain", "error nosniff", "error image", "good"]);
}

#[test]
fn attachments_are_not_shown() {
    let main = "<body><iframe src=file onload=\"console.log('load')\"></iframe>\
        <script>onload = () => console.log(frames[0].location.href)</script>";
    let said = run_served(&[
        ("http://a.test/", HTML, main, &[]),
        (
            "http://a.test/file",
            HTML,
            "<script>console.log('shown')</script>",
            &[("Content-Disposition", "attachment; filename=x")],
        ),
    ]);
    assert!(!said.contains(&"shown".to_owned()), "{said:?}");
    assert!(said.contains(&"about:blank".to_owned()), "{said:?}");
}

#[test]
fn frame_policies_decide_only_about_what_is_shown() {
    let main = "<body><iframe src=file onload=\"console.log('load')\"></iframe>\
        <script>onload = () => console.log(frames[0].location.href)</script>";
    let said = run_served(&[
        ("http://a.test/", HTML, main, &[]),
        (
            "http://a.test/file",
            HTML,
            "<script>console.log('shown')</script>",
            &[
                ("Content-Disposition", "attachment; filename=x"),
                ("X-Frame-Options", "deny"),
            ],
        ),
    ]);
    // A frame that is refused would load a document of another origin.
    assert_eq!(said, ["about:blank"]);
}

#[test]
fn content_security_policies_decide_about_scripts() {
    let main = "<body onclick=\"console.log('handler')\"><script>console.log('inline')</script>\
        <script nonce=n>console.log('nonce'); \
        for (const f of [() => eval('1'), () => new Function('1'), () => (0, eval)('1')]) try { f(); console.log('evaluated') } catch (e) { console.log(e.name) }\
        document.body.click(); setTimeout(\"console.log('string timer')\"); location.href = \"javascript:console.log('url')\";\
        const f = document.createElement('iframe'); f.srcdoc = \"<script>parent.console.log('srcdoc')<\\/script><script nonce=n>parent.console.log('srcdoc nonce')<\\/script>\"; document.body.append(f);</script>\
        <script src=own></script><script src=http://b.test/other onerror=\"console.log('never: a handler')\"></script>\
        <script nonce=n>document.scripts[document.scripts.length - 1].textContent; console.log('end')</script>";
    let said = run_served(&[
        (
            "http://a.test/",
            HTML,
            main,
            &[("Content-Security-Policy", "script-src 'self' 'nonce-n'")],
        ),
        ("http://a.test/own", SCRIPT, "console.log('own')", &[]),
        ("http://b.test/other", SCRIPT, "console.log('other')", &[]),
    ]);
    assert_eq!(
        said,
        [
            "nonce",
            "EvalError",
            "EvalError",
            "EvalError",
            "srcdoc nonce",
            "own",
            "end"
        ]
    );
}
