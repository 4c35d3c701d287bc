//! [Document base URLs](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-urls).

use framepost_event_loop::ClientId;
use url::Url;

use crate::Contexts;
use crate::dom::{self, DomError, Node};

impl Contexts {
    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url).
    #[must_use]
    pub fn base_url(&self, document: ClientId) -> Option<Url> {
        let held = self.document(document)?;
        let fallback = held.fallback_base_url();
        // 1. Without a base element it is the fallback base URL.
        if !held.may_have_base() {
            return Some(fallback.clone());
        }
        // 2. Otherwise it is the frozen base URL of the first base element with an href.
        Some(frozen_base_url(held.node(), fallback))
    }

    /// The document base URL of the node document of a node, even if no navigable shows it.
    #[must_use]
    pub fn base_url_of(&self, node: &Node) -> Option<Url> {
        let document = self.node_document(node)?;
        match self.document_of_root(&document) {
            Some(shown) => self.base_url(shown),
            None => {
                let fallback = self.document_properties(&document)?.url();
                Some(frozen_base_url(&document, fallback))
            }
        }
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to the node document of a node.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    pub fn parse_url_of(&self, node: &Node, url: &str) -> Result<Url, DomError> {
        parse_relative(url, self.base_url_of(node))
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a document.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    // NOT YET: queries in the document's encoding; they are always UTF-8.
    pub fn parse_url(&self, document: ClientId, url: &str) -> Result<Url, DomError> {
        parse_relative(url, self.base_url(document))
    }
}

/// The [frozen base URL](https://html.spec.whatwg.org/multipage/semantics.html#frozen-base-url) of the
/// first `base` element with an `href`; without one the fallback base URL.
fn frozen_base_url(document: &Node, fallback: &Url) -> Url {
    let base = dom::descendants(document)
        .filter(|node| dom::is_html_element(node, "base"))
        .find_map(|node| dom::attribute(&node, "href"));
    let parsed = base.and_then(|href| fallback.join(&href).ok());
    match parsed {
        Some(url) if !matches!(url.scheme(), "data" | "javascript") => url,
        // A frozen base URL may not have these schemes.
        _ => fallback.clone(),
    }
}

/// Parses a URL relative to a base URL, if there is one.
pub(crate) fn parse_relative(url: &str, base: Option<Url>) -> Result<Url, DomError> {
    let syntax_error = || DomError::Syntax {
        input: url.to_owned(),
        expected: "a URL",
    };
    let base = base.ok_or_else(syntax_error)?;
    let options = Url::options();
    let options = options.base_url(Some(&base));
    options.parse(url).map_err(|_| syntax_error())
}
