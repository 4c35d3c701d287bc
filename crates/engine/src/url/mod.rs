//! The [URL standard](https://url.spec.whatwg.org/) as pages use it.
pub(crate) mod query;
pub(crate) mod url_object;
pub(crate) mod url_search_params;
