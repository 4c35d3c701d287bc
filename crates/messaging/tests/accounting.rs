//! Every message has exactly one end. Each reason for which one is dropped can be met: a test each.
#![allow(clippy::unwrap_used)] // In the helpers, too.

use framepost_browsing_context::NavigableId;
use framepost_browsing_context::loader::MemoryLoader;
use framepost_event_loop::Next;
use framepost_messaging::accounting::{MessageDropReason, QueueLimits};
use framepost_messaging::plain::{Task, World};
use framepost_messaging::ports::PortId;
use framepost_messaging::structured_clone::{Message, Serialized, TransferDataHolder};

const PAGE: &str = "http://a.test/";

/// A page with a frame of its own origin, both loaded.
fn world() -> (World, NavigableId, NavigableId) {
    let mut loader = MemoryLoader::new();
    loader.add(PAGE, "<iframe src=frame></iframe>").unwrap();
    loader.add("http://a.test/frame", "<p>frame").unwrap();
    let mut world = World::new(loader);
    let page = world.open(PAGE).unwrap();
    let _ = world.run_until_idle();
    let frame = world.frame(page, 0).unwrap();
    (world, page, frame)
}

fn channel(world: &mut World, page: NavigableId) -> (PortId, PortId) {
    world.create_message_channel(page).unwrap()
}

/// Runs to idle: all that was posted was delivered, or dropped for these reasons.
#[track_caller]
fn ends(mut world: World, expected: &[MessageDropReason]) {
    let _ = world.run_until_idle();
    world.with_messaging_queues(|messaging, queues| messaging.process_drops(queues));
    let messaging = world.messaging();
    let dropped = messaging.take_dropped();
    let reasons: Vec<MessageDropReason> = dropped.iter().map(|dropped| dropped.reason).collect();
    assert_eq!(reasons, expected);
    let counters = messaging.counters();
    assert_eq!(counters.dropped, expected.len() as u64);
    assert_eq!(counters.posted, counters.delivered + counters.dropped);
    let mut ids: Vec<u64> = dropped.iter().map(|it| it.message.id.number()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), expected.len(), "a message has two ends");
}

#[test]
fn target_origin_mismatch() {
    let (mut world, page, frame) = world();
    let elsewhere = "http://b.test";
    world
        .post_message(page, frame, 1.0, elsewhere, &[])
        .unwrap();
    ends(world, &[MessageDropReason::TargetOriginMismatch]);
}

#[test]
fn window_gone() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    let iframe = world.element(page, "iframe").unwrap();
    world.remove(&iframe);
    ends(world, &[MessageDropReason::WindowGone]);
}

#[test]
fn document_not_active() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    // The window gets another document, as when an initial about:blank is replaced.
    let window = world.window(frame).unwrap();
    let event_loop = world.event_loop();
    let old = event_loop.client_of(window).unwrap();
    event_loop.create_client(window);
    event_loop.destroy_client(old);
    for dropped in world.event_loop().take_dropped() {
        if let Task::Messaging(task) = dropped.queued.task {
            world.with_messaging_queues(|messaging, queues| messaging.task_dropped(queues, task));
        }
    }
    ends(world, &[MessageDropReason::DocumentNotActive]);
}

#[test]
fn port_closed() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, "too late", &[]).unwrap();
    world.close(port2);
    world.port_post_message(port1, "later", &[]).unwrap();
    ends(world, &[MessageDropReason::PortClosed; 2]);
}

#[test]
fn port_collected() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, 1.0, &[]).unwrap();
    world.with_messaging_queues(|messaging, queues| messaging.port_collected(queues, port2));
    ends(world, &[MessageDropReason::PortCollected]);
}

#[test]
fn port_in_own_message() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, 1.0, &[port2]).unwrap();
    ends(world, &[MessageDropReason::PortInOwnMessage]);
}

#[test]
fn carrier_dropped() {
    let (mut world, page, frame) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, "inside", &[]).unwrap();
    let elsewhere = "http://b.test";
    world
        .post_message(page, frame, "outside", elsewhere, &[port2])
        .unwrap();
    let reasons = [
        MessageDropReason::TargetOriginMismatch,
        MessageDropReason::CarrierDropped,
    ];
    ends(world, &reasons);
}

#[test]
fn channel_closed() {
    let (mut world, page, frame) = world();
    let sender = world.create_broadcast_channel(page, "x").unwrap();
    let receiver = world.create_broadcast_channel(frame, "x").unwrap();
    assert_eq!(world.broadcast(sender, 1.0).unwrap().len(), 1);
    world.messaging().close_broadcast_channel(receiver);
    ends(world, &[MessageDropReason::ChannelClosed]);
}

#[test]
fn deserialization_failed() {
    let (mut world, page, _) = world();
    let (_, port2) = channel(&mut world, page);
    let half = world.messaging().detach(port2).unwrap();
    let mut message = Message::from(Serialized::from_bytes(vec![0xff; 9]));
    message
        .transfer_data_holders
        .push(TransferDataHolder::Port(half));
    let window = world.window(page).unwrap();
    world.with_messaging_queues(|messaging, queues| {
        messaging.host_post_to_window(queues, window, message);
    });
    ends(world, &[MessageDropReason::DeserializationFailed]);
}

#[test]
fn limit() {
    let (mut world, page, frame) = world();
    let mut limits = QueueLimits::default();
    limits.messages_per_global = Some(1);
    world.messaging().set_limits(limits);
    let posted = world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    assert_eq!(posted.dropped, None);
    let posted = world.post_message(page, frame, 2.0, "*", &[]).unwrap();
    assert_eq!(posted.dropped, Some(MessageDropReason::Limit));
    ends(world, &[MessageDropReason::Limit]);
}

#[test]
fn limit_of_bytes() {
    let (mut world, page, _) = world();
    let (port1, _) = channel(&mut world, page);
    let mut limits = QueueLimits::default();
    limits.bytes_per_port = Some(64);
    world.messaging().set_limits(limits);
    let long = "x".repeat(100);
    let posted = world.port_post_message(port1, long, &[]).unwrap();
    assert_eq!(posted.dropped, Some(MessageDropReason::Limit));
    ends(world, &[MessageDropReason::Limit]);
}

#[test]
fn abandoned() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    let Next::Task(task) = world.event_loop().next_task() else {
        panic!("no task for the message");
    };
    drop(task);
    ends(world, &[MessageDropReason::Abandoned]);
}
