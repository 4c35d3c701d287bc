//! Cross-origin isolation and secure contexts
//! ([HTML, cross-origin isolation](https://html.spec.whatwg.org/multipage/document-sequences.html#cross-origin-isolation-mode)).
//!
//! NOT YET: a document with another opener policy does not switch the browsing context group, so it
//! keeps its opener; nothing checks `Cross-Origin-Resource-Policy`; reports are not sent, and
//! report-only headers not read.

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use crate::Contexts;
use crate::fetch::{LoadError, Response, has_compatible_embedder_policy, isolates};
use crate::ids::NavigableId;
use crate::origin::{
    Origin, has_local_scheme, is_origin_potentially_trustworthy, is_potentially_trustworthy,
};
use crate::workers::table::Worker;

impl Contexts {
    /// Whether a new document of this origin gets the
    /// [cross-origin isolated capability](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability)
    /// of the document `from`. The permissions policy's default grants it to the same origin.
    // NOT YET: `allow="cross-origin-isolated"` and the header of the permissions policy.
    pub(crate) fn inherits_isolation(&self, from: Option<ClientId>, origin: &Origin) -> bool {
        from.and_then(|from| self.document(from))
            .is_some_and(|from| {
                self.is_cross_origin_isolated(from.window()) && from.origin().same_origin(origin)
            })
    }

    /// Whether the document of a response in a navigable has the capability.
    pub(crate) fn response_isolates(
        &self,
        navigable: NavigableId,
        response: Option<&Response>,
        origin: &Origin,
    ) -> bool {
        if let Some(parent) = self.parent(navigable) {
            return self.inherits_isolation(self.active_document(parent), origin);
        }
        match response.filter(|response| !has_local_scheme(&response.url)) {
            Some(response) => isolates(response),
            None => self.inherits_isolation(self.active_document(navigable), origin),
        }
    }

    /// [Check a navigation response's adherence to its embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#check-a-navigation-response%27s-adherence-to-its-embedder-policy).
    // IMPLEMENTATION-DEFINED: the embedder policy of a page that is not isolated has no effect.
    pub(crate) fn check_embedder_policy(
        &self,
        navigable: NavigableId,
        response: Response,
    ) -> Result<Response, LoadError> {
        // 1. A document without a parent may have any policy.
        let parent = self.parent(navigable);
        let parent = parent.and_then(|parent| self.active_window(parent));
        let isolated = parent.is_some_and(|parent| self.is_cross_origin_isolated(parent));
        // 3. Otherwise the policies have to be compatible.
        if !isolated || has_local_scheme(&response.url) || has_compatible_embedder_policy(&response)
        {
            return Ok(response);
        }
        Err(LoadError::Refused {
            url: response.url.to_string(),
            reason: "it has no Cross-Origin-Embedder-Policy for a page that is cross-origin isolated",
        })
    }

    /// Whether a window or a worker has the
    /// [cross-origin isolated capability](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability).
    #[must_use]
    pub fn is_cross_origin_isolated(&self, global: GlobalId) -> bool {
        match self.window(global) {
            Some(window) => window.cross_origin_isolated(),
            None => self
                .worker(global)
                .is_some_and(Worker::cross_origin_isolated),
        }
    }

    /// Whether a window or a worker is a
    /// [secure context](https://html.spec.whatwg.org/multipage/webappapis.html#secure-context).
    ///
    /// IMPLEMENTATION-DEFINED: all documents around a window, and its own, have to be trustworthy, as in browsers. In
    /// the standard only the top-level one has to be.
    #[must_use]
    pub fn is_secure_context(&self, global: GlobalId) -> bool {
        let Some(window) = self.window(global) else {
            return self.worker(global).is_some_and(Worker::secure_context);
        };
        let mut navigable = window.navigable();
        let mut document = window.document();
        loop {
            let is_trustworthy = self
                .document(document)
                .is_some_and(|document| is_trustworthy(document.origin(), document.url()));
            if !is_trustworthy {
                return false;
            }
            let parent = self.parent(navigable);
            let above = parent.and_then(|parent| Some((parent, self.active_document(parent)?)));
            let Some(above) = above else {
                return true;
            };
            (navigable, document) = above;
        }
    }
}

/// Whether a document of this origin and URL is trustworthy. A document without a URL of its own, such as `about:blank`,
/// has the origin of its creator.
fn is_trustworthy(origin: &Origin, url: &Url) -> bool {
    match origin {
        Origin::Tuple(_) => is_origin_potentially_trustworthy(origin),
        Origin::Opaque(_) => is_potentially_trustworthy(url),
    }
}
