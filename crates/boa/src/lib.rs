//! Messages for a program that embeds Boa: `structuredClone()`, `MessageChannel`, `MessagePort`, `BroadcastChannel`, and
//! `postMessage()` between realms.
//!
//! [`install`] adds them to the current realm of a context that exists. The program keeps its job executor and its globals.
//! [`run`] and [`run_task`] run the tasks of messages. A program with event targets of its own implements
//! [`EventTargets`]; otherwise, the crate installs an `EventTarget`.
//!
//! ```
//! use boa_engine::{Context, JsResult, Source};
//! use framepost_boa::Options;
//!
//! # fn main() -> JsResult<()> {
//! let mut ctx = Context::default();
//! framepost_boa::install(&mut ctx, Options::default())?;
//! ctx.eval(Source::from_bytes(
//!     "var received;
//!      const {port1, port2} = new MessageChannel();
//!      port2.onmessage = ({data}) => received = data;
//!      port1.postMessage({answer: 42});",
//! ))?;
//! framepost_boa::run(&mut ctx)?;
//! let answer = ctx.eval(Source::from_bytes("received.answer"))?;
//! assert_eq!(answer.as_number(), Some(42.0));
//! # Ok(())
//! # }
//! ```
//!
//! The crate starts no threads and does no I/O, and two runs are the same. It is below Framepost's engine, which is built
//! on it. It loads no pages and has no tree of documents.
//!
//! # The lower half
//!
//! A program that keeps the state of `framepost-messaging` itself implements [`Embedder`], which tells the crate where
//! that state is and which realm belongs to which global. [`BoaHost`] is then a heap and a host for the algorithms of that
//! crate.
//!
//! From the bottom:
//!
//! 1. `boa`: additions and corrections to Boa, and the slots in which a module keeps its part of a context's state;
//! 2. `webidl`: interfaces, conversions, platform objects and exceptions; the macro `interface!` makes the tables;
//! 3. `enumerations`, `globals`, `wrappers`: conversions of the types of the library crates, and the objects of nodes;
//! 4. `port_objects`: the objects of ports and broadcast channels, and their liveness;
//! 5. `host`, `heap`, `ports`: the host and the heap of `framepost-messaging`, and the steps of ports;
//! 6. `messages`: what [`install`] adds to a realm.
//!
//! The documentation hides the modules that are public for the engine. Their interfaces change with it.

#[doc(hidden)]
pub mod boa;
#[doc(hidden)]
pub mod enumerations;
#[doc(hidden)]
pub mod globals;
mod heap;
mod host;
mod messages;
#[doc(hidden)]
pub mod port_objects;
#[doc(hidden)]
pub mod ports;
#[doc(hidden)]
pub mod webidl;
#[doc(hidden)]
pub mod wrappers;

#[doc(hidden)]
pub use heap::buffers::{create_view, view};
#[doc(hidden)]
pub use host::new_agent_cluster;
pub use host::{BoaHost, Embedder};
pub use messages::{
    EventTargets, Incoming, MessageParts, Options, install, listeners_changed, remove, run,
    run_task, take_errors,
};
