//! Local and session storage in a world without script.

#![allow(clippy::unwrap_used, missing_docs)]

use framepost_browsing_context::NavigableId;
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::accounting::{Endpoint, MessageDropReason, QueueLimits, TraceRecord};
use framepost_messaging::plain::{Error, Event, World};
use framepost_messaging::storage::{StorageError, StorageKind, StoredArea};

const LOCAL: StorageKind = StorageKind::Local;
const SESSION: StorageKind = StorageKind::Session;

/// Opens a page at `http://a.test/` with this markup. Frames may show `/frame` of the origins a.test, b.test and
/// www.a.test.
fn open(html: &str) -> (World, NavigableId) {
    let mut loader = MemoryLoader::new();
    loader.add("http://a.test/", html).unwrap();
    for host in ["a.test", "b.test", "www.a.test"] {
        let inner = "<iframe src=http://a.test/frame></iframe>";
        loader.add(&format!("http://{host}/frame"), "<p>").unwrap();
        loader.add(&format!("http://{host}/outer"), inner).unwrap();
    }
    let mut world = World::new(loader);
    let page = world.open("http://a.test/").unwrap();
    let _ = world.run_until_idle();
    let _ = world.take_events();
    (world, page)
}

/// The events since the last call, as lines.
fn events(world: &mut World) -> Vec<String> {
    let _ = world.run_until_idle();
    let events = world.take_events().into_iter();
    let lines = events.filter_map(|event| match event {
        Event::Storage {
            target,
            kind,
            change,
        } => Some(format!(
            "{target} {kind}: {:?} {:?} {:?} from {}",
            change.key, change.old_value, change.new_value, change.url
        )),
        _ => None,
    });
    lines.collect()
}

#[test]
fn changes_reach_the_other_windows_of_the_key_in_order() {
    let (mut world, page) = open(
        "<iframe src=frame></iframe><iframe src=http://b.test/frame></iframe><iframe src=frame></iframe>",
    );
    let frames: Vec<NavigableId> = (0..3)
        .map(|index| world.frame(page, index).unwrap())
        .collect();
    let window = |world: &World, navigable| world.window(navigable).unwrap();
    let storage = world.storage(page, LOCAL).unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    world.set_storage_item(&storage, "a", "2").unwrap();
    world.remove_storage_item(&storage, "none");
    world.remove_storage_item(&storage, "a");
    world.clear_storage(&storage);
    world.set_storage_item(&storage, "b", "").unwrap();
    world.clear_storage(&storage);
    let (first, third) = (window(&world, frames[0]), window(&world, frames[2]));
    let mut expected = Vec::new();
    for change in [
        "Some(\"a\") None Some(\"1\")",
        "Some(\"a\") Some(\"1\") Some(\"2\")",
        "Some(\"a\") Some(\"2\") None",
        "Some(\"b\") None Some(\"\")",
        "None None None",
    ] {
        for target in [first, third] {
            expected.push(format!(
                "{target} local storage: {change} from http://a.test/"
            ));
        }
    }
    let mut found = events(&mut world);
    // Only the order at each window is given.
    found.sort_by_key(|line| line.starts_with(&third.to_string()));
    expected.sort_by_key(|line| line.starts_with(&third.to_string()));
    assert_eq!(found, expected);
}

#[test]
fn frames_below_another_site_have_storage_of_their_own() {
    let (mut world, page) = open(
        "<iframe src=http://b.test/frame></iframe><iframe src=http://b.test/outer></iframe>\
         <iframe src=http://www.a.test/outer></iframe>",
    );
    let storage = world.storage(page, LOCAL).unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    let get = |world: &World, navigable: NavigableId| {
        let storage = world.storage(navigable, LOCAL).unwrap();
        world
            .storage_item(&storage, "a")
            .map(|value| value.to_string())
    };
    let inner = |world: &World, index| {
        let outer = world.frame(page, index).unwrap();
        world.frame(outer, 0).unwrap()
    };
    // A frame of the page's origin, below a frame of another site and below one of the same site.
    let (below_other, below_same) = (inner(&world, 1), inner(&world, 2));
    assert_eq!(get(&world, below_other), None);
    assert_eq!(get(&world, below_same).as_deref(), Some("1"));

    // The frame of b.test does not share with a page of b.test.
    let third_party = world.frame(page, 0).unwrap();
    let storage = world.storage(third_party, LOCAL).unwrap();
    assert_eq!(
        storage.key().to_string(),
        "http://b.test below http://a.test"
    );
    world.set_storage_item(&storage, "a", "b").unwrap();
    let own = world.open("http://b.test/frame").unwrap();
    let _ = world.run_until_idle();
    assert_eq!(get(&world, own), None);
    let again = world.open("http://a.test/").unwrap();
    let _ = world.run_until_idle();
    let same_frame = world.frame(again, 0).unwrap();
    assert_eq!(get(&world, same_frame).as_deref(), Some("b"));
}

#[test]
fn session_storage_belongs_to_the_traversable_and_is_copied_to_opened_ones() {
    let (mut world, page) = open("<iframe src=frame></iframe>");
    let storage = world.storage(page, SESSION).unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    let frame = world.frame(page, 0).unwrap();
    assert_eq!(events(&mut world).len(), 1);

    let other = world.open("http://a.test/").unwrap();
    let _ = world.run_until_idle();
    let in_other = world.storage(other, SESSION).unwrap();
    assert_eq!(world.storage_item(&in_other, "a"), None);

    // A page opens a window: its session storage begins as a copy.
    let document = world.contexts().active_document(frame).unwrap();
    let mut opened = None;
    world.with_contexts_driven(|contexts, queues| {
        let (navigable, steps) = contexts.create_auxiliary(queues, document, "").unwrap();
        opened = Some(navigable);
        steps
    });
    let opened = opened.unwrap();
    let copy = world.storage(opened, SESSION).unwrap();
    assert_eq!(world.storage_item(&copy, "a"), Some("1".into()));
    world.set_storage_item(&copy, "a", "2").unwrap();
    assert_eq!(world.storage_item(&storage, "a"), Some("1".into()));
    assert_eq!(events(&mut world), [""; 0]);

    // It ends with its traversable, and an object that is left changes nothing.
    world.with_contexts_driven(|contexts, queues| contexts.destroy_top_level(queues, opened));
    assert_eq!(world.storage_item(&copy, "a"), None);
    world.set_storage_item(&copy, "a", "3").unwrap();
    assert_eq!(world.storage_item(&copy, "a"), None);
}

#[test]
fn opaque_origins_and_sandboxes_are_refused() {
    let (world, page) = open(
        "<iframe src='data:text/html,x'></iframe><iframe sandbox src=frame></iframe>\
         <iframe sandbox=allow-same-origin src=frame></iframe><iframe srcdoc='<p>'></iframe>",
    );
    let refused = Error::Storage(StorageError::OpaqueOrigin);
    let of = |index| world.storage(world.frame(page, index).unwrap(), LOCAL);
    assert_eq!(of(0).unwrap_err(), refused);
    assert_eq!(of(1).unwrap_err(), refused);
    assert!(of(2).is_ok() && of(3).is_ok());
    let Error::Storage(error) = refused else {
        return;
    };
    assert_eq!(error.dom_exception_name(), "SecurityError");
}

#[test]
fn an_area_has_a_quota() {
    let (mut world, page) = open("<iframe src=frame></iframe>");
    world.messaging().set_storage_quota(20);
    let storage = world.storage(page, LOCAL).unwrap();
    world.set_storage_item(&storage, "abc", "1234567").unwrap();
    let refused = world.set_storage_item(&storage, "d", "");
    let Err(Error::Storage(StorageError::QuotaExceeded {
        quota, requested, ..
    })) = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!((quota, requested), (20, 22));
    // Session storage has its own quota, and a smaller value fits.
    let session = world.storage(page, SESSION).unwrap();
    world.set_storage_item(&session, "d", "x").unwrap();
    world.set_storage_item(&storage, "abc", "1").unwrap();
    world.set_storage_item(&storage, "d", "").unwrap();
    assert_eq!(world.messaging().storage_length(&storage), 2);
    assert_eq!(events(&mut world).len(), 4);
}

#[test]
fn local_storage_can_be_kept() {
    let (mut world, page) = open("<iframe src=http://b.test/frame></iframe>");
    for (navigable, kind) in [
        (page, LOCAL),
        (world.frame(page, 0).unwrap(), LOCAL),
        (page, SESSION),
    ] {
        let storage = world.storage(navigable, kind).unwrap();
        world.set_storage_item(&storage, "z", "1").unwrap();
        world.set_storage_item(&storage, "a", "2").unwrap();
    }
    let stored = world.messaging().stored_areas();
    let shown = |area: &StoredArea| format!("{} {:?}", area.key, area.items);
    let lines: Vec<String> = stored.iter().map(shown).collect();
    assert_eq!(
        lines,
        [
            "http://a.test [(\"z\", \"1\"), (\"a\", \"2\")]",
            "http://b.test below http://a.test [(\"z\", \"1\"), (\"a\", \"2\")]"
        ]
    );
    let (mut later, page) = open("");
    for area in stored {
        later.messaging().restore_area(area);
    }
    let storage = later.storage(page, LOCAL).unwrap();
    assert_eq!(later.storage_item(&storage, "a"), Some("2".into()));
    assert_eq!(events(&mut later), [""; 0]);
}

#[test]
fn events_are_accounted_for_like_messages() {
    let (mut world, page) = open("<iframe src=frame></iframe><iframe src=frame></iframe>");
    let mut limits = QueueLimits::default();
    limits.messages_per_global = Some(1);
    world.messaging().set_limits(limits);
    world.messaging().set_trace(true);
    let storage = world.storage(page, LOCAL).unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    world.set_storage_item(&storage, "a", "2").unwrap();
    let iframe = world.element(page, "iframe").unwrap();
    world.remove(&iframe);
    assert_eq!(events(&mut world).len(), 1);
    let counters = world.messaging().counters();
    assert_eq!(
        (counters.posted, counters.delivered, counters.dropped),
        (4, 1, 3)
    );
    let dropped = world.messaging().take_dropped();
    let reasons: Vec<MessageDropReason> = dropped.iter().map(|dropped| dropped.reason).collect();
    let (limit, gone) = (MessageDropReason::Limit, MessageDropReason::WindowDiscarded);
    assert_eq!(reasons, [limit, limit, gone]);
    let is_event = |record: &TraceRecord| match record {
        TraceRecord::Posted { message, .. } => matches!(message.to, Endpoint::Storage { .. }),
        _ => false,
    };
    let trace = world.messaging().take_trace();
    assert_eq!(
        trace.iter().filter(|event| is_event(&event.record)).count(),
        4
    );
}

#[test]
fn a_thousand_windows_hear_a_change() {
    let (mut world, page) = open(&"<iframe src=frame></iframe>".repeat(1000));
    let storage = world.storage(page, LOCAL).unwrap();
    world.set_storage_item(&storage, "a", "1").unwrap();
    assert_eq!(events(&mut world).len(), 1000);
}
