//! Fetching over HTTP and HTTPS.
//!
//! A worker thread of the [client](Client) sends each request and passes the response to a
//! callback, because the engine itself does no I/O. This module knows no event loop and no page.
//! Redirects, pending loads and deadlines belong to `fetch::loads`.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use framepost_browsing_context::{LoadError, Response};
use framepost_event_loop::new_key_type;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

#[cfg(not(feature = "http"))]
mod absent;
#[cfg(feature = "http")]
mod addresses;
#[cfg(feature = "http")]
mod client;
mod connection;
#[cfg(feature = "http")]
mod interruptible;
#[cfg(feature = "http")]
mod socket;
#[cfg(feature = "http")]
mod stream;

#[cfg(not(feature = "http"))]
pub(crate) use absent::{Client, connect};
#[cfg(feature = "http")]
pub(crate) use client::Client;
pub(crate) use connection::{
    Closing, Command, Connection, ConnectionEvent, ConnectionId, News, SocketRequest, TakeNews,
};
#[cfg(feature = "http")]
pub(crate) use socket::connect;

new_key_type! {
    /// Identifies a pending network fetch.
    pub struct FetchId: "fetch";
}

/// A response or an error from the network.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) id: FetchId,
    pub(crate) answer: Result<Response, LoadError>,
}

/// Receives the responses of a client. The client's worker threads call it.
pub(crate) type TakeAnswer = Box<dyn Fn(Fetched) + Send + Sync>;

/// Returns the error message of a fetch that timed out.
pub(crate) fn too_late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs_f64())
}

/// Options for fetching over HTTP and HTTPS.
///
/// Without the feature `http`, every fetch fails with an error that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HttpOptions {
    /// The most real time that one fetch may take.
    pub load_time: Duration,
    /// The most real time that one run of a page may wait for responses in total.
    pub wait_time: Duration,
    /// The real time after which a run no longer waits for an open connection (a `WebSocket` or an `EventSource`) on which
    /// nothing has arrived and nothing was sent.
    #[serde(default = "default_quiet_time")]
    pub quiet_time: Duration,
    /// The most bytes that a response body may have.
    pub max_body: u64,
    /// Hosts with a fixed address. All others are looked up in DNS.
    pub resolve: Vec<Resolve>,
    /// The certificates of the authorities to trust over HTTPS, in PEM. `None` means those that browsers
    /// trust.
    pub authorities: Option<String>,
}

fn default_quiet_time() -> Duration {
    Duration::from_secs(1)
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            load_time: Duration::from_secs(30),
            wait_time: Duration::from_secs(60),
            quiet_time: default_quiet_time(),
            max_body: 64 << 20,
            resolve: Vec::new(),
            authorities: None,
        }
    }
}

impl HttpOptions {
    /// Creates the default options: 30 seconds per fetch, 60 seconds per run, and 64 MiB per body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// A fixed address for a host. Parses from `HOST=ADDRESS` or `HOST=ADDRESS:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resolve {
    /// The host, as URLs spell it.
    pub host: String,
    /// The address to connect to.
    pub address: IpAddr,
    /// The port to connect to. `None` means the URL's port.
    pub port: Option<u16>,
}

/// The reason why a text is not a valid [`Resolve`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The text has no `=`.
    #[error("expected HOST=ADDRESS or HOST=ADDRESS:PORT, not {0:?}")]
    NoAddress(String),
    /// The part before the `=` is not a host.
    #[error("not a host: {0:?}")]
    BadHost(String),
    /// The part after the `=` is not an address.
    #[error("not an address: {0:?}")]
    BadAddress(String),
}

impl FromStr for Resolve {
    type Err = ResolveError;

    fn from_str(text: &str) -> Result<Self, ResolveError> {
        let (host, address) = text
            .split_once('=')
            .ok_or_else(|| ResolveError::NoAddress(text.to_owned()))?;
        Self::new(host, address)
    }
}

impl Resolve {
    /// Parses a host and its address, which may include a port.
    pub fn new(host: &str, address: &str) -> Result<Self, ResolveError> {
        // Spell the host as the URL parser does, including internationalised names.
        let host = Host::parse(host).map_err(|_| ResolveError::BadHost(host.to_owned()))?;
        let (address, port) = if let Ok(address) = address.parse::<IpAddr>() {
            (address, None)
        } else {
            let bad = |_| ResolveError::BadAddress(address.to_owned());
            let address: SocketAddr = address.parse().map_err(bad)?;
            (address.ip(), Some(address.port()))
        };
        Ok(Self {
            host: host.to_string(),
            address,
            port,
        })
    }
}

/// A request for a worker to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpRequest {
    pub(crate) url: Url,
    pub(crate) method: String,
    /// Header names and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolve_parses_host_and_address() {
        let parse = |text: &str| {
            let resolve: Resolve = text.parse().unwrap();
            (resolve.host, resolve.address.to_string(), resolve.port)
        };
        let expected =
            |host: &str, address: &str, port| (host.to_owned(), address.to_owned(), port);
        assert_eq!(
            parse("A.test=127.0.0.1"),
            expected("a.test", "127.0.0.1", None)
        );
        assert_eq!(
            parse("élève.test=127.0.0.2:80"),
            expected("xn--lve-6lad.test", "127.0.0.2", Some(80))
        );
        assert_eq!(parse("a=::1"), expected("a", "::1", None));
        assert_eq!(parse("[::2]=[::1]:8"), expected("[::2]", "::1", Some(8)));
    }

    #[test]
    fn invalid_resolve_is_refused() {
        for (text, message) in [
            ("a.test", "expected HOST=ADDRESS"),
            ("=1.2.3.4", "not a host"),
            ("a b=1.2.3.4", "not a host"),
            ("a=", "not an address"),
            ("a=b", "not an address: \"b\""),
            ("a=1.2.3.4:x", "not an address"),
        ] {
            let error = text.parse::<Resolve>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }
}
