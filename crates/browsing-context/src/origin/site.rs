//! Sites ([HTML, sites](https://html.spec.whatwg.org/multipage/browsers.html#sites)), by the public suffix list.
//!
//! The list is the data of the crate `psl`, so its age is that of the crate's version.

use core::fmt;
use std::sync::Arc;

use url::Host;

use super::{OpaqueOrigin, Origin};

/// A [site](https://html.spec.whatwg.org/multipage/browsers.html#site): the scheme and the registrable domain of an
/// origin, or an opaque origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(Identity);

/// An opaque origin, or the serialization of a site or an origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Identity {
    Opaque(OpaqueOrigin),
    Tuple(Arc<str>),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opaque(_) => "null",
            Self::Tuple(text) => text,
        })
    }
}

impl Site {
    /// [Obtain a site](https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site) of an origin.
    #[must_use]
    pub fn of(origin: &Origin) -> Self {
        let tuple = match origin {
            // 1. An opaque origin is its own site.
            Origin::Opaque(opaque) => return Self(Identity::Opaque(*opaque)),
            Origin::Tuple(tuple) => tuple,
        };
        // 2. and 3. Otherwise it is the scheme with the registrable domain, or with the host if that has none.
        let registrable = match &tuple.host {
            Host::Domain(domain) => registrable_domain(domain),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        };
        let text = match registrable {
            Some(domain) => format!("{}://{domain}", tuple.scheme),
            None => format!("{}://{}", tuple.scheme, tuple.host),
        };
        Self(Identity::Tuple(text.into()))
    }

    /// Whether it is an opaque origin.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        matches!(self.0, Identity::Opaque(_))
    }
}

/// The [serialization](https://html.spec.whatwg.org/multipage/browsers.html#serialization-of-a-site): `null` for an
/// opaque origin.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The [public suffix](https://url.spec.whatwg.org/#host-public-suffix) of a domain.
pub(crate) fn public_suffix(domain: &str) -> String {
    // 2. and 3. A trailing dot stays.
    let (labels, dot) = without_trailing_dot(domain);
    let suffix = psl::suffix_str(labels).unwrap_or(labels);
    format!("{suffix}{dot}")
}

/// The [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of a domain; `None` for a public
/// suffix.
pub(crate) fn registrable_domain(domain: &str) -> Option<String> {
    let (labels, dot) = without_trailing_dot(domain);
    Some(format!("{}{dot}", psl::domain_str(labels)?))
}

fn without_trailing_dot(domain: &str) -> (&str, &str) {
    match domain.strip_suffix('.') {
        Some(labels) => (labels, "."),
        None => (domain, ""),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn sites_have_the_scheme_and_the_registrable_domain() {
        for (url, site) in [
            ("http://www.example.com:81/x", "http://example.com"),
            ("https://a.b.example.co.uk/", "https://example.co.uk"),
            ("https://user.github.io/", "https://user.github.io"),
            ("https://github.io/", "https://github.io"),
            ("http://localhost/", "http://localhost"),
            ("http://a.localhost/", "http://a.localhost"),
            ("http://www.a.test/", "http://a.test"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1"),
            ("http://[::1]/", "http://[::1]"),
            ("http://www.example.com./", "http://example.com."),
        ] {
            let origin = Origin::of_url(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(Site::of(&origin).to_string(), site);
        }
        let opaque = Site::of(&Origin::opaque(1));
        assert!(opaque.is_opaque() && opaque == Site::of(&Origin::opaque(1)));
        assert_ne!(opaque, Site::of(&Origin::opaque(2)));
    }
}
