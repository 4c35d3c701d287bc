//! `fetch()`, `Request`, `Response` and `Headers` ([Fetch](https://fetch.spec.whatwg.org/)).
//!
//! The algorithms that need no script are those of `framepost_browsing_context::fetch`. This module makes their
//! requests from script's values, performs the loads that they ask for, and gives script their responses.
//!
//! NOT YET: streams, so that there is no `body`. A [`Body`](bodies::Body) has all of its bytes.

mod beacon;
pub(crate) mod bodies;
pub(crate) mod body;
pub(crate) mod calls;
pub(crate) mod globals;
pub(crate) mod header_list;
pub(crate) mod headers;
mod method;
pub(crate) mod request;
pub(crate) mod requests;
pub(crate) mod response;
pub(crate) mod responses;
