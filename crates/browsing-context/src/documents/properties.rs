//! The properties of a [document](https://dom.spec.whatwg.org/#concept-document) that do not depend on a browsing
//! context.

use html5ever::interface::QuirksMode;
use url::Url;

use crate::origin::Origin;

/// The [type](https://dom.spec.whatwg.org/#concept-document-type) of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// An [HTML document](https://dom.spec.whatwg.org/#html-document).
    Html,
    /// An [XML document](https://dom.spec.whatwg.org/#xml-document).
    Xml,
}

/// The URL, the type and the encoding of a document.
#[derive(Clone, Debug)]
pub struct DocumentProperties {
    pub(crate) url: Url,
    pub(crate) kind: DocumentKind,
    pub(crate) content_type: String,
    pub(crate) encoding: &'static str,
    pub(crate) quirks_mode: QuirksMode,
    /// The origin of a document that no navigable shows.
    pub(crate) origin: Option<Origin>,
}

impl DocumentProperties {
    /// The properties of a document in UTF-8 without quirks.
    #[must_use]
    pub fn new(url: Url, kind: DocumentKind, content_type: impl Into<String>) -> Self {
        Self {
            url,
            kind,
            content_type: content_type.into(),
            encoding: "UTF-8",
            quirks_mode: QuirksMode::NoQuirks,
            origin: None,
        }
    }

    /// The same, with the origin of a document that no navigable shows.
    #[must_use]
    pub fn with_origin(mut self, origin: Option<Origin>) -> Self {
        self.origin = origin;
        self
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Whether it is an [HTML document](https://dom.spec.whatwg.org/#html-document).
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.kind == DocumentKind::Html
    }

    /// Its MIME type without parameters.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The name of its character encoding.
    #[must_use]
    pub fn character_encoding(&self) -> &'static str {
        self.encoding
    }

    /// Its quirks mode.
    #[must_use]
    pub fn quirks_mode(&self) -> QuirksMode {
        self.quirks_mode
    }
}
