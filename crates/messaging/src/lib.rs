//! HTML messaging for embedders: structured clone, message ports, `window.postMessage` and
//! broadcast channels, for any script engine or none.
#![forbid(unsafe_code)]

mod accounting;
mod ports;
mod structured_clone;
mod value;

pub use accounting::{DropReason, MessageId};
pub use ports::{Half, HalfId};
pub use structured_clone::{
    AgentCluster, Attachment, BigInt, BufferInfo, ByteBlock, Class, CloneError, ErrorKind, Failure,
    Heap, HeapString, In, Kind, Limits, Message, New, Out, Properties, PropertyKey, Serialized,
    Shared, Transferability, Units, ViewInfo, ViewKind, take_block,
};
pub use value::{ErrorData, JsString, Object, Value, ValueHeap, ValueHost};
