//! HTML messaging for embedders: structured clone, message ports, `window.postMessage` and
//! broadcast channels, for any script engine or none.
#![forbid(unsafe_code)]

mod accounting;
mod ports;

pub use accounting::{DropReason, MessageId};
pub use ports::{Half, HalfId};
