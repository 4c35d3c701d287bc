//! The state of an agent for script, and what runs it.

pub(crate) mod muted_scripts;
