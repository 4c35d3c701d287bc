//! HTML messaging for embedders: structured clone, message ports, `window.postMessage` and
//! broadcast channels, for any script engine or none.
#![forbid(unsafe_code)]

mod accounting;
mod broadcast_channel;
mod error;
mod host;
mod host_heap;
mod host_port;
mod messaging;
pub mod plain;
mod ports;
mod structured_clone;
mod task;
mod value;
mod window_post_message;
mod workers;

pub use accounting::{
    Cause, Counters, DropReason, DroppedMessage, Endpoint, MessageId, MessageInfo, Posted,
    QueueLimits, TraceEvent, TraceRecord,
};
pub use broadcast_channel::{BroadcastId, BroadcastTask, broadcast_channel_post_message_steps};
pub use error::MessagingError;
pub use host::{Delivery, MessageTarget, MessagingHost, Settings, run_messaging_task};
pub use host_heap::HostHeap;
pub use host_port::HostReceived;
pub use messaging::{Messaging, Queues};
pub use ports::{
    ForeignHalf, Gone, Half, HalfId, Keeper, LifetimeChange, Owner, PortId, PortTask, PortTaskKind,
    Whereabouts, message_port_post_message_steps,
};
pub use structured_clone::{
    AgentCluster, Attachment, BigInt, BufferInfo, ByteBlock, Class, CloneError, ErrorKind, Failure,
    Heap, HeapString, In, Kind, Limits, Message, New, Out, OwnKey, Primitive, Properties,
    PropertyKey, PropertyOut, Received, Scan, Serialized, Shared, Transferability, Units, ValuesIn,
    ViewInfo, ViewKind, structured_deserialize, structured_deserialize_with_transfer,
    structured_serialize, structured_serialize_for_storage, structured_serialize_with_transfer,
    take_block,
};
pub use task::MessagingTask;
pub use value::{ErrorData, JsString, Object, Value, ValueHeap, ValueHost};
#[cfg(feature = "serde")]
pub use value::{SERDE_DEEPEST, SerdeError, from_value, to_value};
pub use window_post_message::{PostedMessage, window_post_message_steps};
pub use workers::WorkerPorts;
