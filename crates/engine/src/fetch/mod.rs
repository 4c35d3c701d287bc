//! `Headers` and `Response` ([Fetch](https://fetch.spec.whatwg.org/)): tests and libraries use them to read bodies.
//!
//! NOT YET: `fetch()`, `Request`, streams (so that there is no `body`) and `formData()`.

pub(crate) mod bodies;
mod body;
pub(crate) mod header_list;
pub(crate) mod headers;
pub(crate) mod loads;
pub(crate) mod response;
pub(crate) mod responses;
