//! When work runs: idle callbacks.

pub(crate) mod idle_callbacks;
