//! The objects of windows for script: WindowProxy, cross-origin objects, properties of global objects.
//!
//! A discarded window's state is in [`discarded_windows`](crate::script::discarded_windows).

pub(crate) mod cross_origin;
pub(crate) mod internal_methods;
pub(crate) mod later_declarations;
pub(crate) mod lazy_globals;
pub(crate) mod named_properties;
pub(crate) mod window_proxy;
