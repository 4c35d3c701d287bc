//! Tests each rule of ports on its own. `programs` tests the rules in combination.

mod host_ports;
mod model;
mod programs;
mod rig;
mod run;

use framepost_event_loop::TaskSource;
use rig::{Event, Rig, message};

use super::{Owner, ReachabilityChange, Retainer};
use std::time::Duration;

use crate::accounting::{Cause, Counters, MessageDropReason, QueueLimits, TraceRecord};
use crate::structured_clone::TransferDataHolder;

fn counters(posted: u64, delivered: u64, dropped: u64) -> Counters {
    Counters {
        posted,
        delivered,
        dropped,
    }
}

#[test]
fn short_message_takes_56_bytes_in_a_queue() {
    use crate::accounting::Envelope;
    use crate::structured_clone::Message;
    assert_eq!(size_of::<Envelope<Message>>(), 56);
}

#[test]
fn messages_wait_in_order_until_the_port_is_started() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    rig.post(a, 2, &[]);
    assert_eq!(rig.run(), []);
    assert_eq!(rig.messaging.counters().pending(), 2);
    rig.start(b);
    rig.post(a, 3, &[]);
    rig.start(b);
    let received = |n| Event::Message(b, n, vec![]);
    assert_eq!(rig.run(), [received(1), received(2), received(3)]);
    assert_eq!(rig.messaging.counters(), counters(3, 3, 0));
}

#[test]
fn port_that_answers_each_message_is_reported_with_tasks_once() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.start(b);
    rig.messaging.track_reachability();
    let changed = [ReachabilityChange::PortTasks(b)];
    rig.post(a, 0, &[]);
    assert_eq!(rig.messaging.take_reachability_changes(), changed);
    for n in 0..3 {
        // Its listener posts to it again.
        assert_eq!(rig.step(), Some(Event::Message(b, n, vec![])));
        assert!(rig.messaging.has_tasks(b) && rig.messaging.takes_of_last_tasks() == 1);
        rig.post(a, n + 1, &[]);
        rig.messaging.task_ended();
        assert_eq!(rig.messaging.take_reachability_changes(), []);
    }
    rig.run();
    rig.messaging.task_ended();
    assert_eq!(rig.messaging.take_reachability_changes(), changed);
    assert!(!rig.messaging.has_tasks(b));
}

#[test]
fn messages_run_in_order_of_arrival_or_of_enabling_the_queue() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    let (c, d) = rig.channel(window);
    rig.start(d);
    rig.post(a, 1, &[]);
    rig.post(c, 2, &[]);
    rig.start(b);
    rig.post(c, 3, &[]);
    let expected = [
        Event::Message(d, 2, vec![]),
        Event::Message(b, 1, vec![]),
        Event::Message(d, 3, vec![]),
    ];
    assert_eq!(rig.run(), expected);
}

#[test]
fn transferred_port_keeps_its_queue_and_arrives_disabled() {
    let mut rig = Rig::default();
    let (first, second) = (rig.window(), rig.window());
    let (a, b) = rig.channel(first);
    rig.start(b);
    rig.post(a, 1, &[]);
    rig.post_to_window(second, 0, &[b]);
    assert!(rig.messaging.is_detached(b));
    rig.post(a, 2, &[]);
    let events = rig.run();
    let [Event::WindowMessage(_, 0, ports)] = &events[..] else {
        panic!("{events:?}");
    };
    let moved = ports[0];
    assert_eq!(rig.messaging.owner(moved), Some(Owner::Global(second)));
    assert!(!rig.messaging.is_enabled(moved));
    rig.post(a, 3, &[]);
    rig.start(moved);
    let received = |n| Event::Message(moved, n, vec![]);
    assert_eq!(rig.run(), [received(1), received(2), received(3)]);
}

#[test]
fn two_ports_in_transit_can_message_each_other() {
    let mut rig = Rig::default();
    let (first, second, third) = (rig.window(), rig.window(), rig.window());
    let (a, b) = rig.channel(first);
    rig.post(a, 1, &[]);
    rig.post(b, 2, &[]);
    rig.post_to_window(second, 0, &[a]);
    rig.post_to_window(third, 0, &[b]);
    let events = rig.run();
    let [Event::WindowMessage(_, _, a), Event::WindowMessage(_, _, b)] = &events[..] else {
        panic!("{events:?}");
    };
    let (a, b) = (a[0], b[0]);
    assert_eq!(rig.messaging.entangled_port(a), Some(b));
    rig.start(a);
    rig.start(b);
    let expected = [Event::Message(a, 2, vec![]), Event::Message(b, 1, vec![])];
    assert_eq!(rig.run(), expected);
}

#[test]
fn port_transferred_a_thousand_times_loses_no_message() {
    let mut rig = Rig::default();
    let windows = [rig.window(), rig.window()];
    let (a, mut b) = rig.channel(windows[0]);
    for n in 0..1000 {
        rig.post(a, n, &[]);
        rig.post_to_window(windows[n as usize % 2], n, &[b]);
        let Some(Event::WindowMessage(_, _, ports)) = rig.step() else {
            panic!("hop {n}");
        };
        b = ports[0];
    }
    rig.start(b);
    let numbers: Vec<u64> = rig
        .run()
        .into_iter()
        .map(|event| match event {
            Event::Message(_, n, _) => n,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
    assert_eq!(rig.messaging.half_count(), 2);
}

#[test]
fn long_chain_of_nested_ports_is_dropped_without_recursion() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (outer, mut holder) = rig.channel(window);
    let mut near = vec![outer];
    for n in 0..100_000 {
        let (a, b) = rig.channel(window);
        rig.post(a, n, &[holder]);
        near.push(a);
        holder = b;
    }
    assert_eq!(rig.messaging.half_count(), 200_002);
    rig.close(holder);
    assert_eq!(rig.messaging.half_count(), 100_001);
    assert_eq!(rig.dropped().len(), 100_000);
    assert!(near.iter().all(|port| !rig.messaging.is_entangled(*port)));
    assert_eq!(rig.run().len(), near.len());
}

#[test]
fn messages_posted_before_close_arrive_before_the_close_event() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.start(b);
    rig.post(a, 1, &[]);
    rig.close(a);
    assert!(!rig.messaging.is_entangled(b));
    assert!(!rig.messaging.is_detached(b));
    assert_eq!(rig.run(), [Event::Message(b, 1, vec![]), Event::Close(b)]);
    assert_eq!(
        rig.post(b, 2, &[]).dropped,
        Some(MessageDropReason::PortClosed)
    );
}

#[test]
fn close_event_fires_at_once_on_a_port_that_is_not_started() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    rig.close(a);
    assert_eq!(rig.run(), [Event::Close(b)]);
    rig.start(b);
    assert_eq!(rig.run(), [Event::Message(b, 1, vec![])]);
}

#[test]
fn port_started_before_its_close_event_gets_its_messages_first() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    rig.close(a);
    rig.start(b);
    assert_eq!(rig.run(), [Event::Message(b, 1, vec![]), Event::Close(b)]);
}

#[test]
fn close_event_survives_transfer_and_fires_once() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    rig.close(a);
    rig.post_to_window(window, 0, &[b]);
    let Some(Event::WindowMessage(_, _, ports)) = rig.step() else {
        panic!("the message with the port");
    };
    rig.start(ports[0]);
    let expected = [Event::Message(ports[0], 1, vec![]), Event::Close(ports[0])];
    assert_eq!(rig.run(), expected);
    rig.post_to_window(window, 0, &[ports[0]]);
    assert_eq!(rig.run().len(), 1, "close has fired already");
}

#[test]
fn closing_drops_the_messages_not_yet_received() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.start(b);
    rig.post(a, 1, &[]);
    rig.post(a, 2, &[]);
    assert_eq!(rig.step(), Some(Event::Message(b, 1, vec![])));
    rig.close(b);
    rig.close(b);
    assert_eq!(rig.run(), [Event::Close(a)]);
    assert_eq!(rig.dropped(), [MessageDropReason::PortClosed]);
    assert!(rig.messaging.detach(b).is_err());
    assert_eq!(rig.messaging.counters(), counters(2, 1, 1));
}

#[test]
fn message_that_carries_its_own_target_is_dropped_and_closes_its_sender() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    let posted = rig.post(a, 1, &[b]);
    assert_eq!(posted.dropped, Some(MessageDropReason::PortInOwnMessage));
    assert_eq!(rig.run(), [Event::Close(a)]);
    assert_eq!(rig.messaging.half_count(), 1);
}

#[test]
fn dropped_message_closes_the_peers_of_its_ports() {
    let mut rig = Rig::default();
    let (first, second) = (rig.window(), rig.window());
    let (a, b) = rig.channel(first);
    let (c, d) = rig.channel(first);
    rig.post(c, 1, &[]);
    rig.post(a, 2, &[d]);
    rig.post_to_window(second, 3, &[b]);
    rig.destroy_window(second);
    assert_eq!(rig.run(), [Event::Close(a), Event::Close(c)]);
    let expected = [
        MessageDropReason::WindowDiscarded,
        MessageDropReason::CarrierDropped,
        MessageDropReason::CarrierDropped,
    ];
    assert_eq!(rig.dropped(), expected);
    assert_eq!(rig.messaging.half_count(), 2);
    assert_eq!(rig.messaging.counters(), counters(3, 0, 3));
}

#[test]
fn ports_of_a_dropped_platform_object_close_their_peers() {
    let mut rig = Rig::default();
    let window = rig.window();
    let [(a, b), (c, d), (e, f)] = [(); 3].map(|()| rig.channel(window));
    let halves = [b, d].map(|port| rig.messaging.detach(port).unwrap());
    let mut message = message(1, Vec::new());
    message
        .transfer_data_holders
        .push(TransferDataHolder::Ports {
            interface: "Stream",
            halves: halves.into(),
        });
    assert_eq!(message.halves().count(), 2);
    rig.messaging.post(&mut rig.event_loop, e, message).unwrap();
    rig.close(f);
    let events = rig.run();
    for port in [a, c, e] {
        assert!(events.contains(&Event::Close(port)), "{events:?}");
    }
    assert_eq!(rig.dropped(), [MessageDropReason::PortClosed]);
}

#[test]
fn destroyed_window_disentangles_its_ports() {
    let mut rig = Rig::default();
    let (first, second) = (rig.window(), rig.window());
    let (a, b) = rig.channel(first);
    rig.post_to_window(second, 0, &[b]);
    let Some(Event::WindowMessage(_, _, ports)) = rig.step() else {
        panic!("the port arrives");
    };
    rig.start(a);
    rig.post(a, 1, &[]);
    rig.post(ports[0], 2, &[]);
    rig.destroy_window(second);
    assert_eq!(rig.run(), [Event::Message(a, 2, vec![]), Event::Close(a)]);
    assert_eq!(rig.dropped(), [MessageDropReason::WindowDiscarded]);
    let late = rig.post_to_window(second, 3, &[]);
    assert_eq!(late.dropped, Some(MessageDropReason::WindowDiscarded));
    let late = rig.post(ports[0], 4, &[]);
    assert_eq!(late.dropped, Some(MessageDropReason::PortClosed));
    // A script that still has the port may transfer it again, without effect.
    assert!(!rig.messaging.is_detached(ports[0]));
    rig.post_to_window(first, 5, &[ports[0]]);
    assert!(rig.messaging.is_detached(ports[0]));
    let Some(Event::WindowMessage(_, 5, ports)) = rig.step() else {
        panic!("the port arrives");
    };
    rig.start(ports[0]);
    assert_eq!(rig.run(), []);
    assert!(!rig.messaging.is_entangled(ports[0]));
    assert_eq!(rig.messaging.port_count(), 2);
}

#[test]
fn ports_of_a_destroyed_window_end_when_they_are_collected() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.start(a);
    rig.post(b, 1, &[]);
    rig.destroy_window(window);
    assert!(!rig.messaging.has_tasks(a));
    assert_eq!(rig.messaging.half_count(), 2);
    for port in [a, b] {
        let queues = &mut rig.event_loop;
        rig.messaging.port_collected(queues, port);
    }
    assert_eq!(rig.messaging.half_count(), 0);
    assert_eq!(rig.messaging.counters(), counters(1, 0, 1));
}

#[test]
fn tokens_follow_a_window_to_its_next_document() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.start(b);
    rig.post(a, 1, &[]);
    rig.next_document(window);
    assert_eq!(rig.run(), [Event::Message(b, 1, vec![])]);
    assert!(!rig.messaging.is_rooted(b));
}

#[test]
fn close_stays_behind_a_message_that_follows_a_window_to_its_next_document() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    // The peer is in a message that ends with the old document, and closes the channel.
    rig.post_to_window(window, 2, &[a]);
    rig.start(b);
    rig.next_document(window);
    assert_eq!(rig.run(), [Event::Message(b, 1, vec![]), Event::Close(b)]);
}

#[test]
fn unreachable_cycle_of_halves_is_collected() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a1, a2) = rig.channel(window);
    let (b1, b2) = rig.channel(window);
    let (c1, c2) = rig.channel(window);
    assert_eq!(rig.post(b1, 1, &[a2]).dropped, None);
    assert_eq!(rig.post(c1, 2, &[b2]).dropped, None);
    assert_eq!(rig.messaging.half_count(), 6);
    // a2 is in the queue of b2, and b2 is in the queue of c2. This message would put c2 into the
    // queue of a2.
    let posted = rig.post(a1, 3, &[c2]);
    assert_eq!(posted.dropped, Some(MessageDropReason::PortCollected));
    let closed = [Event::Close(c1), Event::Close(b1), Event::Close(a1)];
    assert_eq!(rig.run(), closed);
    assert_eq!(rig.messaging.half_count(), 3);
    assert_eq!(rig.messaging.counters(), counters(3, 0, 3));
}

#[test]
fn dropped_half_closes_its_channel() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    drop(rig.messaging.detach(b).unwrap());
    assert_eq!(rig.dropped(), [MessageDropReason::CarrierDropped]);
    assert_eq!(rig.run(), [Event::Close(a)]);
}

#[test]
fn half_of_another_table_is_returned() {
    let (mut rig, mut other) = (Rig::default(), Rig::default());
    let (window, elsewhere) = (rig.window(), other.window());
    let (_, b) = rig.channel(window);
    let half = rig.messaging.detach(b).unwrap();
    let owner = Owner::Global(elsewhere);
    let refused = other.messaging.attach(&mut other.event_loop, owner, half);
    let half = refused.unwrap_err().0;
    let back = rig.messaging.attach(&mut rig.event_loop, owner, half);
    assert!(rig.messaging.is_entangled(back.unwrap()));
}

#[test]
fn messages_over_a_limit_are_dropped_with_a_reason() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    let (c, d) = rig.channel(window);
    rig.messaging.set_limits(QueueLimits {
        messages_per_port: Some(2),
        bytes_per_global: Some(24),
        ..QueueLimits::default()
    });
    assert_eq!(rig.post(a, 1, &[]).dropped, None);
    assert_eq!(rig.post(a, 2, &[]).dropped, None);
    assert_eq!(rig.post(a, 3, &[]).dropped, Some(MessageDropReason::Limit));
    assert_eq!(rig.post(c, 4, &[]).dropped, None);
    assert_eq!(rig.post(c, 5, &[]).dropped, Some(MessageDropReason::Limit));
    let to_window = rig.post_to_window(window, 6, &[]);
    assert_eq!(to_window.dropped, Some(MessageDropReason::Limit));
    rig.start(b);
    assert_eq!(rig.run().len(), 2);
    assert_eq!(rig.post(c, 7, &[]).dropped, None);
    rig.close(d);
    assert_eq!(rig.messaging.accounting.loads.of(window).messages, 0);
}

#[test]
fn port_is_rooted_while_an_event_is_pending() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    rig.post(a, 1, &[]);
    assert!(!rig.messaging.is_rooted(b), "not enabled");
    rig.start(b);
    assert!(rig.messaging.is_rooted(b));
    rig.run();
    assert!(!rig.messaging.is_rooted(b));
    rig.close(a);
    assert!(rig.messaging.is_rooted(b), "close is to fire");
    rig.run();
    assert!(!rig.messaging.is_rooted(b));
}

#[test]
fn port_with_a_listener_is_retained_by_its_peer_in_any_place() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    let (c, d) = rig.channel(window);
    assert_eq!(rig.messaging.retainer(a), Retainer::None);
    rig.messaging.set_has_listener(a, true);
    assert_eq!(rig.messaging.retainer(a), Retainer::Port(b));
    assert_eq!(rig.messaging.retained_ports(b), [a]);
    rig.post(c, 1, &[b]);
    assert_eq!(rig.messaging.retainer(a), Retainer::Port(d));
    assert_eq!(rig.messaging.retained_ports(d), [a]);
    rig.post_to_window(window, 2, &[d]);
    assert_eq!(rig.messaging.retainer(a), Retainer::Root);
    assert!(rig.messaging.is_rooted(a));
    rig.close(a);
    assert_eq!(rig.messaging.retainer(a), Retainer::None);
}

#[test]
fn trace_shows_the_life_of_a_message() {
    let mut rig = Rig::default();
    let window = rig.window();
    rig.messaging.set_trace(true);
    let (at, cause) = (Duration::from_millis(7), Cause::default());
    rig.messaging.set_trace_context(at, cause);
    let (a, b) = rig.channel(window);
    rig.start(b);
    rig.post(a, 1, &[]);
    rig.run();
    rig.close(b);
    let trace = rig.messaging.take_trace();
    assert!(trace.iter().all(|it| (it.at, it.cause) == (at, cause)));
    let kinds: Vec<&str> = trace
        .iter()
        .map(|event| match event.record {
            TraceRecord::Created { .. } => "created",
            TraceRecord::Started { .. } => "started",
            TraceRecord::Posted { .. } => "posted",
            TraceRecord::Delivered { .. } => "delivered",
            TraceRecord::Closed { .. } => "closed",
            _ => "other",
        })
        .collect();
    assert_eq!(
        kinds,
        ["created", "started", "posted", "delivered", "closed"]
    );
    rig.messaging.set_trace(false);
    rig.post(a, 2, &[]);
    assert_eq!(rig.messaging.take_trace(), []);
}

#[test]
fn many_channels_leave_nothing_behind() {
    let mut rig = Rig::default();
    let window = rig.window();
    for n in 0..100_000 {
        let (a, b) = rig.channel(window);
        rig.post(a, n, &[]);
        rig.post_to_window(window, n, &[b]);
        let Some(Event::WindowMessage(_, _, ports)) = rig.step() else {
            panic!("the port arrives");
        };
        rig.start(ports[0]);
        rig.step();
        rig.close(a);
        rig.run();
        rig.close(ports[0]);
    }
    assert_eq!(rig.messaging.half_count(), 0);
    assert_eq!(rig.messaging.port_count(), 0);
    assert!(rig.messaging.table.of_global.is_empty());
    assert_eq!(rig.messaging.counters(), counters(200_000, 200_000, 0));
    let document = rig.event_loop.client_of(window);
    let left = rig
        .event_loop
        .remove_tasks(TaskSource::PostedMessage, document, |_| true);
    assert!(left.is_empty());
}
