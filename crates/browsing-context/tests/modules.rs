//! Module scripts: which modules are fetched, and when they run.

mod host;

use framepost_browsing_context::Response;
use host::{World, assert_transcript, check};

/// The last lines of every transcript.
const END: &str = "readystatechange document index.html
    DOMContentLoaded document index.html
    readystatechange document index.html
    load window index.html
    pageshow window index.html";

#[track_caller]
fn check_page(html: &str, files: &[(&str, &str)], expected: &str) -> World {
    let mut pages = vec![("index.html", html)];
    pages.extend_from_slice(files);
    check(&pages, expected)
}

/// Checks a page whose scripts all run before its first `readystatechange`.
#[track_caller]
fn check_before_the_end(html: &str, files: &[(&str, &str)], expected: &str) {
    check_page(html, files, &format!("{expected}\n{END}"));
}

#[test]
fn modules_run_in_order_after_parsing_and_classic_scripts_at_once() {
    check_page(
        "<script type=module>log one</script><script type=module id=e src=m.js></script>\
         <script nomodule>log never</script><script defer src=d.js></script><script>log classic</script>",
        &[("m.js", "log external"), ("d.js", "log deferred")],
        "classic
         readystatechange document index.html
         one
         external
         load #e
         deferred
         load <script>
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn whole_graph_is_fetched_and_each_url_once() {
    let mut world = World::new(&[
        (
            "index.html",
            "<script type=module id=a src=a.js></script><script type=module id=b src=b.js></script>",
        ),
        ("a.js", "import ./b.js; import ./c.js; log a"),
        ("b.js", "import ./c.js; import ./a.js; log b"),
        ("c.js", "log c"),
    ]);
    world.hold = Some(".js".to_owned());
    world.open("index.html");
    world.run();
    let asked = |world: &World| world.held.len();
    assert_eq!(asked(&world), 2);
    world.answer_held();
    world.run();
    // Both import c.js and each other.
    assert_eq!(asked(&world), 1);
    assert_transcript(&mut world, "readystatechange document index.html");
    world.answer_held();
    world.run();
    assert_transcript(
        &mut world,
        "a
         load #a
         b
         load #b
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn failed_fetch_fires_error_and_parse_error_runs() {
    check_page(
        "<script type=module id=missing src=none.js></script>\
         <script type=module id=imports src=imports.js></script>\
         <script type=module id=bad src=bad.js></script>\
         <script type=module id=below src=below.js></script>\
         <script type=module id=bare>import bare</script>",
        &[
            ("imports.js", "import ./none.js"),
            ("bad.js", "error"),
            ("below.js", "import ./bad.js; log never"),
        ],
        "readystatechange document index.html
         report: nothing found at http://a.test/none.js
         error #missing
         error #imports
         error in bad.js
         load #bad
         error in bad.js
         load #below
         error in index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn module_needs_a_matching_mime_type() {
    check_page(
        "<script type=module id=text src=m.txt></script>\
         <script type=module id=j>import ./a.json\nlog json</script>\
         <script type=module id=k src=a.json></script>",
        &[("m.txt", "log never"), ("a.json", "")],
        "readystatechange document index.html
         report: http://a.test/m.txt is of type text/plain, which is not shown
         error #text
         json
         report: http://a.test/a.json is of type application/json, which is not shown
         error #k
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn async_modules_run_when_their_graphs_are_complete() {
    let mut world = World::new(&[
        (
            "index.html",
            "<script type=module async src=a.js></script><script type=module async>log inline</script>",
        ),
        ("a.js", "import ./slow.js; log a"),
        ("slow.js", ""),
    ]);
    world.hold = Some("slow".to_owned());
    world.open("index.html");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html
         DOMContentLoaded document index.html
         inline",
    );
    world.answer_held();
    world.run();
    assert_transcript(
        &mut world,
        "a
         load <script>
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn modules_of_other_origins_need_cors() {
    let html = "<script type=module id=m src=http://b.test/m.js></script>";
    check_page(
        html,
        &[("http://b.test/m.js", "log never")],
        "readystatechange document index.html
         report: refused to load http://b.test/m.js: it has another origin, and its response does not allow this origin
         error #m
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    let mut world = World::new(&[("index.html", html), ("http://b.test/m.js", "log allowed")]);
    world.hold = Some("b.test".to_owned());
    world.open("index.html");
    world.run();
    for (_, answer) in &mut world.held {
        let response: Response = answer.clone().expect("a response");
        *answer = Ok(response.with_header("Access-Control-Allow-Origin", "http://a.test"));
    }
    world.answer_held();
    world.run();
    assert!(
        world.transcript.contains(&"allowed".to_owned()),
        "{:?}",
        world.transcript
    );
}

#[test]
fn classic_scripts_of_other_origins_are_muted_without_cors() {
    let html = "<script src=http://b.test/a.js></script><script crossorigin id=c src=http://b.test/c.js></script>";
    check_before_the_end(
        html,
        &[("http://b.test/a.js", "log no cors"), ("http://b.test/c.js", "log never")],
        "no cors
         load <script>
         report: refused to load http://b.test/c.js: it has another origin, and its response does not allow this origin
         error #c",
    );
}

#[test]
fn dynamic_imports_settle_when_their_graphs_are_complete() {
    // They do not delay the load event.
    check_page(
        "<script>dynamic m.js; dynamic none.js; log asked</script><script>dynamic bad.js</script>",
        &[("m.js", "import ./n.js"), ("n.js", ""), ("bad.js", "error")],
        "asked
         readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html
         report: nothing found at http://a.test/none.js
         import none.js Failed
         import bad.js ParseError(module#3)
         import m.js Complete",
    );
}

#[test]
fn modules_of_a_destroyed_document_are_removed() {
    let mut world = World::new(&[
        (
            "index.html",
            "<script type=module>import ./m.js</script><script>dynamic x.js</script>",
        ),
        ("m.js", ""),
        ("x.js", "import ./slow.js"),
        ("slow.js", ""),
        ("next.html", ""),
    ]);
    world.hold = Some("slow".to_owned());
    let top = world.open("index.html");
    world.run();
    assert_eq!(world.contexts.counts().modules, 4);
    world.navigate(top, "next.html");
    world.run();
    let counts = world.contexts.counts();
    assert_eq!((counts.modules, counts.scripts, counts.requests), (0, 0, 0));
    world.answer_held();
    world.run();
}
