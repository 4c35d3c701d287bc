//! Windows as script sees them: WindowProxy, objects of other origins, and the properties of global objects.
pub(crate) mod cross_origin;
pub(crate) mod internal_methods;
pub(crate) mod later_declarations;
pub(crate) mod lazy_globals;
pub(crate) mod named_properties;
pub(crate) mod window_proxy;
