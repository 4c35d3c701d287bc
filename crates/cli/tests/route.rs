//! `framepost run --route`.

#![allow(clippy::unwrap_used, missing_docs)]

use support::{files, framepost};

mod support;

const PAGE: &str = "<script type=module>
    const users = await fetch('http://api.test/v1/users?page=2', { method: 'PUT', headers: { 'X-Own': '1' } });
    console.log(users.status, users.headers.get('content-type'), (await users.json()).length);
    console.log((await fetch('/gone')).status, (await fetch('page.html')).status);
    await import('http://cdn.test/library.js');
    console.log(await fetch('http://other.test/').catch(String));
    </script>";

#[test]
fn routes_answer_fetches_and_scripts_of_every_origin() {
    let directory = files([
        ("page.html", PAGE),
        ("users.json", "[1, 2]"),
        ("library.js", "console.log('library')"),
    ]);
    let ran = framepost(
        directory.path(),
        &[
            "run",
            "--quiet",
            "--offline",
            "page.html",
            "--route",
            "*/users?page=*=users.json",
            "--route",
            "http://cdn.test/*=library.js",
            "--route",
            "/gone=410",
        ],
    );
    assert_eq!(
        ran.out,
        "200 application/json 2\n410 200\nlibrary\nTypeError: Failed to fetch\n"
    );
    assert_eq!(
        ran.err,
        "no loader serves the origin of http://other.test/\nnot answered: GET http://other.test/\n"
    );
    assert_eq!(ran.code, Some(0));
}

#[test]
fn route_can_be_the_page_itself() {
    let directory = files([("any.html", "<p>routed")]);
    let arguments = [
        "run",
        "http://a.test/x",
        "--route",
        "http://a.test/*=any.html",
    ];
    let ran = framepost(directory.path(), &[&arguments[..], &["--offline"]].concat());
    assert_eq!(ran.out, "http://a.test/x\n  routed\n");
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
}

#[test]
fn malformed_route_is_an_error_with_its_text() {
    let directory = files([("page.html", "")]);
    for (route, message) in [
        ("nonsense", "expected GLOB=FILE or GLOB=STATUS"),
        ("nonsense", "nonsense"),
        ("*=999", "999 is not a status"),
        (
            "*=absent.json",
            "cannot read the file \"absent.json\" of a route",
        ),
    ] {
        let ran = framepost(directory.path(), &["run", "page.html", "--route", route]);
        assert!(ran.err.contains(message), "{route}: {}", ran.err);
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)), "{route}");
    }
}
