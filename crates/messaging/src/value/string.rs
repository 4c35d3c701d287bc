//! JavaScript strings.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::object::ValuesOut;
use crate::structured_clone::{CloneError, CodeUnits, HeapString};

/// A string of 16-bit code units, which may be ill-formed UTF-16. Cloning it is cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct JsString(Repr);

// Each string uses the first variant that fits, so equal strings use the same variant.
#[derive(Clone, PartialEq, Eq)]
enum Repr {
    // OPTIMIZATION: most strings in messages are short. They need no allocation, or a single one.
    // Unused bytes are 0.
    Short { length: u8, bytes: [u8; SHORT] },
    Medium { length: u8, bytes: Rc<[u8; MEDIUM]> },
    // The lengths are in the heap blocks, which makes every value smaller.
    Latin1(Rc<Box<[u8]>>),
    Utf16(Rc<Box<[u16]>>),
}

/// The largest length for which a string, and a value, has the size of two pointers.
const SHORT: usize = 14;
/// The largest length for which a block has four pointers and its two counts.
const MEDIUM: usize = 48;

impl JsString {
    /// Creates a string from these code units.
    #[must_use]
    #[inline]
    pub fn from_units(units: CodeUnits<'_>) -> Self {
        match units {
            CodeUnits::Latin1(bytes) => Self::from_latin1(bytes),
            CodeUnits::Utf16(units) if units.iter().all(|&unit| unit < 0x100) => {
                let bytes: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
                Self::from_latin1(&bytes)
            }
            CodeUnits::Utf16(units) => Self(Repr::Utf16(Rc::new(units.into()))),
        }
    }

    #[inline]
    fn from_latin1(latin1: &[u8]) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..latin1.len()) {
            Some(short) => {
                short.copy_from_slice(latin1);
                Self(Repr::Short {
                    length: latin1.len() as u8,
                    bytes,
                })
            }
            None => Self::from_longer_latin1(latin1),
        }
    }

    /// Creates a short string of zeros for these units. [`set_bytes`](Self::set_bytes) then
    /// overwrites the zeros.
    #[inline(always)]
    pub(super) fn zeros(units: CodeUnits<'_>) -> Option<(Self, &[u8])> {
        match units {
            CodeUnits::Latin1(latin1) if latin1.len() <= SHORT => {
                let zeros = Self(Repr::Short {
                    length: latin1.len() as u8,
                    bytes: [0; SHORT],
                });
                Some((zeros, latin1))
            }
            _ => None,
        }
    }

    /// Sets the bytes of a short string. `bytes` must have the same length.
    #[inline(always)]
    pub(super) fn set_bytes(&mut self, latin1: &[u8]) {
        if let Repr::Short { bytes, .. } = &mut self.0
            && let Some(bytes) = bytes.get_mut(..latin1.len())
        {
            bytes.copy_from_slice(latin1);
        }
    }

    fn from_longer_latin1(latin1: &[u8]) -> Self {
        let mut bytes = [0; MEDIUM];
        Self(match bytes.get_mut(..latin1.len()) {
            Some(medium) => {
                medium.copy_from_slice(latin1);
                Repr::Medium {
                    length: latin1.len() as u8,
                    bytes: Rc::new(bytes),
                }
            }
            None => Repr::Latin1(Rc::new(latin1.into())),
        })
    }

    /// The code units.
    #[must_use]
    #[inline]
    pub fn units(&self) -> CodeUnits<'_> {
        match &self.0 {
            Repr::Short { length, bytes } => {
                CodeUnits::Latin1(bytes.get(..usize::from(*length)).unwrap_or_default())
            }
            Repr::Medium { length, bytes } => {
                CodeUnits::Latin1(bytes.get(..usize::from(*length)).unwrap_or_default())
            }
            Repr::Latin1(bytes) => CodeUnits::Latin1(bytes),
            Repr::Utf16(units) => CodeUnits::Utf16(units),
        }
    }

    /// Writes the string as a value.
    #[inline]
    pub(super) fn write_to(&self, out: &mut ValuesOut<'_>) -> Result<(), CloneError> {
        match &self.0 {
            Repr::Short { length, bytes } => {
                out.short_latin1(bytes, *length);
                Ok(())
            }
            _ => out.string(self.units()),
        }
    }

    /// Converts to a Rust string. Lone surrogates become U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> String {
        self.units().to_string_lossy()
    }

    /// Whether a cheap comparison shows that the strings are equal.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Latin1(a), Repr::Latin1(b)) => Rc::ptr_eq(a, b),
            (Repr::Utf16(a), Repr::Utf16(b)) => Rc::ptr_eq(a, b),
            (
                Repr::Short { .. } | Repr::Medium { .. },
                Repr::Short { .. } | Repr::Medium { .. },
            ) => self == other,
            _ => false,
        }
    }
}

impl HeapString for JsString {
    fn units(&self) -> CodeUnits<'_> {
        self.units()
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            return Self::from_latin1(text.as_bytes());
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        Self::from_units(CodeUnits::Utf16(&units))
    }
}

impl From<String> for JsString {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl PartialEq<str> for JsString {
    fn eq(&self, other: &str) -> bool {
        match self.units() {
            CodeUnits::Latin1(bytes) if other.is_ascii() => bytes == other.as_bytes(),
            units => units.iter().eq(other.encode_utf16()),
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
        match self.units() {
            CodeUnits::Latin1(bytes) => bytes.hash(state),
            CodeUnits::Utf16(units) => units.hash(state),
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
    fn equal_strings_use_the_same_variant() {
        let wide = JsString::from_units(CodeUnits::Utf16(&[0x68, 0xe9]));
        assert_eq!(wide, JsString::from("hé"));
        assert_eq!(wide, "hé");
        assert_ne!(wide, "he");
    }

    #[test]
    fn strings_of_every_length_keep_their_code_units() {
        for length in [0, 1, SHORT, SHORT + 1, MEDIUM, MEDIUM + 1, 1000] {
            let text = "x".repeat(length + 1);
            let (string, longer) = (JsString::from(&text[1..]), JsString::from(&*text));
            assert_ne!(string, longer);
            assert_eq!(string, JsString::from(&text[1..]));
            assert!(string.is_same(&string.clone()) && !string.is_same(&longer));
            assert_eq!(
                (string.units().len(), longer.units().len()),
                (length, length + 1)
            );
            assert_eq!(string.to_string_lossy(), text[1..]);
        }
        assert_eq!(size_of::<super::super::Value>(), 16);
    }

    #[test]
    fn lone_surrogates_are_kept() {
        let lone = JsString::from_units(CodeUnits::Utf16(&[0xd800]));
        assert_eq!(lone.units().len(), 1);
        assert_eq!(lone.to_string_lossy(), "\u{fffd}");
        assert_ne!(lone, JsString::from("\u{fffd}"));
    }
}
