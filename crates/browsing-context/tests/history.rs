//! Session history: which documents a traversal shows, and which events it fires.

#![allow(clippy::unwrap_used, missing_docs)]

mod host;

use std::time::Duration;

use framepost_browsing_context::{
    DomError, EffectHost as _, HistoryHandling, NavigableId, Response, ScrollRestoration,
    SerializedState, Url, dom,
};
use host::{World, assert_transcript, short};

/// The URL of each navigable, with children indented.
fn shown(world: &World) -> Vec<String> {
    let top = world.top.unwrap();
    let all = world.contexts.inclusive_descendant_navigables(top);
    all.into_iter()
        .map(|navigable| short(&url(world, navigable)))
        .collect()
}

fn url(world: &World, navigable: NavigableId) -> Url {
    let document = world.contexts.active_document(navigable).unwrap();
    world.contexts.document(document).unwrap().url().clone()
}

fn go(world: &mut World, delta: i32) {
    let document = world.document();
    let steps = world
        .with_contexts(|contexts, queues| contexts.delta_traverse(queues, document, delta))
        .unwrap();
    world.steps(steps);
    world.run();
}

fn push(world: &mut World, state: &'static str, url: &str) -> Result<(), DomError> {
    let document = world.document();
    let state = SerializedState::new(state);
    let handling = HistoryHandling::Push;
    world
        .contexts
        .history_push_or_replace(document, state, Some(url), handling)
        .map(drop)
}

fn state(world: &World) -> Option<&'static str> {
    let (_, state) = world.contexts.history_state(world.document()).unwrap();
    state.map(|state| *state.get::<&'static str>().unwrap())
}

fn length(world: &World) -> usize {
    world.contexts.history_length(world.document()).unwrap()
}

fn frame(world: &World, id: &str) -> NavigableId {
    let frame = world.by_id(world.document(), id);
    world.contexts.content_navigable(&frame).unwrap()
}

fn opened(pages: &[(&str, &str)]) -> World {
    let mut world = World::new(pages);
    world.open(pages[0].0);
    world.run();
    world.transcript.clear();
    world
}

#[test]
fn documents_are_loaded_again_when_traversed_to() {
    let mut world = opened(&[("1.html", "<p>one"), ("2.html", "<p>two"), ("3.html", "")]);
    let top = world.top.unwrap();
    let first = world.document();
    for page in ["2.html", "3.html"] {
        world.navigate(top, page);
        world.run();
    }
    assert_eq!(length(&world), 3);
    world.transcript.clear();
    go(&mut world, -1);
    assert_transcript(
        &mut world,
        "pagehide window 3.html
         readystatechange document 2.html
         DOMContentLoaded document 2.html
         readystatechange document 2.html
         load window 2.html
         pageshow window 2.html",
    );
    go(&mut world, -1);
    assert_eq!(shown(&world), ["1.html"]);
    assert_ne!(world.document(), first);
    assert!(world.html(world.document()).contains("one"));
    // Traversing beyond the first entry does nothing.
    go(&mut world, -1);
    go(&mut world, 5);
    assert_eq!(shown(&world), ["1.html"]);
    go(&mut world, 2);
    assert_eq!(shown(&world), ["3.html"]);
    assert_eq!(length(&world), 3);
    assert_eq!(world.contexts.counts().documents, 1);
}

#[test]
fn navigation_clears_the_forward_history() {
    let mut world = opened(&[("1.html", ""), ("2.html", ""), ("3.html", "")]);
    let top = world.top.unwrap();
    world.navigate(top, "2.html");
    world.run();
    go(&mut world, -1);
    world.navigate(top, "3.html");
    world.run();
    assert_eq!(length(&world), 2);
    go(&mut world, 1);
    assert_eq!(shown(&world), ["3.html"]);
    assert_eq!(world.contexts.counts().document_states, 2);
}

#[test]
fn entries_of_one_document_share_it_and_fire_events() {
    let mut world = opened(&[("1.html", "")]);
    let top = world.top.unwrap();
    let document = world.document();
    push(&mut world, "a", "a").unwrap();
    push(&mut world, "b", "b#x").unwrap();
    world.navigate(top, "b#y");
    world.run();
    assert_eq!((state(&world), length(&world)), (None, 4));
    // pushState() fires no event; navigating to a fragment fires popstate and hashchange.
    assert_transcript(&mut world, "popstate window b#y\nhashchange window b#y");
    go(&mut world, -1);
    assert_eq!(state(&world), Some("b"));
    go(&mut world, -1);
    assert_eq!(state(&world), Some("a"));
    go(&mut world, -1);
    assert_eq!(state(&world), None);
    assert_eq!(world.document(), document);
    assert_transcript(
        &mut world,
        "popstate window b#x
         hashchange window b#x
         popstate window a
         popstate window 1.html",
    );
    go(&mut world, 2);
    assert_eq!(
        (shown(&world), state(&world)),
        (vec!["b#x".to_owned()], Some("b"))
    );
}

#[test]
fn history_state_outlives_its_document() {
    let mut world = opened(&[("1.html", ""), ("2.html", "")]);
    let top = world.top.unwrap();
    push(&mut world, "kept", "1.html?x").unwrap();
    let document = world.document();
    world
        .contexts
        .set_scroll_restoration(document, ScrollRestoration::Manual)
        .unwrap();
    world.navigate(top, "2.html");
    world.run();
    assert_eq!(state(&world), None);
    assert!(matches!(
        world.contexts.history_state(document),
        Err(DomError::Security { .. })
    ));
    world.loader.add("http://a.test/1.html?x", "<p>x").unwrap();
    go(&mut world, -1);
    assert_eq!(state(&world), Some("kept"));
    let mode = world.contexts.scroll_restoration(world.document()).unwrap();
    assert_eq!(mode, ScrollRestoration::Manual);
    // A state that is restored before the page loads fires no event.
    assert!(
        !world
            .transcript
            .iter()
            .any(|line| line.starts_with("popstate"))
    );
}

#[test]
fn push_state_refuses_urls_of_other_origins() {
    let mut world = opened(&[("1.html", "")]);
    for bad in [
        "http://b.test/",
        "http://a.test:81/",
        "https://a.test/",
        "//[",
    ] {
        let refused = push(&mut world, "x", bad);
        assert!(matches!(refused, Err(DomError::Security { .. })), "{bad}");
    }
    assert_eq!((length(&world), state(&world)), (1, None));
}

#[test]
fn frames_share_the_history_of_their_page() {
    let mut world = opened(&[
        (
            "index.html",
            "<iframe id=f src=1.html></iframe><iframe id=g src=a.html></iframe>",
        ),
        ("1.html", ""),
        ("2.html", ""),
        ("a.html", ""),
        ("b.html", ""),
    ]);
    let document = world.document();
    for command in ["go f 2.html", "go g b.html"] {
        world.run_commands(document, command);
        world.run();
    }
    push(&mut world, "s", "#s").unwrap();
    assert_eq!(length(&world), 4);
    go(&mut world, -2);
    assert_eq!(shown(&world), ["index.html", "2.html", "a.html"]);
    go(&mut world, -1);
    assert_eq!(shown(&world), ["index.html", "1.html", "a.html"]);
    go(&mut world, 3);
    assert_eq!(shown(&world), ["index.html#s", "2.html", "b.html"]);
    assert_eq!(world.document(), document);
    // The steps of the removed frame are gone.
    world.run_commands(document, "remove g");
    assert_eq!(length(&world), 3);
    go(&mut world, -1);
    assert_eq!(shown(&world), ["index.html", "2.html"]);
}

#[test]
fn first_page_of_a_frame_adds_no_entry() {
    let mut world = opened(&[("index.html", "<div id=d></div>"), ("1.html", "")]);
    push(&mut world, "s", "#s").unwrap();
    let document = world.document();
    world.run_commands(document, "html d <iframe id=f src=1.html></iframe>");
    world.run();
    assert_eq!(length(&world), 2);
    go(&mut world, -1);
    assert_eq!(shown(&world), ["index.html", "1.html"]);
}

#[test]
fn frames_restore_their_entries_with_the_page() {
    let mut world = opened(&[
        (
            "index.html",
            "<iframe id=f src=1.html></iframe><iframe id=g srcdoc='<p>s'></iframe>",
        ),
        ("1.html", "<iframe src=in.html></iframe>"),
        ("in.html", ""),
        ("2.html", "<iframe id=h src=in.html></iframe>"),
        ("other.html", ""),
        ("leaf.html", ""),
    ]);
    let document = world.document();
    world.run_commands(document, "go f 2.html");
    world.run();
    let inner = world.contexts.active_document(frame(&world, "f")).unwrap();
    world.run_commands(inner, "go h leaf.html");
    world.run();
    assert_eq!(
        shown(&world),
        ["index.html", "2.html", "leaf.html", "about:srcdoc"]
    );
    let top = world.top.unwrap();
    world.navigate(top, "other.html");
    world.run();
    assert_eq!(length(&world), 4);
    go(&mut world, -1);
    assert_eq!(
        shown(&world),
        ["index.html", "2.html", "leaf.html", "about:srcdoc"]
    );
    go(&mut world, -1);
    assert_eq!(
        shown(&world),
        ["index.html", "2.html", "in.html", "about:srcdoc"]
    );
    go(&mut world, -1);
    assert_eq!(
        shown(&world),
        ["index.html", "1.html", "in.html", "about:srcdoc"]
    );
    go(&mut world, 3);
    assert_eq!(shown(&world), ["other.html"]);
    assert_eq!(length(&world), 4);
}

#[test]
fn closed_page_frees_its_tables() {
    let mut world = opened(&[
        ("index.html", "<iframe id=f src=1.html></iframe>"),
        ("1.html", ""),
        ("2.html", ""),
        ("other.html", ""),
    ]);
    let document = world.document();
    world.run_commands(document, "go f 2.html");
    world.run();
    let top = world.top.unwrap();
    world.navigate(top, "other.html");
    world.run();
    assert!(world.contexts.counts().document_states > 3);
    let steps = world.with_contexts(|contexts, queues| contexts.destroy_top_level(queues, top));
    world.steps(steps);
    let counts = world.contexts.counts();
    assert_eq!(
        (counts.document_states, counts.documents, counts.navigables),
        (0, 0, 0)
    );
}

#[test]
fn reloading_keeps_the_entry_and_its_state() {
    let mut world = opened(&[
        ("1.html", "<iframe id=f src=a.html></iframe>"),
        ("a.html", ""),
        ("b.html", ""),
    ]);
    let document = world.document();
    world.run_commands(document, "go f b.html");
    world.run();
    push(&mut world, "s", "#s").unwrap();
    go(&mut world, 0);
    assert_ne!(world.document(), document);
    assert_eq!((state(&world), length(&world)), (Some("s"), 2));
    // Its frames are created again.
    assert_eq!(shown(&world), ["1.html#s", "a.html"]);
}

#[test]
fn traversals_run_one_after_the_other() {
    let mut world = opened(&[("1.html", ""), ("2.html", ""), ("3.html", "")]);
    let top = world.top.unwrap();
    for page in ["2.html", "3.html"] {
        world.navigate(top, page);
        world.run();
    }
    world.transcript.clear();
    let go_twice = |world: &mut World, delta, source| {
        for _ in 0..2 {
            world.with_contexts(|contexts, queues| {
                contexts.traverse_the_history_by_a_delta(queues, top, delta, source);
            });
        }
        world.run();
    };
    go_twice(&mut world, -1, None);
    assert_eq!(shown(&world), ["1.html"]);
    // The page between them was left before it had loaded.
    assert_transcript(
        &mut world,
        "pagehide window 3.html
         readystatechange document 2.html
         DOMContentLoaded document 2.html
         readystatechange document 2.html
         load window 2.html
         pageshow window 2.html
         pagehide window 2.html
         readystatechange document 1.html
         DOMContentLoaded document 1.html
         readystatechange document 1.html
         load window 1.html
         pageshow window 1.html",
    );
    // The second traversal of a script is dropped with its document.
    let source = Some(world.document());
    go_twice(&mut world, 1, source);
    assert_eq!(shown(&world), ["2.html"]);
}

#[test]
fn sandboxed_frame_cannot_traverse_others() {
    let mut world = opened(&[
        (
            "index.html",
            "<iframe id=f sandbox=allow-scripts src=1.html></iframe>",
        ),
        ("1.html", ""),
    ]);
    push(&mut world, "s", "#s").unwrap();
    let source = world.contexts.active_document(frame(&world, "f"));
    let top = world.top.unwrap();
    world.with_contexts(|contexts, queues| {
        contexts.traverse_the_history_by_a_delta(queues, top, -1, source);
    });
    world.run();
    assert_eq!(shown(&world), ["index.html#s", "1.html"]);
    assert_transcript(
        &mut world,
        "report: navigating to http://a.test/index.html is blocked by a sandbox",
    );
}

#[test]
fn beforeunload_precedes_the_fetch_and_blocks_other_navigations() {
    let mut world = opened(&[
        ("index.html", "<iframe id=f src=1.html></iframe>"),
        ("1.html", ""),
        ("2.html", ""),
        ("3.html", ""),
    ]);
    world.verbose = true;
    world.on("beforeunload window 1.html", "log asked; up go f 3.html");
    let document = world.document();
    world.run_commands(document, "go f 2.html");
    assert_transcript(&mut world, "beforeunload window 1.html\nasked");
    world.run();
    assert_eq!(shown(&world), ["index.html", "2.html"]);
}

#[test]
fn declarative_refresh_navigates() {
    let mut world = World::new(&[
        (
            "1.html",
            "<meta http-equiv=Refresh content='5; url=2.html'><meta http-equiv=refresh content='1; url=3.html'>",
        ),
        ("3.html", ""),
    ]);
    let address = Url::parse("http://a.test/2.html").unwrap();
    let response = Response::new(
        address,
        "text/html",
        "<meta http-equiv=refresh content='0; url=1.html'>",
    );
    world
        .loader
        .add_response(response.with_header("refresh", "2;3.html"));
    world.open("1.html");
    world.run();
    // The first declaration counts, and a header precedes all elements.
    assert_eq!(shown(&world), ["3.html"]);
    assert_eq!(length(&world), 1);
    let passed = world.event_loop.peek_now();
    assert!(
        passed >= Duration::from_secs(7) && passed < Duration::from_secs(8),
        "{passed:?}"
    );
}

#[test]
fn sandboxed_document_does_not_refresh() {
    let mut world = opened(&[
        (
            "index.html",
            "<iframe sandbox src=1.html></iframe><iframe sandbox=allow-scripts src=1.html></iframe>",
        ),
        (
            "1.html",
            "<meta http-equiv=refresh content='0; url=2.html'>",
        ),
        ("2.html", ""),
    ]);
    world.run();
    assert_eq!(shown(&world), ["index.html", "1.html", "2.html"]);
}

#[test]
fn inserted_meta_element_refreshes() {
    let mut world = opened(&[("1.html", "<div id=d></div>"), ("2.html", "")]);
    let document = world.document();
    world.run_commands(
        document,
        "html d <meta http-equiv=refresh content=3,2.html>",
    );
    let early = world.event_loop.peek_now();
    world.run();
    assert_eq!(shown(&world), ["2.html"]);
    assert!(world.event_loop.peek_now() >= early + Duration::from_secs(3));
}

#[test]
fn responses_may_be_delayed() {
    let mut world = opened(&[("index.html", "<iframe id=f></iframe>"), ("quick.html", "")]);
    let slow = Url::parse("http://a.test/slow.html").unwrap();
    let response = Response::new(slow, "text/html", "").with_delay(Duration::from_secs(1));
    world.loader.add_response(response);
    let document = world.document();
    world.run_commands(document, "go f slow.html");
    world.run();
    assert_eq!(shown(&world), ["index.html", "slow.html"]);
    assert!(world.event_loop.peek_now() >= Duration::from_secs(1));
    // A frame that has navigated elsewhere meanwhile stays there.
    world.run_commands(document, "go f slow.html; go f quick.html");
    world.run();
    assert_eq!(shown(&world), ["index.html", "quick.html"]);
}

#[test]
fn javascript_url_cancels_a_load_only_with_a_document() {
    let mut world = opened(&[("index.html", "<iframe id=f></iframe>"), ("2.html", "")]);
    let document = world.document();
    world.hold = Some("2.html".to_owned());
    world.run_commands(document, "go f 2.html; go f javascript:log%20ran");
    world.run();
    world.answer_held();
    world.run();
    assert_eq!(shown(&world), ["index.html", "2.html"]);
    world.run_commands(document, "go f 2.html?; go f javascript:html%20<p>new");
    world.run();
    world.answer_held();
    world.run();
    let inner = world.contexts.active_document(frame(&world, "f")).unwrap();
    assert!(world.html(inner).contains("new"));
}

#[test]
fn missing_page_is_a_document_of_its_origin() {
    let mut world = opened(&[("index.html", "<iframe id=f></iframe>")]);
    let document = world.document();
    for (address, origin) in [
        ("gone.html", "http://a.test"),
        ("http://unknown.test/", "null"),
    ] {
        world.run_commands(document, &format!("go f {address}"));
        world.run();
        let inner = world.contexts.active_document(frame(&world, "f")).unwrap();
        let held = world.contexts.document(inner).unwrap();
        assert_eq!(held.origin().to_string(), origin);
    }
}

#[test]
fn frame_replaces_entries_until_its_page_is_loaded() {
    let mut world = opened(&[
        ("index.html", "<iframe id=f src=1.html></iframe>"),
        ("1.html", ""),
        ("2.html", "<script>up set f src 3.html</script>"),
        ("3.html", ""),
    ]);
    let document = world.document();
    world.run_commands(document, "set f src 2.html");
    world.run();
    assert_eq!(shown(&world), ["index.html", "3.html"]);
    assert_eq!(length(&world), 2);
    go(&mut world, -1);
    assert_eq!(shown(&world), ["index.html", "1.html"]);
    assert!(dom::is_html_element(&world.by_id(document, "f"), "iframe"));
}
