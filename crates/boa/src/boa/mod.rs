//! Additions and corrections to Boa. This module knows no windows, documents or pages.

pub mod allocation;
pub mod array_buffer;
mod array_methods;
pub mod collection;
pub mod containment;
pub mod conversion;
pub mod dynamic_code;
pub mod error_stack;
pub mod error_text;
pub mod error_trace;
pub mod errors;
pub mod faults;
pub mod functions;
pub mod global_bindings;
pub mod intrinsics;
pub mod json;
pub mod keyed_collections;
pub mod properties;
pub mod random;
pub mod recursion;
pub mod reg_exp;
pub mod slots;
pub mod sort;
pub mod source_text;
pub mod sources;
pub mod stack;
pub mod strings;
