//! Storage keys ([Storage, storage keys](https://storage.spec.whatwg.org/#storage-keys)).

use core::fmt;

use thiserror::Error;
use url::Url;

use super::site::Identity;
use super::{Origin, Site};

/// A [storage key](https://storage.spec.whatwg.org/#storage-key): which globals share storage, locks, broadcast
/// channels and shared workers.
///
/// The standard's key is an origin. Like browsers, this one also has the site of the top-level document: a frame
/// shares nothing with a frame of its origin below another site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorageKey {
    origin: Identity,
    top_level_site: Site,
    /// Whether a document between the global and the top-level document, or that document, is of another site.
    has_cross_site_ancestor: bool,
}

/// Why a text is no part of a storage key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{0:?} is not an origin: expected a scheme, a host and perhaps a port, as in \"http://localhost\""
)]
pub struct InvalidStorageKey(pub String);

impl StorageKey {
    /// The key of a top-level document of this origin.
    #[must_use]
    pub fn of_origin(origin: &Origin) -> Self {
        Self::new(origin, Site::of(origin), false)
    }

    pub(crate) fn new(
        origin: &Origin,
        top_level_site: Site,
        has_cross_site_ancestor: bool,
    ) -> Self {
        let origin = match origin {
            Origin::Opaque(opaque) => Identity::Opaque(*opaque),
            Origin::Tuple(_) => Identity::Tuple(origin.to_string().into()),
        };
        Self {
            origin,
            top_level_site,
            has_cross_site_ancestor,
        }
    }

    /// The same key with another origin.
    pub(crate) fn with_origin(&self, origin: &Origin) -> Self {
        Self::new(
            origin,
            self.top_level_site.clone(),
            self.has_cross_site_ancestor,
        )
    }

    /// The key of a top-level document with this serialized origin.
    ///
    /// # Errors
    /// The text is not the serialization of an origin.
    pub fn from_origin(origin: &str) -> Result<Self, InvalidStorageKey> {
        let origin = parse_origin(origin)?;
        Ok(Self::new(&origin, Site::of(&origin), false))
    }

    /// The key of a frame with this serialized origin, below a document of another site. The top-level site is
    /// the serialization of an origin of this site.
    ///
    /// # Errors
    /// One of the texts is not the serialization of an origin.
    pub fn from_origin_below(
        origin: &str,
        top_level_site: &str,
    ) -> Result<Self, InvalidStorageKey> {
        let (origin, top_level_site) = (parse_origin(origin)?, parse_origin(top_level_site)?);
        Ok(Self::new(&origin, Site::of(&top_level_site), true))
    }

    /// The serialized origin.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.to_string()
    }

    /// The site of the top-level document.
    #[must_use]
    pub fn top_level_site(&self) -> &Site {
        &self.top_level_site
    }

    /// Whether a document around the global is of another site.
    #[must_use]
    pub fn has_cross_site_ancestor(&self) -> bool {
        self.has_cross_site_ancestor
    }

    /// Whether the origin is opaque: such a global has no storage.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        matches!(self.origin, Identity::Opaque(_))
    }
}

fn parse_origin(text: &str) -> Result<Origin, InvalidStorageKey> {
    let url = Url::parse(text).ok();
    let origin = url.as_ref().and_then(Origin::of_url);
    let origin = origin.filter(|origin| origin.to_string() == text);
    origin.ok_or_else(|| InvalidStorageKey(text.to_owned()))
}

/// The origin, and the top-level site if the key is that of a frame below another site.
impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin)?;
        match self.has_cross_site_ancestor {
            true => write!(f, " below {}", self.top_level_site),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_of_the_serializations_of_origins() {
        let origin = Origin::of_url(&Url::parse("http://a.test:81/").unwrap()).unwrap();
        let key = StorageKey::of_origin(&origin);
        let parsed = StorageKey::from_origin("http://a.test:81");
        assert_eq!(parsed, Ok(key.clone()));
        let below = StorageKey::from_origin_below("http://a.test:81", "http://b.test").unwrap();
        assert!(below.has_cross_site_ancestor() && below != key);
        assert_eq!(below.to_string(), "http://a.test:81 below http://b.test");
        for wrong in ["http://a.test/", "a.test", "null", "data:x", ""] {
            let refused = StorageKey::from_origin(wrong);
            assert_eq!(refused, Err(InvalidStorageKey(wrong.to_owned())));
        }
    }
}
