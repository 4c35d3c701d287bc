//! Boa for `framepost-messaging`: a heap for structured clone, the objects of ports and channels, and bindings that look
//! like their Web IDL.
//!
//! This crate is below Framepost's engine, which is built on it. It knows no windows, documents, frames or loaders. An
//! embedder implements [`Embedder`], which tells the crate where the state of `framepost-messaging` is and which realm
//! belongs to which global. [`BoaHost`] is then a heap and a host for the algorithms of that crate.
//!
//! From the bottom:
//!
//! 1. `boa`: additions and corrections to Boa, and the slots in which a module keeps its part of a context's state;
//! 2. `webidl`: interfaces, conversions, platform objects and exceptions; the macro `interface!` makes the tables;
//! 3. `enumerations`, `globals`, `wrappers`: conversions of the types of the library crates, and the objects of nodes;
//! 4. `port_objects`: the objects of ports and broadcast channels, and their liveness;
//! 5. `host` and `heap`: the host and the heap of `framepost-messaging`.
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
#[doc(hidden)]
pub mod port_objects;
#[doc(hidden)]
pub mod webidl;
#[doc(hidden)]
pub mod wrappers;

#[doc(hidden)]
pub use heap::buffers::{create_view, view};
pub use host::{BoaHost, Embedder};
