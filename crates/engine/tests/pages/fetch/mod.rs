mod fetch_api;
mod fetching;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod reused;
