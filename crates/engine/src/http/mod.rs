//! Loading over http and https.
//!
//! The engine itself does no I/O: a load is done by a worker thread of the [client](Client), which
//! hands its answer to a function. This module knows no event loop and no page: redirects, the loads
//! that are under way and their time limits are not here.

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
mod client;

#[cfg(not(feature = "http"))]
pub(crate) use absent::Client;
#[cfg(feature = "http")]
pub(crate) use client::Client;

new_key_type! {
    /// Names a load that is under way over the network.
    pub struct FetchId: "fetch";
}

/// An answer from the network.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) id: FetchId,
    pub(crate) answer: Result<Response, LoadError>,
}

/// Takes the answers of a client, on a thread of the client's.
pub(crate) type TakeAnswer = Box<dyn Fn(Fetched) + Send + Sync>;

/// The message about a load that has not been answered in time.
pub(crate) fn too_late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs_f64())
}

/// How pages load over http and https.
///
/// Without the feature `http` such loads fail, and say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HttpOptions {
    /// How long one load may take by the clock on the wall.
    pub load_time: Duration,
    /// How long one run of a page may wait for answers altogether.
    pub wait_time: Duration,
    /// How many bytes the body of an answer may have.
    pub max_body: u64,
    /// Hosts whose address is not asked for elsewhere.
    pub resolve: Vec<Resolve>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            load_time: Duration::from_secs(30),
            wait_time: Duration::from_secs(60),
            max_body: 64 << 20,
            resolve: Vec::new(),
        }
    }
}

impl HttpOptions {
    /// Half a minute for a load, a minute for a run, and bodies of up to 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The address that a host has. It is parsed from `HOST=ADDRESS` or `HOST=ADDRESS:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resolve {
    /// The host, as it stands in URLs.
    pub host: String,
    /// Its address.
    pub address: IpAddr,
    /// The port that is connected to, if not the URL's.
    pub port: Option<u16>,
}

/// Why a text is no [`Resolve`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// It has no `=`.
    #[error("expected HOST=ADDRESS or HOST=ADDRESS:PORT, not {0:?}")]
    NoAddress(String),
    /// What is before the `=` is no host.
    #[error("not a host: {0:?}")]
    BadHost(String),
    /// What is after it is no address.
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
    /// The address of a host, perhaps with a port.
    pub fn new(host: &str, address: &str) -> Result<Self, ResolveError> {
        // As the parser of URLs writes it, internationalised names included.
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

/// What a worker sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpRequest {
    pub(crate) url: Url,
    pub(crate) method: &'static str,
    /// Names in lower case.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_hosts() {
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
    fn what_is_no_address_of_a_host() {
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
