//! Strings as script has them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::structured_clone::{HeapString, Units};

/// A string of code units, which need not be well-formed UTF-16. Cloning it is cheap.
#[derive(Clone)]
pub struct JsString(Repr);

// A string that fits Latin-1 is always stored as Latin-1, so that equal strings have one form.
#[derive(Clone)]
enum Repr {
    Latin1(Rc<[u8]>),
    Utf16(Rc<[u16]>),
}

impl JsString {
    /// The string of these code units.
    #[must_use]
    pub fn from_units(units: Units<'_>) -> Self {
        Self(match units {
            Units::Latin1(bytes) => Repr::Latin1(bytes.into()),
            Units::Utf16(units) if units.iter().all(|&unit| unit < 0x100) => {
                Repr::Latin1(units.iter().map(|&unit| unit as u8).collect())
            }
            Units::Utf16(units) => Repr::Utf16(units.into()),
        })
    }

    /// The code units.
    #[must_use]
    pub fn units(&self) -> Units<'_> {
        match &self.0 {
            Repr::Latin1(bytes) => Units::Latin1(bytes),
            Repr::Utf16(units) => Units::Utf16(units),
        }
    }

    /// As a Rust string; a lone surrogate becomes U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> String {
        self.units().to_string_lossy()
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Latin1(a), Repr::Latin1(b)) => Rc::ptr_eq(a, b),
            (Repr::Utf16(a), Repr::Utf16(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl HeapString for JsString {
    fn units(&self) -> Units<'_> {
        self.units()
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            return Self(Repr::Latin1(text.as_bytes().into()));
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        Self::from_units(Units::Utf16(&units))
    }
}

impl From<String> for JsString {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl PartialEq for JsString {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || match (&self.0, &other.0) {
                (Repr::Latin1(a), Repr::Latin1(b)) => a == b,
                (Repr::Utf16(a), Repr::Utf16(b)) => a == b,
                _ => false,
            }
    }
}

impl Eq for JsString {}

impl PartialEq<str> for JsString {
    fn eq(&self, other: &str) -> bool {
        match &self.0 {
            Repr::Latin1(bytes) if other.is_ascii() => **bytes == *other.as_bytes(),
            _ => self.units().iter().eq(other.encode_utf16()),
        }
    }
}

impl PartialEq<&str> for JsString {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl Hash for JsString {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Latin1(bytes) => bytes.hash(state),
            Repr::Utf16(units) => units.hash(state),
        }
    }
}

impl fmt::Display for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

impl fmt::Debug for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.units().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_form() {
        let wide = JsString::from_units(Units::Utf16(&[0x68, 0xe9]));
        assert_eq!(wide, JsString::from("hé"));
        assert_eq!(wide, "hé");
        assert_ne!(wide, "he");
    }

    #[test]
    fn lone_surrogates_are_kept() {
        let lone = JsString::from_units(Units::Utf16(&[0xd800]));
        assert_eq!(lone.units().len(), 1);
        assert_eq!(lone.to_string_lossy(), "\u{fffd}");
        assert_ne!(lone, JsString::from("\u{fffd}"));
    }
}
