//! Frames that are removed, moved and replaced, including while their documents load.

mod host;

use framepost_browsing_context::dom;
use host::{World, assert_transcript, check_world};

#[test]
fn load_event_of_the_first_inserted_frame_may_remove_the_second() {
    let mut world = World::new(&[("index.html", "<body id=b>")]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    world.on("load #one", "remove two");
    let document = world.document();
    world.run_commands(
        document,
        "html b <iframe id=one></iframe><iframe id=two></iframe>",
    );
    assert_transcript(&mut world, "load #one");
    assert_eq!(world.contexts.counts().navigables, 2);
}

#[test]
fn frame_removed_while_it_loads_no_longer_delays_its_parent() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f src=slow.html></iframe>"),
        ("slow.html", "x"),
    ]);
    world.hold = Some("slow".to_owned());
    world.open("index.html");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html
         DOMContentLoaded document index.html",
    );
    let document = world.document();
    world.run_commands(document, "remove f");
    world.run();
    assert_transcript(
        &mut world,
        "readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    // The late response is ignored.
    world.answer_held();
    world.run();
    assert_transcript(&mut world, "");
    assert_eq!(world.contexts.counts().documents, 1);
    assert_eq!(world.contexts.counts().requests, 0);
}

#[test]
fn frame_removed_by_its_own_script_is_parsed_no_further() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f src=child.html></iframe>"),
        (
            "child.html",
            "<script>log first; up remove f; log still running</script><script>log never</script>",
        ),
    ]);
    world.verbose = true;
    world.open("index.html");
    world.run();
    let at = world
        .transcript
        .iter()
        .position(|line| line == "first")
        .unwrap();
    world.transcript.drain(..at);
    assert_transcript(
        &mut world,
        "first
         unload window child.html
         gone document#4
         gone window#3
         gone navigable#2
         still running
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    assert_eq!(world.contexts.counts().scripts, 0);
}

#[test]
fn frame_may_be_removed_in_its_load_event() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f src=child.html></iframe>"),
        ("child.html", "<iframe id=g src=grand.html></iframe>"),
        ("grand.html", ""),
    ]);
    world.verbose = true;
    world.on("load #f", "remove f");
    world.open("index.html");
    world.run();
    let at = world
        .transcript
        .iter()
        .position(|line| line == "load #f")
        .unwrap();
    world.transcript.drain(..=at);
    assert_transcript(
        &mut world,
        "pagehide window grand.html
         visibilitychange document grand.html
         unload window grand.html
         pagehide window child.html
         visibilitychange document child.html
         unload window child.html
         gone document#6
         gone window#4
         gone navigable#3
         gone document#4
         gone window#3
         gone navigable#2
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    assert_eq!(world.contexts.counts().navigables, 1);
    assert_eq!(world.contexts.counts().windows, 1);
}

#[test]
fn frame_inserted_by_a_load_event_delays_the_parent() {
    let mut world = World::new(&[
        (
            "index.html",
            "<body id=b><iframe id=f src=child.html></iframe>",
        ),
        ("child.html", ""),
    ]);
    world.on("load #f", "html b <iframe id=late src=child.html></iframe>");
    world.open("index.html");
    world.run();
    world.transcript.retain(|line| line.starts_with("load"));
    assert_transcript(
        &mut world,
        "load window child.html
         load #f
         load window child.html
         load #late
         load window index.html",
    );
}

#[test]
fn moved_frame_is_a_new_frame() {
    let mut world = World::new(&[
        (
            "index.html",
            "<div id=a><iframe id=f src=child.html></iframe></div><div id=b></div>",
        ),
        ("child.html", ""),
    ]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    let document = world.document();
    let (frame, target) = (world.by_id(document, "f"), world.by_id(document, "b"));
    let old = world.contexts.content_navigable(&frame).unwrap();
    let steps = world.contexts.append(&target, &frame).unwrap();
    world.steps(steps);
    let new = world.contexts.content_navigable(&frame).unwrap();
    assert_ne!(old, new);
    assert!(world.contexts.navigable(old).is_none());
    world.run();
    assert_transcript(
        &mut world,
        "pagehide window child.html
         readystatechange document child.html
         DOMContentLoaded document child.html
         readystatechange document child.html
         load window child.html
         pageshow window child.html
         load #f",
    );
}

#[test]
fn many_frames_come_and_go_without_leaks() {
    let mut world = World::new(&[
        ("index.html", "<body id=b>"),
        ("child.html", "<script>log x</script>"),
    ]);
    world.open("index.html");
    world.run();
    let document = world.document();
    let before = world.contexts.counts();
    for _ in 0..50 {
        world.run_commands(document, "html b <iframe id=f src=child.html></iframe>");
        world.run();
        world.run_commands(document, "remove f");
        world.run();
    }
    let after = world.contexts.counts();
    assert_eq!(after.navigables, before.navigables);
    assert_eq!(after.documents, before.documents);
    assert_eq!(after.windows, before.windows);
    assert_eq!(after.scripts, 0);
    assert_eq!(after.requests, 0);
    assert!(after.node_entries < 200, "{after:?}");
    assert!(world.event_loop.pending().is_empty());
}

#[test]
fn inner_html_replaces_a_subtree_with_frames() {
    let mut world = check_world(
        World::new(&[("index.html", "<div id=d><iframe id=f></iframe></div>")]),
        "index.html",
        "load #f
         readystatechange document index.html
         DOMContentLoaded document index.html
         readystatechange document index.html
         load window index.html
         pageshow window index.html",
    );
    let document = world.document();
    world.run_commands(
        document,
        "inner d <iframe id=g></iframe><script>log never</script>",
    );
    assert_transcript(&mut world, "load #g");
    assert_eq!(world.contexts.counts().navigables, 2);
    assert!(dom::serialize_inner(&world.by_id(document, "d")).starts_with("<iframe id=\"g\">"));
}
