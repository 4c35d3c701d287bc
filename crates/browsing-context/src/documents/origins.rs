//! The origins of documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::{Host, Url};

use crate::Contexts;
use crate::dom::Node;
use crate::origin::{Origin, SandboxFlags, matches_about_blank, matches_about_srcdoc};

/// The state that distinguishes origins.
#[derive(Debug, Default)]
pub(super) struct OriginNumbers {
    last_opaque: u64,
    pub(super) last_object: u64,
    /// The domains that were set, by the number of the origin object.
    pub(super) domains: BTreeMap<u64, Host<String>>,
}

impl Contexts {
    /// A new opaque origin, which equals no other.
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

    /// The [origin](https://dom.spec.whatwg.org/#concept-document-origin) of a document, even if no navigable shows it.
    /// `None` stands for an opaque origin.
    #[must_use]
    pub fn origin_of_document(&self, document: &Node) -> Option<Origin> {
        match self.document_of_root(document) {
            Some(shown) => Some(self.document(shown)?.origin().clone()),
            None => {
                let origin = self.document_properties(document)?.origin.as_ref()?;
                Some(self.with_current_domain(origin))
            }
        }
    }

    /// A copy of an origin with its present domain.
    fn with_current_domain(&self, origin: &Origin) -> Origin {
        let mut origin = origin.clone();
        if let Origin::Tuple(tuple) = &mut origin
            && let Some(domain) = self.documents.origins.domains.get(&tuple.object)
        {
            Arc::make_mut(tuple).domain = Some(domain.clone());
        }
        origin
    }

    /// Gives an origin a number of its own, which no document shares yet.
    fn as_new_origin(&mut self, mut origin: Origin) -> Origin {
        if let Origin::Tuple(tuple) = &mut origin {
            let origins = &mut self.documents.origins;
            origins.last_object += 1;
            Arc::make_mut(tuple).object = origins.last_object;
        }
        origin
    }

    /// Removes the domain of an origin that no document has any more.
    pub(super) fn forget_the_domain_of(&mut self, origin: &Origin) {
        let Origin::Tuple(tuple) = origin else { return };
        if !self.documents.origins.domains.contains_key(&tuple.object) {
            return;
        }
        let shared = self.documents.documents.values().any(|document| {
            matches!(&document.origin, Origin::Tuple(other) if other.object == tuple.object)
        });
        if !shared {
            self.documents.origins.domains.remove(&tuple.object);
        }
    }
}
