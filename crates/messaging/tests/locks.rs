//! Web Locks in a world without script.

#![allow(clippy::unwrap_used, missing_docs)]

use framepost_browsing_context::NavigableId;
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::accounting::TraceRecord;
use framepost_messaging::locks::{
    LockError, LockEvent, LockId, LockMode, LockOptions, LockRequestId,
};
use framepost_messaging::plain::{Error, Event, World};

fn open(html: &str) -> (World, NavigableId) {
    let mut loader = MemoryLoader::new();
    loader.add("http://a.test/", html).unwrap();
    for host in ["a.test", "b.test"] {
        loader.add(&format!("http://{host}/f"), "<p>").unwrap();
    }
    let mut world = World::new(loader);
    let page = world.open("http://a.test/").unwrap();
    let _ = world.run_until_idle();
    let _ = world.take_events();
    (world, page)
}

/// The outcomes since the last call.
fn outcomes(world: &mut World) -> Vec<(LockRequestId, LockEvent)> {
    let _ = world.run_until_idle();
    let events = world.take_events().into_iter();
    let outcomes = events.filter_map(|event| match event {
        Event::Lock { request, event } => Some((request, event)),
        _ => None,
    });
    outcomes.collect()
}

/// The locks that were granted since the last call.
fn granted(world: &mut World) -> Vec<(LockRequestId, LockId)> {
    let outcomes = outcomes(world).into_iter();
    let granted = outcomes.filter_map(|(request, event)| match event {
        LockEvent::Granted { lock } => Some((request, lock)),
        _ => None,
    });
    granted.collect()
}

const EXCLUSIVE: fn() -> LockOptions = LockOptions::new;

fn shared() -> LockOptions {
    LockOptions::new().mode(LockMode::Shared)
}

fn state(world: &World, page: NavigableId) -> String {
    let snapshot = world.query_locks(page).unwrap();
    let text = |infos: &[framepost_messaging::locks::LockInfo]| {
        let infos = infos.iter();
        let texts =
            infos.map(|info| format!("{} {}", info.mode, String::from_utf16_lossy(&info.name)));
        texts.collect::<Vec<_>>().join(", ")
    };
    format!(
        "held: {}; pending: {}",
        text(&snapshot.held),
        text(&snapshot.pending)
    )
}

#[test]
fn queue_is_in_order_and_shared_locks_are_held_together() {
    let (mut world, page) = open("");
    let mut request = |options| world.request_lock(page, "a", options).unwrap();
    let first = [request(shared()), request(shared())];
    let exclusive = request(EXCLUSIVE());
    let last = request(shared());
    let held = granted(&mut world);
    assert_eq!(
        held.iter().map(|(request, _)| *request).collect::<Vec<_>>(),
        first
    );
    assert_eq!(
        state(&world, page),
        "held: shared a, shared a; pending: exclusive a, shared a"
    );
    world.release_lock(held[0].1);
    assert_eq!(granted(&mut world), []);
    world.release_lock(held[1].1);
    let [(next, lock)] = granted(&mut world)[..] else {
        panic!()
    };
    assert_eq!(next, exclusive);
    world.release_lock(lock);
    let [(next, lock)] = granted(&mut world)[..] else {
        panic!()
    };
    assert_eq!(next, last);
    world.release_lock(lock);
    world.release_lock(lock);
    assert_eq!(state(&world, page), "held: ; pending: ");
}

#[test]
fn request_that_does_not_wait_gets_nothing() {
    let (mut world, page) = open("");
    let now = LockOptions::new().if_available(true);
    let first = world.request_lock(page, "a", now).unwrap();
    let second = world.request_lock(page, "a", now).unwrap();
    let other = world.request_lock(page, "b", now).unwrap();
    let outcomes = outcomes(&mut world);
    assert_eq!(outcomes[1], (second, LockEvent::NotAvailable));
    assert!(matches!(outcomes[0], (request, LockEvent::Granted { .. }) if request == first));
    assert!(matches!(outcomes[2], (request, LockEvent::Granted { .. }) if request == other));
    // It does not overtake a request that waits.
    world.request_lock(page, "c", shared()).unwrap();
    world.request_lock(page, "c", EXCLUSIVE()).unwrap();
    let third = world
        .request_lock(page, "c", now.mode(LockMode::Shared))
        .unwrap();
    let found = self::outcomes(&mut world);
    assert_eq!(found.last(), Some(&(third, LockEvent::NotAvailable)));
}

#[test]
fn stolen_lock_is_lost_and_the_queue_goes_on_afterwards() {
    let (mut world, page) = open("");
    let holder = world.request_lock(page, "a", EXCLUSIVE()).unwrap();
    let waiting = world.request_lock(page, "a", EXCLUSIVE()).unwrap();
    let [(_, lock)] = granted(&mut world)[..] else {
        panic!()
    };
    let thief = world
        .request_lock(page, "a", EXCLUSIVE().steal(true))
        .unwrap();
    let outcomes = outcomes(&mut world);
    assert_eq!(outcomes[0], (holder, LockEvent::Stolen));
    let (request, LockEvent::Granted { lock: stolen }) = outcomes[1] else {
        panic!()
    };
    assert_eq!(request, thief);
    // The former holder releases nothing.
    world.release_lock(lock);
    assert_eq!(granted(&mut world), []);
    world.release_lock(stolen);
    assert_eq!(granted(&mut world)[0].0, waiting);
}

#[test]
fn aborted_request_leaves_the_queue_or_gives_its_lock_back() {
    let (mut world, page) = open("");
    let options = LockOptions::new().has_signal(true);
    let first = world.request_lock(page, "a", options).unwrap();
    let second = world.request_lock(page, "a", options).unwrap();
    let third = world.request_lock(page, "a", options).unwrap();
    world.with_messaging_queues(|messaging, queues| {
        messaging.abort_lock_request(queues, second);
        // This one has its lock, but its callback was not called yet.
        messaging.abort_lock_request(queues, first);
    });
    let [(request, lock)] = granted(&mut world)[..] else {
        panic!()
    };
    assert_eq!(request, third);
    // Too late.
    world.with_messaging_queues(|messaging, queues| messaging.abort_lock_request(queues, third));
    assert_eq!(state(&world, page), "held: exclusive a; pending: ");
    world.release_lock(lock);
}

#[test]
fn requests_are_refused_for_the_reasons_of_the_standard() {
    let (mut world, page) = open("<iframe sandbox src=f></iframe>");
    let sandboxed = world.frame(page, 0).unwrap();
    let steal = LockOptions::new().steal(true);
    for (navigable, name, options, expected, exception) in [
        (
            sandboxed,
            "-a",
            steal,
            LockError::OpaqueOrigin,
            "SecurityError",
        ),
        (
            page,
            "-a",
            steal.if_available(true),
            LockError::Hyphen,
            "NotSupportedError",
        ),
        (
            page,
            "a",
            steal.if_available(true),
            LockError::StealIfAvailable,
            "NotSupportedError",
        ),
        (
            page,
            "a",
            steal.mode(LockMode::Shared),
            LockError::StealShared,
            "NotSupportedError",
        ),
        (
            page,
            "a",
            steal.has_signal(true),
            LockError::SignalWithoutWait,
            "NotSupportedError",
        ),
    ] {
        let refused = world.request_lock(navigable, name, options);
        assert_eq!(refused, Err(Error::Lock(expected)));
        assert_eq!(expected.dom_exception_name(), exception);
    }
    assert_eq!(
        world.query_locks(sandboxed),
        Err(Error::Lock(LockError::OpaqueOrigin))
    );
}

#[test]
fn storage_keys_have_locks_of_their_own() {
    let (mut world, page) = open("<iframe src=f></iframe><iframe src=http://b.test/f></iframe>");
    let (same, other) = (world.frame(page, 0).unwrap(), world.frame(page, 1).unwrap());
    let first = world.request_lock(page, "a", EXCLUSIVE()).unwrap();
    world.request_lock(same, "a", EXCLUSIVE()).unwrap();
    let third = world.request_lock(other, "a", EXCLUSIVE()).unwrap();
    let held = granted(&mut world);
    let requests: Vec<_> = held.iter().map(|(request, _)| *request).collect();
    assert_eq!(requests, [first, third]);
    assert_eq!(
        state(&world, same),
        "held: exclusive a; pending: exclusive a"
    );
    assert_eq!(state(&world, other), "held: exclusive a; pending: ");
}

#[test]
fn ten_thousand_requests_outlive_their_holders() {
    let (mut world, page) = open(&"<iframe src=f></iframe>".repeat(100));
    let frames: Vec<NavigableId> = (0..100)
        .map(|index| world.frame(page, index).unwrap())
        .collect();
    world.messaging().set_trace(true);
    let mut requests = Vec::new();
    for round in 0..100 {
        for frame in &frames {
            let options = if round % 3 == 0 {
                shared()
            } else {
                EXCLUSIVE()
            };
            let name = if round % 2 == 0 { "a" } else { "b" };
            requests.push(world.request_lock(*frame, name, options).unwrap());
        }
    }
    let last = world.request_lock(page, "a", EXCLUSIVE()).unwrap();
    let last_b = world.request_lock(page, "b", EXCLUSIVE()).unwrap();
    let mut seen = granted(&mut world).len();
    // The frames die one by one while they hold locks; the page gets the locks at the end.
    while let Some(iframe) = world.element(page, "iframe") {
        world.remove(&iframe);
        seen += granted(&mut world).len();
    }
    let snapshot = world.query_locks(page).unwrap();
    assert_eq!((snapshot.held.len(), snapshot.pending.len()), (2, 0));
    assert!(seen > 100);
    let trace = world.messaging().take_trace();
    let stages = |wanted: &str| {
        let is = |record: &TraceRecord| match record {
            TraceRecord::Lock { stage, .. } => stage.to_string() == wanted,
            _ => false,
        };
        trace.iter().filter(|event| is(&event.record)).count()
    };
    // Each request ends once.
    assert_eq!(stages("held") + stages("aborted"), requests.len() + 2);
    assert_eq!(stages("held"), stages("released") + 2);
    let _ = (last, last_b);
}
