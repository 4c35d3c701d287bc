//! The keys and values of storage areas.

use std::fmt;
use std::sync::Arc;

/// A string of 16-bit code units, which may be ill-formed UTF-16. Cloning it is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorageText(Arc<[u16]>);

impl StorageText {
    /// Its code units.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// Its text, unless it is ill-formed.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        String::from_utf16(&self.0).ok()
    }

    /// The number of bytes that it counts towards the quota: two for each code unit.
    pub(crate) fn bytes(&self) -> usize {
        2 * self.0.len()
    }
}

impl From<&[u16]> for StorageText {
    fn from(units: &[u16]) -> Self {
        Self(units.into())
    }
}

impl From<Vec<u16>> for StorageText {
    fn from(units: Vec<u16>) -> Self {
        Self(units.into())
    }
}

impl From<&str> for StorageText {
    fn from(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }
}

impl PartialEq<str> for StorageText {
    fn eq(&self, other: &str) -> bool {
        self.0.iter().copied().eq(other.encode_utf16())
    }
}

impl PartialEq<&str> for StorageText {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

/// Lone surrogates are shown as U+FFFD.
impl fmt::Display for StorageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf16_lossy(&self.0))
    }
}

impl fmt::Debug for StorageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf16_lossy(&self.0))
    }
}
