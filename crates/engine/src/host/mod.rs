//! The engine's implementations of the library crates' hooks, and the tables through which lower modules call the
//! families.

mod absent_interfaces;
pub(crate) mod effects;
pub(crate) mod explanations;
pub(crate) mod extensions;
pub(crate) mod import_meta;
pub(crate) mod interfaces;
pub(crate) mod jobs;
pub(crate) mod module_errors;
mod module_type;
pub(crate) mod modules;
pub(crate) mod realms;
pub(crate) mod rejections;
pub(crate) mod report;
pub(crate) mod workers;
