//! Workers for script ([HTML, web workers](https://html.spec.whatwg.org/multipage/workers.html)).
pub(crate) mod connections;
pub(crate) mod dedicated_workers;
pub(crate) mod import_scripts;
pub(crate) mod shared_worker;
pub(crate) mod worker;
pub(crate) mod worker_global_scope;
pub(crate) mod worker_location;
