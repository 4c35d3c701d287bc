//! A message through a port allocates no memory but its own.

use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::plain::{Event, World};
use framepost_messaging::ports::PortId;
use framepost_messaging::{MessageTarget, Value};

/// Posts on one port, and answers with what arrives on the other. Returns the answer.
fn round_trip(world: &mut World, port1: PortId, port2: PortId, message: Value) -> Option<Value> {
    world.port_post_message(port1, message, &[]).ok()?;
    while world.step() {
        while let Some(event) = world.take_event() {
            match event {
                Event::Message { target, data, .. } if target == MessageTarget::Port(port2) => {
                    world.port_post_message(port2, data, &[]).ok()?;
                }
                Event::Message { data, .. } => return Some(data),
                _ => {}
            }
        }
    }
    None
}

/// The allocations of one round trip, which is two messages, after some others.
fn allocations(message: &Value) -> Result<u64, Box<dyn std::error::Error>> {
    let loader = MemoryLoader::new().with("http://localhost/", "<p>A page")?;
    let mut world = World::new(loader);
    let page = world.open("http://localhost/")?;
    let _idle = world.run_until_idle();
    let (port1, port2) = world.create_message_channel(page)?;
    world.start(port1);
    world.start(port2);
    drop(world.take_events());
    for _ in 0..10 {
        assert_eq!(
            round_trip(&mut world, port1, port2, message.clone()).as_ref(),
            Some(message)
        );
    }
    const ROUND_TRIPS: u64 = 100;
    let counted = allocation_counter::measure(|| {
        for _ in 0..ROUND_TRIPS {
            round_trip(&mut world, port1, port2, message.clone());
        }
    });
    Ok(counted.count_total / ROUND_TRIPS)
}

#[test]
fn message_allocates_its_bytes_and_its_value() -> Result<(), Box<dyn std::error::Error>> {
    // Short messages and values are held in place.
    assert_eq!(allocations(&Value::from("short"))?, 0);
    assert_eq!(allocations(&Value::from(1.5))?, 0);
    // Each of the two messages allocates its bytes, and the string that arrives.
    assert_eq!(
        allocations(&Value::from("a message of ordinary length"))?,
        4
    );
    Ok(())
}
