//! Additions and corrections to Boa. This module knows no windows, documents or pages.

pub(crate) mod allocation;
pub(crate) mod array_buffer;
mod array_methods;
pub(crate) mod collection;
pub(crate) mod containment;
pub(crate) mod conversion;
pub(crate) mod dynamic_code;
pub(crate) mod error_stack;
pub(crate) mod error_text;
pub(crate) mod error_trace;
pub(crate) mod errors;
pub(crate) mod faults;
pub(crate) mod functions;
pub(crate) mod global_bindings;
pub(crate) mod intrinsics;
pub(crate) mod json;
pub(crate) mod keyed_collections;
pub(crate) mod properties;
pub(crate) mod random;
mod recursion;
pub(crate) mod reg_exp;
pub(crate) mod slots;
pub(crate) mod sort;
pub(crate) mod source_text;
pub(crate) mod sources;
pub(crate) mod stack;
pub(crate) mod strings;
