//! The addresses of hosts.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::Resolve;

/// The address of a host that needs no name lookup.
fn known(resolve: &[Resolve], host: &str, port: u16) -> Option<SocketAddr> {
    let named = resolve.iter().rfind(|named| named.host == host);
    match named {
        Some(named) => Some(SocketAddr::new(named.address, named.port.unwrap_or(port))),
        // [Let localhost be localhost](https://w3c.github.io/webappsec-secure-contexts/#localhost)
        None if host.ends_with(".localhost") => {
            Some(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port))
        }
        None => None,
    }
}

/// The addresses of a host.
pub(super) fn addresses(resolve: &[Resolve], host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Some(known) = known(resolve, host, port) {
        return Ok(vec![known]);
    }
    // URLs write IPv6 addresses in brackets.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok((host, port).to_socket_addrs()?.collect())
}

/// Resolves the configured hosts, and asks the system for all others.
#[derive(Debug)]
pub(super) struct Addresses {
    pub(super) resolve: Vec<Resolve>,
    pub(super) others: DefaultResolver,
}

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let is_secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        match known(&self.resolve, host, port) {
            Some(address) => {
                let mut addresses = self.empty();
                addresses.push(address);
                Ok(addresses)
            }
            None => self.others.resolve(uri, config, timeout),
        }
    }
}
