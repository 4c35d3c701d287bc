//! Strings as code units.

use std::fmt;

/// The code units of a script engine's string: UTF-16, with lone surrogates allowed.
///
/// Engines store strings in these two forms. A string that fits Latin-1 may come in either.
#[derive(Clone, Copy)]
pub enum CodeUnits<'a> {
    /// Each byte is one code unit, U+0000 to U+00FF.
    Latin1(&'a [u8]),
    /// UTF-16 code units. Surrogates need not be paired.
    Utf16(&'a [u16]),
}

impl CodeUnits<'_> {
    /// The number of code units.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Latin1(bytes) => bytes.len(),
            Self::Utf16(units) => units.len(),
        }
    }

    /// Whether there is no code unit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Iterates over the code units.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        let (bytes, units) = match self {
            Self::Latin1(bytes) => (*bytes, &[][..]),
            Self::Utf16(units) => (&[][..], *units),
        };
        bytes
            .iter()
            .map(|&byte| u16::from(byte))
            .chain(units.iter().copied())
    }

    /// Whether these are the code units of `text`, which must be ASCII.
    #[must_use]
    pub fn is_ascii_text(&self, text: &str) -> bool {
        debug_assert!(text.is_ascii());
        self.len() == text.len() && self.iter().eq(text.bytes().map(u16::from))
    }

    /// Converts to a Rust string. A lone surrogate becomes U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> String {
        match self {
            Self::Latin1(bytes) => bytes.iter().map(|&byte| char::from(byte)).collect(),
            Self::Utf16(units) => String::from_utf16_lossy(units),
        }
    }

    /// The array index (0 to 2³² − 2) whose canonical form this is.
    #[must_use]
    pub fn array_index(&self) -> Option<u32> {
        if self.is_empty() || self.len() > 10 {
            return None;
        }
        let mut index: u32 = 0;
        for (position, unit) in self.iter().enumerate() {
            let digit = u32::from(unit).checked_sub(u32::from(b'0'))?;
            if digit > 9 || (digit == 0 && position == 0 && self.len() > 1) {
                return None;
            }
            index = index.checked_mul(10)?.checked_add(digit)?;
        }
        (index != u32::MAX).then_some(index)
    }
}

impl PartialEq for CodeUnits<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Latin1(a), Self::Latin1(b)) => a == b,
            (Self::Utf16(a), Self::Utf16(b)) => a == b,
            _ => self.len() == other.len() && self.iter().eq(other.iter()),
        }
    }
}

impl Eq for CodeUnits<'_> {}

impl fmt::Debug for CodeUnits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let units = char::decode_utf16(self.iter());
        for unit in units {
            match unit {
                Ok(character) => write!(f, "{}", character.escape_debug())?,
                Err(error) => write!(f, "\\u{:04x}", error.unpaired_surrogate())?,
            }
        }
        f.write_str("\"")
    }
}

/// The string type of a [`Heap`](super::Heap).
pub trait HeapString: Clone {
    /// The code units.
    fn units(&self) -> CodeUnits<'_>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_index_is_only_the_canonical_form() {
        let index = |text: &str| CodeUnits::Latin1(text.as_bytes()).array_index();
        assert_eq!(index("0"), Some(0));
        assert_eq!(index("4294967294"), Some(u32::MAX - 1));
        for text in [
            "",
            "-1",
            "01",
            "00",
            "4294967295",
            "4294967296",
            "99999999999",
            "1.5",
            " 1",
        ] {
            assert_eq!(index(text), None, "{text:?}");
        }
    }

    #[test]
    fn both_forms_of_one_string_are_equal() {
        assert_eq!(CodeUnits::Latin1(b"ab"), CodeUnits::Utf16(&[97, 98]));
        assert_ne!(CodeUnits::Latin1(b"ab"), CodeUnits::Utf16(&[97]));
        assert_ne!(CodeUnits::Latin1(b"ab"), CodeUnits::Utf16(&[97, 0x3b1]));
    }

    #[test]
    fn debug_shows_lone_surrogates() {
        assert_eq!(
            format!("{:?}", CodeUnits::Utf16(&[97, 0xd800, 0xd83d, 0xde00])),
            "\"a\\ud800😀\""
        );
    }
}
