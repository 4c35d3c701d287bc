//! Making and destroying navigables, documents and windows. Every room takes part with what it
//! keeps about them, so this one stands above those that keep something.

mod create;
mod destroy;

pub(crate) use create::{Created, Embedder};
pub(crate) use destroy::destroy_a_window;
