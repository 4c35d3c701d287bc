//! Measures messages without a script engine.

use criterion::{Criterion, criterion_group, criterion_main};
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::plain::{Event, World};
use framepost_messaging::ports::PortId;
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
use framepost_messaging::value::{Object, ValueHeap};
use framepost_messaging::{MessageTarget, Value};

fn world() -> Result<(World, PortId, PortId), Box<dyn std::error::Error>> {
    let mut loader = MemoryLoader::new();
    loader.add("http://localhost/", "<p>A page")?;
    let mut world = World::new(loader);
    let page = world.open("http://localhost/")?;
    let _idle = world.run_until_idle();
    let (port1, port2) = world.create_message_channel(page)?;
    world.start(port1);
    world.start(port2);
    drop(world.take_events());
    Ok((world, port1, port2))
}

/// Posts on one port and answers on the other. Returns how many messages arrived.
fn round_trip(world: &mut World, port1: PortId, port2: PortId, message: &Value) -> usize {
    let mut arrived = 0;
    if world
        .port_post_message(port1, message.clone(), &[])
        .is_err()
    {
        return 0;
    }
    while world.step() {
        while let Some(event) = world.take_event() {
            if let Event::Message { target, data, .. } = event {
                arrived += 1;
                if target == MessageTarget::Port(port2)
                    && world.port_post_message(port2, data, &[]).is_err()
                {
                    return 0;
                }
            }
        }
    }
    arrived
}

fn ports(criterion: &mut Criterion) {
    let Ok((mut world, port1, port2)) = world() else {
        return;
    };
    let text = Value::from("a message of ordinary length");
    assert_eq!(round_trip(&mut world, port1, port2, &text), 2);
    criterion.bench_function("port round trip of a string, plain Rust", |bencher| {
        bencher.iter(|| round_trip(&mut world, port1, port2, &text));
    });
    for (name, length) in [("nothing", 0), ("64 MiB", 64 << 20)] {
        let mut buffer = Object::array_buffer(vec![0; length]);
        let name = format!("transfer an ArrayBuffer of {name} and receive it, plain Rust");
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| {
                let received = transfer(&buffer);
                assert!(received.is_some());
                buffer = received.unwrap_or_default();
            });
        });
        assert_eq!(buffer.with_bytes(<[u8]>::len), Some(length));
    }
}

/// Transfers the buffer and returns the received one.
fn transfer(buffer: &Object) -> Option<Object> {
    let (mut heap, value) = (ValueHeap::default(), Value::from(buffer.clone()));
    let list = [buffer.clone()];
    let message = structured_serialize_with_transfer(&mut heap, &value, &list).ok()?;
    let received = structured_deserialize_with_transfer(&mut heap, message, &()).ok()?;
    received.deserialized.as_object().cloned()
}

criterion_group!(benches, ports);
criterion_main!(benches);
