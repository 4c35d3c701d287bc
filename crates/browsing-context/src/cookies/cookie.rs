//! Cookies, and how they match.

use core::time::Duration;

use url::Host;

use super::context::CookieContext;
use crate::origin::StorageKey;

/// [The SameSite attribute](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-samesite-attribute-2)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Also for requests of other sites.
    None,
    /// Also for top-level navigations from other sites.
    Lax,
    /// Only for requests of the same site.
    Strict,
    /// No attribute, which means `Lax`.
    #[default]
    Default,
}

/// A [stored cookie](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cookie {
    /// Its name; empty for a cookie that is only a value.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host that set it, or the domain that it was set for.
    pub domain: String,
    /// Whether only this host gets it.
    pub is_host_only: bool,
    /// The path below which it is sent.
    pub path: String,
    /// When it expires, since the Unix epoch; `None` at the end of the session.
    pub expires: Option<Duration>,
    /// Whether only secure connections carry it.
    pub is_secure: bool,
    /// Whether script cannot see it.
    pub is_http_only: bool,
    /// Which other sites may send it.
    pub same_site: SameSite,
    /// Its partition: the key, without its origin, of the documents that share it.
    pub(super) partition: Option<Partition>,
    /// Its number in the order of creation. A cookie that replaces another keeps that one's number.
    pub(super) created: u64,
}

/// The partition of a cookie: a top-level site, and whether a document in between is of another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(super) site: String,
    pub(super) has_cross_site_ancestor: bool,
}

impl Partition {
    pub(super) fn of_key(key: &StorageKey) -> Self {
        Self {
            site: key.top_level_site().to_string(),
            has_cross_site_ancestor: key.has_cross_site_ancestor(),
        }
    }
}

impl Cookie {
    /// Whether it is in a partition.
    #[must_use]
    pub fn is_partitioned(&self) -> bool {
        self.partition.is_some()
    }

    /// Whether it has expired.
    #[must_use]
    pub fn has_expired(&self, now: Duration) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether it has the identity of another one, which it replaces.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.is_host_only == other.is_host_only
            && self.path == other.path
            && self.partition == other.partition
    }

    /// Whether its domain and its partition match a context, and its path the URL.
    fn is_for(&self, context: &CookieContext) -> bool {
        let host = context.host();
        let matches = match self.is_host_only {
            true => host == self.domain,
            false => domain_matches(&host, &self.domain),
        };
        let partition = self.partition.as_ref();
        matches
            && path_matches(context.url().path(), &self.path)
            && partition.is_none_or(|partition| *partition == context.partition())
    }

    /// Whether the context gets it
    /// ([retrieval algorithm](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-retrieval-algorithm),
    /// step 1).
    #[must_use]
    pub fn is_visible_to(&self, context: &CookieContext) -> bool {
        self.is_for(context)
            && (!self.is_secure || context.is_secure())
            && (!self.is_http_only || context.is_http())
            && context.may_retrieve(self.same_site)
    }
}

/// [Domain-match](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-domain-matching)
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    if host == domain {
        return true;
    }
    let before = host.strip_suffix(domain);
    let is_name = matches!(Host::parse(host), Ok(Host::Domain(_)));
    is_name && before.is_some_and(|before| before.ends_with('.'))
}

/// Whether a text begins with a prefix, in any case.
pub(super) fn has_prefix(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// [Path-match](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-paths-and-path-match)
pub(super) fn path_matches(path: &str, cookie_path: &str) -> bool {
    let Some(rest) = path.strip_prefix(cookie_path) else {
        return false;
    };
    rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/')
}
