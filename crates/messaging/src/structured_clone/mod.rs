//! Structured clone: values become messages, and messages become values of the same or another heap.
//!
//! These are the algorithms of [HTML, safe passing of structured data][spec] over the [`Heap`]
//! trait. They know no port table, no window and no script engine. They borrow none of the
//! embedder's state while they call the heap, so a getter may do anything. They do not recurse: they traverse
//! values of any depth with explicit stacks.
//!
//! All heaps share one serialized form (see `docs/wire-format.md`), so a script engine can
//! send a value to plain Rust code.
//!
//! [spec]: https://html.spec.whatwg.org/multipage/structured-data.html

mod bigint;
mod bytes;
mod class;
mod deserialize;
mod error;
mod heap;
mod memory;
mod message;
mod platform;
mod property_writer;
mod serialize;
mod transfer;
mod units;
mod value_reader;
mod wire;

pub use bigint::{BigInt, Sign};
pub use class::{BufferInfo, Class, Kind, NativeErrorKind, NewObject, ViewInfo, ViewKind};
pub use deserialize::structured_deserialize;
pub use error::{CloneError, CloneLimits, Failure};
pub use heap::{Heap, OwnKey, Properties, PropertyKey, Scan, Transferability};
pub use message::{
    AgentCluster, ByteBlock, Message, Serialized, SharedData, TransferDataHolder,
    TransferDataHolders, take_block,
};
pub use platform::{StateReader, StateWriter};
pub use property_writer::{Form, PropertyWriter};
pub(crate) use serialize::structured_serialize_plain;
pub use serialize::{structured_serialize, structured_serialize_for_storage};
pub(crate) use transfer::structured_serialize_rest;
pub use transfer::{
    Received, structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
pub use units::{CodeUnits, HeapString};
pub use value_reader::{Primitive, ValueReader};
