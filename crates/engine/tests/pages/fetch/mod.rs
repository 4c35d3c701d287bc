mod fetch_api;
mod fetching;
#[cfg(feature = "http")]
mod http;
mod refusals;
#[cfg(feature = "http")]
mod reused;
