//! Frames: insertion, load events, removal, nesting.

mod host;

use host::{World, assert_transcript, check};

#[test]
fn page_without_frames_loads() {
    check(
        &[("index.html", "<p>x</p><script>log during</script>")],
        "during
         readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn initial_about_blank_fires_load_before_the_next_token() {
    check(
        &[(
            "index.html",
            "<script>log before</script><iframe id=f>x</iframe><script>log after</script>",
        )],
        "before
         load #f
         after
         readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn frame_with_src_loads_before_its_parent() {
    check(
        &[
            (
                "index.html",
                "<iframe id=f src=child.html></iframe><script>log script</script>",
            ),
            ("child.html", "<script>log child</script>"),
        ],
        "script
         readystatechange document index.html
         DOMContentLoaded document index.html
         child
         readystatechange document child.html
         DOMContentLoaded document child.html
         readystatechange document child.html
         load window child.html
         pageshow window child.html
         load #f
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
}

#[test]
fn nested_frames_complete_from_the_inside() {
    let mut world = World::new(&[
        ("1.html", "<iframe id=a src=2.html></iframe>"),
        ("2.html", "<iframe id=b src=3.html></iframe>"),
        ("3.html", "x"),
    ]);
    world.open("1.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("load"));
    assert_transcript(
        &mut world,
        "load window 3.html
         load #b
         load window 2.html
         load #a
         load window 1.html",
    );
}

#[test]
fn srcdoc_loads_in_a_task_and_inherits_origin_and_base() {
    let world = check(
        &[(
            "dir/index.html",
            "<iframe id=f srcdoc='<script>log inner</script>' src=no.html></iframe><script>log outer</script>",
        )],
        "outer
         readystatechange document index.html
         DOMContentLoaded document index.html
         inner
         readystatechange document about:srcdoc
         DOMContentLoaded document about:srcdoc
         readystatechange document about:srcdoc
         load window about:srcdoc
         pageshow window about:srcdoc
         load #f
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    let top = world.document();
    let frame = world.by_id(top, "f");
    let child = world.contexts.content_navigable(&frame).unwrap();
    let document = world.contexts.active_document(child).unwrap();
    let held = world.contexts.document(document).unwrap();
    assert!(
        held.origin()
            .same_origin(world.contexts.document(top).unwrap().origin())
    );
    let url = world.contexts.parse_url(document, "x.html").unwrap();
    assert_eq!(url.as_str(), "http://a.test/dir/x.html");
    assert_eq!(
        held.quirks_mode(),
        framepost_browsing_context::QuirksMode::NoQuirks
    );
}

#[test]
fn window_of_the_initial_about_blank_is_kept_for_the_same_origin() {
    let mut world = World::new(&[
        (
            "index.html",
            "<iframe src=same.html></iframe><iframe src=http://b.test/other.html></iframe>",
        ),
        ("same.html", ""),
        ("http://b.test/other.html", ""),
    ]);
    world.verbose = true;
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| {
        line.starts_with("realm") || line.starts_with("active") || line.starts_with("gone")
    });
    // The top-level window is new, because the initial about:blank has another origin.
    assert_transcript(
        &mut world,
        "realm window#1 in navigable#1
         active navigable#1 window#1 about:blank
         realm window#2 in navigable#1
         active navigable#1 window#2 index.html
         gone document#1
         gone window#1
         realm window#3 in navigable#2
         active navigable#2 window#3 about:blank
         realm window#4 in navigable#3
         active navigable#3 window#4 about:blank
         active navigable#2 window#3 same.html
         gone document#3
         realm window#5 in navigable#3
         active navigable#3 window#5 other.html
         gone document#4
         gone window#4",
    );
}

#[test]
fn failed_frame_is_reported_and_fires_load() {
    let world = check(
        &[("index.html", "<iframe id=f src=missing.html></iframe>")],
        "readystatechange document index.html
         DOMContentLoaded document index.html
         report: nothing found at http://a.test/missing.html
         readystatechange document missing.html
         DOMContentLoaded document missing.html
         readystatechange document missing.html
         load window missing.html
         pageshow window missing.html
         load #f
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    let frame = world.by_id(world.document(), "f");
    let child = world.contexts.content_navigable(&frame).unwrap();
    let window = world.contexts.active_window(child).unwrap();
    // The document has the origin of the server.
    let origin = world.contexts.origin_of_global(window).unwrap();
    assert_eq!(origin.to_string(), "http://a.test");
}

#[test]
fn page_that_includes_itself_loads_one_level_deep() {
    let mut world = World::new(&[("index.html", "<iframe src='index.html#x'></iframe>")]);
    world.open("index.html");
    world.run();
    world
        .transcript
        .retain(|line| line.starts_with("load") || line.starts_with("report"));
    assert_transcript(
        &mut world,
        "report: a frame that includes its own ancestor is not loaded: http://a.test/index.html#x
         load window index.html#x
         load <iframe>
         load window index.html",
    );
    assert_eq!(world.contexts.counts().navigables, 3);
}

#[test]
fn endless_frames_reach_the_limit_of_depth() {
    let srcdoc = |inner: &str| {
        format!(
            "<iframe srcdoc=\"{}\"></iframe>",
            inner.replace('&', "&amp;").replace('"', "&quot;")
        )
    };
    let mut page = "x".to_owned();
    for _ in 0..5 {
        page = srcdoc(&page);
    }
    let world = World::new(&[("index.html", &page)]).with_limits(|limits| limits.frame_depth = 3);
    let mut world = {
        let mut world = world;
        world.open("index.html");
        world.run();
        world
    };
    world.transcript.retain(|line| line.starts_with("report"));
    assert_transcript(
        &mut world,
        "report: a frame is not created: frames are nested 3 deep",
    );
    assert_eq!(world.contexts.counts().navigables, 4);
}

#[test]
fn number_of_frames_is_limited() {
    let world = World::new(&[(
        "index.html",
        "<iframe></iframe><iframe></iframe><iframe></iframe>",
    )])
    .with_limits(|limits| limits.frames = 3);
    let mut world = {
        let mut world = world;
        world.open("index.html");
        world.run();
        world
    };
    world.transcript.truncate(3);
    assert_transcript(
        &mut world,
        "load <iframe>
         load <iframe>
         report: a frame is not created: there are 3 already",
    );
}

#[test]
fn children_are_in_tree_order() {
    let mut world = World::new(&[(
        "index.html",
        "<div id=a></div><iframe id=m name=m></iframe><div id=z></div>",
    )]);
    world.open("index.html");
    world.run();
    let document = world.document();
    world.run_commands(
        document,
        "html z <iframe name=z></iframe>\nhtml a <iframe name=a></iframe>",
    );
    let top = world.top.unwrap();
    let names: Vec<&str> = world
        .contexts
        .children(top)
        .iter()
        .map(|child| world.contexts.navigable(*child).unwrap().name())
        .collect();
    assert_eq!(names, ["a", "m", "z"]);
    // A frame keeps the name from its creation.
    world.run_commands(document, "set m name other\nremove a");
    let child = world.contexts.children(top)[0];
    assert_eq!(world.contexts.navigable(child).unwrap().name(), "m");
}

#[test]
fn frames_load_in_tables_and_without_end_tags_but_not_in_templates() {
    let mut world = World::new(&[(
        "index.html",
        "<table><iframe id=foster></iframe><tr><td><iframe id=cell></iframe></table>\
         <template><iframe id=no></iframe></template><iframe id=open>text to the end",
    )]);
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("load #"));
    assert_transcript(&mut world, "load #foster\nload #cell\nload #open");
    let html = world.html(world.document());
    assert!(
        html.contains("<iframe id=\"foster\"></iframe><table>"),
        "{html}"
    );
    assert!(
        html.ends_with("text to the end</iframe></body></html>"),
        "{html}"
    );
}

#[test]
fn frames_of_framesets_load() {
    let mut world = World::new(&[
        (
            "index.html",
            "<frameset><frame id=a src=child.html><frame id=b></frameset>",
        ),
        ("child.html", ""),
    ]);
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("load"));
    assert_transcript(
        &mut world,
        "load #b
         load window child.html
         load #a
         load window index.html",
    );
}

#[test]
fn changing_src_and_srcdoc_navigates() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f></iframe>"),
        ("one.html", ""),
        ("two.html", ""),
    ]);
    world.open("index.html");
    world.run();
    let document = world.document();
    for (command, url) in [
        ("set f src one.html", "http://a.test/one.html"),
        ("set f src two.html", "http://a.test/two.html"),
        ("set f srcdoc x", "about:srcdoc"),
    ] {
        world.transcript.clear();
        world.run_commands(document, command);
        world.run();
        assert_eq!(world.transcript.last().unwrap(), "load #f");
        let child = world.contexts.children(world.top.unwrap())[0];
        let shown = world.contexts.active_document(child).unwrap();
        assert_eq!(world.contexts.document(shown).unwrap().url().as_str(), url);
    }
    let frame = world.by_id(document, "f");
    let steps = world.contexts.remove_attribute(&frame, "srcdoc");
    world.steps(steps);
    world.run();
    let child = world.contexts.children(world.top.unwrap())[0];
    let shown = world.contexts.active_document(child).unwrap();
    assert_eq!(
        world.contexts.document(shown).unwrap().url().path(),
        "/two.html"
    );
}

#[test]
fn sandboxed_frames_have_opaque_origins_and_run_no_script() {
    let mut world = World::new(&[
        (
            "index.html",
            "<iframe sandbox src=child.html></iframe>\
             <iframe sandbox='allow-scripts' src=child.html></iframe>\
             <iframe sandbox='allow-scripts allow-same-origin' src=child.html></iframe>",
        ),
        ("child.html", "<script>log ran</script><iframe></iframe>"),
    ]);
    world.open("index.html");
    world.run();
    world
        .transcript
        .retain(|line| line == "ran" || line.starts_with("report"));
    assert_transcript(
        &mut world,
        "report: a script of http://a.test/child.html is blocked: the document is sandboxed without allow-scripts
         ran
         ran",
    );
    let contexts = &world.contexts;
    let origin = |navigable| {
        let window = contexts.active_window(navigable).unwrap();
        contexts.origin_of_global(window).unwrap()
    };
    let top = world.top.unwrap();
    let children = contexts.children(top);
    assert!(origin(children[0]).is_opaque());
    assert!(origin(children[1]).is_opaque());
    assert!(origin(children[2]).same_origin(origin(top)));
    // The inner frame is sandboxed too, and its about:blank has another opaque origin.
    let inner = contexts.children(children[0])[0];
    assert!(origin(inner).is_opaque());
    assert!(!origin(inner).same_origin(origin(children[0])));
    assert!(
        contexts
            .document(contexts.active_document(inner).unwrap())
            .unwrap()
            .sandbox()
            .contains(framepost_browsing_context::SandboxFlags::SCRIPTS)
    );
}

#[test]
fn data_and_javascript_urls_load_in_frames() {
    let mut world = World::new(&[(
        "index.html",
        "<iframe id=d src='data:text/html,<script>log%20data</script>'></iframe>\
         <iframe id=j src='javascript:log ran'></iframe>\
         <iframe id=h src='javascript:html <p>x'></iframe>",
    )]);
    world.open("index.html");
    world.run();
    world
        .transcript
        .retain(|line| line.starts_with("load") || line.contains("ran") || line.contains("data"));
    assert_transcript(
        &mut world,
        "data
         readystatechange document data:text/html,<script>log%20data</script>
         DOMContentLoaded document data:text/html,<script>log%20data</script>
         readystatechange document data:text/html,<script>log%20data</script>
         load window data:text/html,<script>log%20data</script>
         pageshow window data:text/html,<script>log%20data</script>
         load #d
         javascript: log ran
         ran
         load #j
         load window about:blank
         load #h
         load window index.html",
    );
    let children = world.contexts.children(world.top.unwrap()).to_vec();
    let window = world.contexts.active_window(children[0]).unwrap();
    assert!(world.contexts.origin_of_global(window).unwrap().is_opaque());
    let document = world.contexts.active_document(children[2]).unwrap();
    assert_eq!(
        world.html(document),
        "<html><head></head><body><p>x</p></body></html>"
    );
}

#[test]
fn other_types_of_content_are_shown_or_reported() {
    let mut world = World::new(&[
        (
            "index.html",
            "<iframe src=a.txt></iframe><iframe src=b.png></iframe><iframe src='data:application/zip,'></iframe>",
        ),
        ("a.txt", "<b>not bold</b>\n"),
        ("b.png", "png"),
    ]);
    world.open("index.html");
    world.run();
    let children = world.contexts.children(world.top.unwrap()).to_vec();
    let text = world.contexts.active_document(children[0]).unwrap();
    assert_eq!(
        world.html(text),
        "<html><head></head><body><pre>&lt;b&gt;not bold&lt;/b&gt;\n</pre></body></html>"
    );
    assert_eq!(
        world.contexts.document(text).unwrap().content_type(),
        "text/plain"
    );
    let image = world.contexts.active_document(children[1]).unwrap();
    assert_eq!(
        world.html(image),
        "<html><head></head><body><img src=\"http://a.test/b.png\"></body></html>"
    );
    world
        .transcript
        .retain(|line| line.starts_with("report") || line == "load window index.html");
    assert_transcript(
        &mut world,
        "report: data:application/zip, is of type application/zip, which is not shown
         load window index.html",
    );
}
