//! Two ports in plain Rust exchange a message and close.
//!
//! Run with `cargo run -p framepost-messaging --example channel`.

use framepost_event_loop::{EventLoop, TimerTask};
use framepost_messaging::ports::{HostReceived, Owner};
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
use framepost_messaging::value::{HostHeap, Value};
use framepost_messaging::{Messaging, MessagingTask};

/// A task of the loop. This example starts no port, so no task is ever queued.
#[derive(Debug)]
enum Task {
    Messaging,
    Timer,
}

impl From<MessagingTask> for Task {
    fn from(_: MessagingTask) -> Self {
        Self::Messaging
    }
}

impl From<TimerTask> for Task {
    fn from(_: TimerTask) -> Self {
        Self::Timer
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut queues: EventLoop<Task, ()> = EventLoop::new();
    let mut messaging = Messaging::new();
    let (ours, theirs) = messaging.create_channel(Owner::Host);

    // The value becomes a message, which waits in the queue of the other port.
    let value = Value::record([("question", "6 * 7")]);
    let message = structured_serialize_with_transfer(&mut HostHeap, &value, &[])?;
    let posted = messaging.post(&mut queues, ours, message)?;
    messaging.close(&mut queues, ours);

    // The other port receives the message, then the close.
    while let Some(received) = messaging.host_receive(&mut queues, theirs) {
        match received {
            HostReceived::Message { info, message } => {
                assert_eq!(info.id, posted.id);
                let received = structured_deserialize_with_transfer(&mut HostHeap, message, &())?;
                println!(
                    "{} of {} bytes: {:?}",
                    info.id, info.bytes, received.deserialized
                );
            }
            HostReceived::Close => println!("the other port is closed"),
            _ => {}
        }
    }
    assert_eq!(messaging.counters().delivered, 1);
    Ok(())
}
