//! Creating and destroying navigables, documents and windows. This module uses the tables of all modules that keep
//! data about them.

mod create;
mod destroy;

pub(crate) use create::{Created, Embedder};
pub(crate) use destroy::destroy_a_window;
