//! Which windows are [cross-origin isolated](https://html.spec.whatwg.org/multipage/document-sequences.html#cross-origin-isolation-mode),
//! by the headers that their documents came with.
//!
//! NOT YET: a navigation to a document of another opener policy does not choose another browsing
//! context group, so it keeps its opener; nothing checks `Cross-Origin-Resource-Policy`; reports
//! are not sent, and report-only headers not read.

use framepost_event_loop::{ClientId, GlobalId};
use url::{Host, Url};

use crate::fetch::{LoadError, Response};
use crate::loading::is_local;
use crate::navigable::{Navigable, NavigableId};
use crate::{Contexts, Origin};

/// [Is the URL potentially trustworthy?](https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy)
// NOT YET: blob URLs of documents that are.
fn is_potentially_trustworthy(url: &Url) -> bool {
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

/// [Get a structured field value](https://fetch.spec.whatwg.org/#concept-header-list-get-structured-header)
/// that is an item: its token, without parameters. Two headers are a list, which is no item.
fn token<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    let mut found = response.headers.iter().filter(|(held, _)| held == name);
    let (_, value) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    value.split(';').next().map(str::trim_ascii)
}

/// [Obtain an embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#obtain-an-embedder-policy),
/// and whether it is
/// [compatible with cross-origin isolation](https://html.spec.whatwg.org/multipage/browsers.html#compatible-with-cross-origin-isolation).
pub(crate) fn has_compatible_embedder_policy(response: &Response) -> bool {
    let policy = token(response, "cross-origin-embedder-policy");
    is_potentially_trustworthy(&response.url)
        && matches!(policy, Some("require-corp" | "credentialless"))
}

/// Whether the response's [opener policy](https://html.spec.whatwg.org/multipage/browsers.html#obtain-coop)
/// is "same-origin-plus-COEP": its browsing context group is cross-origin isolated.
pub(crate) fn isolates(response: &Response) -> bool {
    has_compatible_embedder_policy(response)
        && token(response, "cross-origin-opener-policy") == Some("same-origin")
}

impl Contexts {
    /// Whether a document of this origin has
    /// [the cross-origin isolated capability](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability)
    /// because the one that it belongs to has, and the permission policy's default allows it to
    /// documents of the same origin.
    // NOT YET: `allow="cross-origin-isolated"`, and the header of the permission policy.
    pub(crate) fn inherits_isolation(&self, from: Option<ClientId>, origin: &Origin) -> bool {
        from.and_then(|from| self.document(from))
            .is_some_and(|from| {
                self.is_cross_origin_isolated(from.window) && from.origin.same_origin(origin)
            })
    }

    /// Whether the document that a response makes in a navigable has the capability.
    pub(crate) fn isolation_of(
        &self,
        navigable: &Navigable,
        response: Option<&Response>,
        origin: &Origin,
    ) -> bool {
        if let Some(parent) = navigable.parent {
            return self.inherits_isolation(self.active_document(parent), origin);
        }
        match response.filter(|response| !is_local(&response.url)) {
            Some(response) => isolates(response),
            None => self.inherits_isolation(navigable.document, origin),
        }
    }

    /// [Check a navigation response's adherence to its embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#check-a-navigation-response%27s-adherence-to-its-embedder-policy)
    // IMPLEMENTATION-DEFINED: the embedder policy of a page that is not isolated forbids nothing.
    pub(crate) fn check_embedder_policy(
        &self,
        navigable: NavigableId,
        response: Response,
    ) -> Result<Response, LoadError> {
        let parent = self.navigable(navigable).and_then(|held| held.parent);
        let parent = parent.and_then(|parent| self.navigable(parent)?.window);
        let isolated = parent.is_some_and(|parent| self.is_cross_origin_isolated(parent));
        if !isolated || is_local(&response.url) || has_compatible_embedder_policy(&response) {
            return Ok(response);
        }
        Err(LoadError::Refused {
            url: response.url.to_string(),
            reason: "it has no Cross-Origin-Embedder-Policy for a page that is cross-origin isolated",
        })
    }

    /// Whether a window or a worker has
    /// [the cross-origin isolated capability](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability)
    /// by the headers that its document, or the one above it, came with.
    #[must_use]
    pub fn is_cross_origin_isolated(&self, window: GlobalId) -> bool {
        match self.window(window) {
            Some(window) => window.cross_origin_isolated,
            None => self
                .worker(window)
                .is_some_and(|worker| worker.cross_origin_isolated),
        }
    }

    /// Whether a window or a worker is a
    /// [secure context](https://html.spec.whatwg.org/multipage/webappapis.html#secure-context).
    #[must_use]
    pub fn is_secure_context(&self, window: GlobalId) -> bool {
        let Some(window) = self.window(window) else {
            return self
                .worker(window)
                .is_some_and(|worker| worker.secure_context);
        };
        let mut navigable = self.navigable(window.navigable);
        let mut document = window.document;
        while let Some(parent) = navigable.and_then(|navigable| self.navigable(navigable.parent?)) {
            navigable = Some(parent);
            document = parent.document.unwrap_or(document);
        }
        self.document(document)
            .is_some_and(|document| is_potentially_trustworthy(&document.url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(url: &str, opener: &str, embedder: &str) -> Response {
        Response::new(url.parse().unwrap(), "text/html", "")
            .with_header("Cross-Origin-Opener-Policy", opener)
            .with_header("Cross-Origin-Embedder-Policy", embedder)
    }

    #[test]
    fn both_headers_isolate_in_secure_contexts() {
        let isolating = |url, opener, embedder| isolates(&response(url, opener, embedder));
        assert!(isolating("https://a.test/", "same-origin", "require-corp"));
        assert!(isolating(
            "http://localhost:8000/",
            "same-origin; report-to=\"x\"",
            " credentialless "
        ));
        assert!(isolating(
            "http://127.0.0.1/",
            "same-origin",
            "require-corp"
        ));
        assert!(!isolating("http://a.test/", "same-origin", "require-corp"));
        assert!(!isolating("https://a.test/", "same-origin", "unsafe-none"));
        assert!(!isolating("https://a.test/", "Same-Origin", "require-corp"));
        assert!(!isolating(
            "https://a.test/",
            "same-origin-allow-popups",
            "require-corp"
        ));
        assert!(!isolating(
            "https://a.test/",
            "same-origin, same-origin",
            "require-corp"
        ));
    }

    #[test]
    fn two_headers_are_no_item() {
        let twice = response("https://a.test/", "same-origin", "require-corp")
            .with_header("Cross-Origin-Opener-Policy", "same-origin");
        assert!(!isolates(&twice));
    }
}
