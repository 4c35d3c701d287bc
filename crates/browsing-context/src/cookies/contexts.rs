//! The cookies of documents and requests.

use framepost_event_loop::ClientId;
use url::Url;

use super::{CookieContext, CookieJar, SiteRelation};
use crate::Contexts;
use crate::documents::Document;
use crate::dom::DomError;
use crate::fetch::{Destination, FetchRequest};
use crate::origin::{Origin, Site, StorageKey};

impl Contexts {
    /// The cookie jar.
    #[must_use]
    pub fn cookies(&self) -> &CookieJar {
        &self.cookies
    }

    /// The cookie jar, for changes.
    pub fn cookies_mut(&mut self) -> &mut CookieJar {
        &mut self.cookies
    }

    /// The context of [`document.cookie`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie).
    /// `None` for a [cookie-averse document](https://html.spec.whatwg.org/multipage/dom.html#cookie-averse-document-object).
    ///
    /// # Errors
    /// `SecurityError` if the origin is opaque.
    pub fn cookie_context_of_document(
        &self,
        document: ClientId,
    ) -> Result<Option<CookieContext>, DomError> {
        let (Some(held), Some(key)) = (self.document(document), self.key_of_client(document))
        else {
            return Ok(None);
        };
        // 2. An opaque origin throws. It is the first check here.
        // SPEC-ISSUE: in the standard a document without a http(s) URL has no cookies, even if its origin is
        // opaque. In browsers it throws.
        if held.origin().is_opaque() {
            let reason = "a document with an opaque origin has no cookies".to_owned();
            return Err(DomError::Security { reason });
        }
        // 1. A document whose URL is not http(s) has none.
        // SPEC-ISSUE: in browsers about:blank and about:srcdoc have the cookies of their creator.
        let url = cookie_url(held);
        let context = url.map(|url| CookieContext::script(url.clone()));
        Ok(context.map(|context| {
            let relation = match key.has_cross_site_ancestor() {
                true => SiteRelation::Cross,
                false => SiteRelation::Same,
            };
            context.with_relation(relation).with_partition_of(&key)
        }))
    }

    /// The context of a request and its response; `None` if it has no cookies.
    // NOT YET: redirects through another site.
    #[must_use]
    pub fn cookie_context_of_request(&self, request: &FetchRequest) -> Option<CookieContext> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return None;
        }
        let context = CookieContext::http(request.url.clone());
        let target = Site::of(&Origin::of_url(&request.url)?);
        // A request of the user is of the same site.
        let Some(initiator) = request.initiator else {
            return Some(context);
        };
        let is_same = |origin: &Origin| Site::of(origin) == target;
        if request.destination == Destination::Document {
            let same = request.origin.as_ref().is_some_and(is_same);
            let relation = match (same, is_safe(request.method())) {
                (true, _) => SiteRelation::Same,
                (false, true) => SiteRelation::TopLevelNavigation,
                (false, false) => SiteRelation::UnsafeTopLevelNavigation,
            };
            return Some(context.with_relation(relation));
        }
        let key = self.key_of_client(initiator)?;
        let same = !key.has_cross_site_ancestor() && *key.top_level_site() == target;
        let origin = Origin::of_url(&request.url)?;
        let key = StorageKey::new(&origin, key.top_level_site().clone(), !same);
        let relation = match same {
            true => SiteRelation::Same,
            false => SiteRelation::Cross,
        };
        Some(context.with_relation(relation).with_partition_of(&key))
    }

    fn key_of_client(&self, client: ClientId) -> Option<StorageKey> {
        self.storage_key(self.global_of_client(client)?)
    }
}

/// The URL whose cookies a document has.
fn cookie_url(document: &Document) -> Option<&Url> {
    let is_http = |url: &&Url| matches!(url.scheme(), "http" | "https");
    let own = Some(document.url()).filter(is_http);
    own.or_else(|| document.about_base_url().filter(is_http))
}

/// Whether a method is [safe](https://httpwg.org/specs/rfc9110.html#safe.methods).
fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}
