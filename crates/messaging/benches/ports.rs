//! What messages cost without a script engine.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::plain::{Event, World};
use framepost_messaging::{
    MessageTarget, Object, PortId, Value, ValueHeap, structured_serialize_with_transfer,
};

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

/// Sends on one port and answers on the other; says how many messages arrived.
fn round_trip(world: &mut World, port1: PortId, port2: PortId, message: &Value) -> usize {
    let mut arrived = 0;
    if world
        .port_post_message(port1, message.clone(), &[])
        .is_err()
    {
        return 0;
    }
    while world.step() {
        for event in world.take_events() {
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
    criterion.bench_function("transfer an ArrayBuffer of 64 MiB, plain Rust", |bencher| {
        bencher.iter_batched(
            || Object::array_buffer(vec![0; 64 << 20]),
            |buffer| {
                let mut heap = ValueHeap::default();
                structured_serialize_with_transfer(
                    &mut heap,
                    &Value::from(buffer.clone()),
                    &[buffer],
                )
                .is_ok()
            },
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, ports);
criterion_main!(benches);
