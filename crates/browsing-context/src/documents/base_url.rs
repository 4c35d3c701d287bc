//! [Document base URLs](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-urls).

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding, UTF_8};
use framepost_event_loop::ClientId;
use url::Url;

use super::{Document, DocumentProperties};
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
        let document = self.node_document(node);
        let properties = document.and_then(|document| self.document_properties(&document));
        let encoding = properties.map(DocumentProperties::character_encoding);
        encoding_parse(url, self.base_url_of(node), encoding.unwrap_or("UTF-8"))
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a document.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    pub fn parse_url(&self, document: ClientId, url: &str) -> Result<Url, DomError> {
        let encoding = self.document(document).map(Document::character_encoding);
        encoding_parse(url, self.base_url(document), encoding.unwrap_or("UTF-8"))
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

/// [Parses](https://url.spec.whatwg.org/#concept-url-parser) a URL relative to a base URL. Its query is in
/// the encoding of a document.
fn encoding_parse(url: &str, base: Option<Url>, encoding: &str) -> Result<Url, DomError> {
    let encoding = Encoding::for_label(encoding.as_bytes()).map(Encoding::output_encoding);
    let Some(encoding) = encoding.filter(|encoding| *encoding != UTF_8) else {
        return parse_relative(url, base);
    };
    let parsed = Url::options()
        .base_url(base.as_ref())
        .encoding_override(Some(&|query| {
            Cow::Owned(percent_encode_after_encoding(query, encoding))
        }))
        .parse(url);
    parsed.map_err(|_| DomError::Syntax {
        input: url.to_owned(),
        expected: "a URL",
    })
}

/// The part of [percent-encode after encoding](https://url.spec.whatwg.org/#string-percent-encode-after-encoding)
/// that the URL parser leaves to its caller: characters that the encoding lacks are references.
fn percent_encode_after_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len());
    let mut encoder = encoding.new_encoder();
    let mut rest = text;
    loop {
        let room = encoder.max_buffer_length_from_utf8_without_replacement(rest.len());
        let mut buffer = vec![0; room.unwrap_or(rest.len() * 8) + 16];
        let (result, read, written) =
            encoder.encode_from_utf8_without_replacement(rest, &mut buffer, true);
        encoded.extend_from_slice(&buffer[..written]);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            EncoderResult::Unmappable(char) => {
                encoded.extend_from_slice(format!("%26%23{}%3B", u32::from(char)).as_bytes());
            }
            EncoderResult::OutputFull => {}
            EncoderResult::InputEmpty => return encoded,
        }
    }
}
