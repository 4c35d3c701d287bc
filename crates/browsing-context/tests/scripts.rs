//! Which scripts run, when they run, and `document.write()`.

mod host;

use framepost_browsing_context::{Response, Url};
use host::{World, assert_transcript, check};

/// The last lines of every transcript.
const END: &str = "readystatechange document index.html
    load window index.html
    pageshow window index.html";

#[track_caller]
fn check_page(html: &str, files: &[(&str, &str)], expected: &str) -> World {
    let mut pages = vec![("index.html", html)];
    pages.extend_from_slice(files);
    check(&pages, &format!("{expected}\n{END}"))
}

#[test]
fn inline_scripts_run_in_place_with_their_lines() {
    let mut world = World::new(&[(
        "index.html",
        "<p>\n<script>log a</script>\n\n<script>\nlog b</script>",
    )]);
    world.verbose = true;
    world.open("index.html");
    world.run();
    world
        .transcript
        .retain(|line| line.starts_with("script") || line.len() == 1);
    assert_transcript(&mut world, "script index.html:2\na\nscript index.html:4\nb");
}

#[test]
fn external_script_blocks_the_parser() {
    check_page(
        "<script>log 1</script><script id=s src=a.js></script><script>log 3</script>",
        &[("a.js", "log 2")],
        "1
         2
         load #s
         3
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn deferred_scripts_run_after_parsing_and_async_scripts_when_loaded() {
    check_page(
        "<script defer src=d1.js></script><script async src=a.js></script>\
         <script defer src=d2.js></script><script>log inline</script>",
        &[
            ("d1.js", "log d1"),
            ("d2.js", "log d2"),
            ("a.js", "log async"),
        ],
        "inline
         readystatechange document index.html
         d1
         load <script>
         async
         load <script>
         d2
         load <script>
         DOMContentLoaded document index.html",
    );
}

#[test]
fn async_scripts_delay_load_but_not_content_loaded() {
    let mut world = World::new(&[
        ("index.html", "<script async src=slow.js></script>"),
        ("slow.js", "log slow"),
    ]);
    world.hold = Some("slow".to_owned());
    world.open("index.html");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html\nDOMContentLoaded document index.html",
    );
    world.answer_held();
    world.run();
    assert_transcript(&mut world, &format!("slow\nload <script>\n{END}"));
}

#[test]
fn scripts_of_unknown_types_do_not_run() {
    check_page(
        "<script type=text/plain>log no</script><script type=''>log empty</script>\
         <script type=' Text/JavaScript '>log spaces</script><script type=importmap>log no</script>\
         <script language=javascript>log language</script><script language=vb>log no</script>\
         <script nomodule>log no</script><script for=x event=y>log no</script>\
         <script for=window event='onload()'>log for</script><script></script>",
        &[],
        "empty
         spaces
         language
         for
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn modules_are_deferred() {
    check_page(
        "<script type=module>log module</script><script>log classic</script>\
         <script type=module src=m.js></script><script type=module src=m.txt></script>",
        &[("m.js", "log external module"), ("m.txt", "log no")],
        "classic
         readystatechange document index.html
         module
         external module
         load <script>
         report: http://a.test/m.txt is of type text/plain, which is not shown
         error <script>
         DOMContentLoaded document index.html",
    );
}

#[test]
fn failed_scripts_fire_error() {
    let html = "<script id=a src=missing.js></script><script id=b src=></script><script id=c src='http://['></script><script>log on</script>";
    check(
        &[("index.html", html)],
        "report: nothing found at http://a.test/missing.js
         error #a
         on
         readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html
         error #b
         error #c",
    );
}

#[test]
fn response_with_an_error_status_runs_no_script() {
    let mut world = World::new(&[("index.html", "<script id=s src=a.js></script>")]);
    let url = Url::parse("http://a.test/a.js").unwrap();
    world
        .loader
        .add_response(Response::new(url, "text/javascript", "log no").with_status(404));
    world.open("index.html");
    world.run();
    world.transcript.truncate(2);
    assert_transcript(
        &mut world,
        "report: loading http://a.test/a.js was answered with status 404\nerror #s",
    );
}

#[test]
fn inserted_scripts_run_at_once_or_when_loaded() {
    check_page(
        "<body><script>log 1; run log 2; log 3; script x a.js; log 4</script>",
        &[("a.js", "log async")],
        "1
         2
         3
         4
         readystatechange document index.html
         DOMContentLoaded document index.html
         async
         load #x",
    );
}

#[test]
fn inserted_scripts_that_are_not_async_keep_their_order() {
    let mut world = World::new(&[
        (
            "index.html",
            "<body><script>script a slow.js -async; script b b.js -async</script>",
        ),
        ("slow.js", "log slow"),
        ("b.js", "log b"),
    ]);
    world.hold = Some("slow".to_owned());
    world.open("index.html");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html\nDOMContentLoaded document index.html",
    );
    world.answer_held();
    world.run();
    assert_transcript(&mut world, &format!("slow\nload #a\nb\nload #b\n{END}"));
}

#[test]
fn empty_script_runs_when_it_gets_text() {
    check_page(
        "<script id=s></script><script>html s log ran; log end</script>",
        &[],
        "ran
         end
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn script_runs_once() {
    check_page(
        "<div id=a><script id=s>log ran</script></div><div id=b></div><script>set s src a.js; html s log no</script>",
        &[("a.js", "log no")],
        "ran
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn microtasks_run_after_each_script_and_before_the_next() {
    check_page(
        "<script>microtask; log 1</script><script>log 2</script>",
        &[],
        "1
         microtask
         2
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn written_text_is_parsed_at_once() {
    let world = check_page(
        "<p>a<script>write <b>b</b><script>log inner<\\/script>; log outer</script>c",
        &[],
        "inner
         outer
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let html = world.html(world.document());
    assert!(
        html.contains("</script><b>b</b><script>log inner</script>c</p>"),
        "{html}"
    );
}

#[test]
fn tag_may_be_written_in_pieces() {
    let world = check_page(
        "<script>write <i; write  id=x>y; write </</script>i>z",
        &[],
        "readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let html = world.html(world.document());
    assert!(html.contains("<i id=\"x\">y</i>z"), "{html}");
}

#[test]
fn written_scripts_may_write_scripts() {
    let world = check_page(
        "<script>write 1<script>write 2<\\/script>3; log outer</script>4",
        &[],
        "outer
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let html = world.html(world.document());
    assert!(html.contains("1<script>write 2</script>234"), "{html}");
}

#[test]
fn written_external_script_blocks_text_written_after_it() {
    let world = check_page(
        "<script>write 1<script src=a.js><\\/script>3; write 4; log end of outer</script>5",
        &[("a.js", "log external; write 2")],
        "end of outer
         external
         load <script>
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let html = world.html(world.document());
    assert!(
        html.contains("1<script src=\"a.js\"></script>2345"),
        "{html}"
    );
}

#[test]
fn written_frames_load_at_once() {
    check_page(
        "<script>write <iframe id=f></iframe><script>log after frame<\\/script>; log end</script>",
        &[],
        "load #f
         after frame
         end
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
}

#[test]
fn writing_after_the_end_reopens_the_document() {
    let mut world = check_page(
        "<p>old<iframe id=f></iframe>",
        &[],
        "load #f
         readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let document = world.document();
    world.run_commands(
        document,
        "write <p>new<script>log written<\\/script>; log returned; close",
    );
    world.run();
    assert_transcript(
        &mut world,
        &format!(
            "erase listeners
             readystatechange document index.html
             written
             returned
             readystatechange document index.html
             DOMContentLoaded document index.html
             {END}"
        ),
    );
    let html = world.html(document);
    assert_eq!(
        html,
        "<html><head></head><body><p>new<script>log written</script></p></body></html>"
    );
    assert_eq!(world.contexts.counts().navigables, 1);
}

#[test]
fn async_and_deferred_scripts_do_not_write() {
    let world = check_page(
        "<p>x<script defer src=a.js></script>",
        &[("a.js", "write gone; log ran")],
        "readystatechange document index.html
         ran
         load <script>
         DOMContentLoaded document index.html",
    );
    assert!(!world.html(world.document()).contains("gone"));
}

#[test]
fn inner_html_and_clones_of_run_scripts_run_nothing() {
    let mut world = World::new(&[("index.html", "<body id=b><script id=s>log once</script>")]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    let document = world.document();
    world.run_commands(
        document,
        "inner b <script id=t>log never</script><p id=p></p>",
    );
    let script = world.by_id(document, "t");
    let copy = world.contexts.clone_node(
        &script,
        framepost_browsing_context::dom::CloneScope::Subtree,
    );
    let target = world.by_id(document, "p");
    let steps = world.contexts.append(&target, &copy).unwrap();
    world.steps(steps);
    assert_transcript(&mut world, "");
}

#[test]
fn script_with_nomodule_is_no_violation_of_the_policy() {
    let policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";
    let mut world = World::new(&[(
        "index.html",
        &format!("{policy}<script nomodule>log never</script>"),
    )]);
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("report"));
    assert_transcript(&mut world, "");
    let mut world = World::new(&[("index.html", &format!("{policy}<script>log never</script>"))]);
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("report"));
    assert_eq!(world.transcript.len(), 1);
}
