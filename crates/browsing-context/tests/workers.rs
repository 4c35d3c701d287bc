//! Workers: their fetches, their owners, and their end.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod host;

use framepost_browsing_context::{Response, WorkerKind};
use host::{World, assert_transcript};

/// Opens a page with these files. The page runs these commands when it has loaded. Compares the
/// transcript from then on.
#[track_caller]
fn check_page(commands: &str, files: &[(&str, &str)], expected: &str) -> World {
    let mut world = page(commands, files);
    world.run();
    after_load(&mut world, expected);
    world
}

fn page(commands: &str, files: &[(&str, &str)]) -> World {
    let mut pages = vec![("index.html", "<p>")];
    pages.extend_from_slice(files);
    let mut world = World::new(&pages);
    world.on("load window index.html", commands);
    world.open("index.html");
    world
}

/// Compares the transcript after `load`.
#[track_caller]
fn after_load(world: &mut World, expected: &str) {
    let at = world
        .transcript
        .iter()
        .position(|line| line == "load window index.html");
    if let Some(at) = at {
        world.transcript.drain(..=at);
    }
    world
        .transcript
        .retain(|line| line != "pageshow window index.html");
    assert_transcript(world, expected);
}

#[test]
fn worker_runs_in_its_own_task() {
    let world = check_page(
        "worker w.js; microtask; log page",
        &[("w.js", "log worker; microtask; log still")],
        "page
         microtask
         worker
         still
         microtask
         ready worker w.js",
    );
    let held = world
        .contexts
        .worker(world.worker("w.js").unwrap())
        .unwrap();
    assert_eq!(held.url().as_str(), "http://a.test/w.js");
    assert_eq!(held.kind(), WorkerKind::Dedicated);
    assert_eq!(held.origin().to_string(), "http://a.test");
    assert!(held.text().is_none(), "it is not kept");
}

#[test]
fn failed_script_fires_error_and_ends_the_worker() {
    let world = check_page(
        "worker none.js; worker error.js; worker page.html; worker http://b.test/b.js; log page",
        &[("error.js", "error"), ("page.html", "log never"), ("http://b.test/b.js", "log never")],
        "report: refused to load http://b.test/b.js: the script of a worker must have the origin of the worker's creator
         page
         report: nothing found at http://a.test/none.js
         report: http://a.test/page.html is of type text/html, which is not shown
         error worker http://b.test/b.js
         gone worker http://b.test/b.js
         error worker none.js
         gone worker none.js
         error worker error.js
         gone worker error.js
         error worker page.html
         gone worker page.html",
    );
    assert_eq!(world.contexts.counts().workers, 0);
    assert_eq!(world.contexts.counts().requests, 0);
}

#[test]
fn redirect_to_another_origin_is_refused() {
    let mut world = page("worker w.js", &[]);
    let elsewhere = "http://b.test/w.js".parse().unwrap();
    let response = Response::new(elsewhere, "text/javascript", "log never");
    world.hold = Some("w.js".to_owned());
    world.run();
    world.held[0].1 = Ok(response);
    world.answer_held();
    world.run();
    after_load(
        &mut world,
        "report: refused to load http://b.test/w.js: the script of a worker must have the origin of the worker's creator
         error worker w.js
         gone worker w.js",
    );
}

#[test]
fn data_url_has_an_opaque_origin() {
    let world = check_page(
        "worker data:text/javascript,log%20data",
        &[("data:text/javascript,log%20data", "log data")],
        "data
         ready worker data:text/javascript,log%20data",
    );
    let worker = world.contexts.workers().next().unwrap();
    assert!(worker.origin().is_opaque());
}

#[test]
fn module_worker_waits_for_its_graph() {
    let world = check_page(
        "module-worker m.js; module-worker bad.js; module-worker below.js",
        &[
            ("m.js", "import ./d.js; log m"),
            ("d.js", "log never"),
            ("bad.js", "error"),
            ("below.js", "import ./none.js"),
        ],
        "m
         ready worker m.js
         error worker bad.js
         gone worker bad.js
         report: nothing found at http://a.test/none.js
         error worker below.js
         gone worker below.js",
    );
    assert_eq!(
        world.contexts.counts().modules,
        2,
        "those of the workers that ended are gone"
    );
}

#[test]
fn workers_end_with_their_owners() {
    let mut world = check_page(
        "worker a.js",
        &[
            ("a.js", "worker b.js"),
            ("b.js", "worker c.js; log deep"),
            ("c.js", "log deepest"),
        ],
        "ready worker a.js
         deep
         ready worker b.js
         deepest
         ready worker c.js",
    );
    let document = world.document();
    world.run_commands(document, "terminate b.js");
    assert_transcript(&mut world, "gone worker b.js\ngone worker c.js");
    world.loader.add("http://a.test/next.html", "").unwrap();
    world.navigate(world.top.unwrap(), "next.html");
    world.run();
    assert!(world.transcript.contains(&"gone worker a.js".to_owned()));
    assert_eq!(world.contexts.counts().workers, 0);
}

#[test]
fn removed_frame_ends_its_loading_workers() {
    let mut world = World::new(&[
        ("index.html", "<iframe id=f src=frame.html></iframe>"),
        ("frame.html", "<script>worker w.js</script>"),
        ("w.js", "log never"),
    ]);
    world.hold = Some("w.js".to_owned());
    world.open("index.html");
    world.run();
    world.transcript.clear();
    let document = world.document();
    world.run_commands(document, "remove f");
    assert_transcript(
        &mut world,
        "pagehide window frame.html
         gone worker w.js",
    );
    world.answer_held();
    world.run();
    assert_transcript(&mut world, "");
    assert_eq!(world.contexts.counts().requests, 0);
}

#[test]
fn closed_worker_ends_after_its_script() {
    let world = check_page(
        "worker w.js",
        &[
            (
                "w.js",
                "close-worker; close-worker; worker n.js; log last; microtask",
            ),
            ("n.js", "log never"),
        ],
        "no worker
         last
         microtask
         ready worker w.js
         gone worker w.js",
    );
    assert_eq!(world.contexts.counts().workers, 0);
}

#[test]
fn unhandled_exceptions_are_reported_to_the_owners() {
    check_page(
        "worker a.js",
        &[("a.js", "worker b.js"), ("b.js", "throw x; close-worker")],
        "ready worker a.js
         ready worker b.js
         error of worker b.js: x
         gone worker b.js
         error of worker a.js: x",
    );
}

#[test]
fn shared_worker_is_shared_and_ends_with_its_last_owner() {
    let mut world = World::new(&[
        (
            "index.html",
            "<iframe id=f src=f.html></iframe><iframe id=g src=g.html></iframe>",
        ),
        ("f.html", "<script>shared-worker s.js</script>"),
        (
            "g.html",
            "<script>shared-worker s.js; shared-module s.js; log g</script>",
        ),
        ("s.js", "log shared"),
    ]);
    world.open("index.html");
    world.run();
    // The load events of the frames are ignored here.
    let own = ["no worker", "g", "shared", "ready worker s.js"];
    world.transcript.retain(|line| own.contains(&line.as_str()));
    assert_transcript(&mut world, "no worker\ng\nshared\nready worker s.js");
    assert_eq!(world.contexts.counts().workers, 1);
    let document = world.document();
    world.run_commands(document, "remove f");
    assert_transcript(&mut world, "pagehide window f.html");
    world.run_commands(document, "remove g");
    assert_transcript(&mut world, "pagehide window g.html\ngone worker s.js");
    assert_eq!(world.contexts.counts().workers, 0);
}
