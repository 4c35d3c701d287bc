//! The origins of documents.

use std::collections::BTreeMap;

use url::{Host, Url};

use super::Document;
use crate::Contexts;
use crate::origin::{Origin, SandboxFlags, matches_about_blank, matches_about_srcdoc};

/// What tells origins apart.
#[derive(Debug, Default)]
pub(super) struct OriginNumbers {
    last_opaque: u64,
    pub(super) last_object: u64,
    /// The domains that were set, by the number of the origin object.
    pub(super) domains: BTreeMap<u64, Host<String>>,
}

impl Contexts {
    /// A new opaque origin, which is the same as no other.
    #[must_use]
    pub fn new_opaque_origin(&mut self) -> Origin {
        let origins = &mut self.documents.origins;
        origins.last_opaque += 1;
        Origin::opaque(origins.last_opaque)
    }

    /// [Determine the origin](https://html.spec.whatwg.org/multipage/document-sequences.html#determining-the-origin)
    /// of a document.
    pub(crate) fn determine_the_origin(
        &mut self,
        url: &Url,
        sandbox: SandboxFlags,
        source: Option<&Origin>,
    ) -> Origin {
        // 1. A sandboxed document has an opaque origin.
        if sandbox.contains(SandboxFlags::ORIGIN) {
            return self.new_opaque_origin();
        }
        // 3. and 4. about:srcdoc and about:blank inherit the source's origin.
        let inherits = matches_about_srcdoc(url) || matches_about_blank(url);
        if let Some(source) = source.filter(|_| inherits) {
            return self.with_current_domain(source);
        }
        // 2. and 5. Every other document has its URL's origin.
        match Origin::of_url(url) {
            Some(origin) => self.as_new_origin(origin),
            None => self.new_opaque_origin(),
        }
    }

    /// The URL that the referrers of a document's requests are made of: for `about:srcdoc` that of its
    /// container
    /// ([determine request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer)).
    pub(crate) fn referrer_source<'a>(&'a self, document: &'a Document) -> Option<&'a Url> {
        let mut document = document;
        while matches_about_srcdoc(document.url()) {
            let container = self.container(document.navigable())?;
            document = self.document(self.connected_document(container)?)?;
        }
        Some(document.url())
    }
}
