//! Every message has exactly one end. One test for each drop reason.
#![allow(clippy::unwrap_used)] // In the helpers, too.

use framepost_browsing_context::NavigableId;
use framepost_browsing_context::loader::MemoryLoader;
use framepost_event_loop::NextTask;
use framepost_messaging::accounting::{MessageDropReason, QueueLimits};
use framepost_messaging::plain::{Task, World};
use framepost_messaging::ports::PortId;
use framepost_messaging::structured_clone::{Message, Serialized, TransferDataHolder};

const PAGE: &str = "http://a.test/";

/// Loads a page with a frame of the same origin.
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

/// Runs to idle. Every posted message must be delivered, or dropped for one of these reasons.
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
fn message_for_another_origin_is_dropped() {
    let (mut world, page, frame) = world();
    let elsewhere = "http://b.test";
    world
        .post_message(page, frame, 1.0, elsewhere, &[])
        .unwrap();
    ends(world, &[MessageDropReason::TargetOriginMismatch]);
}

#[test]
fn message_for_a_removed_frame_is_dropped() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    let iframe = world.element(page, "iframe").unwrap();
    world.remove(&iframe);
    ends(world, &[MessageDropReason::WindowDiscarded]);
}

#[test]
fn message_for_a_replaced_document_is_dropped() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    // The window gets a new document, as when an initial about:blank is replaced.
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
fn message_to_a_closed_port_is_dropped() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, "too late", &[]).unwrap();
    world.close(port2);
    world.port_post_message(port1, "later", &[]).unwrap();
    ends(world, &[MessageDropReason::PortClosed; 2]);
}

#[test]
fn message_to_a_collected_port_is_dropped() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, 1.0, &[]).unwrap();
    world.with_messaging_queues(|messaging, queues| messaging.port_collected(queues, port2));
    ends(world, &[MessageDropReason::PortCollected]);
}

#[test]
fn message_that_carries_its_own_target_is_dropped() {
    let (mut world, page, _) = world();
    let (port1, port2) = channel(&mut world, page);
    world.port_post_message(port1, 1.0, &[port2]).unwrap();
    ends(world, &[MessageDropReason::PortInOwnMessage]);
}

#[test]
fn messages_in_a_port_are_dropped_with_its_carrier() {
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
fn message_to_a_closed_channel_is_dropped() {
    let (mut world, page, frame) = world();
    let sender = world.create_broadcast_channel(page, "x").unwrap();
    let receiver = world.create_broadcast_channel(frame, "x").unwrap();
    assert_eq!(world.broadcast(sender, 1.0).unwrap().len(), 1);
    world.messaging().close_broadcast_channel(receiver);
    ends(world, &[MessageDropReason::ChannelClosed]);
}

#[test]
fn message_that_cannot_be_deserialized_is_dropped() {
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
fn message_over_the_count_limit_is_dropped() {
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
fn message_over_the_byte_limit_is_dropped() {
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
fn message_whose_task_the_host_drops_is_abandoned() {
    let (mut world, page, frame) = world();
    world.post_message(page, frame, 1.0, "*", &[]).unwrap();
    let NextTask::Task(task) = world.event_loop().next_task() else {
        panic!("no task for the message");
    };
    drop(task);
    ends(world, &[MessageDropReason::Abandoned]);
}
