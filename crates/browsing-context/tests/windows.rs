//! Windows opened by scripts: finding, navigating and closing them.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod host;

use std::time::Duration;

use framepost_browsing_context::{
    ClientId, DomError, NavigableId, NavigateParams, PopupPolicy, Response,
};
use host::{World, assert_transcript};
use url::Url;

/// Runs `window.open()` for a document.
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
        let current = contexts.document(source).unwrap().navigable();
        contexts.window_open_steps(queues, source, current, url, target, features)
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
fn name_finds_a_window_until_it_closes() {
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
    // The name is free at once; a task destroys the window.
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
        "beforeunload window two.html\npagehide window two.html\n\
         visibilitychange document two.html\nunload window two.html",
    );
    assert!(world.contexts.navigable(one).is_none());
}

#[test]
fn window_without_opener_cannot_be_found() {
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
    // An existing window is navigated, but not returned.
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
fn keywords_choose_windows_in_any_case() {
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
        // Features have no effect here.
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
fn only_familiar_windows_are_found_by_name() {
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
    // A page is familiar with the windows that it opened, but not with the frames in them.
    assert_eq!(find(&world, "b"), Some(b));
    assert_eq!(find(&world, "inside"), None);
    // The two are not familiar with each other, nor with their opener.
    assert_eq!(
        world
            .contexts
            .find_a_navigable_by_target_name("c", b, Duration::ZERO),
        None
    );
    assert!(!world.contexts.is_familiar_with(c, b));
    let document = world.contexts.active_document(c).unwrap();
    assert!(!close(&mut world, document, b));
    // Two windows that are each other's opener cause no endless loop.
    world.contexts.disown_opener(b);
    assert_eq!(find(&world, "b"), None);
}

#[test]
fn window_without_opener_closes_only_with_one_entry() {
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
fn name_is_hidden_from_other_origins_and_restored() {
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
    // A window with an opener keeps its name.
    let page = world.document();
    let popup = open(&mut world, page, "http://a.test/", "kept", "").unwrap();
    world.run();
    assert_eq!(world.contexts.navigable(popup).unwrap().name(), "kept");
}

#[test]
fn sandbox_forbids_or_sandboxes_popups() {
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
fn sandboxed_opener_may_navigate_only_its_own_window() {
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
        let params = NavigateParams::new(Url::parse("about:blank#").unwrap()).by(source);
        let steps = contexts.navigate_with_exceptions(queues, target, params);
        steps.is_ok()
    };
    assert!(allowed(&mut world, first, popup));
    assert!(!allowed(&mut world, second, popup));
    let top = world.top.unwrap();
    assert!(!allowed(&mut world, first, top));
    // Its name does not find it either.
    world.contexts.set_target_name(top, "page");
    let other = open(&mut world, first, "", "page", "").unwrap();
    assert_ne!(other, top);
    let refused = try_open(&mut world, first, "http://a.test/one.html", "_top", "");
    assert_eq!(refused.unwrap_err().name(), "SecurityError");
}

#[test]
fn sandboxed_frame_navigates_the_page_with_user_activation() {
    let mut world = loaded(&[(
        "index.html",
        "<iframe sandbox='allow-scripts allow-top-navigation-by-user-activation' srcdoc=1></iframe>",
    )]);
    let (_, source) = child(&world, 0);
    let top = world.top.unwrap();
    let allowed = |world: &mut World| {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        let params = NavigateParams::new(Url::parse("about:blank#").unwrap()).by(source);
        let steps = contexts.navigate_with_exceptions(queues, top, params);
        steps.is_ok()
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
fn activation_reaches_ancestors_and_same_origin_descendants() {
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
    // Consuming it consumes all of them; the sticky activation stays.
    world.contexts.consume_user_activation(windows[1]);
    assert_eq!(active(&world, at), [false; 3]);
    assert!(world.contexts.has_sticky_activation(windows[2]));
}

#[test]
fn popup_policy_may_require_user_activation() {
    let mut world = loaded(&[("index.html", "")]);
    world
        .contexts
        .set_popup_policy(PopupPolicy::RequireUserActivation);
    let page = world.document();
    assert_eq!(open(&mut world, page, "", "w", ""), None);
    let now = world.event_loop.now();
    world.contexts.activation_notification(page, now);
    assert!(open(&mut world, page, "", "w", "").is_some());
    // One activation opens one window. Finding an existing window needs no activation.
    assert_eq!(open(&mut world, page, "", "x", ""), None);
    assert!(open(&mut world, page, "", "w", "").is_some());
    world.contexts.set_popup_policy(PopupPolicy::Block);
    world.contexts.activation_notification(page, now);
    assert_eq!(open(&mut world, page, "", "x", ""), None);
}

#[test]
fn local_documents_inherit_the_policies_of_their_initiator() {
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
    // A policy in the page itself has no effect; otherwise no script would run.
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
fn document_without_scripts_runs_none_elsewhere() {
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
