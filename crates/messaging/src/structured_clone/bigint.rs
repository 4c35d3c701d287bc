//! Big integers in messages: a sign and the bytes of the magnitude.

use std::fmt;

/// The sign of a [`BigInt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Zero or above.
    Plus,
    /// Below zero.
    Minus,
}

/// An integer of any size.
///
/// It carries a script's BigInt between heaps and has no arithmetic. Convert it by its sign and its
/// [`magnitude`](Self::magnitude).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInt {
    // The sign (1 below zero, 0 otherwise), then the magnitude, little-endian and without zeros at
    // its end. So equal numbers have equal bytes. A single pointer keeps every `Value` small.
    bytes: Box<Box<[u8]>>,
}

impl BigInt {
    /// The integer with this sign and magnitude (little-endian bytes). There is no negative zero.
    #[must_use]
    pub fn new(sign: Sign, magnitude: &[u8]) -> Self {
        let zeros = magnitude.iter().rev().take_while(|&&byte| byte == 0);
        let length = magnitude.len() - zeros.count();
        let sign = u8::from(sign == Sign::Minus && length > 0);
        let magnitude = magnitude.iter().take(length).copied();
        Self {
            bytes: Box::new(std::iter::once(sign).chain(magnitude).collect()),
        }
    }

    /// Whether the integer is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.bytes.first() == Some(&1)
    }

    /// The bytes of the magnitude, least significant first, without leading zeros.
    #[must_use]
    pub fn magnitude(&self) -> &[u8] {
        self.bytes.get(1..).unwrap_or_default()
    }

    /// The integer as an `i128`, if it fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        let mut bytes = [0; 16];
        bytes
            .get_mut(..self.magnitude().len())?
            .copy_from_slice(self.magnitude());
        let magnitude = u128::from_le_bytes(bytes);
        if self.is_negative() {
            0_i128.checked_sub_unsigned(magnitude)
        } else {
            i128::try_from(magnitude).ok()
        }
    }
}

impl Default for BigInt {
    fn default() -> Self {
        Self::new(Sign::Plus, &[])
    }
}

macro_rules! from_integer {
    ($($signed:ty, $unsigned:ty);+) => {$(
        impl From<$signed> for BigInt {
            fn from(value: $signed) -> Self {
                Self::new(if value < 0 { Sign::Minus } else { Sign::Plus }, &value.unsigned_abs().to_le_bytes())
            }
        }
        impl From<$unsigned> for BigInt {
            fn from(value: $unsigned) -> Self {
                Self::new(Sign::Plus, &value.to_le_bytes())
            }
        }
    )+};
}
from_integer!(i32, u32; i64, u64; i128, u128);

impl fmt::Display for BigInt {
    /// Decimal up to 128 bits, hexadecimal above.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(value) = self.to_i128() {
            return write!(f, "{value}");
        }
        f.write_str(if self.is_negative() { "-0x" } else { "0x" })?;
        let mut bytes = self.magnitude().iter().rev();
        if let Some(first) = bytes.next() {
            write!(f, "{first:x}")?;
        }
        bytes.try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_zero_is_zero() {
        assert_eq!(BigInt::new(Sign::Minus, &[0, 0]), BigInt::from(0_i32));
        assert!(!BigInt::new(Sign::Minus, &[0]).is_negative());
    }

    #[test]
    fn extreme_integers_round_trip() {
        for value in [0, 1, -1, i128::MAX, i128::MIN, 1 << 64] {
            assert_eq!(BigInt::from(value).to_i128(), Some(value));
        }
        assert_eq!(BigInt::from(u128::MAX).to_i128(), None);
        assert_eq!(BigInt::new(Sign::Minus, &[0xff; 17]).to_i128(), None);
    }

    #[test]
    fn debug_is_readable() {
        assert_eq!(format!("{:?}", BigInt::from(-42_i64)), "-42n");
        let mut magnitude = [0; 17];
        magnitude[16] = 1;
        assert_eq!(
            format!("{:?}", BigInt::new(Sign::Plus, &magnitude)),
            format!("0x1{}n", "00".repeat(16))
        );
    }
}
