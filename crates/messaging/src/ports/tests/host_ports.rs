//! Tests of ports that Rust code owns.

use super::super::{HostReceived, Owner, Retainer};
use super::counters;
use super::rig::{self, Event, Rig, message};

#[test]
fn port_of_rust_code_receives_by_polling() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (host, theirs) = rig.messaging.create_channel(Owner::Host);
    rig.post_to_window(window, 0, &[theirs]);
    let Some(Event::WindowMessage(_, _, ports)) = rig.step() else {
        panic!("the port arrives");
    };
    rig.start(ports[0]);
    rig.start(host);
    let queues = &mut rig.event_loop;
    rig.messaging
        .post(queues, host, message(1, vec![]))
        .unwrap();
    assert!(rig.messaging.host_receive(queues, ports[0]).is_none());
    assert_eq!(rig.step(), Some(Event::Message(ports[0], 1, vec![])));
    rig.post(ports[0], 2, &[]);
    rig.close(ports[0]);
    assert_eq!(rig.run(), [Event::Host(host), Event::Host(host)]);
    assert_eq!(rig.messaging.counters().pending(), 1);
    let mut received = || rig.messaging.host_receive(&mut rig.event_loop, host);
    let Some(HostReceived::Message { message, .. }) = received() else {
        panic!("the message");
    };
    assert_eq!(rig::number(&message), 2);
    assert!(matches!(received(), Some(HostReceived::Close)));
    assert!(received().is_none());
    assert_eq!(rig.messaging.counters(), counters(3, 3, 0));
}

#[test]
fn port_received_by_rust_code_is_in_transit() {
    let mut rig = Rig::default();
    let window = rig.window();
    let (a, b) = rig.channel(window);
    let (host, theirs) = rig.messaging.create_channel(Owner::Host);
    rig.messaging.set_has_listener(a, true);
    rig.post(theirs, 1, &[b]);
    assert_eq!(rig.messaging.retainer(a), Retainer::Port(host));
    let received = rig.messaging.host_receive(&mut rig.event_loop, host);
    assert_eq!(rig.messaging.retainer(a), Retainer::Root);
    drop(received);
    assert_eq!(rig.run(), []);
    rig.messaging.process_drops(&mut rig.event_loop);
    assert_eq!(rig.run(), [Event::Close(a)]);
}
