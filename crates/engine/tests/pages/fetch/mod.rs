mod fetch_api;
#[cfg(feature = "http")]
mod http;
