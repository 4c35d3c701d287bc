//! `Headers` and `Response` ([Fetch](https://fetch.spec.whatwg.org/)): what tests and libraries
//! read bodies with.
//!
//! NOT YET: `fetch()`, `Request`, streams (so that there is no `body`) and `formData()`.

mod body;
mod headers;
pub(crate) mod loads;
mod response;

pub(crate) use headers::HEADERS;
pub(crate) use response::RESPONSE;
