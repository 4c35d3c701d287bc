//! Relaxing the same-origin restriction
//! ([HTML, `document.domain`](https://html.spec.whatwg.org/multipage/browsers.html#relaxing-the-same-origin-restriction)).
//!
//! The standard's origins are objects that documents share: an `about:blank` document that inherits
//! its creator's origin sees the domain that the creator sets. Here an origin is a value that holds
//! the number of that object, and this module keeps the domain of each number.

use std::sync::Arc;

use framepost_event_loop::ClientId;
use url::Host;

use crate::Contexts;
use crate::dom::DomError;
use crate::origin::{Origin, SandboxFlags, public_suffix};

impl Contexts {
    /// The setter of [`document.domain`](https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain).
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active, is sandboxed or has an opaque origin,
    /// or when the value is not a registrable suffix of its domain.
    pub fn set_document_domain(
        &mut self,
        document: ClientId,
        domain: &str,
    ) -> Result<(), DomError> {
        let refuse = |reason: String| Err(DomError::Security { reason });
        // 1. The document has a browsing context.
        let held = self
            .document(document)
            .filter(|_| self.is_fully_active(document));
        let Some(held) = held else {
            return refuse("the domain of an inactive document cannot be set".to_owned());
        };
        // 2. Its sandbox does not forbid it.
        if held.sandbox().contains(SandboxFlags::DOCUMENT_DOMAIN) {
            return refuse("the domain of a sandboxed document cannot be set".to_owned());
        }
        // 3. and 4. Its origin has an effective domain.
        let (Origin::Tuple(tuple), Some(effective)) =
            (held.origin(), held.origin().effective_domain())
        else {
            return refuse("an opaque origin has no domain".to_owned());
        };
        // 5. The value is a registrable suffix of that domain, or the same.
        let Some(parsed) = is_a_registrable_domain_suffix_of_or_is_equal_to(domain, effective)
        else {
            return refuse(format!("{domain:?} is not a suffix of {effective}"));
        };
        // NOT YET: 6. An agent cluster that is keyed by origin ignores the setter.
        // 7. Set the domain of the origin, for all documents that share it.
        let object = tuple.object;
        self.documents
            .origins
            .domains
            .insert(object, parsed.clone());
        for document in self.documents.documents.values_mut() {
            if let Origin::Tuple(tuple) = &mut document.origin
                && tuple.object == object
            {
                Arc::make_mut(tuple).domain = Some(parsed.clone());
            }
        }
        Ok(())
    }
}

/// [Is a registrable domain suffix of or is equal to](https://html.spec.whatwg.org/multipage/browsers.html#is-a-registrable-domain-suffix-of-or-is-equal-to);
/// returns the parsed host if it is.
fn is_a_registrable_domain_suffix_of_or_is_equal_to(
    suffix: &str,
    original: &Host<String>,
) -> Option<Host<String>> {
    // 1. The empty string is none.
    if suffix.is_empty() {
        return None;
    }
    // 2. and 3. Parse it.
    let suffix = Host::parse(suffix).ok()?;
    // 4. If it is another host:
    if suffix != *original {
        // 4.1. Both have to be domains.
        let (Host::Domain(part), Host::Domain(whole)) = (&suffix, original) else {
            return None;
        };
        // 4.2. The domain ends with a dot and the suffix.
        if !ends_with_label(whole, part) {
            return None;
        }
        // 4.3. It is neither a public suffix nor a part of one.
        let public = public_suffix(whole);
        if public_suffix(part) == *part || ends_with_label(&public, part) {
            return None;
        }
    }
    // 5. Return it.
    Some(suffix)
}

/// Whether a domain ends with a dot and this domain.
fn ends_with_label(whole: &str, part: &str) -> bool {
    let before = whole.strip_suffix(part);
    before.is_some_and(|before| before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrable_suffixes_may_be_set() {
        // The table of the standard, and a suffix of two labels.
        for (suffix, original, expected) in [
            ("0.0.0.0", "0.0.0.0", true),
            ("0x10203", "0.1.2.3", true),
            ("[0::1]", "[::1]", true),
            ("example.com", "example.com", true),
            ("example.com", "example.com.", false),
            ("example.com.", "example.com", false),
            ("example.com", "www.example.com", true),
            ("ample.com", "www.example.com", false),
            (".example.com", "www.example.com", false),
            ("www.example.com", "example.com", false),
            ("com", "example.com", false),
            ("com.", "example.com.", false),
            (
                "compute.amazonaws.com",
                "example.compute.amazonaws.com",
                false,
            ),
            ("amazonaws.com", "www.example.compute.amazonaws.com", false),
            ("amazonaws.com", "test.amazonaws.com", true),
            ("co.uk", "example.co.uk", false),
            ("example.co.uk", "www.example.co.uk", true),
            ("github.io", "a.github.io", false),
            ("test", "test", true),
            ("", "example.com", false),
            ("2.3", "1.2.3", false),
            ("3.4", "1.2.3.4", false),
        ] {
            let original = Host::parse(original).unwrap();
            let found = is_a_registrable_domain_suffix_of_or_is_equal_to(suffix, &original);
            assert_eq!(found.is_some(), expected, "{suffix} of {original}");
        }
    }
}
