//! HTML messaging for embedders: structured clone, message ports, `window.postMessage()`, broadcast
//! channels and the ports of workers, for any script engine or none.
//!
//! The crate holds state and runs algorithms. It knows no script engine, starts no thread and does
//! no I/O. An embedder brings its values ([`structured_clone::Heap`]) and its realms and ports
//! ([`MessagingHost`]), posts with the algorithms of the modules below, and runs the resulting tasks
//! with [`run_messaging_task`], which returns the event to fire.
//!
//! The README begins with an example. Read on with:
//!
//! 1. [`State`] and [`Task`]: all that an embedder keeps of the three crates;
//! 2. [`structured_clone::Heap`], then [`MessagingHost`]: what it implements, over the traits of the crates below
//!    ([`Agent`](framepost_event_loop::Agent), [`EffectHost`](framepost_browsing_context::EffectHost));
//! 3. [`run_messaging_task`] and [`Delivery`], then [`State::housekeep`]: what it calls for each task;
//! 4. [`ports`]: the life of a port, and what a collector has to know.
//!
//! The [guide to embedding](https://github.com/framepost/framepost/blob/main/docs/embedding.md) puts them in order. Who
//! embeds Boa begins with the crate [`framepost-boa`](https://docs.rs/framepost-boa).
//!
//! # Modules
//!
//! | module | contents |
//! | --- | --- |
//! | [`structured_clone`] | the algorithms over a [`Heap`](structured_clone::Heap), and the wire form |
//! | [`value`] | values of plain Rust, and their heap |
//! | [`ports`] | channels, transfer, the port message queue, garbage collection |
//! | [`window_post_message`] | messages to windows |
//! | [`broadcast_channel`] | broadcast channels |
//! | [`workers`] | the implicit ports of workers |
//! | [`accounting`] | the end of each message: counters, drops, limits, the trace |
//! | `locks` | Web Locks (feature `locks`) |
//! | `storage` | local and session storage, and their events (feature `storage`) |
//! | `plain` | a complete embedding without script (feature `plain`) |
//! | `conformance` | tests for the heaps and hosts of embedders (feature `conformance`) |
//!
//! # Layers
//!
//! Each module uses only modules of the lines above its own:
//!
//! 1. `identity` (the names of ports, channels, owners and targets)
//! 2. `error`
//! 3. [`accounting`]
//! 4. `half` (a port in transit)
//! 5. [`structured_clone`]
//! 6. [`value`]
//! 7. the tables of `storage` and `locks`, `state` (the ports, channels and tasks as data), `host` (the trait that an embedder implements)
//! 8. [`ports`], [`broadcast_channel`], `storage`, `locks`
//! 9. `delivery` (runs the tasks), `housekeeping` (what is due after them), [`window_post_message`], [`workers`]
//! 10. `plain`, `conformance`
//!
//! # Features
//!
//! - `plain` (default): [`plain::World`](https://docs.rs/framepost-messaging/latest/framepost_messaging/plain/struct.World.html),
//!   pages, frames and ports in plain Rust.
//! - `storage`: local and session storage, and their events.
//! - `locks`: Web Locks.
//! - `conformance`: tests for the heaps and hosts of embedders.
//! - `serde`: conversions between [`Value`] and types that implement serde's traits.
#![forbid(unsafe_code)]

pub mod accounting;
pub mod broadcast_channel;
#[cfg(feature = "conformance")]
pub mod conformance;
mod delivery;
mod error;
mod half;
mod host;
mod housekeeping;
mod identity;
#[cfg(feature = "locks")]
pub mod locks;
#[cfg(feature = "plain")]
pub mod plain;
pub mod ports;
mod state;
#[cfg(feature = "storage")]
pub mod storage;
pub mod structured_clone;
pub mod value;
pub mod window_post_message;
pub mod workers;

pub use delivery::{Delivery, run_messaging_task};
pub use error::MessagingError;
pub use host::{EnvironmentSettings, MessagingHost};
pub use housekeeping::Housekeeping;
pub use identity::MessageTarget;
pub use state::{Messaging, MessagingState, MessagingTask, Queues, State, Task};
pub use value::Value;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
