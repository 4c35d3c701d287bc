//! Who sets or reads cookies.

use url::Url;

use super::cookie::{Partition, SameSite};
use crate::origin::{Origin, Site, StorageKey, is_potentially_trustworthy};

/// How the sites around a request or a document relate to its own
/// ([same-site and cross-site requests](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-same-site-and-cross-site-req)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteRelation {
    /// All are the same site.
    Same,
    /// Another site navigates a top-level navigable here, with a safe method.
    TopLevelNavigation,
    /// Another site navigates a top-level navigable here, with another method.
    UnsafeTopLevelNavigation,
    /// Another site.
    Cross,
}

/// Who sets or reads cookies.
#[derive(Clone, Debug)]
pub struct CookieContext {
    url: Url,
    is_http: bool,
    relation: SiteRelation,
    partition: Partition,
}

impl CookieContext {
    /// A request for this URL, or the response to it, at the top level and of the same site.
    #[must_use]
    pub fn http(url: Url) -> Self {
        Self::new(url, true)
    }

    /// The script of a top-level document of this URL.
    #[must_use]
    pub fn script(url: Url) -> Self {
        Self::new(url, false)
    }

    fn new(url: Url, is_http: bool) -> Self {
        let origin = Origin::of_url(&url);
        let site = origin.as_ref().map(|origin| Site::of(origin).to_string());
        let partition = Partition {
            site: site.unwrap_or_default(),
            has_cross_site_ancestor: false,
        };
        Self {
            url,
            is_http,
            relation: SiteRelation::Same,
            partition,
        }
    }

    /// Sets the relation of the sites.
    #[must_use]
    pub fn with_relation(mut self, relation: SiteRelation) -> Self {
        self.relation = relation;
        self
    }

    /// Sets the partition to that of the documents with this storage key.
    #[must_use]
    pub fn with_partition_of(mut self, key: &StorageKey) -> Self {
        self.partition = Partition::of_key(key);
        self
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The [canonicalized host](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-canonicalized-host-names).
    pub(super) fn host(&self) -> String {
        self.url
            .host()
            .map(|host| host.to_string())
            .unwrap_or_default()
    }

    pub(super) fn is_http(&self) -> bool {
        self.is_http
    }

    /// Whether `Secure` cookies may be used: over https, and by local pages, as in browsers.
    pub(super) fn is_secure(&self) -> bool {
        is_potentially_trustworthy(&self.url)
    }

    pub(super) fn partition(&self) -> Partition {
        self.partition.clone()
    }

    /// Whether it may get a cookie with this attribute.
    pub(super) fn may_retrieve(&self, same_site: SameSite) -> bool {
        let is_lax = matches!(same_site, SameSite::Lax | SameSite::Default);
        match self.relation {
            SiteRelation::Same => true,
            SiteRelation::TopLevelNavigation => is_lax || same_site == SameSite::None,
            _ => same_site == SameSite::None,
        }
    }

    /// Whether it may set a cookie with this attribute.
    pub(super) fn may_store(&self, same_site: SameSite) -> bool {
        self.relation != SiteRelation::Cross || same_site == SameSite::None
    }
}
