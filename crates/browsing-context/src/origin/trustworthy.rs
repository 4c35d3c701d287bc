//! Potentially trustworthy URLs ([Secure Contexts](https://w3c.github.io/webappsec-secure-contexts/)).

use url::{Host, Url};

/// [Is the URL potentially trustworthy?](https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy)
// NOT YET: blob URLs of documents that are.
pub(crate) fn is_potentially_trustworthy(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https" | "file" | "data", _) => true,
        ("about", _) => matches!(url.path(), "blank" | "srcdoc"),
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(Host::Domain(domain))) => {
            domain == "localhost" || domain.ends_with(".localhost")
        }
        _ => false,
    }
}
