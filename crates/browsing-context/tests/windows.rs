//! Windows that script opens: who finds, navigates and closes whom.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod host;

use std::time::Duration;

use framepost_browsing_context::{ClientId, DomError, NavigableId, PopupPolicy, Response};
use host::{World, assert_transcript};

/// `window.open()`, called by a document.
fn open(
    world: &mut World,
    source: ClientId,
    url: &str,
    target: &str,
    features: &str,
) -> Option<NavigableId> {
    try_open(world, source, url, target, features).unwrap()
}

fn try_open(
    world: &mut World,
    source: ClientId,
    url: &str,
    target: &str,
    features: &str,
) -> Result<Option<NavigableId>, DomError> {
    let opened = {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        contexts.window_open_steps(queues, source, url, target, features)
    };
    let (navigable, steps) = opened?;
    world.steps(steps);
    Ok(navigable)
}

fn close(world: &mut World, source: ClientId, navigable: NavigableId) -> bool {
    let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
    contexts.window_close(queues, source, navigable)
}

fn loaded(pages: &[(&str, &str)]) -> World {
    let mut world = World::new(pages);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    world
}

fn child(world: &World, index: usize) -> (NavigableId, ClientId) {
    let child = world.contexts.children(world.top.unwrap())[index];
    (child, world.contexts.active_document(child).unwrap())
}

#[test]
fn a_name_is_used_again_and_what_is_closing_has_none() {
    let mut world = loaded(&[("index.html", ""), ("one.html", ""), ("two.html", "")]);
    let page = world.document();
    let one = open(&mut world, page, "one.html", "w", "").unwrap();
    world.run();
    assert_eq!(open(&mut world, page, "two.html", "w", ""), Some(one));
    world.run();
    let document = world.contexts.active_document(one).unwrap();
    let url = world.contexts.document(document).unwrap().url().to_string();
    assert_eq!(url, "http://a.test/two.html");
    assert_eq!(world.contexts.navigable(one).unwrap().opener(), world.top);
    assert_ne!(open(&mut world, page, "", "_BLANK", ""), Some(one));
    // The name is free at once, the window is gone in a task.
    assert!(close(&mut world, page, one));
    assert!(world.contexts.navigable(one).unwrap().is_closing());
    assert!(!close(&mut world, page, one));
    let other = open(&mut world, page, "", "w", "").unwrap();
    assert_ne!(other, one);
    world.transcript.clear();
    world.verbose = true;
    world.run();
    world.transcript.retain(|line| !line.starts_with("gone"));
    assert_transcript(
        &mut world,
        "beforeunload window two.html\npagehide window two.html\nunload window two.html",
    );
    assert!(world.contexts.navigable(one).is_none());
}

#[test]
fn without_an_opener_a_window_can_neither_be_seen_nor_found() {
    let mut world = loaded(&[("index.html", ""), ("one.html", "")]);
    let page = world.document();
    assert_eq!(open(&mut world, page, "one.html", "w", "noopener"), None);
    world.run();
    let tops = world.contexts.top_level_navigables();
    assert_eq!(tops.len(), 2);
    assert_eq!(world.contexts.navigable(tops[1]).unwrap().opener(), None);
    assert_eq!(world.contexts.navigable(tops[1]).unwrap().name(), "w");
    let another = open(&mut world, page, "one.html", "w", "").unwrap();
    assert!(!tops.contains(&another));
    // One that is there is navigated, but not handed out.
    assert_eq!(
        open(&mut world, page, "one.html?2", "w", "noreferrer"),
        None
    );
    world.run();
    let document = world.contexts.active_document(another).unwrap();
    let document = world.contexts.document(document).unwrap();
    assert_eq!(document.url().query(), Some("2"));
    assert_eq!(document.referrer(), "");
}

#[test]
fn keywords_mean_the_windows_around_in_any_case() {
    let mut world = loaded(&[
        ("index.html", "<iframe src=middle.html></iframe>"),
        ("middle.html", "<iframe src=in.html></iframe>"),
        ("in.html", ""),
    ]);
    let top = world.top.unwrap();
    let (middle, _) = child(&world, 0);
    let inner = world.contexts.children(middle)[0];
    let source = world.contexts.active_document(inner).unwrap();
    for (target, expected) in [("_self", inner), ("_PARENT", middle), ("_Top", top)] {
        // Their features do not matter.
        assert_eq!(
            open(&mut world, source, "", target, "noopener"),
            Some(expected)
        );
    }
    assert_eq!(world.contexts.navigable(top).unwrap().opener(), None);
    let page = world.document();
    for target in ["_self", "_parent", "_top"] {
        assert_eq!(open(&mut world, page, "", target, ""), Some(top));
    }
}

#[test]
fn only_the_familiar_are_found_by_name() {
    let mut world = loaded(&[
        ("index.html", ""),
        (
            "http://b.test/b.html",
            "<iframe name=inside src=in.html></iframe>",
        ),
        ("http://b.test/in.html", ""),
        ("http://c.test/c.html", ""),
    ]);
    let page = world.document();
    let b = open(&mut world, page, "http://b.test/b.html", "b", "").unwrap();
    let c = open(&mut world, page, "http://c.test/c.html", "c", "").unwrap();
    world.run();
    let find = |world: &World, name| {
        let top = world.top.unwrap();
        let contexts = &world.contexts;
        contexts.find_a_navigable_by_target_name(name, top, Duration::ZERO)
    };
    // What it has opened a page knows whatever its origin, but not what is inside of that.
    assert_eq!(find(&world, "b"), Some(b));
    assert_eq!(find(&world, "inside"), None);
    // The two do not know each other, but each of them knows its opener no more than that.
    assert_eq!(
        world
            .contexts
            .find_a_navigable_by_target_name("c", b, Duration::ZERO),
        None
    );
    assert!(!world.contexts.is_familiar_with(c, b));
    let document = world.contexts.active_document(c).unwrap();
    assert!(!close(&mut world, document, b));
    // Two that have opened each other are no endless way.
    world.contexts.disown_opener(b);
    assert_eq!(find(&world, "b"), None);
}

#[test]
fn a_window_that_nobody_opened_closes_before_its_history_has_begun() {
    let mut world = loaded(&[("index.html", ""), ("two.html", "")]);
    let top = world.top.unwrap();
    world.navigate(top, "two.html");
    world.run();
    let page = world.document();
    assert!(!close(&mut world, page, top));
    let popup = open(&mut world, page, "", "", "").unwrap();
    let blank = world.contexts.active_document(popup).unwrap();
    world.navigate(popup, "index.html");
    world.run();
    world.navigate(popup, "two.html");
    world.run();
    let document = world.contexts.active_document(popup).unwrap();
    assert_ne!(document, blank);
    assert!(close(&mut world, document, popup));
}

#[test]
fn a_name_does_not_go_to_another_origin_and_comes_back() {
    let mut world = loaded(&[("index.html", ""), ("http://b.test/b.html", "")]);
    let top = world.top.unwrap();
    let name = |world: &World| world.contexts.navigable(top).unwrap().name().to_owned();
    world.contexts.set_target_name(top, "secret");
    world.navigate(top, "index.html?2");
    world.run();
    assert_eq!(name(&world), "secret");
    world.navigate(top, "http://b.test/b.html");
    world.run();
    assert_eq!(name(&world), "");
    // Who has an opener keeps it.
    let page = world.document();
    let popup = open(&mut world, page, "http://a.test/", "kept", "").unwrap();
    world.run();
    assert_eq!(world.contexts.navigable(popup).unwrap().name(), "kept");
}

#[test]
fn a_sandbox_forbids_popups_or_holds_them() {
    let mut world = loaded(&[
        (
            "index.html",
            "<iframe sandbox=allow-scripts srcdoc=1></iframe>
             <iframe sandbox='allow-scripts allow-popups' srcdoc=2></iframe>
             <iframe sandbox='allow-popups allow-popups-to-escape-sandbox' srcdoc=3></iframe>",
        ),
        ("one.html", ""),
    ]);
    let (_, source) = child(&world, 0);
    assert_eq!(
        open(&mut world, source, "http://a.test/one.html", "", ""),
        None
    );
    assert_transcript(
        &mut world,
        "report: opening the window \"_blank\" is blocked: the opener is sandboxed without allow-popups",
    );
    let flags = |world: &mut World, index| {
        let (_, source) = child(world, index);
        let popup = open(world, source, "http://a.test/one.html", "", "").unwrap();
        world.run();
        let document = world.contexts.active_document(popup).unwrap();
        let document = world.contexts.document(document).unwrap();
        (document.scripting_enabled(), document.origin().is_opaque())
    };
    assert_eq!(flags(&mut world, 1), (true, true));
    assert_eq!(flags(&mut world, 2), (true, false));
}

#[test]
fn who_opened_a_window_from_within_a_sandbox_may_navigate_it_and_nobody_else() {
    let mut world = loaded(&[
        (
            "index.html",
            "<iframe sandbox='allow-scripts allow-popups' srcdoc=1></iframe>
             <iframe sandbox='allow-scripts allow-popups' srcdoc=2></iframe>",
        ),
        ("one.html", ""),
    ]);
    let ((_, first), (_, second)) = (child(&world, 0), child(&world, 1));
    let popup = open(&mut world, first, "", "", "").unwrap();
    let allowed = |world: &mut World, source, target| {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        contexts.allowed_to_navigate(queues, source, target).is_ok()
    };
    assert!(allowed(&mut world, first, popup));
    assert!(!allowed(&mut world, second, popup));
    let top = world.top.unwrap();
    assert!(!allowed(&mut world, first, top));
    // Nor is it found by its name.
    world.contexts.set_target_name(top, "page");
    let other = open(&mut world, first, "", "page", "").unwrap();
    assert_ne!(other, top);
    let refused = try_open(&mut world, first, "http://a.test/one.html", "_top", "");
    assert_eq!(refused.unwrap_err().name(), "SecurityError");
}

#[test]
fn a_sandboxed_frame_navigates_the_page_when_the_user_has_acted() {
    let mut world = loaded(&[(
        "index.html",
        "<iframe sandbox='allow-scripts allow-top-navigation-by-user-activation' srcdoc=1></iframe>",
    )]);
    let (_, source) = child(&world, 0);
    let top = world.top.unwrap();
    let allowed = |world: &mut World| {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        contexts.allowed_to_navigate(queues, source, top).is_ok()
    };
    assert!(!allowed(&mut world));
    let now = world.event_loop.now();
    world.contexts.activation_notification(source, now);
    assert!(allowed(&mut world));
    let window = world.contexts.document(source).unwrap().window();
    world.contexts.consume_user_activation(window);
    assert!(!allowed(&mut world));
}

#[test]
fn activation_goes_up_and_to_the_same_origin_below() {
    let mut world = loaded(&[
        (
            "index.html",
            "<iframe src=in.html></iframe><iframe src=http://b.test/b.html></iframe>",
        ),
        ("in.html", ""),
        ("http://b.test/b.html", ""),
    ]);
    let page = world.document();
    let windows: Vec<_> = [page, child(&world, 0).1, child(&world, 1).1]
        .map(|document| world.contexts.document(document).unwrap().window())
        .into();
    let active = |world: &World, now: Duration| -> Vec<bool> {
        let has = |window| world.contexts.has_transient_activation(window, now);
        windows.iter().map(|window| has(*window)).collect()
    };
    let at = Duration::from_secs(1);
    world.contexts.activation_notification(page, at);
    assert_eq!(active(&world, at), [true, true, false]);
    let (_, b) = child(&world, 1);
    world.contexts.activation_notification(b, at);
    assert_eq!(active(&world, at), [true, true, true]);
    assert_eq!(active(&world, at + Duration::from_secs(5)), [false; 3]);
    // It is used up for all of them at once, and has been there nevertheless.
    world.contexts.consume_user_activation(windows[1]);
    assert_eq!(active(&world, at), [false; 3]);
    assert!(world.contexts.has_sticky_activation(windows[2]));
}

#[test]
fn a_popup_may_need_the_user() {
    let mut world = loaded(&[("index.html", "")]);
    world
        .contexts
        .set_popup_policy(PopupPolicy::RequireUserActivation);
    let page = world.document();
    assert_eq!(open(&mut world, page, "", "w", ""), None);
    let now = world.event_loop.now();
    world.contexts.activation_notification(page, now);
    assert!(open(&mut world, page, "", "w", "").is_some());
    // One act is good for one window, and a window that is there needs none.
    assert_eq!(open(&mut world, page, "", "x", ""), None);
    assert!(open(&mut world, page, "", "w", "").is_some());
    world.contexts.set_popup_policy(PopupPolicy::Block);
    world.contexts.activation_notification(page, now);
    assert_eq!(open(&mut world, page, "", "x", ""), None);
}

#[test]
fn the_policies_of_a_page_hold_for_what_it_makes_from_nothing() {
    let mut world = World::new(&[("one.html", "")]);
    let url = "http://a.test/index.html".parse().unwrap();
    let response = Response::new(
        url,
        "text/html",
        "<meta http-equiv=Content-Security-Policy content=sandbox>",
    )
    .with_header(
        "Content-Security-Policy",
        "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox",
    );
    world.loader.add_response(response);
    world.open("index.html");
    world.run();
    let page = world.document();
    // The policy in the page itself does not count, or else no script would be run.
    assert!(world.contexts.document(page).unwrap().scripting_enabled());
    assert!(world.contexts.document(page).unwrap().origin().is_opaque());
    let is_opaque = |world: &World, popup: NavigableId| {
        let document = world.contexts.active_document(popup).unwrap();
        world
            .contexts
            .document(document)
            .unwrap()
            .origin()
            .is_opaque()
    };
    let own = world.contexts.document(page).unwrap().origin().clone();
    let popup = open(&mut world, page, "about:blank", "w", "").unwrap();
    assert!(is_opaque(&world, popup));
    let document = world.contexts.active_document(popup).unwrap();
    assert!(
        !world
            .contexts
            .document(document)
            .unwrap()
            .origin()
            .same_origin(&own)
    );
    open(&mut world, page, "http://a.test/one.html", "w", "");
    world.run();
    assert!(!is_opaque(&world, popup));
}

#[test]
fn a_document_without_scripts_runs_none_elsewhere() {
    let mut world = loaded(&[(
        "index.html",
        "<iframe sandbox='allow-same-origin allow-popups allow-popups-to-escape-sandbox' srcdoc='x'></iframe>",
    )]);
    let (_, source) = child(&world, 0);
    open(&mut world, source, "javascript:log no", "", "").unwrap();
    world.run();
    assert_transcript(
        &mut world,
        "report: a script of about:srcdoc is blocked: the document is sandboxed without allow-scripts",
    );
}
