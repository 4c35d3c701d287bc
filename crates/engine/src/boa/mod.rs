//! Additions and corrections to Boa. This floor knows no window, no document and no page.

pub(crate) mod array_buffer;
pub(crate) mod collection;
pub(crate) mod error_stack;
pub(crate) mod errors;
pub(crate) mod functions;
pub(crate) mod global_bindings;
pub(crate) mod intrinsics;
pub(crate) mod nesting;
pub(crate) mod properties;
pub(crate) mod random;
pub(crate) mod reg_exp;
pub(crate) mod slots;
pub(crate) mod strings;
