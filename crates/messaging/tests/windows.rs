//! `postMessage` of windows, ports and broadcast channels between pages and frames, in plain Rust.
#![allow(clippy::unwrap_used)] // In the helpers, too.

use framepost_browsing_context::loader::MemoryLoader;
use framepost_browsing_context::{EventTarget, FiredEvent, NavigableId};
use framepost_messaging::accounting::{Counters, MessageDropReason};
use framepost_messaging::plain::{Error, Event, World};
use framepost_messaging::ports::{HostReceived, Owner};
use framepost_messaging::structured_clone::{
    CloneError, Message, Serialized, TransferDataHolder, structured_deserialize_with_transfer,
    structured_serialize_with_transfer,
};
use framepost_messaging::value::{HostHeap, Object};
use framepost_messaging::{MessageTarget, MessagingError, Value};

const PAGE: &str = "http://a.test/";

/// Loads a page of a.test with two frames: one of the same origin and one of another.
fn world() -> (World, NavigableId, NavigableId, NavigableId) {
    let mut loader = MemoryLoader::new();
    for (url, body) in [
        (
            PAGE,
            "<iframe src=own></iframe><iframe src=http://b.test/></iframe>",
        ),
        ("http://a.test/own", "<p>own"),
        ("http://b.test/", "<p>other"),
        ("http://a.test/next", "<p>next"),
    ] {
        loader.add(url, body).unwrap();
    }
    let mut world = World::new(loader);
    let page = world.open(PAGE).unwrap();
    let _ = world.run_until_idle();
    let _ = world.take_events();
    let (own, other) = (world.frame(page, 0).unwrap(), world.frame(page, 1).unwrap());
    (world, page, own, other)
}

/// Runs to idle and describes the received events in words.
fn received(world: &mut World) -> Vec<String> {
    let _ = world.run_until_idle();
    let events = world.take_events().into_iter();
    let words = events.filter_map(|event| match event {
        Event::Message {
            target,
            data,
            origin,
            source,
            ports,
        } => Some(format!(
            "{} at {} from {origin:?} {} with {} ports",
            data.to_text().unwrap_or_else(|| format!("{data:?}")),
            at(target),
            source.map_or_else(|| "nobody".to_owned(), |it| it.to_string()),
            ports.len(),
        )),
        Event::MessageError { target, origin, .. } => {
            Some(format!("messageerror at {} from {origin:?}", at(target)))
        }
        Event::Close { port } => Some(format!("close at {port}")),
        Event::Host { port } => Some(format!("something for {port}")),
        _ => None,
    });
    words.collect()
}

fn at(target: MessageTarget) -> String {
    match target {
        MessageTarget::Global(window) => window.to_string(),
        MessageTarget::Port(port) => port.to_string(),
        MessageTarget::BroadcastChannel(channel) => channel.to_string(),
        _ => "elsewhere".to_owned(),
    }
}

fn reasons(world: &mut World) -> Vec<MessageDropReason> {
    let dropped = world.messaging().take_dropped();
    dropped.iter().map(|dropped| dropped.reason).collect()
}

fn add_up(counters: Counters, delivered: u64, dropped: u64) {
    assert_eq!((counters.delivered, counters.dropped), (delivered, dropped));
    assert_eq!(counters.pending(), 0);
}

#[test]
fn message_has_the_origin_and_source_of_its_sender() {
    let (mut world, page, own, other) = world();
    world.post_message(other, page, "up", "*", &[]).unwrap();
    world.post_message(page, own, "down", "/", &[]).unwrap();
    world
        .post_message(page, other, "across", "http://b.test/x", &[])
        .unwrap();
    let (page_window, own_window) = (world.window(page).unwrap(), world.window(own).unwrap());
    let other_window = world.window(other).unwrap();
    let expected = [
        format!("up at {page_window} from \"http://b.test\" {other} with 0 ports"),
        format!("down at {own_window} from \"http://a.test\" {page} with 0 ports"),
        format!("across at {other_window} from \"http://a.test\" {page} with 0 ports"),
    ];
    assert_eq!(received(&mut world), expected);
}

#[test]
fn message_for_another_origin_is_dropped_with_its_ports() {
    let (mut world, page, _, other) = world();
    let (port1, port2) = world.create_message_channel(page).unwrap();
    world.post_message(page, other, 1.0, "/", &[port2]).unwrap();
    world
        .post_message(page, other, 2.0, "data:,x", &[])
        .unwrap();
    assert_eq!(received(&mut world), [format!("close at {port1}")]);
    assert_eq!(
        reasons(&mut world),
        [MessageDropReason::TargetOriginMismatch; 2]
    );
    add_up(world.messaging().counters(), 0, 2);
}

#[test]
fn target_origin_is_checked_at_delivery() {
    let (mut world, page, own, _) = world();
    // The frame navigates to another origin, and the message is queued before it arrives there.
    let iframe = world.element(page, "iframe").unwrap();
    let window = world.window(own).unwrap();
    let url = framepost_browsing_context::Url::parse("http://b.test/").unwrap();
    let params = framepost_browsing_context::NavigateParams::new(url);
    world.with_contexts_driven(|contexts, queues| contexts.navigate(queues, own, params));
    world
        .post_message(page, own, "late", "http://a.test", &[])
        .unwrap();
    let received = received(&mut world);
    let arrived = !received.is_empty();
    let dropped = reasons(&mut world);
    assert!(arrived != (dropped.len() == 1), "{received:?} {dropped:?}");
    assert_ne!(world.window(own).unwrap(), window);
    world
        .post_message(page, own, "later", "http://a.test", &[])
        .unwrap();
    assert!(self::received(&mut world).is_empty());
    assert_eq!(
        reasons(&mut world),
        [MessageDropReason::TargetOriginMismatch]
    );
    drop(iframe);
}

#[test]
fn invalid_target_origin_is_refused_before_anything_is_detached() {
    let (mut world, page, own, _) = world();
    let (_, port2) = world.create_message_channel(page).unwrap();
    let refused = world.post_message(page, own, 1.0, "nowhere", &[port2]);
    let error = MessagingError::InvalidTargetOrigin("nowhere".to_owned());
    assert_eq!(error.dom_exception_name(), "SyntaxError");
    assert_eq!(refused, Err(Error::Messaging(error)));
    assert!(!world.messaging().is_detached(port2));
    add_up(world.messaging().counters(), 0, 0);
}

#[test]
fn transferred_port_is_the_same_object_in_ports_and_data() {
    let (mut world, page, own, _) = world();
    let (port1, port2) = world.create_message_channel(page).unwrap();
    let object = world.port_object(port2);
    let data = Value::record([
        ("here", Value::from(object.clone())),
        ("again", object.into()),
    ]);
    world.post_message(page, own, data, "*", &[port2]).unwrap();
    let _ = world.run_until_idle();
    let Some(Event::Message { data, ports, .. }) = world.take_events().pop() else {
        panic!("no message");
    };
    let [arrived] = ports[..] else {
        panic!("{ports:?}")
    };
    let object = Value::from(world.port_object(arrived));
    assert_eq!(
        (data.get("here"), data.get("again")),
        (Some(object.clone()), Some(object))
    );
    assert_eq!(world.messaging().entangled_port(port1), Some(arrived));
    let twice = world.post_message(page, own, 1.0, "*", &[arrived, arrived]);
    assert_eq!(twice, Err(Error::Clone(CloneError::DuplicateTransfer(1))));
    let gone = world.post_message(page, own, 1.0, "*", &[port2]);
    assert_eq!(gone, Err(Error::Clone(CloneError::DetachedTransfer(0))));
    let own_port = world.port_post_message(arrived, 1.0, &[arrived]);
    assert_eq!(
        own_port,
        Err(Error::Messaging(MessagingError::SourcePortInTransfer))
    );
}

#[test]
fn posting_on_a_closed_or_detached_port_still_serializes_and_throws() {
    let (mut world, page, _, _) = world();
    let (port1, port2) = world.create_message_channel(page).unwrap();
    world.close(port1);
    let uncloneable = Value::from(Object::platform("Window", ()));
    for port in [port1, port2] {
        let refused = world.port_post_message(port, uncloneable.clone(), &[]);
        assert!(matches!(refused, Err(Error::Clone(_))), "{refused:?}");
        let posted = world.port_post_message(port, 1.0, &[]).unwrap();
        assert_eq!(posted.dropped, Some(MessageDropReason::PortClosed));
    }
    assert_eq!(received(&mut world), [format!("close at {port2}")]);
}

#[test]
fn malformed_message_fires_messageerror_and_closes_its_ports() {
    let (mut world, page, own, _) = world();
    let (port1, port2) = world.create_message_channel(page).unwrap();
    let half = world.messaging().detach(port2).unwrap();
    let mut message = Message::from(Serialized::from_bytes(vec![0xff; 9]));
    message
        .transfer_data_holders
        .push(TransferDataHolder::Port(half));
    let window = world.window(own).unwrap();
    world.with_messaging_queues(|messaging, queues| {
        messaging.host_post_to_window(queues, window, message);
    });
    let expected = [
        format!("messageerror at {window} from \"\""),
        format!("close at {port1}"),
    ];
    assert_eq!(received(&mut world), expected);
    assert_eq!(
        reasons(&mut world),
        [MessageDropReason::DeserializationFailed]
    );
    assert_eq!(world.messaging().half_count(), 1);
}

#[test]
fn removed_frame_drops_its_messages_and_ports() {
    let (mut world, page, own, _) = world();
    let (page_port, frame_port) = world.create_message_channel(page).unwrap();
    world
        .post_message(page, own, "the port", "*", &[frame_port])
        .unwrap();
    assert_eq!(received(&mut world).len(), 1);
    world
        .port_post_message(page_port, "never started", &[])
        .unwrap();
    world.post_message(page, own, "too late", "*", &[]).unwrap();
    let iframe = world.element(page, "iframe").unwrap();
    world.remove(&iframe);
    assert_eq!(received(&mut world), [format!("close at {page_port}")]);
    assert_eq!(reasons(&mut world), [MessageDropReason::WindowDiscarded; 2]);
    assert_eq!(world.window(own), Err(Error::NavigableDestroyed(own)));
    add_up(world.messaging().counters(), 1, 2);
}

#[test]
fn rust_code_owns_one_end_of_a_channel_into_a_page() {
    let (mut world, page, _, _) = world();
    let (ours, theirs) = world.messaging().create_channel(Owner::Host);
    let half = world.messaging().detach(theirs).unwrap();
    let port = HostHeap::port(half);
    let greeting = Value::record([("port", Value::from(port.clone()))]);
    let message = structured_serialize_with_transfer(&mut HostHeap, &greeting, &[port]).unwrap();
    let window = world.window(page).unwrap();
    world.with_messaging_queues(|messaging, queues| {
        messaging.start(queues, ours);
        messaging.host_post_to_window(queues, window, message);
    });
    let _ = world.run_until_idle();
    let Some(Event::Message { data, ports, .. }) = world.take_events().pop() else {
        panic!("no message");
    };
    assert_eq!(data.get("port"), Some(world.port_object(ports[0]).into()));
    world.port_post_message(ports[0], "thanks", &[]).unwrap();
    assert_eq!(received(&mut world), [format!("something for {ours}")]);
    let received =
        world.with_messaging_queues(|messaging, queues| messaging.host_receive(queues, ours));
    let Some(HostReceived::Message { message, .. }) = received else {
        panic!("no answer");
    };
    let value = structured_deserialize_with_transfer(&mut HostHeap, message, &());
    assert_eq!(value.unwrap().deserialized, "thanks".into());
    add_up(world.messaging().counters(), 2, 0);
}

#[test]
fn broadcast_reaches_the_same_origin_in_creation_order() {
    let (mut world, page, own, other) = world();
    let sender = world.create_broadcast_channel(page, "news").unwrap();
    let second = world.create_broadcast_channel(own, "news").unwrap();
    let third = world.create_broadcast_channel(page, "news").unwrap();
    world.create_broadcast_channel(page, "gossip").unwrap();
    world.create_broadcast_channel(other, "news").unwrap();
    let closed = world.create_broadcast_channel(page, "news").unwrap();
    assert_eq!(world.broadcast(sender, "x").unwrap().len(), 3);
    world.messaging().close_broadcast_channel(closed);
    world.create_broadcast_channel(page, "news").unwrap();
    let expected =
        [second, third].map(|it| format!("x at {it} from \"http://a.test\" nobody with 0 ports"));
    assert_eq!(received(&mut world), expected);
    assert_eq!(reasons(&mut world), [MessageDropReason::ChannelClosed]);
    let refused = world.broadcast(closed, Value::from(Object::platform("Window", ())));
    let error = MessagingError::BroadcastChannelClosed;
    assert_eq!(error.dom_exception_name(), "InvalidStateError");
    assert_eq!(refused, Err(Error::Messaging(error)));
    let iframe = world.element(page, "iframe").unwrap();
    world.remove(&iframe);
    assert_eq!(
        world.broadcast(second, 1.0),
        Ok(vec![]),
        "not eligible for messaging"
    );
    assert_eq!(world.broadcast(sender, 1.0).unwrap().len(), 2);
}

#[test]
fn channels_of_opaque_origins_reach_only_themselves() {
    let mut loader = MemoryLoader::new();
    let frame = "<iframe sandbox src=f></iframe>";
    loader.add(PAGE, frame.repeat(2)).unwrap();
    loader.add("http://a.test/f", "").unwrap();
    let mut world = World::new(loader);
    let page = world.open(PAGE).unwrap();
    let _ = world.run_until_idle();
    let (one, two) = (world.frame(page, 0).unwrap(), world.frame(page, 1).unwrap());
    let sender = world.create_broadcast_channel(one, "n").unwrap();
    let same = world.create_broadcast_channel(one, "n").unwrap();
    world.create_broadcast_channel(two, "n").unwrap();
    world.create_broadcast_channel(page, "n").unwrap();
    world.broadcast(sender, "x").unwrap();
    let expected = format!("x at {same} from \"null\" nobody with 0 ports");
    assert_eq!(received(&mut world), [expected]);
    world.post_message(one, one, "self", "/", &[]).unwrap();
    world.post_message(one, two, "twin", "/", &[]).unwrap();
    assert_eq!(received(&mut world).len(), 1);
    assert_eq!(
        reasons(&mut world),
        [MessageDropReason::TargetOriginMismatch]
    );
}

#[test]
fn page_loads_are_reported() {
    let mut loader = MemoryLoader::new();
    loader.add(PAGE, "<iframe src=missing></iframe>").unwrap();
    let mut world = World::new(loader);
    world.open(PAGE).unwrap();
    let _ = world.run_until_idle();
    let events = world.take_events();
    let reported = events.iter().any(|event| matches!(event, Event::Report(_)));
    assert!(reported, "{events:?}");
    let loaded = events.iter().rev().find(|event| {
        matches!(
            event,
            Event::Frame {
                target: EventTarget::Window(_),
                event: FiredEvent::Load
            }
        )
    });
    assert!(loaded.is_some(), "{events:?}");
    assert!(matches!(world.open("nowhere"), Err(Error::InvalidUrl(_))));
}
