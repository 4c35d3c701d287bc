//! What carries out the work of the library crates for the engine, and the tables by which the
//! lower floors reach the families.

pub(crate) mod effects;
pub(crate) mod extensions;
pub(crate) mod interfaces;
pub(crate) mod jobs;
pub(crate) mod modules;
pub(crate) mod realms;
pub(crate) mod rejections;
pub(crate) mod report;
pub(crate) mod workers;
