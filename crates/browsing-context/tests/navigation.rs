//! Navigation of frames and pages.

mod host;

use framepost_browsing_context::{Response, Url};
use host::{World, assert_transcript};

#[test]
fn page_unloads_its_frames_first() {
    let mut world = World::new(&[
        ("1.html", "<iframe src=in.html></iframe>"),
        ("in.html", ""),
        ("2.html", "<script>log two</script>"),
    ]);
    world.open("1.html");
    world.run();
    world.verbose = true;
    world.transcript.clear();
    let top = world.top.unwrap();
    world.navigate(top, "2.html");
    world.run();
    assert_transcript(
        &mut world,
        "beforeunload window 1.html
         beforeunload window in.html
         realm window#4 in navigable#1
         pagehide window in.html
         visibilitychange document in.html
         unload window in.html
         pagehide window 1.html
         visibilitychange document 1.html
         unload window 1.html
         active navigable#1 window#4 2.html
         gone document#4
         gone window#3
         gone navigable#2
         gone document#2
         gone window#2
         script 2.html:1
         two
         readystatechange document 2.html
         DOMContentLoaded document 2.html
         readystatechange document 2.html
         load window 2.html
         pageshow window 2.html",
    );
    assert_eq!(
        world.contexts.session_history(top).unwrap().entries().len(),
        2
    );
}

#[test]
fn later_navigation_cancels_the_earlier() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f></iframe>"),
        ("one.html", ""),
        ("two.html", ""),
    ]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    let document = world.document();
    world.run_commands(document, "go f one.html; go f two.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("load"));
    assert_transcript(&mut world, "load window two.html\nload #f");
    assert_eq!(world.contexts.counts().requests, 0);
}

#[test]
fn response_to_a_canceled_navigation_is_dropped() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f></iframe>"),
        ("slow.html", ""),
        ("two.html", ""),
    ]);
    world.open("index.html");
    world.run();
    world.hold = Some("slow".to_owned());
    let document = world.document();
    world.run_commands(document, "go f slow.html; go f two.html");
    world.answer_held();
    world.run();
    world
        .transcript
        .retain(|line| line.starts_with("load window"));
    assert_transcript(&mut world, "load window index.html\nload window two.html");
}

#[test]
fn frame_may_be_removed_while_it_unloads() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f src=one.html></iframe>"),
        ("one.html", ""),
        ("two.html", ""),
    ]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    world.on("pagehide window one.html", "up remove f");
    let document = world.document();
    world.run_commands(document, "go f two.html");
    world.run();
    assert_transcript(&mut world, "pagehide window one.html");
    let counts = world.contexts.counts();
    assert_eq!(
        (counts.navigables, counts.documents, counts.windows),
        (1, 1, 1)
    );
}

#[test]
fn fragment_navigation_keeps_the_document() {
    let mut world = World::new(&[("index.html", "<p>")]);
    let top = world.open("index.html");
    world.run();
    world.transcript.clear();
    let document = world.document();
    world.navigate(top, "index.html#a");
    world.navigate(top, "index.html#a");
    world.navigate(top, "index.html#b");
    assert_eq!(
        world.contexts.document(document).unwrap().url().as_str(),
        "http://a.test/index.html#b"
    );
    world.run();
    assert_eq!(world.document(), document);
    assert_transcript(
        &mut world,
        "popstate window index.html#a
         popstate window index.html#a
         popstate window index.html#b
         hashchange window index.html#b
         hashchange window index.html#b",
    );
    // The second one replaced the first, which had the same URL.
    assert_eq!(
        world.contexts.session_history(top).unwrap().entries().len(),
        3
    );
}

#[test]
fn response_without_content_keeps_the_document() {
    let mut world = World::new(&[("index.html", "<iframe id=f src=nothing.html></iframe>")]);
    let url = Url::parse("http://a.test/nothing.html").unwrap();
    world
        .loader
        .add_response(Response::new(url, "text/html", "").with_status(204));
    world.open("index.html");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn redirect_decides_url_and_origin() {
    let mut world = World::new(&[]);
    let answered = Url::parse("http://b.test/there.html").unwrap();
    let asked = Url::parse("http://a.test/here.html").unwrap();
    // A loader follows redirects and returns the last URL.
    let mut response = Response::new(asked, "text/html", "");
    world.loader.add_response(response.clone());
    response.url = answered;
    world.hold = Some("here".to_owned());
    let top = world.open("here.html#f");
    let (request, _) = world.held.pop().unwrap();
    world.held.push((request, Ok(response)));
    world.answer_held();
    world.run();
    let document = world.contexts.document(world.document()).unwrap();
    assert_eq!(document.url().as_str(), "http://b.test/there.html#f");
    assert_eq!(document.origin().to_string(), "http://b.test");
    assert!(world.contexts.parent(top).is_none());
}

#[test]
fn content_security_policy_sandboxes_the_document() {
    let mut world = World::new(&[]);
    let url = Url::parse("http://a.test/index.html").unwrap();
    let response = Response::new(url, "text/html", "<script>log no</script>").with_header(
        "Content-Security-Policy",
        "default-src 'self'; sandbox allow-forms",
    );
    world.loader.add_response(response);
    world.open("index.html");
    world.run();
    assert!(
        world.transcript[0].starts_with("report: a script of"),
        "{:?}",
        world.transcript
    );
    assert!(
        world
            .contexts
            .document(world.document())
            .unwrap()
            .origin()
            .is_opaque()
    );
}

#[test]
fn sandboxed_frame_does_not_navigate_the_page() {
    let mut world = World::new(&[
        (
            "index.html",
            "<iframe id=f sandbox=allow-scripts src=in.html></iframe>",
        ),
        ("in.html", ""),
        ("evil.html", ""),
    ]);
    let top = world.open("index.html");
    world.run();
    world.transcript.clear();
    let child = world.contexts.children(top)[0];
    let source = world.contexts.active_document(child).unwrap();
    let url = Url::parse("http://a.test/evil.html").unwrap();
    let params = framepost_browsing_context::NavigateParams::new(url).by(source);
    let steps = world.contexts.navigate(&mut world.event_loop, top, params);
    world.steps(steps);
    world.run();
    assert_transcript(
        &mut world,
        "report: navigating to http://a.test/evil.html is blocked by a sandbox",
    );
}

#[test]
fn base_element_decides_the_base_url() {
    let mut world = World::new(&[(
        "dir/index.html",
        "<base href=/other/><base href=/no/><iframe id=f></iframe>",
    )]);
    world.open("dir/index.html");
    world.run();
    let document = world.document();
    let parse = |world: &World, document, url: &str| {
        world.contexts.parse_url(document, url).unwrap().to_string()
    };
    assert_eq!(parse(&world, document, "x"), "http://a.test/other/x");
    let frame = world.by_id(document, "f");
    let child = world.contexts.content_navigable(&frame).unwrap();
    let inner = world.contexts.active_document(child).unwrap();
    assert_eq!(parse(&world, inner, "y"), "http://a.test/other/y");
    assert_eq!(
        world
            .contexts
            .parse_url(document, "http://[")
            .unwrap_err()
            .name(),
        "SyntaxError"
    );
}
